// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.invoke.MethodHandle;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * System calls of Linux about files and devices, as {@link Libc} has those about sockets: the same answers, the same
 * pointers, one thread, no allocation in any call.
 *
 * <p>{@link #read} and {@link #write} are linked as critical: the descriptor must be one that does not block.
 */
public final class FileCalls
{
    /** open(2): for reading and writing. */
    public static final int O_RDWR = 2;
    /** open(2): calls on the descriptor do not wait. */
    public static final int O_NONBLOCK = 0x800;
    /** open(2): the descriptor does not outlive exec. */
    public static final int O_CLOEXEC = 0x80000;

    private static final MethodHandle OPEN =
        Downcall.link("open", Downcall.WAITING_VARIADIC, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle READ =
        Downcall.linkDirect("read", 0, 63, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE =
        Downcall.linkDirect("write", 1, 64, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle IOCTL =
        Downcall.link("ioctl", Downcall.WAITING_VARIADIC, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

    private final CallState callState = new CallState();

    /**
     * Makes an instance for one thread.
     *
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public FileCalls()
    {
        Libc.checkSupported();
    }

    /**
     * open(2) of a file that exists.
     *
     * @param path  address of a C string
     * @param flags {@link #O_RDWR} with {@link #O_NONBLOCK}, {@link #O_CLOEXEC}
     * @return descriptor or -errno
     */
    public int open(final long path, final int flags)
    {
        try
        {
            return (int)answer((int)OPEN.invokeExact(callState.segment(), path, flags, 0));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * read(2); critical: the descriptor must be non-blocking.
     *
     * @param fd     descriptor
     * @param buffer address of room
     * @param length of it
     * @return bytes read, 0 at the end of a file, or -errno
     */
    public long read(final int fd, final long buffer, final long length)
    {
        try
        {
            return answer((long)READ.invokeExact(callState.segment(), fd, buffer, length));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * write(2); critical: the descriptor must be non-blocking.
     *
     * @param fd     descriptor
     * @param buffer address of the bytes
     * @param length of them
     * @return bytes written or -errno
     */
    public long write(final int fd, final long buffer, final long length)
    {
        try
        {
            return answer((long)WRITE.invokeExact(callState.segment(), fd, buffer, length));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * ioctl(2); may wait.
     *
     * @param fd       descriptor
     * @param request  what to do
     * @param argument address of what the request takes or gives
     * @return 0 or what the request answers, or -errno
     */
    public int ioctl(final int fd, final long request, final long argument)
    {
        try
        {
            return (int)answer((int)IOCTL.invokeExact(callState.segment(), fd, request, argument));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    private long answer(final long result)
    {
        return callState.answer(result);
    }
}
