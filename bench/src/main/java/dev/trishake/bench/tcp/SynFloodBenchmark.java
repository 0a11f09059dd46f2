// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.bench.Bench;
import dev.trishake.core.Outcome;
import dev.trishake.tcp.SynCookieMode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/**
 * What does one spoofed SYN cost that is answered with a cookie? The SYNs are made beforehand: 4,096 sources, with
 * timestamps, as Linux sends them; checksums are verified and made.
 */
public class SynFloodBenchmark extends Bench
{
    private Wire wire;
    private int next;

    @Setup
    public void setup()
    {
        wire = new Wire(Wire.config().synCookies(SynCookieMode.ALWAYS));
    }

    /** From memory to the ring that the link reads; nobody reads it, what it holds is dropped in one piece. */
    @Benchmark
    public int synWithoutHop()
    {
        next = (next + 1) & (Wire.PEERS - 1);
        wire.nowNs += 100;
        final int outcome = wire.core.onPacket(
            wire.syns, wire.synOffset(next), Wire.SYN_LENGTH, wire.nowNs, wire.outbox);
        if (next % Wire.BATCH == 0)
        {
            wire.dropAnswers();
        }
        if (outcome != Outcome.DONE)
        {
            throw new IllegalStateException("the ring is full");
        }
        return outcome;
    }

    /** From a ring to a ring, 64 at a time: the SYNs are copied into the one, the answers read from the other. */
    @Benchmark
    @OperationsPerInvocation(Wire.BATCH)
    public int synRingToRing()
    {
        begin();
        wire.synAll(next);
        wire.exchange();
        return check();
    }

    /** What {@link #synRingToRing} costs without a core: two hops, and the flood's own hand. */
    @Benchmark
    @OperationsPerInvocation(Wire.BATCH)
    public int ringsAlone()
    {
        begin();
        wire.synAll(next);
        wire.exchangeWithStub();
        return check();
    }

    private void begin()
    {
        next = (next + Wire.BATCH) & (Wire.PEERS - 1);
        wire.nowNs += 100 * Wire.BATCH;
    }

    private int check()
    {
        if (wire.answers != Wire.BATCH)
        {
            throw new IllegalStateException("answers: " + wire.answers);
        }
        return wire.seqs[0];
    }
}
