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
import java.util.function.IntFunction;

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
    private final IntFunction<String> describe;
    private final FlightClock clock;
    private final Histogram latency = new Histogram(MAX_LATENCY_NS, SIGNIFICANT_DIGITS);
    private final Histogram opened = new Histogram(MAX_LATENCY_NS, SIGNIFICANT_DIGITS);
    private final Map<String, Integer> failures = new TreeMap<>();
    private final Map<Long, Integer> parameters = new TreeMap<>();
    /** By handle: when its opening began. What a session attaches is how many octets have come back. */
    private final Long2LongHashMap opening = new Long2LongHashMap(NOT_OPENING);
    private AgentContext context;
    private long started;
    private long failed;
    private long echoed;
    private long beginNs;
    private long endNs;
    private boolean isEarly;
    private volatile boolean isDone;

    Dialer(final Endpoint to, final long wanted, final int concurrency)
    {
        this(to, wanted, concurrency, Protocol.TCP, new byte[0], null, Failure::describe);
    }

    /** {@return one that speaks gQUIC; where a text is given it may go before the handshake is done} */
    static Dialer gquic(
        final Endpoint to, final long wanted, final int concurrency, final byte[] echo, final boolean isEarly)
    {
        final Dialer dialer =
            new Dialer(to, wanted, concurrency, Protocol.GQUIC, echo, null, GquicReport::reason);
        dialer.isEarly = isEarly;
        return dialer;
    }

    private Dialer(
        final Endpoint to, final long wanted, final int concurrency, final Protocol protocol, final byte[] echo,
        final FlightClock clock, final IntFunction<String> describe)
    {
        this.to = to;
        this.protocol = protocol;
        this.echo = new UnsafeBuffer(echo);
        this.wanted = wanted;
        this.concurrency = concurrency;
        this.clock = clock;
        this.describe = describe;
    }

    /** {@return one that speaks TLCP, and where a text is given sends it and waits until it has come back} */
    static Dialer tlcp(
        final Endpoint to, final long wanted, final int concurrency, final byte[] echo, final FlightClock clock)
    {
        return new Dialer(to, wanted, concurrency, Protocol.TLCP, echo, clock, TlcpReport::reason);
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

    /** {@return what sessions agreed on, and how many} */
    Map<Long, Integer> parameters()
    {
        return parameters;
    }

    /** {@return from the first SYN to the last end, ns} */
    long tookNs()
    {
        return (isDone ? endNs : System.nanoTime()) - beginNs;
    }

    long failed()
    {
        return failed;
    }

    /** {@return how long it took from SYN until all was ready for data, of those where it was} */
    Histogram latency()
    {
        return latency;
    }

    /** {@return how long it took from SYN to SYN-ACK below a protocol with a handshake of its own} */
    Histogram opened()
    {
        return opened;
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
        beginNs = before == 0 ? System.nanoTime() : beginNs;
        while (started < wanted && started - ended() < concurrency && dial())
        {
            started++;
        }
        if (!isDone && ended() == wanted)
        {
            endNs = System.nanoTime();
            isDone = true;
        }
        return (int)(started - before);
    }

    private long ended()
    {
        return (echo.capacity() == 0 ? ok() : echoed) + failed;
    }

    @Override
    public void onEstablished(final Session session)
    {
        final long startNs = opening.remove(session.handle());
        if (startNs != NOT_OPENING)
        {
            latency.recordValue(System.nanoTime() - startNs);
            if (clock != null)
            {
                opened.recordValue(Math.max(0, clock.openedNs() - startNs));
            }
        }
        parameters.merge(session.parameters(), 1, Integer::sum);
        if (echo.capacity() == 0)
        {
            session.close();
        }
        else if (!isEarly)
        {
            sendText(session);
        }
    }

    private void sendText(final Session session)
    {
        if (session.send(echo, 0, echo.capacity()) < echo.capacity())
        {
            fail(session, "TEXT_TOO_LONG");
        }
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        final long before = session.attachment();
        if (before < echo.capacity())
        {
            final int count = (int)Math.min(length, echo.capacity() - before);
            if (!isEcho(buffer, offset, (int)before, count))
            {
                fail(session, "WRONG_ECHO");
                return length;
            }
            session.attachment(before + count);
            if (before + count == echo.capacity())
            {
                echoed++;
                session.close();
            }
        }
        return length;
    }

    private boolean isEcho(final DirectBuffer buffer, final int offset, final int position, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (buffer.getByte(offset + i) != echo.getByte(position + i))
            {
                return false;
            }
        }
        return true;
    }

    /** Ends a session that was established. */
    private void fail(final Session session, final String why)
    {
        session.attachment(echo.capacity());
        fail(why);
        session.close();
    }

    @Override
    public void onClosed(final Session session)
    {
        if (opening.remove(session.handle()) != NOT_OPENING ||
            (echo.capacity() > 0 && session.attachment() < echo.capacity()))
        {
            fail("CLOSED_BY_SERVER");
        }
    }

    @Override
    public void onFailed(final Session session, final int reason)
    {
        final boolean isWaiting = echo.capacity() > 0 && session.isEstablished();
        if (opening.remove(session.handle()) != NOT_OPENING || isWaiting)
        {
            fail(reason == Failure.HANDSHAKE_TIMEOUT ? "NO_ANSWER" : describe.apply(reason));
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
            if (isEarly)
            {
                sendText(context.session(handle));
            }
        }
        return true;
    }

    private void fail(final String why)
    {
        failed++;
        failures.merge(why, 1, Integer::sum);
    }
}
