// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.CounterVisitor;
import dev.trishake.wire.ip.ArpEncoder;
import dev.trishake.wire.ip.ArpFlyweight;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.EthernetEncoder;
import dev.trishake.wire.ip.EthernetFlyweight;
import dev.trishake.wire.ip.Icmpv6Flyweight;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv6Encoder;
import dev.trishake.wire.ip.Ipv6Flyweight;
import dev.trishake.wire.ip.NdpEncoder;
import dev.trishake.wire.ip.NdpFlyweight;
import org.agrona.DirectBuffer;

/**
 * Answers ARP requests (RFC 826) and neighbour solicitations (RFC 4861) for our addresses, and learns from those and
 * from their answers. Frames and time come in, frames go out: no socket, no clock.
 *
 * <p>As RFC 826 has it, what is known is changed by whoever says otherwise, what is new is learned from those who
 * speak to us. An unsolicited advertisement changes what is known and makes nothing new known (RFC 4861 7.2.5).
 */
final class NeighbourDiscovery
{
    static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final int NDP_HOP_LIMIT = 255;
    private static final int ETHERNET_LENGTH = EthernetFlyweight.HEADER_LENGTH;
    private static final int ARP_FRAME_LENGTH = ETHERNET_LENGTH + ArpFlyweight.LENGTH;
    private static final int NDP_LENGTH = NdpFlyweight.LENGTH_WITH_LINK_LAYER_ADDRESS;
    private static final int NDP_FRAME_LENGTH = ETHERNET_LENGTH + Ipv6Flyweight.HEADER_LENGTH + NDP_LENGTH;

    /** ff02::1, and the prefix ff02::1:ff00:0/104 of solicited-node addresses, RFC 4291 2.7.1. */
    private static final long LINK_LOCAL_MULTICAST = 0xff02_0000_0000_0000L;
    private static final long ALL_NODES = 1;
    private static final long SOLICITED_NODE = 0x1_ff00_0000L;
    private static final long SOLICITED_NODE_MASK = 0xff_ffffL;
    private static final long MULTICAST_FRAME = 0x3333_0000_0000L;
    private static final long GROUP_BIT = 0x0100_0000_0000L;

    private final AddressPrefix[] own;
    private final long hardware;
    private final boolean answers;
    private final Neighbours neighbours;
    private final FrameOutput output;
    private final ArpFlyweight arp = new ArpFlyweight();
    private final NdpFlyweight ndp = new NdpFlyweight();
    private final Icmpv6Flyweight icmpv6 = new Icmpv6Flyweight();
    private final EthernetEncoder ethernet = new EthernetEncoder();
    private final ArpEncoder arpOut = new ArpEncoder();
    private final Ipv6Encoder ipv6Out = new Ipv6Encoder();
    private final NdpEncoder ndpOut = new NdpEncoder();
    private long answered;
    private long requested;
    private long invalid;

    /**
     * For addresses on one link.
     *
     * @param own        our addresses
     * @param hardware   our link-layer address
     * @param answers    false where somebody else answers for us, and we only learn and ask
     * @param neighbours where what is learned goes
     * @param output     where frames go
     */
    NeighbourDiscovery(
        final AddressPrefix[] own,
        final long hardware,
        final boolean answers,
        final Neighbours neighbours,
        final FrameOutput output)
    {
        this.own = own.clone();
        this.hardware = hardware;
        this.answers = answers;
        this.neighbours = neighbours;
        this.output = output;
    }

    /** {@return whether an address is ours} */
    boolean isOwn(final long high, final long low)
    {
        for (int i = 0; i < own.length; i++)
        {
            if (own[i].contains(high, low))
            {
                return true;
            }
        }
        return false;
    }

