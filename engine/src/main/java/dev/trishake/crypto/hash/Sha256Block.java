// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Columns;

/**
 * One message block through the compression function of SHA-256, FIPS 180-4 6.2.2, in scalar code. Additions, rotations
 * and bit operations only: its time depends on nothing. {@link Sha256} has the processor's instructions, but neither
 * takes a chaining value nor several messages at once.
 */
public final class Sha256Block
{
    /** Words of the message schedule: W0 to W63. */
    public static final int EXPANDED_WORDS = 64;

    private static final int BLOCK_WORDS = 16;

    /** 4.2.2. */
    private static final int[] K = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

    /** The initial value of 5.3.3. */
    private static final int[] IV = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

    private Sha256Block()
    {
    }

    /**
     * {@return the constant of each round, 4.2.2; a new array}
     */
    public static int[] roundConstants()
    {
        return K.clone();
    }

    /**
     * {@return word i of the initial value, 5.3.3}
     *
     * @param i 0 to 7
     */
    static int iv(final int i)
    {
        return IV[i];
    }

    /**
     * Gives every lane the initial value.
     *
     * @param chaining where its eight words go
     */
    static void begin(final Columns chaining)
    {
        for (int i = 0; i < IV.length; i++)
        {
            chaining.fill(i, IV[i]);
        }
    }

    /**
     * Takes a block into a chaining value.
     *
     * @param chaining holds the chaining value, which is replaced
     * @param first    where its word 0 is
     * @param stride   from one word to the next
     * @param words    {@link #EXPANDED_WORDS}; W0 to W15 are the block, the others are written
     */
    static void compress(final int[] chaining, final int first, final int stride, final int[] words)
    {
        for (int j = BLOCK_WORDS; j < EXPANDED_WORDS; j++)
        {
            final int x = words[j - 15];
            final int y = words[j - 2];
            words[j] = (Integer.rotateRight(x, 7) ^ Integer.rotateRight(x, 18) ^ (x >>> 3)) +
                (Integer.rotateRight(y, 17) ^ Integer.rotateRight(y, 19) ^ (y >>> 10)) + words[j - 16] + words[j - 7];
        }
        int a = chaining[first];
        int b = chaining[first + stride];
        int c = chaining[first + 2 * stride];
        int d = chaining[first + 3 * stride];
        int e = chaining[first + 4 * stride];
        int f = chaining[first + 5 * stride];
        int g = chaining[first + 6 * stride];
        int h = chaining[first + 7 * stride];
        for (int j = 0; j < EXPANDED_WORDS; j++)
        {
            final int t1 = h + (Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25)) +
                (g ^ (e & (f ^ g))) + K[j] + words[j];
            final int t2 = (Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22)) +
                ((a & b) | (c & (a | b)));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        chaining[first] += a;
        chaining[first + stride] += b;
        chaining[first + 2 * stride] += c;
        chaining[first + 3 * stride] += d;
        chaining[first + 4 * stride] += e;
        chaining[first + 5 * stride] += f;
        chaining[first + 6 * stride] += g;
        chaining[first + 7 * stride] += h;
    }
}
