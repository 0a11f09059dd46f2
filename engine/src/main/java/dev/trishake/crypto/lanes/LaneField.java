// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.curve.Field;
import dev.trishake.crypto.curve.Recoding;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;

/**
 * A {@link Field} of eight lanes, one 512-bit vector a limb. What depends on the prime is left to the subclass.
 *
 * <p>Masks are made by comparing and used by blending, in registers: no lane's secret becomes a branch or an address.
 */
public abstract class LaneField extends Field
{
    /** Sessions side by side. */
    public static final int LANES = 8;

    /** Limbs. */
    protected static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;

    /** Limbs as floating-point numbers. */
    protected static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_512;

    private static final int ELEMENT = LIMBS * LANES;

    /** For implementations. */
    protected LaneField()
    {
        super(LANES);
    }

    @Override
    public final void add(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < ELEMENT; i += LANES)
        {
            LongVector.fromArray(LONGS, t, a + i).add(LongVector.fromArray(LONGS, t, b + i)).intoArray(t, r + i);
        }
    }

    @Override
    public final void subtract(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < ELEMENT; i += LANES)
        {
            LongVector.fromArray(LONGS, t, a + i).sub(LongVector.fromArray(LONGS, t, b + i)).intoArray(t, r + i);
        }
    }

    @Override
    public final void differenceTripled(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < ELEMENT; i += LANES)
        {
            final LongVector d = LongVector.fromArray(LONGS, t, a + i).sub(LongVector.fromArray(LONGS, t, b + i));
            d.add(d).add(d).intoArray(t, r + i);
        }
    }

    @Override
    public final void quadrupledMinus(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < ELEMENT; i += LANES)
        {
            LongVector.fromArray(LONGS, t, a + i).lanewise(LSHL, 2)
                .sub(LongVector.fromArray(LONGS, t, b + i)).intoArray(t, r + i);
        }
    }

    // two permutations select from sixteen entries each, inside of registers, and a mask from what they give
    @Override
    public final void lookUpShared(
        final long[] t, final int r, final long[] table, final int at, final Recoding digits, final int digit)
    {
        final LongVector index = LongVector.fromArray(LONGS, digits.index, digit);
        final LongVector sign = LongVector.fromArray(LONGS, digits.sign, digit);
        final LongVector entry = index.and(2 * LANES - 1);
        final VectorMask<Long> second = index.compare(GE, 2 * LANES);
        int from = at;
        for (int i = 0; i < 2 * ELEMENT; i += LANES)
        {
            final LongVector low = entry.selectFrom(
                LongVector.fromArray(LONGS, table, from), LongVector.fromArray(LONGS, table, from + LANES));
            final LongVector high = entry.selectFrom(
                LongVector.fromArray(LONGS, table, from + 2 * LANES),
                LongVector.fromArray(LONGS, table, from + 3 * LANES));
            low.blend(high, second).intoArray(t, r + i);
            from += SHARED_ENTRIES;
        }
        for (int i = ELEMENT; i < 2 * ELEMENT; i += LANES)
        {
            LongVector.fromArray(LONGS, t, r + i).lanewise(XOR, sign).sub(sign).intoArray(t, r + i);
        }
    }

    @Override
    public final void lookUpAffine(
        final long[] t, final int r, final long[] table, final int at, final int entries,
        final Recoding digits, final int digit)
    {
        final LongVector wanted = LongVector.fromArray(LONGS, digits.index, digit);
        final LongVector sign = LongVector.fromArray(LONGS, digits.sign, digit);
        LongVector x0 = LongVector.zero(LONGS);
        LongVector x1 = LongVector.zero(LONGS);
        LongVector x2 = LongVector.zero(LONGS);
        LongVector x3 = LongVector.zero(LONGS);
        LongVector x4 = LongVector.zero(LONGS);
        LongVector y0 = LongVector.zero(LONGS);
        LongVector y1 = LongVector.zero(LONGS);
        LongVector y2 = LongVector.zero(LONGS);
        LongVector y3 = LongVector.zero(LONGS);
        LongVector y4 = LongVector.zero(LONGS);
        for (int j = 0, e = at; j < entries; j++, e += 2 * ELEMENT)
        {
            final VectorMask<Long> other = wanted.compare(NE, (long)j);
            x0 = LongVector.fromArray(LONGS, table, e).blend(x0, other);
            x1 = LongVector.fromArray(LONGS, table, e + 8).blend(x1, other);
            x2 = LongVector.fromArray(LONGS, table, e + 16).blend(x2, other);
            x3 = LongVector.fromArray(LONGS, table, e + 24).blend(x3, other);
            x4 = LongVector.fromArray(LONGS, table, e + 32).blend(x4, other);
            y0 = LongVector.fromArray(LONGS, table, e + 40).blend(y0, other);
            y1 = LongVector.fromArray(LONGS, table, e + 48).blend(y1, other);
            y2 = LongVector.fromArray(LONGS, table, e + 56).blend(y2, other);
            y3 = LongVector.fromArray(LONGS, table, e + 64).blend(y3, other);
            y4 = LongVector.fromArray(LONGS, table, e + 72).blend(y4, other);
        }
        ((LongVector)Exact.LONGS.cast(x0)).intoArray(t, r);
        ((LongVector)Exact.LONGS.cast(x1)).intoArray(t, r + 8);
        ((LongVector)Exact.LONGS.cast(x2)).intoArray(t, r + 16);
        ((LongVector)Exact.LONGS.cast(x3)).intoArray(t, r + 24);
        ((LongVector)Exact.LONGS.cast(x4)).intoArray(t, r + 32);
        sign.lanewise(XOR, y0).sub(sign).intoArray(t, r + 40);
        sign.lanewise(XOR, y1).sub(sign).intoArray(t, r + 48);
        sign.lanewise(XOR, y2).sub(sign).intoArray(t, r + 56);
        sign.lanewise(XOR, y3).sub(sign).intoArray(t, r + 64);
        sign.lanewise(XOR, y4).sub(sign).intoArray(t, r + 72);
    }

    @Override
    public final void select(final long[] t, final int r, final int a, final long[] masks, final int mask)
    {
        final VectorMask<Long> m = LongVector.fromArray(LONGS, masks, mask).compare(NE, 0L);
        for (int i = 0; i < ELEMENT; i += LANES)
        {
            LongVector.fromArray(LONGS, t, r + i).blend(LongVector.fromArray(LONGS, t, a + i), m).intoArray(t, r + i);
        }
    }

    @Override
    public final void negateWhere(final long[] t, final int r, final long[] masks, final int mask)
    {
        final LongVector m = LongVector.fromArray(LONGS, masks, mask);
        for (int i = 0; i < ELEMENT; i += LANES)
        {
            LongVector.fromArray(LONGS, t, r + i).lanewise(XOR, m).sub(m).intoArray(t, r + i);
        }
    }
}
