// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.Enclosed;
import dev.trishake.wire.Frames;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class IpFuzzTest
{
    private static final List<byte[]> FRAMES = Frames.linuxFrom(0);

    @Test
    void shouldStayInsideEveryCutFrame()
    {
        for (final byte[] frame : FRAMES)
        {
            for (int length = 0; length <= Math.min(frame.length, 160); length++)
            {
                Enclosed.decode(Arrays.copyOf(frame, length), IpFuzzTest::ethernet);
            }
        }
    }

    @Test
    void shouldStayInsideWhateverLooksLikeAFrame()
    {
        Seeded.forEach(Scale.pick(15_000, 1_000_000), random ->
        {
            final byte[] bytes = random.nextInt(8) == 0 ?
                Seeded.bytes(random, random.nextInt(120)) :
                FRAMES.get(random.nextInt(FRAMES.size())).clone();
            final byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, 100));
            Seeded.mutate(random, head, random.nextInt(6));
            Enclosed.decode(head, IpFuzzTest::ethernet);
            final byte[] packet = Arrays.copyOfRange(head, Math.min(head.length, 14), head.length);
            Enclosed.decode(packet, IpFuzzTest::ipv4);
            Enclosed.decode(packet, IpFuzzTest::ipv6);
            final byte[] message = Arrays.copyOfRange(head, Math.min(head.length, 54), head.length);
            Enclosed.decode(message, IpFuzzTest::upperLayers);
        });
    }

    private static void ethernet(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final EthernetFlyweight ethernet = new EthernetFlyweight();
        if (!facts.add("ethernet", ethernet.wrap(buffer, offset, length)))
        {
            return;
        }
        facts.add("destination", ethernet.destination()).add("source", ethernet.source())
            .add("type", ethernet.etherType()).add("payload", ethernet.payloadOffset() - offset)
            .add("length", ethernet.payloadLength());
        for (int i = 0; i < ethernet.tagCount(); i++)
        {
            facts.add("vlan", ethernet.vlanId(i));
        }
        arp(buffer, ethernet.payloadOffset(), ethernet.payloadLength(), facts);
        ipv4(buffer, ethernet.payloadOffset(), ethernet.payloadLength(), facts);
        ipv6(buffer, ethernet.payloadOffset(), ethernet.payloadLength(), facts);
    }

    private static void arp(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final ArpFlyweight arp = new ArpFlyweight();
        if (facts.add("arp", arp.wrap(buffer, offset, length)))
        {
            facts.add("operation", arp.operation()).add("sender", arp.senderHardware())
                .add("ip", arp.senderProtocol()).add("target", arp.targetHardware()).add("ip", arp.targetProtocol());
        }
    }

    private static void ipv4(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final Ipv4Flyweight ip = new Ipv4Flyweight();
        for (int quoted = 0; quoted < 2; quoted++)
        {
            final boolean whole = quoted == 0 && ip.wrap(buffer, offset, length);
            if (facts.add("ipv4", whole || (quoted == 1 && ip.wrapQuoted(buffer, offset, length))))
            {
                facts.add("header", ip.headerLength()).add("tos", ip.typeOfService()).add("total", ip.totalLength())
                    .add("id", ip.identification()).add("flags", ip.flags()).add("fragment", ip.fragmentOffset())
                    .add("ttl", ip.timeToLive()).add("protocol", ip.protocol()).add("checksum", ip.checksum())
                    .add("source", ip.source()).add("destination", ip.destination())
                    .add("payload", ip.payloadOffset() - offset).add("length", ip.payloadLength())
                    .add("pseudo", ip.pseudoHeader(ip.payloadLength()));
                facts.add("fragment", ip.isFragment());
                facts.add("valid", ip.isChecksumValid());
                upperLayers(buffer, ip.payloadOffset(), ip.payloadLength(), facts);
            }
        }
    }

    private static void ipv6(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final Ipv6Flyweight ip = new Ipv6Flyweight();
        for (int quoted = 0; quoted < 2; quoted++)
        {
            final boolean whole = quoted == 0 && ip.wrap(buffer, offset, length);
            if (facts.add("ipv6", whole || (quoted == 1 && ip.wrapQuoted(buffer, offset, length))))
            {
                facts.add("class", ip.trafficClass()).add("flow", ip.flowLabel()).add("hops", ip.hopLimit())
                    .add("source", ip.sourceHigh()).add("source", ip.sourceLow())
                    .add("destination", ip.destinationHigh()).add("destination", ip.destinationLow())
                    .add("protocol", ip.protocol()).add("payload", ip.payloadOffset() - offset)
                    .add("length", ip.payloadLength()).add("pseudo", ip.pseudoHeader(ip.payloadLength()));
                facts.add("fragment", ip.isFragment());
                upperLayers(buffer, ip.payloadOffset(), ip.payloadLength(), facts);
            }
        }
    }

    private static void upperLayers(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final UdpFlyweight udp = new UdpFlyweight();
        for (int quoted = 0; quoted < 2; quoted++)
        {
            final boolean whole = quoted == 0 && udp.wrap(buffer, offset, length);
            if (facts.add("udp", whole || (quoted == 1 && udp.wrapQuoted(buffer, offset, length))))
            {
                facts.add("src", udp.srcPort()).add("dst", udp.dstPort()).add("length", udp.length())
                    .add("checksum", udp.checksum()).add("payload", udp.payloadLength());
                facts.add("valid", udp.isChecksumValid(0));
            }
        }
        final IcmpFlyweight icmp = new IcmpFlyweight();
        if (facts.add("icmp", icmp.wrap(buffer, offset, length)))
        {
            facts.add("type", icmp.type()).add("code", icmp.code()).add("id", icmp.identifier())
                .add("seq", icmp.sequenceNumber()).add("mtu", icmp.nextHopMtu()).add("length", icmp.payloadLength())
                .add("checksum", icmp.checksum());
            facts.add("error", icmp.isError());
            facts.add("valid", icmp.isChecksumValid());
        }
        final Icmpv6Flyweight icmpv6 = new Icmpv6Flyweight();
        if (facts.add("icmpv6", icmpv6.wrap(buffer, offset, length)))
        {
            facts.add("type", icmpv6.type()).add("code", icmpv6.code()).add("id", icmpv6.identifier())
                .add("seq", icmpv6.sequenceNumber()).add("mtu", icmpv6.mtu()).add("length", icmpv6.payloadLength())
                .add("checksum", icmpv6.checksum());
            facts.add("error", icmpv6.isError());
            facts.add("valid", icmpv6.isChecksumValid(0));
        }
        final NdpFlyweight ndp = new NdpFlyweight();
        if (facts.add("ndp", ndp.wrap(buffer, offset, length)))
        {
            facts.add("flags", ndp.flags()).add("target", ndp.targetHigh()).add("target", ndp.targetLow());
            facts.add("solicitation", ndp.isSolicitation());
            if (facts.add("option", ndp.hasLinkLayerAddress()))
            {
                facts.add("address", ndp.linkLayerAddress());
            }
        }
    }
}
