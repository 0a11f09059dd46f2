// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.bench.Bench;
import dev.trishake.tcp.SynCookieMode;
import dev.trishake.tcp.TcpConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it cost to open a connection as server, ring to ring: SYN in, SYN-ACK out, ACK in, accept? Timestamps as
 * with Linux's peers; checksums are verified and made; 64 peers at a time, as an agent's cycle has them.
 *
 * <p>In the figure of {@link #open} are three hops, which {@link #rings} has too, with nobody between the rings: SYN
 * and ACK are copied into the one, the SYN-ACK is read from the other. Not in it: how the peers make their segments
 * (beforehand: what the core will answer they know from another one with the same secret), and how connections end,
 * which is TcpCloseBenchmark's question (those that {@code open} leaves are aborted between the invocations).
 */
public class TcpPassiveOpenBenchmark extends Bench
{
    @Param({"queue", "cookie"})
    private String mode;

    private final long[] handles = new long[Wire.BATCH];
    private Wire wire;
    private Wire oracle;
    private int next;

    @Setup
    public void setup()
    {
        wire = new Wire(config());
        oracle = new Wire(config());
    }

    private TcpConfig config()
    {
        return Wire.config().synCookies(
            mode.equals("cookie") ? SynCookieMode.ALWAYS : SynCookieMode.ON_OVERFLOW);
    }

    /** The next 64 peers, and the ACKs that they are going to send. */
    @Setup(Level.Invocation)
    public void stage()
    {
        next = (next + Wire.BATCH) & (Wire.PEERS - 1);
        wire.nowNs += 1000 * Wire.BATCH;
        oracle.nowNs = wire.nowNs;
        oracle.open(next, handles);
        for (int i = 0; i < Wire.BATCH; i++)
        {
            wire.stage(i, next + i, oracle.seqs[i] + 1, oracle.tsVals[i]);
        }
        abortAll(oracle);
    }

    @Benchmark
    @OperationsPerInvocation(Wire.BATCH)
    public long open()
    {
        wire.synAll(next);
        wire.exchange();
        wire.putStaged();
        wire.exchange();
        for (int i = 0; i < Wire.BATCH; i++)
        {
            handles[i] = wire.core.accept(wire.listener);
        }
        return handles[Wire.BATCH - 1];
    }

    @Benchmark
    @OperationsPerInvocation(Wire.BATCH)
    public int rings()
    {
        wire.synAll(next);
        wire.exchangeWithStub();
        wire.putStaged();
        wire.exchangeWithStub();
        return wire.seqs[0];
    }

    /** Makes room for the next ones; what was not opened and accepted is noticed here. */
    @TearDown(Level.Invocation)
    public void abort()
    {
        if (wire.core.connections() > 0) // else the rings were alone
        {
            abortAll(wire);
        }
    }

    private void abortAll(final Wire opened)
    {
        for (final long handle : handles)
        {
            if (opened.core.abort(handle, opened.nowNs, opened.outbox) != 0)
            {
                throw new IllegalStateException("not open: " + opened.core.counters());
            }
        }
        opened.dropAnswers();
        if (opened.core.connections() + opened.core.halfOpen() != 0)
        {
            throw new IllegalStateException("still open: " + opened.core.counters());
        }
    }
}
