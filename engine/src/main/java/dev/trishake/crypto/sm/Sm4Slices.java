// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * SM4 in sixteen lanes without a table: bit-sliced, so that its time and its memory accesses depend on nothing. The
 * four octets of a word in sixteen lanes are 64 octets, and a {@code long} holds one bit of each of them:
 * <pre>
 *   words[8 w + b], bit 16 j + lane      bit b of octet j (0 is the lowest) of the lane's word w
 * </pre>
 * To rotate a word by 8 is to rotate a plane by 16; to rotate it by 1 is to take the plane below.
 */
final class Sm4Slices implements Sm4Lanes
{
    private static final int PLANES = Sm4Sbox.PLANES;
    private static final int WORDS = 4;
    private static final long EVERY_OCTET = 0x0001_0001_0001_0001L;
    private static final long[] CK = constants();
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, BIG_ENDIAN);

    private final long[] roundKeys = new long[ROUNDS * PLANES];
    private final long[] words = new long[WORDS * PLANES];
    private final long[] mixed = new long[PLANES];

    @Override
    public void expandKeys(final byte[] keys, final int decrypting)
    {
        load(keys);
        for (int w = 0; w < WORDS; w++)
        {
            for (int b = 0; b < PLANES; b++)
            {
                words[PLANES * w + b] ^= plane(Sm4Constants.fk(w), b);
            }
        }
        for (int i = 0; i < ROUNDS; i++)
        {
            mix(i, CK, PLANES * i);
            final int to = PLANES * (i % WORDS);
            for (int b = 0; b < PLANES; b++)
            {
                // L'(B) = B ^ (B <<< 13) ^ (B <<< 23): one octet and five bits, two octets and seven bits
                words[to + b] ^= mixed[b] ^
                    Long.rotateLeft(mixed[b - 5 & PLANES - 1], b < 5 ? 32 : 16) ^
                    Long.rotateLeft(mixed[b - 7 & PLANES - 1], b < 7 ? 48 : 32);
                roundKeys[PLANES * i + b] = words[to + b];
            }
        }
        reverse((decrypting & 0xffffL) * EVERY_OCTET);
    }

    @Override
    public void crypt(final byte[] blocks)
    {
        load(blocks);
        for (int i = 0; i < ROUNDS; i++)
        {
            mix(i, roundKeys, PLANES * i);
            final int to = PLANES * (i % WORDS);
            for (int b = 0; b < PLANES; b++)
            {
                // L(B) = B ^ (B <<< 2) ^ (B <<< 10) ^ (B <<< 18) ^ (B <<< 24)
                final long by2 = Long.rotateLeft(mixed[b - 2 & PLANES - 1], b < 2 ? 16 : 0);
                words[to + b] ^= mixed[b] ^ Long.rotateLeft(mixed[b], 48) ^
                    by2 ^ Long.rotateLeft(by2, 16) ^ Long.rotateLeft(by2, 32);
            }
        }
        store(blocks);
    }

    @Override
    public void wipe()
    {
        Arrays.fill(roundKeys, 0);
        Arrays.fill(words, 0);
        Arrays.fill(mixed, 0);
    }

    /** The S-box on the sum of the words i + 1 to i + 3 and a round key. */
    private void mix(final int i, final long[] keys, final int key)
    {
        final int a = PLANES * ((i + 1) % WORDS);
        final int b = PLANES * ((i + 2) % WORDS);
        final int c = PLANES * ((i + 3) % WORDS);
        for (int plane = 0; plane < PLANES; plane++)
        {
            mixed[plane] = words[a + plane] ^ words[b + plane] ^ words[c + plane] ^ keys[key + plane];
        }
        Sm4Sbox.substitute(mixed, 0);
    }

    /** Exchanges the first round keys with the last ones in the lanes of the mask. */
    private void reverse(final long mask)
    {
        for (int i = 0; i < ROUNDS / 2; i++)
        {
            for (int b = 0; b < PLANES; b++)
            {
                final int first = PLANES * i + b;
                final int last = PLANES * (ROUNDS - 1 - i) + b;
                final long exchange = (roundKeys[first] ^ roundKeys[last]) & mask;
                roundKeys[first] ^= exchange;
                roundKeys[last] ^= exchange;
            }
        }
    }

    private void load(final byte[] blocks)
    {
        for (int w = 0; w < WORDS; w++)
        {
            for (int i = 0; i < PLANES; i++)
            {
                final int lower = (int)INTS.get(blocks, BLOCK_LENGTH * i + Integer.BYTES * w);
                final int upper = (int)INTS.get(blocks, BLOCK_LENGTH * (i + PLANES) + Integer.BYTES * w);
                words[PLANES * w + i] = spread(lower) | spread(upper) << Byte.SIZE;
            }
            transpose(PLANES * w);
        }
    }

    /** The words come out in reverse, 7.1. */
    private void store(final byte[] blocks)
    {
        for (int w = 0; w < WORDS; w++)
        {
            transpose(PLANES * w);
            for (int i = 0; i < PLANES; i++)
            {
                final long pair = words[PLANES * w + i];
                final int at = Integer.BYTES * (WORDS - 1 - w);
                INTS.set(blocks, BLOCK_LENGTH * i + at, gather(pair));
                INTS.set(blocks, BLOCK_LENGTH * (i + PLANES) + at, gather(pair >>> Byte.SIZE));
            }
        }
    }

    /** Octet j moves to the octet 2 j. */
    private static long spread(final int word)
    {
        final long whole = Integer.toUnsignedLong(word);
        final long halves = (whole | whole << 16) & 0x0000ffff_0000ffffL;
        return (halves | halves << 8) & 0x00ff00ff_00ff00ffL;
    }

    /** Octet 2 j moves to the octet j. */
    private static int gather(final long spread)
    {
        final long octets = spread & 0x00ff00ff_00ff00ffL;
        final long halves = (octets | octets >>> 8) & 0x0000ffff_0000ffffL;
        return (int)(halves | halves >>> 16);
    }

    /** Eight longs are eight matrices of 8 x 8 bits, an octet of each long for each of them: transposes them. */
    private void transpose(final int at)
    {
        for (int i = 0; i < PLANES; i += 2)
        {
            exchange(at + i, at + i + 1, 1, 0x5555_5555_5555_5555L);
        }
        for (int i = 0; i < PLANES; i += i % 4 == 1 ? 3 : 1)
        {
            exchange(at + i, at + i + 2, 2, 0x3333_3333_3333_3333L);
        }
        for (int i = 0; i < PLANES / 2; i++)
        {
            exchange(at + i, at + i + 4, 4, 0x0f0f_0f0f_0f0f_0f0fL);
        }
    }

    /** Exchanges the bits above a mask in one long with those under it in another. */
    private void exchange(final int a, final int b, final int shift, final long mask)
    {
        final long exchanged = (words[a] >>> shift ^ words[b]) & mask;
        words[b] ^= exchanged;
        words[a] ^= exchanged << shift;
    }

    /** {@return a plane that is the same in all lanes} */
    private static long plane(final int word, final int bit)
    {
        long plane = 0;
        for (int j = 0; j < Integer.BYTES; j++)
        {
            final int one = (word >>> (Byte.SIZE * j + bit)) & 1;
            plane |= (-one & 0xffffL) << (16 * j);
        }
        return plane;
    }

    private static long[] constants()
    {
        final long[] planes = new long[ROUNDS * PLANES];
        for (int i = 0; i < planes.length; i++)
        {
            planes[i] = plane(Sm4Constants.ck(i / PLANES), i % PLANES);
        }
        return planes;
    }
}
