// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.DatagramLinkContract;

class LoopbackDatagramLinkTest extends DatagramLinkContract
{
    private LoopbackDatagramLink link;

    @Override
    protected DatagramLink server()
    {
        link = LoopbackDatagramLink.pair(1 << 17, 1400);
        return link;
    }

    @Override
    protected DatagramLink client()
    {
        return link.peer();
    }
}
