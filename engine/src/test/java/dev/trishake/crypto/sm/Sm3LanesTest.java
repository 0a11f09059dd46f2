// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernels;
import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class Sm3LanesTest
{
    private static final int LANES = Sm3Lanes.LANES;

    @Test
    void shouldCompressAsTheScalarCodeDoesInEveryLane()
    {
        final Sm3Lanes vector = Kernels.vector().create(Sm3Lanes.KERNEL);
        final Sm3Lanes scalar = Kernels.scalar().create(Sm3Lanes.KERNEL);
        // 16 lanes each: 100,000 compressions
        Seeded.forEach(6_250, random ->
        {
            final int[] columns = random.ints((long)LANES * Sm3Lanes.BLOCK_WORDS).toArray();
            final int[] expected = random.ints((long)LANES * Sm3Lanes.WORDS).toArray();
            final int[] actual = expected.clone();
            final int live = (random.nextInt() & 0xffff) | 1;
            scalar.compress(expected, columns, 0, live);
            vector.compress(actual, columns, 0, live);
            for (int i = 0; i < expected.length; i++)
            {
                if ((live >>> i % LANES & 1) != 0)
                {
                    assertEquals(expected[i], actual[i], "word " + i / LANES + " of lane " + i % LANES);
                }
            }
        });
    }
}
