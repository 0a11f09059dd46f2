// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.bench.Bench;
import dev.trishake.tcp.SynCookieMode;
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
 * <p>{@link #open} holds the peers too, who copy two segments made beforehand into the ring, patch the second one with
 * the numbers that they have read from the SYN-ACK, and its checksum: {@link #peer} is what they and both rings cost
 * with nobody between them. How a connection ends is TcpCloseBenchmark's question: those that {@code open} leaves are
 * aborted between the invocations, and not timed.
 */
public class TcpPassiveOpenBenchmark extends Bench
{
    @Param({"queue", "cookie"})
    private String mode;

    private final long[] handles = new long[Wire.BATCH];
    private Wire wire;
    private int next;

    @Setup
    public void setup()
    {
        wire = new Wire(Wire.config().synCookies(
            mode.equals("cookie") ? SynCookieMode.ALWAYS : SynCookieMode.ON_OVERFLOW));
    }

    @Benchmark
    @OperationsPerInvocation(Wire.BATCH)
    public long open()
    {
        begin();
        wire.open(next, handles);
        return handles[Wire.BATCH - 1];
    }

    @Benchmark
    @OperationsPerInvocation(Wire.BATCH)
    public int peer()
    {
        begin();
        wire.synAll(next);
        wire.exchangeWithStub();
        wire.ackAll(next);
        wire.exchangeWithStub();
        return wire.seqs[0];
    }

    private void begin()
    {
        next = (next + Wire.BATCH) & (Wire.PEERS - 1);
        wire.nowNs += 1000 * Wire.BATCH;
    }

    /** Makes room for the next ones; what was not opened and accepted is noticed here. */
    @TearDown(Level.Invocation)
    public void abort()
    {
        if (wire.core.connections() == 0)
        {
            return; // the peers were alone
        }
        for (final long handle : handles)
        {
            if (wire.core.abort(handle, wire.nowNs, wire.outbox) != 0)
            {
                throw new IllegalStateException("not open: " + wire.core.counters());
            }
        }
        wire.dropAnswers();
        if (wire.core.connections() != 0)
        {
            throw new IllegalStateException("still open: " + wire.core.counters());
        }
    }
}
