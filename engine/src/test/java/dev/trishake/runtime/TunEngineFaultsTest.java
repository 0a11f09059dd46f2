// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.Link;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.TunLink;
import dev.trishake.transport.packet.Veth;

/** Over a TUN device. */
class TunEngineFaultsTest extends PacketEngineFaultsContract
{
    private static final String DEVICE = "tsk0";

    @Override
    Link packets()
    {
        final TunLink link = TunLink.open(DEVICE);
        final NetDevice device = new NetDevice(DEVICE);
        device.address(Veth.KERNEL_4, 24);
        device.up();
        return link;
    }

    @Override
    byte[] linkHeader()
    {
        return new byte[0];
    }

    @Override
    String kernelDevice()
    {
        return DEVICE;
    }

    @Override
    String removableDevice()
    {
        return DEVICE;
    }
}
