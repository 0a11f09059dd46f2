// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.Acceptor;
import dev.trishake.transport.StreamResult;
import dev.trishake.transport.linux.EpollCalls;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.FileCalls;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.SocketAddressCodec;
import dev.trishake.transport.socket.SocketConfig;
import dev.trishake.transport.socket.Sockets;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * Sockets by Linux system calls.
 *
 * <p>Connections are watched edge-triggered: they enter the interest set once, and pausing, going on and reading again
 * take no call. Listening sockets are watched level-triggered, through the epoll instance of their
 * {@link EpollAcceptor}: an acceptor that pauses is silent then. EPOLLOUT is watched only while we open a connection
 * and once a socket has been full, because a socket that enters the set writable says so at once, and nobody asked.
 */
final class EpollSockets implements Sockets
{
    private static final int MAX_EVENTS = 256;
    private static final int INPUT = EpollCalls.EPOLLIN | EpollCalls.EPOLLRDHUP | EpollCalls.EPOLLET;
    private static final int STREAM = Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;

    private final SocketConfig config;
    private final Libc libc = new Libc();
    private final SocketOptions options;
    private final FileCalls files = new FileCalls();
    private final EpollCalls epoll = new EpollCalls();
    private final UnsafeBuffer events =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_EVENTS * EpollCalls.EVENT_LENGTH, Long.BYTES));
    private final UnsafeBuffer event =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(EpollCalls.EVENT_LENGTH, Long.BYTES));
    private final MemorySegment address = Arena.ofAuto().allocate(SocketAddressCodec.MAX_LENGTH, Long.BYTES);
    private final MemorySegment number = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final MemorySegment linger = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final MemorySegment length = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);
    private final int epollFd;

    EpollSockets(final SocketConfig config)
    {
        this.config = config;
        options = new SocketOptions(libc, config);
        linger.set(JAVA_INT, 0, 1); // on, 0 seconds
        epollFd = epoll.epollCreate1(EpollCalls.EPOLL_CLOEXEC);
        if (epollFd < 0)
        {
            throw new IllegalStateException("cannot make an epoll instance: " + (-epollFd == Errno.EMFILE ?
                "no file descriptor is left; raise the limit (ulimit -n) or close some" :
                "the system says errno " + -epollFd + "; look that up in epoll_create1(2)"));
        }
    }

    @Override
    public int gather(final Readiness readiness, final int timeoutMs)
    {
        final int count = epoll.epollWait(epollFd, events.addressOffset(), MAX_EVENTS, timeoutMs);
        for (int i = 0; i < count; i++)
        {
            final int index = i * EpollCalls.EVENT_LENGTH;
            final int what = events.getInt(index);
            final long data = events.getLong(index + EpollCalls.DATA_OFFSET);
            if (data < 0)
            {
                readiness.onAcceptable((int)~data);
            }
            else
            {
                final boolean failed = (what & EpollCalls.EPOLLERR) != 0;
                final boolean ending = (what & (EpollCalls.EPOLLRDHUP | EpollCalls.EPOLLHUP)) != 0;
                readiness.onReady(
                    data, failed || ending || (what & EpollCalls.EPOLLIN) != 0, (what & EpollCalls.EPOLLOUT) != 0,
                    ending, failed);
            }
        }
        return Math.max(0, count);
    }

    @Override
    public Acceptor listen(final InetSocketAddress where, final int backlog, final int listener)
    {
        final EpollAcceptor acceptor = EpollAcceptor.listen(where, backlog, config.reusePort());
        options.listener(acceptor.listenFd());
        final int added = control(EpollCalls.EPOLL_CTL_ADD, acceptor.epollFd(), EpollCalls.EPOLLIN, ~listener);
        if (added < 0)
        {
            acceptor.close();
            throw ListeningSocket.failure(where, added);
        }
        return acceptor;
    }

    @Override
    public void listening(final int listener, final Acceptor acceptor, final boolean on)
    {
        control(
            EpollCalls.EPOLL_CTL_MOD, ((EpollAcceptor)acceptor).epollFd(), on ? EpollCalls.EPOLLIN : 0, ~listener);
    }

    @Override
    public boolean adopt(final int slot, final long handle, final Acceptor acceptor, final int socket)
    {
        return control(EpollCalls.EPOLL_CTL_ADD, socket, INPUT, handle) == 0;
    }

    @Override
    public int connect(final int slot, final long handle, final FourTuple tuple)
    {
        final int fd = libc.socket(SocketAddressCodec.family(tuple.remoteHigh(), tuple.remoteLow()), STREAM, 0);
        if (fd < 0)
        {
            return result(-fd);
        }
        options.connection(fd);
        int result = bind(fd, tuple);
        if (result >= 0)
        {
            final int written =
                SocketAddressCodec.encode(address, tuple.remoteHigh(), tuple.remoteLow(), tuple.remotePort());
            result = libc.connect(fd, address.address(), written);
        }
        if (result < 0 && result != -Errno.EINPROGRESS)
        {
            libc.close(fd);
            return result(-result);
        }
        final int added = control(EpollCalls.EPOLL_CTL_ADD, fd, INPUT | EpollCalls.EPOLLOUT, handle);
        if (added < 0)
        {
            libc.close(fd);
            return result(-added);
        }
        return fd;
    }

    @Override
    public int finishConnect(final int slot, final int socket)
    {
        final int error = pending(socket);
        return error == 0 ? StreamResult.OK : result(error);
    }

    @Override
    public void localAddress(final int slot, final int socket, final FourTuple tuple)
    {
        length.set(JAVA_INT, 0, SocketAddressCodec.MAX_LENGTH);
        if (libc.getsockname(socket, address.address(), length.address()) == 0)
        {
            tuple.local(
                SocketAddressCodec.high(address), SocketAddressCodec.low(address), SocketAddressCodec.port(address));
        }
    }

    @Override
    public int error(final int slot, final int socket)
    {
        return result(pending(socket));
    }

    @Override
    public int read(
        final int slot, final int socket, final MutableDirectBuffer buffer, final int offset, final int length)
    {
        final long count = files.read(socket, buffer.addressOffset() + offset, length);
        if (count > 0)
        {
            return (int)count;
        }
        return count == 0 ? END : blockedOr((int)-count);
    }

    @Override
    public int write(final int slot, final int socket, final DirectBuffer buffer, final int offset, final int length)
    {
        assert buffer.byteArray() == null : "the memory of an egress ring must be direct";
        final long count = libc.send(socket, buffer.addressOffset() + offset, length, Libc.MSG_NOSIGNAL);
        return count >= 0 ? (int)count : blockedOr((int)-count);
    }

    @Override
    public void interest(
        final int slot, final int socket, final long handle, final boolean input, final boolean output)
    {
        if (output)
        {
            control(EpollCalls.EPOLL_CTL_MOD, socket, INPUT | EpollCalls.EPOLLOUT, handle);
        }
    }

    @Override
    public void shutdown(final int slot, final int socket)
    {
        libc.shutdown(socket, Libc.SHUT_WR);
    }

    @Override
    public void resetOnClose(final int slot, final int socket)
    {
        libc.setsockopt(socket, Libc.SOL_SOCKET, Libc.SO_LINGER, linger.address(), Long.BYTES);
    }

    @Override
    public void close(final int slot, final int socket, final Acceptor acceptor)
    {
        if (acceptor != null)
        {
            acceptor.close(socket);
        }
        else
        {
            libc.close(socket);
        }
    }

    @Override
    public void close()
    {
        libc.close(epollFd);
    }

    private int bind(final int fd, final FourTuple tuple)
    {
        if (tuple.localPort() == 0 && tuple.localLow() == 0 && tuple.localHigh() == 0)
        {
            return 0;
        }
        if (tuple.localPort() == 0)
        {
            option(fd, Libc.IPPROTO_IP, Libc.IP_BIND_ADDRESS_NO_PORT, 1);
        }
        final int written =
            SocketAddressCodec.encode(address, tuple.localHigh(), tuple.localLow(), tuple.localPort());
        return libc.bind(fd, address.address(), written);
    }

    private int pending(final int socket)
    {
        number.set(JAVA_INT, 0, 0);
        length.set(JAVA_INT, 0, Integer.BYTES);
        final int result =
            libc.getsockopt(socket, Libc.SOL_SOCKET, Libc.SO_ERROR, number.address(), length.address());
        return result < 0 ? -result : number.get(JAVA_INT, 0);
    }

    private int control(final int operation, final int fd, final int what, final long data)
    {
        event.putInt(0, what);
        event.putLong(EpollCalls.DATA_OFFSET, data);
        return epoll.epollCtl(epollFd, operation, fd, event.addressOffset());
    }

    private void option(final int fd, final int level, final int name, final int value)
    {
        number.set(JAVA_INT, 0, value);
        libc.setsockopt(fd, level, name, number.address(), Integer.BYTES);
    }

    private static int blockedOr(final int errno)
    {
        return errno == Errno.EAGAIN || errno == Errno.EINTR ? 0 : result(errno);
    }

    static int result(final int errno)
    {
        return switch (errno)
        {
            case Errno.ECONNREFUSED -> StreamResult.REFUSED;
            case Errno.ETIMEDOUT -> StreamResult.TIMED_OUT;
            case Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.ENETDOWN, Errno.EHOSTDOWN, Errno.ENONET, Errno.EACCES,
                Errno.EPERM, Errno.EINVAL, Errno.EAFNOSUPPORT -> StreamResult.UNREACHABLE;
            case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL -> StreamResult.ADDRESS_IN_USE;
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM, Errno.EAGAIN -> StreamResult.NO_CAPACITY;
            default -> StreamResult.RESET;
        };
    }
}
