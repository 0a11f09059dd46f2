// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.tcp.TcpResult;

/** Errors of system calls, with Linux's numbers. */
enum Errno
{
    OK(0),
    EBADF(9),
    EAGAIN(11),
    EWOULDBLOCK(11),
    EINVAL(22),
    EPIPE(32),
    EOPNOTSUPP(95),
    EADDRINUSE(98),
    ENETUNREACH(101),
    ECONNABORTED(103),
    ECONNRESET(104),
    ENOBUFS(105),
    EISCONN(106),
    ENOTCONN(107),
    ETIMEDOUT(110),
    ECONNREFUSED(111),
    EHOSTUNREACH(113),
    EALREADY(114),
    EINPROGRESS(115);

    private final int number;

    Errno(final int number)
    {
        this.number = number;
    }

    int number()
    {
        return number;
    }

    /** {@return the error with this name, or null} */
    static Errno of(final String name)
    {
        for (final Errno errno : values())
        {
            if (errno != OK && errno.name().equals(name))
            {
                return errno;
            }
        }
        return null;
    }

    /** {@return what a program is told of why a connection ended} */
    static Errno ofReason(final int result)
    {
        return switch (result)
        {
            case TcpResult.RESET -> ECONNRESET;
            case TcpResult.REFUSED -> ECONNREFUSED;
            case TcpResult.TIMED_OUT -> ETIMEDOUT;
            case TcpResult.UNREACHABLE -> EHOSTUNREACH;
            case TcpResult.ADDRESS_IN_USE -> EADDRINUSE;
            case TcpResult.NO_CAPACITY, TcpResult.BACK_PRESSURED -> ENOBUFS;
            default -> OK;
        };
    }
}
