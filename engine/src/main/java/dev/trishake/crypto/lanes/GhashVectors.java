// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.aead.GhashLanes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * GHASH in sixteen lanes, eight in each of two groups, by the steps that {@link AesGcmVectors} takes for eight blocks
 * under one key.
 */
public final class GhashVectors implements GhashLanes
{
    private static final int GROUP_LANES = AesGcmVectors.LANES;
    private static final int GROUPS = LANES / GROUP_LANES;
    private static final int GROUP = (1 << GROUP_LANES) - 1;
    private static final int GROUP_LENGTH = GROUP_LANES * BLOCK_LENGTH;
    private static final int X = AesGcmVectors.X;
    private static final int H = AesGcmVectors.LANE_FACTORS;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, BIG_ENDIAN);

    // of each group: rows of factors, keys and products, and the sums of the lanes, the low words first
    private final long[][] rows = new long[GROUPS][AesGcmVectors.SCRATCH];
    private final long[][] sums = new long[GROUPS][2 * GROUP_LANES];

    /** Allocates the scratch. */
    public GhashVectors()
    {
    }

    @Override
    public void init(final byte[] keys)
    {
        for (int group = 0; group < GROUPS; group++)
        {
            final long[] t = rows[group];
            for (int lane = 0; lane < GROUP_LANES; lane++)
            {
                final int at = GROUP_LENGTH * group + BLOCK_LENGTH * lane;
                t[H + lane] = (long)LONGS.get(keys, at + Long.BYTES);
                t[H + GROUP_LANES + lane] = (long)LONGS.get(keys, at);
            }
            AesGcmVectors.spread(t, H);
            Arrays.fill(sums[group], 0);
        }
    }

    @Override
    public void update(final byte[] blocks, final int live)
    {
        for (int group = 0; group < GROUPS; group++)
        {
            final int lanes = (live >>> (GROUP_LANES * group)) & GROUP;
            if (lanes != 0)
            {
                update(rows[group], sums[group], blocks, GROUP_LENGTH * group, lanes);
            }
        }
    }

    private static void update(
        final long[] t, final long[] sum, final byte[] blocks, final int at, final int lanes)
    {
        System.arraycopy(sum, 0, t, X, 2 * GROUP_LANES);
        AesGcmVectors.addBlocks(t, X, X, blocks, at);
        AesGcmVectors.multiply(t, H);
        AesGcmVectors.reduce(t);
        for (int left = lanes; left != 0; left &= left - 1)
        {
            final int lane = Integer.numberOfTrailingZeros(left);
            sum[lane] = t[X + lane];
            sum[GROUP_LANES + lane] = t[X + GROUP_LANES + lane];
        }
    }

    @Override
    public void result(final byte[] out)
    {
        for (int lane = 0; lane < LANES; lane++)
        {
            final long[] sum = sums[lane / GROUP_LANES];
            LONGS.set(out, BLOCK_LENGTH * lane, sum[GROUP_LANES + lane % GROUP_LANES]);
            LONGS.set(out, BLOCK_LENGTH * lane + Long.BYTES, sum[lane % GROUP_LANES]);
        }
    }

    @Override
    public void wipe()
    {
        for (int group = 0; group < GROUPS; group++)
        {
            Arrays.fill(rows[group], 0);
            Arrays.fill(sums[group], 0);
        }
    }
}
