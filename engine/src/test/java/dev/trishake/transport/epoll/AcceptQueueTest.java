// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.LoopbackClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class AcceptQueueTest
{
    private final Libc libc = new Libc();

    @BeforeAll
    static void needsLinux()
    {
        assumeTrue(Libc.SUPPORTED, "TCP_INFO is Linux's");
    }

    @Test
    void shouldCountWhatAcceptWillFind()
    {
        final InetSocketAddress anyPort = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        final int fd = ListeningSocket.open(libc, anyPort, 16, false);
        final AcceptQueue queue = new AcceptQueue(libc, fd);
        assertEquals(0, queue.length());

        final LoopbackClient alive = new LoopbackClient(ListeningSocket.localAddress(libc, fd), 3);
        final LoopbackClient gone = new LoopbackClient(ListeningSocket.localAddress(libc, fd), 2);
        alive.connect();
        gone.connect();
        gone.reset();
        for (int left = 5; left > 0; left--)
        {
            assertEquals(left, queue.length());
            assertEquals(0, libc.close(libc.accept4(fd, Libc.NULL, Libc.NULL, Libc.SOCK_CLOEXEC)));
        }
        assertEquals(0, queue.length());
        assertEquals(-Errno.EAGAIN, libc.accept4(fd, Libc.NULL, Libc.NULL, 0));
        alive.reset();
        libc.close(fd);
    }

    @Test
    void shouldTakeAQueueForEndlessWhereTheKernelDoesNotCount()
    {
        final MemorySegment info = MemorySegment.ofArray(new int[9]);
        info.set(JAVA_INT, 32, 32);
        info.set(JAVA_BYTE, 0, (byte)10);
        info.set(JAVA_INT, 24, 7);
        assertEquals(Integer.MAX_VALUE, AcceptQueue.length(0, info), "no backlog");
        info.set(JAVA_INT, 28, 128);
        assertEquals(7, AcceptQueue.length(0, info));
        assertEquals(Integer.MAX_VALUE, AcceptQueue.length(-Errno.EPROTO, info), "refused");
        info.set(JAVA_INT, 32, 24);
        assertEquals(Integer.MAX_VALUE, AcceptQueue.length(0, info), "too short");
        info.set(JAVA_INT, 32, 32);
        info.set(JAVA_BYTE, 0, (byte)1);
        assertEquals(Integer.MAX_VALUE, AcceptQueue.length(0, info), "not listening");
    }
}
