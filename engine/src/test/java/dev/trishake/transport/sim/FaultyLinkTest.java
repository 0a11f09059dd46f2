// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.support.Allocation;
import dev.trishake.support.Exhaustive;
import dev.trishake.support.Seeded;
import dev.trishake.transport.Link;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FaultyLinkTest
{
    private static final int MAX_PACKETS = 256;
    private static final int MAX_LENGTH = 1500;
    private static final Faults EVERYTHING = Faults.NONE
        .withLoss(100_000).withDuplication(100_000).withReordering(100_000, 5_000).withCorruption(100_000)
        .withDelay(1_000, 3_000);

    private final OneToOneRingBuffer egress = RingPackets.ring();
    private final OneToOneRingBuffer ingress = RingPackets.ring();
    private final LoopbackLink near = LoopbackLink.pair(Link.LINKTYPE_RAW, RingPackets.CAPACITY);
    private final LoopbackLink far = near.peer();

    private FaultyLink link(final Faults inbound, final Faults outbound, final long seed)
    {
        return new FaultyLink(near, inbound, outbound, seed, MAX_PACKETS, MAX_LENGTH);
    }

    /** Sends numbered packets, one a microsecond, and gives what comes out, each with the time. */
    private List<String> run(final FaultyLink link, final boolean outbound, final int packets, final int limit)
    {
        final Link sender = outbound ? link : far;
        final Link receiver = outbound ? far : link;
        final List<String> seen = new ArrayList<>();
        for (int i = 0; i < packets + 100; i++)
        {
            final long nowNs = i * 1_000L;
            if (i < packets)
            {
                RingPackets.put(egress, RingPackets.numbered(i, 20 + i % 100));
            }
            sender.flush(egress, nowNs, limit);
            receiver.poll(ingress, nowNs, limit);
            RingPackets.takeAll(ingress).forEach(packet -> seen.add(nowNs + " " + packet));
        }
        return seen;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldChangeNothingWithoutFaults(final boolean outbound)
    {
        final FaultyLink link = link(Faults.NONE, Faults.NONE, 1);
        final List<String> seen = run(link, outbound, 1000, 16);
        assertEquals(1000, seen.size());
        for (int i = 0; i < 1000; i++)
        {
            final byte[] packet = RingPackets.numbered(i, 20 + i % 100);
            assertEquals(i * 1000 + " " + HexFormat.of().formatHex(packet), seen.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldDoTheSameForTheSameSeed(final boolean outbound)
    {
        final List<String> first = run(link(EVERYTHING, EVERYTHING, 42), outbound, 2000, 16);
        final List<String> second = run(link(EVERYTHING, EVERYTHING, 42), outbound, 2000, 16);
        final List<String> other = run(link(EVERYTHING, EVERYTHING, 43), outbound, 2000, 16);
        assertEquals(first, second);
        assertNotEquals(first, other);
    }

    @Test
    void shouldGiveEachDirectionItsOwnFate()
    {
        final Faults half = Faults.NONE.withLoss(500_000);
        final List<String> out = run(link(half, half, 9), true, 1000, 16);
        final List<String> in = run(link(half, half, 9), false, 1000, 16);
        assertNotEquals(out, in);
    }

    @Test
    void shouldDecideByThePacketsNumberNotByHowCallsCutTheTraffic()
    {
        final Faults faults = Faults.NONE.withLoss(200_000).withDuplication(200_000).withCorruption(200_000);
        final List<List<String>> outcomes = new ArrayList<>();
        for (final int batch : new int[] {1, 3, 50})
        {
            final FaultyLink link = link(Faults.NONE, faults, 5);
            final List<String> seen = new ArrayList<>();
            for (int i = 0; i < 600; i++)
            {
                RingPackets.put(egress, RingPackets.numbered(i, 60));
                if ((i + 1) % batch == 0)
                {
                    link.flush(egress, 0, 100);
                    link.flush(egress, 0, 100);
                    far.poll(ingress, 0, 200);
                    seen.addAll(RingPackets.takeAll(ingress));
                }
            }
            outcomes.add(seen);
        }
        assertEquals(outcomes.get(0), outcomes.get(1));
        assertEquals(outcomes.get(0), outcomes.get(2));
    }

    @ParameterizedTest
    @CsvSource({"10000", "100000", "500000", "1000000"})
    void shouldHitAsOftenAsAsked(final int ppm)
    {
        final int packets = 20_000;
        final double spread = 5 * Math.sqrt(packets * (ppm / 1e6) * (1 - ppm / 1e6)) + 0.5;
        final double expected = packets * (ppm / 1e6);

        final FaultLane lost = lane(Faults.NONE.withLoss(ppm), packets);
        assertEquals(expected, (double)lost.lost(), spread);
        assertEquals(packets, lost.admitted());
        assertEquals(expected, (double)lane(Faults.NONE.withDuplication(ppm), packets).duplicated(), spread);
        assertEquals(expected, (double)lane(Faults.NONE.withReordering(ppm, 10), packets).reordered(), spread);
        assertEquals(expected, (double)lane(Faults.NONE.withCorruption(ppm), packets).corrupted(), spread);
    }

    private FaultLane lane(final Faults faults, final int packets)
    {
        final FaultyLink link = link(Faults.NONE, faults, 77);
        run(link, true, packets, 16);
        assertEquals(0, link.outbound().dropped());
        assertEquals(0, link.outbound().waiting());
        return link.outbound();
    }

    @Test
    void shouldDeliverExactlyWhatTheCountersSay()
    {
        final FaultyLink link = link(Faults.NONE, EVERYTHING, 3);
        final List<String> seen = run(link, true, 5000, 16);
        final FaultLane lane = link.outbound();
        assertEquals(5000, lane.admitted());
        assertEquals(lane.admitted() - lane.lost() + lane.duplicated(), seen.size());
        assertEquals(Long.MAX_VALUE, lane.nextDueNs());
    }

    @Test
    void shouldFlipExactlyOneBitAndEveryBitSometimes()
    {
        final FaultyLink link = link(Faults.NONE, Faults.NONE.withCorruption(Faults.MILLION), 4);
        final HashSet<Integer> bits = new HashSet<>();
        for (int i = 0; i < 4000; i++)
        {
            RingPackets.put(egress, new byte[8]);
            link.flush(egress, 0, 1);
            far.poll(ingress, 0, 1);
            final long packet = Long.parseUnsignedLong(RingPackets.takeAll(ingress).getFirst(), 16);
            assertEquals(1, Long.bitCount(packet));
            bits.add(Long.numberOfTrailingZeros(packet));
        }
        assertEquals(64, bits.size());
    }

    @Test
    void shouldLeaveTheDuplicateIntact()
    {
        final Faults faults = Faults.NONE.withCorruption(Faults.MILLION).withDuplication(Faults.MILLION);
        final FaultyLink link = link(Faults.NONE, faults, 4);
        RingPackets.put(egress, new byte[8]);
        link.flush(egress, 0, 1);
        link.flush(egress, 0, 1);
        far.poll(ingress, 0, 10);
        final List<String> seen = RingPackets.takeAll(ingress);
        assertEquals(2, seen.size());
        assertNotEquals("0000000000000000", seen.get(0));
        assertEquals("0000000000000000", seen.get(1));
    }

    @Test
    void shouldDelayAndKeepTheOrder()
    {
        final FaultyLink link = link(Faults.NONE, Faults.NONE.withDelay(10_000, 50_000), 6);
        final List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 400; i++)
        {
            final long nowNs = i * 1_000L;
            if (i < 300)
            {
                RingPackets.put(egress, RingPackets.numbered(i, 20));
            }
            link.flush(egress, nowNs, 16);
            far.poll(ingress, nowNs, 16);
            for (final int number : RingPackets.takeNumbers(ingress))
            {
                final long tookNs = nowNs - number * 1_000L;
                assertTrue(tookNs >= 10_000 && tookNs <= 60_000, "took " + tookNs);
                seen.add(number);
            }
        }
        assertEquals(300, seen.size());
        assertEquals(seen.stream().sorted().toList(), seen);
    }

    @Test
    void shouldLetOthersOvertakeAReorderedPacket()
    {
        final FaultyLink link = link(Faults.NONE, Faults.NONE.withReordering(300_000, 3_500), 8);
        final List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 300; i++)
        {
            RingPackets.put(egress, RingPackets.numbered(i, 20));
            link.flush(egress, i * 1_000L, 16);
            far.poll(ingress, i * 1_000L, 16);
            seen.addAll(RingPackets.takeNumbers(ingress));
        }
        int overtaken = 0;
        int highest = -1;
        for (final int number : seen)
        {
            overtaken += number < highest ? 1 : 0;
            assertTrue(number > highest - 5, "held back too long: " + number + " after " + highest);
            highest = Math.max(highest, number);
        }
        assertTrue(overtaken > 50, "overtaken: " + overtaken);
    }

    @Test
    void shouldHoldOnlySoManyAndLoseNone()
    {
        final FaultyLink link =
            new FaultyLink(near, Faults.NONE, Faults.NONE.withDelay(1_000_000, 0), 1, 4, MAX_LENGTH);
        for (int i = 0; i < 10; i++)
        {
            RingPackets.put(egress, RingPackets.numbered(i, 20));
        }
        assertEquals(3, link.flush(egress, 0, 10), "room for a packet and its duplicate is kept");
        assertEquals(3, link.outbound().waiting());
        assertEquals(1_000_000, link.outbound().nextDueNs());
        for (int i = 1; i < 10; i++)
        {
            link.flush(egress, i * 1_000_000L, 10);
        }
        far.poll(ingress, 0, 100);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), RingPackets.takeNumbers(ingress));
    }

    @Test
    void shouldReleaseInDueOrderWhateverTheHeapHolds()
    {
        // jitter with reordering of everything: due times in every permutation
        Seeded.forEach(50, random ->
        {
            final Faults faults = Faults.NONE.withReordering(500_000, random.nextInt(1, 20_000))
                .withDelay(random.nextInt(1_000), random.nextInt(20_000));
            final FaultyLink link = link(Faults.NONE, faults, random.nextLong());
            for (int i = 0; i < 100; i++)
            {
                RingPackets.put(egress, RingPackets.numbered(i, 20));
                link.outbound().admit(egress, i * 10L, 1);
            }
            long lastNs = Long.MIN_VALUE;
            while (link.outbound().waiting() > 0)
            {
                final long dueNs = link.outbound().nextDueNs();
                assertTrue(dueNs >= lastNs);
                assertEquals(0, link.outbound().release(ingress, dueNs - 1, 1));
                assertEquals(1, link.outbound().release(ingress, dueNs, 1));
                lastNs = dueNs;
            }
            assertEquals(100, RingPackets.takeNumbers(ingress).stream().distinct().count());
        });
    }

    @Test
    void shouldKeepPacketsWhileTheNextRingIsFullAndCountWhatItNeverTakes()
    {
        final FaultyLink link = link(Faults.NONE, Faults.NONE, 1);
        final OneToOneRingBuffer small = Rings.ofCapacity(1024);
        final OneToOneRingBuffer toFar = RingPackets.ring();
        RingPackets.put(toFar, new byte[129]);
        RingPackets.put(toFar, new byte[MAX_LENGTH + 1]);
        toFar.write(9, new UnsafeBuffer(new byte[8]), 0, 8);
        for (int i = 0; i < 12; i++)
        {
            RingPackets.put(toFar, RingPackets.numbered(i, 120));
        }
        far.flush(toFar, 0, 100);
        assertEquals(1, far.dropped());
        assertEquals(7, link.poll(small, 0, 100));
        assertEquals(2, link.inbound().dropped());
        assertEquals(7, RingPackets.takeNumbers(small).size());
        assertEquals(5, link.poll(small, 0, 100));
        assertEquals(List.of(7, 8, 9, 10, 11), RingPackets.takeNumbers(small));
    }

    @Test
    void shouldRefuseWhatIsNoChanceAndNoTime()
    {
        final Exhaustive all = new Exhaustive();
        final int[] wrong = {-1, Faults.MILLION + 1, Integer.MIN_VALUE, Integer.MAX_VALUE};
        while (all.next())
        {
            final int which = all.choose(4);
            final int ppm = wrong[all.choose(wrong.length)];
            assertThrows(IllegalArgumentException.class, () ->
            {
                switch (which)
                {
                    case 0 -> Faults.NONE.withLoss(ppm);
                    case 1 -> Faults.NONE.withDuplication(ppm);
                    case 2 -> Faults.NONE.withReordering(ppm, 0);
                    default -> Faults.NONE.withCorruption(ppm);
                }
            });
        }
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withDelay(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withDelay(0, Long.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> Faults.NONE.withReordering(0, -1));
        assertThrows(IllegalArgumentException.class, () -> new FaultyLink(near, Faults.NONE, Faults.NONE, 1, 1, 64));
    }

    @Test
    void shouldAllocateNothing()
    {
        final FaultyLink link = link(EVERYTHING, EVERYTHING, 12);
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[60]);
        final int[] count = new int[1];
        final long[] nowNs = new long[1];
        final MessageHandler counter = (msgTypeId, buffer, index, length) -> count[0]++;
        Allocation.assertNone(10_000, () ->
        {
            count[0] = 0;
            final long before = link.outbound().admitted() + link.inbound().admitted();
            for (int i = 0; i < 5_000; i++)
            {
                nowNs[0] += 1_000;
                egress.write(Link.PACKET, packet, 0, 60);
                link.flush(egress, nowNs[0], 8);
                far.poll(ingress, nowNs[0], 8);
                ingress.read(counter, 8);
                ingress.read(counter, 8);
                egress.write(Link.PACKET, packet, 0, 60);
                far.flush(egress, nowNs[0], 8);
                link.poll(ingress, nowNs[0], 8);
                ingress.read(counter, 8);
                ingress.read(counter, 8);
            }
            return count[0] < 5_000 ? count[0] : link.outbound().admitted() + link.inbound().admitted() - before;
        });
    }
}
