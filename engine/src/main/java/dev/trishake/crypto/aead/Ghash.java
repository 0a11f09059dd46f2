// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

/**
 * Multiplication in GCM's field, GF(2^128) modulo x^128 + x^7 + x^2 + x + 1 with bits in reverse (SP 800-38D 6.3),
 * without tables.
 *
 * <p>A carry-less product of 64-bit words is made of integer products <i>with holes</i>: with three of four bits 0, up
 * to fifteen sums stay in the holes and don't reach the next bit that counts (Pornin, BearSSL's {@code ghash_ctmul64}).
 * That gives the low half; the high half is the low half of the reversed words' product, reversed.
 * Sixteen terms, one too many, come together only in the highest holes, and what they carry leaves the word.
 */
public final class Ghash
{
    /** Every fourth bit. */
    public static final long HOLES = 0x1111111111111111L;

    private static final long EVEN = 0x5555555555555555L;

    private Ghash()
    {
    }

    /**
     * Multiplies: {@code r = a b}.
     *
     * @param r  where octets 0 to 7 of the result go, then octets 8 to 15, as big-endian numbers
     * @param a1 octets 0 to 7 of a, as a big-endian number
     * @param a0 octets 8 to 15
     * @param b1 octets 0 to 7 of b
     * @param b0 octets 8 to 15
     */
    public static void multiply(final long[] r, final long a1, final long a0, final long b1, final long b0)
    {
        final long a0r = Long.reverse(a0);
        final long a1r = Long.reverse(a1);
        final long b0r = Long.reverse(b0);
        final long b1r = Long.reverse(b1);
        // Karatsuba, both halves
        final long low = lowHalf(a0, b0);
        final long high = lowHalf(a1, b1);
        final long middle = lowHalf(a0 ^ a1, b0 ^ b1) ^ low ^ high;
        final long lowUp = lowHalf(a0r, b0r);
        final long highUp = lowHalf(a1r, b1r);
        final long middleUp = lowHalf(a0r ^ a1r, b0r ^ b1r) ^ lowUp ^ highUp;
        final long p1 = Long.reverse(lowUp) >>> 1 ^ middle;
        final long p2 = high ^ Long.reverse(middleUp) >>> 1;
        reduce(r, low, p1, p2, Long.reverse(highUp) >>> 1);
    }

    /**
     * Squares: {@code r = a a}. In characteristic 2 a square is its bits with zeros between them.
     *
     * @param r  where octets 0 to 7 of the result go, then octets 8 to 15, as big-endian numbers
     * @param a1 octets 0 to 7 of a, as a big-endian number
     * @param a0 octets 8 to 15
     */
    public static void square(final long[] r, final long a1, final long a0)
    {
        reduce(r, Long.expand(a0, EVEN), Long.expand(a0 >>> Integer.SIZE, EVEN), Long.expand(a1, EVEN),
            Long.expand(a1 >>> Integer.SIZE, EVEN));
    }

    private static void reduce(final long[] r, final long low, final long p1, final long p2, final long p3)
    {
        // the bits are in reverse: the product of 255 bits moves up by one, and what is too low is folded upwards
        final long v0 = low << 1;
        final long v1 = (p1 << 1 | low >>> 63) ^ v0 << 63 ^ v0 << 62 ^ v0 << 57;
        final long v2 = (p2 << 1 | p1 >>> 63) ^ v0 ^ v0 >>> 1 ^ v0 >>> 2 ^ v0 >>> 7;
        final long v3 = p3 << 1 | p2 >>> 63;
        r[0] = v3 ^ v1 ^ v1 >>> 1 ^ v1 >>> 2 ^ v1 >>> 7;
        r[1] = v2 ^ v1 << 63 ^ v1 << 62 ^ v1 << 57;
    }

    /**
     * Makes H to H^n: even powers are squares, which are cheap.
     *
     * @param powers where H is at 0, and its powers go behind it: octets 0 to 7 of each, then octets 8 to 15, as
     *               big-endian numbers
     * @param count  n
     * @param r      scratch of two words
     */
    public static void powers(final long[] powers, final int count, final long[] r)
    {
        for (int i = 2; i <= count; i++)
        {
            if (i % 2 == 0)
            {
                final int root = i - 2;
                square(r, powers[root], powers[root + 1]);
            }
            else
            {
                final int before = 2 * (i - 2);
                multiply(r, powers[before], powers[before + 1], powers[0], powers[1]);
            }
            powers[2 * (i - 1)] = r[0];
            powers[2 * (i - 1) + 1] = r[1];
        }
    }

    private static long lowHalf(final long a, final long b)
    {
        final long a0 = a & HOLES;
        final long a1 = a & HOLES << 1;
        final long a2 = a & HOLES << 2;
        final long a3 = a & HOLES << 3;
        final long b0 = b & HOLES;
        final long b1 = b & HOLES << 1;
        final long b2 = b & HOLES << 2;
        final long b3 = b & HOLES << 3;
        return ((a0 * b0 ^ a1 * b3 ^ a2 * b2 ^ a3 * b1) & HOLES) |
            ((a0 * b1 ^ a1 * b0 ^ a2 * b3 ^ a3 * b2) & HOLES << 1) |
            ((a0 * b2 ^ a1 * b1 ^ a2 * b0 ^ a3 * b3) & HOLES << 2) |
            ((a0 * b3 ^ a1 * b2 ^ a2 * b1 ^ a3 * b0) & HOLES << 3);
    }
}
