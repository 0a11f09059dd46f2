// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.socket.SocketConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the kernel says of a socket after it was given its options. */
class SocketOptionsTest
{
    private static final int NOT_KNOWN = Integer.MIN_VALUE;

    private Libc libc;
    private int stream;
    private int datagram;

    @BeforeEach
    void open()
    {
        assumeTrue(Libc.SUPPORTED, "Linux is needed");
        libc = new Libc();
        stream = libc.socket(Libc.AF_INET, Libc.SOCK_STREAM, 0);
        datagram = libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM, 0);
    }

    @AfterEach
    void close()
    {
        libc.close(stream);
        libc.close(datagram);
    }

    private int value(final int fd, final int level, final int name)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment value = arena.allocateFrom(JAVA_INT, NOT_KNOWN);
            final MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            final int result = libc.getsockopt(fd, level, name, value.address(), length.address());
            return result < 0 ? NOT_KNOWN : value.get(JAVA_INT, 0);
        }
    }

    /** What asks for a privilege, or for a newer kernel, is as it was where that is not there. */
    private void assertValueOrRefused(final int expected, final int before, final int fd, final int name)
    {
        final int value = value(fd, Libc.SOL_SOCKET, name);
        assertTrue(value == expected || value == before, "option " + name + ": " + value);
        if (isRoot() && before != NOT_KNOWN)
        {
            assertEquals(expected, value, "option " + name);
        }
    }

    private static boolean isRoot()
    {
        return "root".equals(System.getProperty("user.name"));
    }

    @Test
    void shouldGiveAConnectionWhatItIsConfiguredWith()
    {
        final int busyPoll = value(stream, Libc.SOL_SOCKET, Libc.SO_BUSY_POLL);
        final int budget = value(stream, Libc.SOL_SOCKET, Libc.SO_BUSY_POLL_BUDGET);
        final int prefers = value(stream, Libc.SOL_SOCKET, Libc.SO_PREFER_BUSY_POLL);
        new SocketOptions(libc, new SocketConfig().deferAcceptS(9).busyPollUs(40).busyPollBudget(16)
            .preferBusyPoll(true)).connection(stream);
        assertEquals(1, value(stream, Libc.IPPROTO_TCP, Libc.TCP_NODELAY));
        assertEquals(0, value(stream, Libc.IPPROTO_TCP, Libc.TCP_DEFER_ACCEPT), "of listeners alone");
        assertValueOrRefused(40, busyPoll, stream, Libc.SO_BUSY_POLL);
        assertValueOrRefused(16, budget, stream, Libc.SO_BUSY_POLL_BUDGET);
        assertValueOrRefused(1, prefers, stream, Libc.SO_PREFER_BUSY_POLL);
    }

    @Test
    void shouldGiveAListenerItsOwnToo()
    {
        new SocketOptions(libc, new SocketConfig().deferAcceptS(9).noDelay(false)).listener(stream);
        assertTrue(value(stream, Libc.IPPROTO_TCP, Libc.TCP_DEFER_ACCEPT) >= 9, "rounded up to a SYN-ACK's timeout");
        assertEquals(0, value(stream, Libc.IPPROTO_TCP, Libc.TCP_NODELAY));
    }

    @Test
    void shouldGiveDatagramsTheirRoom()
    {
        final int busyPoll = value(datagram, Libc.SOL_SOCKET, Libc.SO_BUSY_POLL);
        new SocketOptions(libc, new SocketConfig().receiveBufferLength(50_000).busyPollUs(30)).datagrams(datagram);
        assertEquals(100_000, value(datagram, Libc.SOL_SOCKET, Libc.SO_RCVBUF), "socket(7): the kernel doubles it");
        assertValueOrRefused(30, busyPoll, datagram, Libc.SO_BUSY_POLL);
    }
}
