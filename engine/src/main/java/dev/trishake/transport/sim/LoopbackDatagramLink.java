// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.DatagramRecord;
import dev.trishake.transport.ListenException;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A network of two hosts: what one end sends, the other receives, in order and unchanged, at the socket that is bound to
 * the port. While the other end's buffer is full, datagrams stay in the egress ring. What is sent to a port without a
 * socket, or is too long, is dropped and counted. Both ends are used on one thread.
 */
public final class LoopbackDatagramLink implements DatagramLink
{
    private static final int NONE = -1;
    private static final int FIRST_CHOSEN_PORT = 40_000;

    private final OneToOneRingBuffer inbox;
    private final int maxLength;
    private final List<InetSocketAddress> sockets = new ArrayList<>();
    private final FourTuple tuple = new FourTuple();
    private final FourTuple swapped = new FourTuple();
    private final ControlledMessageHandler onEgress = this::onEgress;
    private final ControlledMessageHandler onInbox = this::onInbox;
    private OneToOneRingBuffer ingress;
    private LoopbackDatagramLink peer;
    private boolean closed;
    private long received;
    private long sent;
    private long dropped;

    private LoopbackDatagramLink(final int capacity, final int maxLength)
    {
        this.inbox = Rings.ofCapacity(capacity);
        this.maxLength = maxLength;
    }

    /**
     * {@return one end; the other is its {@link #peer()}}
     *
     * @param capacity  bytes under way in one direction, a power of two
     * @param maxLength of a datagram; an eighth of the capacity, less a record's header, at most
     */
    public static LoopbackDatagramLink pair(final int capacity, final int maxLength)
    {
        final LoopbackDatagramLink one = new LoopbackDatagramLink(capacity, maxLength);
        final LoopbackDatagramLink two = new LoopbackDatagramLink(capacity, maxLength);
        one.peer = two;
        two.peer = one;
        return one;
    }

    /**
     * {@return the other end}
     */
    public LoopbackDatagramLink peer()
    {
        return peer;
    }

    @Override
    public int bind(final InetSocketAddress address)
    {
        final int port = address.getPort() == 0 ? FIRST_CHOSEN_PORT + sockets.size() : address.getPort();
        if (find(port) != NONE)
        {
            throw ListenException.addressInUse(address);
        }
        sockets.add(new InetSocketAddress(address.getAddress(), port));
        return sockets.size() - 1;
    }

    @Override
    public InetSocketAddress localAddress(final int socket)
    {
        return sockets.get(socket);
    }

    @Override
    public int maxLength()
    {
        return maxLength;
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        this.ingress = ingress;
        return closed ? 0 : Rings.drain(inbox, onInbox, limit);
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        return closed ? 0 : Rings.drain(egress, onEgress, limit);
    }

    private ControlledMessageHandler.Action onInbox(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        if (length > ingress.maxMsgLength())
        {
            dropped++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        if (!ingress.write(DatagramRecord.DATAGRAM, buffer, index, length))
        {
            return ControlledMessageHandler.Action.ABORT;
        }
        received++;
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private ControlledMessageHandler.Action onEgress(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int payloadLength = length - DatagramRecord.PAYLOAD_OFFSET;
        if (msgTypeId != DatagramRecord.DATAGRAM || payloadLength < 0 || payloadLength > maxLength || peer.closed)
        {
            dropped++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        final long from = DatagramRecord.socket(buffer, index);
        DatagramRecord.tuple(buffer, index, tuple);
        final int socket = peer.find(tuple.remotePort());
        if (from < 0 || from >= sockets.size() || socket == NONE)
        {
            dropped++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        final int claimed = peer.inbox.tryClaim(DatagramRecord.DATAGRAM, length);
        if (claimed <= 0)
        {
            return ControlledMessageHandler.Action.ABORT;
        }
        final boolean anyAddress = (tuple.localHigh() | tuple.localLow()) == 0;
        swapped.local(tuple.remoteHigh(), tuple.remoteLow(), tuple.remotePort()).remote(
            anyAddress ? tuple.remoteHigh() : tuple.localHigh(), anyAddress ? tuple.remoteLow() : tuple.localLow(),
            sockets.get((int)from).getPort());
        DatagramRecord.putSocket(peer.inbox.buffer(), claimed, socket);
        DatagramRecord.putTuple(peer.inbox.buffer(), claimed, swapped);
        peer.inbox.buffer().putBytes(claimed + DatagramRecord.PAYLOAD_OFFSET,
            buffer, index + DatagramRecord.PAYLOAD_OFFSET, payloadLength);
        peer.inbox.commit(claimed);
        sent++;
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private int find(final int port)
    {
        for (int i = 0; i < sockets.size(); i++)
        {
            if (sockets.get(i).getPort() == port)
            {
                return i;
            }
        }
        return NONE;
    }

    @Override
    public void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkReceived", received);
        visitor.onCounter("LinkSent", sent);
        visitor.onCounter("LinkDropped", dropped);
    }

    @Override
    public void close()
    {
        closed = true;
    }
}
