// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import dev.trishake.support.Vectors;
import dev.trishake.wire.Frames;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Frames that a Linux kernel sent, read, and written again byte for byte; see {@code vectors/ip/linux-frames.txt}. */
class IpVectorTest
{
    private static final long MAC_A = 0x0200_0000_000aL;
    private static final long MAC_ROUTER = 0x0200_0000_0001L;
    private static final int A = 0x0a01000a;
    private static final int ROUTER = 0x0a010001;
    private static final int B = 0x0a02000b;
    private static final long NET_1 = 0xfd00_0001_0000_0000L;
    private static final long NET_2 = 0xfd00_0002_0000_0000L;

    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
    private final Ipv6Flyweight ipv6 = new Ipv6Flyweight();
    private final UdpFlyweight udp = new UdpFlyweight();
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private final Icmpv6Flyweight icmpv6 = new Icmpv6Flyweight();

    @Test
    void shouldReadAndWriteArp()
    {
        final UnsafeBuffer request = wrap("arp-request", EtherType.ARP);
        assertEquals(0xffff_ffff_ffffL, ethernet.destination());
        assertEquals(MAC_A, ethernet.source());
        final ArpFlyweight arp = new ArpFlyweight();
        assertTrue(arp.wrap(request, ethernet.payloadOffset(), ethernet.payloadLength()));
        assertEquals(ArpFlyweight.REQUEST, arp.operation());
        assertEquals(MAC_A, arp.senderHardware());
        assertEquals(A, arp.senderProtocol());
        assertEquals(0, arp.targetHardware());
        assertEquals(ROUTER, arp.targetProtocol());

        final UnsafeBuffer reply = Frames.linux("arp-reply");
        final UnsafeBuffer written = dirty(reply.capacity());
        writeEthernet(written, arp.senderHardware(), EtherType.ARP);
        new ArpEncoder().init(written, 14).operation(ArpFlyweight.REPLY)
            .sender(MAC_ROUTER, arp.targetProtocol()).target(arp.senderHardware(), arp.senderProtocol());
        assertSame(reply, written);
    }

    @Test
    void shouldReadAnEchoAndWriteItsReply()
    {
        final UnsafeBuffer request = wrapIpv4("echo", IpProtocol.ICMP);
        assertTrue(icmp.wrap(request, ipv4.payloadOffset(), ipv4.payloadLength()));
        assertTrue(icmp.isChecksumValid());
        assertFalse(icmp.isError());
        assertEquals(IcmpFlyweight.ECHO, icmp.type());
        assertEquals(0x1234, icmp.identifier());
        assertEquals(7, icmp.sequenceNumber());
        assertEquals("abcdefghijklmnop",
            request.getStringWithoutLengthAscii(icmp.payloadOffset(), icmp.payloadLength()));

        final UnsafeBuffer reply = Frames.linux("echo-reply");
        final UnsafeBuffer written = dirty(reply.capacity());
        writeEthernet(written, ethernet.source(), EtherType.IPV4);
        final IcmpEncoder answer = new IcmpEncoder().init(written, 34, IcmpFlyweight.ECHO_REPLY)
            .echo(icmp.identifier(), icmp.sequenceNumber());
        written.putBytes(answer.payloadOffset(), request, icmp.payloadOffset(), icmp.payloadLength());
        final int length = answer.finish(0, icmp.payloadLength());
        assertTrue(ipv4.wrap(reply, 14, reply.capacity() - 14));
        final int total = new Ipv4Encoder().init(written, 14).identification(ipv4.identification()).flags(ipv4.flags())
            .protocol(IpProtocol.ICMP).source(ROUTER).destination(A).finish(length);
        assertEquals(reply.capacity() - 14, total);
        assertSame(reply, written);
    }

