// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Kernel;

/**
 * FNV-1a-128 of up to {@value #LANES} inputs side by side.
 *
 * <pre>
 *   rows[ROW_LENGTH lane + k]    octet k of the lane's input
 * </pre>
 */
public interface Fnv1a128Lanes
{
    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<Fnv1a128Lanes> KERNEL = new Fnv1a128Kernel();

    /** How many inputs at most. */
    int LANES = 8;

    /** Octets of an input at most, and from one lane's to the next one's: a UDP datagram on Ethernet, rounded up. */
    int ROW_LENGTH = 1536;

    /**
     * Hashes the inputs.
     *
     * @param rows    the inputs
     * @param lengths of each lane's input, 0 to {@link #ROW_LENGTH}
     * @param high    where bits 64 to 127 of each hash go
     * @param low     where bits 0 to 63 go
     * @param lanes   how many lanes hold inputs, 1 to {@value #LANES}
     */
    void hash(byte[] rows, int[] lengths, long[] high, long[] low, int lanes);
}
