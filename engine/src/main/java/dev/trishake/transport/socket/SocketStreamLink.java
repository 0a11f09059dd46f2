// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.socket;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamResult;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.net.InetSocketAddress;

/**
 * Connections of the kernel's TCP, whatever the system's calls are ({@link Sockets}).
 *
 * <pre>
 *  gather ─► flags of connections ─► ready list ─► StreamInput  ─► ingress ring
 *                └─► flags of listeners ─────────► StreamAccept ─► ingress ring
 *  egress ring ─► StreamOutput ─► sockets, output buffers
 * </pre>
 *
 * <p>What the system has said stays known until it is used: a connection that can go on is in the ready list, and is
 * served there once in turn. So a paused connection costs no call, and needs none to go on.
 *
 * <p>With fewer output buffers than connections an {@link #outputCredit} is good until a {@link #flush} leaves the
 * egress ring empty: its user asks for it right before it puts bytes there.
 */
public abstract class SocketStreamLink implements StreamLink
{
    private final Connections connections;
    private final Sockets sockets;
    private final StreamAccept accept;
    private final StreamInput input;
    private final StreamOutput output;
    private final Sockets.Readiness readiness;
    private boolean closed;

    /**
     * A link over these calls.
     *
     * @param sockets the system's calls; closed with this link
     * @param config  how big
     * @param credits what the user can take
     */
    protected SocketStreamLink(final Sockets sockets, final SocketConfig config, final StreamCredits credits)
    {
        this.sockets = sockets;
        connections = new Connections(config, sockets);
        accept = new StreamAccept(connections, credits);
        output = new StreamOutput(connections, config.closeTimeoutNs);
        input = new StreamInput(connections, output, credits);
        readiness = new Sockets.Readiness()
        {
            @Override
            public void onAcceptable(final int listener)
            {
                accept.onAcceptable(listener);
            }

            @Override
            public void onReady(
                final long handle,
                final boolean readable,
                final boolean writable,
                final boolean peerEnding,
                final boolean failed)
            {
                SocketStreamLink.this.onReady(handle, readable, writable, peerEnding, failed);
            }
        };
    }

    @Override
    public final int listen(final InetSocketAddress address, final int backlog)
    {
        final int listener = connections.acceptors.size();
        accept.add(sockets.listen(address, backlog, listener));
        return listener;
    }

    @Override
    public final InetSocketAddress localAddress(final int listener)
    {
        return accept.acceptor(listener).localAddress();
    }

    @Override
    public final void unlisten(final int listener, final long nowNs)
    {
        if (listener >= 0 && listener < connections.acceptors.size())
        {
            accept.remove(listener);
        }
    }

    @Override
    public final long connect(final FourTuple tuple, final long nowNs)
    {
        final int slot = closed ? SessionSlab.NULL_SLOT : connections.acquire(Connections.CONNECTED);
        if (slot == SessionSlab.NULL_SLOT)
        {
            return StreamResult.NO_CAPACITY;
        }
        final long handle = connections.handle(slot);
        final int socket = sockets.connect(slot, handle, tuple);
        if (socket < 0)
        {
            connections.slab.release(slot);
            return socket;
        }
        connections.set(slot, Connections.SOCKET, socket);
        connections.on(slot, Connections.CONNECTING);
        connections.tuple(slot, tuple);
        return handle;
    }

    @Override
    public final int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        if (closed)
        {
            return 0;
        }
        sockets.gather(readiness, 0);
        // connections that are there go before new ones, but may not keep them out
        final int served = input.serve(ingress, Math.max(1, limit - limit / 4));
        return served + accept.accept(ingress, nowNs, Math.max(1, limit - served)) + output.expire(nowNs);
    }

    @Override
    public final int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        return closed ? 0 : output.flush(egress, nowNs, limit);
    }

    @Override
    public final void resume(final long handle)
    {
        final int slot = connections.resolveOpen(handle);
        if (slot != SessionSlab.NULL_SLOT && connections.is(slot, Connections.PAUSED))
        {
            connections.off(slot, Connections.PAUSED);
            sockets.interest(
                slot, connections.get(slot, Connections.SOCKET), handle, true,
                connections.is(slot, Connections.BLOCKED));
            connections.ready.add(slot);
        }
    }

    @Override
    public final void resumeAccepting()
    {
        if (!closed)
        {
            accept.resume();
        }
    }

    @Override
    public final int outputCredit(final long handle)
    {
        return closed ? 0 : output.credit(handle);
    }

    @Override
    public final int outputBufferLength()
    {
        return connections.buffers.length();
    }

    @Override
    public final int capacity()
    {
        return connections.slab.capacity();
    }

    @Override
    public final int active()
    {
        return connections.slab.active();
    }

    @Override
    public final void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkCurrEstab", active());
        accept.visitCounters(visitor);
        input.visitCounters(visitor);
        output.visitCounters(visitor);
    }

    @Override
    public final void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        for (int slot = 0; slot < connections.slab.capacity(); slot++)
        {
            if (connections.slab.isLive(slot))
            {
                sockets.resetOnClose(slot, connections.get(slot, Connections.SOCKET));
                connections.release(slot);
            }
        }
        accept.close();
        sockets.close();
    }

    /**
     * Waits until something can be polled; for those who have nothing else to do. May end early.
     *
     * @param timeoutMs milliseconds; 0 does not wait
     * @return whether there is something to poll
     */
    protected final boolean await(final int timeoutMs)
    {
        return !closed && (connections.ready.size() > 0 || sockets.gather(readiness, timeoutMs) > 0);
    }

    private void onReady(
        final long handle,
        final boolean readable,
        final boolean writable,
        final boolean peerEnding,
        final boolean failed)
    {
        final int slot = connections.resolve(handle);
        if (slot == SessionSlab.NULL_SLOT)
        {
            return; // closed since
        }
        connections.on(slot,
            (readable ? Connections.READABLE : 0) | (writable ? Connections.WRITABLE : 0) |
            (peerEnding ? Connections.PEER_ENDING : 0) | (failed ? Connections.FAILED : 0));
        connections.ready.add(slot);
    }
}
