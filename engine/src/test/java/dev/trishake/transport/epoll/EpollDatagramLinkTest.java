// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.DatagramLinkContract;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.socket.SocketConfig;
import org.junit.jupiter.api.BeforeEach;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

class EpollDatagramLinkTest extends DatagramLinkContract
{
    @BeforeEach
    void needsLinux()
    {
        assumeTrue(Libc.SUPPORTED, "Linux's system calls");
    }

    @Override
    protected DatagramLink server()
    {
        return new EpollDatagramLink(new SocketConfig());
    }

    @Override
    protected DatagramLink client()
    {
        return server();
    }
}
