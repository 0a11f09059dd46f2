// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.bench.Bench;
import dev.trishake.wire.tcp.TcpFlags;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What does it cost to close a connection, ring to ring, the peers' segments included; and to close it after opening
 * it? Whoever closes first has TIME-WAIT. Ours lasts as long as two batches here, so that its end is in the figure.
 */
public class TcpCloseBenchmark extends Bench
{
    private static final long STEP_NS = 1 << 21; // two ticks of the core's timers

    @Param({"peer", "engine"})
    private String first;

    private final long[] handles = new long[Wire.BATCH];
    private final int[] isns = new int[Wire.BATCH];
    private final int[] tsVals = new int[Wire.BATCH];
    private Wire wire;
    private boolean peerFirst;
    private int next;

    @Setup
    public void setup()
    {
        wire = new Wire(Wire.config().timeWaitNs(STEP_NS));
        peerFirst = first.equals("peer");
    }

    /** What {@link #close} closes; not timed there. */
    @Setup(Level.Invocation)
    public void open()
    {
        next = (next + Wire.BATCH) & (Wire.PEERS - 1);
        wire.nowNs += STEP_NS;
        wire.synAll(next);
        wire.exchange();
        System.arraycopy(wire.seqs, 0, isns, 0, Wire.BATCH);
        System.arraycopy(wire.tsVals, 0, tsVals, 0, Wire.BATCH);
        wire.ackAll(next);
        wire.exchange();
        for (int i = 0; i < Wire.BATCH; i++)
        {
            handles[i] = wire.core.accept(wire.listener);
        }
    }

    @Benchmark
    @OperationsPerInvocation(Wire.BATCH)
    public int close()
    {
        if (peerFirst)
        {
            segments(TcpFlags.FIN | TcpFlags.ACK, 1, 1);
            closeAll();
            segments(TcpFlags.ACK, 2, 2);
        }
        else
        {
            closeAll();
            segments(TcpFlags.FIN | TcpFlags.ACK, 1, 2);
        }
        wire.core.onTimers(wire.nowNs, 2 * Wire.BATCH, wire.outbox);
        if (wire.core.connections() != 0 || wire.core.timeWaits() > 3 * Wire.BATCH)
        {
            throw new IllegalStateException("not closed: " + wire.core.counters());
        }
        return wire.seqs[0];
    }

    private void closeAll()
    {
        for (final long handle : handles)
        {
            wire.core.close(handle, wire.nowNs, wire.outbox);
        }
        wire.exchange();
    }

    private void segments(final int flags, final int behind, final int acknowledged)
    {
        for (int i = 0; i < Wire.BATCH; i++)
        {
            wire.segment(next + i, flags, behind, isns[i] + acknowledged, tsVals[i]);
        }
        wire.exchange();
    }
}
