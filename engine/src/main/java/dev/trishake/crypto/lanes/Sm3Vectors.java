// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.sm.Sm3Block;
import dev.trishake.crypto.sm.Sm3Lanes;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/**
 * SM3 in the sixteen lanes of a vector: every variable of the standard is one register.
 *
 * <p>A round is 19 operations and a word of the message expansion 7, of which a processor does two at a time; neither
 * has that many that don't wait for each other. So both are done in one loop, where one goes on while the other waits.
 *
 * <p>The method is longer than 325 bytecodes on purpose, which is what C2 inlines at most: within a caller of any size
 * it would run into its limit on nodes, beyond which vectors are boxed and everything is a hundred times slower.
 */
public final class Sm3Vectors implements Sm3Lanes
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final int ROUNDS = 64;
    private static final int FIRST_ROUNDS = 16;

    private final int[] constants = Sm3Block.roundConstants();
    private final int[] words = new int[Sm3Block.EXPANDED_WORDS * LANES];

    /** Allocates the scratch. */
    public Sm3Vectors()
    {
    }

    @Override
    public void compress(final int[] chaining, final int[] columns, final int first, final int live)
    {
        compress(chaining, columns, first, words, constants);
    }

    @Override
    public void wipe()
    {
        Arrays.fill(words, 0);
    }

    /**
     * CF of GB/T 32905 5.3.3: the names are the standard's. Row j of {@code w} becomes Wj of the sixteen lanes; round j
     * takes W(j+4), which 5.3.2 makes of words before it.
     */
    private static void compress(
        final int[] v, final int[] columns, final int first, final int[] w, final int[] t)
    {
        for (int row = 0; row < LANES * BLOCK_WORDS; row += LANES)
        {
            IntVector.fromArray(INTS, columns, first + row).intoArray(w, row);
        }
        for (int row = LANES * FIRST_ROUNDS; row < LANES * (FIRST_ROUNDS + 4); row += LANES)
        {
            final IntVector x = IntVector.fromArray(INTS, w, row - 16 * LANES)
                .lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, w, row - 9 * LANES))
                .lanewise(VectorOperators.XOR,
                    IntVector.fromArray(INTS, w, row - 3 * LANES).lanewise(VectorOperators.ROL, 15));
            x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROL, 15))
                .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROL, 23))
                .lanewise(VectorOperators.XOR,
                    IntVector.fromArray(INTS, w, row - 13 * LANES).lanewise(VectorOperators.ROL, 7))
                .lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, w, row - 6 * LANES))
                .intoArray(w, row);
        }

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
            final IntVector wj4 = IntVector.fromArray(INTS, w, LANES * j + 4 * LANES);
            final IntVector a12 = a.lanewise(VectorOperators.ROL, 12);
            final IntVector ss1 = a12.add(e).add(t[j]).lanewise(VectorOperators.ROL, 7);
            final IntVector tt1 = a.lanewise(VectorOperators.XOR, b).lanewise(VectorOperators.XOR, c).add(d)
                .add(wj.lanewise(VectorOperators.XOR, wj4)).add(ss1.lanewise(VectorOperators.XOR, a12));
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
            final int row = LANES * j;
            final IntVector x = IntVector.fromArray(INTS, w, row - 12 * LANES)
                .lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, w, row - 5 * LANES))
                .lanewise(VectorOperators.XOR,
                    IntVector.fromArray(INTS, w, row + LANES).lanewise(VectorOperators.ROL, 15));
            final IntVector wj4 = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROL, 15))
                .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROL, 23))
                .lanewise(VectorOperators.XOR,
                    IntVector.fromArray(INTS, w, row - 9 * LANES).lanewise(VectorOperators.ROL, 7))
                .lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, w, row - 2 * LANES));
            wj4.intoArray(w, row + 4 * LANES);

            final IntVector wj = IntVector.fromArray(INTS, w, row);
            final IntVector a12 = a.lanewise(VectorOperators.ROL, 12);
            final IntVector ss1 = a12.add(e).add(t[j]).lanewise(VectorOperators.ROL, 7);
            final IntVector tt1 = a.and(b).or(a.or(b).and(c)).add(d)
                .add(wj.lanewise(VectorOperators.XOR, wj4)).add(ss1.lanewise(VectorOperators.XOR, a12));
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
}
