// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.Kernel;

/**
 * The arithmetic of X25519 for up to {@value #LANES} sessions side by side.
 *
 * <p>Numbers of 256 bits are four words, least significant first: word i of lane l is at {@value #LANES} i + l. Private
 * keys come as they are; the implementation clamps them (RFC 7748 5).
 */
public interface X25519Lanes
{
    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<X25519Lanes> KERNEL = new X25519Kernel();

    /** How many sessions at most. */
    int LANES = 8;

    /** Words of a number. */
    int WORDS = 4;

    /** Octets of private keys, public keys and shared secrets. */
    int LENGTH = 32;

    /**
     * Multiplies public keys by private ones: X25519 of RFC 7748 5.
     *
     * @param privateKeys one a lane
     * @param publicKeys  one a lane; bit 255 is ignored, values from p to 2^255 - 1 are taken modulo p
     * @param results     where the products go, from 0 to p - 1
     * @param lanes       how many lanes hold keys, 1 to {@value #LANES}; words of the other ones are 0 on entry
     */
    void agree(long[] privateKeys, long[] publicKeys, long[] results, int lanes);

    /**
     * Computes public keys: X25519 of private keys and the base point 9.
     *
     * @param privateKeys one a lane
     * @param results     where the public keys go
     * @param lanes       how many lanes hold keys, 1 to {@value #LANES}; words of the other ones are 0 on entry
     */
    void generate(long[] privateKeys, long[] results, int lanes);

    /** Overwrites everything that depends on keys with 0. */
    void wipe();
}
