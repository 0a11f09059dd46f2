// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.ip.ArpFlyweight;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;

/**
 * Lines as tcpdump 4.99 prints them without {@code -v} and {@code -e}, by default with {@code -S}:
 *
 * <pre>
 * 14:42:56.005364 IP6 localhost.64512 &gt; localhost.http: Flags [S], seq 2811163411, win 65535, length 0
 * </pre>
 *
 * <p>What differs from tcpdump, on purpose: names come from a built-in table, times always have six decimals, and what
 * is carried in TCP and UDP is not decoded except the first line of HTTP. Packets that were cut off end in
 * {@code [|ip]}, {@code [|tcp]} ... where their bytes end.
 */
public final class TcpdumpFormatter implements PacketFormatter
{
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int NS_PER_MICROSECOND = 1000;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int IPV6_NEXT_HEADER_OFFSET = 6;
    private static final int EXTENSION_UNIT = 8;
    private static final int NO_NEXT_HEADER = 59;
    private static final int MAX_EXTENSION_HEADERS = 8;

    private final ZoneRules zone;
    private final boolean numeric;
    private final TcpdumpTcp tcp;
    private final TcpdumpIcmp icmp;
    private final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
    private final ArpFlyweight arp = new ArpFlyweight();

    /**
     * Chooses how to write.
     *
     * @param zone     whose time of day is printed
     * @param numeric  addresses and ports as numbers, as {@code tcpdump -n}
     * @param relative sequence numbers relative to each conversation's first, as tcpdump without {@code -S}; remembers
     *                 65,536 conversations, the one seen longest ago is forgotten
     */
    public TcpdumpFormatter(final ZoneId zone, final boolean numeric, final boolean relative)
    {
        this.zone = zone.getRules();
        this.numeric = numeric;
        this.tcp = new TcpdumpTcp(numeric, relative);
        this.icmp = new TcpdumpIcmp(numeric);
    }

    @Override
    public void append(final StringBuilder out, final Packet packet)
    {
        appendTime(out, packet.timeNs());
        switch (packet.etherType())
        {
            case EtherType.IPV4 -> appendIpv4(out, packet);
            case EtherType.IPV6 -> appendIpv6(out, packet);
            case EtherType.ARP -> appendArp(out, packet);
            case Packet.UNKNOWN -> out.append("unknown network protocol, length ").append(packet.frameLength());
            default -> out.append("ethertype Unknown (0x").append(Integer.toHexString(packet.etherType()))
                .append("), length ").append(packet.frameLength());
        }
    }

    private void appendTime(final StringBuilder out, final long timeNs)
    {
        final long seconds = timeNs / NS_PER_SECOND;
        final int offset = zone.getOffset(Instant.ofEpochSecond(seconds)).getTotalSeconds();
        final int ofDay = (int)Math.floorMod(seconds + offset, (long)SECONDS_PER_DAY);
        Text.appendPadded(out, ofDay / 3600, 2);
        out.append(':');
        Text.appendPadded(out, ofDay / 60 % 60, 2);
        out.append(':');
        Text.appendPadded(out, ofDay % 60, 2);
        out.append('.');
        Text.appendPadded(out, timeNs % NS_PER_SECOND / NS_PER_MICROSECOND, 6);
        out.append(' ');
    }

    private void appendIpv4(final StringBuilder out, final Packet packet)
    {
        out.append(packet.captured() == 0 ? "" : "IP ");
        final DirectBuffer buffer = packet.buffer();
        final int offset = packet.offset();
        if (packet.captured() < Ipv4Flyweight.MIN_HEADER_LENGTH)
        {
            out.append(" [|ip]");
            return;
        }
        if (!ipv4.wrapQuoted(buffer, offset, packet.captured()))
        {
            appendBadIpv4(out, packet);
            return;
        }

        if (ipv4.totalLength() > packet.length())
        {
            out.append("truncated-ip - ").append(ipv4.totalLength() - packet.length()).append(" bytes missing! ");
        }
        final Flow flow = Flow.of(ipv4);
        final int length = ipv4.totalLength() - ipv4.headerLength();
        if (ipv4.fragmentOffset() != 0)
        {
            appendHosts(out, flow).append(": ").append(protocolName(ipv4.protocol()));
            return;
        }
        if (ipv4.protocol() != IpProtocol.TCP && ipv4.protocol() != IpProtocol.UDP)
        {
            appendHosts(out, flow).append(": ");
        }
        appendPayload(out, flow, true, ipv4.protocol(), buffer, ipv4.payloadOffset(), ipv4.payloadLength(), length,
            ipv4.isFragment());
    }

