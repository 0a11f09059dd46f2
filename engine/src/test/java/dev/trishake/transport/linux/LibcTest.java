// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class LibcTest
{
    private static final int CPU_MASK_LENGTH = 128;

    private Libc libc;

    @BeforeEach
    void needsLinux()
    {
        assumeTrue(Libc.SUPPORTED, "Linux's system calls");
        libc = new Libc();
    }

    @Test
    void shouldAnswerWithTheErrorNumber()
    {
        assertEquals(-Errno.EBADF, libc.close(-1));
        assertEquals(-Errno.EBADF, libc.accept4(-1, Libc.NULL, Libc.NULL, 0));
        assertEquals(-Errno.EBADF, new EpollCalls().epollWait(-1, Libc.NULL, 1, 0));
        assertEquals(-Errno.EAFNOSUPPORT, libc.socket(45, Libc.SOCK_STREAM, 0));
    }

    @Test
    void shouldAnswerWithTheResult()
    {
        final int fd = libc.socket(Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        assertTrue(fd > 2);
        assertEquals(0, libc.listen(fd, 1));
        assertEquals(-Errno.EAGAIN, libc.accept4(fd, Libc.NULL, Libc.NULL, 0));
        assertEquals(0, libc.close(fd));
        assertEquals(-Errno.EBADF, libc.close(fd));
    }

    @Test
    void shouldPinAThreadToItsCpus()
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment mask = arena.allocate(CPU_MASK_LENGTH);
            final int length = libc.schedGetaffinity(0, CPU_MASK_LENGTH, mask.address());
            assertTrue(length >= 0);
            assertTrue(mask.mismatch(arena.allocate(CPU_MASK_LENGTH)) >= 0, "no CPU");
            assertEquals(0, libc.schedSetaffinity(0, CPU_MASK_LENGTH, mask.address()));
        }
    }
}
