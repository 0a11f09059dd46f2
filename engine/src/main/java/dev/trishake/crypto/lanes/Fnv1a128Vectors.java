// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.hash.Fnv1a128Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

/**
 * FNV-1a-128 in the eight lanes of a vector. A hash is a + b 2^44 + c 2^88, and times the prime 2^88 + p it is <pre>
 *   p a,   p b,   p c + a                (b 2^132 and c 2^176 are gone)
 * </pre>
 * So limbs of 44 bits need no shift, and c, of which 40 bits count, no mask. Only a meets the octets: it takes the
 * steps one by one, by shifts and sums, because it is waited for and a product takes three times as long on Intel's
 * processors. b and c take two steps at once, and after those there is a carry: p^2 a stays below 2^61.
 */
public final class Fnv1a128Vectors implements Fnv1a128Lanes
{
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final int BLOCK_LENGTH = 64;
    private static final int WORD_LENGTH = 8;
    private static final int LIMB_BITS = 44;
    private static final long LIMB = (1L << LIMB_BITS) - 1;
    private static final int LIMBS = 3;
    private static final long OCTET = 0xff;
    // 5 * 63
    private static final long PRIME_LOW = 0x13b;
    private static final long[] OFFSET_BASIS = {0x1756295c58dL, 0xbb014262b82L, 0x6c62272e07L};

    // interleaves the words of two vectors: place r of eight vectors becomes their row, as in Transpose
    private static final LongVector LOW = LongVector.fromArray(LONGS, new long[]{0, 8, 1, 9, 2, 10, 3, 11}, 0);
    private static final LongVector HIGH = LongVector.fromArray(LONGS, new long[]{4, 12, 5, 13, 6, 14, 7, 15}, 0);

    private final long[] words = new long[LANES * ROW_LENGTH / WORD_LENGTH];
    private final long[] state = new long[LIMBS * LANES];
    private final long[] ends = new long[LANES];

    /** Allocates the scratch. */
    public Fnv1a128Vectors()
    {
    }

    @Override
    public void hash(
        final byte[] rows, final int[] lengths, final long[] high, final long[] low, final int lanes)
    {
        int shortest = ROW_LENGTH;
        int longest = 0;
        for (int lane = 0; lane < LANES; lane++)
        {
            final int length = lane < lanes ? lengths[lane] : 0;
            ends[lane] = length;
            shortest = lane < lanes ? Math.min(shortest, length) : shortest;
            longest = Math.max(longest, length);
            for (int limb = 0; limb < LIMBS; limb++)
            {
                state[limb * LANES + lane] = OFFSET_BASIS[limb];
            }
        }
        for (int at = 0; at < longest; at += BLOCK_LENGTH)
        {
            transpose(rows, at, words, at * LANES / WORD_LENGTH);
        }
        final int common = shortest / WORD_LENGTH;
        allLanes(state, words, common);
        liveLanes(state, words, ends, common, (longest + WORD_LENGTH - 1) / WORD_LENGTH);
        for (int lane = 0; lane < lanes; lane++)
        {
            final long b = state[LANES + lane];
            low[lane] = state[lane] | b << LIMB_BITS;
            high[lane] = b >>> (Long.SIZE - LIMB_BITS) | state[2 * LANES + lane] << (2 * LIMB_BITS - Long.SIZE);
        }
    }

    /** Takes words in that every lane has, two octets at a time. */
    private static void allLanes(final long[] state, final long[] words, final int count)
    {
        LongVector a = LongVector.fromArray(LONGS, state, 0);
        LongVector b = LongVector.fromArray(LONGS, state, LANES);
        LongVector c = LongVector.fromArray(LONGS, state, 2 * LANES);
        for (int i = 0; i < count; i++)
        {
            LongVector word = LongVector.fromArray(LONGS, words, i * LANES);
            for (int k = 0; k < WORD_LENGTH; k += 2)
            {
                a = (LongVector)Exact.LONGS.cast(a);
                b = (LongVector)Exact.LONGS.cast(b);
                c = (LongVector)Exact.LONGS.cast(c);
                word = (LongVector)Exact.LONGS.cast(word);
                // p x is (5 x) 2^6 - 5 x
                final LongVector x = word.and(OCTET).lanewise(XOR, a);
                final LongVector fiveX = x.lanewise(LSHL, 2).add(x);
                final LongVector px = fiveX.lanewise(LSHL, 6).sub(fiveX);
                final LongVector y = word.lanewise(LSHR, Byte.SIZE).and(OCTET).lanewise(XOR, px);
                final LongVector fiveY = y.lanewise(LSHL, 2).add(y);
                final LongVector py = fiveY.lanewise(LSHL, 6).sub(fiveY);
                final LongVector nb = b.mul(PRIME_LOW * PRIME_LOW).add(py.lanewise(LSHR, LIMB_BITS));
                c = c.mul(PRIME_LOW * PRIME_LOW).add(px.add(y)).add(nb.lanewise(LSHR, LIMB_BITS));
                a = py.and(LIMB);
                b = nb.and(LIMB);
                word = word.lanewise(LSHR, 2 * Byte.SIZE);
            }
        }
        ((LongVector)Exact.LONGS.cast(a)).intoArray(state, 0);
        ((LongVector)Exact.LONGS.cast(b)).intoArray(state, LANES);
        ((LongVector)Exact.LONGS.cast(c)).intoArray(state, 2 * LANES);
    }

