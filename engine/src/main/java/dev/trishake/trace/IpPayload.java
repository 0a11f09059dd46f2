// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;

/** What a packet of IPv4 or IPv6 carries, whole: fragments carry nothing. */
final class IpPayload
{
    private final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
    private final Ipv6Flyweight ipv6 = new Ipv6Flyweight();
    private Flow flow;
    private int offset;
    private int length;

    /** {@return whether the packet carries this protocol, so that the accessors may be used} */
    boolean wrap(final Packet packet, final int protocol)
    {
        switch (packet.etherType())
        {
            case EtherType.IPV4 ->
            {
                if (ipv4.wrap(packet.buffer(), packet.offset(), packet.captured()) &&
                    ipv4.protocol() == protocol && !ipv4.isFragment())
                {
                    return take(Flow.of(ipv4), ipv4.payloadOffset(), ipv4.payloadLength());
                }
            }
            case EtherType.IPV6 ->
            {
                if (ipv6.wrap(packet.buffer(), packet.offset(), packet.captured()) && ipv6.protocol() == protocol)
                {
                    return take(Flow.of(ipv6), ipv6.payloadOffset(), ipv6.payloadLength());
                }
            }
            default ->
            {
                // ARP and what is not known
            }
        }
        return false;
    }

    private boolean take(final Flow of, final int at, final int octets)
    {
        flow = of;
        offset = at;
        length = octets;
        return true;
    }

    /** {@return the addresses, without ports} */
    Flow flow()
    {
        return flow;
    }

    int offset()
    {
        return offset;
    }

    int length()
    {
        return length;
    }
}
