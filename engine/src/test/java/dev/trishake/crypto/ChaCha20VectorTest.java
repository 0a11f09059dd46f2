// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class ChaCha20VectorTest
{
    @Test
    void shouldGiveTheBlocksOfTheRfc()
    {
        final List<String> lines = Vectors.lines("chacha20/blocks.txt");
        assertEquals(6, lines.size());
        for (final String line : lines)
        {
            final String[] fields = line.split("\\|", -1);
            final byte[] key = Vectors.hex(fields[0]);
            final byte[] nonce = Vectors.hex(fields[2]);
            assertEquals(fields[3], Vectors.hex(block(key, Integer.parseInt(fields[1]), nonce)), line);
        }
    }

    @Test
    void shouldEqualBouncyCastle()
    {
        Seeded.forEach(Scale.pick(500, 100_000), random ->
        {
            final byte[] key = Seeded.bytes(random, ChaCha20.KEY_LENGTH);
            final byte[] nonce = Seeded.bytes(random, 12);
            final int counter = random.nextInt(1000);

            final ChaCha7539Engine engine = new ChaCha7539Engine();
            engine.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
            engine.seekTo((long)counter * ChaCha20.BLOCK_LENGTH);
            final byte[] expected = new byte[ChaCha20.BLOCK_LENGTH];
            engine.processBytes(expected, 0, expected.length, expected, 0);

            assertArrayEquals(expected, block(key, counter, nonce));
        });
    }

    @Test
    void shouldWriteABlockOverItsKey()
    {
        final byte[] key = Vectors.hex("00".repeat(31) + "01");
        final UnsafeBuffer buffer = new UnsafeBuffer(Arrays.copyOf(key, ChaCha20.BLOCK_LENGTH));
        ChaCha20.block(buffer, 0, 1, 0, 0, 0, buffer, 0);
        assertArrayEquals(block(key, 1, new byte[12]), buffer.byteArray());
    }

    private static byte[] block(final byte[] key, final int counter, final byte[] nonce)
    {
        // odd offsets, and octets around the block that must survive
        final UnsafeBuffer in = new UnsafeBuffer(new byte[ChaCha20.KEY_LENGTH + 1]);
        in.putBytes(1, key);
        final UnsafeBuffer out = new UnsafeBuffer(new byte[ChaCha20.BLOCK_LENGTH + 6]);
        final UnsafeBuffer n = new UnsafeBuffer(nonce);
        ChaCha20.block(in, 1, counter,
            n.getInt(0, LITTLE_ENDIAN), n.getInt(4, LITTLE_ENDIAN), n.getInt(8, LITTLE_ENDIAN), out, 3);
        assertEquals(0, out.getInt(0) << 8 | out.getShort(ChaCha20.BLOCK_LENGTH + 4));
        return Arrays.copyOfRange(out.byteArray(), 3, 3 + ChaCha20.BLOCK_LENGTH);
    }
}
