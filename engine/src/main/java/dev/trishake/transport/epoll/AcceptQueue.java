// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.linux.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * How many connections wait to be accepted, from the first bytes of the listening socket's {@code struct tcp_info}.
 *
 * <pre>
 *  0 state         TCP_LISTEN
 * 24 unacked       of a listening socket: length of its accept queue
 * 28 sacked        of a listening socket: the backlog
 * 32
 * </pre>
 *
 * <p>A kernel that only resembles Linux may leave the last two 0. The backlog, which never is 0, tells; then the queue
 * reads as endless, and its end is where accept4 finds nothing.
 */
final class AcceptQueue
{
    private static final int STATE_OFFSET = 0;
    private static final int UNACKED_OFFSET = 24;
    private static final int SACKED_OFFSET = 28;
    private static final int INFO_LENGTH = 32;
    private static final int LENGTH_OFFSET = INFO_LENGTH;
    private static final byte TCP_LISTEN = 10;

    private final Libc libc;
    private final int listenFd;
    private final MemorySegment memory = Arena.ofAuto().allocate(INFO_LENGTH + Integer.BYTES, Long.BYTES);

    AcceptQueue(final Libc libc, final int listenFd)
    {
        this.libc = libc;
        this.listenFd = listenFd;
    }

    /**
     * {@return number of connections, {@link Integer#MAX_VALUE} where the kernel does not count them}
     */
    int length()
    {
        memory.set(JAVA_INT, LENGTH_OFFSET, INFO_LENGTH);
        final int result = libc.getsockopt(
            listenFd, Libc.IPPROTO_TCP, Libc.TCP_INFO, memory.address(), memory.address() + LENGTH_OFFSET);
        return length(result, memory);
    }

    static int length(final int result, final MemorySegment info)
    {
        final boolean counted = result == 0 && info.get(JAVA_INT, LENGTH_OFFSET) == INFO_LENGTH &&
            info.get(JAVA_BYTE, STATE_OFFSET) == TCP_LISTEN && info.get(JAVA_INT, SACKED_OFFSET) != 0;
        return counted ? info.get(JAVA_INT, UNACKED_OFFSET) : Integer.MAX_VALUE;
    }
}
