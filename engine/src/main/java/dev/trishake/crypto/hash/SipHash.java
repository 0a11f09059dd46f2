// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * SipHash-2-4 and SipHash-1-3 with a 64-bit result (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012).
 *
 * <p>SipHash-2-4 is a pseudo-random function: use it where its output is seen by a peer or forging it does harm
 * (initial sequence numbers, cookies). SipHash-1-3 is for tables whose buckets must not be attacked; its output stays
 * inside.
 *
 * <p>The key is 16 octets, given as two words: {@code k0} is octets 0 to 7, {@code k1} octets 8 to 15, both
 * little-endian. The result is the word whose little-endian octets the reference implementation writes. Short inputs of
 * fixed size need no buffer: the variants over words equal the hash of the words' little-endian octets.
 *
 * <p>Time depends on the length only. Stateless, total: no input is wrong.
 */
public final class SipHash
{
    // "somepseudorandomlygeneratedbytes", 2.1 Initialization
    private static final long INIT_0 = 0x736f6d6570736575L;
    private static final long INIT_1 = 0x646f72616e646f6dL;
    private static final long INIT_2 = 0x6c7967656e657261L;
    private static final long INIT_3 = 0x7465646279746573L;

    private static final int WORD_LENGTH = Long.BYTES;
    private static final long LOW_32 = 0xffff_ffffL;
    private static final long LENGTH_12 = 12L << 56;
    private static final long LENGTH_16 = 16L << 56;
    private static final long LENGTH_19 = 19L << 56;
    private static final long LENGTH_24 = 24L << 56;
    private static final long LENGTH_36 = 36L << 56;
    private static final long LENGTH_40 = 40L << 56;
    private static final long LENGTH_43 = 43L << 56;
    private static final long FINALIZATION_MARK = 0xff;

    private SipHash()
    {
    }

    /**
     * {@return SipHash-2-4 of a range of a buffer}
     *
     * @param k0     octets 0 to 7 of the key, little-endian
     * @param k1     octets 8 to 15 of the key, little-endian
     * @param buffer holds the input
     * @param offset where the input begins; need not be aligned
     * @param length of the input, at least 0
     */
    public static long hash24(
        final long k0, final long k1, final DirectBuffer buffer, final int offset, final int length)
    {
        return hash(2, 4, k0, k1, buffer, offset, length);
    }

    /**
     * {@return SipHash-2-4 of 16 octets}
     *
     * @param k0 octets 0 to 7 of the key, little-endian
     * @param k1 octets 8 to 15 of the key, little-endian
     * @param w0 octets 0 to 7 of the input, little-endian
     * @param w1 octets 8 to 15
     */
    public static long hash24(final long k0, final long k1, final long w0, final long w1)
    {
        return hash(2, 4, k0, k1, 2, w0, w1, LENGTH_16, 0, 0, 0);
    }

    /**
     * {@return SipHash-2-4 of 24 octets}
     *
     * @param k0 octets 0 to 7 of the key, little-endian
     * @param k1 octets 8 to 15 of the key, little-endian
     * @param w0 octets 0 to 7 of the input, little-endian
     * @param w1 octets 8 to 15
     * @param w2 octets 16 to 23
     */
    public static long hash24(final long k0, final long k1, final long w0, final long w1, final long w2)
    {
        return hash(2, 4, k0, k1, 3, w0, w1, w2, LENGTH_24, 0, 0);
    }

    /**
     * {@return SipHash-2-4 of 40 octets}
     *
     * @param k0 octets 0 to 7 of the key, little-endian
     * @param k1 octets 8 to 15 of the key, little-endian
     * @param w0 octets 0 to 7 of the input, little-endian
     * @param w1 octets 8 to 15
     * @param w2 octets 16 to 23
     * @param w3 octets 24 to 31
     * @param w4 octets 32 to 39
     */
    public static long hash24(
        final long k0, final long k1, final long w0, final long w1, final long w2, final long w3, final long w4)
    {
        return hash(2, 4, k0, k1, 5, w0, w1, w2, w3, w4, LENGTH_40);
    }

