// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.socket.SocketConfig;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

@Timeout(60)
class PacketInfoTest
{
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        ByteBuffer.allocateDirect((1 << 16) + RingBufferDescriptor.TRAILER_LENGTH)));
    private final FourTuple tuple = new FourTuple();

    /** A socket for any address is told which one a datagram came to, and answers from there. */
    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.5", "'::', 127.0.0.5", "'::', '::1'"})
    void shouldAnswerFromTheAddressThatWasAsked(final String any, final String asked) throws IOException
    {
        assumeTrue(Libc.SUPPORTED, "Linux's system calls");
        final EpollDatagramLink link = new EpollDatagramLink(new SocketConfig());
        try (DatagramChannel channel = DatagramChannel.open())
        {
            final int socket = link.bind(new InetSocketAddress(InetAddress.ofLiteral(any), 0));
            final InetSocketAddress target =
                new InetSocketAddress(InetAddress.ofLiteral(asked), link.localAddress(socket).getPort());
            channel.send(ByteBuffer.wrap(new byte[] {7}), target);
            while (ring.size() == 0)
            {
                link.poll(ring, 0, 1);
            }
            assertEquals(1, link.flush(ring, 0, 1)); // as it came: the record's tuple is right for the answer
            final ByteBuffer answer = ByteBuffer.allocate(10);
            assertEquals(target, channel.receive(answer));
            assertEquals(1, answer.position());
        }
        finally
        {
            link.close();
        }
    }

    @Test
    void shouldSkipWhatItDoesNotKnowAndNeverRunOn()
    {
        final UnsafeBuffer control = new UnsafeBuffer(new byte[2 * PacketInfo.LENGTH + 24]);
        assertFalse(PacketInfo.read(control, 0, 0, 1, tuple));
        assertFalse(PacketInfo.read(control, 0, PacketInfo.LENGTH, 1, tuple), "a length of 0 ends it");
        control.putLong(0, 20); // something else, of 4 bytes
        control.putInt(8, Libc.SOL_SOCKET);
        tuple.localIpv4(0x7f00_0005, 9);
        final int length = PacketInfo.write(control, 24, Libc.AF_INET6, tuple);
        control.putLong(0, 20);
        tuple.local(0, 0, 0);
        assertTrue(PacketInfo.read(control, 0, 24 + length, 9, tuple));
        assertEquals(9, tuple.localPort());
        assertTrue(tuple.isIpv4());
    }
}
