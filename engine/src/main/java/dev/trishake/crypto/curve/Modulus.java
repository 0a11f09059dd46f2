// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import static dev.trishake.crypto.ConstantTime.isNonZero;
import static dev.trishake.crypto.ConstantTime.select;
import static dev.trishake.crypto.curve.Field.LIMBS;
import static dev.trishake.crypto.curve.Field.LIMB_MASK;
import static dev.trishake.crypto.curve.Field.RADIX;

/**
 * Arithmetic modulo an odd number m of 256 bits with its top bit set: the order of a curve, and what needs the one
 * representation of an element of its field.
 *
 * <p>A number is five limbs of radix 2^52, as in {@link Field}, but canonical: within 0 .. m - 1, limbs not negative.
 * It is also written as four words of 64 bits, least significant first. Constant time; offsets may be the same.
 */
public final class Modulus
{
    private final long m0;
    private final long m1;
    private final long m2;
    private final long m3;
    private final long m4;
    private final long[] words;
    private final long negatedInverse;  // -1/m mod 2^52
    private final long[] square = new long[LIMBS]; // 2^520 mod m

    /**
     * Takes m.
     *
     * @param words four of 64 bits, least significant first
     */
    Modulus(final long... words)
    {
        this.words = words.clone();
        final long[] m = new long[LIMBS];
        toLimbs(m, 0, words, 0);
        m0 = m[0];
        m1 = m[1];
        m2 = m[2];
        m3 = m[3];
        m4 = m[4];

        // Newton's iteration doubles the bits that are right, from three
        long inverse = m0;
        for (int i = 0; i < 5; i++)
        {
            inverse *= 2 - m0 * inverse;
        }
        negatedInverse = -inverse & LIMB_MASK;

        square[0] = 1;
        for (int i = 0; i < 2 * LIMBS * RADIX; i++)
        {
            add(square, 0, square, 0, square, 0);
        }
    }

    /**
     * {@return a word of m}
     *
     * @param i 0 to 3, least significant first
     */
    public long word(final int i)
    {
        return words[i];
    }

    /**
     * r = a b / 2^260 mod m.
     *
     * @param r  where the result goes
     * @param ro its offset
     * @param a  a number
     * @param ao its offset
     * @param b  a number
     * @param bo its offset
     */
    public void multiply(
        final long[] r, final int ro, final long[] a, final int ao, final long[] b, final int bo)
    {
        // factors are shifted so that the high half of a product of limbs is the product's bits from 52 upwards
        final long a0 = a[ao];
        final long a1 = a[ao + 1];
        final long a2 = a[ao + 2];
        final long a3 = a[ao + 3];
        final long a4 = a[ao + 4];
        long c0 = 0;
        long c1 = 0;
        long c2 = 0;
        long c3 = 0;
        long c4 = 0;
        for (int i = 0; i < LIMBS; i++)
        {
            final long low = b[bo + i];
            final long high = low << 4;
            c0 += a0 * low & LIMB_MASK;
            c1 += (a1 * low & LIMB_MASK) + Math.multiplyHigh(a0 << 8, high);
            c2 += (a2 * low & LIMB_MASK) + Math.multiplyHigh(a1 << 8, high);
            c3 += (a3 * low & LIMB_MASK) + Math.multiplyHigh(a2 << 8, high);
            c4 += (a4 * low & LIMB_MASK) + Math.multiplyHigh(a3 << 8, high);
            final long c5 = Math.multiplyHigh(a4 << 8, high);

            final long q = c0 * negatedInverse & LIMB_MASK;
            final long qHigh = q << 4;
            c0 += q * m0 & LIMB_MASK;
            c1 += (q * m1 & LIMB_MASK) + Math.multiplyHigh(m0 << 8, qHigh) + (c0 >> RADIX);
            c2 += (q * m2 & LIMB_MASK) + Math.multiplyHigh(m1 << 8, qHigh);
            c3 += (q * m3 & LIMB_MASK) + Math.multiplyHigh(m2 << 8, qHigh);
            c4 += (q * m4 & LIMB_MASK) + Math.multiplyHigh(m3 << 8, qHigh);
            c0 = c1;
            c1 = c2;
            c2 = c3;
            c3 = c4;
            c4 = c5 + Math.multiplyHigh(m4 << 8, qHigh);
        }
        normalise(r, ro, c0, c1, c2, c3, c4);
    }

    /**
     * r = 2^260 a mod m: into Montgomery's form.
     *
     * @param r  where the result goes
     * @param ro its offset
     * @param a  a number
     * @param ao its offset
     */
    public void toMontgomery(final long[] r, final int ro, final long[] a, final int ao)
    {
        multiply(r, ro, a, ao, square, 0);
    }

    /**
     * r = a + b mod m.
     *
     * @param r  where the result goes
     * @param ro its offset
     * @param a  a number
     * @param ao its offset
     * @param b  a number
     * @param bo its offset
     */
    public void add(final long[] r, final int ro, final long[] a, final int ao, final long[] b, final int bo)
    {
        normalise(r, ro,
            a[ao] + b[bo], a[ao + 1] + b[bo + 1], a[ao + 2] + b[bo + 2], a[ao + 3] + b[bo + 3], a[ao + 4] + b[bo + 4]);
    }

    /**
     * r = a - b mod m.
     *
     * @param r  where the result goes
     * @param ro its offset
     * @param a  a number
     * @param ao its offset
     * @param b  a number
     * @param bo its offset
     */
    public void subtract(final long[] r, final int ro, final long[] a, final int ao, final long[] b, final int bo)
    {
        normalise(r, ro,
            a[ao] - b[bo], a[ao + 1] - b[bo + 1], a[ao + 2] - b[bo + 2], a[ao + 3] - b[bo + 3], a[ao + 4] - b[bo + 4]);
    }

