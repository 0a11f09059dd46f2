// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outbox;
import dev.trishake.session.FourTuple;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpResult;
import org.HdrHistogram.Histogram;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongArrayList;

import java.net.InetAddress;
import java.util.Map;
import java.util.TreeMap;

/** Opens connections and closes each once it is open. */
final class TcpDialer implements TcpAgent.Application
{
    private static final long NOT_OPENING = Long.MIN_VALUE;
    private static final long MAX_LATENCY_NS = 3_600_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final InetAddress from;
    private final Endpoint to;
    private final long wanted;
    private final int concurrency;
    private final long timeoutNs;
    private final FourTuple tuple = new FourTuple();
    private final Histogram latency = new Histogram(MAX_LATENCY_NS, SIGNIFICANT_DIGITS);
    private final Map<String, Integer> failures = new TreeMap<>();
    /** By handle: when its SYN was made. */
    private final Long2LongHashMap opening = new Long2LongHashMap(NOT_OPENING);
    private final LongArrayList late = new LongArrayList();
    private final LongArrayList unclosed = new LongArrayList();
    private TcpCore core;
    private Outbox outbox;
    private long started;
    private long failed;

    TcpDialer(
        final InetAddress from, final Endpoint to, final long wanted, final int concurrency, final long timeoutNs)
    {
        this.from = from;
        this.to = to;
        this.wanted = wanted;
        this.concurrency = concurrency;
        this.timeoutNs = timeoutNs;
    }

    long ok()
    {
        return latency.getTotalCount();
    }

    long failed()
    {
        return failed;
    }

    boolean isDone()
    {
        return ok() + failed == wanted && unclosed.isEmpty();
    }

    /** {@return how long it took from SYN to SYN-ACK, of those that opened} */
    Histogram latency()
    {
        return latency;
    }

    /** {@return why connections did not open, and how many} */
    Map<String, Integer> failures()
    {
        return failures;
    }

    @Override
    public void begin(final TcpCore core, final Outbox outbox, final long nowNs)
    {
        this.core = core;
        this.outbox = outbox;
    }

    @Override
    public int doWork(final long nowNs)
    {
        final long before = started + failed;
        giveUp(nowNs);
        while (started < wanted && opening.size() < concurrency && dial(nowNs))
        {
            started++;
        }
        for (int i = unclosed.size() - 1; i >= 0; i--)
        {
            if (core.close(unclosed.getLong(i), nowNs, outbox) != TcpResult.BACK_PRESSURED)
            {
                unclosed.removeAt(i);
            }
        }
        return (int)(started + failed - before);
    }

    @Override
    public void onEstablished(final long handle, final long nowNs)
    {
        final long startNs = opening.remove(handle);
        if (startNs != NOT_OPENING)
        {
            latency.recordValue(System.nanoTime() - startNs);
        }
        unclosed.addLong(handle);
    }

    @Override
    public void onClosed(final long handle, final int reason, final long nowNs)
    {
        if (opening.remove(handle) != NOT_OPENING)
        {
            fail(TcpResult.describe(reason));
        }
        core.close(handle, nowNs, outbox);
    }

    /** {@return false when there is nothing to connect with just now} */
    private boolean dial(final long nowNs)
    {
        tuple.local(Endpoint.high(from), Endpoint.low(from), 0)
            .remote(Endpoint.high(to.address()), Endpoint.low(to.address()), to.port());
        final long startNs = System.nanoTime();
        final long handle = core.connect(tuple, nowNs, outbox);
        if (handle == TcpResult.BACK_PRESSURED || handle == TcpResult.ADDRESS_IN_USE || handle == TcpResult.NO_CAPACITY)
        {
            return false; // ports and connections come back after TIME-WAIT
        }
        if (handle < 0)
        {
            fail(TcpResult.describe(handle));
        }
        else
        {
            opening.put(handle, startNs);
        }
        return true;
    }

    private void giveUp(final long nowNs)
    {
        late.clear();
        opening.forEachLong((handle, startNs) ->
        {
            if (nowNs - startNs > timeoutNs)
            {
                late.addLong(handle);
            }
        });
        for (int i = 0; i < late.size(); i++)
        {
            opening.remove(late.getLong(i));
            core.close(late.getLong(i), nowNs, outbox);
            fail("NO_ANSWER");
        }
    }

    private void fail(final String why)
    {
        failed++;
        failures.merge(why, 1, Integer::sum);
    }
}
