// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.support.Allocation;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

import static dev.trishake.crypto.hash.SipHash.hash13;
import static dev.trishake.crypto.hash.SipHash.hash24;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;

class SipHashTest
{
    private static final int MAX_LENGTH = 200;

    @Test
    void shouldEqualBouncyCastleForEveryLength()
    {
        Seeded.forEach(Scale.pick(5, 500), random ->
        {
            final byte[] key = Seeded.bytes(random, 16);
            final UnsafeBuffer keyOctets = new UnsafeBuffer(key);
            final long k0 = keyOctets.getLong(0, LITTLE_ENDIAN);
            final long k1 = keyOctets.getLong(8, LITTLE_ENDIAN);
            for (int length = 0; length <= MAX_LENGTH; length++)
            {
                final byte[] input = Seeded.bytes(random, length);
                final UnsafeBuffer buffer = new UnsafeBuffer(input);
                assertEquals(bouncyCastle(2, 4, key, input), hash24(k0, k1, buffer, 0, length), "length " + length);
                assertEquals(bouncyCastle(1, 3, key, input), hash13(k0, k1, buffer, 0, length), "length " + length);
            }
        });
    }

    @Test
    void shouldCountLengthsModulo256()
    {
        final byte[] key = new byte[16];
        for (final int length : new int[]{255, 256, 257, 1 << 16, (1 << 16) + 7})
        {
            final byte[] input = Seeded.bytes(new SplittableRandom(length), length);
            final UnsafeBuffer buffer = new UnsafeBuffer(input);
            assertEquals(bouncyCastle(2, 4, key, input), hash24(0, 0, buffer, 0, length));
            assertEquals(bouncyCastle(1, 3, key, input), hash13(0, 0, buffer, 0, length));
        }
    }

    @Test
    void shouldHashWordsAsTheirOctets()
    {
        Seeded.forEach(Scale.pick(1000, 1_000_000), random ->
        {
            final long k0 = random.nextLong();
            final long k1 = random.nextLong();
            final UnsafeBuffer b = new UnsafeBuffer(new byte[48]);
            final long[] w = new long[6];
            for (int i = 0; i < w.length; i++)
            {
                w[i] = random.nextLong();
                b.putLong(8 * i, w[i], LITTLE_ENDIAN);
            }
            assertEquals(hash24(k0, k1, b, 0, 16), hash24(k0, k1, w[0], w[1]));
            assertEquals(hash24(k0, k1, b, 0, 24), hash24(k0, k1, w[0], w[1], w[2]));
            assertEquals(hash24(k0, k1, b, 0, 40), hash24(k0, k1, w[0], w[1], w[2], w[3], w[4]));
            assertEquals(hash13(k0, k1, b, 0, 16), hash13(k0, k1, w[0], w[1]));
            assertEquals(hash13(k0, k1, b, 0, 24), hash13(k0, k1, w[0], w[1], w[2]));
            assertEquals(hash13(k0, k1, b, 0, 40), hash13(k0, k1, w[0], w[1], w[2], w[3], w[4]));
            assertEquals(hash24(k0, k1, b, 0, 12), SipHash.hash24Of12(k0, k1, w[0], (int)w[1]));
            assertEquals(hash13(k0, k1, b, 0, 12), SipHash.hash13Of12(k0, k1, w[0], (int)w[1]));
            assertEquals(hash24(k0, k1, b, 0, 36), SipHash.hash24Of36(k0, k1, w[0], w[1], w[2], w[3], (int)w[4]));
            assertEquals(hash13(k0, k1, b, 0, 36), SipHash.hash13Of36(k0, k1, w[0], w[1], w[2], w[3], (int)w[4]));
            final int three = 0xffffff;
            assertEquals(hash24(k0, k1, b, 0, 19), SipHash.hash24Of19(k0, k1, w[0], w[1], (int)w[2] & three));
            assertEquals(
                hash24(k0, k1, b, 0, 43),
                SipHash.hash24Of43(k0, k1, w[0], w[1], w[2], w[3], w[4], (int)w[5] & three));
        });
    }

