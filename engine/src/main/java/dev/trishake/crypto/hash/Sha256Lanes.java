// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Kernel;

/**
 * The compression function of SHA-256, FIPS 180-4 6.2.2, on sixteen lanes side by side.
 *
 * <pre>
 *   chaining[16 i + lane]               word i of the lane's chaining value, 0 &lt;= i &lt; 8
 *   messages[first + stride lane + k]   octet k of the lane's message block
 * </pre>
 */
public interface Sha256Lanes
{
    /** How many lanes there are. */
    int LANES = 16;

    /** Octets of a message block. */
    int BLOCK_LENGTH = 64;

    /** Words of a chaining value. */
    int WORDS = 8;

    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<Sha256Lanes> KERNEL = new Sha256Kernel();

    /**
     * Takes one message block into the chaining value of every live lane.
     *
     * @param chaining {@link #WORDS} words for each lane, lane by lane for each word; lanes that don't live hold
     *                 anything afterwards
     * @param messages holds the blocks where they are: {@link #BLOCK_LENGTH} octets for each lane, of those that don't
     *                 live as well
     * @param first    where lane 0's block begins
     * @param stride   from one lane's block to the next one's
     * @param live     bit n is set where lane n is to be done; not secret
     */
    void compress(int[] chaining, byte[] messages, int first, int stride, int live);

    /** Overwrites what is left of messages in this kernel's scratch. */
    void wipe();
}
