// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.runtime.ConnectionEvents;
import dev.trishake.runtime.Failure;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SlotQueue;
import dev.trishake.soak.flood.Outcomes;
import dev.trishake.soak.flood.Plan;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Honest clients in virtual time: each connects, sends a line, reads it back and closes. */
final class ChloInProcessClients implements ConnectionEvents
{
    /** A client's first timeout: who needed longer has sent its CHLO again. */
    static final long CHLO_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final UnsafeBuffer LINE =
        new UnsafeBuffer("is this seat free?\n".getBytes(StandardCharsets.US_ASCII));

    private final Outcomes outcomes = new Outcomes(CHLO_TIMEOUT_NS);
    private final FourTuple to = new FourTuple();
    private final FourTuple[] locals;
    private final long startNs;
    private final long intervalNs;
    private final long wanted;
    private final SlotQueue sockets;
    private final int firstSocket;
    private final long[] begunNs = new long[ChloSite.CLIENT_SESSIONS];
    private final long[] establishedNs = new long[ChloSite.CLIENT_SESSIONS];
    private final int[] socketOf = new int[ChloSite.CLIENT_SESSIONS];
    private GquicAgent agent;
    private long nowNs;
    private long begun;
    private int underWay;
    private boolean isOneByOne;

    /** So many, one after each interval; sockets from {@code firstSocket} on are theirs, with these addresses. */
    ChloInProcessClients(
        final FourTuple server, final int firstSocket, final FourTuple[] locals, final long startNs,
        final long intervalNs, final long wanted)
    {
        this.firstSocket = firstSocket;
        this.locals = locals.clone();
        this.startNs = startNs;
        this.intervalNs = intervalNs;
        this.wanted = wanted;
        to.remote(server.remoteHigh(), server.remoteLow(), server.remotePort());
        sockets = new SlotQueue(locals.length);
        for (int i = 0; i < locals.length; i++)
        {
            sockets.add(i);
        }
    }

    /** {@return this, beginning the next one only when the one before is done} */
    ChloInProcessClients oneByOne()
    {
        isOneByOne = true;
        return this;
    }

    void agent(final GquicAgent whose)
    {
        agent = whose;
        agent.connections().events(this);
    }

    Outcomes outcomes()
    {
        return outcomes;
    }

    boolean isDone()
    {
        return begun == wanted && underWay == 0;
    }

    int doWork(final long newNowNs)
    {
        nowNs = newNowNs;
        while (begun < wanted && nowNs - startNs >= begun * intervalNs && (!isOneByOne || underWay == 0))
        {
            begun++;
            begin();
        }
        return agent.doWork(nowNs);
    }

    private void begin()
    {
        outcomes.begin();
        if (sockets.size() == 0)
        {
            outcomes.fail("TOO_MANY_UNDER_WAY");
            return;
        }
        final int socket = sockets.remove();
        final FourTuple local = locals[socket];
        final int slot = agent.connections().connect(firstSocket + socket,
            to.local(local.localHigh(), local.localLow(), local.localPort()), nowNs);
        begunNs[slot] = nowNs;
        establishedNs[slot] = 0;
        socketOf[slot] = socket;
        underWay++;
    }

    @Override
    public boolean mayAccept(final FourTuple who)
    {
        return false;
    }

    @Override
    public void onAccepted(final int slot)
    {
        throw new IllegalStateException("a client accepts nobody");
    }

    @Override
    public void onWaiting(final int slot)
    {
        agent.wake(slot);
    }

    @Override
    public void onEstablished(final int slot)
    {
        establishedNs[slot] = nowNs;
        agent.connections().send(slot, agent.connections().openStream(slot), LINE, 0, LINE.capacity());
    }

    @Override
    public int onStreamData(
        final int slot, final int stream, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length == LINE.capacity() && begunNs[slot] > 0)
        {
            final boolean isInTime = nowNs - begunNs[slot] <= Plan.PATIENCE_NS;
            if (isInTime)
            {
                outcomes.succeed(establishedNs[slot] - begunNs[slot], nowNs - begunNs[slot]);
            }
            else
            {
                outcomes.fail("TOO_LATE");
            }
            begunNs[slot] = 0;
            agent.connections().close(slot, 0);
        }
        return length;
    }

    @Override
    public void onStreamEnd(final int slot, final int stream)
    {
        agent.connections().close(slot, 0);
    }

    @Override
    public void onStreamReset(final int slot, final int stream, final int error)
    {
        agent.connections().close(slot, 0);
    }

    @Override
    public void onWritable(final int slot, final int stream)
    {
        // a line is taken at once
    }

    @Override
    public void onClosed(final int slot, final int reason)
    {
        if (begunNs[slot] > 0)
        {
            outcomes.fail(reason == Failure.HANDSHAKE_TIMEOUT ? "NO_ANSWER" : reason == 0 ? "CLOSED_BY_SERVER" :
                GquicReport.reason(reason));
            begunNs[slot] = 0;
        }
        sockets.add(socketOf[slot]);
        underWay--;
    }
}
