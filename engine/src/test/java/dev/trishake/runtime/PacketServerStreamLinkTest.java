// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.Link;
import dev.trishake.transport.packet.PacketLink;
import dev.trishake.transport.packet.VethPair;

/** Our TCP as the server, over AF_PACKET. */
class PacketServerStreamLinkTest extends KernelPeerContract
{
    PacketServerStreamLinkTest()
    {
        super(true, true);
    }

    @Override
    Link link() throws Exception
    {
        VethPair.make();
        return PacketLink.open(VethPair.config());
    }
}
