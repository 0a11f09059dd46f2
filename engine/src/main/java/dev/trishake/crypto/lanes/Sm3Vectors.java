// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.sm.Sm3Block;
import dev.trishake.crypto.sm.Sm3Lanes;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/** SM3 in the sixteen lanes of a vector: every variable of the standard is one register. */
public final class Sm3Vectors implements Sm3Lanes
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
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
        Transpose.blocks(blocks, words, scratch);
        expand(words);
        rounds(chaining, words, constants);
    }

    @Override
    public void wipe()
    {
        Arrays.fill(words, 0);
        Arrays.fill(scratch, 0);
    }

    /** W16 to W67, GB/T 32905 5.3.2: row j of {@code w} holds Wj of the sixteen lanes. */
    private static void expand(final int[] w)
    {
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
            final IntVector wj = IntVector.fromArray(INTS, w, LANES * j);
            final IntVector a12 = a.lanewise(VectorOperators.ROL, 12);
            final IntVector ss1 = a12.add(e).add(t[j]).lanewise(VectorOperators.ROL, 7);
            final IntVector tt1 = a.and(b).or(c.and(a.or(b))).add(d)
                .add(wj.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, w, LANES * (j + 4))))
                .add(ss1.lanewise(VectorOperators.XOR, a12));
            final IntVector tt2 = g.lanewise(VectorOperators.XOR, e.and(f.lanewise(VectorOperators.XOR, g))).add(h)
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
        a.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, v, 0)).intoArray(v, 0);
        b.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, v, LANES)).intoArray(v, LANES);
        c.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, v, 2 * LANES)).intoArray(v, 2 * LANES);
        d.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, v, 3 * LANES)).intoArray(v, 3 * LANES);
        e.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, v, 4 * LANES)).intoArray(v, 4 * LANES);
        f.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, v, 5 * LANES)).intoArray(v, 5 * LANES);
        g.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, v, 6 * LANES)).intoArray(v, 6 * LANES);
        h.lanewise(VectorOperators.XOR, IntVector.fromArray(INTS, v, 7 * LANES)).intoArray(v, 7 * LANES);
    }
}
