// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.flood.Addresses;
import dev.trishake.soak.flood.Namespace;
import dev.trishake.transport.Link;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.TunLink;

/**
 * Behind a TUN device: flood and clients come through one queue.
 *
 * <pre>
 *  flooder (packet socket) ─┐
 *                           ├─► [ flood0 10.9.0.1 ] ══ TUN queue ══ TunLink, 10.9.0.2
 *  clients (kernel's TCP) ──┘
 * </pre>
 */
final class TunSite implements EngineSite
{
    private static final String DEVICE = "flood0";

    private final boolean isIpv4;
    private final Namespace namespace;
    private final TunLink link;

    TunSite(final boolean isIpv4)
    {
        this.isIpv4 = isIpv4;
        namespace = Namespace.make("flood");
        try
        {
            link = namespace.call(this::open);
        }
        catch (final RuntimeException ex)
        {
            namespace.close();
            throw ex;
        }
    }

    private TunLink open()
    {
        final TunLink opened = TunLink.open(DEVICE);
        try
        {
            final NetDevice device = new NetDevice(DEVICE);
            device.address(Addresses.outside(isIpv4), Addresses.prefixLength(isIpv4));
            device.queueLength(TransportOptions.QUEUE_LENGTH);
            device.up();
            return opened;
        }
        catch (final RuntimeException ex)
        {
            opened.close();
            throw ex;
        }
    }

    @Override
    public Namespace outside()
    {
        return namespace;
    }

    @Override
    public Namespace inside()
    {
        return namespace;
    }

    @Override
    public String device()
    {
        return DEVICE;
    }

    @Override
    public byte[] linkHeader()
    {
        return new byte[0];
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

    @Override
    public boolean worksInSendersTime()
    {
        return false;
    }

    @Override
    public void close()
    {
        namespace.close();
    }
}
