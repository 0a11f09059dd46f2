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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

class Sm3BatchTest
{
    private static final int CAPACITY = 50;

    private final Sm3 sm3 = new Sm3();

    static List<Kernels> implementations()
    {
        return BothKernels.all();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldHashInEveryLaneBesideEveryLength(final Kernels kernels)
    {
        final Sm3Batch batch = new Sm3Batch(kernels, Sm3Lanes.LANES);
        final byte[] message = Seeded.bytes(new SplittableRandom(3), 200);
        for (int first = 0; first < 140; first++)
        {
            for (int lane = 0; lane < Sm3Lanes.LANES; lane++)
            {
                batch.add(new UnsafeBuffer(message), lane, (first + 11 * lane) % 140);
            }
            batch.run();
            for (int lane = 0; lane < Sm3Lanes.LANES; lane++)
            {
                assertDigest(Arrays.copyOfRange(message, lane, lane + (first + 11 * lane) % 140), batch, lane);
            }
            batch.clear();
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldEqualBouncyCastleHoweverManyMessagesThereAre(final Kernels kernels)
    {
        final Sm3Batch batch = new Sm3Batch(kernels, CAPACITY);
        // 25 messages a run on average
        Seeded.forEach(Scale.pick(120, 4_000), random ->
        {
            final int count = 1 + random.nextInt(CAPACITY);
            final byte[][] messages = new byte[count][];
            for (int job = 0; job < count; job++)
            {
                messages[job] = Seeded.bytes(random, random.nextInt(random.nextInt(4) == 0 ? 1500 : 130));
                addInPieces(batch, random, messages[job]);
            }
            batch.run();
            for (int job = 0; job < count; job++)
            {
                assertDigest(messages[job], batch, job);
            }
            batch.clear();
        });
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldContinueRunningHashes(final Kernels kernels)
    {
        final Sm3Batch batch = new Sm3Batch(kernels, CAPACITY);
        final int states = 20;
        Seeded.forEach(Scale.pick(30, 1_000), random ->
        {
            final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(states * Sm3.STATE_LENGTH));
            final byte[][] messages = new byte[states][0];
            for (int i = 0; i < states; i++)
            {
                sm3.init(memory, i * Sm3.STATE_LENGTH);
            }
            for (int turn = 0; turn < 5; turn++)
            {
                for (int i = 0; i < states; i++)
                {
                    final byte[] more = Seeded.bytes(random, random.nextInt(random.nextInt(3) == 0 ? 30 : 200));
                    final int cut = random.nextInt(more.length + 1);
                    batch.addUpdate(memory, i * Sm3.STATE_LENGTH);
                    batch.append(new UnsafeBuffer(more), 0, cut);
                    batch.append(new UnsafeBuffer(more), cut, more.length - cut);
                    messages[i] = join(messages[i], more);
                }
                batch.run();
                batch.clear();
                for (int i = 0; i < states; i++)
                {
                    batch.addFrom(memory, i * Sm3.STATE_LENGTH);
                }
                batch.run();
                for (int i = 0; i < states; i++)
                {
                    assertDigest(messages[i], batch, i);
                }
                batch.clear();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldForgetWhatItHashed(final Kernels kernels)
    {
        final Sm3Batch batch = new Sm3Batch(kernels, CAPACITY);
        final byte[] secret = Seeded.bytes(new SplittableRandom(4), 150);
        final UnsafeBuffer digest = new UnsafeBuffer(new byte[Sm3.DIGEST_LENGTH]);
        final UnsafeBuffer message = new UnsafeBuffer(secret.clone());
        for (int job = 0; job < 20; job++)
        {
            batch.add(message, 0, secret.length);
        }
        batch.run();
        message.setMemory(0, secret.length, (byte)0);
        batch.result(0, digest, 0);
        Remains.assertNone(batch, secret);
        batch.clear();
        Remains.assertNone(batch, digest.byteArray());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final Sm3Batch batch = new Sm3Batch(kernels, CAPACITY);
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(1024));
        Allocation.assertNone(100 * CAPACITY, () ->
        {
            for (int i = 0; i < 100; i++)
            {
                sm3.init(memory, 512);
                batch.addUpdate(memory, 512);
                batch.append(memory, 0, 100);
                while (batch.size() < CAPACITY)
                {
                    batch.add(memory, 0, 7 * batch.size());
                }
                batch.run();
                batch.result(1, memory, 700);
                batch.clear();
            }
            return 100 * CAPACITY;
        });
    }

    @Test
    void shouldDoNothingWhenEmpty()
    {
        final Sm3Batch batch = new Sm3Batch(Kernels.scalar(), 1);
        batch.run();
        batch.clear();
        batch.add();
        batch.run();
        assertDigest(new byte[0], batch, 0);
    }

    private void addInPieces(final Sm3Batch batch, final SplittableRandom random, final byte[] message)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(message);
        int done = 0;
        if (random.nextBoolean())
        {
            final UnsafeBuffer state = new UnsafeBuffer(new byte[Sm3.STATE_LENGTH]);
            sm3.init(state, 0);
            done = random.nextInt(message.length + 1);
            sm3.update(state, 0, buffer, 0, done);
            batch.addFrom(state, 0);
        }
        else
        {
            batch.add();
        }
        for (int i = 0; i < 3; i++)
        {
            final int length = random.nextInt(message.length - done + 1);
            batch.append(buffer, done, length);
            done += length;
        }
        batch.append(buffer, done, message.length - done);
    }

    private static void assertDigest(final byte[] message, final Sm3Batch batch, final int job)
    {
        final UnsafeBuffer out = new UnsafeBuffer(new byte[Sm3.DIGEST_LENGTH]);
        batch.result(job, out, 0);
        assertArrayEquals(Sm3Test.bouncyCastle(message), out.byteArray(), "message " + job + ", " + message.length);
    }

    private static byte[] join(final byte[] a, final byte[] b)
    {
        final byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
