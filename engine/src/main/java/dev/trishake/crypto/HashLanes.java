// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

/**
 * The compression function of a hash on sixteen lanes side by side: SM3 and SHA-256 have the same shape.
 *
 * <pre>
 *   chaining[16 i + lane]            word i of the lane's chaining value, 0 &lt;= i &lt; 8
 *   columns[first + 16 i + lane]     word i of the lane's message block, 0 &lt;= i &lt; 16
 * </pre>
 */
public interface HashLanes
{
    /** How many lanes there are. */
    int LANES = Columns.LANES;

    /** Octets of a message block. */
    int BLOCK_LENGTH = 64;

    /** Words of a message block. */
    int BLOCK_WORDS = BLOCK_LENGTH / Integer.BYTES;

    /** Words of a chaining value and of a digest. */
    int WORDS = 8;

    /** The least that a message is padded with: the bit 1 and seven of 0, and its length. */
    int LEAST_PADDING = 1 + Long.BYTES;

    /**
     * Gives every lane the initial value.
     *
     * @param chaining where its words go
     */
    void begin(Columns chaining);

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
