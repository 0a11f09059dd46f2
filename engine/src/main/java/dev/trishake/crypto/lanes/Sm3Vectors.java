// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.sm.Sm3Block;
import dev.trishake.crypto.sm.Sm3Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/**
 * SM3 in the sixteen lanes of a vector: every variable of the standard is one register.
 *
 * <p>Both methods are longer than 325 bytecodes on purpose, which is what C2 inlines at most: within a caller of any
 * size they would run into its limit on nodes, beyond which vectors are boxed and everything is a hundred times slower.
 */
public final class Sm3Vectors implements Sm3Lanes
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final IntVector LOW = IntVector.fromArray(INTS, interleaved(0), 0);
    private static final IntVector HIGH = IntVector.fromArray(INTS, interleaved(LANES / 2), 0);
    private static final int ROUNDS = 64;
    private static final int FIRST_ROUNDS = 16;

    private final int[] constants = Sm3Block.roundConstants();
    private final int[] words = new int[Sm3Block.EXPANDED_WORDS * LANES];
    private final int[] scratch = new int[16 * LANES];

    /** Allocates the scratch. */
    public Sm3Vectors()
    {
    }

    @Override
    public void compress(final int[] chaining, final byte[] blocks, final int live)
    {
        expand(blocks, words, scratch);
        rounds(chaining, words, constants);
    }

    @Override
    public void wipe()
    {
        Arrays.fill(words, 0);
        Arrays.fill(scratch, 0);
    }

    /**
     * The message expansion, GB/T 32905 5.3.2: afterwards row j of {@code w} holds Wj of the sixteen lanes.
     *
     * <p>The blocks are the rows of a matrix of 16 x 16 words which is transposed first, in four stages that each
     * interleave row r with row r + 8: <pre>
     *   stage(x)[2 r]     = x[r]0  x[r+8]0  x[r]1  x[r+8]1  ...  x[r]7   x[r+8]7
     *   stage(x)[2 r + 1] = x[r]8  x[r+8]8  x[r]9  x[r+8]9  ...  x[r]15  x[r+8]15
     * </pre>
     * The place of a word is a number of eight bits, four of the row and four of the column. A stage rotates that
     * number by one bit, so four stages exchange row and column.
     */
    private static void expand(final byte[] blocks, final int[] w, final int[] scratch)
    {
        final IntVector low = LOW;
        final IntVector high = HIGH;
        for (int row = 0; row < LANES / 2; row++)
        {
            final IntVector upper = ByteVector.fromArray(BYTES, blocks, BLOCK_LENGTH * row)
                .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
            final IntVector lower = ByteVector.fromArray(BYTES, blocks, BLOCK_LENGTH * (row + LANES / 2))
                .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
            low.selectFrom(upper, lower).intoArray(scratch, 2 * LANES * row);
            high.selectFrom(upper, lower).intoArray(scratch, 2 * LANES * row + LANES);
        }
        for (int row = 0; row < LANES / 2; row++)
        {
            final IntVector upper = IntVector.fromArray(INTS, scratch, LANES * row);
            final IntVector lower = IntVector.fromArray(INTS, scratch, LANES * (row + LANES / 2));
            low.selectFrom(upper, lower).intoArray(w, 2 * LANES * row);
            high.selectFrom(upper, lower).intoArray(w, 2 * LANES * row + LANES);
        }
        for (int row = 0; row < LANES / 2; row++)
        {
            final IntVector upper = IntVector.fromArray(INTS, w, LANES * row);
            final IntVector lower = IntVector.fromArray(INTS, w, LANES * (row + LANES / 2));
            low.selectFrom(upper, lower).intoArray(scratch, 2 * LANES * row);
            high.selectFrom(upper, lower).intoArray(scratch, 2 * LANES * row + LANES);
        }
        for (int row = 0; row < LANES / 2; row++)
        {
            final IntVector upper = IntVector.fromArray(INTS, scratch, LANES * row);
            final IntVector lower = IntVector.fromArray(INTS, scratch, LANES * (row + LANES / 2));
            low.selectFrom(upper, lower).intoArray(w, 2 * LANES * row);
            high.selectFrom(upper, lower).intoArray(w, 2 * LANES * row + LANES);
        }

        for (int j = 16 * LANES; j < Sm3Block.EXPANDED_WORDS * LANES; j += LANES)
        {
            final IntVector x = IntVector.fromArray(INTS, w, j - 16 * LANES)
                .lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, w, j - 9 * LANES))
                .lanewise(VectorOperators.XOR,
                    IntVector.fromArray(INTS, w, j - 3 * LANES).lanewise(VectorOperators.ROL, 15));
            x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROL, 15))
                .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROL, 23))
                .lanewise(VectorOperators.XOR,
                    IntVector.fromArray(INTS, w, j - 13 * LANES).lanewise(VectorOperators.ROL, 7))
                .lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, w, j - 6 * LANES))
                .intoArray(w, j);
        }
    }

    /** CF of 5.3.3: the names are the standard's. */
    private static void rounds(final int[] v, final int[] w, final int[] t)
    {
        IntVector a = IntVector.fromArray(INTS, v, 0);
        IntVector b = IntVector.fromArray(INTS, v, LANES);
        IntVector c = IntVector.fromArray(INTS, v, 2 * LANES);
        IntVector d = IntVector.fromArray(INTS, v, 3 * LANES);
        IntVector e = IntVector.fromArray(INTS, v, 4 * LANES);
        IntVector f = IntVector.fromArray(INTS, v, 5 * LANES);
        IntVector g = IntVector.fromArray(INTS, v, 6 * LANES);
        IntVector h = IntVector.fromArray(INTS, v, 7 * LANES);
        for (int j = 0; j < FIRST_ROUNDS; j++)
        {
            a = (IntVector)Exact.INTS.cast(a);
            b = (IntVector)Exact.INTS.cast(b);
            e = (IntVector)Exact.INTS.cast(e);
            f = (IntVector)Exact.INTS.cast(f);
            final IntVector wj = IntVector.fromArray(INTS, w, LANES * j);
            final IntVector a12 = a.lanewise(VectorOperators.ROL, 12);
            final IntVector ss1 = a12.add(e).add(t[j]).lanewise(VectorOperators.ROL, 7);
            final IntVector tt1 = a.lanewise(VectorOperators.XOR, b).lanewise(VectorOperators.XOR, c).add(d)
                .add(wj.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, w, LANES * (j + 4))))
                .add(ss1.lanewise(VectorOperators.XOR, a12));
            final IntVector tt2 = e.lanewise(VectorOperators.XOR, f).lanewise(VectorOperators.XOR, g).add(h)
                .add(wj).add(ss1);
            d = c;
            c = b.lanewise(VectorOperators.ROL, 9);
            b = a;
            a = tt1;
            h = g;
            g = f.lanewise(VectorOperators.ROL, 19);
            f = e;
            e = tt2.lanewise(VectorOperators.XOR, tt2.lanewise(VectorOperators.ROL, 9))
                .lanewise(VectorOperators.XOR, tt2.lanewise(VectorOperators.ROL, 17));
        }
        for (int j = FIRST_ROUNDS; j < ROUNDS; j++)
        {
            a = (IntVector)Exact.INTS.cast(a);
            b = (IntVector)Exact.INTS.cast(b);
            f = (IntVector)Exact.INTS.cast(f);
            final IntVector wj = IntVector.fromArray(INTS, w, LANES * j);
            final IntVector a12 = a.lanewise(VectorOperators.ROL, 12);
            final IntVector ss1 = a12.add(e).add(t[j]).lanewise(VectorOperators.ROL, 7);
            final IntVector tt1 = a.and(b).or(a.or(b).and(c)).add(d)
                .add(wj.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, w, LANES * (j + 4))))
                .add(ss1.lanewise(VectorOperators.XOR, a12));
            final IntVector tt2 = f.lanewise(VectorOperators.XOR, g).and(e).lanewise(VectorOperators.XOR, g).add(h)
                .add(wj).add(ss1);
            d = c;
            c = b.lanewise(VectorOperators.ROL, 9);
            b = a;
            a = tt1;
            h = g;
            g = f.lanewise(VectorOperators.ROL, 19);
            f = e;
            e = tt2.lanewise(VectorOperators.XOR, tt2.lanewise(VectorOperators.ROL, 9))
                .lanewise(VectorOperators.XOR, tt2.lanewise(VectorOperators.ROL, 17));
        }
        IntVector.fromArray(INTS, v, 0).lanewise(VectorOperators.XOR, a).intoArray(v, 0);
        IntVector.fromArray(INTS, v, LANES).lanewise(VectorOperators.XOR, b).intoArray(v, LANES);
        IntVector.fromArray(INTS, v, 2 * LANES).lanewise(VectorOperators.XOR, c).intoArray(v, 2 * LANES);
        IntVector.fromArray(INTS, v, 3 * LANES).lanewise(VectorOperators.XOR, d).intoArray(v, 3 * LANES);
        IntVector.fromArray(INTS, v, 4 * LANES).lanewise(VectorOperators.XOR, e).intoArray(v, 4 * LANES);
        IntVector.fromArray(INTS, v, 5 * LANES).lanewise(VectorOperators.XOR, f).intoArray(v, 5 * LANES);
        IntVector.fromArray(INTS, v, 6 * LANES).lanewise(VectorOperators.XOR, g).intoArray(v, 6 * LANES);
        IntVector.fromArray(INTS, v, 7 * LANES).lanewise(VectorOperators.XOR, h).intoArray(v, 7 * LANES);
    }

    /** Places in a pair of rows: word {@code first} of both, the next one of both, and so on. */
    private static int[] interleaved(final int first)
    {
        final int[] places = new int[LANES];
        for (int i = 0; i < LANES; i++)
        {
            places[i] = first + i / 2 + i % 2 * LANES;
        }
        return places;
    }
}
