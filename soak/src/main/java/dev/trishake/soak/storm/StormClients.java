// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.storm;

import dev.trishake.runtime.AgentContext;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;

import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Clients on one agent: each shakes hands and closes. With an open load they begin as a Poisson process has it, and
 * time runs from when one should have begun, so that waiting hides nothing.
 */
final class StormClients implements SessionHandler
{
    /** Why those that the clock begins while too many are under way fail. */
    static final String NO_ROOM = "TOO_MANY_UNDER_WAY";

    private static final long NONE = Long.MIN_VALUE;
    private static final double NS_PER_SECOND = 1e9;

    private final Protocol protocol;
    private final FourTuple server;
    private final int mostUnderWay;
    private final IntFunction<String> describe;
    private final SplittableRandom arrivals;
    /** By handle: when its handshake began, or should have. */
    private final Long2LongHashMap underWay = new Long2LongHashMap(NONE);
    private AgentContext context;
    private volatile Gust next;
    private Gust gust;
    private double nextStartNs;

    StormClients(
        final Protocol protocol, final FourTuple server, final int mostUnderWay, final IntFunction<String> describe,
        final long seed)
    {
        this.protocol = protocol;
        this.server = server;
        this.mostUnderWay = mostUnderWay;
        this.describe = describe;
        arrivals = new SplittableRandom(seed);
    }

    /** Begins a step; any thread, once the step before is over. */
    void begin(final Gust newGust)
    {
        next = newGust;
    }

    @Override
    public void onStart(final AgentContext newContext)
    {
        context = newContext;
    }

    @Override
    public int doWork(final long nowNs)
    {
        if (next != gust)
        {
            gust = next;
            nextStartNs = gust.startNs;
            underWay.clear(); // who has not ended by now was counted
        }
        if (gust == null || gust.isOver())
        {
            return 0;
        }
        final long timeNs = System.nanoTime();
        final boolean isTimeUp = timeNs - gust.endNs >= 0;
        if (isTimeUp && (underWay.isEmpty() || timeNs - gust.graceEndNs >= 0))
        {
            for (int i = 0; i < underWay.size(); i++)
            {
                gust.fail("NOT_DONE_IN_TIME");
            }
            gust.end();
            return 1;
        }
        return isTimeUp || timeNs - gust.startNs < 0 ? 0 : (gust.load.isOpen() ? arrive(timeNs) : refill(timeNs));
    }

    private int refill(final long timeNs)
    {
        int begun = 0;
        while (underWay.size() < gust.load.value() && connect(timeNs))
        {
            begun++;
        }
        return begun;
    }

    private int arrive(final long timeNs)
    {
        int begun = 0;
        while (nextStartNs <= timeNs)
        {
            if (underWay.size() >= mostUnderWay)
            {
                gust.begun++;
                gust.fail(NO_ROOM);
            }
            else if (!connect((long)nextStartNs))
            {
                return begun;
            }
            begun++;
            nextStartNs -= Math.log1p(-arrivals.nextDouble()) * NS_PER_SECOND / gust.load.value();
        }
        return begun;
    }

    /** {@return false when nothing can begin just now} */
    private boolean connect(final long startNs)
    {
        final long handle = context.connect(0, protocol, server);
        if (handle == StreamResult.BACK_PRESSURED || handle == StreamResult.ADDRESS_IN_USE ||
            handle == StreamResult.NO_CAPACITY)
        {
            return false;
        }
        gust.begun++;
        if (handle < 0)
        {
            gust.fail(StreamResult.describe((int)handle));
        }
        else
        {
            underWay.put(handle, startNs);
        }
        return true;
    }

    @Override
    public void onEstablished(final Session session)
    {
        final long startNs = underWay.remove(session.handle());
        if (startNs != NONE)
        {
            final long timeNs = System.nanoTime();
            gust.succeed(timeNs - startNs, timeNs);
        }
        session.close();
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        return length;
    }

    @Override
    public void onClosed(final Session session)
    {
        if (underWay.remove(session.handle()) != NONE)
        {
            gust.fail("CLOSED_BY_SERVER");
        }
    }

    @Override
    public void onFailed(final Session session, final int reason)
    {
        if (underWay.remove(session.handle()) != NONE)
        {
            gust.fail(describe.apply(reason));
        }
    }
}
