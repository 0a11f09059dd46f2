// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outbox;
import dev.trishake.session.FourTuple;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpCounter;
import dev.trishake.tcp.TcpResult;
import dev.trishake.tcp.TcpState;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.Link;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamRecord;
import dev.trishake.transport.StreamRecords;
import dev.trishake.transport.StreamResult;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import static dev.trishake.runtime.TcpConnections.ABORTING;
import static dev.trishake.runtime.TcpConnections.ENDED;
import static dev.trishake.runtime.TcpConnections.END_TOLD;
import static dev.trishake.runtime.TcpConnections.NO_SLOT;
import static dev.trishake.runtime.TcpConnections.OPEN_TOLD;
import static dev.trishake.runtime.TcpConnections.PAUSED;
import static dev.trishake.runtime.TcpConnections.SHUT;
import static dev.trishake.runtime.TcpConnections.WATCHED;

/**
 * Our own TCP behind the interface of the kernel's: a core and the packet link below it, as one stream link.
 *
 * <pre>
 *  packet link ─poll─► packets in ─► TcpCore ─► outbox ─► packets out ─flush─► packet link
 *                                     │    ▲
 *             ingress ring ◄─receive──┘    └──send── egress ring
 * </pre>
 *
 * <p>Bytes that nobody has asked for stay in the core's receive buffer: the window closes. Bytes that the peer does not
 * take stay in its send buffer, whose length is the output buffer's.
 */
public final class TcpStreamLink implements StreamLink
{
    private static final int TIMERS_LIMIT = 1024;
    private static final int STARVED_LIMIT = 16;
    private static final TcpCounter[] COUNTERS = TcpCounter.values();

    private final StreamCredits credits;
    private final TcpAddresses addresses;
    private final TcpCore core;
    private final TcpPackets packets;
    private final Outbox outbox;
    private final ControlledMessageHandler onEgress = this::onEgress;
    private final TcpListeners listeners;
    private final TcpConnections connections;
    private final FourTuple tuple = new FourTuple();
    private long nowNs;
    private long dropped;
    private long overruns;
    private boolean closed;

    /**
     * Takes a packet link over: it is closed with this.
     *
     * @param packets   where packets come from and go to; {@link Link#LINKTYPE_RAW}
     * @param config    of the core; its addresses are set here
     * @param addresses ours on that link, for connections that name none; empty takes packets for any
     * @param credits   of the user
     * @param nowNs     the time to begin with
     */
    public TcpStreamLink(
        final Link packets, final TcpConfig config, final List<InetAddress> addresses, final StreamCredits credits,
        final long nowNs)
    {
        this.credits = credits;
        this.nowNs = nowNs;
        this.addresses = new TcpAddresses(addresses);
        this.addresses.addTo(config);
        connections = new TcpConnections();
        core = new TcpCore(config, connections, nowNs);
        this.packets = new TcpPackets(packets, core);
        outbox = this.packets.outbox();
        listeners = new TcpListeners(core);
        connections.wire(listeners, core.capacity());
    }

    @Override
    public int listen(final InetSocketAddress address, final int backlog)
    {
        return listeners.open(address, backlog);
    }

    @Override
    public InetSocketAddress localAddress(final int listener)
    {
        return listeners.address(listener);
    }

    @Override
    public void unlisten(final int listener, final long nowNs)
    {
        core.unlisten(listener, nowNs, outbox);
    }

    @Override
    public long connect(final FourTuple tuple, final long nowNs)
    {
        if (closed || packets.isGone())
        {
            return StreamResult.UNREACHABLE;
        }
        if (connections.isFull())
        {
            return StreamResult.NO_CAPACITY;
        }
        addresses.complete(tuple);
        final long handle = core.connect(tuple, nowNs, outbox);
        if (handle > 0)
        {
            connections.begin(handle, 0);
        }
        return handle;
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        if (closed)
        {
            return 0;
        }
        this.nowNs = nowNs;
        final int work = packets.poll(nowNs) + core.onTimers(nowNs, TIMERS_LIMIT, outbox);
        for (int i = Math.min(connections.starved.size(), STARVED_LIMIT); i > 0 && !core.areBuffersExhausted(); i--)
        {
            connections.ready.add(connections.starved.remove());
        }
        return work + accept(ingress, limit) + serve(ingress, limit);
    }

    private int accept(final OneToOneRingBuffer ingress, final int limit)
    {
        int count = 0;
        for (int listener = 0; listener < listeners.count(); listener++)
        {
            while (count < limit && listeners.isAcceptable(listener) && !connections.isFull() &&
                credits.acceptCredit(listener) > 0)
            {
                if (core.acceptable(listener) == 0)
                {
                    listeners.setAcceptable(listener, false);
                    break;
                }
                final long handle = core.firstAcceptable(listener);
                core.tuple(handle, tuple);
                if (!StreamRecords.writeOpened(ingress, handle, listener, tuple))
                {
                    return count;
                }
                core.accept(listener);
                connections.begin(handle, OPEN_TOLD);
                connections.ready.add((int)handle); // what came before it was accepted
                count++;
            }
        }
        return count;
    }

