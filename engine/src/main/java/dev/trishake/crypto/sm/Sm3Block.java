// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Columns;
import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * One message block through the compression function of SM3, GB/T 32905 5.3, in scalar code. Additions, rotations and
 * bit operations only: its time depends on nothing.
 */
public final class Sm3Block
{
    /** Words of the message expansion, 5.3.2: W0 to W67. */
    public static final int EXPANDED_WORDS = 68;

    private static final int BLOCK_WORDS = 16;
    private static final int ROUNDS = 64;
    private static final int FIRST_ROUNDS = 16;

    /** Tj of 4.2, rotated left by j as round j takes it. */
    private static final int[] T = roundConstants();

    /** The initial value of 4.1. */
    private static final int[] IV =
        {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e};

    private Sm3Block()
    {
    }

    /**
     * {@return Tj of 4.2 for each round, rotated left by j; a new array}
     */
    public static int[] roundConstants()
    {
        final int[] constants = new int[ROUNDS];
        for (int j = 0; j < ROUNDS; j++)
        {
            constants[j] = Integer.rotateLeft(j < FIRST_ROUNDS ? 0x79cc4519 : 0x7a879d8a, j);
        }
        return constants;
    }

    /**
     * {@return word i of the initial value, 4.1}
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
    public static void begin(final Columns chaining)
    {
        for (int i = 0; i < IV.length; i++)
        {
            chaining.fill(i, IV[i]);
        }
    }

    /**
     * Gives a lane the initial value.
     *
     * @param chaining where its eight words go
     * @param lane     which lane
     */
    static void begin(final Columns chaining, final int lane)
    {
        for (int i = 0; i < IV.length; i += 2)
        {
            chaining.put(lane, i, (long)IV[i] << Integer.SIZE | (IV[i + 1] & 0xffff_ffffL));
        }
    }

    /**
     * Takes a block apart into W0 to W15.
     *
     * @param words  at least 16 of them
     * @param block  holds the block
     * @param offset where it begins
     */
    static void load(final int[] words, final DirectBuffer block, final int offset)
    {
        for (int i = 0; i < BLOCK_WORDS; i += 2)
        {
            final long pair = block.getLong(offset + Integer.BYTES * i, BIG_ENDIAN);
            words[i] = (int)(pair >>> Integer.SIZE);
            words[i + 1] = (int)pair;
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
    public static void compress(final int[] chaining, final int first, final int stride, final int[] words)
    {
        for (int j = BLOCK_WORDS; j < BLOCK_WORDS + 4; j++)
        {
            words[j] = expanded(words, j);
        }
        int a = chaining[first];
        int b = chaining[first + stride];
        int c = chaining[first + 2 * stride];
        int d = chaining[first + 3 * stride];
        int e = chaining[first + 4 * stride];
        int f = chaining[first + 5 * stride];
        int g = chaining[first + 6 * stride];
        int h = chaining[first + 7 * stride];
        for (int j = 0; j < FIRST_ROUNDS; j++)
        {
            final int wj = words[j];
            final int a12 = Integer.rotateLeft(a, 12);
            final int ss1 = Integer.rotateLeft(e + T[j] + a12, 7);
            final int tt1 = (a ^ b ^ c) + (d + (wj ^ words[j + 4])) + (ss1 ^ a12);
            final int tt2 = (e ^ f ^ g) + (h + wj) + ss1;
            d = c;
            c = Integer.rotateLeft(b, 9);
            b = a;
            a = tt1;
            h = g;
            g = Integer.rotateLeft(f, 19);
            f = e;
            e = tt2 ^ Integer.rotateLeft(tt2, 9) ^ Integer.rotateLeft(tt2, 17);
        }
        for (int j = FIRST_ROUNDS; j < ROUNDS; j++)
        {
            // one goes on while the other waits for its last result
            final int wj4 = expanded(words, j + 4);
            words[j + 4] = wj4;
            final int wj = words[j];
            final int a12 = Integer.rotateLeft(a, 12);
            final int ss1 = Integer.rotateLeft(e + T[j] + a12, 7);
            final int tt1 = ((a & b) | (c & (a | b))) + (d + (wj ^ wj4)) + (ss1 ^ a12);
            final int tt2 = (g ^ (e & (f ^ g))) + (h + wj) + ss1;
            d = c;
            c = Integer.rotateLeft(b, 9);
            b = a;
            a = tt1;
            h = g;
            g = Integer.rotateLeft(f, 19);
            f = e;
            e = tt2 ^ Integer.rotateLeft(tt2, 9) ^ Integer.rotateLeft(tt2, 17);
        }
        chaining[first] ^= a;
        chaining[first + stride] ^= b;
        chaining[first + 2 * stride] ^= c;
        chaining[first + 3 * stride] ^= d;
        chaining[first + 4 * stride] ^= e;
        chaining[first + 5 * stride] ^= f;
        chaining[first + 6 * stride] ^= g;
        chaining[first + 7 * stride] ^= h;
    }

    /** {@return Wj of 5.3.2, 16 &lt;= j &lt; 68} */
    private static int expanded(final int[] words, final int j)
    {
        final int x = words[j - 16] ^ words[j - 9] ^ Integer.rotateLeft(words[j - 3], 15);
        return x ^ Integer.rotateLeft(x, 15) ^ Integer.rotateLeft(x, 23) ^
            Integer.rotateLeft(words[j - 13], 7) ^ words[j - 6];
    }
}
