// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import static java.lang.Double.doubleToRawLongBits;

/**
 * Arithmetic modulo p = 2^255 - 19 on elements that lie in a {@code long[]}: five limbs of 51 bits, least significant
 * first, at five consecutive places.
 *
 * <pre>
 *   x = t[at] + t[at + 1] 2^51 + t[at + 2] 2^102 + t[at + 3] 2^153 + t[at + 4] 2^204   (mod p)
 * </pre>
 *
 * <p><b>Columns.</b> A product's column is a sum of five products of limbs, up to 2^111, and wanted are its low 51 bits
 * and what is above them. Its low 64 bits S come from integer multiplications. Its upper part comes from a chain of
 * fused multiply-adds which begins with C = 1.5 * 2^112: doubles of that size are multiples of 2^60, so the chain holds
 * the column rounded to a multiple of 2^60, each of five steps being off by at most 2^59, and the mantissa's bits are
 * that multiple H. The rounding is harmless: column - H 2^60 is below 2^62 in size, so S - (H &lt;&lt; 60) is exact, and
 * H 2^60 = (H &lt;&lt; 9) 2^51 goes to the next column. The bits of C itself are taken off with it.
 *
 * <p><b>Bounds.</b> Limbs are signed and carried lazily. What {@link #multiply}, {@link #square} and
 * {@link #multiplyAdd121665} give is <i>carried</i>: limbs from -2^16 to 2^51 + 2^16 (2^52.1 for the last one). An
 * operand may be carried or the sum or difference of two carried ones: a column of 77 * 2^52.1 * 2^52.1 stays below the
 * 2^111 that C leaves room for.
 *
 * <p>No branch, index or count depends on an element's value. Stateless; the result's range may be that of an operand.
 */
final class Field25519
{
    /** Places of an element. */
    static final int LIMBS = 5;

    /** Bits of a limb. */
    static final int LIMB_BITS = 51;

    private static final long MASK = (1L << LIMB_BITS) - 1;
    private static final double C = 0x1.8p112;
    private static final long C_BITS = doubleToRawLongBits(C);
    // H 2^60 is (H << 9) 2^51; above the fifth limb 2^255 = 19 comes in: 19 << 9
    private static final int UP = 60;
    private static final int UP_TO_NEXT = UP - LIMB_BITS;
    private static final long WRAP = 19L << UP_TO_NEXT;
    private static final long C_NEXT = C_BITS << UP_TO_NEXT;
    private static final long C_WRAP = C_BITS * WRAP;

    private static final int A24 = 121665;
    private static final int HALF_BITS = 26;
    private static final long HALF_MASK = (1L << HALF_BITS) - 1;
    private static final int REST_BITS = LIMB_BITS - HALF_BITS;
    private static final long REST_MASK = (1L << REST_BITS) - 1;

    private Field25519()
    {
    }

    /** r = a b. */
    static void multiply(
        final long[] r, final int ro, final long[] a, final int ao, final long[] b, final int bo)
    {
        final long a0 = a[ao];
        final long a1 = a[ao + 1];
        final long a2 = a[ao + 2];
        final long a3 = a[ao + 3];
        final long a4 = a[ao + 4];
        final long b0 = b[bo];
        final long b1 = b[bo + 1];
        final long b2 = b[bo + 2];
        final long b3 = b[bo + 3];
        final long b4 = b[bo + 4];
        // limbs of b above the fifth column, times 19
        final long c1 = 19 * b1;
        final long c2 = 19 * b2;
        final long c3 = 19 * b3;
        final long c4 = 19 * b4;

        final long h0 = upper(a0, b0, a1, c4, a2, c3, a3, c2, a4, c1);
        final long h1 = upper(a0, b1, a1, b0, a2, c4, a3, c3, a4, c2);
        final long h2 = upper(a0, b2, a1, b1, a2, b0, a3, c4, a4, c3);
        final long h3 = upper(a0, b3, a1, b2, a2, b1, a3, b0, a4, c4);
        final long h4 = upper(a0, b4, a1, b3, a2, b2, a3, b1, a4, b0);
        final long s0 = a0 * b0 + a1 * c4 + a2 * c3 + a3 * c2 + a4 * c1;
        final long s1 = a0 * b1 + a1 * b0 + a2 * c4 + a3 * c3 + a4 * c2;
        final long s2 = a0 * b2 + a1 * b1 + a2 * b0 + a3 * c4 + a4 * c3;
        final long s3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + a4 * c4;
        final long s4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;

        final long u0 = s0 - (h0 << UP) + h4 * WRAP - C_WRAP;
        final long u1 = s1 - (h1 << UP) + (h0 << UP_TO_NEXT) - C_NEXT;
        final long u2 = s2 - (h2 << UP) + (h1 << UP_TO_NEXT) - C_NEXT;
        final long u3 = s3 - (h3 << UP) + (h2 << UP_TO_NEXT) - C_NEXT;
        final long u4 = s4 - (h4 << UP) + (h3 << UP_TO_NEXT) - C_NEXT;
        r[ro] = (u0 & MASK) + 19 * (u4 >> LIMB_BITS);
        r[ro + 1] = (u1 & MASK) + (u0 >> LIMB_BITS);
        r[ro + 2] = (u2 & MASK) + (u1 >> LIMB_BITS);
        r[ro + 3] = (u3 & MASK) + (u2 >> LIMB_BITS);
        r[ro + 4] = (u4 & MASK) + (u3 >> LIMB_BITS);
    }