    @ParameterizedTest
    @CsvSource({
        "network-unreachable, 0, 1, 0x0a0a0001, 0",
        "port-unreachable, 3, 17, 0x0a02000b, 0",
        "fragmentation-needed, 4, 17, 0x0a02000b, 1400"})
    void shouldReadErrorsAndWhatTheyQuote(
        final String name, final int code, final int protocol, final String destination, final int mtu)
    {
        final UnsafeBuffer frame = wrapIpv4(name, IpProtocol.ICMP);
        assertTrue(icmp.wrap(frame, ipv4.payloadOffset(), ipv4.payloadLength()));
        assertTrue(icmp.isChecksumValid());
        assertTrue(icmp.isError());
        assertEquals(IcmpFlyweight.DESTINATION_UNREACHABLE, icmp.type());
        assertEquals(code, icmp.code());
        assertEquals(mtu, icmp.nextHopMtu());

        final Ipv4Flyweight quoted = new Ipv4Flyweight();
        assertTrue(quoted.wrapQuoted(frame, icmp.payloadOffset(), icmp.payloadLength()));
        assertTrue(quoted.isChecksumValid());
        assertEquals(A, quoted.source());
        assertEquals(Integer.decode(destination).intValue(), quoted.destination());
        assertEquals(protocol, quoted.protocol());
        final boolean cut = mtu != 0;
        assertEquals(!cut, quoted.wrap(frame, icmp.payloadOffset(), icmp.payloadLength()));
        assertTrue(quoted.wrapQuoted(frame, icmp.payloadOffset(), icmp.payloadLength()));
        assertEquals(icmp.payloadLength() - 20, quoted.payloadLength());
        if (protocol == IpProtocol.UDP)
        {
            assertEquals(!cut, udp.wrap(frame, quoted.payloadOffset(), quoted.payloadLength()));
            assertTrue(udp.wrapQuoted(frame, quoted.payloadOffset(), quoted.payloadLength()));
            assertEquals(cut ? 8081 : 4321, udp.dstPort());
            assertEquals(quoted.payloadLength() - 8, udp.payloadLength());
        }
    }

    @ParameterizedTest
    @CsvSource({"port-unreachable-6, 1, 4, 0", "packet-too-big, 2, 0, 1400"})
    void shouldReadErrorsOfIpv6AndWhatTheyQuote(final String name, final int type, final int code, final int mtu)
    {
        final UnsafeBuffer frame = wrapIpv6(name, IpProtocol.ICMPV6);
        assertTrue(icmpv6.wrap(frame, ipv6.payloadOffset(), ipv6.payloadLength()));
        assertTrue(icmpv6.isChecksumValid(ipv6.pseudoHeader(ipv6.payloadLength())));
        assertTrue(icmpv6.isError());
        assertEquals(type, icmpv6.type());
        assertEquals(code, icmpv6.code());
        assertEquals(mtu, icmpv6.mtu());

        final Ipv6Flyweight quoted = new Ipv6Flyweight();
        assertEquals(mtu == 0, quoted.wrap(frame, icmpv6.payloadOffset(), icmpv6.payloadLength()));
        assertTrue(quoted.wrapQuoted(frame, icmpv6.payloadOffset(), icmpv6.payloadLength()));
        assertEquals(NET_1, quoted.sourceHigh());
        assertEquals(0xa, quoted.sourceLow());
        assertEquals(NET_2, quoted.destinationHigh());
        assertEquals(0xb, quoted.destinationLow());
        assertEquals(IpProtocol.UDP, quoted.protocol());
        assertTrue(udp.wrapQuoted(frame, quoted.payloadOffset(), quoted.payloadLength()));
        assertEquals(mtu == 0 ? 4321 : 8081, udp.dstPort());
    }

    @Test
    void shouldReadAnEchoOfIpv6AndWriteItsReply()
    {
        final UnsafeBuffer request = wrapIpv6("echo-request-6", IpProtocol.ICMPV6);
        assertTrue(icmpv6.wrap(request, ipv6.payloadOffset(), ipv6.payloadLength()));
        assertTrue(icmpv6.isChecksumValid(ipv6.pseudoHeader(ipv6.payloadLength())));
        assertFalse(icmpv6.isError());
        assertEquals(Icmpv6Flyweight.ECHO_REQUEST, icmpv6.type());
        assertEquals(0x4321, icmpv6.identifier());
        assertEquals(9, icmpv6.sequenceNumber());

        final UnsafeBuffer reply = Frames.linux("echo-reply-6");
        final UnsafeBuffer written = dirty(reply.capacity());
        writeEthernet(written, ethernet.source(), EtherType.IPV6);
        final IcmpEncoder answer = new IcmpEncoder().init(written, 54, Icmpv6Flyweight.ECHO_REPLY)
            .echo(icmpv6.identifier(), icmpv6.sequenceNumber());
        written.putBytes(answer.payloadOffset(), request, icmpv6.payloadOffset(), icmpv6.payloadLength());
        final int length = answer.finish(ipv6.pseudoHeader(ipv6.payloadLength()), icmpv6.payloadLength());
        assertTrue(ipv6.wrap(reply, 14, reply.capacity() - 14));
        new Ipv6Encoder().init(written, 14).classAndFlow(0, ipv6.flowLabel()).protocol(IpProtocol.ICMPV6)
            .source(NET_1, 1).destination(NET_1, 0xa).finish(length);
        assertSame(reply, written);
    }

