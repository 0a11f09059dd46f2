// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

/**
 * A {@link Field} of one lane, for any JVM whose processor has a fused multiply-add. What depends on the prime is left
 * to the subclass. Each operation computes limb for limb what the lanes compute.
 */
public abstract class ScalarField extends Field
{
    /** For implementations. */
    protected ScalarField()
    {
        super(1);
    }

    /**
     * Reduces five columns of less than 2^60 each: subtracts the multiple of p that brings limb 4 near 0, then carries
     * once.
     *
     * @param t  arena
     * @param r  offset of the result
     * @param v0 column 0
     * @param v1 column 1
     * @param v2 column 2
     * @param v3 column 3
     * @param v4 column 4
     */
    protected abstract void reduce(long[] t, int r, long v0, long v1, long v2, long v3, long v4);

    /**
     * Carries once.
     *
     * @param t  arena
     * @param r  offset of the result
     * @param v0 column 0
     * @param v1 column 1
     * @param v2 column 2
     * @param v3 column 3
     * @param v4 column 4
     */
    protected static void carry(
        final long[] t, final int r, final long v0, final long v1, final long v2, final long v3, final long v4)
    {
        t[r] = v0 & LIMB_MASK;
        t[r + 1] = (v1 & LIMB_MASK) + (v0 >> RADIX);
        t[r + 2] = (v2 & LIMB_MASK) + (v1 >> RADIX);
        t[r + 3] = (v3 & LIMB_MASK) + (v2 >> RADIX);
        t[r + 4] = v4 + (v3 >> RADIX);
    }

    @Override
    public final void add(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            t[r + i] = t[a + i] + t[b + i];
        }
    }

    @Override
    public final void subtract(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            t[r + i] = t[a + i] - t[b + i];
        }
    }

    @Override
    public final void differenceTripled(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            t[r + i] = 3 * (t[a + i] - t[b + i]);
        }
    }

    @Override
    public final void quadrupledMinus(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            t[r + i] = (t[a + i] << 2) - t[b + i];
        }
    }

    @Override
    public final void minusOctupled(final long[] t, final int r, final int a, final int b)
    {
        reduce(t, r,
            t[a] - (t[b] << 3),
            t[a + 1] - (t[b + 1] << 3),
            t[a + 2] - (t[b + 2] << 3),
            t[a + 3] - (t[b + 3] << 3),
            t[a + 4] - (t[b + 4] << 3));
    }

    @Override
    public final void minusSumTwice(final long[] t, final int r, final int a, final int b, final int c)
    {
        reduce(t, r,
            t[a] - t[b] - (t[c] << 1),
            t[a + 1] - t[b + 1] - (t[c + 1] << 1),
            t[a + 2] - t[b + 2] - (t[c + 2] << 1),
            t[a + 3] - t[b + 3] - (t[c + 3] << 1),
            t[a + 4] - t[b + 4] - (t[c + 4] << 1));
    }

    @Override
    public final void lookUpShared(
        final long[] t, final int r, final long[] table, final int at, final Recoding digits, final int digit)
    {
        final long wanted = digits.index[digit];
        final long sign = digits.sign[digit];
        long x0 = 0;
        long x1 = 0;
        long x2 = 0;
        long x3 = 0;
        long x4 = 0;
        long y0 = 0;
        long y1 = 0;
        long y2 = 0;
        long y3 = 0;
        long y4 = 0;
        for (int j = 0; j < SHARED_ENTRIES; j++)
        {
            final int e = at + j;
            // all ones for the entry that is wanted: only there does wanted ^ j, less 1, become negative
            final long mask = ((wanted ^ j) - 1) >> (Long.SIZE - 1);
            x0 |= table[e] & mask;
            x1 |= table[e + SHARED_ENTRIES] & mask;
            x2 |= table[e + 2 * SHARED_ENTRIES] & mask;
            x3 |= table[e + 3 * SHARED_ENTRIES] & mask;
            x4 |= table[e + 4 * SHARED_ENTRIES] & mask;
            y0 |= table[e + 5 * SHARED_ENTRIES] & mask;
            y1 |= table[e + 6 * SHARED_ENTRIES] & mask;
            y2 |= table[e + 7 * SHARED_ENTRIES] & mask;
            y3 |= table[e + 8 * SHARED_ENTRIES] & mask;
            y4 |= table[e + 9 * SHARED_ENTRIES] & mask;
        }
        t[r] = x0;
        t[r + 1] = x1;
        t[r + 2] = x2;
        t[r + 3] = x3;
        t[r + 4] = x4;
        t[r + 5] = (y0 ^ sign) - sign;
        t[r + 6] = (y1 ^ sign) - sign;
        t[r + 7] = (y2 ^ sign) - sign;
        t[r + 8] = (y3 ^ sign) - sign;
        t[r + 9] = (y4 ^ sign) - sign;
    }

    @Override
    public final void lookUpAffine(
        final long[] t, final int r, final long[] table, final int at, final int entries,
        final Recoding digits, final int digit)
    {
        final long wanted = digits.index[digit];
        final long sign = digits.sign[digit];
        long x0 = 0;
        long x1 = 0;
        long x2 = 0;
        long x3 = 0;
        long x4 = 0;
        long y0 = 0;
        long y1 = 0;
        long y2 = 0;
        long y3 = 0;
        long y4 = 0;
        for (int j = 0, e = at; j < entries; j++, e += 2 * LIMBS)
        {
            // all ones as above
            final long mask = ((wanted ^ j) - 1) >> (Long.SIZE - 1);
            x0 |= table[e] & mask;
            x1 |= table[e + 1] & mask;
            x2 |= table[e + 2] & mask;
            x3 |= table[e + 3] & mask;
            x4 |= table[e + 4] & mask;
            y0 |= table[e + 5] & mask;
            y1 |= table[e + 6] & mask;
            y2 |= table[e + 7] & mask;
            y3 |= table[e + 8] & mask;
            y4 |= table[e + 9] & mask;
        }
        t[r] = x0;
        t[r + 1] = x1;
        t[r + 2] = x2;
        t[r + 3] = x3;
        t[r + 4] = x4;
        t[r + 5] = (y0 ^ sign) - sign;
        t[r + 6] = (y1 ^ sign) - sign;
        t[r + 7] = (y2 ^ sign) - sign;
        t[r + 8] = (y3 ^ sign) - sign;
        t[r + 9] = (y4 ^ sign) - sign;
    }

    @Override
    public final void select(final long[] t, final int r, final int a, final long[] masks, final int mask)
    {
        final long m = masks[mask];
        for (int i = 0; i < LIMBS; i++)
        {
            t[r + i] ^= (t[r + i] ^ t[a + i]) & m;
        }
    }

    @Override
    public final void negateWhere(final long[] t, final int r, final long[] masks, final int mask)
    {
        final long m = masks[mask];
        for (int i = 0; i < LIMBS; i++)
        {
            t[r + i] = (t[r + i] ^ m) - m;
        }
    }
}
