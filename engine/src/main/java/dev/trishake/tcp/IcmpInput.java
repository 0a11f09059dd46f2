// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IcmpEncoder;
import dev.trishake.wire.ip.IcmpFlyweight;
import dev.trishake.wire.ip.Icmpv6Flyweight;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Encoder;
import dev.trishake.wire.ip.Ipv6Flyweight;
import dev.trishake.wire.tcp.TcpQuoteFlyweight;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Pings, which are answered, and errors about what we sent: RFC 9293 3.9.2.2, RFC 5927. */
final class IcmpInput
{
    private static final int LEAST_MTU_IPV4 = 552; // as Linux: an ICMP message must not chop up our segments
    private static final int LEAST_MTU_IPV6 = 1280; // RFC 8201 4
    private static final int UNKNOWN_MTU = 576; // RFC 1191 5: an old router names none
    private static final int NO_MTU = 0;
    private static final int HEADERS_IPV4 = 40;
    private static final int HEADERS_IPV6 = 60;

    private final Host host;
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private final Icmpv6Flyweight icmpv6 = new Icmpv6Flyweight();
    private final Ipv4Flyweight quotedIpv4 = new Ipv4Flyweight();
    private final Ipv6Flyweight quotedIpv6 = new Ipv6Flyweight();
    private final TcpQuoteFlyweight quotedTcp = new TcpQuoteFlyweight();
    private final FourTuple quotedTuple = new FourTuple();
    private final IcmpEncoder encoder = new IcmpEncoder();
    private final Ipv4Encoder ipv4 = new Ipv4Encoder();
    private final Ipv6Encoder ipv6 = new Ipv6Encoder();

    IcmpInput(final Host host)
    {
        this.host = host;
    }

    void onPacket(final long nowNs)
    {
        if (host.segment.isIpv4())
        {
            onIcmp(nowNs);
        }
        else
        {
            onIcmpv6(nowNs);
        }
    }

    private void onIcmp(final long nowNs)
    {
        final Ipv4Flyweight packet = host.segment.ipv4;
        final DirectBuffer buffer = host.segment.buffer();
        if (!icmp.wrap(buffer, packet.payloadOffset(), packet.payloadLength()) || !icmp.isChecksumValid())
        {
            host.count(TcpCounter.IN_ERRS);
        }
        else if (icmp.type() == IcmpFlyweight.ECHO)
        {
            answerEcho(icmp.identifier(), icmp.sequenceNumber(), icmp.payloadOffset(), icmp.payloadLength());
        }
        else if (icmp.isError() && quotedIpv4.wrapQuoted(buffer, icmp.payloadOffset(), icmp.payloadLength()) &&
            quotedIpv4.protocol() == IpProtocol.TCP && !quotedIpv4.isFragment() &&
            quotedIpv4.source() == packet.destination() &&
            quotedTcp.wrap(buffer, quotedIpv4.payloadOffset(), quotedIpv4.payloadLength()))
        {
            quotedTuple.localIpv4(quotedIpv4.source(), quotedTcp.srcPort());
            quotedTuple.remoteIpv4(quotedIpv4.destination(), quotedTcp.dstPort());
            final boolean isUnreachable = icmp.type() == IcmpFlyweight.DESTINATION_UNREACHABLE;
            final int code = icmp.code();
            final boolean isTooBig = isUnreachable && code == IcmpFlyweight.FRAGMENTATION_NEEDED;
            final int mtu = isTooBig ?
                Math.max(LEAST_MTU_IPV4, icmp.nextHopMtu() == 0 ? UNKNOWN_MTU : icmp.nextHopMtu()) - HEADERS_IPV4 :
                NO_MTU;
            final boolean isHard = isUnreachable &&
                (code == IcmpFlyweight.PROTOCOL_UNREACHABLE || code == IcmpFlyweight.PORT_UNREACHABLE);
            onError(isHard, isHard && code == IcmpFlyweight.PORT_UNREACHABLE, mtu, nowNs);
        }
    }

