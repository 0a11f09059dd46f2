// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.support.Allocation;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.Link;
import dev.trishake.transport.linux.Errno;
import dev.trishake.wire.ip.Checksum;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TunLinkTest
{
    private static final String NAME = "tsk0";
    private static final InetAddress KERNEL = InetAddress.ofLiteral("10.9.0.1");
    private static final InetAddress ENGINE = InetAddress.ofLiteral("10.9.0.2");
    private static final InetAddress KERNEL_6 = InetAddress.ofLiteral("fd09::1");
    private static final InetAddress ENGINE_6 = InetAddress.ofLiteral("fd09::2");
    private static final int PORT = 4242;
    private static final int IPV4_LENGTH = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int UDP_LENGTH = 8;
    private static final int PING_LENGTH = 64;
    private static final int LIMIT = 100;

    private final OneToOneRingBuffer ingress = ring(1 << 16);
    private final OneToOneRingBuffer egress = ring(1 << 16);

    private static OneToOneRingBuffer ring(final int capacity)
    {
        return new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    private static TunLink link()
    {
        final TunLink link = TunLink.open(NAME);
        setUp();
        return link;
    }

    private static void setUp()
    {
        final NetDevice device = new NetDevice(NAME);
        device.address(KERNEL, 24);
        device.address(KERNEL_6, 64);
        device.up();
    }

    private static void send(final DatagramChannel channel, final InetAddress to, final int length) throws IOException
    {
        channel.send(ByteBuffer.allocate(length), new InetSocketAddress(to, PORT));
    }

    /** The UDP datagrams among the packets in the ring: the kernel says a few words of its own in IPv6. */
    private static List<byte[]> datagrams(final OneToOneRingBuffer ring)
    {
        final List<byte[]> packets = new ArrayList<>();
        while (ring.size() > 0)
        {
            ring.read((type, buffer, index, length) ->
            {
                assertEquals(Link.PACKET, type);
                final byte[] packet = new byte[length];
                buffer.getBytes(index, packet);
                if (packet[packet[0] >> 4 == 4 ? 9 : 6] == 17)
                {
                    packets.add(packet);
                }
            });
        }
        return packets;
    }

    private List<byte[]> poll(final TunLink link)
    {
        final List<byte[]> packets = new ArrayList<>();
        while (link.poll(ingress, 0, LIMIT) > 0)
        {
            packets.addAll(datagrams(ingress));
        }
        return packets;
    }

    /** The same datagram, back to its sender: exchanging addresses and ports leaves the checksums as they are. */
    private static UnsafeBuffer turnRound(final byte[] packet)
    {
        final boolean isIpv4 = packet[0] >> 4 == 4;
        final int addressLength = isIpv4 ? 4 : 16;
        final int source = isIpv4 ? 12 : 8;
        final int ports = isIpv4 ? IPV4_LENGTH : IPV6_LENGTH;
        final UnsafeBuffer answer = new UnsafeBuffer(packet.clone());
        answer.putBytes(source, packet, source + addressLength, addressLength);
        answer.putBytes(source + addressLength, packet, source, addressLength);
        answer.putBytes(ports, packet, ports + 2, 2);
        answer.putBytes(ports + 2, packet, ports, 2);
        return answer;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldMovePacketsBothWays(final boolean ipv4) throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link(); DatagramChannel channel = DatagramChannel.open())
            {
                final byte[] text = "SYN, SYN-ACK, ACK".getBytes(StandardCharsets.US_ASCII);
                channel.bind(new InetSocketAddress(ipv4 ? KERNEL : KERNEL_6, 0));
                channel.send(ByteBuffer.wrap(text), new InetSocketAddress(ipv4 ? ENGINE : ENGINE_6, PORT));

                final List<byte[]> packets = poll(link);
                assertEquals(1, packets.size());
                final byte[] packet = packets.getFirst();
                final int headers = (ipv4 ? IPV4_LENGTH : IPV6_LENGTH) + UDP_LENGTH;
                assertEquals(new String(text, StandardCharsets.US_ASCII),
                    new String(packet, headers, packet.length - headers, StandardCharsets.US_ASCII));
                assertTrue(link.received() >= 1);

                final UnsafeBuffer answer = turnRound(packet);
                assertTrue(egress.write(Link.PACKET, answer, 0, answer.capacity()));
                assertEquals(1, link.flush(egress, 0, LIMIT));
                assertEquals(1, link.sent());
                final ByteBuffer received = ByteBuffer.allocate(100);
                assertEquals(
                    new InetSocketAddress(ipv4 ? ENGINE : ENGINE_6, PORT), channel.receive(received));
                assertEquals(text.length, received.position());
                assertEquals(0, link.readErrors() + link.writeErrors() + link.oversized() + link.foreign());
                assertEquals(Link.LINKTYPE_RAW, link.linkType());
            }
        });
    }

    @Test
    void shouldKeepWhatTheRingDoesNotTake() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link(); DatagramChannel channel = DatagramChannel.open())
            {
                poll(link); // the kernel's own
                final OneToOneRingBuffer small = ring(4096);
                for (int i = 0; i < 20; i++)
                {
                    send(channel, ENGINE, 400 + i);
                }
                final List<Integer> lengths = new ArrayList<>();
                int handled = 0;
                while (lengths.size() < 20)
                {
                    handled += link.poll(small, 0, LIMIT);
                    assertTrue(link.await(0) || handled >= 20, "a packet that waits in the link is there to poll");
                    datagrams(small).forEach(packet -> lengths.add(packet.length - IPV4_LENGTH - UDP_LENGTH));
                }
                for (int i = 0; i < 20; i++)
                {
                    assertEquals(400 + i, lengths.get(i));
                }
                assertEquals(0, link.oversized());
            }
        });
    }

    @Test
    void shouldStopAtTheLimit() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link(); DatagramChannel channel = DatagramChannel.open())
            {
                poll(link);
                for (int i = 0; i < 3; i++)
                {
                    send(channel, ENGINE, 10);
                }
                assertEquals(2, link.poll(ingress, 0, 2));
                assertEquals(1, link.poll(ingress, 0, 2));
                assertEquals(0, link.poll(ingress, 0, 2));
            }
        });
    }

    @Test
    void shouldCountWhatIsTooLongForTheRing() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link(); DatagramChannel channel = DatagramChannel.open())
            {
                poll(link);
                final OneToOneRingBuffer small = ring(1024); // takes 128 bytes
                send(channel, ENGINE, 200);
                send(channel, ENGINE, 20);
                assertEquals(2, link.poll(small, 0, LIMIT));
                assertEquals(1, link.oversized());
                assertEquals(20 + IPV4_LENGTH + UDP_LENGTH, datagrams(small).getFirst().length);
            }
        });
    }

    @Test
    void shouldMoveThePacketsOfTheLargestMtu() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link(); DatagramChannel channel = DatagramChannel.open())
            {
                new NetDevice(NAME).mtu(65_535);
                poll(link);
                final OneToOneRingBuffer large = ring(1 << 20);
                send(channel, ENGINE, 65_507);
                assertEquals(1, link.poll(large, 0, LIMIT));
                assertEquals(65_535, datagrams(large).getFirst().length);
            }
        });
    }

    @Test
    void shouldCountErrors() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link())
            {
                assertTrue(egress.write(Link.PACKET + 1, new UnsafeBuffer(new byte[20]), 0, 20));
                assertTrue(egress.write(Link.PACKET, new UnsafeBuffer(new byte[20]), 0, 20));
                assertEquals(2, link.flush(egress, 0, LIMIT));
                assertEquals(1, link.foreign());
                assertEquals(1, link.writeErrors());
                assertEquals(Errno.EINVAL, link.lastErrno(), "neither IPv4 nor IPv6");

                new NetDevice(NAME).down();
                egress.write(Link.PACKET, new UnsafeBuffer(ping()), 0, PING_LENGTH);
                assertEquals(1, link.flush(egress, 0, LIMIT));
                assertEquals(2, link.writeErrors());
                assertEquals(Errno.EIO, link.lastErrno());
                assertEquals(0, link.sent());
                assertFalse(link.isGone());
            }
        });
    }

    @Test
    void shouldNoticeThatTheDeviceIsGone() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link())
            {
                assertEquals(0, new ProcessBuilder("ip", "link", "delete", NAME).inheritIO().start().waitFor());
                assertEquals(0, link.poll(ingress, 0, LIMIT) - link.received());
                assertTrue(link.isGone());
                assertEquals(1, link.readErrors());
            }
        });
    }

    @Test
    void shouldWaitForAPacket() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link(); DatagramChannel channel = DatagramChannel.open())
            {
                new NetDevice(NAME).down(); // nobody speaks now
                poll(link);
                final long startNs = System.nanoTime();
                assertFalse(link.await(30));
                assertTrue(System.nanoTime() - startNs >= 29_000_000L);
                new NetDevice(NAME).up();
                send(channel, ENGINE, 1);
                assertTrue(link.await(10_000));
                assertEquals(1, poll(link).size());
            }
        });
    }

    @Test
    void shouldShareADeviceAmongQueues() throws Throwable
    {
        InNamespace.run(() ->
        {
            final TunLink[] links = TunLink.openQueues(NAME, 2);
            setUp();
            int[] counts = new int[2];
            for (int flow = 0; flow < 64; flow++)
            {
                try (DatagramChannel channel = DatagramChannel.open())
                {
                    send(channel, ENGINE, 1);
                }
            }
            for (int i = 0; i < 2; i++)
            {
                counts[i] = poll(links[i]).size();
                egress.write(Link.PACKET, new UnsafeBuffer(ping()), 0, PING_LENGTH);
                assertEquals(1, links[i].flush(egress, 0, LIMIT));
                assertEquals(1, links[i].sent());
            }
            assertEquals(64, counts[0] + counts[1]);
            assertTrue(counts[0] > 0 && counts[1] > 0, counts[0] + " and " + counts[1]);
            links[0].close();
            links[1].close();
        });
    }

    @Test
    void shouldMoveNothingOnceClosed() throws Throwable
    {
        InNamespace.run(() ->
        {
            final TunLink link = link();
            link.close();
            link.close();
            egress.write(Link.PACKET, new UnsafeBuffer(ping()), 0, PING_LENGTH);
            assertEquals(0, link.poll(ingress, 0, LIMIT));
            assertEquals(0, link.flush(egress, 0, LIMIT));
            assertFalse(link.await(0));
            assertThrows(DeviceException.class, () -> new NetDevice(NAME).up(), "the device goes with the link");
        });
    }

    @Test
    void shouldAllocateNothing() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link())
            {
                final UnsafeBuffer ping = new UnsafeBuffer(ping());
                final MessageHandler forget = (type, buffer, index, length) -> { };
                poll(link);
                final int rounds = 1000;
                Allocation.assertNone(4 * rounds, () ->
                {
                    long work = 0;
                    for (int i = 0; i < rounds; i++)
                    {
                        egress.write(Link.PACKET, ping, 0, PING_LENGTH);
                        work += link.flush(egress, 0, 1);
                        work += link.await(0) ? 1 : 0; // the kernel has answered the ping meanwhile
                        work += link.poll(ingress, 0, 1);
                        int read = 0;
                        while (ingress.size() > 0)
                        {
                            read += ingress.read(forget);
                        }
                        work += Math.min(1, read);
                    }
                    while (link.poll(ingress, 0, LIMIT) > 0) // the kernel's own, then EAGAIN
                    {
                        ingress.read(forget);
                    }
                    return work;
                });
            }
        });
    }

    @Test
    void shouldSayWhatToDoWhenTheDeviceCannotBeHad() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link())
            {
                assertEquals(NAME, link.name());
                assertEquals(
                    "cannot use the TUN device tsk0: another process has it; stop that, or choose another name",
                    assertThrows(DeviceException.class, () -> TunLink.open(NAME)).getMessage());
                assertEquals("cannot use the TUN device tsk0: an interface of that name is no TUN device, or differs" +
                    " in having several queues; choose another name",
                    assertThrows(DeviceException.class, () -> TunLink.openQueues(NAME, 2)).getMessage());
            }
            assertEquals("cannot use the TUN device lo: an interface of that name is no TUN device, or differs in" +
                " having several queues; choose another name",
                assertThrows(DeviceException.class, () -> TunLink.open("lo")).getMessage());
            assertEquals("cannot set up the interface nosuch (bring it up): there is no such interface; make it first",
                assertThrows(DeviceException.class, () -> new NetDevice("nosuch").up()).getMessage());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "tun%d", "a b", "..", "sixteen-letters-", "t\u00fcn0"})
    void shouldRefuseNamesThatNoInterfaceCanHave(final String name)
    {
        assertEquals("'" + name + "' can't be an interface's name: choose 1 to 15 letters and digits, like tun0",
            assertThrows(DeviceException.class, () -> InterfaceRequest.checkName(name)).getMessage());
    }

    @Test
    void shouldSayWhichPrivilegeIsMissing()
    {
        assertEquals("cannot use the TUN device tun0: /dev/net/tun is missing; load the driver (modprobe tun), or" +
            " give the container the device (--device /dev/net/tun)",
            TunDevice.openFailure("tun0", Errno.ENOENT).getMessage());
        assertEquals("cannot use the TUN device tun0: no permission to open /dev/net/tun; run as root, or allow this" +
            " user to read and write it", TunDevice.openFailure("tun0", Errno.EACCES).getMessage());
        assertEquals("cannot use the TUN device tun0: CAP_NET_ADMIN is missing; run as root, grant it, or let root" +
            " make the device for this user (ip tuntap add dev tun0 mode tun user NAME)",
            TunDevice.attachFailure("tun0", Errno.EPERM).getMessage());
        assertEquals("cannot set up the interface tun0 (bring it up): CAP_NET_ADMIN is missing; run as root or grant" +
            " it", NetDevice.failure("tun0", "bring it up", Errno.EPERM).getMessage());
        assertEquals("cannot make a network namespace: CAP_SYS_ADMIN is missing; run as root or grant it",
            NetworkNamespace.failure(Errno.EPERM).getMessage());
    }

    @Test
    void shouldGiveTheInterfaceItsAddresses() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = link())
            {
                new NetDevice(NAME).address(KERNEL_6, 64); // once more is no fault
                new NetDevice(NAME).queueLength(2000);
                // java.net looks into /proc/net, which is that of the process
                final Process ip = new ProcessBuilder("ip", "addr", "show", link.name()).start();
                final String lines = new String(ip.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertTrue(lines.contains(",UP,"), lines);
                assertTrue(lines.contains(" qlen 2000"), lines);
                assertTrue(lines.contains("inet 10.9.0.1/24 "), lines);
                assertTrue(lines.contains("inet6 fd09::1/64 "), lines);
            }
        });
    }

    /** An ICMP echo request from the engine's side to the kernel's. */
    private static byte[] ping()
    {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[PING_LENGTH]);
        packet.putByte(0, (byte)0x45);
        packet.putShort(2, (short)PING_LENGTH, ByteOrder.BIG_ENDIAN);
        packet.putByte(8, (byte)64);
        packet.putByte(9, (byte)1);
        packet.putBytes(12, ENGINE.getAddress());
        packet.putBytes(16, KERNEL.getAddress());
        packet.putByte(IPV4_LENGTH, (byte)8);
        packet.putShort(10, (short)Checksum.complement(Checksum.sum(packet, 0, IPV4_LENGTH)), ByteOrder.BIG_ENDIAN);
        packet.putShort(IPV4_LENGTH + 2, (short)Checksum.complement(
            Checksum.sum(packet, IPV4_LENGTH, PING_LENGTH - IPV4_LENGTH)), ByteOrder.BIG_ENDIAN);
        return packet.byteArray();
    }
}
