// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import static dev.trishake.crypto.ConstantTime.equal;
import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * The multiples of a generator that k G is a sum of: d 64^i G for odd d up to 63 and i up to 42, affine, in
 * Montgomery's form. 1,376 points of ten longs, 110 KB; and one that the sum gets wrong. A digit's 32 points lie limb
 * by limb, as {@link Field#lookUpShared} wants them.
 */
final class FixedBase
{
    /** Bits of a digit. */
    static final int BITS = 6;

    /** Digits of a scalar. */
    static final int DIGITS = 43;

    /** Odd multiples per digit. */
    static final int ENTRIES = Field.SHARED_ENTRIES;

    /** Longs per point. */
    static final int POINT = 2 * LIMBS;

    /** Odd multiples of G itself, for {@link PublicSum}. */
    static final int PUBLIC_ENTRIES = 128;

    private static final int TOP = 15;

    private final long[] table = new long[DIGITS * ENTRIES * POINT];
    private final long[] publicTable = new long[PUBLIC_ENTRIES * POINT];
    private final long[] twins = new long[4];
    private final long[] twinsPoint = new long[POINT];

    /**
     * Computes the table.
     *
     * @param curve of which everything else is set
     */
    FixedBase(final Curve curve)
    {
        final Jacobian jacobian = new Jacobian(curve.field(), 0);
        final long[] t = jacobian.t;
        final Normaliser normaliser = new Normaliser(curve, ENTRIES);
        final long[] points = new long[ENTRIES * 3 * LIMBS];
        final long[] base = new long[3 * LIMBS];

        final long[] g = new long[LIMBS];
        for (int i = 0; i < 4; i++)
        {
            g[i] = curve.generatorX(i);
        }
        Modulus.toLimbs(base, 0, g, 0);
        for (int i = 0; i < 4; i++)
        {
            g[i] = curve.generatorY(i);
        }
        Modulus.toLimbs(base, LIMBS, g, 0);
        curve.prime().toMontgomery(base, 0, base, 0);
        curve.prime().toMontgomery(base, LIMBS, base, LIMBS);
        System.arraycopy(curve.one(), 0, base, 2 * LIMBS, LIMBS);

        for (int digit = 0; digit < DIGITS; digit++)
        {
            // P runs through B, 3 B, 5 B ..., Q is 2 B
            System.arraycopy(base, 0, t, jacobian.x, base.length);
            jacobian.copyToQ();
            jacobian.doubleQ();
            makeMultiples(jacobian, normaliser, points);
            for (int j = 0; j < ENTRIES; j++)
            {
                for (int i = 0; i < POINT; i++)
                {
                    table[at(digit) + i * ENTRIES + j] = points[j * base.length + i];
                }
            }

            System.arraycopy(base, 0, t, jacobian.x, base.length);
            for (int j = 0; j < BITS; j++)
            {
                jacobian.doubleP();
            }
            System.arraycopy(t, jacobian.x, base, 0, base.length);
        }
        findTwins(curve, jacobian, normaliser);

        copy(0, 0, t, jacobian.x);
        System.arraycopy(curve.one(), 0, t, jacobian.z, LIMBS);
        jacobian.copyToQ();
        jacobian.doubleQ();
        for (int i = 0; i < PUBLIC_ENTRIES; i++)
        {
            if (i % ENTRIES == 0)
            {
                makeMultiples(jacobian, normaliser, points);
            }
            System.arraycopy(points, i % ENTRIES * base.length, publicTable, i * POINT, POINT);
        }
    }

    /** Writes P, P + Q, P + 2 Q ..., made affine; leaves P behind the last one. */
    private static void makeMultiples(final Jacobian jacobian, final Normaliser normaliser, final long[] points)
    {
        final int point = 3 * LIMBS;
        for (int j = 0; j < ENTRIES; j++)
        {
            System.arraycopy(jacobian.t, jacobian.x, points, j * point, point);
            jacobian.add();
        }
        normaliser.normalise(points, ENTRIES);
    }

    /**
     * {@return the table}
     */
    long[] table()
    {
        return table;
    }

    /**
     * {@return G, 3 G, 5 G ..., each x then y}
     */
    long[] publicTable()
    {
        return publicTable;
    }

    /**
     * {@return where a digit's points begin}
     *
     * @param digit 0 to {@link #DIGITS} - 1
     */
    static int at(final int digit)
    {
        return digit * ENTRIES * POINT;
    }

    /**
     * Copies a multiple, x then y.
     *
     * @param digit 0 to {@link #DIGITS} - 1
     * @param entry 0 to {@link #ENTRIES} - 1
     * @param to    where {@link #POINT} longs go
     * @param at    where they begin
     */
    void copy(final int digit, final int entry, final long[] to, final int at)
    {
        for (int i = 0; i < POINT; i++)
        {
            to[at + i] = table[at(digit) + i * ENTRIES + entry];
        }
    }

    /**
     * {@return the mask of whether an odd scalar is the one whose digits add the same point twice, at the last
     * addition}
     *
     * @param odd four words
     * @param at  where they begin
     */
    long areTwins(final long[] odd, final int at)
    {
        return equal(odd[at], twins[0]) & equal(odd[at + 1], twins[1]) &
            equal(odd[at + 2], twins[2]) & equal(odd[at + 3], twins[3]);
    }

    /**
     * {@return that scalar's multiple of G}
     */
    long[] twinsPoint()
    {
        return twinsPoint;
    }

    /**
     * Digits are added from the least significant one up. Before digit i is added the sum is an odd integer within 64^i
     * of 0, so for i &lt; 42 neither sum nor difference with d 64^i, which lies within 64^42 &lt; n, is 0 modulo n. At
     * the top, T = d 64^42 and the rest L make k = T + L in 1 .. n - 1, so T = -L can't be; T = L modulo n is T - L =
     * n, or k = 2 T - n. As |L| &lt; 64^42 = 2^252 and n is between 15 and 16 times 2^252, that leaves d = 15 and one
     * k.
     */
    private void findTwins(final Curve curve, final Jacobian jacobian, final Normaliser normaliser)
    {
        // 2 T - n, which lies within 2^256; 2 T alone does not
        long borrow = 0;
        for (int i = 0; i < 4; i++)
        {
            final long minuend = i == 3 ? (2L * TOP) << 60 : 0;
            final long n = curve.order().word(i);
            final long difference = minuend - n - borrow;
            borrow = Modulus.borrow(minuend, n, difference);
            twins[i] = difference;
        }

        copy(DIGITS - 1, TOP >> 1, jacobian.t, jacobian.x);
        System.arraycopy(curve.one(), 0, jacobian.t, jacobian.z, LIMBS);
        jacobian.doubleP();
        final long[] point = new long[3 * LIMBS];
        System.arraycopy(jacobian.t, jacobian.x, point, 0, point.length);
        normaliser.normalise(point, 1);
        System.arraycopy(point, 0, twinsPoint, 0, POINT);
    }
}