    /**
     * {@return SipHash-2-4 of 12 octets}
     *
     * @param k0   octets 0 to 7 of the key, little-endian
     * @param k1   octets 8 to 15 of the key, little-endian
     * @param w0   octets 0 to 7 of the input, little-endian
     * @param tail octets 8 to 11
     */
    public static long hash24Of12(final long k0, final long k1, final long w0, final int tail)
    {
        return hash(2, 4, k0, k1, 1, w0, LENGTH_12 | (tail & LOW_32), 0, 0, 0, 0);
    }

    /**
     * {@return SipHash-2-4 of 19 octets}
     *
     * @param k0   octets 0 to 7 of the key, little-endian
     * @param k1   octets 8 to 15 of the key, little-endian
     * @param w0   octets 0 to 7 of the input, little-endian
     * @param w1   octets 8 to 15
     * @param tail octets 16 to 18: 0 to 0xffffff
     */
    public static long hash24Of19(final long k0, final long k1, final long w0, final long w1, final int tail)
    {
        return hash(2, 4, k0, k1, 2, w0, w1, LENGTH_19 | (tail & LOW_32), 0, 0, 0);
    }

    /**
     * {@return SipHash-2-4 of 36 octets}
     *
     * @param k0   octets 0 to 7 of the key, little-endian
     * @param k1   octets 8 to 15 of the key, little-endian
     * @param w0   octets 0 to 7 of the input, little-endian
     * @param w1   octets 8 to 15
     * @param w2   octets 16 to 23
     * @param w3   octets 24 to 31
     * @param tail octets 32 to 35
     */
    public static long hash24Of36(
        final long k0, final long k1, final long w0, final long w1, final long w2, final long w3, final int tail)
    {
        return hash(2, 4, k0, k1, 4, w0, w1, w2, w3, LENGTH_36 | (tail & LOW_32), 0);
    }

    /**
     * {@return SipHash-2-4 of 43 octets}
     *
     * @param k0   octets 0 to 7 of the key, little-endian
     * @param k1   octets 8 to 15 of the key, little-endian
     * @param w0   octets 0 to 7 of the input, little-endian
     * @param w1   octets 8 to 15
     * @param w2   octets 16 to 23
     * @param w3   octets 24 to 31
     * @param w4   octets 32 to 39
     * @param tail octets 40 to 42: 0 to 0xffffff
     */
    public static long hash24Of43(
        final long k0, final long k1, final long w0, final long w1, final long w2, final long w3, final long w4,
        final int tail)
    {
        return hash(2, 4, k0, k1, 5, w0, w1, w2, w3, w4, LENGTH_43 | (tail & LOW_32));
    }

    /**
     * {@return SipHash-1-3 of 12 octets}
     *
     * @param k0   octets 0 to 7 of the key, little-endian
     * @param k1   octets 8 to 15 of the key, little-endian
     * @param w0   octets 0 to 7 of the input, little-endian
     * @param tail octets 8 to 11
     */
    public static long hash13Of12(final long k0, final long k1, final long w0, final int tail)
    {
        return hash(1, 3, k0, k1, 1, w0, LENGTH_12 | (tail & LOW_32), 0, 0, 0, 0);
    }

    /**
     * {@return SipHash-1-3 of 36 octets}
     *
     * @param k0   octets 0 to 7 of the key, little-endian
     * @param k1   octets 8 to 15 of the key, little-endian
     * @param w0   octets 0 to 7 of the input, little-endian
     * @param w1   octets 8 to 15
     * @param w2   octets 16 to 23
     * @param w3   octets 24 to 31
     * @param tail octets 32 to 35
     */
    public static long hash13Of36(
        final long k0, final long k1, final long w0, final long w1, final long w2, final long w3, final int tail)
    {
        return hash(1, 3, k0, k1, 4, w0, w1, w2, w3, LENGTH_36 | (tail & LOW_32), 0);
    }

    /**
     * {@return SipHash-1-3 of a range of a buffer}
     *
     * @param k0     octets 0 to 7 of the key, little-endian
     * @param k1     octets 8 to 15 of the key, little-endian
     * @param buffer holds the input
     * @param offset where the input begins; need not be aligned
     * @param length of the input, at least 0
     */
    public static long hash13(
        final long k0, final long k1, final DirectBuffer buffer, final int offset, final int length)
    {
        return hash(1, 3, k0, k1, buffer, offset, length);
    }

