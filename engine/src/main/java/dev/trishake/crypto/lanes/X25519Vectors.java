// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.curve.X25519Base;
import dev.trishake.crypto.curve.X25519Lanes;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

import static dev.trishake.crypto.lanes.Field25519Vectors.SIZE;
import static dev.trishake.crypto.lanes.Field25519Vectors.addSubtract;
import static dev.trishake.crypto.lanes.Field25519Vectors.invert;
import static dev.trishake.crypto.lanes.Field25519Vectors.multiply;
import static dev.trishake.crypto.lanes.Field25519Vectors.multiplyAdd121665;
import static dev.trishake.crypto.lanes.Field25519Vectors.pack;
import static dev.trishake.crypto.lanes.Field25519Vectors.square;
import static dev.trishake.crypto.lanes.Field25519Vectors.subtract;
import static dev.trishake.crypto.lanes.Field25519Vectors.unpack;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

/** X25519 in the eight lanes of a vector: all lanes are computed, whatever they hold. */
public final class X25519Vectors implements X25519Lanes
{
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final int SCALAR_BITS = 255;
    private static final int ENTRIES = X25519Base.ENTRIES;

    // elements of the scratch: the names are those of RFC 7748 5
    private static final int X1 = 0;
    private static final int X2 = SIZE;
    private static final int Z2 = 2 * SIZE;
    private static final int X3 = 3 * SIZE;
    private static final int Z3 = 4 * SIZE;
    private static final int A = 5 * SIZE;
    private static final int B = 6 * SIZE;
    private static final int C = 7 * SIZE;
    private static final int D = 8 * SIZE;
    private static final int AA = 9 * SIZE;
    private static final int BB = 10 * SIZE;
    private static final int E = 11 * SIZE;
    private static final int DA = 12 * SIZE;
    private static final int CB = 13 * SIZE;

    // and those of the addition "madd-2008-hwcd-3"
    private static final int X = 0;
    private static final int Y = SIZE;
    private static final int Z = 2 * SIZE;
    private static final int T = 3 * SIZE;
    private static final int F = 9 * SIZE;
    private static final int G = 10 * SIZE;
    private static final int Y_PLUS_X = 12 * SIZE;
    private static final int Y_MINUS_X = 13 * SIZE;
    private static final int XY2D = 14 * SIZE;

    private final long[] t = new long[15 * SIZE];
    private final long[] scalars = new long[WORDS * LANES];
    private final long[] digits = new long[X25519Base.DIGIT_WORDS * LANES];
    private final long[] previous = new long[LANES];
    private final long[] swap = new long[LANES];

    /** Allocates the scratch. */
    public X25519Vectors()
    {
    }

    @Override
    public void agree(final long[] privateKeys, final long[] publicKeys, final long[] results, final int lanes)
    {
        for (int lane = 0; lane < LANES; lane++)
        {
            scalars[lane] = X25519Base.clampLowest(privateKeys[lane]);
            scalars[LANES + lane] = privateKeys[LANES + lane];
            scalars[2 * LANES + lane] = privateKeys[2 * LANES + lane];
            scalars[3 * LANES + lane] = X25519Base.clampHighest(privateKeys[3 * LANES + lane]);
        }
        unpack(t, X1, publicKeys);
        ladder();
        invert(t, Z3, Z2, A);
        multiply(t, X2, X2, Z3);
        pack(results, t, X2);
    }

    @Override
    public void generate(final long[] privateKeys, final long[] results, final int lanes)
    {
        for (int lane = 0; lane < LANES; lane++)
        {
            X25519Base.recode(digits, lane, LANES, privateKeys[lane], privateKeys[LANES + lane],
                privateKeys[2 * LANES + lane], privateKeys[3 * LANES + lane]);
        }
        Arrays.fill(t, X, T + SIZE, 0);
        Arrays.fill(t, Y, Y + LANES, 1);
        Arrays.fill(t, Z, Z + LANES, 1);
        for (int window = 0; window < X25519Base.WINDOWS; window++)
        {
            select(t, window, digits);
            addSelected();
        }
        // u = (Z + Y) / (Z - Y), RFC 7748 4.1
        addSubtract(t, X, Z, Z, Y);
        invert(t, Z, Z, A);
        multiply(t, X, X, Z);
        pack(results, t, X);
    }

    @Override
    public void wipe()
    {
        Arrays.fill(t, 0);
        Arrays.fill(scalars, 0);
        Arrays.fill(digits, 0);
        Arrays.fill(previous, 0);
        Arrays.fill(swap, 0);
    }

    /** The Montgomery ladder of RFC 7748 5 over bits 254 to 0 of clamped scalars. Bit 0 is 0: no swap is left over. */
    private void ladder()
    {
        Arrays.fill(t, X2, A, 0);
        Arrays.fill(t, X2, X2 + LANES, 1);
        Arrays.fill(t, Z3, Z3 + LANES, 1);
        System.arraycopy(t, X1, t, X3, SIZE);
        Arrays.fill(previous, 0);
        for (int i = SCALAR_BITS - 1; i >= 0; i--)
        {
            nextBit(scalars, i, previous, swap);
            swapAddSubtract(t, swap);
            square(t, AA, A);
            square(t, BB, B);
            multiply(t, DA, D, A);
            multiply(t, CB, C, B);
            subtract(t, E, AA, BB);
            addSubtract(t, A, B, DA, CB);
            multiply(t, X2, AA, BB);
            multiplyAdd121665(t, D, AA, E);
            square(t, X3, A);
            square(t, C, B);
            multiply(t, Z2, D, E);
            multiply(t, Z3, C, X1);
        }
    }

