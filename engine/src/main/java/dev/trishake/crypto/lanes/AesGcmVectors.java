// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.aead.AesGcmLanes;
import dev.trishake.crypto.aead.Ghash;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.REVERSE;
import static jdk.incubator.vector.VectorOperators.REVERSE_BYTES;
import static jdk.incubator.vector.VectorOperators.ROR;
import static jdk.incubator.vector.VectorOperators.XOR;

/**
 * AES-128 on sixteen blocks, four in each of four vectors, and GHASH on eight.
 *
 * <p>The S-box lies in four registers; an octet selects inside of them, so nobody sees in memory what was looked up.
 * GHASH's lane l takes blocks l, l + 8, ... in, three rows of eight blocks at a time: the first with the factor H^24,
 * the last with H^8. In the end each lane is multiplied by the power of H that its last block was short of, and all
 * are added.
 */
public final class AesGcmVectors implements AesGcmLanes
{
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final int WIDTH = 64;
    static final int LANES = 8;
    private static final int LAST_ROUND = (ROUND_KEYS - 1) * WIDTH;
    private static final byte REDUCTION = 0x1b;

    private static final byte[] S_BOX = sBox();
    private static final ByteVector S0 = ByteVector.fromArray(BYTES, S_BOX, 0);
    private static final ByteVector S1 = ByteVector.fromArray(BYTES, S_BOX, WIDTH);
    private static final ByteVector S2 = ByteVector.fromArray(BYTES, S_BOX, 2 * WIDTH);
    private static final ByteVector S3 = ByteVector.fromArray(BYTES, S_BOX, 3 * WIDTH);
    private static final ByteVector SHIFT_ROWS = ByteVector.fromArray(BYTES, shiftRows(), 0);
    private static final ByteVector REPLICATE = ByteVector.fromArray(BYTES, replicate(), 0);
    // the last word of a block, rotated by an octet, in all words
    private static final ByteVector ROTATED_LAST = ByteVector.fromArray(BYTES, rotatedLast(), 0);
    private static final IntVector ONE_UP = IntVector.fromArray(INTS, up(1), 0);
    private static final IntVector TWO_UP = IntVector.fromArray(INTS, up(2), 0);
    private static final IntVector THREE_UP = IntVector.fromArray(INTS, up(3), 0);
    private static final IntVector COUNT = IntVector.fromArray(INTS, counters(0, 1), 0);
    private static final IntVector FOUR = IntVector.fromArray(INTS, counters(4, 0), 0);

    private static final LongVector EVEN =
        LongVector.fromArray(LONGS, new long[]{0, 2, 4, 6, 8, 10, 12, 14}, 0);
    private static final LongVector ODD =
        LongVector.fromArray(LONGS, new long[]{1, 3, 5, 7, 9, 11, 13, 15}, 0);

    // Masks of the four kinds of holes, a row of each. In memory, not constants: C2 of JDK 25 takes a constant mask
    // with bit 63 for one of 32 bits (it compares signed) and multiplies only the lower halves of what was masked.
    private static final long[] HOLES = holes();

    // eight words each in the scratch of the hash: factors as they are, their sum, and the three reversed
    static final int FACTORS = 6;
    static final int FACTOR_ROWS = FACTORS * LANES;
    private static final int GROUP = 3;
    // the rows of a group, the first of which is also the sum; the lanes' factors; and products
    static final int X = 0;
    static final int LANE_FACTORS = GROUP * FACTOR_ROWS;
    private static final int PRODUCTS = LANE_FACTORS + FACTOR_ROWS;
    private static final int ZEROS = PRODUCTS + FACTOR_ROWS;
    static final int SCRATCH = ZEROS + 2 * LANES;

    // what Karatsuba's method multiplies when a factor has four parts: they and sums of them
    private static final int SUMS = 9;

    private final byte[] keys = new byte[ROUND_KEYS * WIDTH];
    private final byte[] keyRow = new byte[WIDTH];
    private final byte[] hashKey = new byte[BATCH * BLOCK_LENGTH];
    private final int[] counterBlock = new int[WIDTH / Integer.BYTES];
    private final long[] power = new long[2];
    private final long[] powers = new long[2 * POWERS];
    private final long[] t = new long[SCRATCH];
    // of H^8, H^16 and H^24, in the first three of eight words: factors, and the sums of their parts
    private final long[] rowFactors = new long[FACTOR_ROWS];
    private final long[] rowSums = new long[FACTORS * SUMS * LANES];
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    /** Allocates the scratch. */
    public AesGcmVectors()
    {
    }

