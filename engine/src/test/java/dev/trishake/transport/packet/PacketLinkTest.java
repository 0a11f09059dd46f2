// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.support.Allocation;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.Link;
import dev.trishake.transport.linux.Errno;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import dev.trishake.wire.ip.UdpEncoder;
import dev.trishake.wire.ip.UdpFlyweight;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PacketLinkTest
{
    private static final int PORT = 4242;
    private static final int LIMIT = 100;
    private static final int UDP_LENGTH = 8;
    private static final long SECOND = 1_000_000_000L;

    private final OneToOneRingBuffer ingress = ring(1 << 20);
    private final OneToOneRingBuffer egress = ring(1 << 20);
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[1500]);
    private final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
    private final Ipv6Flyweight ipv6 = new Ipv6Flyweight();
    private final UdpFlyweight udp = new UdpFlyweight();
    private long nowNs = 1;

    private static OneToOneRingBuffer ring(final int capacity)
    {
        return new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    private static Map<String, Long> counters(final Link link)
    {
        final Map<String, Long> counters = new HashMap<>();
        link.visitCounters(counters::put);
        return counters;
    }

    /** Polls until so many UDP datagrams have come, whose checksums are right. */
    private List<byte[]> poll(final PacketLink link, final int wanted)
    {
        return poll(link, ingress, wanted);
    }

    private List<byte[]> poll(final PacketLink link, final OneToOneRingBuffer ring, final int wanted)
    {
        final List<byte[]> datagrams = new ArrayList<>();
        final long patienceNs = System.nanoTime() + 5 * SECOND;
        while (datagrams.size() < wanted)
        {
            link.poll(ring, nowNs, LIMIT);
            while (ring.size() > 0)
            {
                ring.read((type, buffer, index, length) ->
                {
                    assertEquals(Link.PACKET, type);
                    final boolean isIpv4 = buffer.getByte(index) >> 4 == 4;
                    assertTrue(isIpv4 ? ipv4.wrap(buffer, index, length) : ipv6.wrap(buffer, index, length));
                    final int offset = isIpv4 ? ipv4.payloadOffset() : ipv6.payloadOffset();
                    final int rest = isIpv4 ? ipv4.payloadLength() : ipv6.payloadLength();
                    if ((isIpv4 ? ipv4.protocol() : ipv6.protocol()) == IpProtocol.UDP)
                    {
                        assertTrue(udp.wrap(buffer, offset, rest));
                        assertTrue(udp.isChecksumValid(isIpv4 ? ipv4.pseudoHeader(rest) : ipv6.pseudoHeader(rest)));
                        final byte[] packet = new byte[offset - index + rest];
                        buffer.getBytes(index, packet);
                        datagrams.add(packet);
                    }
                });
            }
            assertTrue(System.nanoTime() - patienceNs < 0, () -> "only " + datagrams.size() + ": " + counters(link));
        }
        return datagrams;
    }

    private static void send(final DatagramChannel channel, final InetAddress to, final int length) throws Exception
    {
        channel.send(ByteBuffer.allocate(length), new InetSocketAddress(to, PORT));
    }

    /** Puts a datagram from the engine to the kernel into the egress ring. */
    private void put(final int port, final int length)
    {
        final int to = ByteBuffer.wrap(Veth.KERNEL_4.getAddress()).getInt();
        final int from = ByteBuffer.wrap(Veth.ENGINE_4.getAddress()).getInt();
        final int total = UDP_LENGTH + length;
        new UdpEncoder().init(out, Ipv4Flyweight.MIN_HEADER_LENGTH).srcPort(PORT).dstPort(port)
            .finish(Checksum.pseudoHeader(from, to, IpProtocol.UDP, total), length);
        new Ipv4Encoder().init(out, 0).protocol(IpProtocol.UDP).source(from).destination(to).finish(total);
        assertTrue(egress.write(Link.PACKET, out, 0, Ipv4Flyweight.MIN_HEADER_LENGTH + total));
    }

    private void turnRound(final byte[] packet)
    {
        final boolean isIpv4 = packet[0] >> 4 == 4;
        final int addressLength = isIpv4 ? 4 : 16;
        final int source = isIpv4 ? 12 : 8;
        final int ports = isIpv4 ? 20 : 40;
        final UnsafeBuffer answer = new UnsafeBuffer(packet.clone());
        answer.putBytes(source, packet, source + addressLength, addressLength);
        answer.putBytes(source + addressLength, packet, source, addressLength);
        answer.putBytes(ports, packet, ports + 2, 2);
        answer.putBytes(ports + 2, packet, ports, 2);
        assertTrue(egress.write(Link.PACKET, answer, 0, packet.length));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldMovePacketsBothWaysAndAnswerForItsAddresses(final boolean isIpv4) throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            try (PacketLink link = PacketLink.open(Veth.config()); DatagramChannel channel = DatagramChannel.open())
            {
                final byte[] text = "SYN, SYN-ACK, ACK".getBytes(StandardCharsets.US_ASCII);
                final InetAddress engine = isIpv4 ? Veth.ENGINE_4 : Veth.ENGINE_6;
                channel.bind(new InetSocketAddress(isIpv4 ? Veth.KERNEL_4 : Veth.KERNEL_6, 0));
                channel.send(ByteBuffer.wrap(text), new InetSocketAddress(engine, PORT));
                final byte[] packet = poll(link, 1).getFirst();
                final int headers = packet.length - text.length;
                assertEquals(isIpv4 ? 28 : 48, headers);
                assertEquals(new String(text, StandardCharsets.US_ASCII),
                    new String(packet, headers, text.length, StandardCharsets.US_ASCII));

                turnRound(packet);
                assertEquals(1, link.flush(egress, nowNs, LIMIT));
                final ByteBuffer received = ByteBuffer.allocate(100);
                assertEquals(new InetSocketAddress(engine, PORT), channel.receive(received));
                assertEquals(text.length, received.position());
                final Map<String, Long> counters = counters(link);
                assertTrue(counters.get("LinkNeighbourAnswers") >= 1);
                assertEquals(1, counters.get("LinkChecksumsCompleted"), "the kernel leaves them to the card");
                assertEquals(0, counters.get("LinkWriteErrors") + counters.get("LinkUnresolved"));
                assertEquals(Link.LINKTYPE_RAW, link.linkType());
                assertEquals(Veth.ENGINE, link.name());
            }
        });
    }

    @Test
    void shouldAskForANeighbourAndSendWhatWasKept() throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            try (PacketLink link = PacketLink.open(Veth.config()); DatagramChannel channel = DatagramChannel.open())
            {
                channel.bind(new InetSocketAddress(Veth.KERNEL_4, 0)).configureBlocking(false);
                put(((InetSocketAddress)channel.getLocalAddress()).getPort(), 5);
                assertEquals(1, link.flush(egress, nowNs, LIMIT));
                final ByteBuffer received = ByteBuffer.allocate(100);
                final long patienceNs = System.nanoTime() + 5 * SECOND;
                while (channel.receive(received) == null)
                {
                    link.poll(ingress, nowNs, LIMIT);
                    assertTrue(System.nanoTime() - patienceNs < 0, "in vain: " + counters(link));
                }
                assertEquals(5, received.position());
                assertEquals(1, counters(link).get("LinkNeighbourRequests"));
                assertEquals(2, link.sent());
            }
        });
    }

    @Test
    void shouldKeepWhatTheRingDoesNotTakeAndStopAtTheLimit() throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            try (PacketLink link = PacketLink.open(Veth.config()); DatagramChannel channel = DatagramChannel.open())
            {
                final OneToOneRingBuffer small = ring(4096);
                send(channel, Veth.ENGINE_4, 1); // the first one waits for ARP
                poll(link, 1);
                for (int i = 0; i < 40; i++)
                {
                    send(channel, Veth.ENGINE_4, 300 + i);
                }
                final List<byte[]> packets = poll(link, small, 40);
                for (int i = 0; i < 40; i++)
                {
                    assertEquals(328 + i, packets.get(i).length);
                }
                send(channel, Veth.ENGINE_4, 600); // a ring of 4096 takes 512
                send(channel, Veth.ENGINE_4, 1);
                assertEquals(29, poll(link, small, 1).getFirst().length);
                assertEquals(1, counters(link).get("LinkOversized"));
                for (int i = 0; i < 5; i++)
                {
                    send(channel, Veth.ENGINE_4, 1);
                }
                assertTrue(link.await(5000));
                int handled = 0;
                while (handled < 5)
                {
                    final int count = link.poll(ingress, nowNs, 2);
                    assertTrue(count <= 2);
                    handled += count;
                }
            }
        });
    }

    /** A datagram of 9,000 bytes goes out as one frame, as GSO's do, and does not fit into a place of the ring. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeFramesThatAreLongerThanTheirPlace(final boolean isBlockwise) throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            try (PacketLink link = PacketLink.open(Veth.config().blockwise(isBlockwise));
                DatagramChannel channel = DatagramChannel.open())
            {
                new NetDevice(Veth.KERNEL).mtu(9100);
                new NetDevice(Veth.ENGINE).mtu(9100);
                send(channel, Veth.ENGINE_4, 9000);
                send(channel, Veth.ENGINE_4, 1);
                send(channel, Veth.ENGINE_4, 9001);
                final List<byte[]> packets = poll(link, 3);
                assertEquals(9028, packets.get(0).length);
                assertEquals(29, packets.get(1).length);
                assertEquals(9029, packets.get(2).length);
                assertEquals(0, counters(link).get("LinkTruncated"));
            }
        });
    }

    @Test
    void shouldTakeOnlyWhatIsForItsAddresses() throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            Veth.ip("neigh", "add", "10.9.0.77", "lladdr", "02:00:00:00:00:77", "dev", Veth.KERNEL);
            try (PacketLink link = PacketLink.open(new PacketConfig(Veth.ENGINE)
                .addresses(InetAddress.ofLiteral("10.9.0.128"), 25).addresses(InetAddress.ofLiteral("fd09:1::"), 32));
                DatagramChannel channel = DatagramChannel.open())
            {
                send(channel, InetAddress.ofLiteral("10.9.0.77"), 7);
                send(channel, InetAddress.ofLiteral("10.9.0.200"), 8);
                send(channel, InetAddress.ofLiteral("10.9.0.129"), 9);
                final List<byte[]> packets = poll(link, 2);
                assertEquals(36 + 37, packets.get(0).length + packets.get(1).length);
                assertEquals(2, link.received());
                assertEquals(0, counters(link).get("LinkForeign"), "the filter has kept it out");
            }
        });
    }

    @Test
    void shouldCountWhileTheInterfaceIsDownAndGoOnAfterwards() throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            try (PacketLink link = PacketLink.open(Veth.config()); DatagramChannel channel = DatagramChannel.open())
            {
                send(channel, Veth.ENGINE_4, 1);
                turnRound(poll(link, 1).getFirst());
                new NetDevice(Veth.ENGINE).down();
                assertEquals(1, link.flush(egress, nowNs, LIMIT));
                assertEquals(1, counters(link).get("LinkWriteErrors"));
                assertEquals(Errno.ENETDOWN, link.lastErrno());
                nowNs += 2 * SECOND;
                assertEquals(0, link.poll(ingress, nowNs, LIMIT));
                assertFalse(link.isGone());
                new NetDevice(Veth.ENGINE).up();
                send(channel, Veth.ENGINE_4, 2);
                poll(link, 1);
            }
        });
    }

    @Test
    void shouldNoticeThatTheInterfaceIsGone() throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            try (PacketLink link = PacketLink.open(Veth.config()); DatagramChannel channel = DatagramChannel.open())
            {
                send(channel, Veth.ENGINE_4, 1);
                turnRound(poll(link, 1).getFirst());
                Veth.ip("link", "delete", Veth.ENGINE);
                nowNs += 2 * SECOND;
                link.poll(ingress, nowNs, LIMIT);
                assertTrue(link.isGone());
                assertEquals(1, link.flush(egress, nowNs, LIMIT), "taken, so that it holds up nobody");
                assertEquals(1, counters(link).get("LinkDead"));
                assertEquals(0, link.poll(ingress, nowNs, LIMIT));
                assertFalse(link.await(0));
            }
        });
    }

    @Test
    void shouldShareAnInterfaceAmongLinks() throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            final PacketLink[] links = PacketLink.openShared(Veth.config(), 2);
            int[] counts = new int[2];
            for (int flow = 0; flow < 64; flow++)
            {
                try (DatagramChannel channel = DatagramChannel.open())
                {
                    send(channel, Veth.ENGINE_4, 1);
                    send(channel, Veth.ENGINE_6, 1);
                }
            }
            final long patienceNs = System.nanoTime() + 5 * SECOND;
            while (counts[0] + counts[1] < 120 && System.nanoTime() - patienceNs < 0)
            {
                for (int i = 0; i < 2; i++)
                {
                    links[i].poll(ingress, nowNs, LIMIT);
                    counts[i] = (int)links[i].received();
                }
                ingress.read((type, buffer, index, length) -> { });
            }
            assertTrue(counts[0] > 0 && counts[1] > 0, counts[0] + " and " + counts[1]);
            for (int i = 0; i < 2; i++) // each one knows the neighbour who has asked the first one
            {
                put(9, 3);
                assertEquals(1, links[i].flush(egress, nowNs, LIMIT));
                assertEquals(0, counters(links[i]).get("LinkNeighbourRequests"));
            }
            assertTrue(counters(links[0]).get("LinkNeighbourAnswers") > 0);
            assertEquals(0, counters(links[1]).get("LinkNeighbourAnswers"));
            links[0].close();
            links[1].close();
        });
    }

    @Test
    void shouldAllocateNothing() throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            try (PacketLink link = PacketLink.open(Veth.config()); DatagramChannel channel = DatagramChannel.open())
            {
                send(channel, Veth.ENGINE_4, 1);
                final byte[] packet = poll(link, 1).getFirst();
                final MessageHandler forget = (type, buffer, index, length) -> { };
                final UnsafeBuffer ping = new UnsafeBuffer(new byte[64]);
                ping.putBytes(0, packet, 0, 20);
                ping.putBytes(12, Veth.ENGINE_4.getAddress());
                ping.putBytes(16, Veth.KERNEL_4.getAddress());
                ping.putByte(20, (byte)8);
                ping.putShort(22, (short)Checksum.complement(
                    Checksum.sum(ping, 20, 44)), java.nio.ByteOrder.BIG_ENDIAN);
                new Ipv4Encoder().init(ping, 0).protocol(IpProtocol.ICMP)
                    .source(ByteBuffer.wrap(Veth.ENGINE_4.getAddress()).getInt())
                    .destination(ByteBuffer.wrap(Veth.KERNEL_4.getAddress()).getInt()).finish(44);
                Veth.sysctl("ipv4/icmp_msgs_per_sec", "1000000000");
                final int rounds = 20;
                Allocation.assertNone(rounds * 50L, () ->
                {
                    long work = 0;
                    for (int i = 0; i < rounds; i++)
                    {
                        for (int j = 0; j < 50; j++)
                        {
                            egress.write(Link.PACKET, ping, 0, 64);
                        }
                        link.flush(egress, nowNs, LIMIT);
                        int pongs = 0;
                        while (pongs < 50)
                        {
                            nowNs += 1000;
                            link.poll(ingress, nowNs, LIMIT);
                            pongs += ingress.read(forget) + ingress.read(forget);
                        }
                        work += pongs;
                    }
                    return work;
                });
            }
        });
    }

    @Test
    void shouldSayWhatToDoWhenTheInterfaceCannotBeHad() throws Throwable
    {
        InNamespace.run(() ->
        {
            assertEquals("cannot open a packet socket on the interface nosuch: there is no such interface; ip link" +
                " shows those that there are", assertThrows(
                    DeviceException.class, () -> PacketLink.open(new PacketConfig("nosuch"))).getMessage());
            assertEquals("cannot open a packet socket on the interface lo: it is no Ethernet interface; use a TUN" +
                " device or the kernel's sockets there", assertThrows(
                    DeviceException.class, () -> PacketLink.open(new PacketConfig("lo"))).getMessage());
        });
        assertEquals("cannot open a packet socket on the interface eth0: CAP_NET_RAW is missing; run as root or grant" +
            " it (setcap cap_net_raw+ep on the java executable)",
            PacketSocket.failure("eth0", "open", Errno.EPERM).getMessage());
    }

    @Test
    void shouldMoveNothingOnceClosed() throws Throwable
    {
        InNamespace.run(() ->
        {
            Veth.make();
            final PacketLink link = PacketLink.open(Veth.config());
            link.close();
            link.close();
            put(9, 1);
            assertEquals(0, link.poll(ingress, nowNs, LIMIT));
            assertEquals(0, link.flush(egress, nowNs, LIMIT));
            assertFalse(link.await(0));
        });
    }
}
