// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.Kernel;

/**
 * The parts of AES-128-GCM: many blocks of one packet side by side.
 *
 * <pre>
 *   schedule:   0    round keys 0 to 10, 16 octets each as in FIPS 197
 *               176  H, H^2, ... H^8, each as two little-endian words: octets 0 to 7 of the standard's string as a
 *                    big-endian number, then octets 8 to 15
 * </pre>
 */
public interface AesGcmLanes
{
    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<AesGcmLanes> KERNEL = new AesGcmKernel();

    /** Octets of a block. */
    int BLOCK_LENGTH = Aead.BLOCK_LENGTH;

    /** Round keys of AES-128. */
    int ROUND_KEYS = 11;

    /** Where a schedule's powers of H begin. */
    int POWERS_OFFSET = ROUND_KEYS * BLOCK_LENGTH;

    /** How many powers of H there are. */
    int POWERS = 8;

    /** Octets of a schedule. */
    int SCHEDULE_LENGTH = POWERS_OFFSET + POWERS * BLOCK_LENGTH;

    /** Where the blocks for the hash begin. */
    int FRONT = Aead.FRONT;

    /** How many blocks of key stream are made at a time: the memory for them is a multiple of it. */
    int BATCH = 16;

    /**
     * Expands a key.
     *
     * @param schedule holds the key in its first {@link #BLOCK_LENGTH} octets
     */
    void expandKey(byte[] schedule);

    /**
     * Encrypts counter blocks: the nonce, and a counter of 32 bits, big-endian.
     *
     * @param schedule  of the key
     * @param nonceHead octets 0 to 3 of the nonce, little-endian
     * @param nonceTail octets 4 to 11
     * @param counter   of the first block
     * @param out       where the blocks go, from 0 on; whole batches are written
     * @param blocks    how many are wanted
     */
    void keyStream(byte[] schedule, int nonceHead, long nonceTail, int counter, byte[] out, int blocks);

    /**
     * Takes blocks into GHASH (SP 800-38D 6.4).
     *
     * @param schedule of the key
     * @param hash     the state: octets 0 to 7 as a big-endian number, then octets 8 to 15
     * @param stage    holds the blocks from {@link #FRONT} on, and zeros before; the first block is overwritten
     * @param blocks   how many, at least 1
     */
    void hash(byte[] schedule, long[] hash, byte[] stage, int blocks);

    /**
     * Adds key stream to text.
     *
     * @param text        holds the text
     * @param textAt      where it begins; up to 63 octets behind it may be overwritten
     * @param keyStream   holds the key stream
     * @param keyStreamAt where it begins; up to 63 octets behind it may be read
     * @param length      of both
     */
    void exclusiveOr(byte[] text, int textAt, byte[] keyStream, int keyStreamAt, int length);

    /** Overwrites everything that depends on keys with 0. */
    void wipe();
}