    @Override
    public void expandKey(final byte[] schedule)
    {
        System.arraycopy(schedule, 0, keyRow, 0, BLOCK_LENGTH);
        int constant = 1;
        for (int round = 1; round < ROUND_KEYS; round++)
        {
            nextRoundKey(keyRow, constant);
            System.arraycopy(keyRow, 0, schedule, round * BLOCK_LENGTH, BLOCK_LENGTH);
            // 1, 2, 4, ... in GF(2^8)
            constant = constant << 1 ^ (constant >>> 7) * 0x11b;
        }
        replicate(schedule, keys);
        Arrays.fill(hashKey, (byte)0);
        Arrays.fill(counterBlock, 0);
        sixteenBlocks(keys, counterBlock, hashKey, 0);

        view.wrap(hashKey);
        powers[0] = Long.reverseBytes(view.getLong(0, LITTLE_ENDIAN));
        powers[1] = Long.reverseBytes(view.getLong(Long.BYTES, LITTLE_ENDIAN));
        Ghash.powers(powers, POWERS, power);
        view.wrap(schedule);
        for (int i = 0; i < 2 * POWERS; i++)
        {
            view.putLong(POWERS_OFFSET + i * Long.BYTES, powers[i], LITTLE_ENDIAN);
        }
    }

    @Override
    public void keyStream(
        final byte[] schedule, final int nonceHead, final long nonceTail, final int counter,
        final byte[] out, final int blocks)
    {
        replicate(schedule, keys);
        for (int i = 0; i < counterBlock.length; i += 4)
        {
            counterBlock[i] = Integer.reverseBytes(nonceHead);
            counterBlock[i + 1] = Integer.reverseBytes((int)nonceTail);
            counterBlock[i + 2] = Integer.reverseBytes((int)(nonceTail >>> Integer.SIZE));
        }
        for (int done = 0; done < blocks; done += BATCH)
        {
            for (int i = 3; i < counterBlock.length; i += 4)
            {
                counterBlock[i] = counter + done;
            }
            sixteenBlocks(keys, counterBlock, out, done * BLOCK_LENGTH);
        }
    }

    @Override
    public void hash(final byte[] schedule, final long[] hash, final byte[] stage, final int blocks)
    {
        view.wrap(schedule);
        for (int lane = 0; lane < LANES; lane++)
        {
            final int at = POWERS_OFFSET + (LANES - 1 - lane) * BLOCK_LENGTH;
            t[LANE_FACTORS + lane] = view.getLong(at + Long.BYTES, LITTLE_ENDIAN);
            t[LANE_FACTORS + LANES + lane] = view.getLong(at, LITTLE_ENDIAN);
        }
        spread(t, LANE_FACTORS);
        final int rows = (blocks + LANES - 1) / LANES;
        if (rows > 1)
        {
            expandRowFactors();
        }

        view.wrap(stage);
        view.putLong(FRONT, view.getLong(FRONT, LITTLE_ENDIAN) ^ Long.reverseBytes(hash[0]), LITTLE_ENDIAN);
        view.putLong(FRONT + Long.BYTES,
            view.getLong(FRONT + Long.BYTES, LITTLE_ENDIAN) ^ Long.reverseBytes(hash[1]), LITTLE_ENDIAN);
        int at = FRONT - (rows * LANES - blocks) * BLOCK_LENGTH;
        // the first group may lack rows, which are zeros
        int missing = (GROUP - (rows - 1) % GROUP) % GROUP;
        Arrays.fill(t, X, X + LANE_FACTORS, 0);
        for (int left = rows - 1 + missing; left > 0; left -= GROUP)
        {
            for (int row = missing; row < GROUP; row++)
            {
                addBlocks(t, row == 0 ? X : ZEROS, X + row * FACTOR_ROWS, stage, at);
                at += LANES * BLOCK_LENGTH;
            }
            missing = 0;
            multiplyRows(t, rowSums);
            reduce(t);
        }
        addBlocks(t, X, X, stage, at);
        multiply(t, LANE_FACTORS);
        reduce(t);
        sum(t, hash);
    }