    /**
     * r = a mod m, of limbs that may be signed and not carried, or of any number below 2^256.
     *
     * @param r  where the result goes
     * @param ro its offset
     * @param a  limbs whose value is above -m and below 2 m
     * @param ao their offset
     */
    public void reduce(final long[] r, final int ro, final long[] a, final int ao)
    {
        normalise(r, ro, a[ao], a[ao + 1], a[ao + 2], a[ao + 3], a[ao + 4]);
    }

    /**
     * r = m - a, in words.
     *
     * @param r  where four words go
     * @param ro their offset
     * @param a  four words, 1 .. m - 1
     * @param ao their offset
     */
    void complement(final long[] r, final int ro, final long[] a, final int ao)
    {
        long borrow = 0;
        for (int i = 0; i < 4; i++)
        {
            final long m = words[i];
            final long x = a[ao + i];
            final long d = m - x - borrow;
            borrow = borrow(m, x, d);
            r[ro + i] = d;
        }
    }

    /**
     * {@return the mask of a in 1 .. m - 1: what a scalar has to be}
     *
     * @param a  four words
     * @param ao their offset
     */
    public long isScalar(final long[] a, final int ao)
    {
        return isBelow(a, ao) & isNonZero(a[ao] | a[ao + 1] | a[ao + 2] | a[ao + 3]);
    }

    /**
     * {@return the mask of a below m}
     *
     * @param a  four words
     * @param ao their offset
     */
    public long isBelow(final long[] a, final int ao)
    {
        long borrow = 0;
        for (int i = 0; i < 4; i++)
        {
            final long x = a[ao + i];
            final long m = words[i];
            final long d = x - m - borrow;
            borrow = borrow(x, m, d);
        }
        return -borrow;
    }

    /**
     * Words to limbs.
     *
     * @param limbs where five limbs go
     * @param to    their offset
     * @param words four words
     * @param from  their offset
     */
    public static void toLimbs(final long[] limbs, final int to, final long[] words, final int from)
    {
        final long w0 = words[from];
        final long w1 = words[from + 1];
        final long w2 = words[from + 2];
        final long w3 = words[from + 3];
        limbs[to] = w0 & LIMB_MASK;
        limbs[to + 1] = (w0 >>> 52 | w1 << 12) & LIMB_MASK;
        limbs[to + 2] = (w1 >>> 40 | w2 << 24) & LIMB_MASK;
        limbs[to + 3] = (w2 >>> 28 | w3 << 36) & LIMB_MASK;
        limbs[to + 4] = w3 >>> 16;
    }

    /**
     * Canonical limbs to words.
     *
     * @param words where four words go
     * @param to    their offset
     * @param limbs five limbs
     * @param from  their offset
     */
    public static void toWords(final long[] words, final int to, final long[] limbs, final int from)
    {
        final long a0 = limbs[from];
        final long a1 = limbs[from + 1];
        final long a2 = limbs[from + 2];
        final long a3 = limbs[from + 3];
        final long a4 = limbs[from + 4];
        words[to] = a0 | a1 << 52;
        words[to + 1] = a1 >>> 12 | a2 << 40;
        words[to + 2] = a2 >>> 24 | a3 << 28;
        words[to + 3] = a3 >>> 36 | a4 << 16;
    }

    /**
     * {@return the borrow of a - b - c: 0 or 1 (Hacker's Delight 2-16)}
     *
     * @param a          minuend
     * @param b          subtrahend
     * @param difference a - b - c modulo 2^64, where c is a borrow
     */
    static long borrow(final long a, final long b, final long difference)
    {
        return ((~a & b) | (~(a ^ b) & difference)) >>> (Long.SIZE - 1);
    }

    /** Adds m where the value is negative, then subtracts it where it is not below m. */
    private void normalise(
        final long[] r, final int ro, final long c0, final long c1, final long c2, final long c3, final long c4)
    {
        final long k2 = (c1 + (c0 >> RADIX)) >> RADIX;
        final long k4 = (c3 + ((c2 + k2) >> RADIX)) >> RADIX;
        final long negative = (c4 + k4) >> (Long.SIZE - 1);
        long v0 = c0 + (m0 & negative);
        long v1 = c1 + (m1 & negative) + (v0 >> RADIX);
        long v2 = c2 + (m2 & negative) + (v1 >> RADIX);
        long v3 = c3 + (m3 & negative) + (v2 >> RADIX);
        final long v4 = c4 + (m4 & negative) + (v3 >> RADIX);
        v0 &= LIMB_MASK;
        v1 &= LIMB_MASK;
        v2 &= LIMB_MASK;
        v3 &= LIMB_MASK;

        final long w0 = v0 - m0;
        final long w1 = v1 - m1 + (w0 >> RADIX);
        final long w2 = v2 - m2 + (w1 >> RADIX);
        final long w3 = v3 - m3 + (w2 >> RADIX);
        final long w4 = v4 - m4 + (w3 >> RADIX);
        final long below = w4 >> (Long.SIZE - 1);
        r[ro] = select(below, v0, w0 & LIMB_MASK);
        r[ro + 1] = select(below, v1, w1 & LIMB_MASK);
        r[ro + 2] = select(below, v2, w2 & LIMB_MASK);
        r[ro + 3] = select(below, v3, w3 & LIMB_MASK);
        r[ro + 4] = select(below, v4, w4);
    }
}
