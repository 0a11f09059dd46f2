// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.runtime.AgentContext;
import dev.trishake.runtime.Failure;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.session.FourTuple;
import dev.trishake.soak.flood.Outcomes;
import dev.trishake.soak.flood.Plan;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Honest clients: each connects, sends a line, reads it back and closes. They begin by the clock, whatever became of
 * those before them, so that waiting hides nothing.
 */
final class ChloClients implements SessionHandler
{
    private static final UnsafeBuffer LINE =
        new UnsafeBuffer("is this seat free?\n".getBytes(StandardCharsets.US_ASCII));
    private static final long NOBODY = Long.MIN_VALUE;

    private final Outcomes outcomes = new Outcomes(ChloInProcessClients.CHLO_TIMEOUT_NS);
    private final FourTuple to = new FourTuple();
    private final Endpoint server;
    private final long intervalNs;
    private final long wanted;
    /** By handle, of those that have no echo yet; what a session attaches is when it was established. */
    private final Long2LongHashMap begunNs = new Long2LongHashMap(NOBODY);
    private AgentContext context;
    private boolean isOneByOne;
    private volatile boolean mayBegin;
    private volatile boolean isStopped;
    private volatile boolean isDone;
    private long startNs = NOBODY;
    private long begun;

    /** So many, one after each interval. */
    ChloClients(final Endpoint server, final long intervalNs, final long wanted)
    {
        this.server = server;
        this.intervalNs = intervalNs;
        this.wanted = wanted;
    }

    /** {@return this, beginning the next one only when the one before is done} */
    ChloClients oneByOne()
    {
        isOneByOne = true;
        return this;
    }

    /** Any thread: the first begins. */
    void begin()
    {
        mayBegin = true;
    }

    /** Any thread: nobody begins any more. */
    void stop()
    {
        isStopped = true;
    }

    /** Any thread. */
    boolean isDone()
    {
        return isDone;
    }

    Outcomes outcomes()
    {
        return outcomes;
    }

    @Override
    public void onStart(final AgentContext newContext)
    {
        context = newContext;
    }

    @Override
    public int doWork(final long nowNs)
    {
        if (!mayBegin)
        {
            return 0;
        }
        startNs = startNs == NOBODY ? nowNs : startNs;
        final long before = begun;
        while (!isStopped && begun < wanted && nowNs - startNs >= begun * intervalNs &&
            (!isOneByOne || begunNs.isEmpty()))
        {
            begun++;
            connect(nowNs);
        }
        isDone = (isStopped || begun == wanted) && begunNs.isEmpty();
        return (int)(begun - before);
    }

    private void connect(final long nowNs)
    {
        outcomes.begin();
        to.local(0, 0, 0).remote(Endpoint.high(server.address()), Endpoint.low(server.address()), server.port());
        final long handle = context.connect(0, Protocol.GQUIC, to);
        if (handle > 0)
        {
            begunNs.put(handle, nowNs);
        }
        else
        {
            outcomes.fail("TOO_MANY_UNDER_WAY");
        }
    }

    @Override
    public void onEstablished(final Session session)
    {
        session.attachment(context.nowNs());
        session.send(LINE, 0, LINE.capacity());
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        final long since = length == LINE.capacity() ? begunNs.remove(session.handle()) : NOBODY;
        if (since != NOBODY)
        {
            if (context.nowNs() - since <= Plan.PATIENCE_NS)
            {
                outcomes.succeed(session.attachment() - since, context.nowNs() - since);
            }
            else
            {
                outcomes.fail("TOO_LATE");
            }
            session.close();
        }
        return length;
    }

    @Override
    public void onClosed(final Session session)
    {
        if (begunNs.remove(session.handle()) != NOBODY)
        {
            outcomes.fail("CLOSED_BY_SERVER");
        }
    }

    @Override
    public void onFailed(final Session session, final int reason)
    {
        if (begunNs.remove(session.handle()) != NOBODY)
        {
            outcomes.fail(reason == Failure.HANDSHAKE_TIMEOUT ? "NO_ANSWER" : GquicReport.reason(reason));
        }
    }
}