    /** Makes what rows are multiplied by, of H^6 and H^8 among the factors of lanes: squares are cheap. */
    private void expandRowFactors()
    {
        final int h8 = LANE_FACTORS;
        final int h6 = LANE_FACTORS + 2;
        setRowFactor(0, t[h8 + LANES], t[h8]);
        Ghash.square(power, t[h8 + LANES], t[h8]);
        setRowFactor(1, power[0], power[1]);
        Ghash.square(power, t[h6 + LANES], t[h6]);
        Ghash.square(power, power[0], power[1]);
        setRowFactor(2, power[0], power[1]);
        spread(rowFactors, 0);
        sums(rowFactors, rowSums);
    }

    private void setRowFactor(final int lane, final long high, final long low)
    {
        rowFactors[lane] = low;
        rowFactors[LANES + lane] = high;
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
        Arrays.fill(keys, (byte)0);
        Arrays.fill(keyRow, (byte)0);
        Arrays.fill(hashKey, (byte)0);
        Arrays.fill(counterBlock, 0);
        Arrays.fill(power, 0);
        Arrays.fill(powers, 0);
        Arrays.fill(t, 0);
        Arrays.fill(rowFactors, 0);
        Arrays.fill(rowSums, 0);
    }

    /** One step of the key expansion (FIPS 197 5.2) on the first block of the row. */
    private static void nextRoundKey(final byte[] row, final int constant)
    {
        final ByteVector key = ByteVector.fromArray(BYTES, row, 0);
        final ByteVector last = ROTATED_LAST.selectFrom(key);
        final IntVector substituted = last.selectFrom(S0, S1)
            .blend(last.selectFrom(S2, S3), last.compare(LT, (byte)0)).reinterpretAsInts();
        final IntVector words = key.reinterpretAsInts();
        final IntVector zero = IntVector.zero(INTS);
        words.lanewise(XOR, ONE_UP.selectFrom(words, zero)).lanewise(XOR, TWO_UP.selectFrom(words, zero))
            .lanewise(XOR, THREE_UP.selectFrom(words, zero)).lanewise(XOR, substituted).lanewise(XOR, constant)
            .reinterpretAsBytes().intoArray(row, 0);
    }

    /** Writes each round key four times. */
    private static void replicate(final byte[] schedule, final byte[] keys)
    {
        final ByteVector places = REPLICATE;
        for (int round = 0; round < ROUND_KEYS; round++)
        {
            places.selectFrom(ByteVector.fromArray(BYTES, schedule, round * BLOCK_LENGTH))
                .intoArray(keys, round * WIDTH);
        }
    }

