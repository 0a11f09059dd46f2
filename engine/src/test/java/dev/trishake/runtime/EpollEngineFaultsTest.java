// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.linux.Libc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Over epoll. */
class EpollEngineFaultsTest extends KernelEngineFaultsContract
{
    @Override
    StreamLinkFactory link()
    {
        assumeTrue(Libc.SUPPORTED, "Linux is needed");
        return Links.epoll(CONNECTIONS);
    }
}
