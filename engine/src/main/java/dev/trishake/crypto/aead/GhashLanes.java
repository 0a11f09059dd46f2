// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.Kernel;

/**
 * GHASH (SP 800-38D 6.4) of sixteen sessions side by side, each under a key H of its own.
 *
 * <pre>
 *   blocks[16 lane + k]       octet k of the lane's block
 * </pre>
 */
public interface GhashLanes
{
    /** How many lanes there are. */
    int LANES = 16;

    /** Octets of a block. */
    int BLOCK_LENGTH = 16;

    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<GhashLanes> KERNEL = new GhashKernel();

    /**
     * Begins anew in all lanes.
     *
     * @param keys H of each lane
     */
    void init(byte[] keys);

    /**
     * Takes one block into each lane: sum = (sum ^ block) H.
     *
     * @param blocks a block for each lane
     * @param live   bit n is set where lane n takes its block, the others keep their sums; not secret
     */
    void update(byte[] blocks, int live);

    /**
     * Hands the sums of all lanes out.
     *
     * @param sums where a block is written for each lane
     */
    void result(byte[] sums);

    /** Overwrites keys and sums. */
    void wipe();
}
