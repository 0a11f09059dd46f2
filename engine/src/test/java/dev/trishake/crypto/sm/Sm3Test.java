// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.support.Allocation;
import dev.trishake.support.Remains;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class Sm3Test
{
    private final Sm3 sm3 = new Sm3();

    @Test
    void shouldGiveTheDigestsOfTheStandard()
    {
        // GB/T 32905 annex A
        assertEquals("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", hash("abc"));
        assertEquals("debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732", hash("abcd".repeat(16)));
    }

    @Test
    void shouldEqualBouncyCastleAtEveryLength()
    {
        final byte[] message = Seeded.bytes(new SplittableRandom(1), 300);
        for (int length = 0; length <= message.length; length++)
        {
            final byte[] actual = new byte[Sm3.DIGEST_LENGTH + 2];
            sm3.hash(new UnsafeBuffer(message), 0, length, new UnsafeBuffer(actual), 1);
            assertArrayEquals(bouncyCastle(Arrays.copyOf(message, length)),
                Arrays.copyOfRange(actual, 1, 1 + Sm3.DIGEST_LENGTH), "length " + length);
            assertEquals(0, actual[0] | actual[Sm3.DIGEST_LENGTH + 1]);
        }
    }

    @Test
    void shouldHashWhatComesInPieces()
    {
        Seeded.forEach(Scale.pick(2_000, 100_000), random ->
        {
            final byte[] message = Seeded.bytes(random, random.nextInt(500));
            final UnsafeBuffer input = new UnsafeBuffer(message);
            final UnsafeBuffer state = new UnsafeBuffer(ByteBuffer.allocateDirect(Sm3.STATE_LENGTH + 3));
            final UnsafeBuffer digest = new UnsafeBuffer(new byte[Sm3.DIGEST_LENGTH]);
            sm3.init(state, 3);
            int done = 0;
            while (done < message.length)
            {
                final int length = random.nextInt(Math.min(150, message.length - done) + 1);
                sm3.update(state, 3, input, done, length);
                done += length;
                if (random.nextInt(4) == 0)
                {
                    // the running hash of a handshake is asked in between
                    sm3.digest(state, 3, digest, 0);
                    assertArrayEquals(bouncyCastle(Arrays.copyOf(message, done)), digest.byteArray());
                }
            }
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[Sm3.STATE_LENGTH]);
            copy.putBytes(0, state, 3, Sm3.STATE_LENGTH);
            sm3.digest(copy, 0, digest, 0);
            assertArrayEquals(bouncyCastle(message), digest.byteArray());
        });
    }

    @Test
    void shouldForgetWhatItHashed()
    {
        final byte[] secret = Seeded.bytes(new SplittableRandom(2), 150);
        final UnsafeBuffer digest = new UnsafeBuffer(new byte[Sm3.DIGEST_LENGTH]);
        sm3.hash(new UnsafeBuffer(secret), 0, secret.length, digest, 0);
        Remains.assertNone(sm3, secret, digest.byteArray());
    }

    @Test
    void shouldAllocateNothing()
    {
        final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(200));
        final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(200));
        Allocation.assertNone(2_000, () ->
        {
            for (int i = 0; i < 2_000; i++)
            {
                sm3.hash(message, 0, i & 127, out, 0);
            }
            return 2_000;
        });
    }

    static byte[] bouncyCastle(final byte[] message)
    {
        final SM3Digest digest = new SM3Digest();
        digest.update(message, 0, message.length);
        final byte[] out = new byte[Sm3.DIGEST_LENGTH];
        digest.doFinal(out, 0);
        return out;
    }

    private String hash(final String message)
    {
        final UnsafeBuffer out = new UnsafeBuffer(new byte[Sm3.DIGEST_LENGTH]);
        sm3.hash(new UnsafeBuffer(message.getBytes(US_ASCII)), 0, message.length(), out, 0);
        return Vectors.hex(out.byteArray());
    }
}
