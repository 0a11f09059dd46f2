// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.ip.ArpFlyweight;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.IcmpFlyweight;
import dev.trishake.wire.ip.Icmpv6Flyweight;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import dev.trishake.wire.ip.NdpFlyweight;
import dev.trishake.wire.ip.UdpFlyweight;
import org.agrona.DirectBuffer;

import java.util.Locale;

/**
 * Lines as Wireshark's packet list shows them, copied as text; columns are separated by tabs, and the one before the
 * last is empty:
 *
 * <pre>
 * No.  Time      Source         Destination    Protocol  Length      Info
 * 78   2.660150  192.168.22.53  192.168.22.44  TCP       66          8067 → 49153 [SYN] Seq=0 Win=64240 Len=0 ...
 * </pre>
 *
 * <p>Frames are counted from 1 and times are since the first frame. Sequence and acknowledgment numbers are relative to
 * each conversation's first, windows are scaled once both SYNs were seen with a window scale. 65,536 conversations are
 * remembered, the one seen longest ago is forgotten. Analysis of retransmissions is not done, nor reassembly.
 */
public final class WiresharkFormatter implements PacketFormatter
{
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int NS_PER_MICROSECOND = 1000;
    private static final String MALFORMED = "[Malformed Packet]";
    private static final long BROADCAST = 0xffff_ffff_ffffL;

    private final WiresharkTcp tcp = new WiresharkTcp();
    private final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
    private final Ipv6Flyweight ipv6 = new Ipv6Flyweight();
    private final ArpFlyweight arp = new ArpFlyweight();
    private final UdpFlyweight udp = new UdpFlyweight();
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private final Icmpv6Flyweight icmpv6 = new Icmpv6Flyweight();
    private final NdpFlyweight ndp = new NdpFlyweight();
    private final StringBuilder info = new StringBuilder();
    private long number;
    private long firstNs;

    @Override
    public void append(final StringBuilder out, final Packet packet)
    {
        number++;
        firstNs = number == 1 ? packet.timeNs() : firstNs;
        out.append(number).append('\t');
        appendTime(out, packet.timeNs() - firstNs);
        out.append('\t');

        info.setLength(0);
        final String protocol = switch (packet.etherType())
        {
            case EtherType.IPV4 -> appendIpv4(out, packet);
            case EtherType.IPV6 -> appendIpv6(out, packet);
            case EtherType.ARP -> appendArp(out, packet);
            default ->
            {
                out.append('\t');
                info.append("Unknown network protocol");
                yield packet.etherType() == Packet.UNKNOWN ? "" : "0x" + Integer.toHexString(packet.etherType());
            }
        };
        out.append('\t').append(protocol).append('\t').append(packet.frameLength()).append("\t\t").append(info);
    }

    private static void appendTime(final StringBuilder out, final long sinceFirstNs)
    {
        final long distanceNs = Math.abs(sinceFirstNs);
        out.append(sinceFirstNs < 0 ? "-" : "").append(distanceNs / NS_PER_SECOND).append('.');
        Text.appendPadded(out, distanceNs % NS_PER_SECOND / NS_PER_MICROSECOND, 6);
    }

    private String appendIpv4(final StringBuilder out, final Packet packet)
    {
        if (!ipv4.wrapQuoted(packet.buffer(), packet.offset(), packet.captured()))
        {
            out.append('\t');
            info.append(MALFORMED);
            return "IPv4";
        }
        final Flow flow = Flow.of(ipv4);
        appendEnds(out, flow);
        if (ipv4.isFragment())
        {
            info.append("Fragmented IP protocol (proto=").append(ipv4.protocol()).append(", off=")
                .append(ipv4.fragmentOffset()).append(", ID=");
            Text.appendHexByte(info, ipv4.identification() >>> 8);
            Text.appendHexByte(info, ipv4.identification());
            info.append(')');
            return "IPv4";
        }
        return appendPayload(flow, packet.buffer(), ipv4.protocol(), ipv4.payloadOffset(), ipv4.payloadLength(),
            Math.min(ipv4.totalLength(), packet.length()) - ipv4.headerLength());
    }

