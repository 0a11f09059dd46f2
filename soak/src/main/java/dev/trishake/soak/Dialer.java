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
import org.agrona.concurrent.UnsafeBuffer;

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
    private final Protocol protocol;
    private final UnsafeBuffer echo;
    private final FourTuple tuple = new FourTuple();
    private final Histogram latency = new Histogram(MAX_LATENCY_NS, SIGNIFICANT_DIGITS);
    private final Map<String, Integer> failures = new TreeMap<>();
    /** By handle: when its opening began. */
    private final Long2LongHashMap opening = new Long2LongHashMap(NOT_OPENING);
    private AgentContext context;
    private long started;
    private long failed;
    private long echoed;
    private long parameters;
    private volatile boolean isDone;

    Dialer(final Endpoint to, final long wanted, final int concurrency)
    {
        this(to, wanted, concurrency, Protocol.TCP, new byte[0]);
    }

    /** Sends a text over each connection and waits until it has come back. */
    Dialer(
        final Endpoint to, final long wanted, final int concurrency, final Protocol protocol, final byte[] echo)
    {
        this.to = to;
        this.protocol = protocol;
        this.echo = new UnsafeBuffer(echo);
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

    /** {@return how many got their text back} */
    long echoed()
    {
        return echoed;
    }

    /** {@return what the last connection agreed on} */
    long parameters()
    {
        return parameters;
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
        isDone = (echo.capacity() == 0 ? ok() : echoed) + failed == wanted;
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
        parameters = session.parameters();
        if (echo.capacity() == 0)
        {
            session.close();
        }
        else if (session.send(echo, 0, echo.capacity()) < echo.capacity())
        {
            fail("TEXT_TOO_LONG");
            session.close();
        }
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        session.attachment(session.attachment() + length);
        if (echo.capacity() > 0 && session.attachment() >= echo.capacity())
        {
            echoed++;
            session.close();
        }
        return length;
    }

    @Override
    public void onFailed(final Session session, final int reason)
    {
        final boolean isWaiting = echo.capacity() > 0 && session.isEstablished();
        if (opening.remove(session.handle()) != NOT_OPENING || isWaiting)
        {
            fail(reason == Failure.HANDSHAKE_TIMEOUT ? "NO_ANSWER" : Failure.describe(reason));
        }
    }

    /** {@return false when there is nothing to connect with just now} */
    private boolean dial()
    {
        tuple.local(0, 0, 0).remote(Endpoint.high(to.address()), Endpoint.low(to.address()), to.port());
        final long startNs = System.nanoTime();
        final long handle = context.connect(0, protocol, tuple);
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