    @Test
    void shouldReadAndWriteNeighbourDiscovery()
    {
        final NdpFlyweight ndp = new NdpFlyweight();
        final NdpEncoder encoder = new NdpEncoder();
        final UnsafeBuffer solicitation = wrapIpv6("neighbor-solicitation", IpProtocol.ICMPV6);
        assertEquals(255, ipv6.hopLimit());
        assertTrue(ndp.wrap(solicitation, ipv6.payloadOffset(), ipv6.payloadLength()));
        assertTrue(ndp.isSolicitation());
        assertEquals(0, ndp.flags());
        assertEquals(NET_1, ndp.targetHigh());
        assertEquals(1, ndp.targetLow());
        assertTrue(ndp.hasLinkLayerAddress());
        assertEquals(MAC_A, ndp.linkLayerAddress());
        final UnsafeBuffer asked = dirty(solicitation.capacity());
        asked.putBytes(0, solicitation, 0, 54);
        assertEquals(32, encoder.solicitation(asked, 54, NET_1, 1, MAC_A).finish(ipv6.pseudoHeader(32)));
        assertSame(solicitation, asked);

        final UnsafeBuffer advertisement = wrapIpv6("neighbor-advertisement", IpProtocol.ICMPV6);
        assertTrue(ndp.wrap(advertisement, ipv6.payloadOffset(), ipv6.payloadLength()));
        assertFalse(ndp.isSolicitation());
        assertEquals(NdpFlyweight.ROUTER | NdpFlyweight.SOLICITED | NdpFlyweight.OVERRIDE, ndp.flags());
        assertEquals(MAC_ROUTER, ndp.linkLayerAddress());
        final UnsafeBuffer answered = dirty(advertisement.capacity());
        writeEthernet(answered, MAC_A, EtherType.IPV6);
        new Ipv6Encoder().init(answered, 14).hopLimit(255).protocol(IpProtocol.ICMPV6)
            .source(NET_1, 1).destination(NET_1, 0xa).finish(32);
        encoder.advertisement(answered, 54, ndp.flags(), NET_1, 1, MAC_ROUTER).finish(ipv6.pseudoHeader(32));
        assertSame(advertisement, answered);

        final UnsafeBuffer other = wrapIpv6("router-solicitation", IpProtocol.ICMPV6);
        assertFalse(ndp.wrap(other, ipv6.payloadOffset(), ipv6.payloadLength()));
    }

    @Test
    void shouldReadAndWriteUdp()
    {
        final UnsafeBuffer frame = wrapIpv4("udp", IpProtocol.UDP);
        assertUdp(frame, ipv4.payloadOffset(), ipv4.payloadLength(), ipv4.pseudoHeader(ipv4.payloadLength()));
        final UnsafeBuffer frame6 = wrapIpv6("udp-6", IpProtocol.UDP);
        assertUdp(frame6, ipv6.payloadOffset(), ipv6.payloadLength(), ipv6.pseudoHeader(ipv6.payloadLength()));

        final UnsafeBuffer partial = wrapIpv4("udp-partial", IpProtocol.UDP);
        assertTrue(udp.wrap(partial, ipv4.payloadOffset(), ipv4.payloadLength()));
        assertFalse(udp.isChecksumValid(ipv4.pseudoHeader(udp.length())));
        assertEquals(ipv4.pseudoHeader(udp.length()), udp.checksum());
    }

