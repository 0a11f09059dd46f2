// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.DatagramRecord;
import dev.trishake.transport.DatagramSteering;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.socket.SocketConfig;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The kernel and we must agree whose a datagram is. */
class SteeringProgramTest
{
    private static final int SHARES = 3;
    private static final int DATAGRAMS = 600;
    private static final int LONGEST = 40;
    private static final DatagramSteering STEERING =
        new DatagramSteering(1, 6, 0x9e37_79b1, 0x85eb_ca6b, SHARES);

    private final List<EpollDatagramLink> links = new ArrayList<>();
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        BufferUtil.allocateDirectAligned((1 << 16) + RingBufferDescriptor.TRAILER_LENGTH, 64)));

    private int bind()
    {
        int port = 0;
        for (int i = 0; i < SHARES; i++)
        {
            final EpollDatagramLink link = new EpollDatagramLink(new SocketConfig().reusePort(true));
            links.add(link);
            final int socket = link.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            port = link.localAddress(socket).getPort();
            assertTrue(link.steer(socket, STEERING));
        }
        return port;
    }

    /** {@return who has received a datagram that is on its way} */
    private int receiver()
    {
        for (int tries = 0; tries < 1_000_000; tries++)
        {
            for (int i = 0; i < SHARES; i++)
            {
                if (links.get(i).poll(ring, 0, 1) > 0)
                {
                    ring.read((type, buffer, index, length) -> assertEquals(DatagramRecord.DATAGRAM, type));
                    ring.read((type, buffer, index, length) -> assertEquals(DatagramRecord.DATAGRAM, type));
                    return i;
                }
            }
        }
        return -1;
    }

    @Test
    void shouldSteerInTheKernelAsWeDo() throws IOException
    {
        assumeTrue(Libc.SUPPORTED, "Linux's system calls");
        final int port = bind();
        final SplittableRandom random = new SplittableRandom(1);
        final int[] counts = new int[SHARES];
        try (DatagramChannel client = DatagramChannel.open())
        {
            for (int i = 0; i < DATAGRAMS; i++)
            {
                final byte[] octets = new byte[random.nextInt(1, LONGEST)];
                random.nextBytes(octets);
                client.send(ByteBuffer.wrap(octets), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
                final int wanted = STEERING.share(new UnsafeBuffer(octets), 0, octets.length);
                final int found = receiver();
                // too short for a name: anybody's
                assertTrue(wanted == DatagramSteering.NONE ? found >= 0 : found == wanted, () -> "" + found + wanted);
                counts[found]++;
            }
        }
        finally
        {
            links.forEach(EpollDatagramLink::close);
        }
        for (final int count : counts)
        {
            assertTrue(count > DATAGRAMS / SHARES / 3, "a fair share: " + Arrays.toString(counts));
        }
    }
}
