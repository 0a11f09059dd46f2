// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernel;

/**
 * The compression function of SM3, GB/T 32905 5.3, on sixteen lanes side by side.
 *
 * <pre>
 *   chaining[16 i + lane]        word i of the lane's chaining value V, 0 &lt;= i &lt; 8
 *   blocks[64 lane + k]          octet k of the lane's message block B
 * </pre>
 */
public interface Sm3Lanes
{
    /** How many lanes there are. */
    int LANES = 16;

    /** Octets of a message block. */
    int BLOCK_LENGTH = 64;

    /** Words of a chaining value. */
    int WORDS = 8;

    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<Sm3Lanes> KERNEL = new Sm3Kernel();

    /**
     * Takes one message block into the chaining value of every live lane.
     *
     * @param chaining {@link #WORDS} words for each lane, lane by lane for each word; lanes that don't live hold
     *                 anything afterwards
     * @param blocks   {@link #BLOCK_LENGTH} octets for each lane
     * @param live     bit n is set where lane n is to be done; not secret
     */
    void compress(int[] chaining, byte[] blocks, int live);

    /** Overwrites what is left of messages in this kernel's scratch. */
    void wipe();
}
