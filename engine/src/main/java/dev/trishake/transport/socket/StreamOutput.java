// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.socket;

import dev.trishake.session.SessionSlab;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.StreamRecord;
import dev.trishake.transport.StreamResult;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;

/**
 * From the egress ring to the sockets. A record is written from the ring itself; records of one connection in a row are
 * gathered in its output buffer and written at once, and there stays what the socket does not take.
 *
 * <p>Buffers are fewer than connections, so a credit is a promise that needs one: {@link #credit} takes a buffer, and
 * the flush that has emptied the ring gives back those that nothing was left in. A connection that finds none waits
 * for one in the order in which it has asked.
 */
final class StreamOutput implements ControlledMessageHandler
{
    private final Connections connections;
    private final Sockets sockets;
    private final OutputBuffers buffers;
    private final long closeTimeoutNs;
    private OneToOneRingBuffer egress;
    private long nowNs;
    private int left;

    private long bytes;
    private long kept;
    private long stale;
    private long foreign;
    private long overruns;
    private long starvations;
    private long closeTimeouts;

    StreamOutput(final Connections connections, final long closeTimeoutNs)
    {
        this.connections = connections;
        this.sockets = connections.sockets;
        this.buffers = connections.buffers;
        this.closeTimeoutNs = closeTimeoutNs;
    }

    int flush(final OneToOneRingBuffer ring, final long now, final int limit)
    {
        egress = ring;
        nowNs = now;
        left = limit;
        // one read ends where the ring wraps
        final int beforeWrap = ring.controlledRead(this, limit);
        final int taken = beforeWrap == limit ? limit : beforeWrap + ring.controlledRead(this, limit - beforeWrap);
        if (ring.size() == 0)
        {
            while (connections.granted.size() > 0)
            {
                final int slot = connections.granted.first();
                connections.granted.remove(slot);
                connections.releaseBuffer(slot);
            }
        }
        return taken;
    }

    @Override
    public Action onMessage(final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        left--;
        if (length < StreamRecord.PAYLOAD_OFFSET)
        {
            foreign++;
            return Action.CONTINUE;
        }
        final long handle = StreamRecord.handle(buffer, index);
        final int slot = connections.resolveOpen(handle);
        if (slot == SessionSlab.NULL_SLOT)
        {
            stale++;
            return Action.CONTINUE;
        }
        switch (msgTypeId)
        {
            case StreamRecord.DATA -> data(
                slot, buffer, index + StreamRecord.PAYLOAD_OFFSET, length - StreamRecord.PAYLOAD_OFFSET,
                left > 0 && isFollowed(buffer, index, length, handle));
            case StreamRecord.SHUTDOWN -> shutdown(slot);
            case StreamRecord.CLOSE -> close(slot);
            case StreamRecord.ABORT ->
            {
                sockets.resetOnClose(slot, connections.get(slot, Connections.SOCKET));
                connections.release(slot);
            }
            default -> foreign++;
        }
        return Action.CONTINUE;
    }

    int credit(final long handle)
    {
        final int slot = connections.resolveOpen(handle);
        if (slot == SessionSlab.NULL_SLOT ||
            connections.is(slot, Connections.CONNECTING | Connections.SHUT | Connections.DEAD))
        {
            return 0;
        }
        if (!hasBuffer(slot))
        {
            connections.on(slot, Connections.WANTS_CREDIT);
            connections.starved.add(slot);
            return 0;
        }
        connections.starved.remove(slot);
        final int credit = buffers.length() - connections.get(slot, Connections.WAITING);
        if (credit < buffers.length() / 2)
        {
            connections.on(slot, Connections.WANTS_CREDIT);
        }
        else
        {
            connections.off(slot, Connections.WANTS_CREDIT);
        }
        return credit;
    }

    /** Writes what is kept, now that the socket may take it. */
    void drain(final int slot)
    {
        final int waiting = connections.get(slot, Connections.WAITING);
        if (waiting > 0)
        {
            final int head = connections.get(slot, Connections.HEAD);
            final int offset = buffers.offset(connections.get(slot, Connections.BUFFER) - 1) + head;
            final int count = write(slot, buffers.memory(), offset, waiting);
            if (count < 0)
            {
                return;
            }
            connections.set(slot, Connections.HEAD, count == waiting ? 0 : head + count);
            connections.set(slot, Connections.WAITING, waiting - count);
            if (waiting - count <= buffers.length() / 2)
            {
                connections.credit(slot);
            }
            if (count < waiting)
            {
                block(slot);
                return;
            }
        }
        if (connections.get(slot, Connections.BUFFER) != 0)
        {
            connections.granted.add(slot);
        }
        connections.off(slot, Connections.BLOCKED);
        if (connections.is(slot, Connections.CLOSING))
        {
            connections.release(slot);
        }
        else if (connections.is(slot, Connections.SHUT))
        {
            fin(slot);
        }
    }

    /** Resets connections whose last bytes have taken too long; {@return how many} */
    int expire(final long now)
    {
        int count = 0;
        int slot = connections.closing.first();
        while (slot != SessionSlab.NULL_SLOT && now - connections.deadlineNs(slot) >= 0)
        {
            closeTimeouts++;
            count++;
            sockets.resetOnClose(slot, connections.get(slot, Connections.SOCKET));
            connections.release(slot);
            slot = connections.closing.first();
        }
        return count;
    }

