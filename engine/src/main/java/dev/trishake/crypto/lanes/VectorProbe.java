// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Finds out whether vector code is worth it on this machine and JVM: where the compiler makes none (another compiler,
 * flags, older processors), it is a hundred times slower and allocates.
 */
public final class VectorProbe
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final int ROUNDS = 2_000;
    private static final long PATIENCE_NS = 400_000_000L;

    private VectorProbe()
    {
    }

    /**
     * {@return how many bits the widest registers have that this JVM uses}
     */
    public static int bits()
    {
        return IntVector.SPECIES_PREFERRED.vectorBitSize();
    }

    /**
     * {@return whether sixteen lanes in a vector soon take no longer than four in scalar code; 10 to 400 ms}
     */
    public static boolean isFast()
    {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        final int[] words = new int[INTS.length()];
        final long start = threads.getCurrentThreadCpuTime();
        long scalarNs = Long.MAX_VALUE;
        long vectorNs = Long.MAX_VALUE;
        long now = start;
        while (now - start < PATIENCE_NS)
        {
            scalar(words);
            scalar(words);
            scalar(words);
            scalar(words);
            final long middle = threads.getCurrentThreadCpuTime();
            vector(words);
            final long end = threads.getCurrentThreadCpuTime();
            scalarNs = Math.min(scalarNs, middle - now);
            vectorNs = Math.min(vectorNs, end - middle);
            now = end;
            // scalar code is compiled first: a trial before that would flatter the vectors
            if (now - start > PATIENCE_NS / 8 && vectorNs <= scalarNs)
            {
                return true;
            }
        }
        return false;
    }

    private static void scalar(final int[] words)
    {
        int a = words[0];
        int b = words[1];
        for (int i = 0; i < ROUNDS; i++)
        {
            final int c = Integer.rotateLeft(a + b, 7) ^ a;
            a = b;
            b = c;
        }
        words[0] = a;
        words[1] = b;
    }

    private static void vector(final int[] words)
    {
        IntVector a = IntVector.fromArray(INTS, words, 0);
        IntVector b = a.lanewise(VectorOperators.NOT);
        for (int i = 0; i < ROUNDS; i++)
        {
            a = (IntVector)Exact.INTS.cast(a);
            final IntVector c = a.add(b).lanewise(VectorOperators.ROL, 7).lanewise(VectorOperators.XOR, a);
            a = b;
            b = c;
        }
        IntVector.fromArray(INTS, words, 0).lanewise(VectorOperators.XOR, a).lanewise(VectorOperators.XOR, b)
            .intoArray(words, 0);
    }
}
