// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.ListenException;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.SocketAddressCodec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/** Set-up of a descriptor that listens, or receives datagrams: everything that may throw. */
final class ListeningSocket
{
    private ListeningSocket()
    {
    }

    static int open(final Libc libc, final InetSocketAddress address, final int backlog, final boolean reusePort)
    {
        if (backlog < 1)
        {
            throw new IllegalArgumentException("backlog must be at least 1: " + backlog);
        }
        final int fd = bound(libc, address, Libc.SOCK_STREAM, reusePort);
        final int result = libc.listen(fd, backlog);
        if (result < 0)
        {
            libc.close(fd);
            throw failure(address, result);
        }
        return fd;
    }

    /** {@return a socket of a type, SOCK_STREAM or SOCK_DGRAM, that is bound and does not block} */
    static int bound(final Libc libc, final InetSocketAddress address, final int type, final boolean reusePort)
    {
        if (address.isUnresolved())
        {
            throw ListenException.unresolved(address);
        }
        final int family = SocketAddressCodec.family(address);
        final int fd = libc.socket(family, type | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        int result = fd;
        if (result >= 0 && type == Libc.SOCK_STREAM) // two datagram sockets would both have the port
        {
            result = option(libc, fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        }
        if (result >= 0 && reusePort)
        {
            result = option(libc, fd, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);
        }
        if (result >= 0 && family == Libc.AF_INET6)
        {
            result = option(libc, fd, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 0);
        }
        if (result >= 0)
        {
            result = bind(libc, fd, address);
        }
        if (result < 0)
        {
            if (fd >= 0)
            {
                libc.close(fd);
            }
            throw failure(address, result);
        }
        return fd;
    }

    static InetSocketAddress localAddress(final Libc libc, final int fd)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment address = arena.allocate(SocketAddressCodec.MAX_LENGTH, Long.BYTES);
            final MemorySegment length = arena.allocateFrom(JAVA_INT, SocketAddressCodec.MAX_LENGTH);
            final int result = libc.getsockname(fd, address.address(), length.address());
            assert result == 0 : "getsockname: " + result;
            return SocketAddressCodec.decode(address);
        }
    }

    static RuntimeException failure(final InetSocketAddress address, final int result)
    {
        return switch (-result)
        {
            case Errno.EADDRINUSE -> ListenException.addressInUse(address);
            case Errno.EADDRNOTAVAIL -> ListenException.addressNotAvailable(address);
            case Errno.EACCES -> ListenException.noPermission(address);
            case Errno.EAFNOSUPPORT -> ListenException.familyNotSupported(address);
            case Errno.EMFILE, Errno.ENFILE -> ListenException.noDescriptorLeft(address);
            default -> ListenException.other(address, "errno " + -result);
        };
    }

    private static int bind(final Libc libc, final int fd, final InetSocketAddress address)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment memory = arena.allocate(SocketAddressCodec.MAX_LENGTH, Long.BYTES);
            return libc.bind(fd, memory.address(), SocketAddressCodec.encode(memory, address));
        }
    }

    static int option(final Libc libc, final int fd, final int level, final int name, final int value)
    {
        try (Arena arena = Arena.ofConfined())
        {
            return libc.setsockopt(fd, level, name, arena.allocateFrom(JAVA_INT, value).address(), Integer.BYTES);
        }
    }
}
