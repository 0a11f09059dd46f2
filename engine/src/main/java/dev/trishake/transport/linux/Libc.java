// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

import static dev.trishake.transport.linux.Downcall.CRITICAL;
import static dev.trishake.transport.linux.Downcall.WAITING;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * System calls of Linux about sockets and threads, by the names and in the argument order of section 2 of its manual.
 * Others are about messages ({@link MessageCalls}), events ({@link EpollCalls}), files ({@link FileCalls}) and memory
 * ({@link MemoryCalls}).
 *
 * <p>Every call answers as the kernel does: what the manual promises, or {@code -errno} ({@link Errno}). Pointers are
 * raw addresses ({@link MemorySegment#address()}): the caller keeps the segment reachable, 0 is NULL.
 *
 * <p>Calls that never wait are linked as <em>critical</em>: the thread stays in Java's state and the call costs what it
 * costs in C. Such a call holds up a safepoint, so whatever can wait ({@link EpollCalls#epollWait}, {@link #connect})
 * is linked the ordinary way.
 *
 * <p>An instance holds the memory that errno is captured into: one thread, no allocation in any call once C2 has
 * compiled it (until then the JDK makes a slice of that memory, 40 bytes, in every call).
 */
public final class Libc
{
    /** Whether this is Linux on a 64-bit machine; elsewhere an instance can't be made. */
    public static final boolean SUPPORTED =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux") &&
        ValueLayout.ADDRESS.byteSize() == Long.BYTES;

    /** The NULL pointer. */
    public static final long NULL = 0;

    /** socket(2): IPv4. */
    public static final int AF_INET = 2;
    /** socket(2): IPv6. */
    public static final int AF_INET6 = 10;
    /** socket(2): netlink(7). */
    public static final int AF_NETLINK = 16;
    /** socket(2): packet(7). */
    public static final int AF_PACKET = 17;
    /** socket(2): a byte stream. */
    public static final int SOCK_STREAM = 1;
    /** socket(2): datagrams. */
    public static final int SOCK_DGRAM = 2;
    /** socket(2): packets or messages as they stand. */
    public static final int SOCK_RAW = 3;
    /** socket(2), accept4(2): the new descriptor does not block. */
    public static final int SOCK_NONBLOCK = 0x800;
    /** socket(2), accept4(2): the new descriptor does not outlive exec. */
    public static final int SOCK_CLOEXEC = 0x80000;
    /** setsockopt(2): level of sockets. */
    public static final int SOL_SOCKET = 1;
    /** setsockopt(2): bind beside connections in TIME-WAIT. */
    public static final int SO_REUSEADDR = 2;
    /** setsockopt(2): what close does with unsent data. */
    public static final int SO_LINGER = 13;
    /** setsockopt(2): several sockets share a port, the kernel spreads connections over them. */
    public static final int SO_REUSEPORT = 15;
    /** getsockopt(2): the error that is pending on a socket, which it takes away. */
    public static final int SO_ERROR = 4;
    /** setsockopt(2): room for what waits to be read, bytes. */
    public static final int SO_RCVBUF = 8;
    /** setsockopt(2): how long a read that finds nothing asks the network card itself, in microseconds. */
    public static final int SO_BUSY_POLL = 46;
    /** setsockopt(2): whether busy polling goes before the card's interrupts. */
    public static final int SO_PREFER_BUSY_POLL = 69;
    /** setsockopt(2): how many packets busy polling takes at once. */
    public static final int SO_BUSY_POLL_BUDGET = 70;
    /** setsockopt(2): level of IPv4. */
    public static final int IPPROTO_IP = 0;
    /** setsockopt(2): bind chooses no port, connect does: so that one port may go to several peers. */
    public static final int IP_BIND_ADDRESS_NO_PORT = 24;
    /** getsockopt(2): level of TCP. */
    public static final int IPPROTO_TCP = 6;
    /** setsockopt(2): what is written is sent at once; accepted connections have it of their listener. */
    public static final int TCP_NODELAY = 1;
    /** setsockopt(2): connections are accepted once they have sent something, or after so many seconds. */
    public static final int TCP_DEFER_ACCEPT = 9;
    /** getsockopt(2): state of a TCP socket, a {@code struct tcp_info}; tcp(7). */
    public static final int TCP_INFO = 11;
    /** setsockopt(2): level of IPv6. */
    public static final int IPPROTO_IPV6 = 41;
    /** setsockopt(2): whether an IPv6 socket refuses IPv4. */
    public static final int IPV6_V6ONLY = 26;
    /** send(2): no signal when the connection is gone. */
    public static final int MSG_NOSIGNAL = 0x4000;
    /** shutdown(2): nothing more is sent. */
    public static final int SHUT_WR = 1;
    /** unshare(2): a network namespace of one's own. */
    public static final int CLONE_NEWNET = 0x4000_0000;

    private static final MethodHandle SOCKET = link("socket", CRITICAL, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = link("bind", CRITICAL, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle LISTEN = link("listen", CRITICAL, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACCEPT4 = link("accept4", CRITICAL, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CONNECT = link("connect", WAITING, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SEND =
        Downcall.link("send", CRITICAL, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SHUTDOWN = link("shutdown", CRITICAL, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = link("close", CRITICAL, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
        link("setsockopt", CRITICAL, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
        link("getsockopt", CRITICAL, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GETSOCKNAME = link("getsockname", CRITICAL, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle GETPEERNAME = link("getpeername", CRITICAL, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SCHED_GETAFFINITY =
        link("sched_getaffinity", CRITICAL, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SCHED_SETAFFINITY =
        link("sched_setaffinity", CRITICAL, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle UNSHARE = link("unshare", WAITING, JAVA_INT);

    private final CallState callState = new CallState();

    /**
     * Makes an instance for one thread.
     *
     * @throws UnsupportedOperationException unless {@link #SUPPORTED}
     */
    public Libc()
    {
        checkSupported();
    }

    /**
     * socket(2).
     *
     * @param domain   {@link #AF_INET} or {@link #AF_INET6}
     * @param type     {@link #SOCK_STREAM}, with {@link #SOCK_NONBLOCK}, {@link #SOCK_CLOEXEC}
     * @param protocol 0 for the type's own
     * @return descriptor or -errno
     */
    public int socket(final int domain, final int type, final int protocol)
    {
        try
        {
            return answer((int)SOCKET.invokeExact(callState.segment(), domain, type, protocol));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * bind(2).
     *
     * @param fd      socket
     * @param address of a {@link SocketAddressCodec}'s bytes
     * @param length  of them
     * @return 0 or -errno
     */
    public int bind(final int fd, final long address, final int length)
    {
        try
        {
            return answer((int)BIND.invokeExact(callState.segment(), fd, address, length));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * listen(2).
     *
     * @param fd      bound socket
     * @param backlog length of the accept queue; the system's limit is net.core.somaxconn
     * @return 0 or -errno
     */
    public int listen(final int fd, final int backlog)
    {
        try
        {
            return answer((int)LISTEN.invokeExact(callState.segment(), fd, backlog));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * accept4(2); critical: the listening socket must be non-blocking.
     *
     * @param fd      listening socket
     * @param address where the peer's address goes, or {@link #NULL}
     * @param length  address of the {@code socklen_t} beside it, or {@link #NULL}
     * @param flags   {@link #SOCK_NONBLOCK}, {@link #SOCK_CLOEXEC}
     * @return descriptor or -errno
     */
    public int accept4(final int fd, final long address, final long length, final int flags)
    {
        try
        {
            return answer((int)ACCEPT4.invokeExact(callState.segment(), fd, address, length, flags));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * connect(2); may wait when the socket blocks.
     *
     * @param fd      socket
     * @param address of a {@link SocketAddressCodec}'s bytes
     * @param length  of them
     * @return 0 or -errno
     */
    public int connect(final int fd, final long address, final int length)
    {
        try
        {
            return answer((int)CONNECT.invokeExact(callState.segment(), fd, address, length));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * send(2); critical: the socket must be non-blocking.
     *
     * @param fd     socket
     * @param buffer address of the bytes
     * @param length of them
     * @param flags  {@link #MSG_NOSIGNAL}
     * @return bytes taken or -errno
     */
    public long send(final int fd, final long buffer, final long length, final int flags)
    {
        try
        {
            return callState.answer((long)SEND.invokeExact(callState.segment(), fd, buffer, length, flags));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * shutdown(2).
     *
     * @param fd  socket
     * @param how {@link #SHUT_WR}
     * @return 0 or -errno
     */
    public int shutdown(final int fd, final int how)
    {
        try
        {
            return answer((int)SHUTDOWN.invokeExact(callState.segment(), fd, how));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * close(2); critical: a socket must not linger with a timeout. The descriptor is gone whatever the answer is.
     *
     * @param fd descriptor
     * @return 0 or -errno
     */
    public int close(final int fd)
    {
        try
        {
            return answer((int)CLOSE.invokeExact(callState.segment(), fd));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * setsockopt(2).
     *
     * @param fd     socket
     * @param level  like {@link #SOL_SOCKET}
     * @param option like {@link #SO_REUSEADDR}
     * @param value  address of the value
     * @param length of the value
     * @return 0 or -errno
     */
    public int setsockopt(final int fd, final int level, final int option, final long value, final int length)
    {
        try
        {
            return answer((int)SETSOCKOPT.invokeExact(callState.segment(), fd, level, option, value, length));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * getsockopt(2).
     *
     * @param fd     socket
     * @param level  like {@link #IPPROTO_TCP}
     * @param option like {@link #TCP_INFO}
     * @param value  where the value goes
     * @param length address of the {@code socklen_t}: room in, length out
     * @return 0 or -errno
     */
    public int getsockopt(final int fd, final int level, final int option, final long value, final long length)
    {
        try
        {
            return answer((int)GETSOCKOPT.invokeExact(callState.segment(), fd, level, option, value, length));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * getsockname(2).
     *
     * @param fd      socket
     * @param address where its own address goes
     * @param length  address of the {@code socklen_t}: room in, length out
     * @return 0 or -errno
     */
    public int getsockname(final int fd, final long address, final long length)
    {
        try
        {
            return answer((int)GETSOCKNAME.invokeExact(callState.segment(), fd, address, length));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * getpeername(2).
     *
     * @param fd      connected socket
     * @param address where its peer's address goes
     * @param length  address of the {@code socklen_t}: room in, length out
     * @return 0 or -errno
     */
    public int getpeername(final int fd, final long address, final long length)
    {
        try
        {
            return answer((int)GETPEERNAME.invokeExact(callState.segment(), fd, address, length));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * sched_getaffinity(2), as the C library has it.
     *
     * @param tid    thread, 0 for the caller's
     * @param length of the mask
     * @param mask   address of a bit a CPU
     * @return 0 or -errno
     */
    public int schedGetaffinity(final int tid, final long length, final long mask)
    {
        try
        {
            return answer((int)SCHED_GETAFFINITY.invokeExact(callState.segment(), tid, length, mask));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * sched_setaffinity(2).
     *
     * @param tid    thread, 0 for the caller's
     * @param length of the mask
     * @param mask   address of a bit a CPU
     * @return 0 or -errno
     */
    public int schedSetaffinity(final int tid, final long length, final long mask)
    {
        try
        {
            return answer((int)SCHED_SETAFFINITY.invokeExact(callState.segment(), tid, length, mask));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * unshare(2): the calling thread, and what it starts afterwards, leaves what it shares with the process.
     *
     * @param flags {@link #CLONE_NEWNET}
     * @return 0 or -errno
     */
    public int unshare(final int flags)
    {
        try
        {
            return answer((int)UNSHARE.invokeExact(callState.segment(), flags));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    static void checkSupported()
    {
        if (!SUPPORTED)
        {
            throw new UnsupportedOperationException("Linux on a 64-bit machine is needed; use the nio transport here");
        }
    }

    private int answer(final int result)
    {
        return (int)callState.answer(result);
    }

    private static MethodHandle link(
        final String name, final Linker.Option[] options, final ValueLayout... arguments)
    {
        return Downcall.link(name, options, JAVA_INT, arguments);
    }
}