    /** Encrypts sixteen counter blocks, FIPS 197 5.1. */
    private static void sixteenBlocks(final byte[] keys, final int[] counterBlock, final byte[] out, final int at)
    {
        final ByteVector t0 = S0;
        final ByteVector t1 = S1;
        final ByteVector t2 = S2;
        final ByteVector t3 = S3;
        final ByteVector shiftRows = SHIFT_ROWS;
        final ByteVector zero = ByteVector.zero(BYTES);
        final IntVector four = FOUR;
        final IntVector c0 = IntVector.fromArray(INTS, counterBlock, 0).add(COUNT);
        final IntVector c1 = c0.add(four);
        final IntVector c2 = c1.add(four);
        final IntVector c3 = c2.add(four);
        ByteVector key = ByteVector.fromArray(BYTES, keys, 0);
        ByteVector s0 = c0.lanewise(REVERSE_BYTES).reinterpretAsBytes().lanewise(XOR, key);
        ByteVector s1 = c1.lanewise(REVERSE_BYTES).reinterpretAsBytes().lanewise(XOR, key);
        ByteVector s2 = c2.lanewise(REVERSE_BYTES).reinterpretAsBytes().lanewise(XOR, key);
        ByteVector s3 = c3.lanewise(REVERSE_BYTES).reinterpretAsBytes().lanewise(XOR, key);
        for (int round = WIDTH; round < LAST_ROUND; round += WIDTH)
        {
            key = ByteVector.fromArray(BYTES, keys, round);
            s0 = shiftRows.selectFrom(s0);
            s1 = shiftRows.selectFrom(s1);
            s2 = shiftRows.selectFrom(s2);
            s3 = shiftRows.selectFrom(s3);
            s0 = s0.selectFrom(t0, t1).blend(s0.selectFrom(t2, t3), s0.compare(LT, (byte)0));
            s1 = s1.selectFrom(t0, t1).blend(s1.selectFrom(t2, t3), s1.compare(LT, (byte)0));
            s2 = s2.selectFrom(t0, t1).blend(s2.selectFrom(t2, t3), s2.compare(LT, (byte)0));
            s3 = s3.selectFrom(t0, t1).blend(s3.selectFrom(t2, t3), s3.compare(LT, (byte)0));
            // MixColumns: twice (itself and the next one), the next one, and the two after it; the sums are those of
            // octets, as the compiler takes three summands at once only where all are of one kind
            final IntVector w0 = s0.reinterpretAsInts();
            final IntVector w1 = s1.reinterpretAsInts();
            final IntVector w2 = s2.reinterpretAsInts();
            final IntVector w3 = s3.reinterpretAsInts();
            final IntVector n0 = w0.lanewise(ROR, 8);
            final IntVector n1 = w1.lanewise(ROR, 8);
            final IntVector n2 = w2.lanewise(ROR, 8);
            final IntVector n3 = w3.lanewise(ROR, 8);
            final IntVector p0 = w0.lanewise(XOR, n0);
            final IntVector p1 = w1.lanewise(XOR, n1);
            final IntVector p2 = w2.lanewise(XOR, n2);
            final IntVector p3 = w3.lanewise(XOR, n3);
            final ByteVector b0 = p0.reinterpretAsBytes();
            final ByteVector b1 = p1.reinterpretAsBytes();
            final ByteVector b2 = p2.reinterpretAsBytes();
            final ByteVector b3 = p3.reinterpretAsBytes();
            final ByteVector d0 = zero.blend(REDUCTION, b0.compare(LT, (byte)0));
            final ByteVector d1 = zero.blend(REDUCTION, b1.compare(LT, (byte)0));
            final ByteVector d2 = zero.blend(REDUCTION, b2.compare(LT, (byte)0));
            final ByteVector d3 = zero.blend(REDUCTION, b3.compare(LT, (byte)0));
            s0 = n0.reinterpretAsBytes().lanewise(XOR, p0.lanewise(ROR, 16).reinterpretAsBytes())
                .lanewise(XOR, key).lanewise(XOR, b0.add(b0)).lanewise(XOR, d0);
            s1 = n1.reinterpretAsBytes().lanewise(XOR, p1.lanewise(ROR, 16).reinterpretAsBytes())
                .lanewise(XOR, key).lanewise(XOR, b1.add(b1)).lanewise(XOR, d1);
            s2 = n2.reinterpretAsBytes().lanewise(XOR, p2.lanewise(ROR, 16).reinterpretAsBytes())
                .lanewise(XOR, key).lanewise(XOR, b2.add(b2)).lanewise(XOR, d2);
            s3 = n3.reinterpretAsBytes().lanewise(XOR, p3.lanewise(ROR, 16).reinterpretAsBytes())
                .lanewise(XOR, key).lanewise(XOR, b3.add(b3)).lanewise(XOR, d3);
        }
        key = ByteVector.fromArray(BYTES, keys, LAST_ROUND);
        s0 = shiftRows.selectFrom(s0);
        s1 = shiftRows.selectFrom(s1);
        s2 = shiftRows.selectFrom(s2);
        s3 = shiftRows.selectFrom(s3);
        s0 = s0.selectFrom(t0, t1).blend(s0.selectFrom(t2, t3), s0.compare(LT, (byte)0));
        s1 = s1.selectFrom(t0, t1).blend(s1.selectFrom(t2, t3), s1.compare(LT, (byte)0));
        s2 = s2.selectFrom(t0, t1).blend(s2.selectFrom(t2, t3), s2.compare(LT, (byte)0));
        s3 = s3.selectFrom(t0, t1).blend(s3.selectFrom(t2, t3), s3.compare(LT, (byte)0));
        s0.lanewise(XOR, key).intoArray(out, at);
        s1.lanewise(XOR, key).intoArray(out, at + WIDTH);
        s2.lanewise(XOR, key).intoArray(out, at + 2 * WIDTH);
        s3.lanewise(XOR, key).intoArray(out, at + 3 * WIDTH);
    }

