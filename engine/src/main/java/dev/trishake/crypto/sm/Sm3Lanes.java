// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.Kernel;

/**
 * The compression function of SM3, GB/T 32905 5.3, on sixteen lanes side by side.
 *
 * <pre>
 *   chaining[16 i + lane]            word i of the lane's chaining value V, 0 &lt;= i &lt; 8
 *   columns[first + 16 i + lane]     word i of the lane's message block B, 0 &lt;= i &lt; 16
 * </pre>
 */
public interface Sm3Lanes
{
    /** How many lanes there are. */
    int LANES = Columns.LANES;

    /** Octets of a message block. */
    int BLOCK_LENGTH = 64;

    /** Words of a message block. */
    int BLOCK_WORDS = BLOCK_LENGTH / Integer.BYTES;

    /** Words of a chaining value. */
    int WORDS = 8;

    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<Sm3Lanes> KERNEL = new Sm3Kernel();

    /**
     * Takes one message block into the chaining value of every live lane.
     *
     * @param chaining {@link #WORDS} words for each lane; lanes that don't live hold anything afterwards
     * @param columns  holds the blocks, see {@link Columns}; they stay as they are
     * @param first    where word 0 of lane 0's block is
     * @param live     bit n is set where lane n is to be done; not secret
     */
    void compress(int[] chaining, int[] columns, int first, int live);

    /** Overwrites what is left of messages in this kernel's scratch. */
    void wipe();
}
