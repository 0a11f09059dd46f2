// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.Kernel;

/** The parts of ChaCha20-Poly1305: many blocks of one packet side by side. */
public interface ChaCha20Poly1305Lanes
{
    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<ChaCha20Poly1305Lanes> KERNEL = new ChaCha20Poly1305Kernel();

    /** Octets of a key. */
    int KEY_LENGTH = 32;

    /** Octets of an authenticator's block. */
    int BLOCK_LENGTH = Aead.BLOCK_LENGTH;

    /** Where the blocks for the authenticator begin. */
    int FRONT = Aead.FRONT;

    /** How many blocks of key stream are made at a time: the memory for them is a multiple of it. */
    int BATCH = 16;

    /**
     * Makes ChaCha20's key stream (RFC 8439 2.4).
     *
     * @param key       of {@link #KEY_LENGTH} octets
     * @param nonceHead octets 0 to 3 of the nonce, little-endian
     * @param nonceTail octets 4 to 11
     * @param counter   of the first block
     * @param out       where the blocks go, from 0 on; whole batches are written
     * @param blocks    how many are wanted
     */
    void keyStream(byte[] key, int nonceHead, long nonceTail, int counter, byte[] out, int blocks);

    /**
     * Takes blocks into Poly1305 (RFC 8439 2.5).
     *
     * @param h      the accumulator, as {@link Poly1305} has it
     * @param r      the multiplier
     * @param stage  holds the blocks from {@link #FRONT} on, and zeros before
     * @param blocks how many, at least 1
     */
    void authenticate(long[] h, long[] r, byte[] stage, int blocks);

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
