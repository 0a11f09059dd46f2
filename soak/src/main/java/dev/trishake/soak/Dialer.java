// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.runtime.AgentContext;
import dev.trishake.runtime.Failure;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamResult;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;

import java.util.Map;
import java.util.TreeMap;

/** Opens connections, so many at once, and closes each once it is open. */
final class Dialer implements SessionHandler
{
    private static final long NOT_OPENING = Long.MIN_VALUE;
    private static final long MAX_LATENCY_NS = 3_600_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Endpoint to;
    private final long wanted;
    private final int concurrency;
    private final FourTuple tuple = new FourTuple();
    private final Histogram latency = new Histogram(MAX_LATENCY_NS, SIGNIFICANT_DIGITS);
    private final Map<String, Integer> failures = new TreeMap<>();
    /** By handle: when its opening began. */
    private final Long2LongHashMap opening = new Long2LongHashMap(NOT_OPENING);
    private AgentContext context;
    private long started;
    private long failed;
    private volatile boolean isDone;

    Dialer(final Endpoint to, final long wanted, final int concurrency)
    {
        this.to = to;
        this.wanted = wanted;
        this.concurrency = concurrency;
    }

    /** Any thread. */
    boolean isDone()
    {
        return isDone;
    }

    long ok()
    {
        return latency.getTotalCount();
    }

    long failed()
    {
        return failed;
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
    public void onStart(final AgentContext newContext)
    {
        context = newContext;
    }

    @Override
    public int doWork(final long nowNs)
    {
        final long before = started;
        while (started < wanted && opening.size() < concurrency && dial())
        {
            started++;
        }
        isDone = ok() + failed == wanted;
        return (int)(started - before);
    }

    @Override
    public void onEstablished(final Session session)
    {
        final long startNs = opening.remove(session.handle());
        if (startNs != NOT_OPENING)
        {
            latency.recordValue(System.nanoTime() - startNs);
        }
        session.close();
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        return length;
    }

    @Override
    public void onFailed(final Session session, final int reason)
    {
        if (opening.remove(session.handle()) != NOT_OPENING)
        {
            fail(reason == Failure.HANDSHAKE_TIMEOUT ? "NO_ANSWER" : Failure.describe(reason));
        }
    }

    /** {@return false when there is nothing to connect with just now} */
    private boolean dial()
    {
        tuple.local(0, 0, 0).remote(Endpoint.high(to.address()), Endpoint.low(to.address()), to.port());
        final long startNs = System.nanoTime();
        final long handle = context.connect(0, Protocol.TCP, tuple);
        if (handle == StreamResult.BACK_PRESSURED || handle == StreamResult.ADDRESS_IN_USE ||
            handle == StreamResult.NO_CAPACITY)
        {
            return false; // ports and connections come back after TIME-WAIT
        }
        if (handle < 0)
        {
            fail(StreamResult.describe((int)handle));
        }
        else
        {
            opening.put(handle, startNs);
        }
        return true;
    }

    private void fail(final String why)
    {
        failed++;
        failures.merge(why, 1, Integer::sum);
    }
}
