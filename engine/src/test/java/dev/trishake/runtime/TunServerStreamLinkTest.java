// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.Link;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.TunLink;
import dev.trishake.transport.packet.VethPair;

/** Our TCP as the server, over a TUN device. */
class TunServerStreamLinkTest extends KernelPeerContract
{
    TunServerStreamLinkTest()
    {
        super(true, true);
    }

    @Override
    Link link() throws Exception
    {
        final TunLink link = TunLink.open("tsk0");
        final NetDevice device = new NetDevice("tsk0");
        device.address(VethPair.KERNEL_4, 24);
        device.up();
        return link;
    }
}
