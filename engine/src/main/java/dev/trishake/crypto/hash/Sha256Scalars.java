// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import java.util.Arrays;

/** SHA-256 in sixteen lanes, one after the other. */
final class Sha256Scalars implements Sha256Lanes
{
    private final int[] words = new int[Sha256Block.EXPANDED_WORDS];

    @Override
    public void compress(
        final int[] chaining, final byte[] messages, final int first, final int stride, final int live)
    {
        for (int left = live; left != 0; left &= left - 1)
        {
            final int lane = Integer.numberOfTrailingZeros(left);
            Sha256Block.compress(chaining, lane, LANES, messages, first + stride * lane, words);
        }
    }

    @Override
    public void wipe()
    {
        Arrays.fill(words, 0);
    }
}
