// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.ConstantTime;

import java.util.Arrays;

import static dev.trishake.crypto.ConstantTime.equal;
import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * Multiples and sums of Jacobian points, of as many lanes as the field has, right for every scalar and every point.
 * The accumulator is P of {@link Jacobian}. Nothing here branches on a scalar or a point.
 */
final class PointSums
{
    /** Bits of a digit where the table is made of the point. */
    static final int BITS = 5;

    private static final int LANES = Recoding.LANES;
    private static final int ENTRIES = 1 << (BITS - 1);

    /** The arena's owner. */
    final Jacobian jacobian;

    /** 1 in every lane. */
    final int one;

    /** Where the caller's room begins. */
    final int room;

    private final Curve curve;
    private final Field field;
    private final long[] t;
    private final int width;
    private final int twins;    // x, y of the one sum that comes out wrong
    private final int first;    // the summands of an addition, or a digit's point
    private final int second;
    private final int table;    // x, y of the odd multiples of a point
    private final int ratios;   // from the Z of each to the next one's
    private final int zero;
    private final Normaliser normaliser;
    private final long[] wrong = new long[LANES];
    private final long[] same = new long[LANES];
    private final long[] firstAbsent = new long[LANES];
    private final long[] secondAbsent = new long[LANES];
    private final long[] absent = new long[LANES];
    private final long[] limbs = new long[LIMBS];

    /**
     * Makes the arena.
     *
     * @param curve      which one
     * @param field      arithmetic modulo its prime
     * @param normaliser for as many lanes as the field has; may be used for other things between calls
     * @param extra      elements of room for the caller
     */
    PointSums(final Curve curve, final Field field, final Normaliser normaliser, final int extra)
    {
        this.curve = curve;
        this.field = field;
        this.normaliser = normaliser;
        width = field.width();
        jacobian = new Jacobian(field, 4 + 6 + 3 * ENTRIES + extra);
        t = jacobian.t;
        one = jacobian.room;
        twins = one + width;
        zero = twins + 2 * width;
        first = zero + width;
        second = first + 3 * width;
        table = second + 3 * width;
        ratios = table + 2 * ENTRIES * width;
        room = ratios + ENTRIES * width;
        field.broadcast(t, one, curve.one(), 0);
        field.broadcast(t, twins, curve.multiples().twinsPoint(), 0);
        field.broadcast(t, twins + width, curve.multiples().twinsPoint(), LIMBS);
    }

    /**
     * P = k G.
     *
     * @param digits of k, as {@link FixedBase} wants them
     * @param lane   the first lane of the digits that is meant
     */
    void multiplyBase(final Recoding digits, final int lane)
    {
        final FixedBase multiples = curve.multiples();
        field.lookUpShared(t, jacobian.x, multiples.table(), 0, digits, lane);
        field.copy(t, jacobian.z, one);
        field.copy(t, jacobian.zzz, one);
        for (int i = 1; i < FixedBase.DIGITS; i++)
        {
            field.lookUpShared(t, jacobian.qx, multiples.table(), FixedBase.at(i), digits, LANES * i + lane);
            jacobian.addAffineToZz();
        }
        jacobian.leaveZz();

        for (int i = lane; i < lane + field.lanes(); i++)
        {
            wrong[i] = multiples.areTwins(digits.odd, 4 * i);
        }
        field.copy(t, jacobian.qx, twins);
        field.copy(t, jacobian.qy, twins + width);
        field.copy(t, jacobian.qz, one);
        field.negateWhere(t, jacobian.qy, digits.even, lane);
        selectQ(wrong, lane);
    }

    /**
     * P = k P.
     *
     * <p>Digits are added from the most significant one down: the sum, shifted by a digit, is S = 32 s with s &gt;= 1,
     * and |d| &lt; 32, so S = -d and S = d can't be unless modulo n. But S &lt; n/2 before the last digit; then S + d =
     * k' &lt; n, where k' is the odd one of k and n - k, and S - d = n is k' = n - 2 |d| for a negative d. There the
     * result is twice the digit's point.
     *
     * @param digits of k, which may be shorter than n
     * @param lane   the first lane of the digits that is meant
     */
    void multiply(final Recoding digits, final int lane)
    {
        tabulate(ENTRIES);
        final int count = digits.count();
        field.lookUpAffine(t, jacobian.x, t, table, ENTRIES, digits, LANES * (count - 1) + lane);
        field.copy(t, jacobian.z, one);
        for (int i = count - 2; i >= 0; i--)
        {
            for (int j = 0; j < BITS; j++)
            {
                jacobian.doubleP();
            }
            field.lookUpAffine(t, jacobian.qx, t, table, ENTRIES, digits, LANES * i + lane);
            jacobian.addAffine();
        }

        // the addition has left Q as it was
        field.copy(t, jacobian.qz, one);
        jacobian.doubleQ();
        for (int i = lane; i < lane + field.lanes(); i++)
        {
            final long negative = digits.sign[i] ^ digits.even[i];
            final long lack = 2 * (2 * digits.index[i] + 1);
            final Modulus n = curve.order();
            final int at = 4 * i;
            wrong[i] = negative & equal(n.word(0) - lack, digits.odd[at]) & equal(n.word(1), digits.odd[at + 1]) &
                equal(n.word(2), digits.odd[at + 2]) & equal(n.word(3), digits.odd[at + 3]);
        }
        selectQ(wrong, lane);
        field.select(t, jacobian.z, zero, absent, 0);
    }

