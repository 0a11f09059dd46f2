// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.nio;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.DatagramRecord;
import dev.trishake.transport.ListenException;
import dev.trishake.transport.socket.SocketConfig;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * UDP sockets by {@code java.nio}, on every system. The JDK allocates for each datagram.
 *
 * <p>It does not say to which of our addresses a datagram came: a socket that is bound to any address has 0 there, and
 * is answered from whichever address the system chooses.
 */
public final class NioDatagramLink implements DatagramLink
{
    private final SocketConfig config;
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final FourTuple tuple = new FourTuple();
    private final ByteBuffer bytes;
    private final ControlledMessageHandler toChannel = this::toChannel;
    /** Whose the datagram in {@link #bytes} is, and from where, while the ring has no room for it. */
    private int waiting = -1;
    private InetSocketAddress from;
    private int next;
    private boolean closed;

    private long received;
    private long sent;
    private long oversized;
    private long foreign;
    private long receiveErrors;
    private long sendErrors;

    /**
     * A link without a socket.
     *
     * @param config with which options
     */
    public NioDatagramLink(final SocketConfig config)
    {
        this.config = config;
        bytes = ByteBuffer.allocateDirect(config.datagramLength() + 1); // one more tells that it was longer
    }

    @Override
    public int bind(final InetSocketAddress address)
    {
        if (address.isUnresolved())
        {
            throw ListenException.unresolved(address);
        }
        DatagramChannel channel = null;
        try
        {
            channel = DatagramChannel.open(address.getAddress() instanceof Inet6Address ?
                StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, config.receiveBufferLength());
            if (config.reusePort())
            {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.bind(address);
            channels.add(channel);
            addresses.add((InetSocketAddress)channel.getLocalAddress());
            return channels.size() - 1;
        }
        catch (final IOException | UnsupportedOperationException ex)
        {
            NioAcceptor.closeQuietly(channel);
            throw NioAcceptor.failure(address, ex);
        }
    }

    @Override
    public InetSocketAddress localAddress(final int socket)
    {
        return addresses.get(socket);
    }

    @Override
    public int maxLength()
    {
        return config.datagramLength();
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        int handled = 0;
        for (int idle = 0; idle < channels.size() && handled < limit && !closed;)
        {
            if (waiting < 0)
            {
                next = next + 1 < channels.size() ? next + 1 : 0;
                idle++;
                if (!receive(next))
                {
                    continue;
                }
                idle = 0;
            }
            if (!take(ingress))
            {
                return handled;
            }
            waiting = -1;
            handled++;
        }
        return handled;
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        if (closed)
        {
            return 0;
        }
        // one read ends where the ring wraps
        final int beforeWrap = egress.controlledRead(toChannel, limit);
        return beforeWrap == limit ? limit : beforeWrap + egress.controlledRead(toChannel, limit - beforeWrap);
    }

    @Override
    public void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkInDatagrams", received);
        visitor.onCounter("LinkOutDatagrams", sent);
        visitor.onCounter("LinkOversized", oversized);
        visitor.onCounter("LinkForeign", foreign);
        visitor.onCounter("LinkReceiveErrors", receiveErrors);
        visitor.onCounter("LinkSendErrors", sendErrors);
    }

    @Override
    public void close()
    {
        closed = true;
        channels.forEach(NioAcceptor::closeQuietly);
    }

    private boolean receive(final int socket)
    {
        try
        {
            bytes.clear();
            from = (InetSocketAddress)channels.get(socket).receive(bytes);
            waiting = from == null ? -1 : socket;
        }
        catch (final IOException ex)
        {
            receiveErrors++; // an ICMP error that was pending, as a rule
        }
        return waiting >= 0;
    }

    /** {@return false while the ring is full} */
    private boolean take(final OneToOneRingBuffer ingress)
    {
        final int length = bytes.position();
        if (length > config.datagramLength() || DatagramRecord.PAYLOAD_OFFSET + length > ingress.maxMsgLength())
        {
            oversized++;
            return true;
        }
        final int index = ingress.tryClaim(DatagramRecord.DATAGRAM, DatagramRecord.PAYLOAD_OFFSET + length);
        if (index <= 0)
        {
            return false;
        }
        received++;
        SocketAddresses.local(addresses.get(waiting), tuple);
        SocketAddresses.remote(from, tuple);
        if (addresses.get(waiting).getAddress().isAnyLocalAddress())
        {
            tuple.local(0, 0, tuple.localPort());
        }
        DatagramRecord.putSocket(ingress.buffer(), index, waiting);
        DatagramRecord.putTuple(ingress.buffer(), index, tuple);
        ingress.buffer().putBytes(index + DatagramRecord.PAYLOAD_OFFSET, bytes, 0, length);
        ingress.commit(index);
        return true;
    }

    private ControlledMessageHandler.Action toChannel(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int dataLength = length - DatagramRecord.PAYLOAD_OFFSET;
        final long number = dataLength < 0 ? -1 : DatagramRecord.socket(buffer, index);
        if (msgTypeId != DatagramRecord.DATAGRAM || number < 0 || number >= channels.size())
        {
            foreign++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        if (dataLength > config.datagramLength())
        {
            oversized++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        DatagramRecord.tuple(buffer, index, tuple);
        final ByteBuffer datagram = waiting < 0 ? bytes : ByteBuffer.allocate(dataLength);
        datagram.clear();
        buffer.getBytes(index + DatagramRecord.PAYLOAD_OFFSET, datagram, 0, dataLength);
        datagram.position(0).limit(dataLength);
        try
        {
            final int count = channels.get((int)number).send(
                datagram, SocketAddresses.of(tuple.remoteHigh(), tuple.remoteLow(), tuple.remotePort()));
            if (count == 0 && dataLength > 0)
            {
                return ControlledMessageHandler.Action.ABORT;
            }
            sent++;
        }
        catch (final IOException | IllegalArgumentException ex) // no route; an address that can't be, port 0
        {
            sendErrors++;
        }
        return ControlledMessageHandler.Action.CONTINUE;
    }
}
