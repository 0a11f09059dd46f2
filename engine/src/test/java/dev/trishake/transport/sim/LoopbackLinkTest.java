// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.support.Allocation;
import dev.trishake.transport.Link;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class LoopbackLinkTest
{
    private final LoopbackLink one = LoopbackLink.pair(Link.LINKTYPE_RAW, 1 << 13);
    private final LoopbackLink two = one.peer();
    private final OneToOneRingBuffer egress = RingPackets.ring();
    private final OneToOneRingBuffer ingress = RingPackets.ring();

    @Test
    void shouldCarryPacketsInOrderBothWays()
    {
        assertSame(one, two.peer());
        for (final LoopbackLink from : List.of(one, two))
        {
            for (int i = 0; i < 5; i++)
            {
                RingPackets.put(egress, RingPackets.numbered(i, 20 + i));
            }
            assertEquals(3, from.flush(egress, 0, 3));
            assertEquals(2, from.flush(egress, 0, 10));
            assertEquals(0, from.flush(egress, 0, 10));
            assertEquals(4, from.peer().poll(ingress, 0, 4));
            assertEquals(1, from.peer().poll(ingress, 0, 4));
            assertEquals(0, from.poll(ingress, 0, 4));
            assertEquals(List.of(0, 1, 2, 3, 4), RingPackets.takeNumbers(ingress));
        }
        assertEquals(0, one.dropped() + two.dropped());
    }

    @Test
    void shouldCarryEveryByte()
    {
        final byte[] packet = new byte[256];
        for (int i = 0; i < packet.length; i++)
        {
            packet[i] = (byte)i;
        }
        RingPackets.put(egress, packet);
        one.flush(egress, 0, 1);
        two.poll(ingress, 0, 1);
        assertEquals(List.of(HexFormat.of().formatHex(packet)), RingPackets.takeAll(ingress));
    }

    @Test
    void shouldLeavePacketsInTheEgressRingWhileThePeerIsFull()
    {
        final int packets = 20;
        for (int i = 0; i < packets; i++)
        {
            RingPackets.put(egress, RingPackets.numbered(i, 1000));
        }
        final int taken = one.flush(egress, 0, packets);
        assertEquals(8, taken, "a ring of 8 KiB holds eight packets of 1008 bytes");
        assertEquals(0, one.flush(egress, 0, packets));
        assertEquals(taken, two.poll(ingress, 0, packets));
        assertEquals(7, one.flush(egress, 0, packets), "the rest of the ring is too short for the first of them");
        assertEquals(0, one.dropped());
    }

    @Test
    void shouldLeavePacketsInTheLinkWhileTheIngressRingIsFull()
    {
        final OneToOneRingBuffer small = Rings.ofCapacity(1024);
        for (int i = 0; i < 20; i++)
        {
            RingPackets.put(egress, RingPackets.numbered(i, 120));
        }
        assertEquals(20, one.flush(egress, 0, 20));
        assertEquals(7, two.poll(small, 0, 20));
        assertEquals(0, two.poll(small, 0, 20));
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), RingPackets.takeNumbers(small));
        assertEquals(7, two.poll(small, 0, 20));
        assertEquals(List.of(7, 8, 9, 10, 11, 12, 13), RingPackets.takeNumbers(small));
        assertEquals(0, two.dropped());
    }

    @Test
    void shouldDropAndCountWhatNoRingTakes()
    {
        RingPackets.put(egress, new byte[1025]);
        egress.write(7, new UnsafeBuffer(new byte[8]), 0, 8);
        RingPackets.put(egress, RingPackets.numbered(1, 1024));
        assertEquals(3, one.flush(egress, 0, 10));
        assertEquals(2, one.dropped());
        assertEquals(1, two.poll(ingress, 0, 10));
        assertEquals(List.of(1), RingPackets.takeNumbers(ingress));
    }

    @Test
    void shouldBeACableWithoutOtherEndOnceOneEndIsClosed()
    {
        RingPackets.put(egress, new byte[20]);
        two.close();
        two.close();
        assertEquals(1, one.flush(egress, 0, 10));
        assertEquals(1, one.dropped());
        assertEquals(0, two.poll(ingress, 0, 10));
        RingPackets.put(egress, new byte[20]);
        assertEquals(0, two.flush(egress, 0, 10));
    }

    @Test
    @Timeout(30)
    void shouldLetEachEndHaveAThreadOfItsOwn() throws InterruptedException
    {
        final int packets = 100_000;
        final AtomicInteger wrong = new AtomicInteger();
        final Thread receiver = new Thread(() ->
        {
            final int[] next = new int[1];
            while (next[0] < packets)
            {
                two.poll(ingress, 0, 64);
                ingress.read((msgTypeId, buffer, index, length) ->
                    wrong.addAndGet(buffer.getInt(index) == next[0]++ ? 0 : 1));
                Thread.onSpinWait();
            }
        });
        receiver.setDaemon(true);
        receiver.start();
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[40]);
        int sent = 0;
        while (sent < packets || egress.size() > 0)
        {
            packet.putInt(0, sent);
            if (sent < packets && egress.write(Link.PACKET, packet, 0, 40))
            {
                sent++;
            }
            one.flush(egress, 0, 64);
        }
        receiver.join();
        assertEquals(0, wrong.get());
    }

    @Test
    void shouldAllocateNothing()
    {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[60]);
        final int[] count = new int[1];
        final MessageHandler counter = (msgTypeId, buffer, index, length) -> count[0]++;
        Allocation.assertNone(10_000, () ->
        {
            count[0] = 0;
            for (int i = 0; i < 10_000; i++)
            {
                egress.write(Link.PACKET, packet, 0, 60);
                one.flush(egress, i, 8);
                two.poll(ingress, i, 8);
                ingress.read(counter, 8);
                ingress.read(counter, 8);
            }
            return count[0];
        });
    }
}
