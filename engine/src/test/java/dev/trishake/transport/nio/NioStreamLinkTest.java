// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.nio;

import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamLinkContract;
import dev.trishake.transport.socket.SocketConfig;

class NioStreamLinkTest extends StreamLinkContract
{
    @Override
    protected StreamLink server(final StreamCredits credits)
    {
        return new NioStreamLink(
            new SocketConfig().connections(CAPACITY).outputBufferLength(BUFFER_LENGTH), credits);
    }

    @Override
    protected StreamLink client(final StreamCredits credits)
    {
        return server(credits);
    }

    @Override
    protected boolean allocatesNothing()
    {
        return false; // the JDK does: channels, keys, addresses
    }

    @Override
    protected boolean tellsPausedOfReset()
    {
        return false; // a selector has no word for errors
    }

    @Override
    protected int manyConnections()
    {
        return 20_000;
    }
}
