// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/** AES-128-GCM for any JVM: bit-sliced AES, four blocks at a time, and GHASH block by block. */
final class AesGcmScalars implements AesGcmLanes
{
    private final AesBitsliced aes = new AesBitsliced();
    private final UnsafeBuffer keys = new UnsafeBuffer(0, 0);
    private final ExclusiveOr exclusiveOr = new ExclusiveOr();
    private final UnsafeBuffer blocks = new UnsafeBuffer(0, 0);
    private final byte[] hashKey = new byte[AesBitsliced.BLOCKS * BLOCK_LENGTH];
    private final long[] power = new long[2];
    private final long[] powers = new long[2 * POWERS];

    @Override
    public void expandKey(final byte[] schedule)
    {
        keys.wrap(schedule);
        aes.expandKey(keys);
        aes.load(keys);
        Arrays.fill(hashKey, (byte)0);
        blocks.wrap(hashKey);
        aes.encrypt(blocks, 0);
        powers[0] = blocks.getLong(0, BIG_ENDIAN);
        powers[1] = blocks.getLong(Long.BYTES, BIG_ENDIAN);
        Ghash.powers(powers, POWERS, power);
        for (int i = 0; i < 2 * POWERS; i++)
        {
            keys.putLong(POWERS_OFFSET + i * Long.BYTES, powers[i], LITTLE_ENDIAN);
        }
    }

    @Override
    public void keyStream(
        final byte[] schedule, final int nonceHead, final long nonceTail, final int counter,
        final byte[] out, final int blocks)
    {
        keys.wrap(schedule);
        aes.load(keys);
        this.blocks.wrap(out);
        for (int i = 0; i < blocks; i += AesBitsliced.BLOCKS)
        {
            for (int k = i; k < i + AesBitsliced.BLOCKS; k++)
            {
                this.blocks.putInt(k * BLOCK_LENGTH, nonceHead, LITTLE_ENDIAN);
                this.blocks.putLong(k * BLOCK_LENGTH + Integer.BYTES, nonceTail, LITTLE_ENDIAN);
                this.blocks.putInt(k * BLOCK_LENGTH + 12, counter + k, BIG_ENDIAN);
            }
            aes.encrypt(this.blocks, i * BLOCK_LENGTH);
        }
    }

    @Override
    public void hash(final byte[] schedule, final long[] hash, final byte[] stage, final int blocks)
    {
        keys.wrap(schedule);
        final long h1 = keys.getLong(POWERS_OFFSET, LITTLE_ENDIAN);
        final long h0 = keys.getLong(POWERS_OFFSET + Long.BYTES, LITTLE_ENDIAN);
        this.blocks.wrap(stage);
        for (int i = 0; i < blocks; i++)
        {
            final long x1 = this.blocks.getLong(FRONT + i * BLOCK_LENGTH, BIG_ENDIAN);
            final long x0 = this.blocks.getLong(FRONT + i * BLOCK_LENGTH + Long.BYTES, BIG_ENDIAN);
            Ghash.multiply(hash, hash[0] ^ x1, hash[1] ^ x0, h1, h0);
        }
    }

    @Override
    public void exclusiveOr(
        final byte[] text, final int textAt, final byte[] keyStream, final int keyStreamAt, final int length)
    {
        exclusiveOr.apply(text, textAt, keyStream, keyStreamAt, length);
    }

    @Override
    public void wipe()
    {
        aes.wipe();
        Arrays.fill(hashKey, (byte)0);
        Arrays.fill(power, 0);
        Arrays.fill(powers, 0);
    }
}
