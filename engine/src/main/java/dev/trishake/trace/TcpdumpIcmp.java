// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.ip.IcmpFlyweight;
import dev.trishake.wire.ip.Icmpv6Flyweight;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/** ICMP and ICMPv6 messages in tcpdump's words. */
final class TcpdumpIcmp
{
    private static final int PORTS_LENGTH = 4;
    /** Of the MTU or the pointer, printed as it stands: the flyweight's MTU ends at the largest int. */
    private static final int WORD_OFFSET = 4;
    private static final int ADDRESS_OFFSET = 8;
    private static final int ROUTER_SOLICITATION = 133;
    private static final int ROUTER_ADVERTISEMENT = 134;
    private static final int MULTICAST_REPORT_V2 = 143;
    private static final int NDP_LENGTH = 24;

    private final boolean numeric;
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private final Icmpv6Flyweight icmpv6 = new Icmpv6Flyweight();
    private final Ipv4Flyweight quoted = new Ipv4Flyweight();
    private final Ipv6Flyweight quotedV6 = new Ipv6Flyweight();

    TcpdumpIcmp(final boolean numeric)
    {
        this.numeric = numeric;
    }

    void appendIcmp(
        final StringBuilder out, final DirectBuffer buffer, final int offset, final int captured, final int length)
    {
        final boolean whole = icmp.wrap(buffer, offset, captured);
        if (!whole || (icmp.type() == IcmpFlyweight.DESTINATION_UNREACHABLE &&
            !quoted.wrapQuoted(buffer, icmp.payloadOffset(), icmp.payloadLength())))
        {
            out.append(" [|icmp]");
            return;
        }
        out.append("ICMP ");
        switch (icmp.type())
        {
            case IcmpFlyweight.ECHO -> appendEcho(out, "echo request", icmp.identifier(), icmp.sequenceNumber());
            case IcmpFlyweight.ECHO_REPLY -> appendEcho(out, "echo reply", icmp.identifier(), icmp.sequenceNumber());
            case IcmpFlyweight.DESTINATION_UNREACHABLE -> appendUnreachable(out, buffer);
            case IcmpFlyweight.TIME_EXCEEDED -> out.append(timeExceededWords(icmp.code()));
            case IcmpFlyweight.PARAMETER_PROBLEM -> out.append("parameter problem - ")
                .append(icmp.code() == 0 ? "octet " + (icmp.identifier() >>> 8) : "code " + icmp.code());
            default -> out.append("type-#").append(icmp.type());
        }
        out.append(", length ").append(length);
    }

    private static void appendEcho(final StringBuilder out, final String name, final int id, final int seq)
    {
        out.append(name).append(", id ").append(id).append(", seq ").append(seq);
    }

    private static String timeExceededWords(final int code)
    {
        return switch (code)
        {
            case 0 -> "time exceeded in-transit";
            case 1 -> "ip reassembly time exceeded";
            default -> "time exceeded-#" + code;
        };
    }

    private void appendUnreachable(final StringBuilder out, final DirectBuffer buffer)
    {
        final Flow flow = Flow.of(quoted);
        switch (icmp.code())
        {
            case IcmpFlyweight.NETWORK_UNREACHABLE -> appendTarget(out.append("net "), flow, " unreachable");
            case IcmpFlyweight.HOST_UNREACHABLE -> appendTarget(out.append("host "), flow, " unreachable");
            case IcmpFlyweight.PROTOCOL_UNREACHABLE ->
            {
                appendTarget(out, flow, " protocol ");
                out.append(quoted.protocol()).append(" unreachable");
            }
            case IcmpFlyweight.PORT_UNREACHABLE ->
            {
                appendTarget(out, flow, " ");
                appendPort(out, buffer, quoted.protocol(), quoted.payloadOffset(), quoted.payloadLength());
                out.append(" unreachable");
            }
            case IcmpFlyweight.FRAGMENTATION_NEEDED ->
            {
                appendTarget(out, flow, " unreachable - need to frag");
                out.append(icmp.nextHopMtu() == 0 ? "" : " (mtu " + icmp.nextHopMtu() + ")");
            }
            case 5 -> appendTarget(out, flow, " unreachable - source route failed");
            case 6 -> appendTarget(out.append("net "), flow, " unreachable - unknown");
            case 7 -> appendTarget(out.append("host "), flow, " unreachable - unknown");
            case 8 -> appendTarget(out, flow, " unreachable - source host isolated");
            case 9 -> appendTarget(out.append("net "), flow, " unreachable - admin prohibited");
            case 10 -> appendTarget(out.append("host "), flow, " unreachable - admin prohibited");
            case 11 -> appendTarget(out.append("net "), flow, " unreachable - tos prohibited");
            case 12 -> appendTarget(out.append("host "), flow, " unreachable - tos prohibited");
            case 13 -> appendTarget(out.append("host "), flow, " unreachable - admin prohibited filter");
            case 14 -> appendTarget(out.append("host "), flow, " unreachable - host precedence violation");
            case 15 -> appendTarget(out.append("host "), flow, " unreachable - precedence cutoff");
            default ->
            {
                appendTarget(out, flow, " unreachable - #");
                out.append(icmp.code());
            }
        }
    }

    private void appendTarget(final StringBuilder out, final Flow flow, final String after)
    {
        flow.appendTarget(out, numeric);
        out.append(after);
    }

