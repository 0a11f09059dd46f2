// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import java.math.BigInteger;

import static java.math.BigInteger.ONE;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The field of sm2p256v1 on intervals of limbs instead of limbs: lane 0 holds the lower ends, lane 1 the upper ones.
 * Formulas that run on it have run on all elements within; every intermediate value must stay where {@link Field} says.
 */
final class IntervalField extends Field
{
    private static final BigInteger P = Numbers.P;
    private static final BigInteger COLUMN = ONE.shiftLeft(111);
    private static final BigInteger VALUE = ONE.shiftLeft(259);
    private static final long LIMB = 1L << 57;
    private static final long MASK = LIMB_MASK;

    // S - H 2^60 is less than sixteen halves of 2^60 off, so it fits into a long
    private static final int ROUNDINGS = 13;

    /** The largest column and the largest limb of a factor that were seen. */
    BigInteger widestColumn = BigInteger.ZERO;
    long widestLimb;

    IntervalField()
    {
        super(2);
    }

    @Override
    public void multiply(final long[] t, final int r, final int a, final int b)
    {
        accumulate(t, r, a, b, 0, 0, 0);
    }

    @Override
    public void multiplyMinusProduct(final long[] t, final int r, final int a, final int b, final int c, final int d)
    {
        accumulate(t, r, a, b, 1, c, d);
    }

    @Override
    public void multiplyMinusSquareOctupled(final long[] t, final int r, final int a, final int b, final int c)
    {
        // every product of c's limbs counts as one, though the field makes them in pairs
        accumulate(t, r, a, b, 8, c, c);
    }

    /** r = a b - times c d. */
    private void accumulate(
        final long[] t, final int r, final int a, final int b, final int times, final int c, final int d)
    {
        for (int k = 0; k < 2 * LIMBS - 1; k++)
        {
            BigInteger column = BigInteger.ZERO;
            int roundings = 1; // of operands to double, all together
            for (int i = Math.max(0, k - LIMBS + 1); i <= Math.min(k, LIMBS - 1); i++)
            {
                column = column.add(BigInteger.valueOf(most(t, a, i)).multiply(BigInteger.valueOf(most(t, b, k - i))));
                roundings++;
                if (times != 0)
                {
                    column = column.add(BigInteger.valueOf(times).multiply(
                        BigInteger.valueOf(most(t, c, i)).multiply(BigInteger.valueOf(most(t, d, k - i)))));
                    roundings++;
                }
            }
            // the reduction adds a multiple of 2^44 and one of 2^48 to a column, each below 2^100
            column = column.add(ONE.shiftLeft(101));
            roundings += 2;
            widestColumn = widestColumn.max(column);
            assertTrue(column.compareTo(COLUMN) < 0, "column " + k + " has " + column.bitLength() + " bits");
            assertTrue(roundings <= ROUNDINGS, "column " + k + " is rounded " + roundings + " times");
        }
        BigInteger most = value(t, a).multiply(value(t, b));
        if (times != 0)
        {
            most = most.add(value(t, c).multiply(value(t, d)).multiply(BigInteger.valueOf(times)));
        }
        final BigInteger product = most.shiftRight(RADIX * LIMBS).add(ONE);
        put(t, r, 0, 0, MASK);
        for (int i = 1; i < LIMBS - 1; i++)
        {
            // a residue of up to 2^63 is carried
            put(t, r, i, -(1L << 11), MASK + (1L << 11));
        }
        put(t, r, 4, top(product.negate()) - 2, top(product.add(P)) + 2);
    }

    @Override
    public void square(final long[] t, final int r, final int a)
    {
        multiply(t, r, a, a);
    }

