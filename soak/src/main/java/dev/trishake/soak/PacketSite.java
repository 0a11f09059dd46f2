// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.flood.Addresses;
import dev.trishake.soak.flood.Cable;
import dev.trishake.soak.flood.Namespace;
import dev.trishake.transport.Link;
import dev.trishake.transport.packet.PacketConfig;
import dev.trishake.transport.packet.PacketLink;

/**
 * Behind AF_PACKET, on the {@link Cable} that Linux's own listener has.
 *
 * <pre>
 *  flooder (packet socket) ─┐
 *                           ├─► [ flood0 10.9.0.1 ] ══ veth ══ [ victim0 ] ─ receive ring ─ PacketLink, 10.9.0.2
 *  clients (kernel's TCP) ──┘
 * </pre>
 */
final class PacketSite implements EngineSite
{
    private final Cable cable;
    private final PacketLink link;

    PacketSite(final boolean isIpv4)
    {
        cable = new Cable(isIpv4);
        try
        {
            link = cable.inside().call(() -> PacketLink.open(new PacketConfig(Cable.INSIDE)
                .address(Addresses.victim(isIpv4), Addresses.prefixLength(isIpv4))
                .gateway(Addresses.outside(isIpv4))));
        }
        catch (final RuntimeException ex)
        {
            cable.close();
            throw ex;
        }
    }

    @Override
    public Namespace outside()
    {
        return cable.outside();
    }

    @Override
    public Namespace inside()
    {
        return cable.inside();
    }

    @Override
    public String device()
    {
        return Cable.OUTSIDE;
    }

    @Override
    public byte[] linkHeader()
    {
        return cable.linkHeader();
    }

    @Override
    public Link link()
    {
        return link;
    }

    @Override
    public boolean await(final int timeoutMs)
    {
        return link.await(timeoutMs);
    }

    /** What comes by veth is copied into the receive ring there and then, in a soft interrupt. */
    @Override
    public boolean worksInSendersTime()
    {
        return true;
    }

    @Override
    public void close()
    {
        cable.close();
    }
}