    @Test
    void shouldNotCareAboutAlignmentOrWhatLiesAround()
    {
        final SplittableRandom random = new SplittableRandom(1);
        final byte[] input = Seeded.bytes(random, 67);
        final UnsafeBuffer whole = new UnsafeBuffer(input);
        for (final UnsafeBuffer larger : new UnsafeBuffer[]{
            new UnsafeBuffer(new byte[128]), new UnsafeBuffer(ByteBuffer.allocateDirect(128))})
        {
            for (int offset = 0; offset <= 16; offset++)
            {
                for (int length = 0; length <= input.length; length++)
                {
                    larger.setMemory(0, larger.capacity(), (byte)random.nextInt());
                    larger.putBytes(offset, input, 0, length);
                    assertEquals(hash24(3, 5, whole, 0, length), hash24(3, 5, larger, offset, length));
                    assertEquals(hash13(3, 5, whole, 0, length), hash13(3, 5, larger, offset, length));
                }
            }
        }
    }

    @Test
    void shouldReadNothingBehindTheInput()
    {
        // the input ends where the buffer ends: a read behind it would fail Agrona's bounds check
        for (int length = 0; length <= 17; length++)
        {
            final UnsafeBuffer exact = new UnsafeBuffer(new byte[length]);
            final UnsafeBuffer roomy = new UnsafeBuffer(new byte[64]);
            assertEquals(hash24(1, 2, roomy, 0, length), hash24(1, 2, exact, 0, length));
            assertEquals(hash13(1, 2, roomy, 0, length), hash13(1, 2, exact, 0, length));
        }
    }

    @Test
    void shouldDependOnEveryBitOfKeyAndInput()
    {
        final long k0 = 0x0123456789abcdefL;
        final long k1 = 0x1122334455667788L;
        final UnsafeBuffer input = new UnsafeBuffer(Seeded.bytes(new SplittableRandom(2), 23));
        final long of24 = hash24(k0, k1, input, 0, 23);
        final long of13 = hash13(k0, k1, input, 0, 23);
        int flipped = 0;
        for (int bit = 0; bit < Long.SIZE; bit++)
        {
            flipped += Long.bitCount(of24 ^ hash24(k0 ^ (1L << bit), k1, input, 0, 23));
            flipped += Long.bitCount(of24 ^ hash24(k0, k1 ^ (1L << bit), input, 0, 23));
            flipped += Long.bitCount(of13 ^ hash13(k0 ^ (1L << bit), k1, input, 0, 23));
            flipped += Long.bitCount(of13 ^ hash13(k0, k1 ^ (1L << bit), input, 0, 23));
        }
        // half of 64 bits each: 8192 of 16384, standard deviation 64
        assertEquals(8192, flipped, 8 * 64);
    }

    @Test
    void shouldAllocateNothing()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BitUtil.CACHE_LINE_LENGTH]);
        final long[] sum = new long[1];
        Allocation.assertNone(10_000, () ->
        {
            int work = 0;
            for (int i = 0; i < 10_000; i++)
            {
                sum[0] += hash24(i, 1, buffer, i & 15, i & 31) + hash13(i, 1, buffer, i & 15, i & 31);
                sum[0] += hash24(i, 1, 2, 3) + hash24(i, 1, 2, 3, 4) + hash24(i, 1, 2, 3, 4, 5, 6);
                sum[0] += hash13(i, 1, 2, 3) + hash13(i, 1, 2, 3, 4) + hash13(i, 1, 2, 3, 4, 5, 6);
                work++;
            }
            return work;
        });
    }

    private static long bouncyCastle(final int c, final int d, final byte[] key, final byte[] input)
    {
        final org.bouncycastle.crypto.macs.SipHash mac = new org.bouncycastle.crypto.macs.SipHash(c, d);
        mac.init(new KeyParameter(key));
        mac.update(input, 0, input.length);
        return mac.doFinal();
    }
}
