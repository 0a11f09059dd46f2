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
 * FNV-1a-128 in the eight lanes of a vector. A hash is four limbs of 32 bits, a + b 2^32 + c 2^64 + d 2^96; times the
 * prime 2^88 + 0x13b that is <pre>
 *   0x13b a,   0x13b b,   0x13b c + a 2^24,   0x13b d + b 2^24     (c 2^152 and d 2^184 are gone)
 * </pre>
 * and carries. The limbs are masked right before they are multiplied: that lets the compiler take the instruction for
 * 32-bit factors, which is three times faster than the one for 64 bits on Intel's processors.
 */
public final class Fnv1a128Vectors implements Fnv1a128Lanes
{
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final int BLOCK_LENGTH = 64;
    private static final int WORD_LENGTH = 8;
    private static final long LIMB = 0xffffffffL;
    private static final int LIMB_BITS = 32;
    private static final long PRIME_LOW = 0x13b;
    private static final int PRIME_SHIFT = 88 - 2 * LIMB_BITS;
    private static final long[] OFFSET_BASIS = {0x6295c58dL, 0x62b82175L, 0x07bb0142L, 0x6c62272eL};

    // interleaves the words of two vectors: place r of eight vectors becomes their row, as in Transpose
    private static final LongVector LOW = LongVector.fromArray(LONGS, new long[]{0, 8, 1, 9, 2, 10, 3, 11}, 0);
    private static final LongVector HIGH = LongVector.fromArray(LONGS, new long[]{4, 12, 5, 13, 6, 14, 7, 15}, 0);

