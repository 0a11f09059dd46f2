// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.DatagramRecord;
import dev.trishake.transport.DatagramSteering;
import dev.trishake.transport.linux.EpollCalls;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.MessageBatch;
import dev.trishake.transport.linux.MessageCalls;
import dev.trishake.transport.linux.SocketAddressCodec;
import dev.trishake.transport.socket.SocketConfig;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * UDP sockets by Linux system calls, up to {@value #BATCH} datagrams a call (recvmmsg, sendmmsg).
 *
 * <p>A datagram is copied once each way: what was received waits here while the ingress ring is full, and Agrona's ring
 * clears its records before a batch of them is complete. A socket that finds nothing costs one call a {@link #poll};
 * with more than {@value #FEW} of them epoll is asked first who has something.
 */
public final class EpollDatagramLink implements DatagramLink
{
    private static final int BATCH = 32;
    private static final int FEW = 4;
    private static final int MAX_EVENTS = 256;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    private final SocketConfig config;
    private final Libc libc = new Libc();
    private final SocketOptions options;
    private final MessageCalls calls = new MessageCalls();
    private final EpollCalls epoll = new EpollCalls();
    private final List<Socket> sockets = new ArrayList<>();
    private final FourTuple tuple = new FourTuple();
    private final int place;
    private final MessageBatch in =
        new MessageBatch(BATCH, SocketAddressCodec.MAX_LENGTH + Integer.BYTES, PacketInfo.LENGTH);
    private final UnsafeBuffer inMemory;
    private final UnsafeBuffer events =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_EVENTS * EpollCalls.EVENT_LENGTH, Long.BYTES));
    private final MessageBatch out = new MessageBatch(BATCH, SocketAddressCodec.MAX_LENGTH, PacketInfo.LENGTH);
    private final UnsafeBuffer outMemory;
    private final ControlledMessageHandler toSocket = this::toSocket;
    private int epollFd = -1;
    /** Whose datagrams {@link #in} has, from {@link #inFirst} to {@link #inCount}: what has not gone on. */
    private Socket inSocket;
    private int inFirst;
    private int inCount;
    /** Whose datagrams {@link #out} has, from {@link #outFirst} to {@link #outCount}. */
    private Socket outSocket;
    private int outFirst;
    private int outCount;
    private int next;
    private boolean closed;

    private long received;
    private long sent;
    private long receiveCalls;
    private long sendCalls;
    private long oversized;
    private long foreign;
    private long sendErrors;
    private int lastErrno;

    /** A bound socket. */
    private static final class Socket
    {
        final int number;
        final int fd;
        final int family;
        final boolean isAny;
        final InetSocketAddress address;
        final FourTuple local = new FourTuple();

        Socket(final int number, final int fd, final InetSocketAddress address)
        {
            this.number = number;
            this.fd = fd;
            this.address = address;
            family = SocketAddressCodec.family(address);
            isAny = address.getAddress().isAnyLocalAddress();
        }
    }

    /**
     * A link without a socket.
     *
     * @param config with which options
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public EpollDatagramLink(final SocketConfig config)
    {
        this.config = config;
        options = new SocketOptions(libc, config);
        place = BitUtil.align(config.datagramLength(), Long.BYTES);
        inMemory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BATCH * place, Long.BYTES));
        outMemory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BATCH * place, Long.BYTES));
        for (int i = 0; i < BATCH; i++)
        {
            in.payload(i, inMemory.addressOffset() + (long)i * place, config.datagramLength());
            out.payload(i, outMemory.addressOffset() + (long)i * place, 0);
        }
    }

    @Override
    public int bind(final InetSocketAddress address)
    {
        final int fd = ListeningSocket.bound(libc, address, Libc.SOCK_DGRAM, config.reusePort());
        final Socket socket = new Socket(sockets.size(), fd, ListeningSocket.localAddress(libc, fd));
        options.datagrams(fd);
        if (socket.isAny)
        {
            final boolean isIpv4 = socket.family == Libc.AF_INET;
            ListeningSocket.option(
                libc, fd, isIpv4 ? Libc.IPPROTO_IP : Libc.IPPROTO_IPV6,
                isIpv4 ? PacketInfo.IP_PKTINFO : PacketInfo.IPV6_RECVPKTINFO, 1);
        }
        final MemorySegment name = out.name(0);
        SocketAddressCodec.encode(name, socket.address);
        socket.local.local(
            SocketAddressCodec.high(name), SocketAddressCodec.low(name), SocketAddressCodec.port(name));
        sockets.add(socket);
        if (sockets.size() > FEW)
        {
            watch(sockets.size() == FEW + 1 ? 0 : sockets.size() - 1);
        }
        return socket.number;
    }

    /** Has epoll watch sockets that it does not yet. */
    private void watch(final int first)
    {
        if (epollFd < 0)
        {
            epollFd = epoll.epollCreate1(EpollCalls.EPOLL_CLOEXEC);
        }
        for (int i = first; i < sockets.size(); i++)
        {
            events.putInt(0, EpollCalls.EPOLLIN);
            events.putLong(EpollCalls.DATA_OFFSET, i);
            final int added =
                epoll.epollCtl(epollFd, EpollCalls.EPOLL_CTL_ADD, sockets.get(i).fd, events.addressOffset());
            if (epollFd < 0 || added < 0)
            {
                throw ListeningSocket.failure(sockets.get(i).address, epollFd < 0 ? epollFd : added);
            }
        }
    }

    /** In the kernel, by SO_ATTACH_REUSEPORT_CBPF; whoever shares the port has the program that was attached last. */
    @Override
    public boolean steer(final int socket, final DatagramSteering steering)
    {
        return SteeringProgram.of(steering).attach(libc, sockets.get(socket).fd, SO_ATTACH_REUSEPORT_CBPF) == 0;
    }

    @Override
    public InetSocketAddress localAddress(final int socket)
    {
        return sockets.get(socket).address;
    }

    @Override
    public int maxLength()
    {
        return config.datagramLength();
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        if (closed)
        {
            return 0;
        }
        int handled = drain(ingress, limit);
        if (epollFd < 0)
        {
            for (int i = 0; i < sockets.size() && handled < limit && inFirst == inCount; i++)
            {
                next = next + 1 < sockets.size() ? next + 1 : 0;
                handled += poll(sockets.get(next), ingress, limit - handled);
            }
            return handled;
        }
        if (inFirst < inCount)
        {
            return handled;
        }
        final int ready = epoll.epollWait(epollFd, events.addressOffset(), MAX_EVENTS, 0);
        for (int i = 0; i < ready && handled < limit && inFirst == inCount; i++)
        {
            final long number = events.getLong(i * EpollCalls.EVENT_LENGTH + EpollCalls.DATA_OFFSET);
            handled += poll(sockets.get((int)number), ingress, limit - handled);
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
        final int beforeWrap = egress.controlledRead(toSocket, limit);
        final int taken = beforeWrap == limit ?
            limit : beforeWrap + egress.controlledRead(toSocket, limit - beforeWrap);
        send();
        return taken;
    }

    @Override
    public void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkInDatagrams", received);
        visitor.onCounter("LinkOutDatagrams", sent);
        visitor.onCounter("LinkInCalls", receiveCalls);
        visitor.onCounter("LinkOutCalls", sendCalls);
        visitor.onCounter("LinkOversized", oversized);
        visitor.onCounter("LinkForeign", foreign);
        visitor.onCounter("LinkSendErrors", sendErrors);
    }

    /**
     * {@return the error number of the last datagram that the kernel refused, 0 when it has refused none}
     */
    public int lastErrno()
    {
        return lastErrno;
    }

    @Override
    public void close()
    {
        for (int i = 0; i < sockets.size() && !closed; i++)
        {
            libc.close(sockets.get(i).fd);
        }
        if (epollFd >= 0 && !closed)
        {
            libc.close(epollFd);
        }
        closed = true;
    }

    private int poll(final Socket socket, final OneToOneRingBuffer ingress, final int limit)
    {
        int handled = 0;
        while (handled < limit && inFirst == inCount && receive(socket, limit - handled))
        {
            handled += drain(ingress, limit - handled);
        }
        return handled;
    }

    /** Moves on what was received. */
    private int drain(final OneToOneRingBuffer ingress, final int limit)
    {
        int handled = 0;
        while (handled < limit && inFirst < inCount && take(inSocket, inFirst, ingress))
        {
            inFirst++;
            handled++;
        }
        return handled;
    }

    private boolean receive(final Socket socket, final int limit)
    {
        final int wanted = Math.min(limit, BATCH);
        for (int i = 0; i < wanted; i++)
        {
            in.reset(i);
        }
        inSocket = socket;
        inFirst = 0;
        // what is pending as an error (ICMP) is gone once it was told: then the next call finds datagrams
        inCount = Math.max(0, calls.recvmmsg(socket.fd, in.header(0), wanted));
        receiveCalls += inCount > 0 ? 1 : 0;
        return inCount > 0;
    }

    /** {@return false while the ring is full} */
    private boolean take(final Socket socket, final int index, final OneToOneRingBuffer ingress)
    {
        final int length = in.bytes(index);
        if ((in.flags(index) & MessageBatch.MSG_TRUNC) != 0 ||
            DatagramRecord.PAYLOAD_OFFSET + length > ingress.maxMsgLength())
        {
            oversized++;
            return true;
        }
        final int at = ingress.tryClaim(DatagramRecord.DATAGRAM, DatagramRecord.PAYLOAD_OFFSET + length);
        if (at <= 0)
        {
            return false;
        }
        received++;
        final MemorySegment name = in.name(index);
        tuple.local(socket.local.localHigh(), socket.local.localLow(), socket.local.localPort())
            .remote(SocketAddressCodec.high(name), SocketAddressCodec.low(name), SocketAddressCodec.port(name));
        if (socket.isAny)
        {
            PacketInfo.read(
                in.memory(), in.controlIndex(index), in.controlLength(index),
                socket.local.localPort(), tuple);
        }
        DatagramRecord.putSocket(ingress.buffer(), at, socket.number);
        DatagramRecord.putTuple(ingress.buffer(), at, tuple);
        ingress.buffer().putBytes(at + DatagramRecord.PAYLOAD_OFFSET, inMemory, index * place, length);
        ingress.commit(at);
        return true;
    }

    private ControlledMessageHandler.Action toSocket(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int dataLength = length - DatagramRecord.PAYLOAD_OFFSET;
        final long number = dataLength < 0 ? -1 : DatagramRecord.socket(buffer, index);
        if (msgTypeId != DatagramRecord.DATAGRAM || number < 0 || number >= sockets.size())
        {
            foreign++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        if (dataLength > config.datagramLength())
        {
            oversized++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        final Socket socket = sockets.get((int)number);
        if ((socket != outSocket && outCount > outFirst) || outCount == BATCH)
        {
            send();
            if (outCount > outFirst)
            {
                return ControlledMessageHandler.Action.ABORT;
            }
        }
        outSocket = socket;
        put(socket, buffer, index, dataLength);
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private void put(final Socket socket, final DirectBuffer buffer, final int index, final int length)
    {
        DatagramRecord.tuple(buffer, index, tuple);
        out.nameLength(outCount, socket.family == Libc.AF_INET ?
            SocketAddressCodec.encode(
                out.name(outCount), tuple.remoteHigh(), tuple.remoteLow(), tuple.remotePort()) :
            SocketAddressCodec.encodeIpv6(
                out.name(outCount), tuple.remoteHigh(), tuple.remoteLow(), tuple.remotePort()));
        final boolean namesItself = socket.isAny && (tuple.localHigh() | tuple.localLow()) != 0;
        out.controlLength(outCount, namesItself ?
            PacketInfo.write(out.memory(), out.controlIndex(outCount), socket.family, tuple) : 0);
        outMemory.putBytes(outCount * place, buffer, index + DatagramRecord.PAYLOAD_OFFSET, length);
        out.payload(outCount, outMemory.addressOffset() + (long)outCount * place, length);
        outCount++;
    }

    /** Sends what is put, as far as the socket takes it; what it refuses is dropped. */
    private void send()
    {
        while (outFirst < outCount)
        {
            sendCalls++;
            final int result = calls.sendmmsg(outSocket.fd, out.header(outFirst), outCount - outFirst);
            if (result > 0)
            {
                sent += result;
                outFirst += result;
            }
            else if (result == -Errno.EAGAIN)
            {
                return;
            }
            else
            {
                sendErrors++;
                lastErrno = -result;
                outFirst++;
            }
        }
        outFirst = 0;
        outCount = 0;
    }
}
