// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.Link;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * A kernel with the engine's own address: two veth pairs would need two kernels, so the SYN is the engine's, from an
 * address that the kernel does not have to one that it has, and what the kernel says to it is seen or not.
 */
@ExtendWith(OwnNamespace.class)
class KernelSilenceTest
{
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        ByteBuffer.allocateDirect((1 << 18) + RingBufferDescriptor.TRAILER_LENGTH)));
    private long nowNs = 1;
    private int resets;

    /** {@return how many RSTs a SYN to the kernel's port brings} */
    private int resets(final PacketLink link, final int port) throws Exception
    {
        final byte[] syn = Syn.of(Veth.ENGINE_4, Veth.KERNEL_4, port);
        assertTrue(ring.write(Link.PACKET, new UnsafeBuffer(syn), 0, syn.length));
        link.flush(ring, nowNs, 1);
        resets = 0;
        for (int i = 0; i < 20 && resets == 0; i++)
        {
            nowNs += 1_000_000;
            link.poll(ring, nowNs, 10);
            ring.read((type, buffer, index, length) -> resets += length >= 40 &&
                buffer.getByte(index + 9) == 6 && (buffer.getByte(index + 33) & 4) != 0 ? 1 : 0);
            Thread.sleep(1);
        }
        return resets;
    }

    @Test
    void shouldHideTheSegmentsOfItsPortsFromTheKernel() throws Exception
    {
        Veth.make();
        try (PacketLink link = PacketLink.open(Veth.config()))
        {
            assertEquals(1, resets(link, 80), "a kernel that has the address and no listener");
            final KernelSilence silence = begin(Veth.KERNEL_4);
            assertEquals(0, resets(link, 80));
            assertEquals(0, resets(link, 81));
            assertEquals(1, resets(link, 82), "not the engine's port");
            silence.close();
            silence.close();
            assertEquals(1, resets(link, 80));
            begin(Veth.KERNEL_6).close();
        }
    }

    /** What is hidden from the kernel is not hidden from the link. */
    @Test
    void shouldNotHideThemFromTheLink() throws Exception
    {
        Veth.make();
        final KernelSilence silence = KernelSilence.begin(Veth.ENGINE, Veth.ENGINE_4, 80, 80);
        try (PacketLink link = PacketLink.open(Veth.config()); SocketChannel channel = SocketChannel.open())
        {
            channel.configureBlocking(false);
            assertFalse(channel.connect(new InetSocketAddress(Veth.ENGINE_4, 80)));
            final long patienceNs = System.nanoTime() + 5_000_000_000L;
            while (link.received() == 0)
            {
                link.poll(ring, nowNs, 10);
                assertTrue(System.nanoTime() - patienceNs < 0, "the SYN did not come");
            }
        }
        finally
        {
            silence.close();
        }
    }

    @Test
    void shouldRefuseWhatIsNoRange()
    {
        for (final int[] ports : new int[][] {{80, 79}, {0, 80}, {80, 65_536}})
        {
            assertThrows(IllegalArgumentException.class,
                () -> KernelSilence.begin("lo", Veth.KERNEL_4, ports[0], ports[1]));
        }
        assertThrows(DeviceException.class, () -> KernelSilence.begin("a b", Veth.KERNEL_4, 80, 80));
        assertThrows(IllegalArgumentException.class, () -> KernelSilence.begin("a\"b", Veth.KERNEL_4, 80, 80));
    }

    @BeforeEach
    void needsNft()
    {
        try
        {
            new ProcessBuilder("nft", "--version").start();
        }
        catch (final IOException ex)
        {
            abort("nft is needed");
        }
    }

    private static KernelSilence begin(final InetAddress address)
    {
        return KernelSilence.begin(Veth.KERNEL, address, 80, 81);
    }
}
