// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.bench.Bench;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Does a handshake cost more when many connections are open? The same as TcpPassiveOpenBenchmark, beside idle ones. */
public class TcpConnectionsBenchmark extends Bench
{
    @Param({"1000", "10000", "100000", "1000000"})
    private int connections;

    private Wire wire;
    private int port;

    @Setup
    public void setup()
    {
        wire = new Wire(Wire.config().timestamps(false).connections(connections + 64));
        for (int i = 0; i < connections; i++)
        {
            wire.nowNs += 1000;
            if (wire.open(0x0b000000 + (i >>> 14), 1024 + (i & 0x3fff), i) == 0)
            {
                throw new IllegalStateException("not open: " + wire.core.counters());
            }
        }
    }

    @Benchmark
    public long open()
    {
        port = 1024 + ((port + 1) & 0x3fff);
        wire.nowNs += 1000;
        final long handle = wire.open(0x0a090001, port, port << 8);
        wire.core.abort(handle, wire.nowNs, wire.outbox);
        wire.exchange();
        return handle;
    }
}