    /** Adds eight blocks to the words at a place, and makes factors of them at another. */
    static void addBlocks(final long[] t, final int sum, final int x, final byte[] stage, final int at)
    {
        final LongVector first = ByteVector.fromArray(BYTES, stage, at).reinterpretAsLongs();
        final LongVector second = ByteVector.fromArray(BYTES, stage, at + WIDTH).reinterpretAsLongs();
        EVEN.selectFrom(first, second).lanewise(REVERSE_BYTES)
            .lanewise(XOR, LongVector.fromArray(LONGS, t, sum + LANES)).intoArray(t, x + LANES);
        ODD.selectFrom(first, second).lanewise(REVERSE_BYTES)
            .lanewise(XOR, LongVector.fromArray(LONGS, t, sum)).intoArray(t, x);
        spread(t, x);
    }

    /** From the low and the high words of factors: their sums, and all three in reverse. */
    static void spread(final long[] t, final int at)
    {
        final LongVector low = LongVector.fromArray(LONGS, t, at);
        final LongVector high = LongVector.fromArray(LONGS, t, at + LANES);
        final LongVector lowReversed = low.lanewise(REVERSE);
        final LongVector highReversed = high.lanewise(REVERSE);
        low.lanewise(XOR, high).intoArray(t, at + 2 * LANES);
        lowReversed.intoArray(t, at + 3 * LANES);
        highReversed.intoArray(t, at + 4 * LANES);
        lowReversed.lanewise(XOR, highReversed).intoArray(t, at + 5 * LANES);
    }

    /** The low halves of six carry-less products, by multiplication with holes: {@code Ghash} explains them. */
    static void multiply(final long[] t, final int factors)
    {
        final LongVector m0 = LongVector.fromArray(LONGS, HOLES, 0);
        final LongVector m1 = LongVector.fromArray(LONGS, HOLES, LANES);
        final LongVector m2 = LongVector.fromArray(LONGS, HOLES, 2 * LANES);
        final LongVector m3 = LongVector.fromArray(LONGS, HOLES, 3 * LANES);
        for (int row = 0; row < FACTOR_ROWS; row += LANES)
        {
            final LongVector a = LongVector.fromArray(LONGS, t, X + row);
            final LongVector b = LongVector.fromArray(LONGS, t, factors + row);
            final LongVector a0 = a.and(m0);
            final LongVector a1 = a.and(m1);
            final LongVector a2 = a.and(m2);
            final LongVector a3 = a.and(m3);
            final LongVector b0 = b.and(m0);
            final LongVector b1 = b.and(m1);
            final LongVector b2 = b.and(m2);
            final LongVector b3 = b.and(m3);
            final LongVector p0 = a0.mul(b0).lanewise(XOR, a1.mul(b3)).lanewise(XOR, a2.mul(b2))
                .lanewise(XOR, a3.mul(b1));
            final LongVector p1 = a0.mul(b1).lanewise(XOR, a1.mul(b0)).lanewise(XOR, a2.mul(b3))
                .lanewise(XOR, a3.mul(b2));
            final LongVector p2 = a0.mul(b2).lanewise(XOR, a1.mul(b1)).lanewise(XOR, a2.mul(b0))
                .lanewise(XOR, a3.mul(b3));
            final LongVector p3 = a0.mul(b3).lanewise(XOR, a1.mul(b2)).lanewise(XOR, a2.mul(b1))
                .lanewise(XOR, a3.mul(b0));
            p0.and(m0).or(p1.and(m1)).or(p2.and(m2)).or(p3.and(m3)).intoArray(t, PRODUCTS + row);
        }
    }

    /** The parts of factors, moved to the lowest of four bits, and their sums: what {@code multiplyRows} wants. */
    private static void sums(final long[] factors, final long[] sums)
    {
        final LongVector holes = LongVector.fromArray(LONGS, HOLES, 0);
        for (int factor = 0; factor < FACTORS; factor++)
        {
            final LongVector b = LongVector.fromArray(LONGS, factors, factor * LANES);
            final LongVector b0 = b.and(holes);
            final LongVector b1 = b.lanewise(LSHR, 1).and(holes);
            final LongVector b2 = b.lanewise(LSHR, 2).and(holes);
            final LongVector b3 = b.lanewise(LSHR, 3).and(holes);
            final LongVector b01 = b0.lanewise(XOR, b1);
            final LongVector b23 = b2.lanewise(XOR, b3);
            final int at = factor * SUMS * LANES;
            b0.intoArray(sums, at);
            b1.intoArray(sums, at + LANES);
            b2.intoArray(sums, at + 2 * LANES);
            b3.intoArray(sums, at + 3 * LANES);
            b01.intoArray(sums, at + 4 * LANES);
            b23.intoArray(sums, at + 5 * LANES);
            b0.lanewise(XOR, b2).intoArray(sums, at + 6 * LANES);
            b1.lanewise(XOR, b3).intoArray(sums, at + 7 * LANES);
            b01.lanewise(XOR, b23).intoArray(sums, at + 8 * LANES);
        }
    }