    private void appendBadIpv4(final StringBuilder out, final Packet packet)
    {
        final int first = packet.buffer().getByte(packet.offset()) & 0xff;
        final int headerLength = (first & 0xf) * Integer.BYTES;
        final int totalLength = packet.buffer().getChar(packet.offset() + 2, ByteOrder.BIG_ENDIAN);
        if (first >>> 4 != 4)
        {
            out.append("bad version ").append(first >>> 4);
        }
        else if (headerLength < Ipv4Flyweight.MIN_HEADER_LENGTH)
        {
            out.append("bad-hlen ").append(headerLength);
        }
        else if (totalLength < headerLength)
        {
            out.append("bad-len ").append(totalLength);
        }
        else
        {
            out.append(" [|ip]");
        }
    }

    private void appendIpv6(final StringBuilder out, final Packet packet)
    {
        final DirectBuffer buffer = packet.buffer();
        if (packet.captured() < Ipv6Flyweight.HEADER_LENGTH)
        {
            out.append(" [|ip6]");
            return;
        }
        out.append("IP6 ");
        final int version = (buffer.getByte(packet.offset()) & 0xff) >>> 4;
        if (version != 6)
        {
            out.append("version error: ").append(version).append(" != 6");
            return;
        }
        final int length = buffer.getChar(packet.offset() + 4, ByteOrder.BIG_ENDIAN);
        final int missing = length - (packet.length() - Ipv6Flyweight.HEADER_LENGTH);
        if (missing > 0)
        {
            out.append("truncated-ip6 - ").append(missing).append(" bytes missing!");
        }
        appendIpv6Payload(out, packet, length);
    }

    /** Walks the extension headers itself, because each of them is printed. */
    private void appendIpv6Payload(final StringBuilder out, final Packet packet, final int payloadLength)
    {
        final DirectBuffer buffer = packet.buffer();
        final Flow flow = Flow.ofIpv6(buffer, packet.offset());
        int at = packet.offset() + Ipv6Flyweight.HEADER_LENGTH;
        int length = payloadLength;
        final int end = Math.min(at + length, packet.offset() + packet.captured());
        int protocol = buffer.getByte(packet.offset() + IPV6_NEXT_HEADER_OFFSET) & 0xff;
        boolean withHosts = protocol == IpProtocol.TCP || protocol == IpProtocol.UDP;
        if (!withHosts)
        {
            appendHosts(out, flow).append(": ");
        }

        boolean fragment = false;
        for (int i = 0; i < MAX_EXTENSION_HEADERS && isExtension(protocol); i++)
        {
            out.append(extensionName(protocol));
            if (end - at < EXTENSION_UNIT)
            {
                out.append("[|ip6]");
                return;
            }
            int advance = EXTENSION_UNIT;
            if (protocol == IpProtocol.FRAGMENT)
            {
                fragment = true;
                final int field = buffer.getChar(at + 2, ByteOrder.BIG_ENDIAN);
                out.append("frag (").append(field & 0xfff8).append('|').append(length - EXTENSION_UNIT).append(") ");
                if ((field & 0xfff8) != 0)
                {
                    out.setLength(out.length() - 1);
                    return;
                }
            }
            else
            {
                advance *= 1 + (buffer.getByte(at + 1) & 0xff);
            }
            protocol = buffer.getByte(at) & 0xff;
            at += advance;
            length -= advance;
            if (at > end)
            {
                out.append("[|ip6]");
                return;
            }
            withHosts = false;
        }
        appendPayload(out, flow, withHosts, protocol, buffer, at, end - at, length, fragment);
    }

