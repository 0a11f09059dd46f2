// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import dev.trishake.support.Remains;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Secrets side by side give what they give alone, and lanes of SHA-256 what the JDK's digest gives. */
class HkdfBatchTest
{
    private static final int MAX_INFO = 3_000;
    private static final int MAX_OUTPUT = 96;

    private static Kernels kernels(final boolean vector)
    {
        return vector && Kernels.moduleIsThere() ? Kernels.vector() : Kernels.scalar();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHashAsTheJdkDoes(final boolean vector) throws Exception
    {
        final Sha256Lanes lanes = kernels(vector).create(Sha256Lanes.KERNEL);
        final MessageDigest jdk = MessageDigest.getInstance("SHA-256");
        Seeded.forEach(Scale.pick(50, 5_000), random ->
        {
            final int blocks = 1 + random.nextInt(4);
            final int[] chaining = new int[8 * 16];
            for (int i = 0; i < chaining.length; i++)
            {
                chaining[i] = Sha256Block.iv(i / 16);
            }
            final byte[][] messages = new byte[16][];
            final byte[] together = new byte[16 * 64 * blocks];
            final Columns columns = new Columns(16);
            for (int lane = 0; lane < 16; lane++)
            {
                messages[lane] = padded(Seeded.bytes(random, 64 * blocks - 9 - random.nextInt(40)), blocks);
                System.arraycopy(messages[lane], 0, together, 64 * blocks * lane, 64 * blocks);
            }
            for (int i = 0; i < blocks; i++)
            {
                lanes.read(columns.words(), 0, together, 64 * i, 64 * blocks);
                lanes.compress(chaining, columns.words(), 0, 0xffff);
            }
            for (int lane = 0; lane < 16; lane++)
            {
                final UnsafeBuffer digest = new UnsafeBuffer(new byte[32]);
                for (int i = 0; i < 8; i++)
                {
                    digest.putInt(4 * i, Integer.reverseBytes(chaining[16 * i + lane]));
                }
                final long bits = Long.reverseBytes(new UnsafeBuffer(messages[lane]).getLong(64 * blocks - 8));
                assertArrayEquals(
                    jdk.digest(Arrays.copyOf(messages[lane], (int)(bits / 8))), digest.byteArray());
            }
        });
    }

    private static byte[] padded(final byte[] message, final int blocks)
    {
        final byte[] padded = Arrays.copyOf(message, 64 * blocks);
        padded[message.length] = (byte)0x80;
        new UnsafeBuffer(padded).putLong(64 * blocks - 8, Long.reverseBytes(8L * message.length));
        return padded;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDeriveAsOneAfterTheOther(final boolean vector)
    {
        final HkdfBatch batch = new HkdfBatch(kernels(vector), MAX_INFO, MAX_OUTPUT);
        final Hkdf alone = new Hkdf();
        Seeded.forEach(Scale.pick(50, 5_000), random ->
        {
            final int count = random.nextBoolean() ? HkdfBatch.LANES : 1 + random.nextInt(HkdfBatch.LANES);
            final byte[][] expected = new byte[count][];
            final int least = random.nextBoolean() ? 0 : 130;
            for (int i = 0; i < count; i++)
            {
                final byte[] salt = Seeded.bytes(random, random.nextInt(130));
                final byte[] secret = Seeded.bytes(random, 1 + random.nextInt(HkdfBatch.MAX_SECRET_LENGTH));
                final byte[] info = Seeded.bytes(random,
                    least + random.nextInt(random.nextInt(4) == 0 ? MAX_INFO + 1 - least : 200));
                expected[i] = new byte[1 + random.nextInt(MAX_OUTPUT)];
                alone.extract(new UnsafeBuffer(salt), 0, salt.length, new UnsafeBuffer(secret), 0, secret.length);
                assertTrue(alone.expand(
                    new UnsafeBuffer(info), 0, info.length, new UnsafeBuffer(expected[i]), 0, expected[i].length));
                assertEquals(i, batch.begin(new UnsafeBuffer(salt), 0, salt.length,
                    new UnsafeBuffer(secret), 0, secret.length, expected[i].length));
                final int first = random.nextInt(info.length + 1);
                batch.append(new UnsafeBuffer(info), 0, first);
                batch.append(new UnsafeBuffer(info), first, info.length - first);
            }
            if (count == HkdfBatch.LANES)
            {
                final UnsafeBuffer any = new UnsafeBuffer(new byte[1]);
                assertEquals(-1, batch.begin(any, 0, 1, any, 0, 1, 1));
            }
            batch.run();
            for (int i = 0; i < count; i++)
            {
                final byte[] actual = new byte[expected[i].length];
                batch.result(i, new UnsafeBuffer(actual), 0);
                assertArrayEquals(expected[i], actual);
            }
            batch.clear();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldForgetSecretsAndOutputs(final boolean vector)
    {
        final SplittableRandom random = new SplittableRandom(3);
        final HkdfBatch batch = new HkdfBatch(kernels(vector), MAX_INFO, MAX_OUTPUT);
        final byte[] secret = Seeded.bytes(random, 32);
        final UnsafeBuffer salt = new UnsafeBuffer(Seeded.bytes(random, 32));
        final UnsafeBuffer out = new UnsafeBuffer(new byte[MAX_OUTPUT]);
        for (int i = 0; i < HkdfBatch.LANES; i++)
        {
            batch.begin(salt, 0, 32, new UnsafeBuffer(secret), 0, 32, MAX_OUTPUT);
        }
        batch.run();
        batch.result(7, out, 0);
        assertTrue(Remains.holds(batch, out.byteArray()));
        batch.clear();
        final UnsafeBuffer key = new UnsafeBuffer(new byte[32]);
        final HmacSha256 hmac = new HmacSha256();
        hmac.init(salt, 0, 32);
        hmac.update(new UnsafeBuffer(secret), 0, 32);
        hmac.finish(key, 0);
        final byte[] inner = new byte[32];
        final byte[] outer = new byte[32];
        for (int i = 0; i < 32; i++)
        {
            inner[i] = (byte)(key.getByte(i) ^ 0x36);
            outer[i] = (byte)(key.getByte(i) ^ 0x5c);
        }
        Remains.assertNone(batch, inner, outer);
        Remains.assertNone(batch, secret, salt.byteArray(), key.byteArray(), out.byteArray());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAllocateNothing(final boolean vector)
    {
        final HkdfBatch batch = new HkdfBatch(kernels(vector), MAX_INFO, MAX_OUTPUT);
        final UnsafeBuffer in = new UnsafeBuffer(new byte[MAX_INFO]);
        final UnsafeBuffer out = new UnsafeBuffer(new byte[MAX_OUTPUT]);
        Allocation.assertNone(16 * 20, () ->
        {
            int done = 0;
            for (int i = 0; i < 20; i++)
            {
                for (int lane = 0; lane < HkdfBatch.LANES; lane++)
                {
                    batch.begin(in, 0, 64, in, 0, 32, 40 + lane);
                    batch.append(in, 0, 1_000 + 10 * lane);
                }
                batch.run();
                for (int lane = 0; lane < HkdfBatch.LANES; lane++)
                {
                    batch.result(lane, out, 0);
                    done++;
                }
                batch.clear();
            }
            return done;
        });
    }
}
