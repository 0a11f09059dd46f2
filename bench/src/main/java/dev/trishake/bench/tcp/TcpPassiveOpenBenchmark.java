// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.bench.Bench;
import dev.trishake.tcp.SynCookieMode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What does it cost to open a connection as server, ring to ring: SYN in, SYN-ACK out, ACK in, accept? Checksums are
 * verified and made. What it costs to have a peer, who writes two segments and reads one, is in {@link #peer}, and in
 * the other figure too; so is an abort, which makes room for the next.
 */
public class TcpPassiveOpenBenchmark extends Bench
{
    @Param({"queue", "cookie"})
    private String mode;

    private Wire wire;
    private int port;
    private int sum;

    @Setup
    public void setup()
    {
        // a SYN without timestamps' ACK has none: they are off, so that both modes do the same
        wire = new Wire(Wire.config().timestamps(false).synCookies(
            mode.equals("cookie") ? SynCookieMode.ALWAYS : SynCookieMode.ON_OVERFLOW));
    }

    @Benchmark
    public long open()
    {
        port = 1024 + ((port + 1) & 0x3fff);
        wire.nowNs += 1000;
        final long handle = wire.open(0x0a090001, port, port << 8);
        if (handle == 0)
        {
            throw new IllegalStateException("not open: " + wire.core.counters());
        }
        wire.core.abort(handle, wire.nowNs, wire.outbox);
        wire.exchange();
        return handle;
    }

    @Benchmark
    public int peer()
    {
        port = 1024 + ((port + 1) & 0x3fff);
        wire.put(0x0a090001, port, 0, port << 8, 0);
        wire.put(0x0a090001, port, 0, port << 8, 0);
        while (wire.ingress.size() > 0)
        {
            wire.ingress.read((type, buffer, index, length) -> sum += length);
        }
        return sum;
    }
}