    private static boolean isExtension(final int protocol)
    {
        return switch (protocol)
        {
            case IpProtocol.HOP_BY_HOP, IpProtocol.ROUTING, IpProtocol.FRAGMENT, IpProtocol.DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    private static String extensionName(final int protocol)
    {
        return switch (protocol)
        {
            case IpProtocol.HOP_BY_HOP -> "HBH ";
            case IpProtocol.ROUTING -> "srcrt ";
            case IpProtocol.DESTINATION_OPTIONS -> "DSTOPT ";
            default -> "";
        };
    }

    private void appendPayload(
        final StringBuilder out,
        final Flow flow,
        final boolean withHosts,
        final int protocol,
        final DirectBuffer buffer,
        final int offset,
        final int captured,
        final int length,
        final boolean fragment)
    {
        final int available = Math.min(captured, length);
        switch (protocol)
        {
            case IpProtocol.TCP -> tcp.append(out, flow, withHosts, buffer, offset, available, length);
            case IpProtocol.UDP -> appendUdp(out, flow, withHosts, buffer, offset, available, length, fragment);
            case IpProtocol.ICMP -> icmp.appendIcmp(out, buffer, offset, available, length);
            case IpProtocol.ICMPV6 -> icmp.appendIcmpv6(out, buffer, offset, available, length);
            case NO_NEXT_HEADER -> out.append("no next header");
            default -> out.append(' ').append(protocolName(protocol)).append(' ').append(length);
        }
    }

    private void appendUdp(
        final StringBuilder out,
        final Flow flow,
        final boolean withHosts,
        final DirectBuffer buffer,
        final int offset,
        final int captured,
        final int length,
        final boolean fragment)
    {
        if (captured < 4)
        {
            appendHosts(out, flow).append(":  [|udp]");
            return;
        }
        final int srcPort = buffer.getChar(offset, ByteOrder.BIG_ENDIAN);
        final int dstPort = buffer.getChar(offset + 2, ByteOrder.BIG_ENDIAN);
        if (withHosts)
        {
            flow.appendSource(out, numeric);
            out.append('.');
        }
        appendPort(out, srcPort);
        out.append(" > ");
        if (withHosts)
        {
            flow.appendTarget(out, numeric);
            out.append('.');
        }
        appendPort(out, dstPort);
        out.append(": ");
        if (captured < 8)
        {
            out.append(length < 8 ? "truncated-udp " + length : " [|udp]");
            return;
        }
        final int udpLength = buffer.getChar(offset + 4, ByteOrder.BIG_ENDIAN);
        if (udpLength < 8)
        {
            out.append("truncated-udplength ").append(udpLength);
        }
        else if (udpLength > length && !fragment)
        {
            out.append("UDP, bad length ").append(udpLength - 8).append(" > ").append(length - 8);
        }
        else
        {
            out.append("UDP, length ").append(udpLength - 8);
        }
    }

    private void appendPort(final StringBuilder out, final int port)
    {
        final String name = numeric ? null : Services.udp(port);
        out.append(name == null ? Integer.toString(port) : name);
    }

    private void appendArp(final StringBuilder out, final Packet packet)
    {
        if (packet.captured() < ArpFlyweight.LENGTH)
        {
            out.append(" [|arp]");
            return;
        }
        out.append("ARP, ");
        if (!arp.wrap(packet.buffer(), packet.offset(), packet.captured()))
        {
            out.append("Unknown hardware or protocol, length ").append(packet.length());
            return;
        }
        switch (arp.operation())
        {
            case ArpFlyweight.REQUEST ->
            {
                out.append("Request who-has ");
                Text.appendIpv4(out, arp.targetProtocol());
                if (arp.targetHardware() != 0)
                {
                    out.append(" (");
                    Text.appendMac(out, arp.targetHardware());
                    out.append(')');
                }
                out.append(" tell ");
                Text.appendIpv4(out, arp.senderProtocol());
            }
            case ArpFlyweight.REPLY ->
            {
                out.append("Reply ");
                Text.appendIpv4(out, arp.senderProtocol());
                out.append(" is-at ");
                Text.appendMac(out, arp.senderHardware());
            }
            default -> out.append("Unknown (").append(arp.operation()).append(')');
        }
        out.append(", length ").append(packet.length());
    }

    private StringBuilder appendHosts(final StringBuilder out, final Flow flow)
    {
        flow.appendSource(out, numeric);
        out.append(" > ");
        flow.appendTarget(out, numeric);
        return out;
    }

    private String protocolName(final int protocol)
    {
        final String name = numeric ? null : Services.protocol(protocol);
        return name == null ? "ip-proto-" + protocol : name;
    }
}