    private String appendIpv6(final StringBuilder out, final Packet packet)
    {
        if (!ipv6.wrapQuoted(packet.buffer(), packet.offset(), packet.captured()))
        {
            out.append('\t');
            info.append(MALFORMED);
            return "IPv6";
        }
        final Flow flow = Flow.of(ipv6);
        appendEnds(out, flow);
        // what was captured of the payload, and with it what was not
        final int missing = packet.length() - packet.captured();
        return appendPayload(flow, packet.buffer(), ipv6.protocol(), ipv6.payloadOffset(), ipv6.payloadLength(),
            ipv6.payloadLength() + missing);
    }

    private static void appendEnds(final StringBuilder out, final Flow flow)
    {
        flow.appendSource(out, true);
        out.append('\t');
        flow.appendTarget(out, true);
    }

    private String appendPayload(
        final Flow flow,
        final DirectBuffer buffer,
        final int protocol,
        final int offset,
        final int captured,
        final int length)
    {
        return switch (protocol)
        {
            case IpProtocol.TCP -> tcp.append(info, flow, buffer, offset, Math.min(captured, length), length);
            case IpProtocol.UDP -> appendUdp(buffer, offset, captured);
            case IpProtocol.ICMP -> appendIcmp(buffer, offset, captured);
            case IpProtocol.ICMPV6 -> appendIcmpv6(buffer, offset, captured);
            default ->
            {
                final String name = Services.protocol(protocol);
                info.append("IP protocol ").append(protocol);
                yield name == null ? flow.v6() ? "IPv6" : "IPv4" : name.toUpperCase(Locale.ROOT);
            }
        };
    }

    private String appendUdp(final DirectBuffer buffer, final int offset, final int captured)
    {
        if (!udp.wrapQuoted(buffer, offset, captured))
        {
            info.append(MALFORMED);
            return "UDP";
        }
        info.append(udp.srcPort()).append(" → ").append(udp.dstPort())
            .append(" Len=").append(udp.length() - UdpFlyweight.HEADER_LENGTH);
        return "UDP";
    }

    private String appendArp(final StringBuilder out, final Packet packet)
    {
        if (!arp.wrap(packet.buffer(), packet.offset(), packet.captured()))
        {
            out.append('\t');
            info.append(MALFORMED);
            return "ARP";
        }
        Text.appendMac(out, arp.senderHardware());
        out.append('\t');
        final long target = arp.targetHardware();
        if (arp.operation() == ArpFlyweight.REPLY && target != BROADCAST)
        {
            Text.appendMac(out, target);
            Text.appendIpv4(info, arp.senderProtocol());
            info.append(" is at ");
            Text.appendMac(info, arp.senderHardware());
        }
        else
        {
            out.append("Broadcast");
            info.append("Who has ");
            Text.appendIpv4(info, arp.targetProtocol());
            info.append("? Tell ");
            Text.appendIpv4(info, arp.senderProtocol());
        }
        return "ARP";
    }

    private String appendIcmp(final DirectBuffer buffer, final int offset, final int captured)
    {
        if (!icmp.wrap(buffer, offset, captured))
        {
            info.append(MALFORMED);
            return "ICMP";
        }
        switch (icmp.type())
        {
            case IcmpFlyweight.ECHO, IcmpFlyweight.ECHO_REPLY ->
            {
                appendEcho(icmp.type() == IcmpFlyweight.ECHO ? "request " : "reply   ", icmp.identifier());
                info.append(icmp.sequenceNumber()).append('/')
                    .append(Short.reverseBytes((short)icmp.sequenceNumber()) & 0xffff)
                    .append(", ttl=").append(ipv4.timeToLive());
            }
            case IcmpFlyweight.DESTINATION_UNREACHABLE -> info.append("Destination unreachable (")
                .append(unreachableWords(icmp.code())).append(')');
            case IcmpFlyweight.TIME_EXCEEDED -> info.append("Time-to-live exceeded (").append(icmp.code() == 0 ?
                "Time to live exceeded in transit" : "Fragment reassembly time exceeded").append(')');
            default -> info.append("Type ").append(icmp.type()).append(", code ").append(icmp.code());
        }
        return "ICMP";
    }