    private void appendPort(
        final StringBuilder out, final DirectBuffer buffer, final int protocol, final int offset, final int captured)
    {
        if (captured < PORTS_LENGTH || (protocol != IpProtocol.TCP && protocol != IpProtocol.UDP))
        {
            out.append("protocol ").append(protocol).append(" port");
            return;
        }
        final int port = buffer.getChar(offset + 2, ByteOrder.BIG_ENDIAN);
        final String name = numeric ? null : protocol == IpProtocol.TCP ? Services.tcp(port) : Services.udp(port);
        out.append(protocol == IpProtocol.TCP ? "tcp" : "udp").append(" port ")
            .append(name == null ? Integer.toString(port) : name);
    }

    void appendIcmpv6(
        final StringBuilder out, final DirectBuffer buffer, final int offset, final int captured, final int length)
    {
        out.append("ICMP6, ");
        if (!icmpv6.wrap(buffer, offset, captured))
        {
            out.append(" [|icmp6]");
            return;
        }
        switch (icmpv6.type())
        {
            case Icmpv6Flyweight.ECHO_REQUEST ->
                appendEcho(out, "echo request", icmpv6.identifier(), icmpv6.sequenceNumber());
            case Icmpv6Flyweight.ECHO_REPLY ->
                appendEcho(out, "echo reply", icmpv6.identifier(), icmpv6.sequenceNumber());
            case Icmpv6Flyweight.DESTINATION_UNREACHABLE ->
            {
                if (!quotedV6.wrapQuoted(buffer, icmpv6.payloadOffset(), icmpv6.payloadLength()))
                {
                    out.append("destination unreachable [|icmp6]");
                    return;
                }
                appendUnreachableV6(out.append("destination unreachable, "), buffer);
            }
            case Icmpv6Flyweight.PACKET_TOO_BIG ->
            {
                out.append("packet too big, mtu ");
                Text.appendUnsigned(out, buffer.getInt(offset + WORD_OFFSET, ByteOrder.BIG_ENDIAN));
            }
            case Icmpv6Flyweight.TIME_EXCEEDED -> appendTimeExceeded(out, buffer);
            case Icmpv6Flyweight.PARAMETER_PROBLEM ->
                appendProblem(out, buffer.getInt(offset + WORD_OFFSET, ByteOrder.BIG_ENDIAN));
            case Icmpv6Flyweight.NEIGHBOR_SOLICITATION ->
                appendNeighbor(out, "neighbor solicitation, who has ", buffer, offset, captured);
            case Icmpv6Flyweight.NEIGHBOR_ADVERTISEMENT ->
                appendNeighbor(out, "neighbor advertisement, tgt is ", buffer, offset, captured);
            case ROUTER_SOLICITATION -> out.append("router solicitation");
            case ROUTER_ADVERTISEMENT -> out.append("router advertisement");
            case MULTICAST_REPORT_V2 -> out.append("multicast listener report v2, ").append(icmpv6.sequenceNumber())
                .append(" group record(s)");
            default -> out.append("unknown icmp6 type (").append(icmpv6.type()).append(')');
        }
        out.append(", length ").append(length);
    }

    private void appendProblem(final StringBuilder out, final int pointer)
    {
        final String words = switch (icmpv6.code())
        {
            case 0 -> "erroneous";
            case 1 -> "next header";
            case 2 -> "option";
            case 3 -> "incomplete header chain";
            default -> null;
        };
        out.append("parameter problem, ");
        if (words == null)
        {
            out.append("code-#").append(icmpv6.code());
            return;
        }
        out.append(words).append(" - octet ");
        Text.appendUnsigned(out, pointer);
    }

    private void appendUnreachableV6(final StringBuilder out, final DirectBuffer buffer)
    {
        final Flow flow = Flow.of(quotedV6);
        switch (icmpv6.code())
        {
            case 0 -> appendTarget(out.append("unreachable route "), flow, "");
            case Icmpv6Flyweight.PROHIBITED -> appendTarget(out.append(" unreachable prohibited "), flow, "");
            case 2 ->
            {
                appendTarget(out.append("beyond scope "), flow, ", source address ");
                flow.appendSource(out, numeric);
            }
            case Icmpv6Flyweight.ADDRESS_UNREACHABLE -> appendTarget(out.append("unreachable address "), flow, "");
            case Icmpv6Flyweight.PORT_UNREACHABLE ->
            {
                appendTarget(out.append("unreachable port, "), flow, " ");
                appendPort(out, buffer, quotedV6.protocol(), quotedV6.payloadOffset(), quotedV6.payloadLength());
            }
            default -> out.append("unknown unreach code (").append(icmpv6.code()).append(')');
        }
    }

    private void appendTimeExceeded(final StringBuilder out, final DirectBuffer buffer)
    {
        out.append("time exceeded in-transit");
        out.append(switch (icmpv6.code())
        {
            case 0 -> "";
            case 1 -> " (reassembly)";
            default -> ", unknown code (" + icmpv6.code() + ")";
        });
        if (icmpv6.code() == 0 && quotedV6.wrapQuoted(buffer, icmpv6.payloadOffset(), icmpv6.payloadLength()))
        {
            appendTarget(out.append(" for "), Flow.of(quotedV6), "");
        }
    }

    private void appendNeighbor(
        final StringBuilder out, final String words, final DirectBuffer buffer, final int offset, final int captured)
    {
        out.append(words);
        if (captured < NDP_LENGTH)
        {
            out.append("[|icmp6]");
            return;
        }
        Text.appendIpv6(out,
            buffer.getLong(offset + ADDRESS_OFFSET, ByteOrder.BIG_ENDIAN),
            buffer.getLong(offset + ADDRESS_OFFSET + Long.BYTES, ByteOrder.BIG_ENDIAN));
    }
}
