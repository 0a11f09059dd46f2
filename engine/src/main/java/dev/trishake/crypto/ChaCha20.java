// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The ChaCha20 block function, RFC 8439 2.3.
 *
 * <pre>
 *   constant  constant  constant  constant        x0   x1   x2   x3
 *   key       key       key       key             x4   x5   x6   x7
 *   key       key       key       key             x8   x9   x10  x11
 *   counter   nonce     nonce     nonce           x12  x13  x14  x15
 * </pre>
 *
 * <p>Additions, exclusive ors and rotations by constants only: its time depends on nothing.
 */
public final class ChaCha20
{
    /** Octets of a key. */
    public static final int KEY_LENGTH = 32;

    /** Octets of a block. */
    public static final int BLOCK_LENGTH = 64;

    private static final int DOUBLE_ROUNDS = 10;

    // "expand 32-byte k"
    private static final int CONSTANT_0 = 0x61707865;
    private static final int CONSTANT_1 = 0x3320646e;
    private static final int CONSTANT_2 = 0x79622d32;
    private static final int CONSTANT_3 = 0x6b206574;

    private ChaCha20()
    {
    }

    /**
     * Writes one block of key stream. The key is read before the first octet is written, so the block may be written
     * over it.
     *
     * @param key       holds the key of {@link #KEY_LENGTH} octets
     * @param keyOffset where it begins
     * @param counter   of the block
     * @param nonce0    octets 0 to 3 of the nonce, little-endian
     * @param nonce1    octets 4 to 7
     * @param nonce2    octets 8 to 11
     * @param out       where {@link #BLOCK_LENGTH} octets are written
     * @param outOffset where they begin
     */
    // 16 words and their rounds stay in one method, so that they stay in registers: Java returns one value
    @SuppressWarnings("checkstyle:MethodLength")
    public static void block(
        final DirectBuffer key, final int keyOffset,
        final int counter, final int nonce0, final int nonce1, final int nonce2,
        final MutableDirectBuffer out, final int outOffset)
    {
        final int k0 = key.getInt(keyOffset + 0, LITTLE_ENDIAN);
        final int k1 = key.getInt(keyOffset + 4, LITTLE_ENDIAN);
        final int k2 = key.getInt(keyOffset + 8, LITTLE_ENDIAN);
        final int k3 = key.getInt(keyOffset + 12, LITTLE_ENDIAN);
        final int k4 = key.getInt(keyOffset + 16, LITTLE_ENDIAN);
        final int k5 = key.getInt(keyOffset + 20, LITTLE_ENDIAN);
        final int k6 = key.getInt(keyOffset + 24, LITTLE_ENDIAN);
        final int k7 = key.getInt(keyOffset + 28, LITTLE_ENDIAN);

        int x0 = CONSTANT_0;
        int x1 = CONSTANT_1;
        int x2 = CONSTANT_2;
        int x3 = CONSTANT_3;
        int x4 = k0;
        int x5 = k1;
        int x6 = k2;
        int x7 = k3;
        int x8 = k4;
        int x9 = k5;
        int x10 = k6;
        int x11 = k7;
        int x12 = counter;
        int x13 = nonce0;
        int x14 = nonce1;
        int x15 = nonce2;

        for (int i = 0; i < DOUBLE_ROUNDS; i++)
        {
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 16);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 12);
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 8);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 7);
            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 16);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 12);
            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 8);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 7);
            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 16);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 12);
            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 8);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 7);
            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 16);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 12);
            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 8);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 7);

            x0 += x5;
            x15 = Integer.rotateLeft(x15 ^ x0, 16);
            x10 += x15;
            x5 = Integer.rotateLeft(x5 ^ x10, 12);
            x0 += x5;
            x15 = Integer.rotateLeft(x15 ^ x0, 8);
            x10 += x15;
            x5 = Integer.rotateLeft(x5 ^ x10, 7);
            x1 += x6;
            x12 = Integer.rotateLeft(x12 ^ x1, 16);
            x11 += x12;
            x6 = Integer.rotateLeft(x6 ^ x11, 12);
            x1 += x6;
            x12 = Integer.rotateLeft(x12 ^ x1, 8);
            x11 += x12;
            x6 = Integer.rotateLeft(x6 ^ x11, 7);
            x2 += x7;
            x13 = Integer.rotateLeft(x13 ^ x2, 16);
            x8 += x13;
            x7 = Integer.rotateLeft(x7 ^ x8, 12);
            x2 += x7;
            x13 = Integer.rotateLeft(x13 ^ x2, 8);
            x8 += x13;
            x7 = Integer.rotateLeft(x7 ^ x8, 7);
            x3 += x4;
            x14 = Integer.rotateLeft(x14 ^ x3, 16);
            x9 += x14;
            x4 = Integer.rotateLeft(x4 ^ x9, 12);
            x3 += x4;
            x14 = Integer.rotateLeft(x14 ^ x3, 8);
            x9 += x14;
            x4 = Integer.rotateLeft(x4 ^ x9, 7);
        }

        out.putInt(outOffset + 0, x0 + CONSTANT_0, LITTLE_ENDIAN);
        out.putInt(outOffset + 4, x1 + CONSTANT_1, LITTLE_ENDIAN);
        out.putInt(outOffset + 8, x2 + CONSTANT_2, LITTLE_ENDIAN);
        out.putInt(outOffset + 12, x3 + CONSTANT_3, LITTLE_ENDIAN);
        out.putInt(outOffset + 16, x4 + k0, LITTLE_ENDIAN);
        out.putInt(outOffset + 20, x5 + k1, LITTLE_ENDIAN);
        out.putInt(outOffset + 24, x6 + k2, LITTLE_ENDIAN);
        out.putInt(outOffset + 28, x7 + k3, LITTLE_ENDIAN);
        out.putInt(outOffset + 32, x8 + k4, LITTLE_ENDIAN);
        out.putInt(outOffset + 36, x9 + k5, LITTLE_ENDIAN);
        out.putInt(outOffset + 40, x10 + k6, LITTLE_ENDIAN);
        out.putInt(outOffset + 44, x11 + k7, LITTLE_ENDIAN);
        out.putInt(outOffset + 48, x12 + counter, LITTLE_ENDIAN);
        out.putInt(outOffset + 52, x13 + nonce0, LITTLE_ENDIAN);
        out.putInt(outOffset + 56, x14 + nonce1, LITTLE_ENDIAN);
        out.putInt(outOffset + 60, x15 + nonce2, LITTLE_ENDIAN);
    }
}
