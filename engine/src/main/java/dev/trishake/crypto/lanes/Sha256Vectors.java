// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.hash.Sha256Block;
import dev.trishake.crypto.hash.Sha256Lanes;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/**
 * SHA-256 in the sixteen lanes of a vector: every variable of the standard is one register. Words of the message
 * schedule are made in the round that takes them, and the method is long on purpose, see {@link Sm3Vectors}.
 */
public final class Sha256Vectors implements Sha256Lanes
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final int ROUNDS = 64;

    private final int[] constants = Sha256Block.roundConstants();
    private final int[] words = new int[Sha256Block.EXPANDED_WORDS * LANES];
    private final int[] scratch = new int[BLOCK_WORDS * LANES];

    /** Allocates the scratch. */
    public Sha256Vectors()
    {
    }

    @Override
    public void compress(final int[] chaining, final int[] columns, final int first, final int live)
    {
        compress(chaining, columns, first, words, constants);
    }

    @Override
    public void read(final int[] columns, final int first, final byte[] messages, final int from, final int stride)
    {
        Transpose.bigEndianColumns(messages, from, stride, columns, first, scratch);
    }

    @Override
    public void wipe()
    {
        Arrays.fill(words, 0);
        Arrays.fill(scratch, 0);
    }

    /** FIPS 180-4 6.2.2: the names are the standard's. Row j of {@code w} becomes Wj of the sixteen lanes. */
    private static void compress(
        final int[] v, final int[] columns, final int first, final int[] w, final int[] k)
    {
        IntVector a = IntVector.fromArray(INTS, v, 0);
        IntVector b = IntVector.fromArray(INTS, v, LANES);
        IntVector c = IntVector.fromArray(INTS, v, 2 * LANES);
        IntVector d = IntVector.fromArray(INTS, v, 3 * LANES);
        IntVector e = IntVector.fromArray(INTS, v, 4 * LANES);
        IntVector f = IntVector.fromArray(INTS, v, 5 * LANES);
        IntVector g = IntVector.fromArray(INTS, v, 6 * LANES);
        IntVector h = IntVector.fromArray(INTS, v, 7 * LANES);
        for (int j = 0; j < BLOCK_WORDS; j++)
        {
            a = (IntVector)Exact.INTS.cast(a);
            e = (IntVector)Exact.INTS.cast(e);
            f = (IntVector)Exact.INTS.cast(f);
            final IntVector wj = IntVector.fromArray(INTS, columns, first + LANES * j);
            wj.intoArray(w, LANES * j);
            final IntVector sigma1 = e.lanewise(VectorOperators.ROR, 6)
                .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 11))
                .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 25));
            final IntVector ch = f.lanewise(VectorOperators.XOR, g).and(e).lanewise(VectorOperators.XOR, g);
            final IntVector t1 = wj.add(k[j]).add(h).add(ch).add(sigma1);
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
        for (int j = BLOCK_WORDS; j < ROUNDS; j++)
        {
            a = (IntVector)Exact.INTS.cast(a);
            e = (IntVector)Exact.INTS.cast(e);
            f = (IntVector)Exact.INTS.cast(f);
            final int row = LANES * j;
            final IntVector x = IntVector.fromArray(INTS, w, row - 15 * LANES);
            final IntVector y = IntVector.fromArray(INTS, w, row - 2 * LANES);
            final IntVector wj = x.lanewise(VectorOperators.ROR, 7)
                .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROR, 18))
                .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 3))
                .add(IntVector.fromArray(INTS, w, row - 16 * LANES))
                .add(IntVector.fromArray(INTS, w, row - 7 * LANES))
                .add(y.lanewise(VectorOperators.ROR, 17)
                    .lanewise(VectorOperators.XOR, y.lanewise(VectorOperators.ROR, 19))
                    .lanewise(VectorOperators.XOR, y.lanewise(VectorOperators.LSHR, 10)));
            wj.intoArray(w, row);

            final IntVector sigma1 = e.lanewise(VectorOperators.ROR, 6)
                .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 11))
                .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 25));
            final IntVector ch = f.lanewise(VectorOperators.XOR, g).and(e).lanewise(VectorOperators.XOR, g);
            final IntVector t1 = wj.add(k[j]).add(h).add(ch).add(sigma1);
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
}
