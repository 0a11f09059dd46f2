// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.forward;

import dev.trishake.runtime.AgentContext;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * A proxy: each session that was accepted and is established gets a plain TCP connection to the back end, and bytes go
 * both ways. One for each agent.
 *
 * <pre>
 *  client ═══► front ─ onData ─► back.send ───► back end        what is not taken stays with the front session, whose
 *                ▲                                │             client is slowed down, until back.onWritable
 *                └── front.send ◄─ onData ─ back ◄┘             and the other way round
 * </pre>
 *
 * <p>Nothing is kept here, so nothing can grow. The end of one side's stream is passed on behind its last byte while
 * the other direction goes on; both ended, both sessions end. A side that fails resets the other, so that nobody takes
 * half of a stream for all of it. A client whose back end can't be reached gets an orderly end, close_notify in TLCP,
 * and {@code ForwardUnreachable} counts it.
 */
public final class Forwarder implements SessionHandler
{
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;
    private static final long IPV4_MASK = 0xffff_ffffL;

    /** In an attachment, which else is the handle of the other session: this session's peer has ended its stream. */
    private static final long ENDED = 1L << 63;

    private final int link;
    private final int clients;
    private final FourTuple tuple = new FourTuple();
    private final long high;
    private final long low;
    private final int port;
    /** Fronts for which there was no room to connect: asked again in each cycle. A ring of {@code clients} places. */
    private final long[] waiting;
    private int waitingFrom;
    private int waitingCount;
    private int fronts;
    private AgentContext context;
    private AtomicCounter connected;
    private AtomicCounter unreachable;
    private AtomicCounter broken;

    /**
     * Makes one for an agent.
     *
     * @param link    the engine's link by which the back end is reached
     * @param address of the back end
     * @param port    of it
     * @param clients most sessions to accept at once; each needs a connection of its own to the back end
     */
    public Forwarder(final int link, final InetAddress address, final int port, final int clients)
    {
        final ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        final boolean isIpv6 = address instanceof Inet6Address;
        this.link = link;
        this.port = port;
        this.clients = clients;
        high = isIpv6 ? octets.getLong() : 0;
        low = isIpv6 ? octets.getLong() : IPV4_MAPPED | (octets.getInt() & IPV4_MASK);
        waiting = new long[clients];
    }

    @Override
    public void onStart(final AgentContext newContext)
    {
        context = newContext;
        connected = newContext.counter("ForwardConnected");
        unreachable = newContext.counter("ForwardUnreachable");
        broken = newContext.counter("ForwardBroken");
    }

    @Override
    public boolean mayAccept()
    {
        return fronts < clients;
    }

    @Override
    public void onAccepted(final Session front)
    {
        fronts++;
    }

    @Override
    public int doWork(final long nowNs)
    {
        final int count = waitingCount;
        for (int i = 0; i < count; i++)
        {
            final long handle = waiting[waitingFrom];
            waitingFrom = waitingFrom + 1 == clients ? 0 : waitingFrom + 1;
            waitingCount--;
            final Session front = context.session(handle);
            if (front != null)
            {
                connect(front);
            }
        }
        return count;
    }

    @Override
    public void onEstablished(final Session session)
    {
        if (!session.isClient())
        {
            connect(session);
            return;
        }
        connected.incrementPlain();
        final Session front = other(session);
        if (front == null)
        {
            session.abort(); // its client is gone
        }
        else if (front.attachment() < 0)
        {
            session.shutdown(); // its client has ended its side, and has sent nothing
        }
        else
        {
            front.resume();
        }
    }

    private void connect(final Session front)
    {
        tuple.local(0, 0, 0).remote(high, low, port);
        final long frontHandle = front.handle();
        final long ended = front.attachment() & ENDED;
        final long result = context.connect(link, Protocol.TCP, tuple);
        if (result > 0)
        {
            context.session(result).attachment(frontHandle);
            context.session(frontHandle).attachment(result | ended);
        }
        else if (result == StreamResult.BACK_PRESSURED && waitingCount < clients)
        {
            waiting[(waitingFrom + waitingCount++) % clients] = frontHandle;
        }
        else
        {
            unreachable.incrementPlain();
            front.close();
        }
    }

    /** {@return the other session of a pair, or null when there is none, or none any more} */
    private Session other(final Session session)
    {
        final long handle = session.attachment() & ~ENDED;
        return handle == 0 ? null : context.session(handle);
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        final Session other = other(session);
        return other == null ? 0 : other.send(buffer, offset, length);
    }

    @Override
    public void onWritable(final Session session)
    {
        final Session other = other(session);
        if (other != null)
        {
            other.resume();
        }
    }

    @Override
    public void onEnd(final Session session)
    {
        session.attachment(session.attachment() | ENDED);
        final Session other = other(session);
        if (other != null && other.attachment() >= 0)
        {
            other.shutdown();
        }
        else if (other != null)
        {
            session.attachment(0);
            other.attachment(0); // an end may be told there and then
            other.close();
            session.close();
        }
    }

    @Override
    public void onClosed(final Session session)
    {
        final Session other = part(session);
        if (other != null)
        {
            other.close();
        }
    }

    @Override
    public void onFailed(final Session session, final int reason)
    {
        final boolean wasReached = !session.isClient() || session.isEstablished();
        final Session other = part(session);
        if (!wasReached)
        {
            unreachable.incrementPlain();
        }
        if (other != null && wasReached)
        {
            broken.incrementPlain();
            other.abort();
        }
        else if (other != null)
        {
            other.close();
        }
    }

    /** {@return the other one, which from now on ends alone, or null} */
    private Session part(final Session session)
    {
        if (!session.isClient())
        {
            fronts--;
        }
        final Session other = other(session);
        session.attachment(0);
        if (other != null)
        {
            other.attachment(0);
        }
        return other;
    }
}