    void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkOutBytes", bytes);
        visitor.onCounter("LinkOutKept", kept);
        visitor.onCounter("LinkOutStale", stale);
        visitor.onCounter("LinkOutForeign", foreign);
        visitor.onCounter("LinkOutOverruns", overruns);
        visitor.onCounter("LinkOutNoBuffer", starvations);
        visitor.onCounter("LinkOutBuffersInUse", buffers.inUse());
        visitor.onCounter("LinkCloseTimeouts", closeTimeouts);
    }

    /** Whether the next record in the ring is data of the same connection; where nothing was written yet there is 0. */
    private boolean isFollowed(final DirectBuffer buffer, final int index, final int length, final long handle)
    {
        final int next = BitUtil.align(index + length, RecordDescriptor.ALIGNMENT);
        return next + RecordDescriptor.HEADER_LENGTH + StreamRecord.PAYLOAD_OFFSET <= egress.capacity() &&
            buffer.getInt(RecordDescriptor.lengthOffset(next)) > RecordDescriptor.HEADER_LENGTH &&
            buffer.getInt(RecordDescriptor.typeOffset(next)) == StreamRecord.DATA &&
            StreamRecord.handle(buffer, RecordDescriptor.encodedMsgOffset(next)) == handle;
    }

    private void data(
        final int slot, final DirectBuffer buffer, final int offset, final int length, final boolean followed)
    {
        if (connections.is(slot, Connections.CONNECTING | Connections.SHUT | Connections.DEAD))
        {
            stale++;
            return;
        }
        if (length == 0)
        {
            return;
        }
        int taken = 0;
        final boolean gathering = followed || connections.get(slot, Connections.WAITING) > 0;
        if (!gathering)
        {
            taken = write(slot, buffer, offset, length);
            if (taken < 0 || taken == length)
            {
                return;
            }
        }
        if (!keep(slot, buffer, offset + taken, length - taken))
        {
            overruns++;
            sockets.resetOnClose(slot, connections.get(slot, Connections.SOCKET));
            connections.die(slot, StreamResult.OVERRUN);
        }
        else if (!gathering)
        {
            block(slot);
        }
        else if (!followed && !connections.is(slot, Connections.BLOCKED))
        {
            drain(slot);
        }
    }

    private boolean keep(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        final int waiting = connections.get(slot, Connections.WAITING);
        if (!hasBuffer(slot) || length > buffers.length() - waiting)
        {
            return false;
        }
        connections.granted.remove(slot);
        connections.set(slot, Connections.HEAD, buffers.append(
            connections.get(slot, Connections.BUFFER) - 1, connections.get(slot, Connections.HEAD), waiting,
            buffer, offset, length));
        connections.set(slot, Connections.WAITING, waiting + length);
        return true;
    }

    private boolean hasBuffer(final int slot)
    {
        if (connections.get(slot, Connections.BUFFER) == 0)
        {
            final int acquired = buffers.acquire();
            if (acquired == OutputBuffers.NONE)
            {
                starvations++;
                return false;
            }
            connections.set(slot, Connections.BUFFER, acquired + 1);
            connections.granted.add(slot);
        }
        return true;
    }

    private int write(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        final int count = sockets.write(slot, connections.get(slot, Connections.SOCKET), buffer, offset, length);
        if (count >= 0)
        {
            bytes += count;
        }
        else if (connections.is(slot, Connections.CLOSING))
        {
            connections.release(slot);
        }
        else
        {
            fail(slot, count);
        }
        return count;
    }

    /** Nothing can be written any more; what the peer has said before is read all the same, and then why. */
    private void fail(final int slot, final int reason)
    {
        connections.granted.remove(slot);
        connections.releaseBuffer(slot);
        connections.set(slot, Connections.REASON, reason);
        connections.on(slot, Connections.SHUT | Connections.FAILED | Connections.READABLE);
        connections.off(slot, Connections.BLOCKED);
        connections.ready.add(slot);
    }

    private void block(final int slot)
    {
        if (!connections.is(slot, Connections.BLOCKED))
        {
            kept++;
            connections.on(slot, Connections.BLOCKED);
        }
        sockets.interest(
            slot, connections.get(slot, Connections.SOCKET), connections.handle(slot),
            !connections.is(slot, Connections.PAUSED | Connections.CLOSING), true);
    }

    private void shutdown(final int slot)
    {
        if (connections.is(slot, Connections.SHUT | Connections.CONNECTING | Connections.DEAD))
        {
            return;
        }
        connections.starved.remove(slot);
        connections.on(slot, Connections.SHUT);
        if (connections.get(slot, Connections.WAITING) == 0)
        {
            fin(slot);
        }
    }

    private void fin(final int slot)
    {
        if (!connections.is(slot, Connections.FIN_SENT))
        {
            connections.on(slot, Connections.FIN_SENT);
            sockets.shutdown(slot, connections.get(slot, Connections.SOCKET));
            connections.ready.add(slot);
        }
    }

    private void close(final int slot)
    {
        if (connections.get(slot, Connections.WAITING) == 0 || connections.is(slot, Connections.DEAD))
        {
            connections.release(slot);
            return;
        }
        connections.on(slot, Connections.CLOSING);
        connections.deadlineNs(slot, nowNs + closeTimeoutNs);
        connections.starved.remove(slot);
        connections.closing.add(slot);
    }
}
