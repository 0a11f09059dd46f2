// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.lanes.Sm4Vectors;

/** SM4 in sixteen lanes, as {@link dev.trishake.crypto.Kernels} knows it. */
final class Sm4Kernel implements Kernel<Sm4Lanes>
{
    private final byte[] keys = new byte[Sm4Lanes.BLOCK_LENGTH * Sm4Lanes.LANES];
    private final byte[] blocks = new byte[Sm4Lanes.BLOCK_LENGTH * Sm4Lanes.LANES];

    @Override
    public String name()
    {
        return "SM4";
    }

    @Override
    public Sm4Lanes vector()
    {
        return new Sm4Vectors();
    }

    @Override
    public Sm4Lanes scalar()
    {
        return new Sm4Slices();
    }

    @Override
    public void warmUp(final Sm4Lanes lanes)
    {
        for (int i = 0; i < Sm4Lanes.LANES; i++)
        {
            lanes.expandKeys(keys, i);
            lanes.crypt(blocks);
        }
        lanes.wipe();
    }
}
