// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.invoke.MethodHandle;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** System calls of Linux about memory that is shared with the kernel; answers and pointers are as in {@link Libc}. */
public final class MemoryCalls
{
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private static final MethodHandle MMAP = Downcall.link(
        "mmap", Downcall.WAITING, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP =
        Downcall.link("munmap", Downcall.WAITING, JAVA_INT, JAVA_LONG, JAVA_LONG);

    private final CallState callState = new CallState();

    /**
     * Makes an instance for one thread.
     *
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public MemoryCalls()
    {
        Libc.checkSupported();
    }

    /**
     * mmap(2) of a descriptor from its beginning, to read and write and share.
     *
     * @param fd     descriptor
     * @param length to map
     * @return address or -errno
     */
    public long mmap(final int fd, final long length)
    {
        try
        {
            return callState.answer(
                (long)MMAP.invokeExact(callState.segment(), Libc.NULL, length, PROT_READ_WRITE, MAP_SHARED, fd, 0L));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * munmap(2).
     *
     * @param address as {@link #mmap} answered
     * @param length  that was mapped
     * @return 0 or -errno
     */
    public int munmap(final long address, final long length)
    {
        try
        {
            return (int)callState.answer((int)MUNMAP.invokeExact(callState.segment(), address, length));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }
}