    private void onIcmpv6(final long nowNs)
    {
        final Ipv6Flyweight packet = host.segment.ipv6;
        final DirectBuffer buffer = host.segment.buffer();
        if (!icmpv6.wrap(buffer, packet.payloadOffset(), packet.payloadLength()) ||
            !icmpv6.isChecksumValid(packet.pseudoHeader(packet.payloadLength())))
        {
            host.count(TcpCounter.IN_ERRS);
        }
        else if (icmpv6.type() == Icmpv6Flyweight.ECHO_REQUEST)
        {
            answerEcho(
                icmpv6.identifier(), icmpv6.sequenceNumber(), icmpv6.payloadOffset(), icmpv6.payloadLength());
        }
        else if (icmpv6.isError() &&
            quotedIpv6.wrapQuoted(buffer, icmpv6.payloadOffset(), icmpv6.payloadLength()) &&
            quotedIpv6.protocol() == IpProtocol.TCP && quotedIpv6.sourceHigh() == packet.destinationHigh() &&
            quotedIpv6.sourceLow() == packet.destinationLow() &&
            quotedTcp.wrap(buffer, quotedIpv6.payloadOffset(), quotedIpv6.payloadLength()))
        {
            quotedTuple.local(quotedIpv6.sourceHigh(), quotedIpv6.sourceLow(), quotedTcp.srcPort());
            quotedTuple.remote(quotedIpv6.destinationHigh(), quotedIpv6.destinationLow(), quotedTcp.dstPort());
            final boolean isUnreachable = icmpv6.type() == Icmpv6Flyweight.DESTINATION_UNREACHABLE;
            final int code = icmpv6.code();
            final int mtu = icmpv6.type() == Icmpv6Flyweight.PACKET_TOO_BIG ?
                Math.max(LEAST_MTU_IPV6, icmpv6.mtu()) - HEADERS_IPV6 : NO_MTU;
            final boolean isHard = isUnreachable &&
                (code == Icmpv6Flyweight.PROHIBITED || code == Icmpv6Flyweight.PORT_UNREACHABLE);
            onError(isHard, isHard && code == Icmpv6Flyweight.PORT_UNREACHABLE, mtu, nowNs);
        }
    }

    /** An error about the quoted segment; believed only when that is in flight: RFC 5927 4.1. */
    private void onError(final boolean isHard, final boolean isRefusal, final int mss, final long nowNs)
    {
        final int id = host.sessions.find(quotedTuple);
        if (id == SessionSlab.NULL_SLOT)
        {
            return;
        }
        if (host.sessions.isHalfOpen(id))
        {
            host.passiveOpen.onIcmpError(host.sessions.halfOpenSlot(id), quotedTcp.seq(), isHard);
            return;
        }
        if (!host.sessions.isConnection(id))
        {
            return;
        }
        host.turnTo(id);
        final Tcb tcb = host.tcb;
        final int seq = quotedTcp.seq();
        if (Seq.isBefore(seq, tcb.get(Tcb.SND_UNA)) || !Seq.isBefore(seq, tcb.get(Tcb.SND_MAX)))
        {
            host.count(TcpCounter.OUT_OF_WINDOW_ICMPS);
            return;
        }
        host.count(TcpCounter.ICMP_ERRORS);
        tcb.record(Tcb.ICMP_RECEIVED);
        final boolean isOpening = tcb.in(TcpState.SYN_SENT) || tcb.in(TcpState.SYN_RECEIVED);
        if (mss != NO_MTU)
        {
            if (!isOpening && mss < (tcb.get(Tcb.MTU_MSS) == 0 ? host.replies.mss() : tcb.get(Tcb.MTU_MSS)))
            {
                tcb.set(Tcb.MTU_MSS, mss);
                host.sender.chooseMss();
                host.sender.resend(nowNs);
            }
        }
        else if (isHard && isOpening)
        {
            // RFC 9293 3.9.2.2; for synchronized connections hard errors are soft: RFC 5927 5.2
            host.connections.end(isRefusal ? TcpResult.REFUSED : TcpResult.UNREACHABLE);
        }
    }

    private void answerEcho(final int identifier, final int sequence, final int dataOffset, final int dataLength)
    {
        final boolean isIpv4 = host.segment.isIpv4();
        final FourTuple tuple = host.segment.tuple;
        final int ipLength = isIpv4 ? Ipv4Flyweight.MIN_HEADER_LENGTH : Ipv6Flyweight.HEADER_LENGTH;
        final int length = IcmpFlyweight.HEADER_LENGTH + dataLength;
        final int index = host.writer.claim(ipLength + length);
        if (index == SegmentWriter.NO_ROOM)
        {
            host.count(TcpCounter.OUTPUT_DEFERRED);
            return;
        }
        final MutableDirectBuffer buffer = host.writer.buffer();
        encoder.init(
            buffer, index + ipLength, isIpv4 ? IcmpFlyweight.ECHO_REPLY : Icmpv6Flyweight.ECHO_REPLY);
        encoder.echo(identifier, sequence);
        buffer.putBytes(encoder.payloadOffset(), host.segment.buffer(), dataOffset, dataLength);
        if (isIpv4)
        {
            encoder.finish(0, dataLength);
            ipv4.init(buffer, index).protocol(IpProtocol.ICMP)
                .source((int)tuple.localLow()).destination((int)tuple.remoteLow()).finish(length);
        }
        else
        {
            encoder.finish(
                Checksum.pseudoHeader(
                    tuple.localHigh(), tuple.localLow(), tuple.remoteHigh(), tuple.remoteLow(), IpProtocol.ICMPV6,
                    length),
                dataLength);
            ipv6.init(buffer, index).protocol(IpProtocol.ICMPV6)
                .source(tuple.localHigh(), tuple.localLow())
                .destination(tuple.remoteHigh(), tuple.remoteLow()).finish(length);
        }
        host.writer.commit(index);
        host.count(TcpCounter.ICMP_ECHO_REPLIES);
    }
}
