// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.session.SlotQueue;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamRecord;
import dev.trishake.transport.StreamRecords;
import dev.trishake.transport.StreamResult;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A network of two hosts without loss: what one end connects to, the other accepts; what one end sends, the other
 * receives. Both ends are used on one thread, and the same calls give the same records.
 *
 * <p>A connection's output buffer is the wire: bytes stay there until the other end polls them, so its credit is what
 * the other end has not read. It ends as a socket of the kernel does: closed with bytes unread, or written to after the
 * other end has closed, it is reset.
 */
public final class LoopbackStreamLink implements StreamLink
{
    private static final int NONE = SessionSlab.NULL_SLOT;
    private static final int FIRST_EPHEMERAL_PORT = 32768;
    private static final int EPHEMERAL_PORTS = 28232;

    private final StreamCredits credits;
    private final int bufferLength;
    private final SessionSlab slots;
    private final LoopbackConnection[] connections;
    private final SlotQueue ready;
    private final LoopbackListeners listeners;
    private final ControlledMessageHandler onEgress = this::onEgress;
    private LoopbackStreamLink peer;
    private boolean closed;
    private int ephemeral;
    private long opened;
    private long dropped;
    private long overruns;

    private LoopbackStreamLink(final StreamCredits credits, final int capacity, final int bufferLength)
    {
        this.credits = credits;
        this.bufferLength = bufferLength;
        slots = new SessionSlab(capacity, Long.BYTES);
        ready = new SlotQueue(capacity);
        listeners = new LoopbackListeners(credits);
        connections = new LoopbackConnection[capacity];
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity * bufferLength));
        Arrays.setAll(connections, i -> new LoopbackConnection(i, memory, i * bufferLength, bufferLength));
    }

    /**
     * {@return one end; the other is its {@link #peer()}}
     *
     * @param ours         credits of the end that is returned
     * @param theirs       credits of the other one
     * @param capacity     connections of each end
     * @param bufferLength bytes under way of a connection in one direction, a power of two
     */
    public static LoopbackStreamLink pair(
        final StreamCredits ours, final StreamCredits theirs, final int capacity, final int bufferLength)
    {
        final LoopbackStreamLink one = new LoopbackStreamLink(ours, capacity, bufferLength);
        final LoopbackStreamLink two = new LoopbackStreamLink(theirs, capacity, bufferLength);
        one.peer = two;
        two.peer = one;
        return one;
    }

    /**
     * {@return the other end}
     */
    public LoopbackStreamLink peer()
    {
        return peer;
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
        for (long waiting = listeners.dequeue(listener); waiting != 0; waiting = listeners.dequeue(listener))
        {
            final int slot = peer.resolve(waiting);
            if (slot != NONE)
            {
                peer.reset(peer.connections[slot]);
            }
        }
        listeners.close(listener);
    }

    @Override
    public long connect(final FourTuple tuple, final long nowNs)
    {
        final int slot = closed ? NONE : slots.acquire();
        if (slot == NONE)
        {
            return StreamResult.NO_CAPACITY;
        }
        if (tuple.localPort() == 0)
        {
            final boolean anyAddress = (tuple.localHigh() | tuple.localLow()) == 0;
            tuple.local(anyAddress ? tuple.remoteHigh() : tuple.localHigh(),
                anyAddress ? tuple.remoteLow() : tuple.localLow(), FIRST_EPHEMERAL_PORT + ephemeral);
            ephemeral = (ephemeral + 1) % EPHEMERAL_PORTS;
        }
        final LoopbackConnection connection = connections[slot];
        connection.begin(handle(slot), tuple);
        ready.add(slot);
        return connection.handle;
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        if (closed)
        {
            return 0;
        }
        int moved = accept(ingress, limit);
        boolean full = false;
        for (int turns = ready.size(); turns > 0 && moved < limit && !full; turns--)
        {
            final LoopbackConnection connection = connections[ready.remove()];
            final int before = moved;
            moved += connection.isReleased() ? 0 : move(connection, ingress);
            full = moved < before;
            moved = Math.max(moved, before);
            if (full || hasMore(connection))
            {
                ready.add(connection.slot);
            }
        }
        return moved;
    }

    /** {@return the connections that wait and fit are handed over, how many} */
    private int accept(final OneToOneRingBuffer ingress, final int limit)
    {
        int count = 0;
        for (int listener = 0; listener < listeners.count(); listener++)
        {
            while (count < limit && listeners.mayAccept(listener))
            {
                final int theirs = peer.resolve(listeners.first(listener));
                if (theirs == NONE)
                {
                    listeners.dequeue(listener); // it was aborted while it waited
                    continue;
                }
                final int index = slots.active() < slots.capacity() ?
                    ingress.tryClaim(StreamRecord.OPENED, StreamRecord.OPENED_LENGTH) : 0;
                if (index <= 0)
                {
                    return count;
                }
                listeners.dequeue(listener);
                final LoopbackConnection other = peer.connections[theirs];
                final LoopbackConnection connection = connections[slots.acquire()];
                connection.begin(handle(connection.slot), other.swapped());
                connection.isOpen = true;
                connection.peer = other;
                other.peer = connection;
                ready.add(connection.slot);
                opened++;
                StreamRecord.putOpened(ingress.buffer(), index, connection.handle, listener, connection.tuple);
                ingress.commit(index);
                count++;
            }
        }
        return count;
    }

    /** {@return 1 when a record was moved, 0 when there is none just now, -1 when the ring is full} */
    private int move(final LoopbackConnection connection, final OneToOneRingBuffer ingress)
    {
        if (connection.isEnding)
        {
            return tellClosed(connection, ingress);
        }
        if (!connection.isOpen)
        {
            return open(connection, ingress);
        }
        if (connection.isUserClosed)
        {
            return 0;
        }
        if (connection.isWatched && connection.room() >= bufferLength / 2)
        {
            final int told = tell(StreamRecord.WRITABLE, connection, ingress);
            connection.isWatched = told < 0;
            return told;
        }
        return connection.hasInput() ? moveData(connection, ingress) :
            (connection.hasEnd() ? tellEnd(connection, ingress) : 0);
    }

    /** A listener's queue takes a connection at once; while it is full, the other end's SYN is dropped, as it were. */
    private int open(final LoopbackConnection connection, final OneToOneRingBuffer ingress)
    {
        final int listener = peer.closed ? NONE : peer.listeners.find(connection.tuple);
        if (listener == NONE)
        {
            connection.end(StreamResult.REFUSED);
            return tellClosed(connection, ingress);
        }
        if (peer.listeners.isFull(listener))
        {
            return 0;
        }
        if (!StreamRecords.writeOpened(ingress, connection.handle, StreamRecord.CONNECTED, connection.tuple))
        {
            return -1;
        }
        peer.listeners.enqueue(listener, connection.handle);
        connection.isOpen = true;
        opened++;
        return 1;
    }

    private int moveData(final LoopbackConnection connection, final OneToOneRingBuffer ingress)
    {
        final int credit = credits.inputCredit(connection.handle);
        if (credit <= 0)
        {
            connection.isPaused = true;
            return 0;
        }
        final LoopbackConnection other = connection.peer;
        final int length = Math.min(
            Math.min(credit, other.length), ingress.maxMsgLength() - StreamRecord.PAYLOAD_OFFSET);
        final int index = ingress.tryClaim(StreamRecord.DATA, StreamRecord.PAYLOAD_OFFSET + length);
        if (index <= 0)
        {
            return -1;
        }
        StreamRecord.putHandle(ingress.buffer(), index, connection.handle);
        other.read(ingress.buffer(), index + StreamRecord.PAYLOAD_OFFSET, length);
        ingress.commit(index);
        peer.ready.add(other.slot); // it may be writable again
        return 1;
    }

    private int tellEnd(final LoopbackConnection connection, final OneToOneRingBuffer ingress)
    {
        final int told = tell(StreamRecord.END, connection, ingress);
        if (told > 0)
        {
            connection.isEndTold = true;
            final LoopbackConnection other = connection.peer;
            if (other.isUserClosed)
            {
                peer.release(other);
                connection.peer = null;
            }
            finish(connection);
        }
        return told;
    }

    /** Both sides have ended and both know: the connection is over. */
    private void finish(final LoopbackConnection connection)
    {
        final LoopbackConnection other = connection.peer;
        if (connection.isEndTold && connection.isShut && (other == null || other.isEndTold))
        {
            connection.end(StreamResult.OK);
            ready.add(connection.slot);
            if (other != null)
            {
                other.end(StreamResult.OK);
                peer.ready.add(other.slot);
            }
        }
    }

    private int tellClosed(final LoopbackConnection connection, final OneToOneRingBuffer ingress)
    {
        if (!StreamRecords.writeClosed(ingress, connection.handle, connection.reason))
        {
            return -1;
        }
        release(connection);
        return 1;
    }

    private static int tell(
        final int msgTypeId, final LoopbackConnection connection, final OneToOneRingBuffer ingress)
    {
        return StreamRecords.write(ingress, msgTypeId, connection.handle) ? 1 : -1;
    }

    private boolean hasMore(final LoopbackConnection connection)
    {
        return !connection.isReleased() && (connection.isEnding || !connection.isOpen ||
            (!connection.isUserClosed && (connection.hasInput() || connection.hasEnd())));
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        return closed ? 0 : Rings.drain(egress, onEgress, limit);
    }

    private ControlledMessageHandler.Action onEgress(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int slot = length < StreamRecord.PAYLOAD_OFFSET ? NONE : resolve(StreamRecord.handle(buffer, index));
        final LoopbackConnection connection = slot == NONE ? null : connections[slot];
        if (connection == null || connection.isUserClosed || connection.isEnding)
        {
            dropped++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        switch (msgTypeId)
        {
            case StreamRecord.DATA ->
                send(connection, buffer, index + StreamRecord.PAYLOAD_OFFSET, length - StreamRecord.PAYLOAD_OFFSET);
            case StreamRecord.SHUTDOWN -> shutdown(connection);
            case StreamRecord.CLOSE -> close(connection);
            case StreamRecord.ABORT -> abort(connection);
            default -> dropped++;
        }
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private void send(
        final LoopbackConnection connection, final MutableDirectBuffer buffer, final int offset, final int length)
    {
        if (!connection.isOpen || connection.isShut || length > connection.room())
        {
            overruns++;
            final LoopbackConnection other = connection.peer;
            connection.peer = null;
            connection.end(StreamResult.OVERRUN);
            ready.add(connection.slot);
            peer.reset(other);
        }
        else if (connection.isOtherGone())
        {
            connection.end(StreamResult.RESET);
            ready.add(connection.slot);
        }
        else
        {
            connection.write(buffer, offset, length);
            peer.wake(connection.peer);
        }
    }

    private void shutdown(final LoopbackConnection connection)
    {
        connection.isShut = true;
        peer.wake(connection.peer);
        finish(connection);
    }

    private void close(final LoopbackConnection connection)
    {
        final LoopbackConnection other = connection.peer;
        if (!connection.isOpen || (other == null && connection.isEndTold))
        {
            release(connection);
        }
        else if (other != null && (other.length > 0 || other.isUserClosed))
        {
            abort(connection); // RFC 1122 4.2.2.13: bytes that nobody will read
        }
        else if (other != null && connection.isShut && other.isEndTold)
        {
            other.peer = null; // it knows that we have ended; nobody is left to read what it may still send
            release(connection);
            peer.wake(other);
        }
        else
        {
            connection.isUserClosed = true;
            connection.isShut = true;
            peer.wake(other);
        }
    }

    private void abort(final LoopbackConnection connection)
    {
        final LoopbackConnection other = connection.peer;
        release(connection);
        peer.reset(other);
    }

    private void reset(final LoopbackConnection connection)
    {
        if (connection == null)
        {
            return;
        }
        connection.peer = null;
        if (connection.isUserClosed)
        {
            release(connection);
        }
        else
        {
            connection.end(StreamResult.RESET);
            ready.add(connection.slot);
        }
    }

    private void wake(final LoopbackConnection connection)
    {
        if (connection != null)
        {
            ready.add(connection.slot);
        }
    }

    private void release(final LoopbackConnection connection)
    {
        connection.clear();
        slots.release(connection.slot);
    }

    @Override
    public void resume(final long handle)
    {
        final int slot = resolve(handle);
        if (slot != NONE && connections[slot].isPaused)
        {
            connections[slot].isPaused = false;
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
        final int slot = resolve(handle);
        if (slot == NONE || !connections[slot].takesData())
        {
            return 0;
        }
        final int room = connections[slot].room();
        if (room < bufferLength / 2)
        {
            connections[slot].isWatched = true;
        }
        return room;
    }

    @Override
    public int outputBufferLength()
    {
        return bufferLength;
    }

    @Override
    public int capacity()
    {
        return slots.capacity();
    }

    @Override
    public int active()
    {
        return slots.active();
    }

    @Override
    public void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkOpened", opened);
        visitor.onCounter("LinkDropped", dropped);
        visitor.onCounter("LinkOverruns", overruns);
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
            unlisten(listener, 0);
        }
        for (final LoopbackConnection connection : connections)
        {
            if (!connection.isReleased())
            {
                abort(connection);
            }
        }
        closed = true;
    }

    /** The generation's highest bit is left out, so that handles are positive. */
    private long handle(final int slot)
    {
        return slots.handle(slot) & Long.MAX_VALUE;
    }

    private int resolve(final long handle)
    {
        final int slot = (int)handle;
        return handle > 0 && slot >= 0 && slot < connections.length && connections[slot].handle == handle ?
            slot : NONE;
    }
}
