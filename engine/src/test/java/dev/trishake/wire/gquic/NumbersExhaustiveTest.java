// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Packet numbers and ufloat16, against what the sheet says in words. */
class NumbersExhaustiveTest
{
    @Test
    void shouldExpandToTheNearestNumberWithTheseOctets()
    {
        for (int expected = 1; expected < 3 * 256 + 2; expected++)
        {
            for (int truncated = 0; truncated < 256; truncated++)
            {
                assertEquals(nearest(truncated, 256, expected), PacketNumber.expand(truncated, 1, expected),
                    truncated + " of " + expected);
            }
        }
    }

    /** All numbers that end so, one by one; of two as near the greater. */
    private static long nearest(final int truncated, final int epoch, final long expected)
    {
        long best = truncated;
        for (long number = truncated; number <= expected + 2L * epoch; number += epoch)
        {
            if (Math.abs(number - expected) <= Math.abs(best - expected))
            {
                best = number;
            }
        }
        return best;
    }

    @Test
    void shouldExpandWhatWasCutOff()
    {
        Seeded.forEach(Scale.pick(20_000, 1_000_000), random ->
        {
            final int length = new int[] {1, 2, 4, 6}[random.nextInt(4)];
            final long half = 1L << (8 * length - 1);
            final long number = random.nextLong(1, 1L << 50);
            final long expected = Math.max(1, number + random.nextLong(1 - half, half));
            assertEquals(number,
                PacketNumber.expand(number & ((1L << (8 * length)) - 1), length, expected), "expected=" + expected);
        });
    }

    @Test
    void shouldReadAndWriteEveryUFloat16()
    {
        long previous = -1;
        for (int bits = 0; bits <= 0xffff; bits++)
        {
            final long value = UFloat16.decode(bits);
            assertTrue(value > previous, "values ascend");
            assertEquals(bits, UFloat16.encode(value));
            assertEquals(Math.max(bits - 1, 0), UFloat16.encode(Math.max(value - 1, 0)), "below " + value);
            previous = value;
        }
        assertEquals(UFloat16.MAX_VALUE, previous);
        assertEquals(0xffff, UFloat16.encode(Long.MAX_VALUE));
        assertEquals(4095, UFloat16.decode(4095));
        assertEquals(4098, UFloat16.decode(4097), "from 4096 on in steps of 2");
    }

    @Test
    void shouldPickALengthForTheUnackedRange()
    {
        assertEquals(2, PacketNumber.lengthOf(1, 1));
        assertEquals(2, PacketNumber.lengthOf((1 << 15) + 4, 5));
        assertEquals(4, PacketNumber.lengthOf((1 << 15) + 5, 5));
    }
}
