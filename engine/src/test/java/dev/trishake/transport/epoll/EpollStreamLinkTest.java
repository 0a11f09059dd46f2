// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamLinkContract;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.socket.SocketConfig;
import org.junit.jupiter.api.BeforeEach;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

class EpollStreamLinkTest extends StreamLinkContract
{
    @BeforeEach
    void needsLinux()
    {
        assumeTrue(Libc.SUPPORTED, "Linux's system calls");
    }

    @Override
    protected StreamLink server(final StreamCredits credits)
    {
        return new EpollStreamLink(
            new SocketConfig().connections(CAPACITY).outputBufferLength(BUFFER_LENGTH), credits);
    }

    @Override
    protected StreamLink client(final StreamCredits credits)
    {
        return server(credits);
    }

    @Override
    protected int manyConnections()
    {
        return 20_000;
    }
}