    @Override
    public void add(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            put(t, r, i, low(t, a, i) + low(t, b, i), high(t, a, i) + high(t, b, i));
        }
    }

    @Override
    public void subtract(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            put(t, r, i, low(t, a, i) - high(t, b, i), high(t, a, i) - low(t, b, i));
        }
    }

    @Override
    public void differenceTripled(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            put(t, r, i, 3 * (low(t, a, i) - high(t, b, i)), 3 * (high(t, a, i) - low(t, b, i)));
        }
    }

    @Override
    public void quadrupledMinus(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            put(t, r, i, 4 * low(t, a, i) - high(t, b, i), 4 * high(t, a, i) - low(t, b, i));
        }
    }

    @Override
    public void minusOctupled(final long[] t, final int r, final int a, final int b)
    {
        final long[] v = new long[2 * LIMBS];
        for (int i = 0; i < LIMBS; i++)
        {
            put(v, 0, i, low(t, a, i) - 8 * high(t, b, i), high(t, a, i) - 8 * low(t, b, i));
        }
        reduce(t, r, v);
    }

    @Override
    public void minusSumTwice(final long[] t, final int r, final int a, final int b, final int c)
    {
        final long[] v = new long[2 * LIMBS];
        for (int i = 0; i < LIMBS; i++)
        {
            put(v, 0, i,
                low(t, a, i) - high(t, b, i) - 2 * high(t, c, i), high(t, a, i) - low(t, b, i) - 2 * low(t, c, i));
        }
        reduce(t, r, v);
    }

    @Override
    public void lookUpShared(
        final long[] t, final int r, final long[] table, final int at, final Recoding digits, final int digit)
    {
        // canonical, and y of either sign
        for (int i = 0; i < LIMBS; i++)
        {
            final long most = i == LIMBS - 1 ? (1L << 48) - 1 : MASK;
            put(t, r, i, 0, most);
            put(t, r + width(), i, -most, most);
        }
    }

    @Override
    public void lookUpAffine(
        final long[] t, final int r, final long[] table, final int at, final int entries,
        final Recoding digits, final int digit)
    {
        // products of values within 2^258, and y of either sign
        final BigInteger most = ONE.shiftLeft(256);
        put(t, r, 0, 0, MASK);
        put(t, r + width(), 0, -MASK, MASK);
        for (int i = 1; i < LIMBS - 1; i++)
        {
            put(t, r, i, -(1L << 11), MASK + (1L << 11));
            put(t, r + width(), i, -MASK - (1L << 11), MASK + (1L << 11));
        }
        put(t, r, 4, top(most.negate()) - 2, top(most.add(P)) + 2);
        put(t, r + width(), 4, top(most.add(P).negate()) - 2, top(most.add(P)) + 2);
    }

    @Override
    public void select(final long[] t, final int r, final int a, final long[] masks, final int mask)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            put(t, r, i, Math.min(low(t, r, i), low(t, a, i)), Math.max(high(t, r, i), high(t, a, i)));
        }
    }

    @Override
    public void negateWhere(final long[] t, final int r, final long[] masks, final int mask)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            final long most = most(t, r, i);
            put(t, r, i, -most, most);
        }
    }

    /** The magnitude of the largest value of an element. */
    BigInteger value(final long[] t, final int a)
    {
        BigInteger lowest = BigInteger.ZERO;
        BigInteger highest = BigInteger.ZERO;
        for (int i = LIMBS - 1; i >= 0; i--)
        {
            lowest = lowest.shiftLeft(RADIX).add(BigInteger.valueOf(low(t, a, i)));
            highest = highest.shiftLeft(RADIX).add(BigInteger.valueOf(high(t, a, i)));
            widestLimb = Math.max(widestLimb, most(t, a, i));
        }
        final BigInteger most = lowest.abs().max(highest.abs());
        assertTrue(most.compareTo(VALUE) < 0, "a value has " + most.bitLength() + " bits");
        return most;
    }

    private void reduce(final long[] t, final int r, final long[] v)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            assertTrue(most(v, 0, i) < 1L << 60, "a column to be reduced");
        }
        final long lowQ = (low(v, 0, 4) + (1L << 47)) >> 48;
        final long highQ = (high(v, 0, 4) + (1L << 47)) >> 48;
        final long mostQ = Math.max(Math.abs(lowQ), Math.abs(highQ));
        // q itself, q (2^12 - 2^44), and what q (2^48 - 2^16) leaves of limb 4
        put(v, 0, 0, low(v, 0, 0) - mostQ, high(v, 0, 0) + mostQ);
        put(v, 0, 1, low(v, 0, 1) - (mostQ << 44), high(v, 0, 1) + (mostQ << 44));
        put(v, 0, 4, -(1L << 47) - (mostQ << 16), (1L << 47) + (mostQ << 16));
        put(t, r, 0, 0, MASK);
        for (int i = 1; i < LIMBS - 1; i++)
        {
            put(t, r, i, low(v, 0, i - 1) >> RADIX, MASK + (high(v, 0, i - 1) >> RADIX));
        }
        put(t, r, 4, low(v, 0, 4) + (low(v, 0, 3) >> RADIX), high(v, 0, 4) + (high(v, 0, 3) >> RADIX));
    }

    private static long top(final BigInteger value)
    {
        return value.shiftRight(RADIX * (LIMBS - 1)).longValueExact();
    }

    private static long low(final long[] t, final int a, final int limb)
    {
        return t[a + 2 * limb];
    }

    private static long high(final long[] t, final int a, final int limb)
    {
        return t[a + 2 * limb + 1];
    }

    private static long most(final long[] t, final int a, final int limb)
    {
        final long most = Math.max(Math.abs(low(t, a, limb)), Math.abs(high(t, a, limb)));
        assertTrue(most <= LIMB, "a limb has " + (64 - Long.numberOfLeadingZeros(most)) + " bits");
        return most;
    }

    private static void put(final long[] t, final int r, final int limb, final long low, final long high)
    {
        t[r + 2 * limb] = low;
        t[r + 2 * limb + 1] = high;
    }
}
