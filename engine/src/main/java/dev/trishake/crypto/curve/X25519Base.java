// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import java.util.Arrays;

import static dev.trishake.crypto.curve.Field25519.LIMBS;
import static dev.trishake.crypto.curve.Field25519.add;
import static dev.trishake.crypto.curve.Field25519.multiply;
import static dev.trishake.crypto.curve.Field25519.pack;
import static dev.trishake.crypto.curve.Field25519.subtract;
import static dev.trishake.crypto.curve.Field25519.unpack;

/**
 * Multiples of X25519's base point for public keys, on the Edwards curve edwards25519, to which curve25519 is
 * birationally equivalent and whose addition has no exceptions (RFC 7748 4.1): {@code -x^2 + y^2 = 1 + d x^2 y^2}.
 *
 * <p><b>Digits.</b> A clamped scalar k is even and the base point's order L odd, so k + L is odd and below
 * 2^{@value #BITS}. An odd number below 2^n is a sum of +-2^i over all i &lt; n, and k' = (k + L + 2^n - 1) / 2 has a 1
 * where the sign is plus. Six bits v of k' thus make a digit 2 v - 63, odd and never 0, without any decision.
 *
 * <p><b>Table.</b> Entry j of window i is (2 j + 1) 2^(6 i) B as (y + x, y - x, 2 d x y), limb by limb:
 * <pre>
 *   TABLE[i * WINDOW_LENGTH + limb * ENTRIES + j]     limb 0..4: y + x, 5..9: y - x, 10..14: 2 d x y
 * </pre>
 * so that sixteen entries of a limb fill two vector registers. It is computed when this class is loaded, and shared by
 * everybody; nobody writes it afterwards.
 */
public final class X25519Base
{
    /** Bits of a digit. */
    public static final int DIGIT_BITS = 6;

    /** Digits of a scalar. */
    public static final int WINDOWS = 43;

    /** Entries of a window: the odd multiples 1 to 63. */
    public static final int ENTRIES = 1 << DIGIT_BITS - 1;

    /** Places of a window in the table. */
    public static final int WINDOW_LENGTH = 3 * LIMBS * ENTRIES;

    /** Words of a recoded scalar. */
    public static final int DIGIT_WORDS = 5;

    /** The table. */
    public static final long[] TABLE = new long[WINDOWS * WINDOW_LENGTH];

    static final int BITS = WINDOWS * DIGIT_BITS;

    // L + 2^258 - 1, where L = 2^252 + 0x14def9dea2f79cd65812631a5cf5d3ed
    private static final long ADDEND_0 = 0x5812631a5cf5d3ecL;
    private static final long ADDEND_1 = 0x14def9dea2f79cd6L;
    private static final long ADDEND_3 = 0x1000000000000000L;
    private static final long ADDEND_4 = 1L << BITS - 256;

    private static final long DIGIT_MASK = (1L << DIGIT_BITS) - 1;

    static
    {
        new TableBuilder().build();
    }

    private X25519Base()
    {
    }

    /**
     * {@return word 0 of a private key with bits 0 to 2 cleared (RFC 7748 5)}
     *
     * @param word as it came
     */
    public static long clampLowest(final long word)
    {
        return word & -8;
    }

    /**
     * {@return word 3 of a private key with bit 255 cleared and bit 254 set (RFC 7748 5)}
     *
     * @param word as it came
     */
    public static long clampHighest(final long word)
    {
        return word & Long.MAX_VALUE | 1L << 62;
    }

    /**
     * Clamps a private key and recodes it into digits.
     *
     * @param digits where {@link #DIGIT_WORDS} words go
     * @param at     place of the first one
     * @param stride from one to the next
     * @param w0     word 0 of the key
     * @param w1     word 1
     * @param w2     word 2
     * @param w3     word 3
     */
    public static void recode(
        final long[] digits, final int at, final int stride,
        final long w0, final long w1, final long w2, final long w3)
    {
        final long k0 = clampLowest(w0);
        final long k3 = clampHighest(w3);
        final long s0 = k0 + ADDEND_0;
        final long c0 = carry(k0, ADDEND_0, s0);
        final long t1 = w1 + ADDEND_1;
        final long s1 = t1 + c0;
        final long c1 = carry(w1, ADDEND_1, t1) + carry(t1, c0, s1);
        final long s2 = w2 + c1;
        final long c2 = carry(w2, c1, s2);
        // both are below 2^63, so nothing is carried out of them
        final long s3 = k3 + ADDEND_3 + c2;
        digits[at] = s0 >>> 1 | s1 << 63;
        digits[at + stride] = s1 >>> 1 | s2 << 63;
        digits[at + 2 * stride] = s2 >>> 1 | s3 << 63;
        digits[at + 3 * stride] = s3 >>> 1 | ADDEND_4 << 63;
        digits[at + 4 * stride] = ADDEND_4 >>> 1;
    }

    /** The digit of a window as v of 0 to 63: its value is 2 v - 63. */
    static long digit(final long[] digits, final int window)
    {
        final int word = window * DIGIT_BITS >> 6;
        final int shift = window * DIGIT_BITS & 63;
        final long above = shift > 64 - DIGIT_BITS ? digits[word + 1] << 64 - shift : 0;
        return (digits[word] >>> shift | above) & DIGIT_MASK;
    }