    /** Takes an ARP packet, the payload of a frame. */
    void onArp(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        if (!arp.wrap(buffer, offset, length) || !isUnicast(arp.senderHardware()))
        {
            invalid++;
            return;
        }
        final int sender = arp.senderProtocol();
        final boolean isForUs = isOwn(0, AddressPrefix.ipv4(arp.targetProtocol()));
        if (sender != 0) // a probe, RFC 5227 2.1.1, has no address yet
        {
            learn(0, AddressPrefix.ipv4(sender), arp.senderHardware(), isForUs, nowNs);
        }
        if (answers && isForUs && arp.operation() == ArpFlyweight.REQUEST)
        {
            final int target = arp.targetProtocol();
            final long to = arp.senderHardware();
            final int index = frame(ARP_FRAME_LENGTH, to, EtherType.ARP);
            if (index != FrameOutput.NO_ROOM)
            {
                answered++;
                arpOut.init(output.buffer(), index).operation(ArpFlyweight.REPLY)
                    .sender(hardware, target).target(to, sender);
                output.commit();
            }
        }
    }

    /**
     * Takes an IPv6 packet.
     *
     * @return whether it was a neighbour solicitation or advertisement, valid or not: nobody else's business then
     */
    boolean onIpv6(final DirectBuffer buffer, final Ipv6Flyweight packet, final long nowNs)
    {
        if (packet.protocol() != IpProtocol.ICMPV6 || packet.payloadLength() < NdpFlyweight.MIN_LENGTH)
        {
            return false;
        }
        final int type = buffer.getByte(packet.payloadOffset()) & 0xff;
        if (type != Icmpv6Flyweight.NEIGHBOR_SOLICITATION && type != Icmpv6Flyweight.NEIGHBOR_ADVERTISEMENT)
        {
            return false;
        }
        // RFC 4861 7.1.1, 7.1.2
        final int length = packet.payloadLength();
        if (packet.hopLimit() != NDP_HOP_LIMIT ||
            !icmpv6.wrap(buffer, packet.payloadOffset(), length) ||
            !icmpv6.isChecksumValid(packet.pseudoHeader(length)) ||
            !ndp.wrap(buffer, packet.payloadOffset(), length) ||
            isMulticast(ndp.targetHigh()) ||
            (ndp.hasLinkLayerAddress() && !isUnicast(ndp.linkLayerAddress())))
        {
            invalid++;
        }
        else if (ndp.isSolicitation())
        {
            onSolicitation(packet, nowNs);
        }
        else
        {
            onAdvertisement(packet, nowNs);
        }
        return true;
    }

    /**
     * Asks who has an address: a broadcast, or to the solicited-node address.
     *
     * @return whether there was room for the frame
     */
    boolean request(final long fromHigh, final long fromLow, final long high, final long low)
    {
        if (AddressPrefix.isIpv4(high, low))
        {
            final int index = frame(ARP_FRAME_LENGTH, BROADCAST, EtherType.ARP);
            if (index != FrameOutput.NO_ROOM)
            {
                requested++;
                arpOut.init(output.buffer(), index).operation(ArpFlyweight.REQUEST)
                    .sender(hardware, (int)fromLow).target(0, (int)low);
                output.commit();
            }
            return index != FrameOutput.NO_ROOM;
        }
        final long group = SOLICITED_NODE | (low & SOLICITED_NODE_MASK);
        final int index = frame(NDP_FRAME_LENGTH, MULTICAST_FRAME | (group & 0xffff_ffffL), EtherType.IPV6);
        if (index == FrameOutput.NO_ROOM)
        {
            return false;
        }
        requested++;
        ndpOut.solicitation(output.buffer(), index + Ipv6Flyweight.HEADER_LENGTH, high, low, hardware);
        finishNdp(index, fromHigh, fromLow, LINK_LOCAL_MULTICAST, group);
        return true;
    }