    /**
     * {@return the offset of x of an odd multiple; y follows}
     *
     * @param entry of the table
     */
    int entry(final int entry)
    {
        return table + 2 * width * entry;
    }

    /**
     * Makes the table of P, 3 P, 5 P ..., affine with one inversion for all multiples of all lanes, and notes where P
     * is at infinity. 2 P is added with the same Z all the way, so the way back from the last Z to the first one is
     * known; that costs as much as a table of Jacobian points does, and each addition of an entry a third less.
     *
     * @param entries how many multiples
     */
    void tabulate(final int entries)
    {
        jacobian.copyToQ();
        jacobian.doubleQ();
        jacobian.scaleToDouble();
        System.arraycopy(t, jacobian.x, t, table, 2 * width);
        for (int j = 1; j < entries; j++)
        {
            jacobian.addOfSameZ();
            field.copy(t, ratios + j * width, jacobian.a);
            System.arraycopy(t, jacobian.x, t, entry(j), 2 * width);
        }

        final int lanes = field.lanes();
        for (int i = 0; i < lanes; i++)
        {
            normaliser.put(i, t, jacobian.z + i, lanes);
            absent[i] = normaliser.isZero(i);
        }
        normaliser.invert(lanes);
        for (int i = 0; i < lanes; i++)
        {
            normaliser.get(i, t, jacobian.z + i, lanes);
        }
        for (int j = entries - 1; j >= 0; j--)
        {
            final int x = entry(j);
            field.square(t, jacobian.a, jacobian.z);
            field.multiply(t, jacobian.b, jacobian.z, jacobian.a);
            field.multiply(t, x, x, jacobian.a);
            field.multiply(t, x + width, x + width, jacobian.b);
            field.multiply(t, jacobian.z, jacobian.z, ratios + j * width);
        }
    }

    /** P = P + Q, whatever they are. */
    void add()
    {
        final int point = 3 * width;
        System.arraycopy(t, jacobian.x, t, first, point);
        System.arraycopy(t, jacobian.qx, t, second, point);
        isZero(firstAbsent, jacobian.z);
        isZero(secondAbsent, jacobian.qz);
        jacobian.add();
        isZero(same, jacobian.f);
        isZero(wrong, jacobian.h);

        // opposite points have made Z 0
        jacobian.doubleQ();
        for (int i = 0; i < field.lanes(); i++)
        {
            wrong[i] &= same[i];
        }
        selectQ(wrong, 0);
        System.arraycopy(t, second, t, jacobian.qx, point);
        selectQ(firstAbsent, 0);
        System.arraycopy(t, first, t, jacobian.qx, point);
        selectQ(secondAbsent, 0);
    }

    /**
     * Tells which lanes of an element are 0 modulo p.
     *
     * @param masks where all ones or 0 are written per lane
     * @param a     offset of the element
     */
    void isZero(final long[] masks, final int a)
    {
        field.multiply(t, jacobian.a, a, one);
        for (int i = 0; i < field.lanes(); i++)
        {
            field.get(t, jacobian.a, i, limbs, 0);
            curve.prime().reduce(limbs, 0, limbs, 0);
            masks[i] = ConstantTime.isZero(limbs[0] | limbs[1] | limbs[2] | limbs[3] | limbs[4]);
        }
    }

    /**
     * P = Q in lanes whose mask is all ones.
     *
     * @param masks a mask per lane
     * @param lane  the first lane of the masks that is meant
     */
    void selectQ(final long[] masks, final int lane)
    {
        field.select(t, jacobian.x, jacobian.qx, masks, lane);
        field.select(t, jacobian.y, jacobian.qy, masks, lane);
        field.select(t, jacobian.z, jacobian.qz, masks, lane);
    }

    /** Puts P aside, until the next addition. */
    void keepP()
    {
        System.arraycopy(t, jacobian.x, t, first, 3 * width);
    }

    /**
     * P becomes what was put aside, in lanes whose mask is all ones.
     *
     * @param masks a mask per lane
     */
    void restoreP(final long[] masks)
    {
        System.arraycopy(t, first, t, jacobian.qx, 3 * width);
        selectQ(masks, 0);
    }

    /** Forgets everything but the constants and the caller's room. */
    void wipe()
    {
        Arrays.fill(t, 0, one, 0);
        Arrays.fill(t, first, room, 0);
        Arrays.fill(limbs, 0);
        Arrays.fill(wrong, 0);
        Arrays.fill(same, 0);
        Arrays.fill(absent, 0);
        normaliser.wipe();
    }
}
