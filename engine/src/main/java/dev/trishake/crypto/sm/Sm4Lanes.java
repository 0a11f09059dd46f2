// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernel;

/**
 * SM4, GB/T 32907, on sixteen lanes side by side, each with a key and a direction of its own. Keys are expanded in
 * lanes too, which costs no more than fetching sixteen expanded keys would: sessions keep sixteen octets a key.
 *
 * <pre>
 *   keys[16 lane + k]         octet k of the lane's key
 *   blocks[16 lane + k]       octet k of the lane's block
 * </pre>
 */
public interface Sm4Lanes
{
    /** How many lanes there are. */
    int LANES = 16;

    /** Octets of a block and of a key. */
    int BLOCK_LENGTH = 16;

    /** Rounds, and words of an expanded key. */
    int ROUNDS = 32;

    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<Sm4Lanes> KERNEL = new Sm4Kernel();

    /**
     * Expands the keys of all lanes, which stay until they are replaced or {@link #wipe() wiped}.
     *
     * @param keys       a key for each lane
     * @param decrypting bit n is set where lane n decrypts; not secret
     */
    void expandKeys(byte[] keys, int decrypting);

    /**
     * Encrypts or decrypts a block in each lane, in place. All sixteen are done: fewer would not be faster.
     *
     * @param blocks a block for each lane
     */
    void crypt(byte[] blocks);

    /** Overwrites keys and whatever is left of blocks in this kernel's scratch. */
    void wipe();
}
