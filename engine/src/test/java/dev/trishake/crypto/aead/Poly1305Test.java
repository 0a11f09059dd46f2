// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.BothKernels;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** Poly1305 beside its definition (RFC 8439 2.5.1), where sums come close to 2^130 - 5 and carries run far. */
class Poly1305Test
{
    private static final int BLOCK_LENGTH = Aead.BLOCK_LENGTH;
    private static final BigInteger P = BigInteger.TWO.pow(130).subtract(BigInteger.valueOf(5));
    private static final BigInteger BLOCK_BIT = BigInteger.TWO.pow(128);
    private static final BigInteger CLAMP = new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16);

    private static List<Kernels> kernels()
    {
        return BothKernels.all();
    }

    /** With r = 1 three blocks add up to what is wanted: p - 8 to p + 8 (RFC 8439 A.3 has such cases). */
    @ParameterizedTest
    @MethodSource("kernels")
    void shouldReduceSumsAroundP(final Kernels kernels)
    {
        for (int near = -8; near <= 8; near++)
        {
            final BigInteger sum = BLOCK_BIT.subtract(BigInteger.valueOf(5 - near));
            final byte[] blocks = new byte[3 * BLOCK_LENGTH];
            final BigInteger first = sum.min(BLOCK_BIT.subtract(BigInteger.ONE));
            System.arraycopy(octets(first), 0, blocks, 0, BLOCK_LENGTH);
            System.arraycopy(octets(sum.subtract(first)), 0, blocks, BLOCK_LENGTH, BLOCK_LENGTH);
            check(kernels, BigInteger.ONE, BigInteger.ZERO, blocks);
            check(kernels, BigInteger.ONE, BLOCK_BIT.subtract(BigInteger.ONE), blocks);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldEqualItsDefinition(final Kernels kernels)
    {
        Seeded.forEach(Scale.pick(1_000, 100_000), random ->
        {
            final byte[] blocks = Seeded.bytes(random, BLOCK_LENGTH * (1 + random.nextInt(80)));
            for (int i = 0; i < blocks.length; i += BLOCK_LENGTH)
            {
                if (random.nextInt(3) == 0)
                {
                    Arrays.fill(blocks, i, i + BLOCK_LENGTH, (byte)(random.nextInt(3) - 1));
                }
            }
            check(kernels, number(random).and(CLAMP), number(random), blocks);
        });
    }

    private static void check(final Kernels kernels, final BigInteger r, final BigInteger s, final byte[] blocks)
    {
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i < blocks.length; i += BLOCK_LENGTH)
        {
            final byte[] block = new byte[BLOCK_LENGTH];
            for (int k = 0; k < BLOCK_LENGTH; k++)
            {
                block[k] = blocks[i + BLOCK_LENGTH - 1 - k];
            }
            expected = expected.add(new BigInteger(1, block)).add(BLOCK_BIT).multiply(r).mod(P);
        }

        final ChaCha20Poly1305Lanes lanes = kernels.create(ChaCha20Poly1305Lanes.KERNEL);
        final byte[] stage = new byte[Aead.FRONT + blocks.length + Aead.SLACK];
        System.arraycopy(blocks, 0, stage, Aead.FRONT, blocks.length);
        final long[] multiplier = new long[Poly1305.LIMBS];
        final long[] sum = new long[Poly1305.LIMBS];
        Poly1305.multiplier(multiplier, r.longValue(), r.shiftRight(64).longValue());
        // in two parts, as when a stage is full
        final int count = blocks.length / BLOCK_LENGTH;
        lanes.authenticate(sum, multiplier, stage, (count + 1) / 2);
        if (count > 1)
        {
            System.arraycopy(blocks, (count + 1) / 2 * BLOCK_LENGTH, stage, Aead.FRONT, count / 2 * BLOCK_LENGTH);
            lanes.authenticate(sum, multiplier, stage, count / 2);
        }
        final UnsafeBuffer tag = new UnsafeBuffer(new byte[BLOCK_LENGTH]);
        Poly1305.finish(sum, s.longValue(), s.shiftRight(64).longValue(), tag);
        assertArrayEquals(octets(expected.add(s).mod(BLOCK_BIT)), tag.byteArray());
    }

    private static BigInteger number(final SplittableRandom random)
    {
        return switch (random.nextInt(4))
        {
            case 0 -> BigInteger.valueOf(random.nextInt(3));
            case 1 -> BLOCK_BIT.subtract(BigInteger.valueOf(1 + random.nextInt(3)));
            default -> new BigInteger(1, Seeded.bytes(random, BLOCK_LENGTH));
        };
    }

    private static byte[] octets(final BigInteger value)
    {
        final UnsafeBuffer octets = new UnsafeBuffer(new byte[BLOCK_LENGTH]);
        octets.putLong(0, value.longValue(), LITTLE_ENDIAN);
        octets.putLong(8, value.shiftRight(64).longValue(), LITTLE_ENDIAN);
        return octets.byteArray();
    }
}
