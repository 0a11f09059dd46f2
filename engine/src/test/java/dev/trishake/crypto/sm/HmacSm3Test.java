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
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

class HmacSm3Test
{
    private static final int CAPACITY = 40;

    private final Sm3 sm3 = new Sm3();
    private final HmacSm3 hmac = new HmacSm3(sm3);

    static List<Kernels> implementations()
    {
        return BothKernels.all();
    }

    @Test
    void shouldEqualBouncyCastle()
    {
        Seeded.forEach(Scale.pick(2_000, 100_000), random ->
        {
            final byte[] key = Seeded.bytes(random, random.nextInt(130));
            final byte[] message = Seeded.bytes(random, random.nextInt(200));
            final UnsafeBuffer out = new UnsafeBuffer(new byte[HmacSm3.MAC_LENGTH]);
            hmac.mac(new UnsafeBuffer(key), 0, key.length, new UnsafeBuffer(message), 0, message.length, out, 0);
            assertArrayEquals(bouncyCastle(key, message), out.byteArray());
        });
    }

    @Test
    void shouldServeManyMessagesWithAPreparedKey()
    {
        final UnsafeBuffer slab = new UnsafeBuffer(ByteBuffer.allocateDirect(300));
        final int begun = HmacSm3.PREPARED_LENGTH + 7;
        final byte[] key = Seeded.bytes(new SplittableRandom(1), 32);
        hmac.prepare(new UnsafeBuffer(key), 0, key.length, slab, 1);
        Seeded.forEach(200, random ->
        {
            final byte[] message = Seeded.bytes(random, random.nextInt(200));
            final int cut = random.nextInt(message.length + 1);
            final UnsafeBuffer out = new UnsafeBuffer(new byte[HmacSm3.MAC_LENGTH]);
            hmac.init(slab, 1, slab, begun);
            sm3.update(slab, begun, new UnsafeBuffer(message), 0, cut);
            sm3.update(slab, begun, new UnsafeBuffer(message), cut, message.length - cut);
            hmac.mac(slab, 1, slab, begun, out, 0);
            assertArrayEquals(bouncyCastle(key, message), out.byteArray());
        });
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldEqualBouncyCastleInBatches(final Kernels kernels)
    {
        final HmacSm3Batch batch = new HmacSm3Batch(kernels, CAPACITY);
        // 20 messages a run on average
        Seeded.forEach(Scale.pick(100, 5_000), random ->
        {
            final int count = 1 + random.nextInt(CAPACITY);
            final byte[][] keys = new byte[count][];
            final byte[][] messages = new byte[count][];
            for (int job = 0; job < count; job++)
            {
                keys[job] = Seeded.bytes(random, random.nextInt(HmacSm3Batch.MAX_KEY_LENGTH + 1));
                messages[job] = Seeded.bytes(random, random.nextInt(300));
                final int cut = random.nextInt(messages[job].length + 1);
                batch.add(new UnsafeBuffer(keys[job]), 0, keys[job].length);
                batch.append(new UnsafeBuffer(messages[job]), 0, cut);
                batch.append(new UnsafeBuffer(messages[job]), cut, messages[job].length - cut);
            }
            batch.run();
            final UnsafeBuffer out = new UnsafeBuffer(new byte[HmacSm3.MAC_LENGTH]);
            for (int job = 0; job < count; job++)
            {
                batch.result(job, out, 0);
                assertArrayEquals(bouncyCastle(keys[job], messages[job]), out.byteArray());
            }
            batch.clear();
        });
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldForgetKeysAndCodes(final Kernels kernels)
    {
        final byte[] key = Seeded.bytes(new SplittableRandom(2), 48);
        final byte[] message = Seeded.bytes(new SplittableRandom(3), 100);
        final UnsafeBuffer pads = new UnsafeBuffer(new byte[2 * Sm3.BLOCK_LENGTH]);
        HmacSm3.pad(new UnsafeBuffer(key), 0, key.length, HmacSm3.IPAD, pads, 0);
        HmacSm3.pad(new UnsafeBuffer(key), 0, key.length, HmacSm3.OPAD, pads, Sm3.BLOCK_LENGTH);
        final byte[] inner = innerHash(key, message);
        final UnsafeBuffer prepared = new UnsafeBuffer(new byte[HmacSm3.PREPARED_LENGTH]);
        hmac.prepare(new UnsafeBuffer(key), 0, key.length, prepared, 0);

        final UnsafeBuffer input = new UnsafeBuffer(message.clone());
        final UnsafeBuffer out = new UnsafeBuffer(new byte[HmacSm3.MAC_LENGTH]);
        final HmacSm3Batch batch = new HmacSm3Batch(kernels, CAPACITY);
        batch.add(new UnsafeBuffer(key.clone()), 0, key.length);
        batch.append(input, 0, message.length);
        batch.run();
        batch.result(0, out, 0);
        input.setMemory(0, message.length, (byte)0);
        Remains.assertNone(batch, key, message, pads.byteArray(), prepared.byteArray(), inner);
        batch.clear();
        Remains.assertNone(batch, out.byteArray());

        hmac.mac(new UnsafeBuffer(key), 0, key.length, new UnsafeBuffer(message), 0, message.length, out, 0);
        Remains.assertNone(hmac, key, message, pads.byteArray(), prepared.byteArray(), inner, out.byteArray());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final HmacSm3Batch batch = new HmacSm3Batch(kernels, CAPACITY);
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(1024));
        Allocation.assertNone(50 * CAPACITY, () ->
        {
            for (int i = 0; i < 50; i++)
            {
                while (batch.size() < CAPACITY)
                {
                    batch.add(memory, 0, batch.size());
                    batch.append(memory, 0, 7 * batch.size());
                }
                batch.run();
                batch.result(1, memory, 700);
                batch.clear();
                hmac.mac(memory, 0, 32, memory, 0, 100, memory, 700);
            }
            return 50 * CAPACITY;
        });
    }

    /** {@return what HMAC hashes again} */
    static byte[] innerHash(final byte[] key, final byte[] message)
    {
        final byte[] padded = new byte[Sm3.BLOCK_LENGTH + message.length];
        HmacSm3.pad(new UnsafeBuffer(key), 0, key.length, HmacSm3.IPAD, new UnsafeBuffer(padded), 0);
        System.arraycopy(message, 0, padded, Sm3.BLOCK_LENGTH, message.length);
        return Sm3Test.bouncyCastle(padded);
    }

    static byte[] bouncyCastle(final byte[] key, final byte[] message)
    {
        final HMac mac = new HMac(new SM3Digest());
        mac.init(new KeyParameter(key));
        mac.update(message, 0, message.length);
        final byte[] out = new byte[HmacSm3.MAC_LENGTH];
        mac.doFinal(out, 0);
        return out;
    }
}
