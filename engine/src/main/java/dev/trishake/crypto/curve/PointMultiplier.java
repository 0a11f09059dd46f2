// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import java.util.Arrays;

import static dev.trishake.crypto.ConstantTime.select;
import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * Multiples of points for up to eight sessions at a time, over whichever {@link Field} it is given: all eight side by
 * side, or one after the other. Both give the same results.
 *
 * <pre>
 *   multiplier.scalar(lane, words, at);       // k of lane 0, 1, ...
 *   multiplier.point(lane, words, at);        // P
 *   multiplier.multiply(count);               // k P of lanes 0 .. count - 1
 *   multiplier.valid(lane);                   // was k in 1 .. n - 1, and P on the curve?
 *   multiplier.result(lane, words, at);
 *   multiplier.clear();
 * </pre>
 *
 * <p>Numbers are four words, least significant first, points x, then y. Complete: every scalar and every pair of
 * coordinates gives the right result or, where there is none, a lane that is not valid and all 0. Points are checked
 * here, so none that is off the curve is ever multiplied. Time depends on the number of lanes only: a digit is looked
 * up by reading the whole table, and lanes that are not valid compute with 1 and G. Only {@link #multiplyBoth}, which
 * verifies signatures, may look at its numbers.
 *
 * <p>A lone session in eight lanes: k G is split over the lanes, other multiples are left to the scalar field.
 *
 * <p>After a multiplication inputs and results are in scratch, and nothing else; {@link #clear()} wipes them.
 */
public final class PointMultiplier
{
    /** Sessions at a time. */
    public static final int LANES = Recoding.LANES;

    private static final int WORDS = 4;
    private static final int POINT = 2 * WORDS;
    private static final int SCALAR_BITS = 256;
    private static final int FACTOR_BITS = 128;

    private final Curve curve;
    private final Field field;
    private final PointSums sums;
    private final Jacobian jacobian;
    private final LoneBase loneBase;
    private final PublicSum publicSum;
    private final PointMultiplier alone;
    private final Normaliser normaliser;
    private final Recoding baseDigits = new Recoding(FixedBase.BITS, SCALAR_BITS);
    private final Recoding digits = new Recoding(PointSums.BITS, SCALAR_BITS);
    private final Recoding factorDigits = new Recoding(PointSums.BITS, FACTOR_BITS);

    // the arena: constants, then a point of every lane, then one that is put aside
    private final long[] t;
    private final int width;
    private final int unit;
    private final int square;
    private final int b;
    private final int generator;
    private final int points;
    private final int aside;

    private final long[] scalars = new long[WORDS * LANES];
    private final long[] factors = new long[WORDS * LANES];
    private final long[] inputs = new long[POINT * LANES];
    private final long[] others = new long[POINT * LANES];
    private final long[] results = new long[POINT * LANES];
    private final long[] valid = new long[LANES];
    private final long[] masks = new long[LANES];
    private final long[] onCurve = new long[LANES];
    private final long[] words = new long[WORDS];
    private final long[] limbs = new long[LIMBS];

    /**
     * Allocates all the memory that multiplications will ever use.
     *
     * @param curve which one
     * @param field arithmetic modulo its prime, in one lane or eight
     */
    public PointMultiplier(final Curve curve, final Field field)
    {
        final int groups = LANES / field.lanes();
        this.curve = curve;
        this.field = field;
        normaliser = new Normaliser(curve, LANES);
        sums = new PointSums(curve, field, normaliser, 5 + 3 * groups + 3);
        jacobian = sums.jacobian;
        loneBase = field.lanes() == 1 ? null : new LoneBase(curve, field, sums);
        publicSum = field.lanes() == 1 ? new PublicSum(curve, sums) : null;
        alone = field.lanes() == 1 ? null : new PointMultiplier(curve, curve.field());

        t = jacobian.t;
        width = field.width();
        unit = sums.room;
        square = unit + width;
        b = square + width;
        generator = b + width;
        points = generator + 2 * width;
        aside = points + 3 * groups * width;
        field.broadcast(t, unit, new long[] {1, 0, 0, 0, 0}, 0);
        field.broadcast(t, square, curve.square(), 0);
        field.broadcast(t, b, curve.bMontgomery(), 0);
        final long[] g = new long[FixedBase.POINT];
        curve.multiples().copy(0, 0, g, 0);
        field.broadcast(t, generator, g, 0);
        field.broadcast(t, generator + width, g, LIMBS);
    }

    /**
     * Sets the scalar k of a lane, any number.
     *
     * @param lane 0 to 7
     * @param from four words
     * @param at   where they begin
     */
    public void scalar(final int lane, final long[] from, final int at)
    {
        System.arraycopy(from, at, scalars, WORDS * lane, WORDS);
    }

    /**
     * Sets the second scalar f of a lane, any number.
     *
     * @param lane 0 to 7
     * @param from four words
     * @param at   where they begin
     */
    public void factor(final int lane, final long[] from, final int at)
    {
        System.arraycopy(from, at, factors, WORDS * lane, WORDS);
    }

    /**
     * Sets the point P of a lane, any numbers.
     *
     * @param lane 0 to 7
     * @param from x, then y
     * @param at   where they begin
     */
    public void point(final int lane, final long[] from, final int at)
    {
        System.arraycopy(from, at, inputs, POINT * lane, POINT);
    }

    /**
     * Sets the second point R of a lane, any numbers.
     *
     * @param lane 0 to 7
     * @param from x, then y
     * @param at   where they begin
     */
    public void other(final int lane, final long[] from, final int at)
    {
        System.arraycopy(from, at, others, POINT * lane, POINT);
    }

    /**
     * {@return the mask of whether a lane has a result}
     *
     * @param lane 0 to 7
     */
    public long valid(final int lane)
    {
        return valid[lane];
    }

    /**
     * Gives a lane's result.
     *
     * @param lane 0 to 7
     * @param to   where x and y go, eight words
     * @param at   where they begin
     */
    public void result(final int lane, final long[] to, final int at)
    {
        System.arraycopy(results, POINT * lane, to, at, POINT);
    }

    /**
     * k G. A lane is valid if 1 &lt;= k &lt; n.
     *
     * @param count how many lanes, from 0 on: 1 to 8
     */
    public void multiplyBase(final int count)
    {
        begin(count);
        if (count == 1 && loneBase != null)
        {
            baseDigits.recode(0, curve.order(), scalars, 0);
            loneBase.multiply(baseDigits);
            keep(0);
        }
        else
        {
            allBase(0, count);
        }
        finish(count);
    }

    /**
     * k P. A lane is valid if 1 &lt;= k &lt; n and P is a point of the curve, in coordinates below p.
     *
     * @param count how many lanes, from 0 on: 1 to 8
     */
    public void multiply(final int count)
    {
        if (lend(count))
        {
            alone.multiply(1);
            takeBack();
            return;
        }
        begin(count);
        recode(digits, scalars, 0, count);
        for (int lane = 0; lane < count; lane += field.lanes())
        {
            load(inputs, lane);
            sums.multiply(digits, lane);
            keep(lane);
        }
        finish(count);
    }

    /**
     * k G + f P, all public: time depends on them where lanes are not side by side. A lane is valid if 1 &lt;= k, f
     * &lt; n, P is a point of the curve and the sum is not at infinity.
     *
     * @param count how many lanes, from 0 on: 1 to 8
     */
    public void multiplyBoth(final int count)
    {
        if (lend(count))
        {
            alone.multiplyBoth(1);
            takeBack();
            return;
        }
        begin(count);
        admit(factors, count);
        if (publicSum == null)
        {
            addBoth(0, count);
        }
        for (int lane = 0; lane < count && publicSum != null; lane++)
        {
            load(inputs, lane);
            publicSum.add(scalars, WORDS * lane, factors, WORDS * lane);
            keep(lane);
            sums.isZero(masks, jacobian.z);
            if (masks[0] != 0)
            {
                addBoth(lane, 1);
            }
        }
        finish(count);
    }

    /** k G + f P in the time that it takes for all numbers, and right for all of them. */
    private void addBoth(final int first, final int count)
    {
        allBase(first, count);
        recode(digits, factors, first, count);
        for (int lane = first; lane < first + count; lane += field.lanes())
        {
            load(inputs, lane);
            sums.multiply(digits, lane);
            System.arraycopy(t, at(lane), t, jacobian.qx, 3 * width);
            sums.add();
            keep(lane);
        }
    }

    /**
     * k (P + f R), where f is below 2^128. A lane is valid if 1 &lt;= k &lt; n, f is not 0, P and R are points of the
     * curve and the result is not at infinity.
     *
     * @param count how many lanes, from 0 on: 1 to 8
     */
    public void multiplySum(final int count)
    {
        if (lend(count))
        {
            alone.multiplySum(1);
            takeBack();
            return;
        }
        begin(count);
        admit(factors, count);
        for (int lane = 0; lane < LANES; lane++)
        {
            // digits are those of an odd number: f where it is odd, else f + 1, and R once less
            masks[lane] = -(factors[WORDS * lane] & 1);
            factors[WORDS * lane] |= 1;
        }
        recode(factorDigits, factors, 0, count);
        recode(digits, scalars, 0, count);
        for (int lane = 0; lane < count; lane += field.lanes())
        {
            load(others, lane);
            sums.multiply(factorDigits, lane);
            keep(lane);

            load(inputs, lane);
            System.arraycopy(t, jacobian.x, t, aside, 3 * width);
            load(others, lane);
            field.subtract(t, jacobian.a, jacobian.y, jacobian.y);
            field.subtract(t, jacobian.y, jacobian.a, jacobian.y);
            System.arraycopy(t, aside, t, jacobian.qx, 3 * width);
            sums.add();
            System.arraycopy(t, aside, t, jacobian.qx, 3 * width);
            sums.selectQ(masks, lane);

            System.arraycopy(t, at(lane), t, jacobian.qx, 3 * width);
            sums.add();
            sums.multiply(digits, lane);
            keep(lane);
        }
        finish(count);
    }

    /** Wipes inputs and results. */
    public void clear()
    {
        Arrays.fill(scalars, 0);
        Arrays.fill(factors, 0);
        Arrays.fill(inputs, 0);
        Arrays.fill(others, 0);
        Arrays.fill(results, 0);
        Arrays.fill(valid, 0);
    }

    /** {@return whether the first lane is all, and its inputs have been lent to the scalar field} */
    private boolean lend(final int count)
    {
        if (count != 1 || alone == null)
        {
            return false;
        }
        alone.scalar(0, scalars, 0);
        alone.factor(0, factors, 0);
        alone.point(0, inputs, 0);
        alone.other(0, others, 0);
        return true;
    }

    private void takeBack()
    {
        alone.result(0, results, 0);
        valid[0] = alone.valid(0);
        alone.clear();
    }

    /** Lanes that do not live are valid for now, and all scalars are made ones that can be recoded. */
    private void begin(final int count)
    {
        Arrays.fill(valid, -1L);
        admit(scalars, count);
    }

    /** Lanes with a scalar of 0, or n and above, are not valid; it becomes 1, as in lanes that do not live. */
    private void admit(final long[] all, final int count)
    {
        for (int lane = 0; lane < LANES; lane++)
        {
            final int at = WORDS * lane;
            final long good = lane < count ? curve.order().isScalar(all, at) : 0;
            valid[lane] &= good;
            all[at] = select(good, all[at], 1L);
            all[at + 1] &= good;
            all[at + 2] &= good;
            all[at + 3] &= good;
        }
    }

    private void recode(final Recoding to, final long[] all, final int first, final int count)
    {
        // side by side all lanes compute
        final int lanes = Math.max(count, field.lanes());
        for (int lane = first; lane < first + lanes; lane++)
        {
            to.recode(lane, curve.order(), all, WORDS * lane);
        }
    }

    private void allBase(final int first, final int count)
    {
        recode(baseDigits, scalars, first, count);
        for (int lane = first; lane < first + count; lane += field.lanes())
        {
            sums.multiplyBase(baseDigits, lane);
            keep(lane);
        }
    }

    /** P = the points from a lane on, in Montgomery's form; G, and the lane not valid, where they are none. */
    private void load(final long[] from, final int lane)
    {
        final Modulus p = curve.prime();
        for (int i = 0; i < field.lanes(); i++)
        {
            final int at = POINT * (lane + i);
            valid[lane + i] &= p.isBelow(from, at) & p.isBelow(from, at + WORDS);
            Modulus.toLimbs(limbs, 0, from, at);
            field.put(t, jacobian.x, i, limbs, 0);
            Modulus.toLimbs(limbs, 0, from, at + WORDS);
            field.put(t, jacobian.y, i, limbs, 0);
        }
        field.multiply(t, jacobian.x, jacobian.x, square);
        field.multiply(t, jacobian.y, jacobian.y, square);
        field.copy(t, jacobian.z, sums.one);

        // y^2 - x (x^2 - 3) - b
        field.square(t, jacobian.b, jacobian.x);
        field.subtract(t, jacobian.b, jacobian.b, sums.one);
        field.subtract(t, jacobian.b, jacobian.b, sums.one);
        field.subtract(t, jacobian.b, jacobian.b, sums.one);
        field.multiply(t, jacobian.b, jacobian.b, jacobian.x);
        field.square(t, jacobian.c, jacobian.y);
        field.subtract(t, jacobian.c, jacobian.c, jacobian.b);
        field.subtract(t, jacobian.c, jacobian.c, b);
        sums.isZero(onCurve, jacobian.c);
        for (int i = 0; i < field.lanes(); i++)
        {
            valid[lane + i] &= onCurve[i];
            onCurve[i] = ~valid[lane + i];
        }
        field.select(t, jacobian.x, generator, onCurve, 0);
        field.select(t, jacobian.y, generator + width, onCurve, 0);
    }

    /** Puts P by, as the point of the lanes from this one on. */
    private void keep(final int lane)
    {
        System.arraycopy(t, jacobian.x, t, at(lane), 3 * width);
    }

    private int at(final int lane)
    {
        return points + 3 * width * (lane / field.lanes());
    }

    /** Makes the points affine with one inversion for all, hands them out as words and forgets the rest. */
    private void finish(final int count)
    {
        final int lanes = field.lanes();
        for (int lane = 0; lane < count; lane++)
        {
            normaliser.put(lane, t, at(lane) + 2 * width + lane % lanes, lanes);
            valid[lane] &= ~normaliser.isZero(lane);
        }
        normaliser.invert(count);
        for (int lane = 0; lane < count; lane += lanes)
        {
            final int x = at(lane);
            final int y = x + width;
            final int z = y + width;
            for (int i = 0; i < lanes && lane + i < count; i++)
            {
                normaliser.get(lane + i, t, z + i, lanes);
            }
            field.square(t, jacobian.a, z);
            field.multiply(t, jacobian.b, jacobian.a, z);
            field.multiply(t, x, x, jacobian.a);
            field.multiply(t, y, y, jacobian.b);
            field.multiply(t, x, x, unit);
            field.multiply(t, y, y, unit);
            for (int i = 0; i < lanes && lane + i < count; i++)
            {
                handOut(lane + i, 0, x, i);
                handOut(lane + i, WORDS, y, i);
            }
        }
        wipe();
    }

    private void handOut(final int lane, final int at, final int element, final int i)
    {
        field.get(t, element, i, limbs, 0);
        curve.prime().reduce(limbs, 0, limbs, 0);
        Modulus.toWords(words, 0, limbs, 0);
        for (int j = 0; j < WORDS; j++)
        {
            results[POINT * lane + at + j] = words[j] & valid[lane];
        }
    }

    private void wipe()
    {
        sums.wipe();
        Arrays.fill(t, points, t.length, 0);
        baseDigits.wipe();
        digits.wipe();
        factorDigits.wipe();
        Arrays.fill(words, 0);
        Arrays.fill(limbs, 0);
    }
}
