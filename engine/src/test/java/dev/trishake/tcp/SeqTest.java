// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The order of numbers is that of the steps between them, wherever they wrap. */
class SeqTest
{
    @Test
    void shouldOrderByStepsWhereverNumbersWrap()
    {
        for (final int start : new int[]{0, -1, -2, 1000, Integer.MAX_VALUE, Integer.MAX_VALUE - 1, Integer.MIN_VALUE})
        {
            for (final int step : new int[]{1, 2, 100, 65_535, 1 << 30, Integer.MAX_VALUE})
            {
                final int later = start + step;
                assertTrue(Seq.isBefore(start, later));
                assertTrue(Seq.isAfter(later, start));
                assertFalse(Seq.isBefore(later, start));
                assertFalse(Seq.isAfter(start, later));
                assertEquals(later, Seq.max(start, later));
                assertEquals(start, Seq.min(later, start));
                assertTrue(Seq.isInside(start, start, step));
                assertTrue(Seq.isInside(later - 1, start, step));
                assertFalse(Seq.isInside(later, start, step));
                assertFalse(Seq.isInside(start - 1, start, step));
            }
            assertFalse(Seq.isBefore(start, start) || Seq.isAfter(start, start) || Seq.isInside(start, start, 0));
        }
    }
}