    /**
     * {@return SipHash-1-3 of 16 octets}
     *
     * @param k0 octets 0 to 7 of the key, little-endian
     * @param k1 octets 8 to 15 of the key, little-endian
     * @param w0 octets 0 to 7 of the input, little-endian
     * @param w1 octets 8 to 15
     */
    public static long hash13(final long k0, final long k1, final long w0, final long w1)
    {
        return hash(1, 3, k0, k1, 2, w0, w1, LENGTH_16, 0, 0, 0);
    }

    /**
     * {@return SipHash-1-3 of 24 octets}
     *
     * @param k0 octets 0 to 7 of the key, little-endian
     * @param k1 octets 8 to 15 of the key, little-endian
     * @param w0 octets 0 to 7 of the input, little-endian
     * @param w1 octets 8 to 15
     * @param w2 octets 16 to 23
     */
    public static long hash13(final long k0, final long k1, final long w0, final long w1, final long w2)
    {
        return hash(1, 3, k0, k1, 3, w0, w1, w2, LENGTH_24, 0, 0);
    }

    /**
     * {@return SipHash-1-3 of 40 octets}
     *
     * @param k0 octets 0 to 7 of the key, little-endian
     * @param k1 octets 8 to 15 of the key, little-endian
     * @param w0 octets 0 to 7 of the input, little-endian
     * @param w1 octets 8 to 15
     * @param w2 octets 16 to 23
     * @param w3 octets 24 to 31
     * @param w4 octets 32 to 39
     */
    public static long hash13(
        final long k0, final long k1, final long w0, final long w1, final long w2, final long w3, final long w4)
    {
        return hash(1, 3, k0, k1, 5, w0, w1, w2, w3, w4, LENGTH_40);
    }

    /** SipHash-c-d over a buffer. */
    private static long hash(
        final int c, final int d, final long k0, final long k1,
        final DirectBuffer buffer, final int offset, final int length)
    {
        assert length >= 0 : "length=" + length;

        final int tail = offset + (length & -WORD_LENGTH);
        long v0 = k0 ^ INIT_0;
        long v1 = k1 ^ INIT_1;
        long v2 = k0 ^ INIT_2;
        long v3 = k1 ^ INIT_3;

        for (int at = offset; at <= tail; at += WORD_LENGTH)
        {
            final long word = at < tail ? buffer.getLong(at, LITTLE_ENDIAN) : lastWord(buffer, tail, length);
            v3 ^= word;
            for (int i = 0; i < c; i++)
            {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32) + v3;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        return finish(d, v0, v1, v2, v3);
    }

    /**
     * SipHash-c-d over {@code count} words and the last word, which follows them and holds the length; those after it
     * are 0. The words move up one place a turn, in registers: as fast as the unrolled form, and short.
     */
    private static long hash(
        final int c, final int d, final long k0, final long k1, final int count,
        final long w0, final long w1, final long w2, final long w3, final long w4, final long w5)
    {
        long v0 = k0 ^ INIT_0;
        long v1 = k1 ^ INIT_1;
        long v2 = k0 ^ INIT_2;
        long v3 = k1 ^ INIT_3;
        long word = w0;
        long next1 = w1;
        long next2 = w2;
        long next3 = w3;
        long next4 = w4;

        for (int left = count; left >= 0; left--)
        {
            v3 ^= word;
            for (int i = 0; i < c; i++)
            {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32) + v3;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;

            word = next1;
            next1 = next2;
            next2 = next3;
            next3 = next4;
            next4 = w5;
        }
        return finish(d, v0, v1, v2, v3);
    }

    /** What is left of the input, at most 7 octets, under the length modulo 256 in the highest octet. */
    private static long lastWord(final DirectBuffer buffer, final int tail, final int length)
    {
        long word = length;
        for (int i = WORD_LENGTH - 2; i >= 0; i--)
        {
            word <<= Byte.SIZE;
            if (i < (length & (WORD_LENGTH - 1)))
            {
                word |= buffer.getByte(tail + i) & 0xffL;
            }
        }
        return word;
    }

    /** The finalization of 2.3. */
    private static long finish(final int d, final long s0, final long s1, final long s2, final long s3)
    {
        long v0 = s0;
        long v1 = s1;
        long v2 = s2 ^ FINALIZATION_MARK;
        long v3 = s3;
        for (int i = 0; i < d; i++)
        {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32) + v3;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
