// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import java.util.Arrays;

/** SM3 in sixteen lanes, one after the other. */
final class Sm3Scalars implements Sm3Lanes
{
    private final int[] words = new int[Sm3Block.EXPANDED_WORDS];

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
            Sm3Block.compress(chaining, lane, LANES, words);
        }
    }

    @Override
    public void wipe()
    {
        Arrays.fill(words, 0);
    }
}