    /**
     * The low halves of six carry-less products, each summed over the three rows of a group. As in {@code multiply} a
     * word has four parts, each of them every fourth bit of it, but here the sixteen products of parts are made of nine
     * by Karatsuba's method: what follows them comes once for three rows.
     */
    private static void multiplyRows(final long[] t, final long[] sums)
    {
        final LongVector holes = LongVector.fromArray(LONGS, HOLES, 0);
        for (int factor = 0; factor < FACTORS; factor++)
        {
            final int at = factor * SUMS * LANES;
            final LongVector x = LongVector.fromArray(LONGS, t, X + factor * LANES);
            final LongVector x0 = x.and(holes);
            final LongVector x1 = x.lanewise(LSHR, 1).and(holes);
            final LongVector x2 = x.lanewise(LSHR, 2).and(holes);
            final LongVector x3 = x.lanewise(LSHR, 3).and(holes);
            final LongVector x01 = x0.lanewise(XOR, x1);
            final LongVector x23 = x2.lanewise(XOR, x3);
            final LongVector y = LongVector.fromArray(LONGS, t, X + FACTOR_ROWS + factor * LANES);
            final LongVector y0 = y.and(holes);
            final LongVector y1 = y.lanewise(LSHR, 1).and(holes);
            final LongVector y2 = y.lanewise(LSHR, 2).and(holes);
            final LongVector y3 = y.lanewise(LSHR, 3).and(holes);
            final LongVector y01 = y0.lanewise(XOR, y1);
            final LongVector y23 = y2.lanewise(XOR, y3);
            final LongVector z = LongVector.fromArray(LONGS, t, X + 2 * FACTOR_ROWS + factor * LANES);
            final LongVector z0 = z.and(holes);
            final LongVector z1 = z.lanewise(LSHR, 1).and(holes);
            final LongVector z2 = z.lanewise(LSHR, 2).and(holes);
            final LongVector z3 = z.lanewise(LSHR, 3).and(holes);
            final LongVector z01 = z0.lanewise(XOR, z1);
            final LongVector z23 = z2.lanewise(XOR, z3);
            final LongVector p0 = x0.mul(LongVector.broadcast(LONGS, sums[at + 2]))
                .lanewise(XOR, y0.mul(LongVector.broadcast(LONGS, sums[at + 1])))
                .lanewise(XOR, z0.mul(LongVector.broadcast(LONGS, sums[at])));
            final LongVector p1 = x1.mul(LongVector.broadcast(LONGS, sums[at + LANES + 2]))
                .lanewise(XOR, y1.mul(LongVector.broadcast(LONGS, sums[at + LANES + 1])))
                .lanewise(XOR, z1.mul(LongVector.broadcast(LONGS, sums[at + LANES])));
            final LongVector p2 = x2.mul(LongVector.broadcast(LONGS, sums[at + 2 * LANES + 2]))
                .lanewise(XOR, y2.mul(LongVector.broadcast(LONGS, sums[at + 2 * LANES + 1])))
                .lanewise(XOR, z2.mul(LongVector.broadcast(LONGS, sums[at + 2 * LANES])));
            final LongVector p3 = x3.mul(LongVector.broadcast(LONGS, sums[at + 3 * LANES + 2]))
                .lanewise(XOR, y3.mul(LongVector.broadcast(LONGS, sums[at + 3 * LANES + 1])))
                .lanewise(XOR, z3.mul(LongVector.broadcast(LONGS, sums[at + 3 * LANES])));
            final LongVector p01 = x01.mul(LongVector.broadcast(LONGS, sums[at + 4 * LANES + 2]))
                .lanewise(XOR, y01.mul(LongVector.broadcast(LONGS, sums[at + 4 * LANES + 1])))
                .lanewise(XOR, z01.mul(LongVector.broadcast(LONGS, sums[at + 4 * LANES])));
            final LongVector p23 = x23.mul(LongVector.broadcast(LONGS, sums[at + 5 * LANES + 2]))
                .lanewise(XOR, y23.mul(LongVector.broadcast(LONGS, sums[at + 5 * LANES + 1])))
                .lanewise(XOR, z23.mul(LongVector.broadcast(LONGS, sums[at + 5 * LANES])));
            final LongVector p02 = x0.lanewise(XOR, x2).mul(LongVector.broadcast(LONGS, sums[at + 6 * LANES + 2]))
                .lanewise(XOR, y0.lanewise(XOR, y2).mul(LongVector.broadcast(LONGS, sums[at + 6 * LANES + 1])))
                .lanewise(XOR, z0.lanewise(XOR, z2).mul(LongVector.broadcast(LONGS, sums[at + 6 * LANES])));
            final LongVector p13 = x1.lanewise(XOR, x3).mul(LongVector.broadcast(LONGS, sums[at + 7 * LANES + 2]))
                .lanewise(XOR, y1.lanewise(XOR, y3).mul(LongVector.broadcast(LONGS, sums[at + 7 * LANES + 1])))
                .lanewise(XOR, z1.lanewise(XOR, z3).mul(LongVector.broadcast(LONGS, sums[at + 7 * LANES])));
            final LongVector pAll = x01.lanewise(XOR, x23).mul(LongVector.broadcast(LONGS, sums[at + 8 * LANES + 2]))
                .lanewise(XOR, y01.lanewise(XOR, y23).mul(LongVector.broadcast(LONGS, sums[at + 8 * LANES + 1])))
                .lanewise(XOR, z01.lanewise(XOR, z23).mul(LongVector.broadcast(LONGS, sums[at + 8 * LANES])));
            // coefficients of 1, x, ... x^6; four bits up x^4 is 1, x^5 is x and x^6 is x^2
            final LongVector low = p0.lanewise(XOR, p1);
            final LongVector high = p2.lanewise(XOR, p3);
            final LongVector c1 = low.lanewise(XOR, p01);
            final LongVector c5 = high.lanewise(XOR, p23);
            final LongVector c2 = low.lanewise(XOR, p2).lanewise(XOR, p02);
            final LongVector c4 = high.lanewise(XOR, p1).lanewise(XOR, p13);
            final LongVector c3 = pAll.lanewise(XOR, c1).lanewise(XOR, c5)
                .lanewise(XOR, p02).lanewise(XOR, p13);
            final LongVector r0 = c4.lanewise(LSHL, 4).lanewise(XOR, p0).and(holes);
            final LongVector r1 = c5.lanewise(LSHL, 4).lanewise(XOR, c1).and(holes).lanewise(LSHL, 1);
            final LongVector r2 = p3.lanewise(LSHL, 4).lanewise(XOR, c2).and(holes).lanewise(LSHL, 2);
            final LongVector r3 = c3.and(holes).lanewise(LSHL, 3);
            r0.or(r1).or(r2).or(r3).intoArray(t, PRODUCTS + factor * LANES);
        }
    }