    /** Puts the mask of "this bit differs from the one before" into {@code swap}. */
    private static void nextBit(final long[] scalars, final int i, final long[] previous, final long[] swap)
    {
        final LongVector bit = LongVector.fromArray(LONGS, scalars, (i >>> 6) * LANES).lanewise(LSHR, i & 63).and(1);
        final LongVector before = LongVector.fromArray(LONGS, previous, 0);
        LongVector.zero(LONGS).sub(bit.lanewise(XOR, before)).intoArray(swap, 0);
        bit.intoArray(previous, 0);
    }

    /** Exchanges the points in the lanes of the mask, then A = x2 + z2, B = x2 - z2, C = x3 + z3, D = x3 - z3. */
    private static void swapAddSubtract(final long[] t, final long[] swap)
    {
        final LongVector mask = LongVector.fromArray(LONGS, swap, 0);
        for (int i = 0; i < SIZE; i += LANES)
        {
            final LongVector x2 = LongVector.fromArray(LONGS, t, X2 + i);
            final LongVector x3 = LongVector.fromArray(LONGS, t, X3 + i);
            final LongVector z2 = LongVector.fromArray(LONGS, t, Z2 + i);
            final LongVector z3 = LongVector.fromArray(LONGS, t, Z3 + i);
            final LongVector x = x2.lanewise(XOR, x3).and(mask);
            final LongVector z = z2.lanewise(XOR, z3).and(mask);
            final LongVector y2 = x2.lanewise(XOR, x);
            final LongVector y3 = x3.lanewise(XOR, x);
            final LongVector w2 = z2.lanewise(XOR, z);
            final LongVector w3 = z3.lanewise(XOR, z);
            y2.add(w2).intoArray(t, A + i);
            y2.sub(w2).intoArray(t, B + i);
            y3.add(w3).intoArray(t, C + i);
            y3.sub(w3).intoArray(t, D + i);
        }
    }

    /**
     * Copies each lane's multiple of the base point in a window. The table goes through registers as a whole and the
     * digits select inside of them, so nobody sees in memory which entries were taken.
     */
    private static void select(final long[] t, final int window, final long[] digits)
    {
        final int word = ((window * X25519Base.DIGIT_BITS) >>> 6) * LANES;
        final int shift = window * X25519Base.DIGIT_BITS & 63;
        LongVector digit = LongVector.fromArray(LONGS, digits, word).lanewise(LSHR, shift);
        if (shift > 64 - X25519Base.DIGIT_BITS)
        {
            digit = digit.or(LongVector.fromArray(LONGS, digits, word + LANES).lanewise(LSHL, 64 - shift));
        }
        // v of 0 to 63 is the value 2 v - 63: entry v - 32 above 31, and 31 - v with a minus up to there
        final LongVector sign = digit.lanewise(LSHL, 64 - X25519Base.DIGIT_BITS).lanewise(ASHR, 63).lanewise(
            VectorOperators.NOT);
        final LongVector wanted = digit.lanewise(XOR, sign).and(ENTRIES - 1);
        final LongVector entry = wanted.and(ENTRIES / 2 - 1);
        final VectorMask<Long> second = wanted.compare(VectorOperators.GE, ENTRIES / 2);
        final long[] table = X25519Base.table();
        int at = window * X25519Base.WINDOW_LENGTH;
        for (int i = Y_PLUS_X; i < XY2D + SIZE; i += LANES)
        {
            final LongVector low = entry.selectFrom(
                LongVector.fromArray(LONGS, table, at), LongVector.fromArray(LONGS, table, at + 8));
            final LongVector high = entry.selectFrom(
                LongVector.fromArray(LONGS, table, at + 16), LongVector.fromArray(LONGS, table, at + 24));
            low.blend(high, second).intoArray(t, i);
            at += ENTRIES;
        }
        // -(x, y) = (-x, y): y + x and y - x change places, xy changes its sign
        for (int i = 0; i < SIZE; i += LANES)
        {
            final LongVector plus = LongVector.fromArray(LONGS, t, Y_PLUS_X + i);
            final LongVector minus = LongVector.fromArray(LONGS, t, Y_MINUS_X + i);
            final LongVector exchange = plus.lanewise(XOR, minus).and(sign);
            plus.lanewise(XOR, exchange).intoArray(t, Y_PLUS_X + i);
            minus.lanewise(XOR, exchange).intoArray(t, Y_MINUS_X + i);
            LongVector.fromArray(LONGS, t, XY2D + i).lanewise(XOR, sign).sub(sign).intoArray(t, XY2D + i);
        }
    }

    /** (X : Y : Z : T) += what was selected, in 7 products: "madd-2008-hwcd-3" of Hisil et al. 2008, complete. */
    private void addSelected()
    {
        addSubtract(t, B, A, Y, X);
        multiply(t, A, A, Y_MINUS_X);
        multiply(t, B, B, Y_PLUS_X);
        multiply(t, C, T, XY2D);
        finishAddends(t);
        multiply(t, X, E, F);
        multiply(t, Y, G, B);
        multiply(t, T, E, B);
        multiply(t, Z, F, G);
    }

    /** E = B - A, B = B + A, F = 2 Z - C, G = 2 Z + C. */
    private static void finishAddends(final long[] t)
    {
        for (int i = 0; i < SIZE; i += LANES)
        {
            final LongVector a = LongVector.fromArray(LONGS, t, A + i);
            final LongVector b = LongVector.fromArray(LONGS, t, B + i);
            final LongVector c = LongVector.fromArray(LONGS, t, C + i);
            final LongVector z = LongVector.fromArray(LONGS, t, Z + i);
            b.sub(a).intoArray(t, E + i);
            b.add(a).intoArray(t, B + i);
            z.add(z).sub(c).intoArray(t, F + i);
            z.add(z).add(c).intoArray(t, G + i);
        }
    }
}
