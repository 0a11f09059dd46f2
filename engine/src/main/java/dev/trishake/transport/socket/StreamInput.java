// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.socket;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamRecord;
import dev.trishake.transport.StreamResult;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;

/**
 * From the sockets to the ingress ring: serves the connections for which something can be done, each once in turn.
 *
 * <p>How much there is to read is known only once it is read, and a claim in Agrona's ring can't be made shorter
 * afterwards: so it is read into a buffer of the link and copied.
 */
final class StreamInput
{
    private static final int MAX_READ = 1 << 16;
    /** Less room than this is as good as none: a read costs the same. */
    private static final int MIN_READ = 1 << 10;

    private final Connections connections;
    private final Sockets sockets;
    private final StreamOutput output;
    private final StreamCredits credits;
    private final FourTuple tuple = new FourTuple();
    private final UnsafeBuffer record =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(StreamRecord.PAYLOAD_OFFSET + MAX_READ, Long.BYTES));
    private OneToOneRingBuffer ingress;

    private long bytes;
    private long opened;
    private long refused;
    private long ended;
    private long reset;
    private long paused;
    private long ringFull;

    StreamInput(final Connections connections, final StreamOutput output, final StreamCredits credits)
    {
        this.connections = connections;
        this.sockets = connections.sockets;
        this.output = output;
        this.credits = credits;
    }

    /** {@return how many connections were served} */
    int serve(final OneToOneRingBuffer ring, final int limit)
    {
        ingress = ring;
        final int count = Math.min(limit, connections.ready.size());
        for (int served = 0; served < count; served++)
        {
            final int slot = connections.ready.first();
            if (slot == SessionSlab.NULL_SLOT)
            {
                return served; // a connection ended, and took another one's turn with it
            }
            if (!serve(slot))
            {
                ringFull++;
                return served;
            }
        }
        return count;
    }

    /** {@return whether a ring has room for a message, wherever it wraps} */
    static boolean hasRoom(final OneToOneRingBuffer ring, final int length)
    {
        final int required = BitUtil.align(length + RecordDescriptor.HEADER_LENGTH, RecordDescriptor.ALIGNMENT) +
            RecordDescriptor.HEADER_LENGTH;
        return 2L * required <= ring.capacity() - ring.size();
    }

    void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkInBytes", bytes);
        visitor.onCounter("LinkActiveOpens", opened);
        visitor.onCounter("LinkAttemptFails", refused);
        visitor.onCounter("LinkEnded", ended);
        visitor.onCounter("LinkFailed", reset);
        visitor.onCounter("LinkPaused", paused);
        visitor.onCounter("LinkInRingFull", ringFull);
    }

    /** {@return false when the ring has no room: then the connection has kept its turn} */
    private boolean serve(final int slot)
    {
        if (connections.is(slot, Connections.CONNECTING))
        {
            return open(slot);
        }
        if (connections.is(slot, Connections.WRITABLE))
        {
            connections.off(slot, Connections.WRITABLE);
            if (connections.is(slot, Connections.BLOCKED))
            {
                final long handle = connections.handle(slot);
                output.drain(slot);
                if (connections.resolve(handle) != slot)
                {
                    return true; // its last bytes were written, or can't be
                }
            }
        }
        if (connections.is(slot, Connections.CLOSING))
        {
            return leave(slot);
        }
        if (connections.is(slot, Connections.DEAD))
        {
            return closed(slot, connections.get(slot, Connections.REASON));
        }
        if (connections.is(slot, Connections.OWES_WRITABLE) && !writable(slot))
        {
            return false;
        }
        final boolean wanted =
            !connections.is(slot, Connections.PAUSED) || connections.is(slot, Connections.FAILED);
        return wanted && connections.is(slot, Connections.READABLE) && !connections.is(slot, Connections.ENDED) ?
            read(slot) : settle(slot);
    }

    /** Whatever a connection is waiting for now, it is not this thread. */
    private boolean settle(final int slot)
    {
        if (connections.is(slot, Connections.ENDED))
        {
            if (connections.is(slot, Connections.FAILED))
            {
                return closed(slot, why(slot));
            }
            if (connections.is(slot, Connections.FIN_SENT))
            {
                return closed(slot, StreamResult.OK);
            }
        }
        connections.ready.remove(slot);
        return true;
    }

    private boolean leave(final int slot)
    {
        if (connections.is(slot, Connections.FAILED))
        {
            connections.release(slot);
        }
        else
        {
            connections.ready.remove(slot);
        }
        return true;
    }

    private boolean open(final int slot)
    {
        if (!hasRoom(ingress, StreamRecord.OPENED_LENGTH))
        {
            return false;
        }
        final int socket = connections.get(slot, Connections.SOCKET);
        final int result = connections.is(slot, Connections.WRITABLE | Connections.FAILED) ?
            sockets.finishConnect(slot, socket) : StreamResult.BACK_PRESSURED;
        connections.off(slot, Connections.WRITABLE);
        if (result == StreamResult.BACK_PRESSURED)
        {
            connections.ready.remove(slot);
            return true;
        }
        if (result != StreamResult.OK)
        {
            refused++;
            return closed(slot, result);
        }
        opened++;
        connections.off(slot, Connections.CONNECTING);
        connections.loadTuple(slot, tuple);
        sockets.localAddress(slot, socket, tuple);
        final int index = ingress.tryClaim(StreamRecord.OPENED, StreamRecord.OPENED_LENGTH);
        StreamRecord.putOpened(ingress.buffer(), index, connections.handle(slot), StreamRecord.CONNECTED, tuple);
        ingress.commit(index);
        sockets.interest(slot, socket, connections.handle(slot), true, false);
        if (!connections.is(slot, Connections.READABLE))
        {
            connections.ready.remove(slot);
        }
        return true;
    }

    private boolean writable(final int slot)
    {
        if (!hasRoom(ingress, StreamRecord.PAYLOAD_OFFSET))
        {
            return false;
        }
        connections.off(slot, Connections.OWES_WRITABLE);
        if (!connections.is(slot, Connections.SHUT))
        {
            signal(slot, StreamRecord.WRITABLE);
        }
        return true;
    }

    private boolean read(final int slot)
    {
        if (!hasRoom(ingress, Math.min(MIN_READ, ingress.maxMsgLength())))
        {
            return false;
        }
        final int socket = connections.get(slot, Connections.SOCKET);
        final long handle = connections.handle(slot);
        final int credit = credits.inputCredit(handle);
        if (credit <= 0)
        {
            return pause(slot, socket, handle);
        }
        final int room = (ingress.capacity() - ingress.size()) / 2 - 4 * RecordDescriptor.HEADER_LENGTH;
        final int limit = Math.min(Math.min(MAX_READ, room), ingress.maxMsgLength() - StreamRecord.PAYLOAD_OFFSET);
        final int length = Math.min(credit, limit);
        final int count = sockets.read(slot, socket, record, StreamRecord.PAYLOAD_OFFSET, length);
        if (count > 0)
        {
            bytes += count;
            StreamRecord.putHandle(record, 0, handle);
            final boolean written =
                ingress.write(StreamRecord.DATA, record, 0, StreamRecord.PAYLOAD_OFFSET + count);
            assert written : "there was room";
        }
        else if (count == Sockets.END)
        {
            ended++;
            connections.on(slot, Connections.ENDED);
            signal(slot, StreamRecord.END);
            return settle(slot);
        }
        else if (count < 0)
        {
            return closed(slot, count);
        }
        // a read that is not filled has found the end of what there is, epoll(7); its own news come again
        connections.ready.remove(slot);
        if (count == length || (count > 0 && connections.is(slot, Connections.PEER_ENDING | Connections.FAILED)))
        {
            connections.ready.add(slot);
        }
        else if (connections.is(slot, Connections.FAILED))
        {
            return closed(slot, why(slot));
        }
        else
        {
            connections.off(slot, Connections.READABLE);
        }
        return true;
    }

    private boolean pause(final int slot, final int socket, final long handle)
    {
        if (connections.is(slot, Connections.FAILED))
        {
            return closed(slot, why(slot)); // what could still be read nobody wants
        }
        paused++;
        connections.on(slot, Connections.PAUSED);
        connections.ready.remove(slot);
        sockets.interest(slot, socket, handle, false, connections.is(slot, Connections.BLOCKED));
        return true;
    }

    private int why(final int slot)
    {
        final int known = connections.get(slot, Connections.REASON);
        return known != StreamResult.OK ? known : sockets.error(slot, connections.get(slot, Connections.SOCKET));
    }

    private boolean closed(final int slot, final int reason)
    {
        if (!hasRoom(ingress, StreamRecord.CLOSED_LENGTH))
        {
            connections.die(slot, reason);
            return false;
        }
        reset += reason == StreamResult.OK ? 0 : 1;
        final int index = ingress.tryClaim(StreamRecord.CLOSED, StreamRecord.CLOSED_LENGTH);
        StreamRecord.putClosed(ingress.buffer(), index, connections.handle(slot), reason);
        ingress.commit(index);
        connections.release(slot);
        return true;
    }

    private void signal(final int slot, final int type)
    {
        final int index = ingress.tryClaim(type, StreamRecord.PAYLOAD_OFFSET);
        StreamRecord.putHandle(ingress.buffer(), index, connections.handle(slot));
        ingress.commit(index);
    }
}
