// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.lanes.GhashVectors;

/** GHASH in sixteen lanes, as {@link dev.trishake.crypto.Kernels} knows it. */
final class GhashKernel implements Kernel<GhashLanes>
{
    private static final int ALL_LANES = 0xffff;

    private final byte[] blocks = new byte[GhashLanes.BLOCK_LENGTH * GhashLanes.LANES];

    @Override
    public String name()
    {
        return "GHASH";
    }

    @Override
    public GhashLanes vector()
    {
        return new GhashVectors();
    }

    @Override
    public GhashLanes scalar()
    {
        return new GhashScalars();
    }

    @Override
    public void warmUp(final GhashLanes lanes)
    {
        lanes.init(blocks);
        for (int i = 0; i < GhashLanes.LANES; i++)
        {
            lanes.update(blocks, ALL_LANES);
            lanes.update(blocks, 1 << i);
        }
        lanes.result(blocks);
        lanes.wipe();
    }
}