    /** The carry out of a + b = sum. */
    private static long carry(final long a, final long b, final long sum)
    {
        return (a & b | (a | b) & ~sum) >>> 63;
    }

    /** Computes the table in extended coordinates (X : Y : Z : T), x = X / Z, y = Y / Z, x y = T / Z; nothing is secret. */
    private static final class TableBuilder
    {
        private static final int POINT = 4 * LIMBS;
        private static final int POINTS = WINDOWS * ENTRIES;
        private static final int Y = LIMBS;
        private static final int Z = 2 * LIMBS;
        private static final int T = 3 * LIMBS;

        // behind the points: one that is doubled from window to window, its double, and scratch
        private static final int BASE = POINTS * POINT;
        private static final int DOUBLE = BASE + POINT;
        private static final int D2 = DOUBLE + POINT;
        private static final int A = D2 + LIMBS;
        private static final int B = A + LIMBS;
        private static final int C = B + LIMBS;
        private static final int D = C + LIMBS;
        private static final int E = D + LIMBS;
        private static final int F = E + LIMBS;
        private static final int G = F + LIMBS;
        private static final int H = G + LIMBS;
        private static final int PRODUCTS = H + LIMBS;

        private final long[] t = new long[PRODUCTS + (POINTS + 1) * LIMBS];
        private final long[] words = new long[4];

        void build()
        {
            // RFC 7748 4.1: d, and the base point that has y = 4 / 5 and an even x
            unpack(t, D2, 0x75eb4dca135978a3L, 0x00700a4d4141d8abL, 0x8cc740797779e898L, 0x52036cee2b6ffe73L);
            add(t, D2, t, D2, t, D2);
            unpack(t, BASE, 0xc9562d608f25d51aL, 0x692cc7609525a7b2L, 0xc0a4e231fdd6dc5cL, 0x216936d3cd6e53feL);
            unpack(t, BASE + Y, 0x6666666666666658L, 0x6666666666666666L, 0x6666666666666666L, 0x6666666666666666L);
            t[BASE + Z] = 1;
            multiply(t, BASE + T, t, BASE, t, BASE + Y);

            for (int window = 0; window < WINDOWS; window++)
            {
                final int first = window * ENTRIES * POINT;
                System.arraycopy(t, BASE, t, first, POINT);
                addPoints(DOUBLE, BASE, BASE);
                for (int entry = 1; entry < ENTRIES; entry++)
                {
                    addPoints(first + entry * POINT, first + (entry - 1) * POINT, DOUBLE);
                }
                // (63 + 1) times the base
                addPoints(BASE, first + (ENTRIES - 1) * POINT, BASE);
            }
            divideAll();
        }

        /** r = p + q, "add-2008-hwcd-3" of Hisil et al. 2008: complete, so it doubles as well. */
        private void addPoints(final int r, final int p, final int q)
        {
            subtract(t, A, t, p + Y, t, p);
            subtract(t, B, t, q + Y, t, q);
            multiply(t, A, t, A, t, B);
            add(t, B, t, p + Y, t, p);
            add(t, C, t, q + Y, t, q);
            multiply(t, B, t, B, t, C);
            multiply(t, C, t, p + T, t, D2);
            multiply(t, C, t, C, t, q + T);
            multiply(t, D, t, p + Z, t, q + Z);
            add(t, D, t, D, t, D);
            subtract(t, E, t, B, t, A);
            subtract(t, F, t, D, t, C);
            add(t, G, t, D, t, C);
            add(t, H, t, B, t, A);
            multiply(t, r, t, E, t, F);
            multiply(t, r + Y, t, G, t, H);
            multiply(t, r + T, t, E, t, H);
            multiply(t, r + Z, t, F, t, G);
        }

        /** Divides all points by their Z with one inversion (Montgomery's trick) and stores them. */
        private void divideAll()
        {
            t[PRODUCTS] = 1;
            for (int i = 0; i < POINTS; i++)
            {
                multiply(t, PRODUCTS + (i + 1) * LIMBS, t, PRODUCTS + i * LIMBS, t, i * POINT + Z);
            }
            Field25519.invert(t, A, PRODUCTS + POINTS * LIMBS, C);
            for (int i = POINTS - 1; i >= 0; i--)
            {
                final int point = i * POINT;
                multiply(t, B, t, A, t, PRODUCTS + i * LIMBS);
                multiply(t, A, t, A, t, point + Z);
                multiply(t, C, t, point, t, B);
                multiply(t, D, t, point + Y, t, B);
                add(t, E, t, D, t, C);
                store(i, 0, E);
                subtract(t, E, t, D, t, C);
                store(i, LIMBS, E);
                multiply(t, E, t, C, t, D);
                multiply(t, E, t, E, t, D2);
                store(i, 2 * LIMBS, E);
            }
        }

        /** Stores an element of a point from 0 to p - 1. */
        private void store(final int point, final int limb, final int element)
        {
            // carried first: a product by 1
            Arrays.fill(t, F, F + LIMBS, 0);
            t[F] = 1;
            multiply(t, F, t, element, t, F);
            pack(words, 0, 1, t, F, 1);
            unpack(t, F, words[0], words[1], words[2], words[3]);
            final int at = point / ENTRIES * WINDOW_LENGTH + limb * ENTRIES + point % ENTRIES;
            for (int i = 0; i < LIMBS; i++)
            {
                TABLE[at + i * ENTRIES] = t[F + i];
            }
        }
    }
}
