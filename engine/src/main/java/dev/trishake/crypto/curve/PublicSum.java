// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import java.util.Arrays;

/**
 * k G + f P where everything is public, one element at a time and in time that depends on the numbers: signatures are
 * verified with it. It takes three quarters of the time that both multiples take in constant time.
 *
 * <p>Both scalars are written in digits that are 0 or odd (non-adjacent form of width w: after a digit that is not 0
 * come w - 1 that are), so that there are few additions, and they share the doublings. Multiples of G are those of
 * {@link FixedBase}, multiples of P those of {@link PointSums}, and kept: who verifies one signature of a key often has
 * the next one to verify too.
 *
 * <p>An addition that goes wrong, or a sum that is at infinity, leaves Z = 0, which no later step changes: the caller
 * then takes the way that knows no exceptions.
 */
final class PublicSum
{
    private static final int WORDS = 4;
    private static final int BASE_BITS = 9;
    private static final int BITS = 6;
    private static final int ENTRIES = 1 << (BITS - 2);
    private static final int MOST_DIGITS = WORDS * Long.SIZE + 1;

    private final Curve curve;
    private final PointSums sums;
    private final Jacobian jacobian;
    private final long[] t;
    private final short[] baseDigits = new short[MOST_DIGITS];
    private final short[] digits = new short[MOST_DIGITS];
    private final long[] point = new long[FixedBase.POINT];
    private final long[] table = new long[ENTRIES * FixedBase.POINT]; // odd multiples of that point
    private boolean isEmpty;

    /**
     * For sums over a field of one lane.
     *
     * @param curve which one
     * @param sums  over its field
     */
    PublicSum(final Curve curve, final PointSums sums)
    {
        this.curve = curve;
        this.sums = sums;
        jacobian = sums.jacobian;
        t = jacobian.t;
    }

    /**
     * P = k G + f P, or Z = 0.
     *
     * @param k  four words, 1 .. n - 1
     * @param ko where they begin
     * @param f  four words, 1 .. n - 1
     * @param fo where they begin
     */
    void add(final long[] k, final int ko, final long[] f, final int fo)
    {
        final int baseCount = recode(baseDigits, BASE_BITS, k, ko);
        final int count = recode(digits, BITS, f, fo);
        if (!Arrays.equals(point, 0, FixedBase.POINT, t, jacobian.x, jacobian.z))
        {
            System.arraycopy(t, jacobian.x, point, 0, FixedBase.POINT);
            sums.tabulate(ENTRIES);
            System.arraycopy(t, sums.entry(0), table, 0, table.length);
        }
        isEmpty = true;
        for (int i = Math.max(baseCount, count) - 1; i >= 0; i--)
        {
            if (!isEmpty)
            {
                jacobian.doubleP();
            }
            final int ofBase = baseDigits[i];
            if (ofBase != 0)
            {
                addFrom(curve.multiples().publicTable(), ofBase);
            }
            final int ofPoint = digits[i];
            if (ofPoint != 0)
            {
                addFrom(table, ofPoint);
            }
        }
    }

    /** Adds the multiple for a digit that is not 0. */
    private void addFrom(final long[] multiples, final int digit)
    {
        System.arraycopy(multiples, (Math.abs(digit) >> 1) * FixedBase.POINT, t, jacobian.qx, FixedBase.POINT);
        if (digit < 0)
        {
            for (int i = jacobian.qy; i < jacobian.qz; i++)
            {
                t[i] = -t[i];
            }
        }
        if (isEmpty)
        {
            isEmpty = false;
            System.arraycopy(t, jacobian.qx, t, jacobian.x, FixedBase.POINT);
            System.arraycopy(t, sums.one, t, jacobian.z, Field.LIMBS);
        }
        else
        {
            jacobian.addAffine();
        }
    }

    /** Writes the digits of a number, the least significant one first, and gives their number. */
    private static int recode(final short[] digits, final int bits, final long[] k, final int at)
    {
        Arrays.fill(digits, (short)0);
        long w0 = k[at];
        long w1 = k[at + 1];
        long w2 = k[at + 2];
        long w3 = k[at + 3];
        final int window = 1 << bits;
        int count = 0;
        int i = 0;
        while ((w0 | w1 | w2 | w3) != 0)
        {
            int shift = Math.min(Long.numberOfTrailingZeros(w0), Long.SIZE - 1);
            int carry = 0;
            if (shift == 0)
            {
                final int low = (int)w0 & window - 1;
                // what is left is a multiple of the window
                carry = low >> (bits - 1);
                digits[i] = (short)(low - (carry << bits));
                shift = bits;
                count = i + 1;
            }
            w0 = w0 >>> shift | w1 << -shift;
            w1 = w1 >>> shift | w2 << -shift;
            w2 = w2 >>> shift | w3 << -shift;
            w3 >>>= shift;
            i += shift;
            w0 += carry;
            if (carry != 0 && w0 == 0 && ++w1 == 0 && ++w2 == 0)
            {
                w3++;
            }
        }
        return count;
    }
}
