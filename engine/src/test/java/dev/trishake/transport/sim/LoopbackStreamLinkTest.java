// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamLinkContract;

class LoopbackStreamLinkTest extends StreamLinkContract
{
    private StreamCredits clientCredits;
    private LoopbackStreamLink link;

    @Override
    protected StreamLink server(final StreamCredits credits)
    {
        clientCredits = null;
        link = LoopbackStreamLink.pair(credits, new ClientCredits(), CAPACITY, BUFFER_LENGTH);
        return link;
    }

    @Override
    protected StreamLink client(final StreamCredits credits)
    {
        clientCredits = credits;
        return link.peer();
    }

    @Override
    protected int manyConnections()
    {
        return 20_000;
    }

    /** The client's host comes into being after the pair. */
    private final class ClientCredits implements StreamCredits
    {
        @Override
        public int inputCredit(final long handle)
        {
            return clientCredits.inputCredit(handle);
        }

        @Override
        public int acceptCredit(final int listener)
        {
            return clientCredits.acceptCredit(listener);
        }
    }
}
