// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** GHASH in sixteen lanes, one after the other. */
final class GhashScalars implements GhashLanes
{
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, BIG_ENDIAN);

    // a lane's high and low word are neighbours
    private final long[] keys = new long[2 * LANES];
    private final long[] sums = new long[2 * LANES];
    private final long[] product = new long[2];

    @Override
    public void init(final byte[] h)
    {
        for (int i = 0; i < keys.length; i++)
        {
            keys[i] = (long)LONGS.get(h, Long.BYTES * i);
        }
        Arrays.fill(sums, 0);
    }

    @Override
    public void update(final byte[] blocks, final int live)
    {
        for (int left = live; left != 0; left &= left - 1)
        {
            final int lane = Integer.numberOfTrailingZeros(left);
            final long high = sums[2 * lane] ^ (long)LONGS.get(blocks, BLOCK_LENGTH * lane);
            final long low = sums[2 * lane + 1] ^ (long)LONGS.get(blocks, BLOCK_LENGTH * lane + Long.BYTES);
            Ghash.multiply(product, high, low, keys[2 * lane], keys[2 * lane + 1]);
            sums[2 * lane] = product[0];
            sums[2 * lane + 1] = product[1];
        }
    }

    @Override
    public void result(final byte[] out)
    {
        for (int i = 0; i < sums.length; i++)
        {
            LONGS.set(out, Long.BYTES * i, sums[i]);
        }
    }

    @Override
    public void wipe()
    {
        Arrays.fill(keys, 0);
        Arrays.fill(sums, 0);
        Arrays.fill(product, 0);
    }
}
