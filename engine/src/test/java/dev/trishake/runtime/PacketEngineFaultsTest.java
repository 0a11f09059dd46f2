// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.Link;
import dev.trishake.transport.packet.PacketLink;
import dev.trishake.transport.packet.Veth;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.EthernetEncoder;
import dev.trishake.wire.ip.EthernetFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** Over AF_PACKET. */
class PacketEngineFaultsTest extends PacketEngineFaultsContract
{
    @Override
    Link packets() throws Exception
    {
        Veth.make();
        return PacketLink.open(Veth.config());
    }

    @Override
    byte[] linkHeader()
    {
        final byte[] header = new byte[EthernetFlyweight.HEADER_LENGTH];
        new EthernetEncoder().init(new UnsafeBuffer(header), 0).destination(Veth.ENGINE_MAC).source(Veth.KERNEL_MAC)
            .etherType(EtherType.IPV4);
        return header;
    }

    @Override
    String kernelDevice()
    {
        return Veth.KERNEL;
    }

    @Override
    String removableDevice()
    {
        return Veth.ENGINE;
    }
}
