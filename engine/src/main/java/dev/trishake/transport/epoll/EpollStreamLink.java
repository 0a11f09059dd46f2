// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.socket.SocketConfig;
import dev.trishake.transport.socket.SocketStreamLink;

/** Connections of the kernel's TCP by Linux system calls: nothing is allocated for them. */
public final class EpollStreamLink extends SocketStreamLink
{
    /**
     * A link with an epoll instance of its own.
     *
     * @param config  how big, with which options
     * @param credits what the user can take
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     * @throws IllegalStateException         when there is no descriptor left
     */
    public EpollStreamLink(final SocketConfig config, final StreamCredits credits)
    {
        super(new EpollSockets(config), config, credits);
    }

    /**
     * Waits until something can be polled, for tools that have nothing else to do. May end early.
     *
     * @param timeoutMs milliseconds; 0 does not wait
     * @return whether there is something to poll
     */
    public boolean awaitInput(final int timeoutMs)
    {
        return await(timeoutMs);
    }
}
