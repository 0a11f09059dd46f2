// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.socket.SocketConfig;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/** The options that a configuration gives to sockets. One that the system does not know or allow is no fault. */
final class SocketOptions
{
    private final Libc libc;
    private final SocketConfig config;
    private final MemorySegment number = Arena.ofAuto().allocate(JAVA_INT);

    SocketOptions(final Libc libc, final SocketConfig config)
    {
        this.libc = libc;
        this.config = config;
    }

    /** Of a socket that listens for connections, which have them of it. */
    void listener(final int fd)
    {
        connection(fd);
        if (config.deferAcceptS() > 0)
        {
            set(fd, Libc.IPPROTO_TCP, Libc.TCP_DEFER_ACCEPT, config.deferAcceptS());
        }
    }

    /** Of a connection. */
    void connection(final int fd)
    {
        if (config.noDelay())
        {
            set(fd, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
        }
        busyPoll(fd);
    }

    /** Of a socket for datagrams. */
    void datagrams(final int fd)
    {
        set(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, config.receiveBufferLength());
        busyPoll(fd);
    }

    private void busyPoll(final int fd)
    {
        if (config.busyPollUs() > 0)
        {
            set(fd, Libc.SOL_SOCKET, Libc.SO_BUSY_POLL, config.busyPollUs());
        }
        if (config.busyPollBudget() > 0)
        {
            set(fd, Libc.SOL_SOCKET, Libc.SO_BUSY_POLL_BUDGET, config.busyPollBudget());
        }
        if (config.preferBusyPoll())
        {
            set(fd, Libc.SOL_SOCKET, Libc.SO_PREFER_BUSY_POLL, 1);
        }
    }

    private void set(final int fd, final int level, final int name, final int value)
    {
        number.set(JAVA_INT, 0, value);
        libc.setsockopt(fd, level, name, number.address(), Integer.BYTES);
    }
}
