// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** SHA-256 in sixteen lanes, one after the other. */
final class Sha256Scalars implements Sha256Lanes
{
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, BIG_ENDIAN);

    private final int[] words = new int[Sha256Block.EXPANDED_WORDS];

    @Override
    public void compress(final int[] chaining, final int[] columns, final int first, final int live)
    {
        for (int left = live; left != 0; left &= left - 1)
        {
            final int lane = Integer.numberOfTrailingZeros(left);
            for (int i = 0; i < BLOCK_WORDS; i++)
            {
                words[i] = columns[first + LANES * i + lane];
            }
            Sha256Block.compress(chaining, lane, LANES, words);
        }
    }

    @Override
    public void read(final int[] columns, final int first, final byte[] messages, final int from, final int stride)
    {
        for (int lane = 0; lane < LANES; lane++)
        {
            for (int i = 0; i < BLOCK_WORDS; i++)
            {
                columns[first + LANES * i + lane] = (int)INTS.get(messages, from + stride * lane + Integer.BYTES * i);
            }
        }
    }

    @Override
    public void wipe()
    {
        Arrays.fill(words, 0);
    }
}
