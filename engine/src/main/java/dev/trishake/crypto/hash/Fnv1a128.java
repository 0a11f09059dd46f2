// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import org.agrona.DirectBuffer;

/**
 * FNV-1a with 128 bits (Fowler, Noll, Vo) of one input in any number of pieces: no key, no secrets, no resistance to
 * anybody. gQUIC's NULL protection is its low 96 bits, little-endian.
 *
 * <p>Each octet waits for the product of the one before. Where many inputs are at hand, {@link Fnv1a128Batch} does
 * eight in the time of two and a half.
 */
public final class Fnv1a128
{
    static final long OFFSET_BASIS_HIGH = 0x6c62272e07bb0142L;
    static final long OFFSET_BASIS_LOW = 0x62b821756295c58dL;

    // the prime is 2^88 + 0x13b
    static final long PRIME_LOW = 0x13b;
    static final int PRIME_SHIFT = 88;

    private long high = OFFSET_BASIS_HIGH;
    private long low = OFFSET_BASIS_LOW;

    /** Begins with an empty input. */
    public Fnv1a128()
    {
    }

    /** Forgets the input so far. */
    public void reset()
    {
        high = OFFSET_BASIS_HIGH;
        low = OFFSET_BASIS_LOW;
    }

    /**
     * Takes a piece of the input in.
     *
     * @param buffer holds the piece
     * @param offset where it begins
     * @param length of the piece, at least 0
     */
    public void update(final DirectBuffer buffer, final int offset, final int length)
    {
        assert length >= 0 : "length=" + length;
        long h = high;
        long l = low;
        for (int i = 0; i < length; i++)
        {
            l ^= buffer.getByte(offset + i) & 0xff;
            h = h * PRIME_LOW + Math.unsignedMultiplyHigh(l, PRIME_LOW) + (l << (PRIME_SHIFT - Long.SIZE));
            l *= PRIME_LOW;
        }
        high = h;
        low = l;
    }

    /**
     * {@return bits 64 to 127 of the hash of the input so far}
     */
    public long high()
    {
        return high;
    }

    /**
     * {@return bits 0 to 63 of the hash of the input so far}
     */
    public long low()
    {
        return low;
    }
}
