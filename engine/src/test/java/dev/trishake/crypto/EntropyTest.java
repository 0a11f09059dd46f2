// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.support.Allocation;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EntropyTest
{
    private static final int OUTPUT_LENGTH = Entropy.LENGTH - Entropy.OUTPUT_OFFSET;

    /** Fast key erasure over Bouncy Castle's ChaCha20, as naive as it can be. */
    private static final class Model
    {
        private byte[] key;
        private byte[] output = new byte[0];

        private Model(final long seed)
        {
            key = new byte[32];
            new UnsafeBuffer(key).putLong(0, seed, LITTLE_ENDIAN);
        }

        private byte[] take(final int length)
        {
            if (output.length < length)
            {
                final ChaCha7539Engine engine = new ChaCha7539Engine();
                engine.init(true, new ParametersWithIV(new KeyParameter(key), new byte[12]));
                final byte[] stream = new byte[Entropy.LENGTH];
                engine.processBytes(stream, 0, stream.length, stream, 0);
                key = Arrays.copyOf(stream, 32);
                output = Arrays.copyOfRange(stream, 32, stream.length);
            }
            final byte[] taken = Arrays.copyOf(output, length);
            output = Arrays.copyOfRange(output, length, output.length);
            return taken;
        }
    }

    @Test
    void shouldHandOutTheKeyStreamUnderEverNewKeys()
    {
        Seeded.forEach(Scale.pick(50, 5000), random ->
        {
            final long seed = random.nextLong();
            final Model model = new Model(seed);
            try (Entropy entropy = Entropy.seeded(seed))
            {
                for (int i = 0; i < 300; i++)
                {
                    switch (random.nextInt(3))
                    {
                        case 0 -> assertEquals(new UnsafeBuffer(model.take(8)).getLong(0, LITTLE_ENDIAN),
                            entropy.nextLong());
                        case 1 -> assertEquals(new UnsafeBuffer(model.take(4)).getInt(0, LITTLE_ENDIAN),
                            entropy.nextInt());
                        default ->
                        {
                            final byte[] expected = new byte[random.nextInt(2 * Entropy.LENGTH)];
                            for (int k = 0; k < expected.length; k++)
                            {
                                expected[k] = model.take(1)[0];
                            }
                            assertArrayEquals(expected, draw(entropy, expected.length));
                        }
                    }
                }
            }
        });
    }

    @Test
    void shouldFillTheRangeAndNothingElse()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2000]);
        try (Entropy entropy = Entropy.seeded(1))
        {
            entropy.nextBytes(buffer, 7, 1981);
            entropy.nextBytes(buffer, 3, 0);
        }
        for (int i = 0; i < 7; i++)
        {
            assertEquals(0, buffer.getByte(i));
            assertEquals(0, buffer.getByte(1988 + i));
        }
        assertNotEquals(0, buffer.getLong(7));
        assertNotEquals(0, buffer.getLong(1980));
    }

    @Test
    void shouldRepeatItselfForTheSameSeedOnly()
    {
        try (Entropy one = Entropy.seeded(7); Entropy same = Entropy.seeded(7); Entropy other = Entropy.seeded(8))
        {
            final byte[] drawn = draw(one, 3000);
            assertArrayEquals(drawn, draw(same, 3000));
            assertFalse(Arrays.equals(drawn, draw(other, 3000)));
            one.reseed();
            same.reseed();
            assertArrayEquals(draw(one, 3000), draw(same, 3000), "a fixed seed must not take true randomness in");
        }
    }

    @Test
    void shouldStartAgainWithAFixedSeedAlone()
    {
        final Entropy entropy = Entropy.seeded(7);
        final long first = entropy.nextLong();
        for (int i = 0; i < 1000; i++)
        {
            entropy.nextInt();
        }
        entropy.restart(7);
        assertEquals(first, entropy.nextLong());
        entropy.restart(8);
        assertEquals(Entropy.seeded(8).nextLong(), entropy.nextLong());
        entropy.close();
        assertThrows(IllegalStateException.class, () -> entropy.restart(7));
        assertThrows(IllegalStateException.class, () -> new Entropy().restart(7));
    }

    @Test
    void shouldDifferFromEveryOtherInstance()
    {
        try (Entropy one = new Entropy(); Entropy other = new Entropy())
        {
            assertFalse(Arrays.equals(draw(one, 32), draw(other, 32)));
        }
    }

    @Test
    void shouldForgetWhatItHandedOut()
    {
        try (Entropy entropy = Entropy.seeded(3))
        {
            final UnsafeBuffer memory = entropy.memory();
            for (int i = 0; i < 1000; i++)
            {
                assertNotHeld(memory, entropy.nextLong());
                assertNotHeld(memory, new UnsafeBuffer(draw(entropy, 8)).getLong(0, LITTLE_ENDIAN));
                final int value = entropy.nextInt();
                for (int k = 0; k <= Entropy.LENGTH - 4; k++)
                {
                    assertNotEquals(value, memory.getInt(k, LITTLE_ENDIAN));
                }
            }
        }
    }

    @Test
    void shouldForgetTheKeyOfEveryRefill()
    {
        try (Entropy entropy = Entropy.seeded(3))
        {
            entropy.nextLong();
            final UnsafeBuffer memory = entropy.memory();
            for (int refill = 0; refill < 100; refill++)
            {
                final long[] key = new long[4];
                for (int i = 0; i < key.length; i++)
                {
                    key[i] = memory.getLong(8 * i, LITTLE_ENDIAN);
                }
                draw(entropy, OUTPUT_LENGTH);
                for (final long word : key)
                {
                    assertNotHeld(memory, word);
                }
            }
        }
    }

    @Test
    void shouldMixFreshSeedIntoTheKeyAndDropItsOutput()
    {
        try (Entropy entropy = new Entropy())
        {
            entropy.nextLong();
            final UnsafeBuffer memory = entropy.memory();
            final byte[] before = new byte[Entropy.LENGTH];
            memory.getBytes(0, before);

            entropy.reseed();

            final byte[] after = new byte[Entropy.LENGTH];
            memory.getBytes(0, after);
            for (int i = 0; i < Entropy.OUTPUT_OFFSET; i += 8)
            {
                assertNotEquals(new UnsafeBuffer(before).getLong(i), new UnsafeBuffer(after).getLong(i));
            }
            assertArrayEquals(new byte[OUTPUT_LENGTH], Arrays.copyOfRange(after, Entropy.OUTPUT_OFFSET, after.length));
            final byte[] dropped = Arrays.copyOfRange(before, Entropy.OUTPUT_OFFSET + 8, before.length);
            assertFalse(Arrays.equals(dropped, draw(entropy, dropped.length)));
        }
    }

    @Test
    void shouldSayWhenAReseedIsDue()
    {
        try (Entropy entropy = Entropy.seeded(1))
        {
            int drawn = 0;
            while (!entropy.reseedDue())
            {
                entropy.nextLong();
                drawn += 8;
            }
            assertEquals(Entropy.RESEED_INTERVAL, drawn, OUTPUT_LENGTH);

            entropy.reseed();
            assertFalse(entropy.reseedDue());
        }
    }

    @Test
    void shouldRefuseToGoOnWithoutReseedForEver()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 16]);
        try (Entropy entropy = Entropy.seeded(1))
        {
            for (int i = 0; i < Entropy.MAX_WITHOUT_RESEED / buffer.capacity(); i++)
            {
                entropy.nextBytes(buffer, 0, buffer.capacity());
            }
            draw(entropy, (Entropy.MAX_WITHOUT_RESEED + OUTPUT_LENGTH - 1) / OUTPUT_LENGTH * OUTPUT_LENGTH -
                Entropy.MAX_WITHOUT_RESEED);
            assertThrows(IllegalStateException.class, entropy::nextInt);
            assertThrows(IllegalStateException.class, entropy::nextLong);
            assertThrows(IllegalStateException.class, () -> entropy.nextBytes(buffer, 0, 1));

            entropy.reseed();
            assertNotEquals(0, entropy.nextLong());
        }
    }

    @Test
    void shouldKeepNothingOnceClosed()
    {
        final Entropy entropy = new Entropy();
        entropy.nextInt();
        entropy.close();
        entropy.close();
        for (int i = 0; i < Entropy.LENGTH; i++)
        {
            assertEquals(0, entropy.memory().getByte(i));
        }
        assertTrue(entropy.reseedDue());
        assertThrows(IllegalStateException.class, entropy::reseed);
        assertThrows(IllegalStateException.class, entropy::nextInt);
        assertThrows(IllegalStateException.class, entropy::nextLong);
        assertThrows(IllegalStateException.class, () -> draw(entropy, 1));
    }

    @Test
    void shouldLookRandom()
    {
        final int octets = 1 << 20;
        try (Entropy entropy = Entropy.seeded(20))
        {
            final int[] counts = new int[256];
            long ones = 0;
            for (int i = 0; i < octets / 8; i++)
            {
                final long value = entropy.nextLong();
                ones += Long.bitCount(value);
                for (int k = 0; k < 64; k += 8)
                {
                    counts[(int)(value >>> k) & 0xff]++;
                }
            }

            // 2^23 bits: standard deviation 1448; five of them
            assertEquals(4.0 * octets, (double)ones, 7240);
            // chi-square with 255 degrees of freedom: mean 255, standard deviation 22.6; five of them
            double chiSquare = 0;
            for (final int count : counts)
            {
                final double expected = octets / 256.0;
                chiSquare += (count - expected) * (count - expected) / expected;
            }
            assertEquals(255, chiSquare, 113);
        }
    }

    @Test
    void shouldAllocateNothing()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final long[] sum = new long[1];
        try (Entropy entropy = Entropy.seeded(1))
        {
            Allocation.assertNone(10_000, () ->
            {
                int work = 0;
                for (int i = 0; i < 10_000; i++)
                {
                    sum[0] += entropy.nextLong() + entropy.nextInt();
                    entropy.nextBytes(buffer, 0, i & 63);
                    if (entropy.reseedDue())
                    {
                        entropy.reseed();
                    }
                    work++;
                }
                return work;
            });
        }
    }

    private static byte[] draw(final Entropy entropy, final int length)
    {
        final byte[] octets = new byte[length];
        entropy.nextBytes(new UnsafeBuffer(octets), 0, length);
        return octets;
    }

    private static void assertNotHeld(final UnsafeBuffer memory, final long value)
    {
        for (int i = 0; i <= Entropy.LENGTH - 8; i++)
        {
            assertNotEquals(value, memory.getLong(i, LITTLE_ENDIAN));
        }
    }
}
