// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.lanes.Fnv1a128Vectors;

/** FNV-1a-128's entry in the table of kernels. */
final class Fnv1a128Kernel implements Kernel<Fnv1a128Lanes>
{
    private final byte[] rows = new byte[Fnv1a128Lanes.LANES * Fnv1a128Lanes.ROW_LENGTH];
    private final int[] lengths = {1200, 1210, 0, 7, 1536, 64, 63, 65};
    private final long[] high = new long[Fnv1a128Lanes.LANES];
    private final long[] low = new long[Fnv1a128Lanes.LANES];

    @Override
    public String name()
    {
        return "FNV-1a-128";
    }

    @Override
    public Fnv1a128Lanes vector()
    {
        return new Fnv1a128Vectors();
    }

    @Override
    public Fnv1a128Lanes scalar()
    {
        return new Fnv1a128Scalars();
    }

    @Override
    public void warmUp(final Fnv1a128Lanes lanes)
    {
        lanes.hash(rows, lengths, high, low, Fnv1a128Lanes.LANES);
        lanes.hash(rows, lengths, high, low, 1);
    }
}