    private static String unreachableWords(final int code)
    {
        return switch (code)
        {
            case IcmpFlyweight.NETWORK_UNREACHABLE -> "Network unreachable";
            case IcmpFlyweight.HOST_UNREACHABLE -> "Host unreachable";
            case IcmpFlyweight.PROTOCOL_UNREACHABLE -> "Protocol unreachable";
            case IcmpFlyweight.PORT_UNREACHABLE -> "Port unreachable";
            case IcmpFlyweight.FRAGMENTATION_NEEDED -> "Fragmentation needed";
            default -> "code " + code;
        };
    }

    private void appendEcho(final String kind, final int identifier)
    {
        info.append("Echo (ping) ").append(kind).append(" id=0x");
        Text.appendHexByte(info, identifier >>> 8);
        Text.appendHexByte(info, identifier);
        info.append(", seq=");
    }

    private String appendIcmpv6(final DirectBuffer buffer, final int offset, final int captured)
    {
        if (!icmpv6.wrap(buffer, offset, captured))
        {
            info.append(MALFORMED);
            return "ICMPv6";
        }
        switch (icmpv6.type())
        {
            case Icmpv6Flyweight.ECHO_REQUEST, Icmpv6Flyweight.ECHO_REPLY ->
            {
                appendEcho(icmpv6.type() == Icmpv6Flyweight.ECHO_REQUEST ? "request" : "reply", icmpv6.identifier());
                info.append(icmpv6.sequenceNumber()).append(", hop limit=").append(ipv6.hopLimit());
            }
            case Icmpv6Flyweight.DESTINATION_UNREACHABLE -> info.append("Destination Unreachable (").append(
                icmpv6.code() == Icmpv6Flyweight.PORT_UNREACHABLE ? "Port unreachable" : "code " + icmpv6.code())
                .append(')');
            case Icmpv6Flyweight.PACKET_TOO_BIG -> info.append("Packet Too Big");
            case Icmpv6Flyweight.TIME_EXCEEDED -> info.append("Time Exceeded");
            case Icmpv6Flyweight.NEIGHBOR_SOLICITATION, Icmpv6Flyweight.NEIGHBOR_ADVERTISEMENT ->
                appendNeighbor(buffer, offset, captured);
            default -> info.append("Type ").append(icmpv6.type()).append(", code ").append(icmpv6.code());
        }
        return "ICMPv6";
    }

    private void appendNeighbor(final DirectBuffer buffer, final int offset, final int captured)
    {
        if (!ndp.wrap(buffer, offset, captured))
        {
            info.append(MALFORMED);
            return;
        }
        info.append(ndp.isSolicitation() ? "Neighbor Solicitation for " : "Neighbor Advertisement ");
        Text.appendIpv6(info, ndp.targetHigh(), ndp.targetLow());
        if (!ndp.isSolicitation())
        {
            final StringBuilder flags = new StringBuilder();
            flags.append((ndp.flags() & NdpFlyweight.ROUTER) != 0 ? ", rtr" : "")
                .append((ndp.flags() & NdpFlyweight.SOLICITED) != 0 ? ", sol" : "")
                .append((ndp.flags() & NdpFlyweight.OVERRIDE) != 0 ? ", ovr" : "");
            info.append(flags.isEmpty() ? "" : " (" + flags.substring(2) + ")");
        }
        if (ndp.hasLinkLayerAddress())
        {
            info.append(ndp.isSolicitation() ? " from " : " is at ");
            Text.appendMac(info, ndp.linkLayerAddress());
        }
    }
}
