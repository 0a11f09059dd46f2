// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.ConstantTime;

import java.util.Arrays;

import static dev.trishake.crypto.curve.Field25519.LIMBS;
import static dev.trishake.crypto.curve.Field25519.add;
import static dev.trishake.crypto.curve.Field25519.invert;
import static dev.trishake.crypto.curve.Field25519.multiply;
import static dev.trishake.crypto.curve.Field25519.multiplyAdd121665;
import static dev.trishake.crypto.curve.Field25519.pack;
import static dev.trishake.crypto.curve.Field25519.square;
import static dev.trishake.crypto.curve.Field25519.subtract;
import static dev.trishake.crypto.curve.Field25519.unpack;

/** X25519 for any JVM: one lane after the other. */
final class X25519Scalars implements X25519Lanes
{
    // elements of the scratch; the names are those of RFC 7748 5 and of the addition in X25519Base
    private static final int X1 = 0;
    private static final int X2 = LIMBS;
    private static final int Z2 = 2 * LIMBS;
    private static final int X3 = 3 * LIMBS;
    private static final int Z3 = 4 * LIMBS;
    private static final int A = 5 * LIMBS;
    private static final int B = 6 * LIMBS;
    private static final int C = 7 * LIMBS;
    private static final int D = 8 * LIMBS;
    private static final int AA = 9 * LIMBS;
    private static final int BB = 10 * LIMBS;
    private static final int E = 11 * LIMBS;
    private static final int DA = 12 * LIMBS;
    private static final int CB = 13 * LIMBS;

    private static final int X = 0;
    private static final int Y = LIMBS;
    private static final int Z = 2 * LIMBS;
    private static final int T = 3 * LIMBS;
    private static final int Y_PLUS_X = 12 * LIMBS;
    private static final int Y_MINUS_X = 13 * LIMBS;
    private static final int XY2D = 14 * LIMBS;
    private static final int F = 9 * LIMBS;
    private static final int G = 10 * LIMBS;

    private final long[] t = new long[15 * LIMBS];
    private final long[] digits = new long[X25519Base.DIGIT_WORDS];

