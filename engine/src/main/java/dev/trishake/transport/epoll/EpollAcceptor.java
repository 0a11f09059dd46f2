// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.Acceptor;
import dev.trishake.transport.ListenException;
import dev.trishake.transport.linux.EpollCalls;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;

import static dev.trishake.transport.linux.Libc.NULL;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * An acceptor of Linux system calls: a connection is its descriptor, and nothing is allocated for it.
 *
 * <p>Where the time goes (ns, measured on Linux 6.18; accept4 and close of a connection together are 8,500):
 * <pre>
 *  accept4 that finds the queue empty   3300   it has made a socket, an inode and a file before it looks
 *  epoll_wait after each connection      750
 *  accept4 that asks for the address     300
 *  length of the queue from TCP_INFO     430
 * </pre>
 * So {@link #poll} never runs into the empty queue: it asks for the {@linkplain AcceptQueue length} once and accepts as
 * many, in several batches if the limit is smaller. There is no epoll_wait in it: that is {@link #await},
 * level-triggered, because edge-triggered is no cheaper (8.63 against 8.66 us an accept) and would have to remember
 * that a batch ended at its limit. The peer's address is not asked of accept4 but of getpeername, once the handler
 * wants it.
 */
public final class EpollAcceptor extends Acceptor
{
    private static final int CONNECTION_FLAGS = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;

    private final Libc libc;
    private final EpollCalls epoll;
    private final MemorySegment event = Arena.ofAuto().allocate(EpollCalls.EVENT_LENGTH, Long.BYTES);
    private final EpollPeerAddress peer;
    private final AcceptQueue queue;
    private final int listenFd;
    private final int epollFd;

    private EpollAcceptor(
        final Libc libc,
        final EpollCalls epoll,
        final int listenFd,
        final int epollFd,
        final InetSocketAddress localAddress,
        final EpollPeerAddress peer)
    {
        super(localAddress, peer);
        this.libc = libc;
        this.epoll = epoll;
        this.listenFd = listenFd;
        this.epollFd = epollFd;
        this.peer = peer;
        queue = new AcceptQueue(libc, listenFd);
    }

    /**
     * {@return an acceptor that listens}
     *
     * @param address   IPv4 or IPv6; port 0 lets the system choose
     * @param backlog   length of the accept queue, at least 1; the system's limit is net.core.somaxconn
     * @param reusePort whether other acceptors may listen there too, each with a share of the connections
     * @throws ListenException               when that can't be
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public static EpollAcceptor listen(
        final InetSocketAddress address, final int backlog, final boolean reusePort)
    {
        final Libc libc = new Libc();
        final EpollCalls epoll = new EpollCalls();
        final int listenFd = ListeningSocket.open(libc, address, backlog, reusePort);
        final int epollFd = epoll.epollCreate1(EpollCalls.EPOLL_CLOEXEC);
        if (epollFd < 0)
        {
            libc.close(listenFd);
            throw ListeningSocket.failure(address, epollFd);
        }

        final EpollAcceptor acceptor = new EpollAcceptor(
            libc, epoll, listenFd, epollFd, ListeningSocket.localAddress(libc, listenFd), new EpollPeerAddress(libc));
        final int added = acceptor.control(EpollCalls.EPOLL_CTL_ADD, EpollCalls.EPOLLIN);
        if (added < 0)
        {
            acceptor.close();
            throw ListeningSocket.failure(address, added);
        }
        return acceptor;
    }

    /** {@return what is readable while a connection waits; not while this acceptor pauses} */
    int epollFd()
    {
        return epollFd;
    }

    /** {@return the listening socket} */
    int listenFd()
    {
        return listenFd;
    }

    @Override
    protected boolean isReadable(final int timeoutMs)
    {
        try
        {
            return epoll.epollWait(epollFd, event.address(), 1, timeoutMs) > 0;
        }
        finally
        {
            // while the kernel may write there, this may be the event's last use that the collector sees
            Reference.reachabilityFence(event);
        }
    }

    @Override
    protected void stopListening()
    {
        libc.close(epollFd);
        libc.close(listenFd);
    }

    @Override
    protected int waiting()
    {
        return queue.length();
    }

    @Override
    protected int accept()
    {
        final int fd = libc.accept4(listenFd, NULL, NULL, CONNECTION_FLAGS);
        if (fd >= 0)
        {
            peer.of(fd);
            return fd;
        }
        return verdict(-fd);
    }

    @Override
    protected void release(final int connection)
    {
        final int result = libc.close(connection);
        assert result != -Errno.EBADF : "not open: " + connection;
    }

    @Override
    protected void interest(final boolean interested)
    {
        final int result = control(EpollCalls.EPOLL_CTL_MOD, interested ? EpollCalls.EPOLLIN : 0);
        assert result == 0 : "epoll_ctl: " + result;
    }

    static int verdict(final int errno)
    {
        return switch (errno)
        {
            case Errno.EAGAIN -> NONE_WAITING;

            // accept(2): the connection was aborted, or an error of the network that was pending on it is passed on;
            // a call that a signal interrupted is repeated the same way
            case Errno.ECONNABORTED, Errno.EINTR, Errno.EPROTO, Errno.EPERM, Errno.ENETDOWN, Errno.ENOPROTOOPT,
                Errno.EHOSTDOWN, Errno.ENONET, Errno.EHOSTUNREACH, Errno.EOPNOTSUPP, Errno.ENETUNREACH,
                Errno.ETIMEDOUT -> LOST;

            // EMFILE, ENFILE, ENOBUFS, ENOMEM; and what nobody has foreseen must not spin either
            default -> EXHAUSTED;
        };
    }

    private int control(final int operation, final int events)
    {
        event.set(JAVA_INT, 0, events);
        try
        {
            return epoll.epollCtl(epollFd, operation, listenFd, event.address());
        }
        finally
        {
            Reference.reachabilityFence(event);
        }
    }
}