    private final long[] words = new long[LANES * ROW_LENGTH / WORD_LENGTH];
    private final long[] scratch = new long[LANES * WORD_LENGTH];
    private final long[] state = new long[4 * LANES];
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
            for (int limb = 0; limb < 4; limb++)
            {
                state[limb * LANES + lane] = OFFSET_BASIS[limb];
            }
        }
        for (int at = 0; at < longest; at += BLOCK_LENGTH)
        {
            transpose(rows, at, words, at * LANES / WORD_LENGTH, scratch);
        }
        final int common = shortest / WORD_LENGTH;
        allLanes(state, words, common);
        liveLanes(state, words, ends, common, (longest + WORD_LENGTH - 1) / WORD_LENGTH);
        for (int lane = 0; lane < lanes; lane++)
        {
            low[lane] = (state[lane] & LIMB) | state[LANES + lane] << LIMB_BITS;
            high[lane] = (state[2 * LANES + lane] & LIMB) | state[3 * LANES + lane] << LIMB_BITS;
        }
    }

    /** Takes words in that every lane has. */
    private static void allLanes(final long[] state, final long[] words, final int count)
    {
        LongVector a = LongVector.fromArray(LONGS, state, 0);
        LongVector b = LongVector.fromArray(LONGS, state, LANES);
        LongVector c = LongVector.fromArray(LONGS, state, 2 * LANES);
        LongVector d = LongVector.fromArray(LONGS, state, 3 * LANES);
        final LongVector prime = LongVector.broadcast(LONGS, PRIME_LOW << LIMB_BITS).lanewise(LSHR, LIMB_BITS);
        for (int i = 0; i < count; i++)
        {
            LongVector word = LongVector.fromArray(LONGS, words, i * LANES);
            for (int k = 0; k < WORD_LENGTH; k++)
            {
                b = (LongVector)Exact.LONGS.cast(b);
                c = (LongVector)Exact.LONGS.cast(c);
                d = (LongVector)Exact.LONGS.cast(d);
                word = (LongVector)Exact.LONGS.cast(word);
                a = word.and(0xff).lanewise(XOR, a).and(LIMB);
                b = b.and(LIMB);
                c = c.and(LIMB);
                d = d.and(LIMB);
                word = word.lanewise(LSHR, Byte.SIZE);
                final LongVector na = a.mul(prime);
                final LongVector nb = b.mul(prime).add(na.lanewise(LSHR, LIMB_BITS));
                final LongVector nc = c.mul(prime).add(a.lanewise(LSHL, PRIME_SHIFT))
                    .add(nb.lanewise(LSHR, LIMB_BITS));
                final LongVector nd = d.mul(prime).add(b.lanewise(LSHL, PRIME_SHIFT))
                    .add(nc.lanewise(LSHR, LIMB_BITS));
                a = na;
                b = nb;
                c = nc;
                d = nd;
            }
        }
        ((LongVector)Exact.LONGS.cast(a)).intoArray(state, 0);
        ((LongVector)Exact.LONGS.cast(b)).intoArray(state, LANES);
        ((LongVector)Exact.LONGS.cast(c)).intoArray(state, 2 * LANES);
        ((LongVector)Exact.LONGS.cast(d)).intoArray(state, 3 * LANES);
    }

    /** Takes words in that some lanes have, in part or not at all: a lane stands still from the end of its input on. */
    private static void liveLanes(
        final long[] state, final long[] words, final long[] ends, final int from, final int to)
    {
        LongVector a = LongVector.fromArray(LONGS, state, 0);
        LongVector b = LongVector.fromArray(LONGS, state, LANES);
        LongVector c = LongVector.fromArray(LONGS, state, 2 * LANES);
        LongVector d = LongVector.fromArray(LONGS, state, 3 * LANES);
        final LongVector prime = LongVector.broadcast(LONGS, PRIME_LOW << LIMB_BITS).lanewise(LSHR, LIMB_BITS);
        LongVector left = LongVector.fromArray(LONGS, ends, 0).sub((long)from * WORD_LENGTH);
        for (int i = from; i < to; i++)
        {
            LongVector word = LongVector.fromArray(LONGS, words, i * LANES);
            for (int k = 0; k < WORD_LENGTH; k++)
            {
                a = (LongVector)Exact.LONGS.cast(a);
                b = (LongVector)Exact.LONGS.cast(b);
                c = (LongVector)Exact.LONGS.cast(c);
                d = (LongVector)Exact.LONGS.cast(d);
                word = (LongVector)Exact.LONGS.cast(word);
                left = (LongVector)Exact.LONGS.cast(left);
                final VectorMask<Long> live = left.compare(VectorOperators.GT, 0);
                left = left.sub(1);
                a = a.and(LIMB);
                b = b.and(LIMB);
                c = c.and(LIMB);
                d = d.and(LIMB);
                final LongVector xa = word.and(0xff).lanewise(XOR, a).and(LIMB);
                word = word.lanewise(LSHR, Byte.SIZE);
                final LongVector na = xa.mul(prime);
                final LongVector nb = b.mul(prime).add(na.lanewise(LSHR, LIMB_BITS));
                final LongVector nc = c.mul(prime).add(xa.lanewise(LSHL, PRIME_SHIFT))
                    .add(nb.lanewise(LSHR, LIMB_BITS));
                final LongVector nd = d.mul(prime).add(b.lanewise(LSHL, PRIME_SHIFT))
                    .add(nc.lanewise(LSHR, LIMB_BITS));
                a = a.blend(na, live);
                b = b.blend(nb, live);
                c = c.blend(nc, live);
                d = d.blend(nd, live);
            }
        }
        ((LongVector)Exact.LONGS.cast(a)).intoArray(state, 0);
        ((LongVector)Exact.LONGS.cast(b)).intoArray(state, LANES);
        ((LongVector)Exact.LONGS.cast(c)).intoArray(state, 2 * LANES);
        ((LongVector)Exact.LONGS.cast(d)).intoArray(state, 3 * LANES);
    }

    /** Turns 64 octets of each lane's row into eight vectors of the lanes' words, in three stages as in Transpose. */
    private static void transpose(
        final byte[] rows, final int at, final long[] words, final int to, final long[] scratch)
    {
        for (int lane = 0; lane < LANES; lane++)
        {
            ByteVector.fromArray(BYTES, rows, lane * ROW_LENGTH + at).reinterpretAsLongs()
                .intoArray(words, to + lane * LANES);
        }
        stage(words, to, scratch, 0);
        stage(scratch, 0, words, to);
        stage(words, to, scratch, 0);
        System.arraycopy(scratch, 0, words, to, scratch.length);
    }

    private static void stage(final long[] from, final int fromAt, final long[] to, final int toAt)
    {
        final LongVector low = LOW;
        final LongVector high = HIGH;
        for (int row = 0; row < LANES / 2; row++)
        {
            final LongVector upper = LongVector.fromArray(LONGS, from, fromAt + row * LANES);
            final LongVector lower = LongVector.fromArray(LONGS, from, fromAt + (row + LANES / 2) * LANES);
            low.selectFrom(upper, lower).intoArray(to, toAt + 2 * row * LANES);
            high.selectFrom(upper, lower).intoArray(to, toAt + (2 * row + 1) * LANES);
        }
    }
}
