// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import dev.trishake.support.Exhaustive;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What each {@code wrap} takes and refuses, walked exhaustively over the fields that decide. */
class IpHeaderTest
{
    private static final int AT = 5;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8192]);
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
    private final Ipv6Flyweight ipv6 = new Ipv6Flyweight();
    private final UdpFlyweight udp = new UdpFlyweight();

    @Test
    void shouldTakeIpv4PacketsThatAreWholeAndNoOthers()
    {
        final int[] totals = {0, 19, 20, 23, 24, 40, 59, 60, 61, 70, 0xffff};
        final Exhaustive all = new Exhaustive();
        int taken = 0;
        while (all.next())
        {
            final int version = all.choose(16);
            final int ihl = all.choose(16);
            final int total = totals[all.choose(totals.length)];
            final int received = all.choose(72) - 1;
            buffer.putByte(AT, (byte)(version << 4 | ihl));
            buffer.putShort(AT + 2, (short)total, BIG_ENDIAN);
            final boolean header = version == 4 && ihl >= 5 && ihl * 4 <= total && ihl * 4 <= received;
            assertEquals(header && total <= received, ipv4.wrap(buffer, AT, received), all::toString);
            if (header && total <= received)
            {
                taken++;
                assertEquals(ihl * 4, ipv4.headerLength());
                assertEquals(AT + ihl * 4, ipv4.payloadOffset());
                assertEquals(total - ihl * 4, ipv4.payloadLength());
            }
            assertEquals(header, ipv4.wrapQuoted(buffer, AT, received), all::toString);
            if (header)
            {
                assertEquals(Math.min(total, received) - ihl * 4, ipv4.payloadLength());
            }
        }
        assertTrue(taken > 500, "too few taken to tell: " + taken);
    }

    @Test
    void shouldReadTheFieldsOfIpv4()
    {
        buffer.putBytes(AT, Vectors.hex("45b8001cbeefa00140116789c0a80001e00000fb" + "0000000000000000"));
        assertTrue(ipv4.wrap(buffer, AT, 28));
        assertEquals(0xb8, ipv4.typeOfService());
        assertEquals(28, ipv4.totalLength());
        assertEquals(0xbeef, ipv4.identification());
        assertEquals(0x8000 | Ipv4Flyweight.MORE_FRAGMENTS, ipv4.flags());
        assertEquals(8, ipv4.fragmentOffset());
        assertTrue(ipv4.isFragment());
        assertEquals(64, ipv4.timeToLive());
        assertEquals(IpProtocol.UDP, ipv4.protocol());
        assertEquals(0x6789, ipv4.checksum());
        assertFalse(ipv4.isChecksumValid());
        assertEquals(0xc0a80001, ipv4.source());
        assertEquals(0xe00000fb, ipv4.destination());

        new Ipv4Encoder().init(buffer, AT).typeOfService(0xff).identification(0xfffe).flags(0).timeToLive(255)
            .protocol(0xfd).source(-1).destination(-2).finish(8);
        assertTrue(ipv4.wrap(buffer, AT, 28));
        assertTrue(ipv4.isChecksumValid());
        assertEquals(0xff, ipv4.typeOfService());
        assertEquals(0xfffe, ipv4.identification());
        assertEquals(0, ipv4.flags());
        assertEquals(255, ipv4.timeToLive());
        assertEquals(0xfd, ipv4.protocol());
        assertEquals(-1, ipv4.source());
        assertEquals(-2, ipv4.destination());
        for (int bit = 0; bit < 160; bit++)
        {
            final int at = AT + bit / 8;
            buffer.putByte(at, (byte)(buffer.getByte(at) ^ 1 << bit % 8));
            assertFalse(ipv4.wrap(buffer, AT, 28) && ipv4.isChecksumValid(), "bit " + bit);
            buffer.putByte(at, (byte)(buffer.getByte(at) ^ 1 << bit % 8));
        }
    }

    @Test
    void shouldReadTheFieldsOfIpv6()
    {
        new Ipv6Encoder().init(buffer, AT).classAndFlow(0xfe, 0xabcde).hopLimit(255).protocol(0xfd)
            .source(0x1122334455667788L, -3).destination(-4, 0x8877665544332211L).finish(9);
        assertTrue(ipv6.wrap(buffer, AT, 60));
        assertEquals(0xfe, ipv6.trafficClass());
        assertEquals(0xabcde, ipv6.flowLabel());
        assertEquals(255, ipv6.hopLimit());
        assertEquals(0xfd, ipv6.protocol());
        assertEquals(0x1122334455667788L, ipv6.sourceHigh());
        assertEquals(-3, ipv6.sourceLow());
        assertEquals(-4, ipv6.destinationHigh());
        assertEquals(0x8877665544332211L, ipv6.destinationLow());
        assertEquals(AT + 40, ipv6.payloadOffset());
        assertEquals(9, ipv6.payloadLength());
    }

    @Test
    void shouldWalkExtensionHeadersAsANaiveWalkDoes()
    {
        final int[] kinds = {
            IpProtocol.HOP_BY_HOP, IpProtocol.ROUTING, IpProtocol.DESTINATION_OPTIONS, IpProtocol.FRAGMENT,
            IpProtocol.TCP};
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final int count = all.choose(7);
            final ByteArrayOutputStream payload = new ByteArrayOutputStream();
            final int[] chain = new int[count + 1];
            final int[] units = new int[count];
            for (int i = 0; i < count; i++)
            {
                chain[i] = kinds[all.choose(i < 5 ? kinds.length : 1)];
                if (chain[i] == IpProtocol.TCP)
                {
                    break; // whatever follows is its payload
                }
                units[i] = i < 2 ? all.choose(2) * 255 : 0;
            }
            chain[count] = IpProtocol.TCP;
            for (int i = 0; i < count; i++)
            {
                payload.write(chain[i + 1]);
                payload.write(units[i]);
                payload.writeBytes(new byte[6 + 8 * units[i]]);
            }
            final int cut = all.choose(3) * 7;
            final int length = Math.max(0, payload.size() - cut);
            buffer.putBytes(AT + 40, payload.toByteArray());
            new Ipv6Encoder().init(buffer, AT).protocol(chain[0]).finish(length);

            int at = 0;
            int steps = 0;
            boolean whole = true;
            while (whole && steps < 4 && isSteppedOver(chain[steps], steps))
            {
                at += 8 + 8 * units[steps];
                steps++;
                whole = at <= length;
            }
            assertEquals(whole, ipv6.wrap(buffer, AT, 40 + length), all::toString);
            if (whole)
            {
                assertEquals(chain[steps], ipv6.protocol(), all::toString);
                assertEquals(AT + 40 + at, ipv6.payloadOffset(), all::toString);
                assertEquals(length - at, ipv6.payloadLength(), all::toString);
                assertEquals(chain[steps] == IpProtocol.FRAGMENT, ipv6.isFragment(), all::toString);
            }
            assertFalse(ipv6.wrap(buffer, AT, 40 + length - 1), all::toString);
        }
        assertTrue(all.count() > 1000);
    }

    private static boolean isSteppedOver(final int kind, final int index)
    {
        return kind == 43 || kind == 60 || (kind == 0 && index == 0);
    }

    @Test
    void shouldStepOverAtMostTwoTags()
    {
        final int[] types = {EtherType.VLAN, EtherType.SERVICE_VLAN, EtherType.IPV4};
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final int length = all.choose(30);
            int tags = 0;
            boolean counting = true;
            for (int i = 0; i < 4; i++)
            {
                final int type = types[all.choose(3)];
                buffer.putShort(AT + 12 + 4 * i, (short)type, BIG_ENDIAN);
                buffer.putShort(AT + 14 + 4 * i, (short)(0xf000 | 100 + i), BIG_ENDIAN);
                counting = counting && type != EtherType.IPV4 && i < 2;
                tags += counting ? 1 : 0;
            }
            final boolean expected = length >= 14 + 4 * tags;
            assertEquals(expected, ethernet.wrap(buffer, AT, length), all::toString);
            if (expected)
            {
                assertEquals(tags, ethernet.tagCount());
                assertEquals(AT + 14 + 4 * tags, ethernet.payloadOffset());
                assertEquals(length - 14 - 4 * tags, ethernet.payloadLength());
                assertEquals(buffer.getChar(AT + 12 + 4 * tags, BIG_ENDIAN), ethernet.etherType());
                for (int i = 0; i < tags; i++)
                {
                    assertEquals(100 + i, ethernet.vlanId(i));
                }
            }
        }
    }

    @Test
    void shouldTakeUdpDatagramsThatAreWholeAndNoOthers()
    {
        for (int field = 0; field < 20; field++)
        {
            for (int received = -1; received < 20; received++)
            {
                buffer.putShort(AT + 4, (short)field, BIG_ENDIAN);
                assertEquals(field >= 8 && received >= field, udp.wrap(buffer, AT, received));
                final boolean quoted = field >= 8 && received >= 8;
                assertEquals(quoted, udp.wrapQuoted(buffer, AT, received));
                assertEquals(quoted ? Math.min(field, received) - 8 : udp.payloadLength(), udp.payloadLength());
            }
        }
    }

    @Test
    void shouldSendAllOnesForAUdpChecksumOfZero()
    {
        final UdpEncoder encoder = new UdpEncoder().init(buffer, AT).srcPort(0).dstPort(0);
        encoder.finish(0xffff - 8, 0); // with the length this makes all ones, whose complement is 0
        assertTrue(udp.wrap(buffer, AT, 8));
        assertEquals(0xffff, udp.checksum());
        assertTrue(udp.isChecksumValid(0xffff - 8));
        buffer.putShort(AT + 6, (short)0);
        assertFalse(udp.isChecksumValid(0xffff - 8));
    }

    @Test
    void shouldRefuseArpThatIsNotForIpv4OnEthernet()
    {
        final ArpFlyweight arp = new ArpFlyweight();
        new ArpEncoder().init(buffer, AT).operation(3).sender(0xffff_ffff_fffeL, -1).target(0x8000_0000_0001L, -2);
        assertFalse(arp.wrap(buffer, AT, 27));
        assertTrue(arp.wrap(buffer, AT, 46));
        assertEquals(3, arp.operation());
        assertEquals(0xffff_ffff_fffeL, arp.senderHardware());
        assertEquals(-1, arp.senderProtocol());
        assertEquals(0x8000_0000_0001L, arp.targetHardware());
        assertEquals(-2, arp.targetProtocol());
        for (int i = 0; i < 6; i++)
        {
            buffer.putByte(AT + i, (byte)(buffer.getByte(AT + i) ^ 1));
            assertFalse(arp.wrap(buffer, AT, 28), "byte " + i);
            buffer.putByte(AT + i, (byte)(buffer.getByte(AT + i) ^ 1));
        }
    }

    @Test
    void shouldRefuseNeighbourDiscoveryWithEmptyOrCutOptions()
    {
        final NdpFlyweight ndp = new NdpFlyweight();
        final NdpEncoder encoder = new NdpEncoder();
        encoder.solicitation(buffer, AT, 1, 2, 3);
        assertTrue(ndp.wrap(buffer, AT, 24));
        assertFalse(ndp.hasLinkLayerAddress());
        for (int length = -1; length < 32; length++)
        {
            assertEquals(length == 24, ndp.wrap(buffer, AT, length));
        }
        assertTrue(ndp.wrap(buffer, AT, 32));
        assertEquals(3, ndp.linkLayerAddress());
        buffer.putByte(AT + 25, (byte)0);
        assertFalse(ndp.wrap(buffer, AT, 32));
        buffer.putByte(AT + 25, (byte)2);
        assertFalse(ndp.wrap(buffer, AT, 32));
        assertTrue(ndp.wrap(buffer, AT, 40));
        assertFalse(ndp.hasLinkLayerAddress());
        buffer.putByte(AT + 25, (byte)1);
        buffer.putByte(AT + 24, (byte)2);
        assertTrue(ndp.wrap(buffer, AT, 32));
        assertFalse(ndp.hasLinkLayerAddress());
        buffer.putByte(AT + 1, (byte)1);
        assertFalse(ndp.wrap(buffer, AT, 32));

        encoder.advertisement(buffer, AT, NdpFlyweight.OVERRIDE, 1, 2, 0xffff_ffff_ffffL).finish(77);
        assertTrue(ndp.wrap(buffer, AT, 32));
        assertEquals(NdpFlyweight.OVERRIDE, ndp.flags());
        assertEquals(0xffff_ffff_ffffL, ndp.linkLayerAddress());
        final Icmpv6Flyweight icmpv6 = new Icmpv6Flyweight();
        assertTrue(icmpv6.wrap(buffer, AT, 32));
        assertTrue(icmpv6.isChecksumValid(77));
    }

    @Test
    void shouldWriteIcmpErrors()
    {
        final IcmpFlyweight icmp = new IcmpFlyweight();
        new IcmpEncoder().init(buffer, AT, IcmpFlyweight.DESTINATION_UNREACHABLE)
            .code(IcmpFlyweight.FRAGMENTATION_NEEDED).mtu(1280).finish(0, 28);
        assertFalse(icmp.wrap(buffer, AT, 7));
        assertTrue(icmp.wrap(buffer, AT, 36));
        assertTrue(icmp.isChecksumValid());
        assertTrue(icmp.isError());
        assertEquals(IcmpFlyweight.FRAGMENTATION_NEEDED, icmp.code());
        assertEquals(1280, icmp.nextHopMtu());

        final Icmpv6Flyweight icmpv6 = new Icmpv6Flyweight();
        new IcmpEncoder().init(buffer, AT, Icmpv6Flyweight.PACKET_TOO_BIG).mtu(1500).finish(0xfffe, 40);
        assertFalse(icmpv6.wrap(buffer, AT, 7));
        assertTrue(icmpv6.wrap(buffer, AT, 48));
        assertTrue(icmpv6.isChecksumValid(0xfffe));
        assertEquals(1500, icmpv6.mtu());
        buffer.putInt(AT + 4, -1);
        assertEquals(Integer.MAX_VALUE, icmpv6.mtu());
    }
}
