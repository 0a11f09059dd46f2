// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.ConstantTime;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Poly1305 (RFC 8439 2.5) of whole blocks, one after the other, on numbers of five limbs of 26 bits.
 *
 * <p>A limb that is carried is below 2^26 (2^26 + 2^10 for limb 1), so that a column of products stays below 2^58.
 */
public final class Poly1305
{
    /** Limbs of a number. */
    public static final int LIMBS = 5;

    /** Bits of a limb. */
    public static final int LIMB_BITS = 26;

    /** The bit above a block, 2^128, in limb 4. */
    public static final long BLOCK_BIT = 1L << (128 - 4 * LIMB_BITS);

    private static final long MASK = (1L << LIMB_BITS) - 1;

    // RFC 8439 2.5.1: some bits of r are 0
    private static final long CLAMP_LOW = 0x0ffffffc0fffffffL;
    private static final long CLAMP_HIGH = 0x0ffffffc0ffffffcL;

    private Poly1305()
    {
    }

    /**
     * Takes the first half of a one-time key.
     *
     * @param r    where the multiplier goes
     * @param low  octets 0 to 7, little-endian
     * @param high octets 8 to 15
     */
    static void multiplier(final long[] r, final long low, final long high)
    {
        final long l = low & CLAMP_LOW;
        final long h = high & CLAMP_HIGH;
        r[0] = l & MASK;
        r[1] = l >>> 26 & MASK;
        r[2] = (l >>> 52 | h << 12) & MASK;
        r[3] = h >>> 14 & MASK;
        r[4] = h >>> 40;
    }

    /**
     * Takes blocks in: h = (h + block + 2^128) r for each.
     *
     * @param h      the accumulator, carried
     * @param r      the multiplier
     * @param blocks holds the blocks
     * @param offset where they begin
     * @param count  how many
     */
    public static void blocks(
        final long[] h, final long[] r, final UnsafeBuffer blocks, final int offset, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final long low = blocks.getLong(offset + i * Aead.BLOCK_LENGTH, LITTLE_ENDIAN);
            final long high = blocks.getLong(offset + i * Aead.BLOCK_LENGTH + Long.BYTES, LITTLE_ENDIAN);
            h[0] += low & MASK;
            h[1] += low >>> 26 & MASK;
            h[2] += (low >>> 52 | high << 12) & MASK;
            h[3] += high >>> 14 & MASK;
            h[4] += high >>> 40 | BLOCK_BIT;
            multiply(h, 0, h, 0, r);
        }
    }

    /**
     * Multiplies: r = a b, carried.
     *
     * @param r  where the result goes; may be a's place
     * @param ro its place
     * @param a  limbs up to 2^28
     * @param ao its place
     * @param b  carried
     */
    public static void multiply(final long[] r, final int ro, final long[] a, final int ao, final long[] b)
    {
        final long a0 = a[ao];
        final long a1 = a[ao + 1];
        final long a2 = a[ao + 2];
        final long a3 = a[ao + 3];
        final long a4 = a[ao + 4];
        final long b0 = b[0];
        final long b1 = b[1];
        final long b2 = b[2];
        final long b3 = b[3];
        final long b4 = b[4];
        // 2^130 = 5
        final long c1 = 5 * b1;
        final long c2 = 5 * b2;
        final long c3 = 5 * b3;
        final long c4 = 5 * b4;
        final long d0 = a0 * b0 + a1 * c4 + a2 * c3 + a3 * c2 + a4 * c1;
        final long d1 = a0 * b1 + a1 * b0 + a2 * c4 + a3 * c3 + a4 * c2 + (d0 >>> LIMB_BITS);
        final long d2 = a0 * b2 + a1 * b1 + a2 * b0 + a3 * c4 + a4 * c3 + (d1 >>> LIMB_BITS);
        final long d3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + a4 * c4 + (d2 >>> LIMB_BITS);
        final long d4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + (d3 >>> LIMB_BITS);
        final long e0 = (d0 & MASK) + 5 * (d4 >>> LIMB_BITS);
        r[ro] = e0 & MASK;
        r[ro + 1] = (d1 & MASK) + (e0 >>> LIMB_BITS);
        r[ro + 2] = d2 & MASK;
        r[ro + 3] = d3 & MASK;
        r[ro + 4] = d4 & MASK;
    }

    /**
     * Carries limbs.
     *
     * @param h limbs from 0 to 2^62
     */
    public static void carry(final long[] h)
    {
        final long d1 = h[1] + (h[0] >>> LIMB_BITS);
        final long d2 = h[2] + (d1 >>> LIMB_BITS);
        final long d3 = h[3] + (d2 >>> LIMB_BITS);
        final long d4 = h[4] + (d3 >>> LIMB_BITS);
        final long e0 = (h[0] & MASK) + 5 * (d4 >>> LIMB_BITS);
        h[0] = e0 & MASK;
        h[1] = (d1 & MASK) + (e0 >>> LIMB_BITS);
        h[2] = d2 & MASK;
        h[3] = d3 & MASK;
        h[4] = d4 & MASK;
    }

    /**
     * Writes the tag: h modulo 2^130 - 5, plus the second half of the one-time key, modulo 2^128.
     *
     * @param h      the accumulator, carried; carried further here
     * @param low    octets 16 to 23 of the key, little-endian
     * @param high   octets 24 to 31
     * @param tag    where 16 octets go
     */
    static void finish(final long[] h, final long low, final long high, final UnsafeBuffer tag)
    {
        // twice: limb 1 may have been one bit too long
        carry(h);
        carry(h);
        // h + 5 reaches 2^130 exactly where h is 2^130 - 5 or more
        final long g0 = h[0] + 5;
        final long g1 = h[1] + (g0 >>> LIMB_BITS);
        final long g2 = h[2] + (g1 >>> LIMB_BITS);
        final long g3 = h[3] + (g2 >>> LIMB_BITS);
        final long g4 = h[4] + (g3 >>> LIMB_BITS);
        final long reduced = -(g4 >>> LIMB_BITS);
        final long h0 = ConstantTime.select(reduced, g0 & MASK, h[0]);
        final long h1 = ConstantTime.select(reduced, g1 & MASK, h[1]);
        final long h2 = ConstantTime.select(reduced, g2 & MASK, h[2]);
        final long h3 = ConstantTime.select(reduced, g3 & MASK, h[3]);
        final long h4 = ConstantTime.select(reduced, g4 & MASK, h[4]);
        final long first = h0 | h1 << 26 | h2 << 52;
        final long second = h2 >>> 12 | h3 << 14 | h4 << 40;
        final long sum = first + low;
        tag.putLong(0, sum, LITTLE_ENDIAN);
        tag.putLong(Long.BYTES, second + high - ConstantTime.lessThan(sum, low), LITTLE_ENDIAN);
    }
}
