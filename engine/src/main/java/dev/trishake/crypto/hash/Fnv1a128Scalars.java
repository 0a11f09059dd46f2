// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import org.agrona.concurrent.UnsafeBuffer;

/** FNV-1a-128 for any JVM: one lane after the other. */
final class Fnv1a128Scalars implements Fnv1a128Lanes
{
    private final Fnv1a128 fnv = new Fnv1a128();
    private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

    @Override
    public void hash(
        final byte[] rows, final int[] lengths, final long[] high, final long[] low, final int lanes)
    {
        row.wrap(rows);
        for (int lane = 0; lane < lanes; lane++)
        {
            fnv.reset();
            fnv.update(row, lane * ROW_LENGTH, lengths[lane]);
            high[lane] = fnv.high();
            low[lane] = fnv.low();
        }
    }
}
