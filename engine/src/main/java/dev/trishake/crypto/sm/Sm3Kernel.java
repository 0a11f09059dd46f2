// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.lanes.Sm3Vectors;

/** SM3 in sixteen lanes, as {@link dev.trishake.crypto.Kernels} knows it. */
final class Sm3Kernel implements Kernel<Sm3Lanes>
{
    private static final int ALL_LANES = 0xffff;

    private final int[] chaining = new int[Sm3Lanes.WORDS * Sm3Lanes.LANES];
    private final int[] columns = new int[Sm3Lanes.BLOCK_WORDS * Sm3Lanes.LANES];

    @Override
    public String name()
    {
        return "SM3";
    }

    @Override
    public Sm3Lanes vector()
    {
        return new Sm3Vectors();
    }

    @Override
    public Sm3Lanes scalar()
    {
        return new Sm3Scalars();
    }

    @Override
    public void warmUp(final Sm3Lanes lanes)
    {
        for (int i = 0; i < Sm3Lanes.LANES; i++)
        {
            lanes.compress(chaining, columns, 0, ALL_LANES);
            lanes.compress(chaining, columns, 0, 1 << i);
        }
        lanes.wipe();
    }
}
