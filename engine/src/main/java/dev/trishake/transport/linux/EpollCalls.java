// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.invoke.MethodHandle;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * System calls of Linux about readiness (epoll(7)); answers and pointers are as in {@link Libc}.
 *
 * <pre>
 *  struct epoll_event on x86-64         elsewhere
 *  0        4                12         0        4        8                16
 * +--------+----------------+          +--------+--------+----------------+
 * | events | data: 8 bytes  |          | events |        | data: 8 bytes  |
 * +--------+----------------+          +--------+--------+----------------+
 * </pre>
 */
public final class EpollCalls
{
    /** epoll_create1(2): the new descriptor does not outlive exec. */
    public static final int EPOLL_CLOEXEC = Libc.SOCK_CLOEXEC;
    /** epoll_ctl(2): adds to the interest set. */
    public static final int EPOLL_CTL_ADD = 1;
    /** epoll_ctl(2): changes the events of a member of the interest set. */
    public static final int EPOLL_CTL_MOD = 3;
    /** epoll_ctl(2): readable. */
    public static final int EPOLLIN = 1;
    /** epoll_ctl(2): writable. */
    public static final int EPOLLOUT = 4;
    /** epoll_wait(2): an error is pending. */
    public static final int EPOLLERR = 8;
    /** epoll_wait(2): both sides have ended. */
    public static final int EPOLLHUP = 0x10;
    /** epoll_ctl(2): the peer's side has ended. */
    public static final int EPOLLRDHUP = 0x2000;
    /** epoll_ctl(2): edge-triggered: says once that something has come. */
    public static final int EPOLLET = 1 << 31;
    /** Length of a {@code struct epoll_event}. */
    public static final int EVENT_LENGTH = "amd64".equals(System.getProperty("os.arch")) ? 12 : 16;
    /** Where an event's data begins; its events begin at 0. */
    public static final int DATA_OFFSET = EVENT_LENGTH - Long.BYTES;

    private static final MethodHandle EPOLL_CREATE1 =
        Downcall.link("epoll_create1", Downcall.CRITICAL, JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CTL =
        Downcall.link("epoll_ctl", Downcall.CRITICAL, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle EPOLL_WAIT = Downcall.link(
        "epoll_wait", Downcall.WAITING, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

    private final CallState callState = new CallState();

    /**
     * Makes an instance for one thread.
     *
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public EpollCalls()
    {
        Libc.checkSupported();
    }

    /**
     * epoll_create1(2).
     *
     * @param flags {@link #EPOLL_CLOEXEC}
     * @return descriptor or -errno
     */
    public int epollCreate1(final int flags)
    {
        try
        {
            return (int)callState.answer((int)EPOLL_CREATE1.invokeExact(callState.segment(), flags));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * epoll_ctl(2).
     *
     * @param epfd      epoll descriptor
     * @param operation {@link #EPOLL_CTL_ADD} or {@link #EPOLL_CTL_MOD}
     * @param fd        descriptor of the interest set
     * @param event     address of a {@code struct epoll_event}
     * @return 0 or -errno
     */
    public int epollCtl(final int epfd, final int operation, final int fd, final long event)
    {
        try
        {
            return (int)callState.answer((int)EPOLL_CTL.invokeExact(callState.segment(), epfd, operation, fd, event));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }

    /**
     * epoll_wait(2).
     *
     * @param epfd      epoll descriptor
     * @param events    address of room for {@code maxEvents} events of {@link #EVENT_LENGTH} bytes
     * @param maxEvents at least 1
     * @param timeoutMs milliseconds; 0 does not wait, -1 waits for ever
     * @return number of events or -errno
     */
    public int epollWait(final int epfd, final long events, final int maxEvents, final int timeoutMs)
    {
        try
        {
            return (int)callState.answer(
                (int)EPOLL_WAIT.invokeExact(callState.segment(), epfd, events, maxEvents, timeoutMs));
        }
        catch (final Throwable ex)
        {
            throw Downcall.impossible(ex);
        }
    }
}
