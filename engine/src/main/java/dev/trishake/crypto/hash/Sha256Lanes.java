// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.HashLanes;
import dev.trishake.crypto.Kernel;

/** The compression function of SHA-256, FIPS 180-4 6.2.2, on sixteen lanes side by side. */
public interface Sha256Lanes extends HashLanes
{
    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<Sha256Lanes> KERNEL = new Sha256Kernel();

    @Override
    default void begin(final Columns chaining)
    {
        Sha256Block.begin(chaining);
    }

    /**
     * Makes columns of a block of each lane: sixteen together are sooner transposed than read one after the other.
     *
     * @param columns  see {@link Columns}
     * @param first    where word 0 of lane 0's block goes
     * @param messages holds the blocks
     * @param from     where lane 0's begins
     * @param stride   from one lane's block to the next one's
     */
    void read(int[] columns, int first, byte[] messages, int from, int stride);
}