    /** Puts the six products together and reduces them: the new sums; the steps are those of {@code Ghash}. */
    static void reduce(final long[] t)
    {
        final LongVector low = LongVector.fromArray(LONGS, t, PRODUCTS);
        final LongVector high = LongVector.fromArray(LONGS, t, PRODUCTS + LANES);
        final LongVector middle = LongVector.fromArray(LONGS, t, PRODUCTS + 2 * LANES)
            .lanewise(XOR, low).lanewise(XOR, high);
        final LongVector lowUp = LongVector.fromArray(LONGS, t, PRODUCTS + 3 * LANES);
        final LongVector highUp = LongVector.fromArray(LONGS, t, PRODUCTS + 4 * LANES);
        final LongVector middleUp = LongVector.fromArray(LONGS, t, PRODUCTS + 5 * LANES)
            .lanewise(XOR, lowUp).lanewise(XOR, highUp);
        final LongVector p1 = lowUp.lanewise(REVERSE).lanewise(LSHR, 1).lanewise(XOR, middle);
        final LongVector p2 = middleUp.lanewise(REVERSE).lanewise(LSHR, 1).lanewise(XOR, high);
        final LongVector p3 = highUp.lanewise(REVERSE).lanewise(LSHR, 1);

        final LongVector v0 = low.lanewise(LSHL, 1);
        final LongVector v1 = p1.lanewise(LSHL, 1).lanewise(XOR, low.lanewise(LSHR, 63))
            .lanewise(XOR, v0.lanewise(LSHL, 63)).lanewise(XOR, v0.lanewise(LSHL, 62))
            .lanewise(XOR, v0.lanewise(LSHL, 57));
        final LongVector v2 = p2.lanewise(LSHL, 1).lanewise(XOR, p1.lanewise(LSHR, 63))
            .lanewise(XOR, v0).lanewise(XOR, v0.lanewise(LSHR, 1)).lanewise(XOR, v0.lanewise(LSHR, 2))
            .lanewise(XOR, v0.lanewise(LSHR, 7));
        final LongVector v3 = p3.lanewise(LSHL, 1).lanewise(XOR, p2.lanewise(LSHR, 63));
        v3.lanewise(XOR, v1).lanewise(XOR, v1.lanewise(LSHR, 1)).lanewise(XOR, v1.lanewise(LSHR, 2))
            .lanewise(XOR, v1.lanewise(LSHR, 7)).intoArray(t, X + LANES);
        v2.lanewise(XOR, v1.lanewise(LSHL, 63)).lanewise(XOR, v1.lanewise(LSHL, 62))
            .lanewise(XOR, v1.lanewise(LSHL, 57)).intoArray(t, X);
    }

