// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.invoke.MethodHandle;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * System calls of Linux that move many messages at once; answers and pointers are as in {@link Libc}.
 *
 * <p>They are linked the ordinary way, not as critical, though they do not wait: a batch takes tens of microseconds,
 * which a safepoint should not have to wait for, and shares the 10 ns that a change of the thread's state costs.
 */
public final class MessageCalls
{
    /** Does not wait. */
    public static final int MSG_DONTWAIT = 0x40;

    private static final MethodHandle SENDMMSG = Downcall.link(
        "sendmmsg", Downcall.WAITING, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECVMMSG = Downcall.link(
        "recvmmsg", Downcall.WAITING, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);

    private final CallState callState = new CallState();

    /**
     * Makes an instance for one thread.
     *
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public MessageCalls()
    {
        Libc.checkSupported();
    }

    /**
     * sendmmsg(2), without waiting.
     *
     * @param fd       socket
     * @param messages address of {@link MessageBatch}'s headers
     * @param count    of them
     * @return messages sent; -errno when the first one can't be
     */
    public int sendmmsg(final int fd, final long messages, final int count)
    {
        try
        {
            return (int)callState.answer(
                (int)SENDMMSG.invokeExact(callState.segment(), fd, messages, count, MSG_DONTWAIT));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * recvmmsg(2), without waiting.
     *
     * @param fd       socket
     * @param messages address of {@link MessageBatch}'s headers
     * @param count    of them
     * @return messages received; -errno when there is none
     */
    public int recvmmsg(final int fd, final long messages, final int count)
    {
        try
        {
            return (int)callState.answer(
                (int)RECVMMSG.invokeExact(callState.segment(), fd, messages, count, MSG_DONTWAIT, Libc.NULL));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }
}
