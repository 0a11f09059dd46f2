// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.bench.Bench;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Does a handshake cost more when many connections are open? The same as TcpPassiveOpenBenchmark in its mode queue,
 * beside connections of other peers. They are not idle while it is measured: between the invocations as many of them
 * are aborted as were opened, those that are open longest, so that each handshake takes memory that was not touched
 * since that many handshakes ago, and finds caches as cold as a server with so many connections does.
 */
public class TcpConnectionsBenchmark extends Bench
{
    private static final int PORTS = 1 << 14;

    @Param({"1000", "10000", "100000", "1000000"})
    private int connections;

    private Wire wire;
    private long[] handles;
    private final long[] opened = new long[Wire.BATCH];
    private int oldest;
    private int peer;

    @Setup
    public void setup()
    {
        wire = new Wire(Wire.config().connections(connections + Wire.BATCH));
        handles = new long[connections / Wire.BATCH * Wire.BATCH];
        while (oldest < handles.length)
        {
            makePeers();
            open();
            System.arraycopy(opened, 0, handles, oldest, Wire.BATCH);
            oldest += Wire.BATCH;
        }
        oldest = 0;
        makePeers();
    }

    @Benchmark
    @OperationsPerInvocation(Wire.BATCH)
    public long open()
    {
        wire.nowNs += 1000 * Wire.BATCH;
        wire.open(0, opened);
        return opened[Wire.BATCH - 1];
    }

    /** The longest open ones make room, and peers that were never there before come next. */
    @TearDown(Level.Invocation)
    public void replace()
    {
        for (int i = 0; i < Wire.BATCH; i++)
        {
            if (opened[i] == 0 || wire.core.abort(handles[oldest + i], wire.nowNs, wire.outbox) != 0)
            {
                throw new IllegalStateException("not open: " + wire.core.counters());
            }
            handles[oldest + i] = opened[i];
        }
        oldest = (oldest + Wire.BATCH) % handles.length;
        wire.dropAnswers();
        makePeers();
    }

    private void makePeers()
    {
        for (int i = 0; i < Wire.BATCH; i++, peer++)
        {
            wire.peer(i, 0x0b000000 + (peer / PORTS & 0xffff), 1024 + peer % PORTS, peer);
        }
    }
}