    private static void sum(final long[] t, final long[] hash)
    {
        hash[0] = LongVector.fromArray(LONGS, t, X + LANES).reduceLanes(XOR);
        hash[1] = LongVector.fromArray(LONGS, t, X).reduceLanes(XOR);
    }

    /** The S-box of FIPS 197 5.1.1: the inverse in GF(2^8), and a linear part. */
    private static byte[] sBox()
    {
        final byte[] box = new byte[256];
        int p = 1;
        int inverse = 1;
        do
        {
            // p runs through the powers of 3, its inverse through those of 1/3 = 0xf6
            p = (p ^ p << 1 ^ (p >>> 7) * 0x11b) & 0xff;
            inverse ^= inverse << 1;
            inverse ^= inverse << 2;
            inverse ^= inverse << 4;
            inverse &= 0xff;
            inverse ^= (inverse >>> 7) * 0x09;
            final int twice = inverse | inverse << Byte.SIZE;
            box[p] = (byte)(inverse ^ twice >>> 4 ^ twice >>> 5 ^ twice >>> 6 ^ twice >>> 7 ^ 0x63);
        }
        while (p != 1);
        box[0] = 0x63;
        return box;
    }

    /** Where the octets come from in ShiftRows (FIPS 197 5.1.2): row r of column c from column c + r. */
    private static byte[] shiftRows()
    {
        final byte[] places = new byte[WIDTH];
        for (int i = 0; i < WIDTH; i++)
        {
            final int row = i & 3;
            places[i] = (byte)((i & -BLOCK_LENGTH) | (i + 4 * row & BLOCK_LENGTH - 1));
        }
        return places;
    }

    private static byte[] replicate()
    {
        final byte[] places = new byte[WIDTH];
        for (int i = 0; i < WIDTH; i++)
        {
            places[i] = (byte)(i & BLOCK_LENGTH - 1);
        }
        return places;
    }

    private static byte[] rotatedLast()
    {
        final byte[] places = new byte[WIDTH];
        for (int i = 0; i < WIDTH; i++)
        {
            places[i] = (byte)(12 + (i + 1 & 3));
        }
        return places;
    }

    /** Where a block's words come from when they move up by some: from a second vector, of zeros, below. */
    private static int[] up(final int words)
    {
        final int[] places = new int[WIDTH / Integer.BYTES];
        for (int i = 0; i < places.length; i++)
        {
            places[i] = (i & 3) >= words ? i - words : places.length;
        }
        return places;
    }

    private static long[] holes()
    {
        final long[] holes = new long[4 * LANES];
        for (int i = 0; i < 4; i++)
        {
            Arrays.fill(holes, i * LANES, (i + 1) * LANES, Ghash.HOLES << i);
        }
        return holes;
    }

    /** Numbers in the counters' words of four blocks. */
    private static int[] counters(final int first, final int step)
    {
        final int[] counters = new int[WIDTH / Integer.BYTES];
        for (int i = 3; i < counters.length; i += 4)
        {
            counters[i] = first + i / 4 * step;
        }
        return counters;
    }
}