    /** r = a^2. */
    static void square(final long[] r, final int ro, final long[] a, final int ao)
    {
        final long a0 = a[ao];
        final long a1 = a[ao + 1];
        final long a2 = a[ao + 2];
        final long a3 = a[ao + 3];
        final long a4 = a[ao + 4];
        final long d0 = 2 * a0;
        final long d1 = 2 * a1;
        final long d2 = 2 * a2;
        final long d3 = 2 * a3;
        final long c3 = 19 * a3;
        final long c4 = 19 * a4;

        final long h0 = upper(a0, a0, d1, c4, d2, c3);
        final long h1 = upper(d0, a1, d2, c4, a3, c3);
        final long h2 = upper(d0, a2, a1, a1, d3, c4);
        final long h3 = upper(d0, a3, d1, a2, a4, c4);
        final long h4 = upper(d0, a4, d1, a3, a2, a2);
        final long s0 = a0 * a0 + d1 * c4 + d2 * c3;
        final long s1 = d0 * a1 + d2 * c4 + a3 * c3;
        final long s2 = d0 * a2 + a1 * a1 + d3 * c4;
        final long s3 = d0 * a3 + d1 * a2 + a4 * c4;
        final long s4 = d0 * a4 + d1 * a3 + a2 * a2;

        final long u0 = s0 - (h0 << UP) + h4 * WRAP - C_WRAP;
        final long u1 = s1 - (h1 << UP) + (h0 << UP_TO_NEXT) - C_NEXT;
        final long u2 = s2 - (h2 << UP) + (h1 << UP_TO_NEXT) - C_NEXT;
        final long u3 = s3 - (h3 << UP) + (h2 << UP_TO_NEXT) - C_NEXT;
        final long u4 = s4 - (h4 << UP) + (h3 << UP_TO_NEXT) - C_NEXT;
        r[ro] = (u0 & MASK) + 19 * (u4 >> LIMB_BITS);
        r[ro + 1] = (u1 & MASK) + (u0 >> LIMB_BITS);
        r[ro + 2] = (u2 & MASK) + (u1 >> LIMB_BITS);
        r[ro + 3] = (u3 & MASK) + (u2 >> LIMB_BITS);
        r[ro + 4] = (u4 & MASK) + (u3 >> LIMB_BITS);
    }

    /** r = a^(2^times), times at least 1. */
    static void square(final long[] r, final int ro, final long[] a, final int ao, final int times)
    {
        square(r, ro, a, ao);
        for (int i = 1; i < times; i++)
        {
            square(r, ro, r, ro);
        }
    }

