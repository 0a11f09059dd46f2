// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.lanes.Sha256Vectors;

/** SHA-256 in sixteen lanes, as {@link dev.trishake.crypto.Kernels} knows it. */
final class Sha256Kernel implements Kernel<Sha256Lanes>
{
    private static final int ALL_LANES = 0xffff;

    private final int[] chaining = new int[Sha256Lanes.WORDS * Sha256Lanes.LANES];
    private final byte[] blocks = new byte[Sha256Lanes.BLOCK_LENGTH * Sha256Lanes.LANES];
    private final int[] columns = new int[Sha256Lanes.BLOCK_WORDS * Sha256Lanes.LANES];

    @Override
    public String name()
    {
        return "SHA-256";
    }

    @Override
    public Sha256Lanes vector()
    {
        return new Sha256Vectors();
    }

    @Override
    public Sha256Lanes scalar()
    {
        return new Sha256Scalars();
    }

    @Override
    public void warmUp(final Sha256Lanes lanes)
    {
        for (int i = 0; i < Sha256Lanes.LANES; i++)
        {
            lanes.read(columns, 0, blocks, 0, Sha256Lanes.BLOCK_LENGTH);
            lanes.compress(chaining, columns, 0, ALL_LANES);
        }
        lanes.wipe();
    }
}
