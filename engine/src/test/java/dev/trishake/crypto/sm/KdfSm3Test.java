// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.BothKernels;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import dev.trishake.support.Remains;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.generators.KDF2BytesGenerator;
import org.bouncycastle.crypto.params.KDFParameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class KdfSm3Test
{
    private static final int CAPACITY = 20;
    private static final int MAX_LENGTH = 100;

    static List<Kernels> implementations()
    {
        return BothKernels.all();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldEqualBouncyCastle(final Kernels kernels)
    {
        final KdfSm3Batch batch = new KdfSm3Batch(kernels, CAPACITY, MAX_LENGTH);
        // 10 keys a run on average
        Seeded.forEach(Scale.pick(200, 10_000), random ->
        {
            final int count = 1 + random.nextInt(CAPACITY);
            final byte[][] expected = new byte[count][];
            for (int job = 0; job < count; job++)
            {
                final byte[] z = Seeded.bytes(random, random.nextInt(200));
                final int cut = random.nextInt(z.length + 1);
                expected[job] = bouncyCastle(z, 1 + random.nextInt(MAX_LENGTH));
                batch.add(expected[job].length);
                batch.append(new UnsafeBuffer(z), 0, cut);
                batch.append(new UnsafeBuffer(z), cut, z.length - cut);
            }
            batch.run();
            for (int job = 0; job < count; job++)
            {
                final byte[] actual = new byte[expected[job].length];
                batch.result(job, new UnsafeBuffer(actual), 0);
                assertArrayEquals(expected[job], actual);
            }
            batch.clear();
        });
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldNoticeAKeyOfZeros(final Kernels kernels)
    {
        final KdfSm3Batch batch = new KdfSm3Batch(kernels, CAPACITY, MAX_LENGTH);
        final UnsafeBuffer z = new UnsafeBuffer(new byte[Integer.BYTES]);
        // the first octet of one key in 256 is 0
        int zeros = 0;
        for (int i = 0; i < 2_000; i++)
        {
            z.putInt(0, i);
            batch.add(1);
            batch.append(z, 0, Integer.BYTES);
            batch.run();
            final byte[] key = new byte[1];
            batch.result(0, new UnsafeBuffer(key), 0);
            assertEquals(key[0] == 0 ? -1L : 0L, batch.isZero(0));
            zeros += key[0] == 0 ? 1 : 0;
            batch.clear();
        }
        assertEquals(8, zeros, 7);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldForgetItsInputAndKeys(final Kernels kernels)
    {
        final KdfSm3Batch batch = new KdfSm3Batch(kernels, CAPACITY, MAX_LENGTH);
        final byte[] secret = Seeded.bytes(new SplittableRandom(1), 64);
        final UnsafeBuffer z = new UnsafeBuffer(secret.clone());
        batch.add(48);
        batch.append(z, 0, secret.length);
        batch.run();
        final byte[] key = new byte[48];
        batch.result(0, new UnsafeBuffer(key), 0);
        z.setMemory(0, secret.length, (byte)0);
        Remains.assertNone(batch, secret);
        batch.clear();
        Remains.assertNone(batch, key);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final KdfSm3Batch batch = new KdfSm3Batch(kernels, CAPACITY, MAX_LENGTH);
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(512));
        Allocation.assertNone(50 * CAPACITY, () ->
        {
            for (int i = 0; i < 50; i++)
            {
                while (batch.size() < CAPACITY)
                {
                    batch.add(48);
                    batch.append(memory, 0, 64);
                }
                batch.run();
                memory.putLong(200, batch.isZero(0));
                batch.result(1, memory, 300);
                batch.clear();
            }
            return 50 * CAPACITY;
        });
    }

    private static byte[] bouncyCastle(final byte[] z, final int length)
    {
        // X9.63's counter behind the secret is that of GB/T 32918
        final KDF2BytesGenerator generator = new KDF2BytesGenerator(new SM3Digest());
        generator.init(new KDFParameters(z, null));
        final byte[] key = new byte[length];
        generator.generateBytes(key, 0, length);
        return key;
    }
}