    /** r = a + b, limb by limb. */
    static void add(final long[] r, final int ro, final long[] a, final int ao, final long[] b, final int bo)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            r[ro + i] = a[ao + i] + b[bo + i];
        }
    }

    /** r = a - b, limb by limb. */
    static void subtract(final long[] r, final int ro, final long[] a, final int ao, final long[] b, final int bo)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            r[ro + i] = a[ao + i] - b[bo + i];
        }
    }

    /**
     * r = a + 121665 e, where 121665 = (486662 - 2) / 4 is the ladder's constant (RFC 7748 5). Limbs of e are split at
     * bit 26, so that no product leaves 64 bits; those of r stay below 2^52.1.
     */
    static void multiplyAdd121665(
        final long[] r, final int ro, final long[] a, final int ao, final long[] e, final int eo)
    {
        long carry = 19 * ((e[eo + LIMBS - 1] >> HALF_BITS) * A24 >> REST_BITS);
        for (int i = 0; i < LIMBS; i++)
        {
            final long limb = e[eo + i];
            final long upper = (limb >> HALF_BITS) * A24;
            r[ro + i] = a[ao + i] + (limb & HALF_MASK) * A24 + ((upper & REST_MASK) << HALF_BITS) + carry;
            carry = upper >> REST_BITS;
        }
    }

    /**
     * r = 1 / z = z^(p - 2); 0 for 0. The chain of 254 squarings and 11 products is that of curve25519's reference.
     *
     * @param t    everything lies here
     * @param r    where the result goes
     * @param z    where the operand lies; may be r
     * @param free where 4 elements of scratch begin
     */
    static void invert(final long[] t, final int r, final int z, final int free)
    {
        final int a = free;
        final int b = free + LIMBS;
        final int c = free + 2 * LIMBS;
        final int d = free + 3 * LIMBS;
        square(t, a, t, z);                 // 2
        square(t, b, t, a, 2);              // 8
        multiply(t, b, t, z, t, b);         // 9
        multiply(t, a, t, a, t, b);         // 11
        square(t, c, t, a);                 // 22
        multiply(t, b, t, b, t, c);         // 2^5 - 1
        square(t, c, t, b, 5);
        multiply(t, b, t, c, t, b);         // 2^10 - 1
        square(t, c, t, b, 10);
        multiply(t, c, t, c, t, b);         // 2^20 - 1
        square(t, d, t, c, 20);
        multiply(t, c, t, d, t, c);         // 2^40 - 1
        square(t, c, t, c, 10);
        multiply(t, b, t, c, t, b);         // 2^50 - 1
        square(t, c, t, b, 50);
        multiply(t, c, t, c, t, b);         // 2^100 - 1
        square(t, d, t, c, 100);
        multiply(t, c, t, d, t, c);         // 2^200 - 1
        square(t, c, t, c, 50);
        multiply(t, b, t, c, t, b);         // 2^250 - 1
        square(t, b, t, b, 5);
        multiply(t, r, t, b, t, a);         // 2^255 - 21
    }

    /**
     * Reads an element from 256 bits, of which the highest is ignored (RFC 7748 5).
     *
     * @param t  where it goes
     * @param at its place
     * @param w0 octets 0 to 7, little-endian
     * @param w1 octets 8 to 15
     * @param w2 octets 16 to 23
     * @param w3 octets 24 to 31
     */
    static void unpack(final long[] t, final int at, final long w0, final long w1, final long w2, final long w3)
    {
        t[at] = w0 & MASK;
        t[at + 1] = (w0 >>> 51 | w1 << 13) & MASK;
        t[at + 2] = (w1 >>> 38 | w2 << 26) & MASK;
        t[at + 3] = (w2 >>> 25 | w3 << 39) & MASK;
        t[at + 4] = w3 >>> 12 & MASK;
    }

    /**
     * Writes an element's value from 0 to p - 1 as four words.
     *
     * @param words      where they go, least significant first
     * @param wordsAt    place of the first one
     * @param wordStride from one to the next
     * @param t          holds the element, carried
     * @param at         place of its first limb
     * @param stride     from one limb to the next
     */
    static void pack(
        final long[] words, final int wordsAt, final int wordStride, final long[] t, final int at, final int stride)
    {
        long l0 = t[at];
        long l1 = t[at + stride];
        long l2 = t[at + 2 * stride];
        long l3 = t[at + 3 * stride];
        long l4 = t[at + 4 * stride];
        // the first turn leaves a limb of at most one bit too many or below 0, the second one from 0 to 2^255 + 18
        for (int i = 0; i < 2; i++)
        {
            l1 += l0 >> LIMB_BITS;
            l0 &= MASK;
            l2 += l1 >> LIMB_BITS;
            l1 &= MASK;
            l3 += l2 >> LIMB_BITS;
            l2 &= MASK;
            l4 += l3 >> LIMB_BITS;
            l3 &= MASK;
            l0 += 19 * (l4 >> LIMB_BITS);
            l4 &= MASK;
        }
        // 1 if the value is p or more, which x + 19 tells in bit 255
        long over = l0 + 19 >> LIMB_BITS;
        over = l1 + over >> LIMB_BITS;
        over = l2 + over >> LIMB_BITS;
        over = l3 + over >> LIMB_BITS;
        over = l4 + over >> LIMB_BITS;
        l0 += 19 * over;
        l1 += l0 >> LIMB_BITS;
        l0 &= MASK;
        l2 += l1 >> LIMB_BITS;
        l1 &= MASK;
        l3 += l2 >> LIMB_BITS;
        l2 &= MASK;
        l4 += l3 >> LIMB_BITS;
        l3 &= MASK;
        l4 &= MASK;
        words[wordsAt] = l0 | l1 << 51;
        words[wordsAt + wordStride] = l1 >>> 13 | l2 << 38;
        words[wordsAt + 2 * wordStride] = l2 >>> 26 | l3 << 25;
        words[wordsAt + 3 * wordStride] = l3 >>> 39 | l4 << 12;
    }

    /** The upper part H of a column of five products, with the bits of C. */
    private static long upper(
        final long a, final long b, final long c, final long d, final long e, final long f,
        final long g, final long h, final long i, final long j)
    {
        return doubleToRawLongBits(Math.fma((double)a, (double)b, Math.fma((double)c, (double)d,
            Math.fma((double)e, (double)f, Math.fma((double)g, (double)h, Math.fma((double)i, (double)j, C))))));
    }

    /** The upper part H of a column of three products, with the bits of C. */
    private static long upper(
        final long a, final long b, final long c, final long d, final long e, final long f)
    {
        return doubleToRawLongBits(Math.fma((double)a, (double)b,
            Math.fma((double)c, (double)d, Math.fma((double)e, (double)f, C))));
    }
}