    private int serve(final OneToOneRingBuffer ingress, final int limit)
    {
        int count = 0;
        for (int turns = connections.ready.size(); turns > 0 && count < limit; turns--)
        {
            final int slot = connections.ready.remove();
            final int moved = connections.handles[slot] == 0 ? 0 : serve(slot, ingress);
            count += Math.abs(moved);
            if (moved != 0)
            {
                connections.ready.add(slot); // there may be more
            }
            if (moved < 0)
            {
                break;
            }
        }
        return count;
    }

    /** {@return 1 when a record was moved, 0 when there is none just now, -1 when the ring is full} */
    private int serve(final int slot, final OneToOneRingBuffer ingress)
    {
        final long handle = connections.handles[slot];
        if (connections.has(slot, ABORTING))
        {
            abort(slot);
            return connections.has(slot, ABORTING) ? 1 : 0;
        }
        if (!connections.has(slot, OPEN_TOLD))
        {
            return core.state(handle) == TcpState.SYN_SENT && !connections.has(slot, ENDED) ? 0 :
                (connections.has(slot, ENDED) ? tellClosed(slot, ingress) : tellOpened(slot, ingress));
        }
        final int room = connections.has(slot, WATCHED) ? core.writable(handle) : 0;
        if (room >= core.bufferLength() >> 1)
        {
            if (!StreamRecords.write(ingress, StreamRecord.WRITABLE, handle))
            {
                return -1;
            }
            connections.bits[slot] &= ~WATCHED;
            return 1;
        }
        if (connections.has(slot, WATCHED))
        {
            watch(slot, room);
        }
        final int readable = core.readable(handle);
        if (readable > 0)
        {
            return moveData(slot, readable, ingress);
        }
        final int result = connections.has(slot, END_TOLD) ? 0 :
            core.receive(handle, ingress.buffer(), 0, 0, nowNs, outbox);
        if (result == TcpResult.END_OF_STREAM)
        {
            if (!StreamRecords.write(ingress, StreamRecord.END, handle))
            {
                return -1;
            }
            connections.bits[slot] |= END_TOLD;
            return 1;
        }
        return isOver(slot, result) ? tellClosed(slot, ingress) : 0;
    }

    /** A connection that was not ours yet when it ended has told nobody: the core says it when it is read. */
    private boolean isOver(final int slot, final int result)
    {
        if (result < 0 && !connections.has(slot, ENDED))
        {
            connections.bits[slot] |= ENDED;
            connections.reasons[slot] = result;
        }
        return connections.hasFailed(slot) || connections.hasAll(slot, ENDED | END_TOLD | SHUT);
    }

    private int moveData(final int slot, final int readable, final OneToOneRingBuffer ingress)
    {
        final long handle = connections.handles[slot];
        if (connections.has(slot, PAUSED))
        {
            return connections.hasFailed(slot) ? tellClosed(slot, ingress) : 0;
        }
        final int credit = credits.inputCredit(handle);
        if (credit <= 0)
        {
            connections.bits[slot] |= PAUSED;
            return 0;
        }
        final int length = Math.min(Math.min(credit, readable), ingress.maxMsgLength() - StreamRecord.PAYLOAD_OFFSET);
        final int index = ingress.tryClaim(StreamRecord.DATA, StreamRecord.PAYLOAD_OFFSET + length);
        if (index <= 0)
        {
            return -1;
        }
        StreamRecord.putHandle(ingress.buffer(), index, handle);
        core.receive(handle, ingress.buffer(), index + StreamRecord.PAYLOAD_OFFSET, length, nowNs, outbox);
        ingress.commit(index);
        return 1;
    }

    private int tellOpened(final int slot, final OneToOneRingBuffer ingress)
    {
        core.tuple(connections.handles[slot], tuple);
        if (!StreamRecords.writeOpened(ingress, connections.handles[slot], StreamRecord.CONNECTED, tuple))
        {
            return -1;
        }
        connections.bits[slot] |= OPEN_TOLD;
        return 1;
    }

    private int tellClosed(final int slot, final OneToOneRingBuffer ingress)
    {
        if (!StreamRecords.writeClosed(ingress, connections.handles[slot], connections.reasons[slot]))
        {
            return -1;
        }
        core.abort(connections.handles[slot], nowNs, outbox); // it is closed: nothing is sent
        connections.forget(slot);
        return 1;
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        if (closed)
        {
            return 0;
        }
        this.nowNs = nowNs;
        final int work = Rings.drain(egress, onEgress, limit);
        packets.flush(nowNs);
        return work;
    }