    /** Takes words in that some lanes have, in part or not at all: a lane stands still from the end of its input on. */
    private static void liveLanes(
        final long[] state, final long[] words, final long[] ends, final int from, final int to)
    {
        LongVector a = LongVector.fromArray(LONGS, state, 0);
        LongVector b = LongVector.fromArray(LONGS, state, LANES);
        LongVector c = LongVector.fromArray(LONGS, state, 2 * LANES);
        LongVector left = LongVector.fromArray(LONGS, ends, 0).sub((long)from * WORD_LENGTH);
        for (int i = from; i < to; i++)
        {
            LongVector word = LongVector.fromArray(LONGS, words, i * LANES);
            for (int k = 0; k < WORD_LENGTH; k++)
            {
                a = (LongVector)Exact.LONGS.cast(a);
                b = (LongVector)Exact.LONGS.cast(b);
                c = (LongVector)Exact.LONGS.cast(c);
                word = (LongVector)Exact.LONGS.cast(word);
                left = (LongVector)Exact.LONGS.cast(left);
                final VectorMask<Long> live = left.compare(VectorOperators.GT, 0);
                left = left.sub(1);
                final LongVector x = word.and(OCTET).lanewise(XOR, a);
                word = word.lanewise(LSHR, Byte.SIZE);
                final LongVector na = x.mul(PRIME_LOW);
                final LongVector nb = b.mul(PRIME_LOW).add(na.lanewise(LSHR, LIMB_BITS));
                final LongVector nc = c.mul(PRIME_LOW).add(x).add(nb.lanewise(LSHR, LIMB_BITS));
                a = a.blend(na.and(LIMB), live);
                b = b.blend(nb.and(LIMB), live);
                c = c.blend(nc, live);
            }
        }
        ((LongVector)Exact.LONGS.cast(a)).intoArray(state, 0);
        ((LongVector)Exact.LONGS.cast(b)).intoArray(state, LANES);
        ((LongVector)Exact.LONGS.cast(c)).intoArray(state, 2 * LANES);
    }

    /** Turns 64 octets of each lane's row into eight vectors of the lanes' words, in three stages as in Transpose. */
    private static void transpose(final byte[] rows, final int at, final long[] words, final int to)
    {
        final LongVector low = LOW;
        final LongVector high = HIGH;
        final LongVector r0 = ByteVector.fromArray(BYTES, rows, at).reinterpretAsLongs();
        final LongVector r1 = ByteVector.fromArray(BYTES, rows, at + ROW_LENGTH).reinterpretAsLongs();
        final LongVector r2 = ByteVector.fromArray(BYTES, rows, at + 2 * ROW_LENGTH).reinterpretAsLongs();
        final LongVector r3 = ByteVector.fromArray(BYTES, rows, at + 3 * ROW_LENGTH).reinterpretAsLongs();
        final LongVector r4 = ByteVector.fromArray(BYTES, rows, at + 4 * ROW_LENGTH).reinterpretAsLongs();
        final LongVector r5 = ByteVector.fromArray(BYTES, rows, at + 5 * ROW_LENGTH).reinterpretAsLongs();
        final LongVector r6 = ByteVector.fromArray(BYTES, rows, at + 6 * ROW_LENGTH).reinterpretAsLongs();
        final LongVector r7 = ByteVector.fromArray(BYTES, rows, at + 7 * ROW_LENGTH).reinterpretAsLongs();
        final LongVector s0 = low.selectFrom(r0, r4);
        final LongVector s1 = high.selectFrom(r0, r4);
        final LongVector s2 = low.selectFrom(r1, r5);
        final LongVector s3 = high.selectFrom(r1, r5);
        final LongVector s4 = low.selectFrom(r2, r6);
        final LongVector s5 = high.selectFrom(r2, r6);
        final LongVector s6 = low.selectFrom(r3, r7);
        final LongVector s7 = high.selectFrom(r3, r7);
        final LongVector t0 = low.selectFrom(s0, s4);
        final LongVector t1 = high.selectFrom(s0, s4);
        final LongVector t2 = low.selectFrom(s1, s5);
        final LongVector t3 = high.selectFrom(s1, s5);
        final LongVector t4 = low.selectFrom(s2, s6);
        final LongVector t5 = high.selectFrom(s2, s6);
        final LongVector t6 = low.selectFrom(s3, s7);
        final LongVector t7 = high.selectFrom(s3, s7);
        low.selectFrom(t0, t4).intoArray(words, to);
        high.selectFrom(t0, t4).intoArray(words, to + LANES);
        low.selectFrom(t1, t5).intoArray(words, to + 2 * LANES);
        high.selectFrom(t1, t5).intoArray(words, to + 3 * LANES);
        low.selectFrom(t2, t6).intoArray(words, to + 4 * LANES);
        high.selectFrom(t2, t6).intoArray(words, to + 5 * LANES);
        low.selectFrom(t3, t7).intoArray(words, to + 6 * LANES);
        high.selectFrom(t3, t7).intoArray(words, to + 7 * LANES);
    }
}
