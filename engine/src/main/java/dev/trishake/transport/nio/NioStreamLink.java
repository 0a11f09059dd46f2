// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.nio;

import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.socket.SocketConfig;
import dev.trishake.transport.socket.SocketStreamLink;

/**
 * Connections of the kernel's TCP by {@code java.nio}, on every system. The JDK allocates for each of them.
 *
 * <p>A selector does not say that a connection has failed: a paused one is told of a reset when it is resumed or
 * written to. {@link SocketConfig#deferAcceptS} and {@link SocketConfig#busyPollUs} have no effect.
 */
public final class NioStreamLink extends SocketStreamLink
{
    /**
     * A link with a selector of its own.
     *
     * @param config  how big, with which options
     * @param credits what the user can take
     * @throws IllegalStateException when there is no descriptor left
     */
    public NioStreamLink(final SocketConfig config, final StreamCredits credits)
    {
        super(new NioSockets(config), config, credits);
    }
}