    private Action onEgress(final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int slot = length < StreamRecord.PAYLOAD_OFFSET ? NO_SLOT :
            connections.slot(StreamRecord.handle(buffer, index));
        if (slot == NO_SLOT || connections.has(slot, ABORTING))
        {
            dropped++;
            return Action.CONTINUE;
        }
        switch (msgTypeId)
        {
            case StreamRecord.DATA ->
                take(slot, buffer, index + StreamRecord.PAYLOAD_OFFSET, length - StreamRecord.PAYLOAD_OFFSET);
            case StreamRecord.SHUTDOWN -> shutdown(slot);
            case StreamRecord.CLOSE -> close(slot);
            case StreamRecord.ABORT -> abort(slot);
            default -> dropped++;
        }
        return Action.CONTINUE;
    }

    private void take(final int slot, final MutableDirectBuffer buffer, final int offset, final int length)
    {
        if (connections.has(slot, ENDED))
        {
            dropped++;
            return;
        }
        if (!connections.has(slot, OPEN_TOLD) ||
            core.send(connections.handles[slot], buffer, offset, length, nowNs, outbox) != length)
        {
            overruns++;
            core.abort(connections.handles[slot], nowNs, outbox);
            connections.bits[slot] |= ENDED;
            connections.reasons[slot] = StreamResult.OVERRUN;
            connections.ready.add(slot);
        }
    }

    private void shutdown(final int slot)
    {
        core.shutdown(connections.handles[slot], nowNs, outbox);
        connections.bits[slot] |= SHUT;
        connections.ready.add(slot);
    }

    private void close(final int slot)
    {
        leave(slot, core.close(connections.handles[slot], nowNs, outbox));
    }

    private void abort(final int slot)
    {
        leave(slot, core.abort(connections.handles[slot], nowNs, outbox));
    }

    /** The user is gone; so is the connection, but for a RST that finds no room just now. */
    private void leave(final int slot, final int result)
    {
        if (result == TcpResult.BACK_PRESSURED)
        {
            connections.bits[slot] |= ABORTING;
            connections.ready.add(slot);
        }
        else
        {
            connections.forget(slot);
        }
    }

    @Override
    public void resume(final long handle)
    {
        final int slot = connections.slot(handle);
        if (slot != NO_SLOT && connections.has(slot, PAUSED))
        {
            connections.bits[slot] &= ~PAUSED;
            connections.ready.add(slot);
        }
    }

    @Override
    public void resumeAccepting()
    {
        // each poll asks anew
    }

    @Override
    public int outputCredit(final long handle)
    {
        final int slot = connections.slot(handle);
        if (slot == NO_SLOT || (connections.bits[slot] & (OPEN_TOLD | SHUT | ENDED | ABORTING)) != OPEN_TOLD)
        {
            return 0;
        }
        final int room = core.writable(handle);
        if (room < core.bufferLength() >> 1)
        {
            watch(slot, room);
        }
        return room;
    }

    /** Sees to it that the connection gets WRITABLE. */
    private void watch(final int slot, final int room)
    {
        connections.bits[slot] |= WATCHED;
        if (room == 0 && core.areBuffersExhausted())
        {
            connections.starved.add(slot);
        }
    }

    @Override
    public int outputBufferLength()
    {
        return core.bufferLength();
    }

    @Override
    public int capacity()
    {
        return core.capacity();
    }

    @Override
    public int active()
    {
        int waiting = 0;
        for (int listener = 0; listener < listeners.count(); listener++)
        {
            waiting += core.acceptable(listener);
        }
        return core.connections() - waiting;
    }

    @Override
    public boolean isGone()
    {
        return packets.isGone();
    }

    @Override
    public void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkDropped", dropped);
        visitor.onCounter("LinkOverruns", overruns);
        visitor.onCounter("TCPHalfOpen", core.halfOpen());
        visitor.onCounter("TCPTimeWait", core.timeWaits());
        visitor.onCounter("TCPBuffers", core.buffersInUse());
        for (final TcpCounter counter : COUNTERS)
        {
            visitor.onCounter(counter.label(), core.counters().get(counter));
        }
        packets.visitCounters(visitor);
    }

    @Override
    public void close()
    {
        if (closed)
        {
            return;
        }
        for (int listener = 0; listener < listeners.count(); listener++)
        {
            unlisten(listener, nowNs);
        }
        for (int slot = 0; slot < core.capacity(); slot++)
        {
            if (connections.handles[slot] != 0)
            {
                abort(slot);
                packets.flush(nowNs);
            }
        }
        packets.flush(nowNs);
        closed = true;
        packets.close();
    }
}