    @Override
    public void agree(final long[] privateKeys, final long[] publicKeys, final long[] results, final int lanes)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            unpack(t, X1, publicKeys[lane], publicKeys[LANES + lane], publicKeys[2 * LANES + lane],
                publicKeys[3 * LANES + lane]);
            ladder(X25519Base.clampLowest(privateKeys[lane]), privateKeys[LANES + lane],
                privateKeys[2 * LANES + lane], X25519Base.clampHighest(privateKeys[3 * LANES + lane]));
            invert(t, Z3, Z2, A);
            multiply(t, X2, t, X2, t, Z3);
            pack(results, lane, LANES, t, X2, 1);
        }
    }

    @Override
    public void generate(final long[] privateKeys, final long[] results, final int lanes)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            X25519Base.recode(digits, 0, 1, privateKeys[lane], privateKeys[LANES + lane],
                privateKeys[2 * LANES + lane], privateKeys[3 * LANES + lane]);
            Arrays.fill(t, X, T + LIMBS, 0);
            t[Y] = 1;
            t[Z] = 1;
            for (int window = 0; window < X25519Base.WINDOWS; window++)
            {
                select(window, X25519Base.digit(digits, window));
                addSelected();
            }
            // u = (Z + Y) / (Z - Y), RFC 7748 4.1
            add(t, X, t, Z, t, Y);
            subtract(t, Z, t, Z, t, Y);
            invert(t, Z, Z, A);
            multiply(t, X, t, X, t, Z);
            pack(results, lane, LANES, t, X, 1);
        }
    }

    @Override
    public void wipe()
    {
        Arrays.fill(t, 0);
        Arrays.fill(digits, 0);
    }

    /** The Montgomery ladder of RFC 7748 5 over bits 254 to 0 of a clamped scalar. Bit 0 is 0: no swap is left over. */
    private void ladder(final long w0, final long w1, final long w2, final long w3)
    {
        Arrays.fill(t, X2, X3, 0);
        t[X2] = 1;
        System.arraycopy(t, X1, t, X3, LIMBS);
        Arrays.fill(t, Z3, Z3 + LIMBS, 0);
        t[Z3] = 1;

        long previous = 0;
        for (int i = 254; i >= 0; i--)
        {
            final long word = i >= 192 ? w3 : i >= 128 ? w2 : i >= 64 ? w1 : w0;
            final long bit = word >>> i & 1;
            step(-(bit ^ previous));
            previous = bit;
        }
    }

    /** One step of the ladder; the mask is all ones where the points are to be exchanged first. */
    private void step(final long swap)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            final long x = (t[X2 + i] ^ t[X3 + i]) & swap;
            final long z = (t[Z2 + i] ^ t[Z3 + i]) & swap;
            final long x2 = t[X2 + i] ^ x;
            final long x3 = t[X3 + i] ^ x;
            final long z2 = t[Z2 + i] ^ z;
            final long z3 = t[Z3 + i] ^ z;
            t[A + i] = x2 + z2;
            t[B + i] = x2 - z2;
            t[C + i] = x3 + z3;
            t[D + i] = x3 - z3;
        }
        square(t, AA, t, A);
        square(t, BB, t, B);
        multiply(t, DA, t, D, t, A);
        multiply(t, CB, t, C, t, B);
        subtract(t, E, t, AA, t, BB);
        add(t, A, t, DA, t, CB);
        subtract(t, B, t, DA, t, CB);
        square(t, X3, t, A);
        square(t, C, t, B);
        multiply(t, Z3, t, C, t, X1);
        multiply(t, X2, t, AA, t, BB);
        multiplyAdd121665(t, D, t, AA, t, E);
        multiply(t, Z2, t, D, t, E);
    }

    /** Copies the window's multiple of the base point, digit 2 v - 63; every entry is read. */
    private void select(final int window, final long v)
    {
        final long sign = ConstantTime.lessThan(v, X25519Base.ENTRIES);
        final long wanted = (v ^ sign) & X25519Base.ENTRIES - 1;
        final long[] table = X25519Base.TABLE;
        Arrays.fill(t, Y_PLUS_X, XY2D + LIMBS, 0);
        for (int entry = 0; entry < X25519Base.ENTRIES; entry++)
        {
            final long mask = ConstantTime.equal(entry, wanted);
            int at = window * X25519Base.WINDOW_LENGTH + entry;
            for (int i = Y_PLUS_X; i < XY2D + LIMBS; i++)
            {
                t[i] |= table[at] & mask;
                at += X25519Base.ENTRIES;
            }
        }
        // -(x, y) = (-x, y): y + x and y - x change places, xy changes its sign
        for (int i = 0; i < LIMBS; i++)
        {
            final long exchange = (t[Y_PLUS_X + i] ^ t[Y_MINUS_X + i]) & sign;
            t[Y_PLUS_X + i] ^= exchange;
            t[Y_MINUS_X + i] ^= exchange;
            t[XY2D + i] = (t[XY2D + i] ^ sign) - sign;
        }
    }

    /** (X : Y : Z : T) += what was selected, in 7 products: "madd-2008-hwcd-3" of Hisil et al. 2008, complete. */
    private void addSelected()
    {
        subtract(t, A, t, Y, t, X);
        add(t, B, t, Y, t, X);
        multiply(t, A, t, A, t, Y_MINUS_X);
        multiply(t, B, t, B, t, Y_PLUS_X);
        multiply(t, C, t, T, t, XY2D);
        add(t, D, t, Z, t, Z);
        subtract(t, E, t, B, t, A);
        subtract(t, F, t, D, t, C);
        add(t, G, t, D, t, C);
        add(t, B, t, B, t, A);
        multiply(t, X, t, E, t, F);
        multiply(t, Y, t, G, t, B);
        multiply(t, T, t, E, t, B);
        multiply(t, Z, t, F, t, G);
    }
}
