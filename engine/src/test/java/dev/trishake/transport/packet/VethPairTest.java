// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.support.Allocation;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.Libc;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.EthernetEncoder;
import dev.trishake.wire.ip.EthernetFlyweight;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.UdpEncoder;
import dev.trishake.wire.ip.UdpFlyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two namespaces, a cable between them, and packets with sources that nobody has. */
class VethPairTest
{
    private static final long HERE_MAC = 0x02_00_00_00_00_01L;
    private static final long THERE_MAC = 0x02_00_00_00_00_02L;
    private static final int THERE = 0x0a090002;
    private static final int SPOOFED = 0xc6120007;
    private static final int PORT = 4000;
    private static final int PATIENCE_MS = 5_000;
    private static final int ROUND = 2_000;

    private final SynchronousQueue<Integer> namespaces = new SynchronousQueue<>();
    private final CountDownLatch made = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(128));
    private volatile DatagramSocket datagrams;
    private volatile ServerSocket listener;

    @Test
    void shouldCarryConnectionsAndSpoofedPackets() throws Throwable
    {
        InNamespace.run(() ->
        {
            final Thread there = new Thread(this::liveThere, "there");
            there.start();
            final Libc libc = new Libc();
            final int namespace = namespaces.poll(PATIENCE_MS, TimeUnit.MILLISECONDS);
            assertTrue(namespace >= 0, "descriptor " + namespace);
            VethPair.create("here0", HERE_MAC, "there0", THERE_MAC, namespace);
            final DeviceException again = assertThrows(
                DeviceException.class, () -> VethPair.create("here0", HERE_MAC, "there1", THERE_MAC, namespace));
            assertTrue(again.getMessage().contains("it is there already"), again.getMessage());
            libc.close(namespace);
            final NetDevice device = new NetDevice("here0");
            device.address(InetAddress.ofLiteral("10.9.0.1"), 24);
            device.up();
            made.countDown();
            assertTrue(ready.await(PATIENCE_MS, TimeUnit.MILLISECONDS));

            try (Socket socket = new Socket(InetAddress.ofLiteral("10.9.0.2"), listener.getLocalPort());
                Socket accepted = listener.accept())
            {
                accepted.getOutputStream().write('x');
                assertEquals('x', socket.getInputStream().read(), "the gateway leads back");
            }
            try (PacketSender socket = PacketSender.open("here0"))
            {
                final int length = spoof();
                assertEquals(length, socket.send(frame, 0, length));
                final DatagramPacket packet = new DatagramPacket(new byte[16], 16);
                datagrams.receive(packet);
                assertEquals("198.18.0.7", packet.getAddress().getHostAddress());
                assertEquals(7, packet.getLength());
                Allocation.assertNone(ROUND, () -> send(socket, length));
            }
            final PacketSender closed = PacketSender.open("here0");
            closed.close();
            closed.close();
            assertEquals(-Errno.EBADF, closed.send(frame, 0, 1));
            over.countDown();
            there.join(PATIENCE_MS);
        });
    }

    @Test
    void shouldSayWhatIsMissing() throws Throwable
    {
        InNamespace.run(() ->
        {
            assertTrue(assertThrows(DeviceException.class, () -> PacketSender.open("none0")).getMessage()
                .contains("there is no such interface"));
            assertTrue(assertThrows(
                DeviceException.class, () -> VethPair.defaultRoute(InetAddress.ofLiteral("10.7.0.1"))).getMessage()
                .contains("the gateway is on no subnet"));
            assertThrows(DeviceException.class, () -> VethPair.create("a/b", 1, "c", 2, 0));
        });
    }

    private long send(final PacketSender socket, final int length)
    {
        long sent = 0;
        for (int i = 0; i < ROUND; i++)
        {
            sent += socket.send(frame, 0, length) == length ? 1 : 0;
        }
        return sent;
    }

    /** What happens in the other namespace. */
    private void liveThere()
    {
        try
        {
            NetworkNamespace.enterNew();
            namespaces.put(VethPair.namespaceOfThisThread());
            assertTrue(made.await(PATIENCE_MS, TimeUnit.MILLISECONDS));
            final NetDevice device = new NetDevice("there0");
            device.address(InetAddress.ofLiteral("10.9.0.2"), 24);
            device.up();
            VethPair.defaultRoute(InetAddress.ofLiteral("10.9.0.1"));
            try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(PORT));
                ServerSocket tcp = new ServerSocket(0, 1, InetAddress.ofLiteral("10.9.0.2")))
            {
                udp.setSoTimeout(PATIENCE_MS);
                datagrams = udp;
                listener = tcp;
                ready.countDown();
                over.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
            }
        }
        catch (final IOException | InterruptedException ex)
        {
            throw new AssertionError(ex);
        }
    }

    /** A datagram from an address that is nobody's here; returns the frame's length. */
    private int spoof()
    {
        final int ipOffset = new EthernetEncoder().init(frame, 0)
            .destination(THERE_MAC).source(HERE_MAC).etherType(EtherType.IPV4).payloadOffset();
        final int udpOffset = ipOffset + Ipv4Flyweight.MIN_HEADER_LENGTH;
        new UdpEncoder().init(frame, udpOffset).srcPort(PORT).dstPort(PORT)
            .finish(Checksum.pseudoHeader(SPOOFED, THERE, IpProtocol.UDP, 15), 7);
        return EthernetFlyweight.HEADER_LENGTH + new Ipv4Encoder().init(frame, ipOffset).protocol(IpProtocol.UDP)
            .source(SPOOFED).destination(THERE).finish(UdpFlyweight.HEADER_LENGTH + 7);
    }
}
