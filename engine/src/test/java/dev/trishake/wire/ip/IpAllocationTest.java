// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import dev.trishake.support.Allocation;
import dev.trishake.wire.Frames;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IpAllocationTest
{
    private static final int OPERATIONS = 2000;

    @Test
    void shouldAllocateNothingForIpv4()
    {
        final UnsafeBuffer arpFrame = Frames.linux("arp-request");
        final UnsafeBuffer echoFrame = Frames.linux("echo");
        final UnsafeBuffer udpFrame = Frames.linux("udp");
        final UnsafeBuffer written = new UnsafeBuffer(new byte[128]);
        final EthernetFlyweight ethernet = new EthernetFlyweight();
        final ArpFlyweight arp = new ArpFlyweight();
        final Ipv4Flyweight ip = new Ipv4Flyweight();
        final IcmpFlyweight icmp = new IcmpFlyweight();
        final UdpFlyweight udp = new UdpFlyweight();
        final EthernetEncoder ethernetEncoder = new EthernetEncoder();
        final ArpEncoder arpEncoder = new ArpEncoder();
        final Ipv4Encoder ipEncoder = new Ipv4Encoder();
        final IcmpEncoder icmpEncoder = new IcmpEncoder();
        final UdpEncoder udpEncoder = new UdpEncoder();
        Allocation.assertNone(OPERATIONS, () ->
        {
            long done = 0;
            for (int i = 0; i < OPERATIONS; i++)
            {
                boolean right = ethernet.wrap(arpFrame, 0, arpFrame.capacity()) && arp.wrap(arpFrame, 14, 28);
                ethernetEncoder.init(written, 0).destination(ethernet.source()).source(i).etherType(EtherType.ARP);
                arpEncoder.init(written, 14).operation(ArpFlyweight.REPLY).sender(i, arp.targetProtocol())
                    .target(arp.senderHardware(), arp.senderProtocol());
                right &= arp.wrap(written, 14, 28) && arp.senderHardware() == i;

                right &= ip.wrap(echoFrame, 14, echoFrame.capacity() - 14) && ip.isChecksumValid() &&
                    icmp.wrap(echoFrame, ip.payloadOffset(), ip.payloadLength()) && icmp.isChecksumValid();
                icmpEncoder.init(written, 34, IcmpFlyweight.ECHO_REPLY).echo(icmp.identifier(), i).finish(0, 16);
                ipEncoder.init(written, 14).protocol(IpProtocol.ICMP).source(i).destination(i).finish(24);
                right &= ip.wrap(written, 14, 60) && ip.isChecksumValid();

                right &= ip.wrap(udpFrame, 14, udpFrame.capacity() - 14) &&
                    udp.wrap(udpFrame, ip.payloadOffset(), ip.payloadLength()) &&
                    udp.isChecksumValid(ip.pseudoHeader(udp.length()));
                udpEncoder.init(written, 34).srcPort(i).dstPort(i).finish(i, 16);
                done += right && udp.wrap(written, 34, 24) && udp.isChecksumValid(i) ? 1 : 0;
            }
            return done;
        });
    }

    @Test
    void shouldAllocateNothingForIpv6()
    {
        final UnsafeBuffer solicitation = Frames.linux("neighbor-solicitation");
        final UnsafeBuffer extensions = Frames.linux("udp-with-extension-headers-6");
        final UnsafeBuffer written = new UnsafeBuffer(new byte[128]);
        final Ipv6Flyweight ip = new Ipv6Flyweight();
        final Icmpv6Flyweight icmpv6 = new Icmpv6Flyweight();
        final NdpFlyweight ndp = new NdpFlyweight();
        final UdpFlyweight udp = new UdpFlyweight();
        final Ipv6Encoder ipEncoder = new Ipv6Encoder();
        final NdpEncoder ndpEncoder = new NdpEncoder();
        Allocation.assertNone(OPERATIONS, () ->
        {
            long done = 0;
            for (int i = 0; i < OPERATIONS; i++)
            {
                boolean right = ip.wrap(solicitation, 14, solicitation.capacity() - 14) &&
                    icmpv6.wrap(solicitation, ip.payloadOffset(), ip.payloadLength()) &&
                    icmpv6.isChecksumValid(ip.pseudoHeader(ip.payloadLength())) &&
                    ndp.wrap(solicitation, ip.payloadOffset(), ip.payloadLength());
                ipEncoder.init(written, 0).protocol(IpProtocol.ICMPV6).hopLimit(255)
                    .source(ndp.targetHigh(), ndp.targetLow()).destination(ip.sourceHigh(), ip.sourceLow()).finish(32);
                ndpEncoder.advertisement(written, 40, NdpFlyweight.SOLICITED, ndp.targetHigh(), ndp.targetLow(), i)
                    .finish(i);
                right &= ndp.wrap(written, 40, 32) && ndp.linkLayerAddress() == i;
                right &= ip.wrap(extensions, 14, extensions.capacity() - 14) &&
                    udp.wrap(extensions, ip.payloadOffset(), ip.payloadLength());
                done += right ? 1 : 0;
            }
            return done;
        });
    }
}
