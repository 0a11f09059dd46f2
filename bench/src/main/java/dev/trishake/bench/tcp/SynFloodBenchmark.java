// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.bench.Bench;
import dev.trishake.tcp.SynCookieMode;
import dev.trishake.wire.tcp.TcpFlags;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

import java.nio.ByteBuffer;

/**
 * What does one spoofed SYN cost that is answered with a cookie? The SYNs are made beforehand: 4,096 sources, and
 * timestamps as Linux sends them.
 */
public class SynFloodBenchmark extends Bench
{
    private static final int SOURCES = 4096;
    private static final int STRIDE = 64;

    private final UnsafeBuffer syns = new UnsafeBuffer(ByteBuffer.allocateDirect(SOURCES * STRIDE));
    private Wire wire;
    private int next;

    @Setup
    public void setup()
    {
        wire = new Wire(Wire.config().synCookies(SynCookieMode.ALWAYS));
        for (int i = 0; i < SOURCES; i++)
        {
            wire.encode(syns, i * STRIDE, 0x0b000000 + i * 7919, 1024 + i, TcpFlags.SYN, i * 0x9e3779b9, 0);
        }
    }

    /** No hop on the way in; the answer is written to the ring that the link reads, and dropped in one piece. */
    @Benchmark
    public int synWithoutHop()
    {
        next = (next + 1) & (SOURCES - 1);
        wire.nowNs += 100;
        final int outcome = wire.core.onPacket(syns, next * STRIDE, Wire.SYN_LENGTH, wire.nowNs, wire.outbox);
        if (wire.egress.size() > 1 << 15)
        {
            wire.exchange();
        }
        return outcome;
    }

    @Benchmark
    public int synRingToRing()
    {
        next = (next + 1) & (SOURCES - 1);
        wire.nowNs += 100;
        wire.ingress.write(1, syns, next * STRIDE, Wire.SYN_LENGTH);
        wire.exchange();
        return wire.lastSeq;
    }
}
