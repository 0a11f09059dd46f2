// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.aead.ChaCha20Poly1305Lanes;
import dev.trishake.crypto.aead.Poly1305;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

/**
 * ChaCha20 in sixteen lanes, a block in each, or four blocks with a row of four words in each quarter of a vector; and
 * Poly1305 in eight lanes: lane l takes blocks l, l + 8, ... in with the multiplier r^8, in the end each lane is
 * multiplied by the power of r that its last block was short of, and all are added. Limbs are masked right before they
 * are multiplied, which lets the compiler take the instruction for 32-bit factors.
 */
public final class ChaCha20Poly1305Vectors implements ChaCha20Poly1305Lanes
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final int LANES = 16;
    private static final int STREAM_BLOCK_LENGTH = 64;
    private static final int KEY_WORDS = KEY_LENGTH / Integer.BYTES;
    private static final int DOUBLE_ROUNDS = 10;
    private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    private static final IntVector COUNT = IntVector.zero(INTS).addIndex(1);

    private static final int FOUR = 4;
    // so many blocks are done sooner four by four than as some of sixteen
    private static final int MOST_BY_FOUR = 2 * FOUR;
    private static final IntVector FOUR_COUNTERS =
        IntVector.fromArray(INTS, new int[]{0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0}, 0);
    // the state's rows, each in all quarters; and quarters rotated by so many words to the left
    private static final IntVector ROW_0 = quarters(0, 0, 0);
    private static final IntVector ROW_1 = quarters(0, FOUR, 0);
    private static final IntVector ROW_2 = quarters(0, 2 * FOUR, 0);
    private static final IntVector ROW_3 = quarters(0, 3 * FOUR, 0);
    private static final IntVector LEFT_1 = quarters(1, 0, FOUR);
    private static final IntVector LEFT_2 = quarters(2, 0, FOUR);
    private static final IntVector LEFT_3 = quarters(3, 0, FOUR);
    // of a pair of vectors: their first two quarters in turn, and their last two; their first halves, and their last
    private static final IntVector QUARTERS_LOW =
        IntVector.fromArray(INTS, new int[]{0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23}, 0);
    private static final IntVector QUARTERS_HIGH = QUARTERS_LOW.add(LANES / 2);
    private static final IntVector HALVES_LOW =
        IntVector.fromArray(INTS, new int[]{0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23}, 0);
    private static final IntVector HALVES_HIGH = HALVES_LOW.add(LANES / 2);

    private static final int LIMBS = Poly1305.LIMBS;
    private static final int LIMB_BITS = Poly1305.LIMB_BITS;
    private static final int BLOCKS = 8;
    // fewer blocks are done sooner one after the other
    private static final int LEAST_BLOCKS = BLOCKS + 1;
    private static final long LIMB = (1L << LIMB_BITS) - 1;
    private static final long FACTOR = 0xffffffffL;
    private static final LongVector EVEN =
        LongVector.fromArray(LONGS, new long[]{0, 2, 4, 6, 8, 10, 12, 14}, 0);
    private static final LongVector ODD =
        LongVector.fromArray(LONGS, new long[]{1, 3, 5, 7, 9, 11, 13, 15}, 0);
    // a window of eight lanes onto it gives the first lanes no block, and the bit above their blocks to the others
    private static final long[] BLOCK_BITS = new long[2 * BLOCKS];

    // of the lanes' powers r^8 to r, step by step: where r, r^2 and r^4 are, and which lanes are multiplied by them
    private static final int STEPS = 3;
    private static final long[] FACTOR_LANES = new long[STEPS * BLOCKS];
    private static final long[] FACTOR_MASKS = new long[STEPS * BLOCKS];

    static
    {
        for (int i = 0; i < STEPS * BLOCKS; i++)
        {
            final int step = i / BLOCKS;
            FACTOR_LANES[i] = BLOCKS - (1L << step);
            FACTOR_MASKS[i] = -(long)((BLOCKS - 1 - i % BLOCKS) >>> step & 1);
        }
        Arrays.fill(BLOCK_BITS, BLOCKS, 2 * BLOCKS, Poly1305.BLOCK_BIT);
    }

    private final int[] state = new int[LANES];
    private final int[] columns = new int[LANES * LANES];
    private final int[] scratch = new int[LANES * LANES];
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final long[] eighth = new long[LIMBS * BLOCKS];
    // lane l's last block is followed by 7 - l others: it wants r^(8 - l)
    private final long[] powers = new long[LIMBS * BLOCKS];
    private final long[] sums = new long[LIMBS * BLOCKS];

    /** Allocates the scratch. */
    public ChaCha20Poly1305Vectors()
    {
    }

    @Override
    public void keyStream(
        final byte[] key, final int nonceHead, final long nonceTail, final int counter,
        final byte[] out, final int blocks)
    {
        System.arraycopy(CONSTANTS, 0, state, 0, CONSTANTS.length);
        view.wrap(key);
        for (int i = 0; i < KEY_WORDS; i++)
        {
            state[CONSTANTS.length + i] = view.getInt(i * Integer.BYTES, LITTLE_ENDIAN);
        }
        state[13] = nonceHead;
        state[14] = (int)nonceTail;
        state[15] = (int)(nonceTail >>> Integer.SIZE);
        int done = 0;
        for (; blocks - done > MOST_BY_FOUR; done += LANES)
        {
            state[12] = counter + done;
            sixteenBlocks(state, columns);
            Transpose.littleEndianBlocks(columns, out, done * STREAM_BLOCK_LENGTH, scratch);
        }
        for (; done < blocks; done += FOUR)
        {
            state[12] = counter + done;
            fourBlocks(state, out, done * STREAM_BLOCK_LENGTH);
        }
    }

    @Override
    public void authenticate(final long[] h, final long[] r, final byte[] stage, final int blocks)
    {
        if (blocks < LEAST_BLOCKS)
        {
            view.wrap(stage);
            Poly1305.blocks(h, r, view, FRONT, blocks);
            return;
        }
        powers(r, powers, eighth);
        final int rows = (blocks + BLOCKS - 1) / BLOCKS;
        final int missing = rows * BLOCKS - blocks;
        Arrays.fill(sums, 0);
        for (int limb = 0; limb < LIMBS; limb++)
        {
            sums[limb * BLOCKS + missing] = h[limb];
        }
        addFirst(sums, stage, missing);
        multiplyAdd(sums, eighth, stage, FRONT + (BLOCKS - missing) * BLOCK_LENGTH, rows - 1);
        multiply(sums, powers, h);
        Poly1305.carry(h);
    }

    @Override
    public void exclusiveOr(
        final byte[] text, final int textAt, final byte[] keyStream, final int keyStreamAt, final int length)
    {
        ExclusiveOrVectors.apply(text, textAt, keyStream, keyStreamAt, length);
    }

    @Override
    public void wipe()
    {
        Arrays.fill(state, 0);
        Arrays.fill(columns, 0);
        Arrays.fill(scratch, 0);
        Arrays.fill(eighth, 0);
        Arrays.fill(powers, 0);
        Arrays.fill(sums, 0);
    }

    /** Sixteen blocks with counters from the state's on (RFC 8439 2.3): word i of the lanes begins at 16 i. */
    private static void sixteenBlocks(final int[] state, final int[] columns)
    {
        final IntVector counters = COUNT.add(state[12]);
        IntVector x0 = IntVector.broadcast(INTS, state[0]);
        IntVector x1 = IntVector.broadcast(INTS, state[1]);
        IntVector x2 = IntVector.broadcast(INTS, state[2]);
        IntVector x3 = IntVector.broadcast(INTS, state[3]);
        IntVector x4 = IntVector.broadcast(INTS, state[4]);
        IntVector x5 = IntVector.broadcast(INTS, state[5]);
        IntVector x6 = IntVector.broadcast(INTS, state[6]);
        IntVector x7 = IntVector.broadcast(INTS, state[7]);
        IntVector x8 = IntVector.broadcast(INTS, state[8]);
        IntVector x9 = IntVector.broadcast(INTS, state[9]);
        IntVector x10 = IntVector.broadcast(INTS, state[10]);
        IntVector x11 = IntVector.broadcast(INTS, state[11]);
        IntVector x12 = counters;
        IntVector x13 = IntVector.broadcast(INTS, state[13]);
        IntVector x14 = IntVector.broadcast(INTS, state[14]);
        IntVector x15 = IntVector.broadcast(INTS, state[15]);
        for (int i = 0; i < DOUBLE_ROUNDS; i++)
        {
            x0 = (IntVector)Exact.INTS.cast(x0);
            x1 = (IntVector)Exact.INTS.cast(x1);
            x2 = (IntVector)Exact.INTS.cast(x2);
            x3 = (IntVector)Exact.INTS.cast(x3);
            x0 = x0.add(x4);
            x1 = x1.add(x5);
            x2 = x2.add(x6);
            x3 = x3.add(x7);
            x12 = x0.lanewise(XOR, x12).lanewise(ROL, 16);
            x13 = x1.lanewise(XOR, x13).lanewise(ROL, 16);
            x14 = x2.lanewise(XOR, x14).lanewise(ROL, 16);
            x15 = x3.lanewise(XOR, x15).lanewise(ROL, 16);
            x8 = x12.add(x8);
            x9 = x13.add(x9);
            x10 = x14.add(x10);
            x11 = x15.add(x11);
            x4 = x8.lanewise(XOR, x4).lanewise(ROL, 12);
            x5 = x9.lanewise(XOR, x5).lanewise(ROL, 12);
            x6 = x10.lanewise(XOR, x6).lanewise(ROL, 12);
            x7 = x11.lanewise(XOR, x7).lanewise(ROL, 12);
            x0 = x0.add(x4);
            x1 = x1.add(x5);
            x2 = x2.add(x6);
            x3 = x3.add(x7);
            x12 = x0.lanewise(XOR, x12).lanewise(ROL, 8);
            x13 = x1.lanewise(XOR, x13).lanewise(ROL, 8);
            x14 = x2.lanewise(XOR, x14).lanewise(ROL, 8);
            x15 = x3.lanewise(XOR, x15).lanewise(ROL, 8);
            x8 = x12.add(x8);
            x9 = x13.add(x9);
            x10 = x14.add(x10);
            x11 = x15.add(x11);
            x4 = x8.lanewise(XOR, x4).lanewise(ROL, 7);
            x5 = x9.lanewise(XOR, x5).lanewise(ROL, 7);
            x6 = x10.lanewise(XOR, x6).lanewise(ROL, 7);
            x7 = x11.lanewise(XOR, x7).lanewise(ROL, 7);

            x0 = x0.add(x5);
            x1 = x1.add(x6);
            x2 = x2.add(x7);
            x3 = x3.add(x4);
            x15 = x0.lanewise(XOR, x15).lanewise(ROL, 16);
            x12 = x1.lanewise(XOR, x12).lanewise(ROL, 16);
            x13 = x2.lanewise(XOR, x13).lanewise(ROL, 16);
            x14 = x3.lanewise(XOR, x14).lanewise(ROL, 16);
            x10 = x15.add(x10);
            x11 = x12.add(x11);
            x8 = x13.add(x8);
            x9 = x14.add(x9);
            x5 = x10.lanewise(XOR, x5).lanewise(ROL, 12);
            x6 = x11.lanewise(XOR, x6).lanewise(ROL, 12);
            x7 = x8.lanewise(XOR, x7).lanewise(ROL, 12);
            x4 = x9.lanewise(XOR, x4).lanewise(ROL, 12);
            x0 = x0.add(x5);
            x1 = x1.add(x6);
            x2 = x2.add(x7);
            x3 = x3.add(x4);
            x15 = x0.lanewise(XOR, x15).lanewise(ROL, 8);
            x12 = x1.lanewise(XOR, x12).lanewise(ROL, 8);
            x13 = x2.lanewise(XOR, x13).lanewise(ROL, 8);
            x14 = x3.lanewise(XOR, x14).lanewise(ROL, 8);
            x10 = x15.add(x10);
            x11 = x12.add(x11);
            x8 = x13.add(x8);
            x9 = x14.add(x9);
            x5 = x10.lanewise(XOR, x5).lanewise(ROL, 7);
            x6 = x11.lanewise(XOR, x6).lanewise(ROL, 7);
            x7 = x8.lanewise(XOR, x7).lanewise(ROL, 7);
            x4 = x9.lanewise(XOR, x4).lanewise(ROL, 7);
        }
        IntVector.broadcast(INTS, state[0]).add(x0).intoArray(columns, 0);
        IntVector.broadcast(INTS, state[1]).add(x1).intoArray(columns, LANES);
        IntVector.broadcast(INTS, state[2]).add(x2).intoArray(columns, 2 * LANES);
        IntVector.broadcast(INTS, state[3]).add(x3).intoArray(columns, 3 * LANES);
        IntVector.broadcast(INTS, state[4]).add(x4).intoArray(columns, 4 * LANES);
        IntVector.broadcast(INTS, state[5]).add(x5).intoArray(columns, 5 * LANES);
        IntVector.broadcast(INTS, state[6]).add(x6).intoArray(columns, 6 * LANES);
        IntVector.broadcast(INTS, state[7]).add(x7).intoArray(columns, 7 * LANES);
        IntVector.broadcast(INTS, state[8]).add(x8).intoArray(columns, 8 * LANES);
        IntVector.broadcast(INTS, state[9]).add(x9).intoArray(columns, 9 * LANES);
        IntVector.broadcast(INTS, state[10]).add(x10).intoArray(columns, 10 * LANES);
        IntVector.broadcast(INTS, state[11]).add(x11).intoArray(columns, 11 * LANES);
        counters.add(x12).intoArray(columns, 12 * LANES);
        IntVector.broadcast(INTS, state[13]).add(x13).intoArray(columns, 13 * LANES);
        IntVector.broadcast(INTS, state[14]).add(x14).intoArray(columns, 14 * LANES);
        IntVector.broadcast(INTS, state[15]).add(x15).intoArray(columns, 15 * LANES);
    }

    /**
     * Four blocks with counters from the state's on: a, b, c and d are rows of RFC 8439 2.3, and a quarter round does
     * four columns of each block. For the diagonals b, which is ready last, stays, and the others move past it.
     */
    private static void fourBlocks(final int[] state, final byte[] out, final int at)
    {
        final IntVector left1 = LEFT_1;
        final IntVector left2 = LEFT_2;
        final IntVector left3 = LEFT_3;
        final IntVector words = IntVector.fromArray(INTS, state, 0);
        final IntVector row0 = ROW_0.selectFrom(words);
        final IntVector row1 = ROW_1.selectFrom(words);
        final IntVector row2 = ROW_2.selectFrom(words);
        final IntVector row3 = ROW_3.selectFrom(words).add(FOUR_COUNTERS);
        IntVector a = row0;
        IntVector b = row1;
        IntVector c = row2;
        IntVector d = row3;
        for (int i = 0; i < DOUBLE_ROUNDS; i++)
        {
            a = (IntVector)Exact.INTS.cast(a);
            b = (IntVector)Exact.INTS.cast(b);
            c = (IntVector)Exact.INTS.cast(c);
            d = (IntVector)Exact.INTS.cast(d);
            a = a.add(b);
            d = a.lanewise(XOR, d).lanewise(ROL, 16);
            c = d.add(c);
            b = c.lanewise(XOR, b).lanewise(ROL, 12);
            a = b.add(a);
            d = a.lanewise(XOR, d).lanewise(ROL, 8);
            c = d.add(c);
            b = c.lanewise(XOR, b).lanewise(ROL, 7);

            a = left3.selectFrom(a).add(b);
            d = left2.selectFrom(d).lanewise(XOR, a).lanewise(ROL, 16);
            c = left1.selectFrom(c).add(d);
            b = c.lanewise(XOR, b).lanewise(ROL, 12);
            a = b.add(a);
            d = a.lanewise(XOR, d).lanewise(ROL, 8);
            c = d.add(c);
            b = c.lanewise(XOR, b).lanewise(ROL, 7);
            a = left1.selectFrom(a);
            d = left2.selectFrom(d);
            c = left3.selectFrom(c);
        }
        final IntVector e = row0.add(a);
        final IntVector f = row1.add(b);
        final IntVector g = row2.add(c);
        final IntVector h = row3.add(d);
        final IntVector low = QUARTERS_LOW;
        final IntVector high = QUARTERS_HIGH;
        final IntVector efLow = low.selectFrom(e, f);
        final IntVector efHigh = high.selectFrom(e, f);
        final IntVector ghLow = low.selectFrom(g, h);
        final IntVector ghHigh = high.selectFrom(g, h);
        HALVES_LOW.selectFrom(efLow, ghLow).reinterpretAsBytes().intoArray(out, at);
        HALVES_HIGH.selectFrom(efLow, ghLow).reinterpretAsBytes().intoArray(out, at + STREAM_BLOCK_LENGTH);
        HALVES_LOW.selectFrom(efHigh, ghHigh).reinterpretAsBytes().intoArray(out, at + 2 * STREAM_BLOCK_LENGTH);
        HALVES_HIGH.selectFrom(efHigh, ghHigh).reinterpretAsBytes().intoArray(out, at + 3 * STREAM_BLOCK_LENGTH);
    }

    /** Makes r^8 to r in the lanes, by r, r^2 and r^4 in turn, each of which is in a lane when it is due; and r^8. */
    private static void powers(final long[] r, final long[] powers, final long[] eighth)
    {
        LongVector p0 = LongVector.broadcast(LONGS, r[0]);
        LongVector p1 = LongVector.broadcast(LONGS, r[1]);
        LongVector p2 = LongVector.broadcast(LONGS, r[2]);
        LongVector p3 = LongVector.broadcast(LONGS, r[3]);
        LongVector p4 = LongVector.broadcast(LONGS, r[4]);
        for (int step = 0; step < STEPS; step++)
        {
            p0 = ((LongVector)Exact.LONGS.cast(p0)).and(FACTOR);
            p1 = ((LongVector)Exact.LONGS.cast(p1)).and(FACTOR);
            p2 = ((LongVector)Exact.LONGS.cast(p2)).and(FACTOR);
            p3 = ((LongVector)Exact.LONGS.cast(p3)).and(FACTOR);
            p4 = ((LongVector)Exact.LONGS.cast(p4)).and(FACTOR);
            final LongVector lane = LongVector.fromArray(LONGS, FACTOR_LANES, step * BLOCKS);
            final LongVector mask = LongVector.fromArray(LONGS, FACTOR_MASKS, step * BLOCKS);
            final LongVector r0 = lane.selectFrom(p0).and(FACTOR);
            final LongVector r1 = lane.selectFrom(p1).and(FACTOR);
            final LongVector r2 = lane.selectFrom(p2).and(FACTOR);
            final LongVector r3 = lane.selectFrom(p3).and(FACTOR);
            final LongVector r4 = lane.selectFrom(p4).and(FACTOR);
            final LongVector s1 = r1.lanewise(LSHL, 2).add(r1).and(FACTOR);
            final LongVector s2 = r2.lanewise(LSHL, 2).add(r2).and(FACTOR);
            final LongVector s3 = r3.lanewise(LSHL, 2).add(r3).and(FACTOR);
            final LongVector s4 = r4.lanewise(LSHL, 2).add(r4).and(FACTOR);
            final LongVector d0 = p0.mul(r0).add(p1.mul(s4)).add(p2.mul(s3)).add(p3.mul(s2)).add(p4.mul(s1));
            final LongVector d1 = p0.mul(r1).add(p1.mul(r0)).add(p2.mul(s4)).add(p3.mul(s3)).add(p4.mul(s2));
            final LongVector d2 = p0.mul(r2).add(p1.mul(r1)).add(p2.mul(r0)).add(p3.mul(s4)).add(p4.mul(s3));
            final LongVector d3 = p0.mul(r3).add(p1.mul(r2)).add(p2.mul(r1)).add(p3.mul(r0)).add(p4.mul(s4));
            final LongVector d4 = p0.mul(r4).add(p1.mul(r3)).add(p2.mul(r2)).add(p3.mul(r1)).add(p4.mul(r0));
            final LongVector e1 = d1.add(d0.lanewise(LSHR, LIMB_BITS));
            final LongVector e4 = d4.add(d3.lanewise(LSHR, LIMB_BITS));
            final LongVector e2 = d2.add(e1.lanewise(LSHR, LIMB_BITS));
            final LongVector over = e4.lanewise(LSHR, LIMB_BITS);
            final LongVector e0 = d0.and(LIMB).add(over).add(over.lanewise(LSHL, 2));
            final LongVector e3 = d3.and(LIMB).add(e2.lanewise(LSHR, LIMB_BITS));
            final LongVector f1 = e1.and(LIMB).add(e0.lanewise(LSHR, LIMB_BITS));
            final LongVector f4 = e4.and(LIMB).add(e3.lanewise(LSHR, LIMB_BITS));
            p0 = p0.lanewise(XOR, e0.and(LIMB).lanewise(XOR, p0).and(mask));
            p1 = p1.lanewise(XOR, f1.lanewise(XOR, p1).and(mask));
            p2 = p2.lanewise(XOR, e2.and(LIMB).lanewise(XOR, p2).and(mask));
            p3 = p3.lanewise(XOR, e3.and(LIMB).lanewise(XOR, p3).and(mask));
            p4 = p4.lanewise(XOR, f4.lanewise(XOR, p4).and(mask));
        }
        p0 = (LongVector)Exact.LONGS.cast(p0);
        p1 = (LongVector)Exact.LONGS.cast(p1);
        p2 = (LongVector)Exact.LONGS.cast(p2);
        p3 = (LongVector)Exact.LONGS.cast(p3);
        p4 = (LongVector)Exact.LONGS.cast(p4);
        p0.intoArray(powers, 0);
        p1.intoArray(powers, BLOCKS);
        p2.intoArray(powers, 2 * BLOCKS);
        p3.intoArray(powers, 3 * BLOCKS);
        p4.intoArray(powers, 4 * BLOCKS);
        final LongVector first = LongVector.zero(LONGS);
        first.selectFrom(p0).intoArray(eighth, 0);
        first.selectFrom(p1).intoArray(eighth, BLOCKS);
        first.selectFrom(p2).intoArray(eighth, 2 * BLOCKS);
        first.selectFrom(p3).intoArray(eighth, 3 * BLOCKS);
        first.selectFrom(p4).intoArray(eighth, 4 * BLOCKS);
    }

    /** Takes up to eight blocks in, the first ones of all: those that are missing are zeros without their bit. */
    private static void addFirst(final long[] sums, final byte[] stage, final int missing)
    {
        final int at = FRONT - missing * BLOCK_LENGTH;
        final LongVector first = ByteVector.fromArray(BYTES, stage, at).reinterpretAsLongs();
        final LongVector second = ByteVector.fromArray(BYTES, stage, at + 4 * BLOCK_LENGTH).reinterpretAsLongs();
        final LongVector low = EVEN.selectFrom(first, second);
        final LongVector high = ODD.selectFrom(first, second);
        LongVector.fromArray(LONGS, sums, 0).add(low.and(LIMB)).intoArray(sums, 0);
        LongVector.fromArray(LONGS, sums, BLOCKS).add(low.lanewise(LSHR, 26).and(LIMB)).intoArray(sums, BLOCKS);
        LongVector.fromArray(LONGS, sums, 2 * BLOCKS)
            .add(low.lanewise(LSHR, 52).or(high.lanewise(LSHL, 12)).and(LIMB)).intoArray(sums, 2 * BLOCKS);
        LongVector.fromArray(LONGS, sums, 3 * BLOCKS).add(high.lanewise(LSHR, 14).and(LIMB))
            .intoArray(sums, 3 * BLOCKS);
        LongVector.fromArray(LONGS, sums, 4 * BLOCKS)
            .add(high.lanewise(LSHR, 40).or(LongVector.fromArray(LONGS, BLOCK_BITS, BLOCKS - missing)))
            .intoArray(sums, 4 * BLOCKS);
    }

    /** For each row of eight blocks: sum = sum r^8 + block + 2^128, lane by lane. Limbs stay below 2^28. */
    private static void multiplyAdd(
        final long[] sums, final long[] eighth, final byte[] stage, final int from, final int rows)
    {
        final LongVector even = EVEN;
        final LongVector odd = ODD;
        final LongVector r0 = LongVector.fromArray(LONGS, eighth, 0).and(FACTOR);
        final LongVector r1 = LongVector.fromArray(LONGS, eighth, BLOCKS).and(FACTOR);
        final LongVector r2 = LongVector.fromArray(LONGS, eighth, 2 * BLOCKS).and(FACTOR);
        final LongVector r3 = LongVector.fromArray(LONGS, eighth, 3 * BLOCKS).and(FACTOR);
        final LongVector r4 = LongVector.fromArray(LONGS, eighth, 4 * BLOCKS).and(FACTOR);
        final LongVector s1 = r1.lanewise(LSHL, 2).add(r1).and(FACTOR);
        final LongVector s2 = r2.lanewise(LSHL, 2).add(r2).and(FACTOR);
        final LongVector s3 = r3.lanewise(LSHL, 2).add(r3).and(FACTOR);
        final LongVector s4 = r4.lanewise(LSHL, 2).add(r4).and(FACTOR);
        LongVector h0 = LongVector.fromArray(LONGS, sums, 0);
        LongVector h1 = LongVector.fromArray(LONGS, sums, BLOCKS);
        LongVector h2 = LongVector.fromArray(LONGS, sums, 2 * BLOCKS);
        LongVector h3 = LongVector.fromArray(LONGS, sums, 3 * BLOCKS);
        LongVector h4 = LongVector.fromArray(LONGS, sums, 4 * BLOCKS);
        for (int i = 0; i < rows; i++)
        {
            h0 = ((LongVector)Exact.LONGS.cast(h0)).and(FACTOR);
            h1 = ((LongVector)Exact.LONGS.cast(h1)).and(FACTOR);
            h2 = ((LongVector)Exact.LONGS.cast(h2)).and(FACTOR);
            h3 = ((LongVector)Exact.LONGS.cast(h3)).and(FACTOR);
            h4 = ((LongVector)Exact.LONGS.cast(h4)).and(FACTOR);
            final LongVector d0 = h0.mul(r0).add(h1.mul(s4)).add(h2.mul(s3)).add(h3.mul(s2)).add(h4.mul(s1));
            final LongVector d1 = h0.mul(r1).add(h1.mul(r0)).add(h2.mul(s4)).add(h3.mul(s3)).add(h4.mul(s2));
            final LongVector d2 = h0.mul(r2).add(h1.mul(r1)).add(h2.mul(r0)).add(h3.mul(s4)).add(h4.mul(s3));
            final LongVector d3 = h0.mul(r3).add(h1.mul(r2)).add(h2.mul(r1)).add(h3.mul(r0)).add(h4.mul(s4));
            final LongVector d4 = h0.mul(r4).add(h1.mul(r3)).add(h2.mul(r2)).add(h3.mul(r1)).add(h4.mul(r0));
            // two chains of carries side by side: 0, 1, 2 and 3, 4, 0, 1
            final LongVector e1 = d1.add(d0.lanewise(LSHR, LIMB_BITS));
            final LongVector e4 = d4.add(d3.lanewise(LSHR, LIMB_BITS));
            final LongVector e2 = d2.add(e1.lanewise(LSHR, LIMB_BITS));
            final LongVector over = e4.lanewise(LSHR, LIMB_BITS);
            final LongVector e0 = d0.and(LIMB).add(over).add(over.lanewise(LSHL, 2));
            final LongVector e3 = d3.and(LIMB).add(e2.lanewise(LSHR, LIMB_BITS));

            final int at = from + i * BLOCKS * BLOCK_LENGTH;
            final LongVector first = ByteVector.fromArray(BYTES, stage, at).reinterpretAsLongs();
            final LongVector second =
                ByteVector.fromArray(BYTES, stage, at + 4 * BLOCK_LENGTH).reinterpretAsLongs();
            final LongVector low = even.selectFrom(first, second);
            final LongVector high = odd.selectFrom(first, second);
            h0 = e0.and(LIMB).add(low.and(LIMB));
            h1 = e1.and(LIMB).add(e0.lanewise(LSHR, LIMB_BITS)).add(low.lanewise(LSHR, 26).and(LIMB));
            h2 = e2.and(LIMB).add(low.lanewise(LSHR, 52).or(high.lanewise(LSHL, 12)).and(LIMB));
            h3 = e3.and(LIMB).add(high.lanewise(LSHR, 14).and(LIMB));
            h4 = e4.and(LIMB).add(e3.lanewise(LSHR, LIMB_BITS)).add(high.lanewise(LSHR, 40).or(Poly1305.BLOCK_BIT));
        }
        ((LongVector)Exact.LONGS.cast(h0)).intoArray(sums, 0);
        ((LongVector)Exact.LONGS.cast(h1)).intoArray(sums, BLOCKS);
        ((LongVector)Exact.LONGS.cast(h2)).intoArray(sums, 2 * BLOCKS);
        ((LongVector)Exact.LONGS.cast(h3)).intoArray(sums, 3 * BLOCKS);
        ((LongVector)Exact.LONGS.cast(h4)).intoArray(sums, 4 * BLOCKS);
    }

    /** Multiplies each lane by its power of r and adds all up. Columns stay below 2^61. */
    private static void multiply(final long[] sums, final long[] powers, final long[] h)
    {
        final LongVector r0 = LongVector.fromArray(LONGS, powers, 0).and(FACTOR);
        final LongVector r1 = LongVector.fromArray(LONGS, powers, BLOCKS).and(FACTOR);
        final LongVector r2 = LongVector.fromArray(LONGS, powers, 2 * BLOCKS).and(FACTOR);
        final LongVector r3 = LongVector.fromArray(LONGS, powers, 3 * BLOCKS).and(FACTOR);
        final LongVector r4 = LongVector.fromArray(LONGS, powers, 4 * BLOCKS).and(FACTOR);
        final LongVector s1 = r1.lanewise(LSHL, 2).add(r1).and(FACTOR);
        final LongVector s2 = r2.lanewise(LSHL, 2).add(r2).and(FACTOR);
        final LongVector s3 = r3.lanewise(LSHL, 2).add(r3).and(FACTOR);
        final LongVector s4 = r4.lanewise(LSHL, 2).add(r4).and(FACTOR);
        final LongVector h0 = LongVector.fromArray(LONGS, sums, 0).and(FACTOR);
        final LongVector h1 = LongVector.fromArray(LONGS, sums, BLOCKS).and(FACTOR);
        final LongVector h2 = LongVector.fromArray(LONGS, sums, 2 * BLOCKS).and(FACTOR);
        final LongVector h3 = LongVector.fromArray(LONGS, sums, 3 * BLOCKS).and(FACTOR);
        final LongVector h4 = LongVector.fromArray(LONGS, sums, 4 * BLOCKS).and(FACTOR);
        h[0] = h0.mul(r0).add(h1.mul(s4)).add(h2.mul(s3)).add(h3.mul(s2)).add(h4.mul(s1)).reduceLanes(ADD);
        h[1] = h0.mul(r1).add(h1.mul(r0)).add(h2.mul(s4)).add(h3.mul(s3)).add(h4.mul(s2)).reduceLanes(ADD);
        h[2] = h0.mul(r2).add(h1.mul(r1)).add(h2.mul(r0)).add(h3.mul(s4)).add(h4.mul(s3)).reduceLanes(ADD);
        h[3] = h0.mul(r3).add(h1.mul(r2)).add(h2.mul(r1)).add(h3.mul(r0)).add(h4.mul(s4)).reduceLanes(ADD);
        h[4] = h0.mul(r4).add(h1.mul(r3)).add(h2.mul(r2)).add(h3.mul(r1)).add(h4.mul(r0)).reduceLanes(ADD);
    }

    /** In each quarter: the words of a row, rotated to the left, of the same quarter or of the one and only row. */
    private static IntVector quarters(final int left, final int row, final int step)
    {
        final int[] places = new int[LANES];
        for (int i = 0; i < LANES; i++)
        {
            places[i] = row + i / FOUR * step + (i + left) % FOUR;
        }
        return IntVector.fromArray(INTS, places, 0);
    }
}