    private void assertUdp(final UnsafeBuffer frame, final int offset, final int length, final int pseudoHeader)
    {
        assertTrue(udp.wrap(frame, offset, length));
        assertEquals(8081, udp.srcPort());
        assertEquals(13, udp.length());
        assertTrue(udp.isChecksumValid(pseudoHeader));
        assertEquals("echo!", frame.getStringWithoutLengthAscii(udp.payloadOffset(), udp.payloadLength()));

        final UnsafeBuffer written = dirty(frame.capacity());
        written.putBytes(0, frame, 0, offset);
        final UdpEncoder encoder = new UdpEncoder().init(written, offset).srcPort(8081).dstPort(udp.dstPort());
        written.putStringWithoutLengthAscii(encoder.payloadOffset(), "echo!");
        assertEquals(13, encoder.finish(pseudoHeader, 5));
        assertSame(frame, written);
    }

    @Test
    void shouldStepOverIpOptionsAndExtensionHeaders()
    {
        final UnsafeBuffer options = wrapIpv4("udp-with-ip-options", IpProtocol.UDP);
        assertEquals(24, ipv4.headerLength());
        assertTrue(udp.wrap(options, ipv4.payloadOffset(), ipv4.payloadLength()));
        assertEquals("opt", options.getStringWithoutLengthAscii(udp.payloadOffset(), udp.payloadLength()));

        final UnsafeBuffer extensions = wrapIpv6("udp-with-extension-headers-6", IpProtocol.UDP);
        assertEquals(14 + 40 + 8 + 16, ipv6.payloadOffset());
        assertTrue(udp.wrap(extensions, ipv6.payloadOffset(), ipv6.payloadLength()));
        assertEquals("ext", extensions.getStringWithoutLengthAscii(udp.payloadOffset(), udp.payloadLength()));
    }

    @Test
    void shouldTellFragments()
    {
        wrapIpv4("last-fragment", IpProtocol.UDP);
        assertTrue(ipv4.isFragment());
        assertEquals(1480, ipv4.fragmentOffset());
        assertEquals(0, ipv4.flags());
        wrapIpv4("udp", IpProtocol.UDP);
        assertFalse(ipv4.isFragment());
        assertEquals(Ipv4Flyweight.DONT_FRAGMENT, ipv4.flags());
        assertEquals(B, ipv4.source());

        wrapIpv6("last-fragment-6", IpProtocol.FRAGMENT);
        assertTrue(ipv6.isFragment());
        wrapIpv6("udp-6", IpProtocol.UDP);
        assertFalse(ipv6.isFragment());
    }

    private UnsafeBuffer wrapIpv4(final String name, final int protocol)
    {
        final UnsafeBuffer frame = wrap(name, EtherType.IPV4);
        assertTrue(ipv4.wrap(frame, ethernet.payloadOffset(), ethernet.payloadLength()));
        assertTrue(ipv4.isChecksumValid());
        assertEquals(protocol, ipv4.protocol());
        assertEquals(frame.capacity() - 14, ipv4.totalLength());
        return frame;
    }

    private UnsafeBuffer wrapIpv6(final String name, final int protocol)
    {
        final UnsafeBuffer frame = wrap(name, EtherType.IPV6);
        assertTrue(ipv6.wrap(frame, ethernet.payloadOffset(), ethernet.payloadLength()));
        assertEquals(protocol, ipv6.protocol());
        assertEquals(frame.capacity(), ipv6.payloadOffset() + ipv6.payloadLength());
        return frame;
    }

    private UnsafeBuffer wrap(final String name, final int etherType)
    {
        final UnsafeBuffer frame = Frames.linux(name);
        assertTrue(ethernet.wrap(frame, 0, frame.capacity()));
        assertEquals(etherType, ethernet.etherType());
        return frame;
    }

    private static void writeEthernet(final UnsafeBuffer frame, final long destination, final int etherType)
    {
        new EthernetEncoder().init(frame, 0).destination(destination).source(MAC_ROUTER).etherType(etherType);
    }

    private static UnsafeBuffer dirty(final int length)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        buffer.setMemory(0, length, (byte)0x5a);
        return buffer;
    }

    private static void assertSame(final UnsafeBuffer expected, final UnsafeBuffer actual)
    {
        assertEquals(Vectors.hex(expected.byteArray()), Vectors.hex(actual.byteArray()));
    }
}
