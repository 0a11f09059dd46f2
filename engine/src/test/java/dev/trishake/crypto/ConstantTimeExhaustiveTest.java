// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.support.Exhaustive;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Every pair out of the values near where carries, borrows and signs turn. */
class ConstantTimeExhaustiveTest
{
    private static final long[] EDGES =
        {0, 1L << 31, 1L << 32, Long.MIN_VALUE, 0x5555_5555_5555_5555L, 0xaaaa_aaaa_aaaa_aaaaL};
    private static final int REACH = 64;

    @Test
    void shouldAnswerAsJavaDoesForLongs()
    {
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final long a = value(all);
            final long b = value(all);
            if (ConstantTime.equal(a, b) != mask(a == b) ||
                ConstantTime.isZero(a) != mask(a == 0) ||
                ConstantTime.isNonZero(a) != mask(a != 0) ||
                ConstantTime.lessThan(a, b) != mask(Long.compareUnsigned(a, b) < 0) ||
                ConstantTime.select(0L, a, b) != b ||
                ConstantTime.select(-1L, a, b) != a)
            {
                throw new AssertionError("a=" + Long.toHexString(a) + " b=" + Long.toHexString(b));
            }
        }
        assertEquals(square(EDGES.length * 2L * REACH), all.count());
    }

    @Test
    void shouldAnswerAsJavaDoesForInts()
    {
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final int a = (int)value(all);
            final int b = (int)value(all);
            if (ConstantTime.equal(a, b) != (int)mask(a == b) ||
                ConstantTime.isZero(a) != (int)mask(a == 0) ||
                ConstantTime.isNonZero(a) != (int)mask(a != 0) ||
                ConstantTime.lessThan(a, b) != (int)mask(Integer.compareUnsigned(a, b) < 0) ||
                ConstantTime.select(0, a, b) != b ||
                ConstantTime.select(-1, a, b) != a)
            {
                throw new AssertionError("a=" + Integer.toHexString(a) + " b=" + Integer.toHexString(b));
            }
        }
        assertEquals(square(EDGES.length * 2L * REACH), all.count());
    }

    private static long value(final Exhaustive all)
    {
        return EDGES[all.choose(EDGES.length)] + all.choose(2 * REACH) - REACH;
    }

    private static long mask(final boolean yes)
    {
        return yes ? -1 : 0;
    }

    private static long square(final long x)
    {
        return x * x;
    }
}
