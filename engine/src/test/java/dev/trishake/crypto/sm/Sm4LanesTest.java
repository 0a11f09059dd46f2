// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.BothKernels;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import dev.trishake.support.Remains;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class Sm4LanesTest
{
    private static final int LANES = Sm4Lanes.LANES;
    private static final int BLOCK_LENGTH = Sm4Lanes.BLOCK_LENGTH;
    private static final int LENGTH = LANES * BLOCK_LENGTH;

    // GB/T 32907 annex A: one key and plaintext, encrypted once and a million times
    private static final String EXAMPLE = "0123456789abcdeffedcba9876543210";
    private static final String ENCRYPTED = "681edf34d206965e86b3e94f536e4246";
    private static final String ENCRYPTED_MILLION_TIMES = "595298c7c6fd271f0402f804c33d3f66";

    static List<Kernels> implementations()
    {
        return BothKernels.all();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldEncryptTheExampleOfTheStandardInEveryLane(final Kernels kernels)
    {
        final Sm4Lanes lanes = kernels.create(Sm4Lanes.KERNEL);
        for (int lane = 0; lane < LANES; lane++)
        {
            final byte[] keys = Seeded.bytes(new SplittableRandom(lane), LENGTH);
            final byte[] blocks = keys.clone();
            System.arraycopy(Vectors.hex(EXAMPLE), 0, keys, BLOCK_LENGTH * lane, BLOCK_LENGTH);
            System.arraycopy(Vectors.hex(EXAMPLE), 0, blocks, BLOCK_LENGTH * lane, BLOCK_LENGTH);
            lanes.expandKeys(keys, 0);
            lanes.crypt(blocks);
            assertEquals(ENCRYPTED, Vectors.hex(block(blocks, lane)));
            lanes.expandKeys(keys, 1 << lane);
            lanes.crypt(blocks);
            assertEquals(EXAMPLE, Vectors.hex(block(blocks, lane)));
        }
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("implementations")
    void shouldEncryptTheExampleAMillionTimes(final Kernels kernels)
    {
        final Sm4Lanes lanes = kernels.create(Sm4Lanes.KERNEL);
        final byte[] blocks = Vectors.hex(EXAMPLE.repeat(LANES));
        lanes.expandKeys(blocks.clone(), 0);
        for (int i = 0; i < 1_000_000; i++)
        {
            lanes.crypt(blocks);
        }
        assertEquals(ENCRYPTED_MILLION_TIMES.repeat(LANES), Vectors.hex(blocks));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldEqualBouncyCastleInBothDirections(final Kernels kernels)
    {
        final Sm4Lanes lanes = kernels.create(Sm4Lanes.KERNEL);
        // 16 lanes each
        Seeded.forEach(Scale.pick(125, 6_250), random ->
        {
            final byte[] keys = Seeded.bytes(random, LENGTH);
            final byte[] blocks = Seeded.bytes(random, LENGTH);
            final int decrypting = random.nextInt();
            final byte[] actual = blocks.clone();
            lanes.expandKeys(keys, decrypting);
            lanes.crypt(actual);
            for (int lane = 0; lane < LANES; lane++)
            {
                final SM4Engine engine = new SM4Engine();
                engine.init((decrypting >>> lane & 1) == 0, new KeyParameter(block(keys, lane)));
                final byte[] expected = new byte[BLOCK_LENGTH];
                engine.processBlock(blocks, BLOCK_LENGTH * lane, expected, 0);
                assertArrayEquals(expected, block(actual, lane), "lane " + lane);
            }
        });
    }

    @Test
    void shouldDoTheSameInVectorsAndSlices()
    {
        final Sm4Lanes vector = Kernels.vector().create(Sm4Lanes.KERNEL);
        final Sm4Lanes scalar = Kernels.scalar().create(Sm4Lanes.KERNEL);
        // 16 lanes each: 100,000 blocks
        Seeded.forEach(6_250, random ->
        {
            final byte[] keys = Seeded.bytes(random, LENGTH);
            final byte[] expected = Seeded.bytes(random, LENGTH);
            final byte[] actual = expected.clone();
            final int decrypting = random.nextInt();
            vector.expandKeys(keys, decrypting);
            scalar.expandKeys(keys, decrypting);
            vector.crypt(actual);
            scalar.crypt(expected);
            assertArrayEquals(expected, actual);
        });
    }

    @Test
    void shouldSubstituteEveryOctet()
    {
        final byte[] table = Sm4Constants.sbox();
        for (int octet = 0; octet < 256; octet++)
        {
            final long[] planes = new long[Sm4Sbox.PLANES];
            for (int b = 0; b < planes.length; b++)
            {
                planes[b] = -(octet >>> b & 1L);
            }
            Sm4Sbox.substitute(planes, 0);
            for (int b = 0; b < planes.length; b++)
            {
                assertEquals(-(table[octet] >>> b & 1L), planes[b], "bit " + b + " of " + octet);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldForgetKeysAndBlocks(final Kernels kernels)
    {
        final Sm4Lanes lanes = kernels.create(Sm4Lanes.KERNEL);
        final byte[] keys = Seeded.bytes(new SplittableRandom(1), LENGTH);
        lanes.expandKeys(keys, 0x5555);
        lanes.crypt(keys.clone());
        lanes.wipe();
        final byte[] zeros = new byte[LENGTH];
        final byte[] withZeroKeys = zeros.clone();
        lanes.crypt(withZeroKeys);
        for (int lane = 0; lane < LANES; lane++)
        {
            assertArrayEquals(block(withZeroKeys, 0), block(withZeroKeys, lane), "a key is left in lane " + lane);
        }
        lanes.wipe();
        Remains.assertNone(lanes, keys, withZeroKeys);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final Sm4Lanes lanes = kernels.create(Sm4Lanes.KERNEL);
        final byte[] blocks = new byte[LENGTH];
        Allocation.assertNone(1_000, () ->
        {
            for (int i = 0; i < 1_000; i++)
            {
                lanes.expandKeys(blocks, i);
                lanes.crypt(blocks);
            }
            return 1_000;
        });
    }

    private static byte[] block(final byte[] blocks, final int lane)
    {
        return Arrays.copyOfRange(blocks, BLOCK_LENGTH * lane, BLOCK_LENGTH * (lane + 1));
    }
}