    void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkNeighbourAnswers", answered);
        visitor.onCounter("LinkNeighbourRequests", requested);
        visitor.onCounter("LinkNeighbourInvalid", invalid);
    }

    /** RFC 4861 7.2.3, 7.2.4. */
    private void onSolicitation(final Ipv6Flyweight packet, final long nowNs)
    {
        final long fromHigh = packet.sourceHigh();
        final long fromLow = packet.sourceLow();
        final boolean isDetection = fromHigh == 0 && fromLow == 0; // of a duplicate address, RFC 4862 5.4
        final boolean isForUs = isOwn(ndp.targetHigh(), ndp.targetLow());
        if (isDetection && (ndp.hasLinkLayerAddress() || !isMulticast(packet.destinationHigh())))
        {
            invalid++;
            return;
        }
        if (!isDetection && ndp.hasLinkLayerAddress())
        {
            learn(fromHigh, fromLow, ndp.linkLayerAddress(), isForUs, nowNs);
        }
        final long to = isDetection ? MULTICAST_FRAME | ALL_NODES : ndp.hasLinkLayerAddress() ?
            ndp.linkLayerAddress() : neighbours.find(fromHigh, fromLow, nowNs);
        if (!answers || !isForUs || to == Neighbours.UNKNOWN)
        {
            return;
        }
        final int index = frame(NDP_FRAME_LENGTH, to, EtherType.IPV6);
        if (index == FrameOutput.NO_ROOM)
        {
            return;
        }
        answered++;
        ndpOut.advertisement(
            output.buffer(), index + Ipv6Flyweight.HEADER_LENGTH,
            NdpFlyweight.OVERRIDE | (isDetection ? 0 : NdpFlyweight.SOLICITED),
            ndp.targetHigh(), ndp.targetLow(), hardware);
        finishNdp(
            index, ndp.targetHigh(), ndp.targetLow(),
            isDetection ? LINK_LOCAL_MULTICAST : fromHigh, isDetection ? ALL_NODES : fromLow);
    }

    /** RFC 4861 7.2.5, without its finer states: an answer is believed, anything else only where something is known. */
    private void onAdvertisement(final Ipv6Flyweight packet, final long nowNs)
    {
        final boolean isSolicited = (ndp.flags() & NdpFlyweight.SOLICITED) != 0;
        if (isSolicited && isMulticast(packet.destinationHigh()))
        {
            invalid++;
        }
        else if (ndp.hasLinkLayerAddress())
        {
            learn(
                ndp.targetHigh(), ndp.targetLow(), ndp.linkLayerAddress(),
                isSolicited && isOwn(packet.destinationHigh(), packet.destinationLow()), nowNs);
        }
    }

    private void learn(final long high, final long low, final long address, final boolean isNews, final long nowNs)
    {
        if (!isOwn(high, low) && (isNews || neighbours.isConfirmed(high, low)))
        {
            neighbours.confirm(high, low, address, nowNs);
        }
    }

    /** {@return where the payload of a new frame begins, or NO_ROOM} */
    private int frame(final int length, final long to, final int etherType)
    {
        final int index = output.claim(length);
        return index == FrameOutput.NO_ROOM ? index :
            ethernet.init(output.buffer(), index).destination(to).source(hardware).etherType(etherType)
                .payloadOffset();
    }

    private void finishNdp(
        final int index, final long fromHigh, final long fromLow, final long toHigh, final long toLow)
    {
        ndpOut.finish(Checksum.pseudoHeader(fromHigh, fromLow, toHigh, toLow, IpProtocol.ICMPV6, NDP_LENGTH));
        ipv6Out.init(output.buffer(), index).protocol(IpProtocol.ICMPV6).hopLimit(NDP_HOP_LIMIT)
            .source(fromHigh, fromLow).destination(toHigh, toLow).finish(NDP_LENGTH);
        output.commit();
    }

    private static boolean isUnicast(final long address)
    {
        return address != 0 && (address & GROUP_BIT) == 0;
    }

    private static boolean isMulticast(final long high)
    {
        return high >>> 56 == 0xff;
    }
}
