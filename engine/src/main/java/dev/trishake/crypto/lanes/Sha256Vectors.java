// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.hash.Sha256Block;
import dev.trishake.crypto.hash.Sha256Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/**
 * SHA-256 in the sixteen lanes of a vector: every variable of the standard is one register.
 *
 * <p>Both methods are longer than 325 bytecodes on purpose, which is what C2 inlines at most: within a caller of any
 * size they would run into its limit on nodes, beyond which vectors are boxed and everything is a hundred times slower.
 */
public final class Sha256Vectors implements Sha256Lanes
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final IntVector LOW = IntVector.fromArray(INTS, interleaved(0), 0);
    private static final IntVector HIGH = IntVector.fromArray(INTS, interleaved(LANES / 2), 0);
    private static final int ROUNDS = 64;

    private final int[] constants = Sha256Block.roundConstants();
    private final int[] words = new int[Sha256Block.EXPANDED_WORDS * LANES];
    private final int[] scratch = new int[16 * LANES];

    /** Allocates the scratch. */
    public Sha256Vectors()
    {
    }

    @Override
    public void compress(
        final int[] chaining, final byte[] messages, final int first, final int stride, final int live)
    {
        expand(messages, first, stride, words, scratch);
        rounds(chaining, words, constants);
    }

    @Override
    public void wipe()
    {
        Arrays.fill(words, 0);
        Arrays.fill(scratch, 0);
    }

    /**
     * The message schedule, FIPS 180-4 6.2.2: afterwards row j of {@code w} holds Wj of the sixteen lanes.
     *
     * <p>The blocks are the rows of a matrix of 16 x 16 words which is transposed first, in four stages that each
     * interleave row r with row r + 8: <pre>
     *   stage(x)[2 r]     = x[r]0  x[r+8]0  x[r]1  x[r+8]1  ...  x[r]7   x[r+8]7
     *   stage(x)[2 r + 1] = x[r]8  x[r+8]8  x[r]9  x[r+8]9  ...  x[r]15  x[r+8]15
     * </pre>
     * The place of a word is a number of eight bits, four of the row and four of the column. A stage rotates that
     * number by one bit, so four stages exchange row and column.
     */
    private static void expand(
        final byte[] messages, final int first, final int stride, final int[] w, final int[] scratch)
    {
        final IntVector low = LOW;
        final IntVector high = HIGH;
        for (int row = 0; row < LANES / 2; row++)
        {
            final IntVector upper = ByteVector.fromArray(BYTES, messages, first + stride * row)
                .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
            final IntVector lower = ByteVector.fromArray(BYTES, messages, first + stride * (row + LANES / 2))
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

        for (int j = 16 * LANES; j < Sha256Block.EXPANDED_WORDS * LANES; j += LANES)
        {
            final IntVector x = IntVector.fromArray(INTS, w, j - 15 * LANES);
            final IntVector y = IntVector.fromArray(INTS, w, j - 2 * LANES);
            x.lanewise(VectorOperators.ROR, 7).lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROR, 18))
                .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 3))
                .add(y.lanewise(VectorOperators.ROR, 17).lanewise(VectorOperators.XOR,
                    y.lanewise(VectorOperators.ROR, 19)).lanewise(VectorOperators.XOR,
                    y.lanewise(VectorOperators.LSHR, 10)))
                .add(IntVector.fromArray(INTS, w, j - 16 * LANES))
                .add(IntVector.fromArray(INTS, w, j - 7 * LANES))
                .intoArray(w, j);
        }
    }

    /** The rounds of 6.2.2: the names are the standard's. */
    private static void rounds(final int[] v, final int[] w, final int[] k)
    {
        IntVector a = IntVector.fromArray(INTS, v, 0);
        IntVector b = IntVector.fromArray(INTS, v, LANES);
        IntVector c = IntVector.fromArray(INTS, v, 2 * LANES);
        IntVector d = IntVector.fromArray(INTS, v, 3 * LANES);
        IntVector e = IntVector.fromArray(INTS, v, 4 * LANES);
        IntVector f = IntVector.fromArray(INTS, v, 5 * LANES);
        IntVector g = IntVector.fromArray(INTS, v, 6 * LANES);
        IntVector h = IntVector.fromArray(INTS, v, 7 * LANES);
        for (int j = 0; j < ROUNDS; j++)
        {
            a = (IntVector)Exact.INTS.cast(a);
            e = (IntVector)Exact.INTS.cast(e);
            f = (IntVector)Exact.INTS.cast(f);
            final IntVector sigma1 = e.lanewise(VectorOperators.ROR, 6)
                .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 11))
                .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 25));
            final IntVector ch = f.lanewise(VectorOperators.XOR, g).and(e).lanewise(VectorOperators.XOR, g);
            final IntVector t1 = IntVector.fromArray(INTS, w, LANES * j).add(k[j]).add(h).add(ch).add(sigma1);
            final IntVector sigma0 = a.lanewise(VectorOperators.ROR, 2)
                .lanewise(VectorOperators.XOR, a.lanewise(VectorOperators.ROR, 13))
                .lanewise(VectorOperators.XOR, a.lanewise(VectorOperators.ROR, 22));
            final IntVector maj = a.and(b).or(a.or(b).and(c));
            h = g;
            g = f;
            f = e;
            e = t1.add(d);
            d = c;
            c = b;
            b = a;
            a = t1.add(sigma0.add(maj));
        }
        IntVector.fromArray(INTS, v, 0).add(a).intoArray(v, 0);
        IntVector.fromArray(INTS, v, LANES).add(b).intoArray(v, LANES);
        IntVector.fromArray(INTS, v, 2 * LANES).add(c).intoArray(v, 2 * LANES);
        IntVector.fromArray(INTS, v, 3 * LANES).add(d).intoArray(v, 3 * LANES);
        IntVector.fromArray(INTS, v, 4 * LANES).add(e).intoArray(v, 4 * LANES);
        IntVector.fromArray(INTS, v, 5 * LANES).add(f).intoArray(v, 5 * LANES);
        IntVector.fromArray(INTS, v, 6 * LANES).add(g).intoArray(v, 6 * LANES);
        IntVector.fromArray(INTS, v, 7 * LANES).add(h).intoArray(v, 7 * LANES);
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
