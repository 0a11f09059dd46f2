// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.BitSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Reassembly against a set of octets. */
class ReceivedRangesTest
{
    private static final int AT = 8;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[AT + ReceivedRanges.LENGTH + 8]);

    @Test
    void shouldKnowWhatHasCome()
    {
        Seeded.forEach(Scale.pick(3000, 300_000), random ->
        {
            memory.setMemory(0, memory.capacity(), (byte)0);
            final long base = random.nextBoolean() ? 0 : random.nextLong(1L << 40);
            ReceivedRanges.begin(memory, AT, base);
            final BitSet model = new BitSet();
            for (int i = 0; i < 60; i++)
            {
                final int from = random.nextInt(200);
                final int to = from + random.nextInt(30);
                final boolean taken = ReceivedRanges.add(memory, AT, base + from, base + to);
                final BitSet after = (BitSet)model.clone();
                after.set(from, to);
                if (taken)
                {
                    model.or(after);
                }
                else
                {
                    assertTrue(ranges(after) > ReceivedRanges.MAX_RANGES, () -> "refused " + from + " to " + to);
                }
                assertEquals(base + model.nextClearBit(0), ReceivedRanges.end(memory, AT));
                assertTrue(ranges(model) <= ReceivedRanges.MAX_RANGES);
            }
            ReceivedRanges.add(memory, AT, base, base + 200);
            assertEquals(base + Math.max(200, model.length()), ReceivedRanges.end(memory, AT));
            for (int i = AT + Long.BYTES; i < AT + ReceivedRanges.LENGTH; i++)
            {
                assertEquals(0, memory.getByte(i), "a range is left");
            }
        });
    }

    /** Ranges behind the end. */
    private static int ranges(final BitSet octets)
    {
        int count = 0;
        int at = octets.nextSetBit(octets.nextClearBit(0));
        while (at >= 0)
        {
            count++;
            at = octets.nextSetBit(octets.nextClearBit(at));
        }
        return count;
    }

    @Test
    void shouldRefuseARangeTooMany()
    {
        for (int i = 1; i <= ReceivedRanges.MAX_RANGES; i++)
        {
            assertTrue(ReceivedRanges.add(memory, AT, 10L * i, 10L * i + 1));
        }
        assertFalse(ReceivedRanges.add(memory, AT, 5, 6));
        assertFalse(ReceivedRanges.add(memory, AT, 500, 501));
        assertTrue(ReceivedRanges.add(memory, AT, 15, 20), "it joins another one");
        assertTrue(ReceivedRanges.add(memory, AT, 0, 11), "the end passes one");
        assertTrue(ReceivedRanges.add(memory, AT, 500, 501));
    }
}
