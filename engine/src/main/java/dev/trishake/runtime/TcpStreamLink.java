// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outbox;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SlotQueue;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpCounter;
import dev.trishake.tcp.TcpEvents;
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
    private static final int NO_SLOT = -1;
    private static final TcpCounter[] COUNTERS = TcpCounter.values();

    /** Bits of a connection. */
    private static final int OPEN_TOLD = 1;
    private static final int END_TOLD = 1 << 1;
    private static final int SHUT = 1 << 2;
    private static final int PAUSED = 1 << 3;
    private static final int WATCHED = 1 << 4;
    private static final int ENDED = 1 << 5;
    private static final int ABORTING = 1 << 6;

    private final StreamCredits credits;
    private final TcpAddresses addresses;
    private final TcpCore core;
    private final TcpPackets packets;
    private final Outbox outbox;
    private final ControlledMessageHandler onEgress = this::onEgress;
    private final TcpListeners listeners;
    private final SlotQueue ready;
    private final long[] handles;
    private final int[] bits;
    private final int[] reasons;
    private final FourTuple tuple = new FourTuple();
    private int open;
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
        core = new TcpCore(config, new Events(), nowNs);
        this.packets = new TcpPackets(packets, core);
        outbox = this.packets.outbox();
        listeners = new TcpListeners(core);
        final int capacity = core.capacity();
        ready = new SlotQueue(capacity);
        handles = new long[capacity];
        bits = new int[capacity];
        reasons = new int[capacity];
    }

    /**
     * {@return the core, for its counters and states}
     */
    public TcpCore core()
    {
        return core;
    }

    /** What the core says: who wants a turn. */
    private final class Events implements TcpEvents
    {
        @Override
        public void onAcceptable(final int listener, final long nowNs)
        {
            listeners.setAcceptable(listener, true);
        }

        @Override
        public void onEstablished(final long handle, final long nowNs)
        {
            wake(handle);
        }

        @Override
        public void onReadable(final long handle, final long nowNs)
        {
            wake(handle);
        }

        @Override
        public void onWritable(final long handle, final long nowNs)
        {
            wake(handle);
        }

        @Override
        public void onClosed(final long handle, final int reason, final long nowNs)
        {
            final int slot = slot(handle);
            if (slot != NO_SLOT)
            {
                bits[slot] |= ENDED;
                reasons[slot] = reason;
                ready.add(slot);
            }
        }

        private void wake(final long handle)
        {
            final int slot = slot(handle);
            if (slot != NO_SLOT)
            {
                ready.add(slot);
            }
        }
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
        if (open == handles.length)
        {
            return StreamResult.NO_CAPACITY;
        }
        addresses.complete(tuple);
        final long handle = core.connect(tuple, nowNs, outbox);
        if (handle > 0)
        {
            begin(handle, 0);
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
        return work + accept(ingress, limit) + serve(ingress, limit);
    }

    private int accept(final OneToOneRingBuffer ingress, final int limit)
    {
        int count = 0;
        for (int listener = 0; listener < listeners.count(); listener++)
        {
            while (count < limit && listeners.isAcceptable(listener) && open < handles.length &&
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
                begin(handle, OPEN_TOLD);
                ready.add((int)handle); // what came before it was accepted
                count++;
            }
        }
        return count;
    }

    private void begin(final long handle, final int initialBits)
    {
        final int slot = (int)handle;
        handles[slot] = handle;
        bits[slot] = initialBits;
        open++;
    }

    private void forget(final int slot)
    {
        handles[slot] = 0;
        bits[slot] = 0;
        open--;
    }

    private int serve(final OneToOneRingBuffer ingress, final int limit)
    {
        int count = 0;
        for (int turns = ready.size(); turns > 0 && count < limit; turns--)
        {
            final int slot = ready.remove();
            final int moved = handles[slot] == 0 ? 0 : serve(slot, ingress);
            count += Math.abs(moved);
            if (moved != 0)
            {
                ready.add(slot); // there may be more
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
        final long handle = handles[slot];
        if (has(slot, ABORTING))
        {
            abort(slot);
            return has(slot, ABORTING) ? 1 : 0;
        }
        if (!has(slot, OPEN_TOLD))
        {
            return core.state(handle) == TcpState.SYN_SENT && !has(slot, ENDED) ? 0 :
                (has(slot, ENDED) ? tellClosed(slot, ingress) : tellOpened(slot, ingress));
        }
        if (has(slot, WATCHED) && core.writable(handle) >= core.bufferLength() >> 1)
        {
            if (!StreamRecords.write(ingress, StreamRecord.WRITABLE, handle))
            {
                return -1;
            }
            bits[slot] &= ~WATCHED;
            return 1;
        }
        final int readable = core.readable(handle);
        if (readable > 0)
        {
            return moveData(slot, readable, ingress);
        }
        final int result = has(slot, END_TOLD) ? 0 : core.receive(handle, ingress.buffer(), 0, 0, nowNs, outbox);
        if (result == TcpResult.END_OF_STREAM)
        {
            if (!StreamRecords.write(ingress, StreamRecord.END, handle))
            {
                return -1;
            }
            bits[slot] |= END_TOLD;
            return 1;
        }
        return isOver(slot, result) ? tellClosed(slot, ingress) : 0;
    }

    /** A connection that was not ours yet when it ended has told nobody: the core says it when it is read. */
    private boolean isOver(final int slot, final int result)
    {
        if (result < 0 && !has(slot, ENDED))
        {
            bits[slot] |= ENDED;
            reasons[slot] = result;
        }
        return has(slot, ENDED) && (reasons[slot] != StreamResult.OK || (has(slot, END_TOLD) && has(slot, SHUT)));
    }

    private int moveData(final int slot, final int readable, final OneToOneRingBuffer ingress)
    {
        final long handle = handles[slot];
        if (has(slot, PAUSED))
        {
            return has(slot, ENDED) && reasons[slot] != StreamResult.OK ? tellClosed(slot, ingress) : 0;
        }
        final int credit = credits.inputCredit(handle);
        if (credit <= 0)
        {
            bits[slot] |= PAUSED;
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
        core.tuple(handles[slot], tuple);
        if (!StreamRecords.writeOpened(ingress, handles[slot], StreamRecord.CONNECTED, tuple))
        {
            return -1;
        }
        bits[slot] |= OPEN_TOLD;
        return 1;
    }

    private int tellClosed(final int slot, final OneToOneRingBuffer ingress)
    {
        if (!StreamRecords.writeClosed(ingress, handles[slot], reasons[slot]))
        {
            return -1;
        }
        core.abort(handles[slot], nowNs, outbox); // it is closed: nothing is sent
        forget(slot);
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
        final int slot = length < StreamRecord.PAYLOAD_OFFSET ? NO_SLOT : slot(StreamRecord.handle(buffer, index));
        if (slot == NO_SLOT || has(slot, ABORTING))
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
        if (has(slot, ENDED))
        {
            dropped++;
            return;
        }
        if (!has(slot, OPEN_TOLD) || core.send(handles[slot], buffer, offset, length, nowNs, outbox) != length)
        {
            overruns++;
            core.abort(handles[slot], nowNs, outbox);
            bits[slot] |= ENDED;
            reasons[slot] = StreamResult.OVERRUN;
            ready.add(slot);
        }
    }

    private void shutdown(final int slot)
    {
        core.shutdown(handles[slot], nowNs, outbox);
        bits[slot] |= SHUT;
        ready.add(slot);
    }

    private void close(final int slot)
    {
        if (core.close(handles[slot], nowNs, outbox) == TcpResult.BACK_PRESSURED)
        {
            bits[slot] |= ABORTING; // bytes are unread, so it is a RST, and that finds no room just now
            ready.add(slot);
        }
        else
        {
            forget(slot);
        }
    }

    private void abort(final int slot)
    {
        if (core.abort(handles[slot], nowNs, outbox) == TcpResult.BACK_PRESSURED)
        {
            bits[slot] |= ABORTING;
            ready.add(slot);
        }
        else
        {
            forget(slot);
        }
    }

    @Override
    public void resume(final long handle)
    {
        final int slot = slot(handle);
        if (slot != NO_SLOT && has(slot, PAUSED))
        {
            bits[slot] &= ~PAUSED;
            ready.add(slot);
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
        final int slot = slot(handle);
        if (slot == NO_SLOT || (bits[slot] & (OPEN_TOLD | SHUT | ENDED | ABORTING)) != OPEN_TOLD)
        {
            return 0;
        }
        final int room = core.writable(handle);
        if (room < core.bufferLength() >> 1)
        {
            bits[slot] |= WATCHED;
        }
        return room;
    }

    @Override
    public int outputBufferLength()
    {
        return core.bufferLength();
    }

    @Override
    public int capacity()
    {
        return handles.length;
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
        for (int slot = 0; slot < handles.length; slot++)
        {
            if (handles[slot] != 0)
            {
                abort(slot);
                packets.flush(nowNs);
            }
        }
        packets.flush(nowNs);
        closed = true;
        packets.close();
    }

    private boolean has(final int slot, final int bit)
    {
        return (bits[slot] & bit) != 0;
    }

    private int slot(final long handle)
    {
        final int slot = (int)handle;
        return handle > 0 && slot >= 0 && slot < handles.length && handles[slot] == handle ? slot : NO_SLOT;
    }
}
