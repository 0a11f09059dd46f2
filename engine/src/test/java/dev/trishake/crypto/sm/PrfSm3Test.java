// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.BothKernels;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.TlcpConnections.Connection;
import dev.trishake.crypto.sm.TlcpConnections.Message;
import dev.trishake.support.Allocation;
import dev.trishake.support.Remains;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class PrfSm3Test
{
    private static final int CAPACITY = 40;
    private static final int VERIFY_DATA_LENGTH = 12;
    private static final int HEADER_LENGTH = 4;
    private static final byte[] NONE = {};

    static List<Kernels> implementations()
    {
        return BothKernels.all();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldDeriveWhatThePeersDerived(final Kernels kernels)
    {
        final List<Connection> connections = TlcpConnections.all();
        assertEquals(39, connections.size());
        // as many outputs as there are, all in one run: four for each connection at most
        final PrfSm3Batch batch = new PrfSm3Batch(kernels, 4 * connections.size());
        final List<byte[]> expected = new ArrayList<>();
        for (final Connection connection : connections)
        {
            final byte[] clientRandom = connection.value("client_random");
            final byte[] serverRandom = connection.value("server_random");
            final byte[] master = connection.value("master_secret");
            if (connection.value("pre_master_secret") != null)
            {
                add(batch, connection.value("pre_master_secret"), master.length, "master secret", clientRandom,
                    serverRandom);
                expected.add(master);
            }
            add(batch, master, connection.value("key_block").length, "key expansion", serverRandom, clientRandom);
            expected.add(connection.value("key_block"));
            for (int i = 0; i < connection.messages().size(); i++)
            {
                final Message message = connection.messages().get(i);
                if (message.isFinished())
                {
                    add(batch, master, VERIFY_DATA_LENGTH, message.byClient() ? "client finished" : "server finished",
                        Sm3Test.bouncyCastle(connection.transcriptBefore(i)), NONE);
                    expected.add(Arrays.copyOfRange(message.octets(), HEADER_LENGTH, message.octets().length));
                }
            }
        }
        batch.run();
        for (int job = 0; job < batch.size(); job++)
        {
            final byte[] actual = new byte[expected.get(job).length];
            batch.result(job, new UnsafeBuffer(actual), 0);
            assertEquals(Vectors.hex(expected.get(job)), Vectors.hex(actual), "output " + job);
        }
        assertEquals(expected.size(), batch.size());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldEqualBouncyCastle(final Kernels kernels)
    {
        final PrfSm3Batch batch = new PrfSm3Batch(kernels, CAPACITY);
        // 20 outputs a run on average
        Seeded.forEach(Scale.pick(100, 5_000), random ->
        {
            final int count = 1 + random.nextInt(CAPACITY);
            final byte[][] expected = new byte[count][];
            for (int job = 0; job < count; job++)
            {
                final byte[] secret = Seeded.bytes(random, random.nextInt(PrfSm3Batch.MAX_SECRET_LENGTH + 1));
                final byte[] seed = Seeded.bytes(random, random.nextInt(PrfSm3Batch.MAX_SEED_LENGTH - 5));
                final int length = 1 + random.nextInt(PrfSm3Batch.MAX_OUTPUT_LENGTH);
                expected[job] = model(secret, "label", seed, length);
                add(batch, secret, length, "label", seed, NONE);
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

    /** As sessions of one suite come: where all messages end in one block, nothing is asked of each. */
    @ParameterizedTest
    @MethodSource("implementations")
    void shouldDeriveSixteenOutputsOfOneShape(final Kernels kernels)
    {
        final PrfSm3Batch batch = new PrfSm3Batch(kernels, Sm3Lanes.LANES);
        for (int length = 0; length <= PrfSm3Batch.MAX_SEED_LENGTH - 5; length += Scale.pick(5, 1))
        {
            final byte[][] seeds = new byte[Sm3Lanes.LANES][];
            for (int job = 0; job < seeds.length; job++)
            {
                seeds[job] = Seeded.bytes(new SplittableRandom(job), length);
                add(batch, secret(seeds[job]), 40, "label", seeds[job], NONE);
            }
            batch.run();
            for (int job = 0; job < seeds.length; job++)
            {
                final byte[] actual = new byte[40];
                batch.result(job, new UnsafeBuffer(actual), 0);
                assertArrayEquals(model(secret(seeds[job]), "label", seeds[job], 40), actual);
            }
            batch.clear();
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldForgetSecretsAndOutputs(final Kernels kernels)
    {
        final PrfSm3Batch batch = new PrfSm3Batch(kernels, CAPACITY);
        final byte[] secret = Seeded.bytes(new SplittableRandom(1), 48);
        final byte[] seed = Seeded.bytes(new SplittableRandom(2), 64);
        for (int i = 0; i < CAPACITY; i++)
        {
            add(batch, secret, 96, "key expansion", seed, NONE);
        }
        batch.run();
        final byte[] a0 = labelled("key expansion", seed);
        final byte[] a1 = HmacSm3Test.bouncyCastle(secret, a0);
        final UnsafeBuffer prepared = new UnsafeBuffer(new byte[HmacSm3.PREPARED_LENGTH]);
        new HmacSm3(new Sm3()).prepare(new UnsafeBuffer(secret), 0, secret.length, prepared, 0);
        final byte[] output = new byte[96];
        batch.result(3, new UnsafeBuffer(output), 0);
        final byte[] a3 = HmacSm3Test.bouncyCastle(secret, HmacSm3Test.bouncyCastle(secret, a1));
        Remains.assertNone(batch, HmacSm3Test.innerHash(secret, a0), HmacSm3Test.innerHash(secret, join(a3, a0)));
        Remains.assertNone(batch, secret, seed, a0, a1, HmacSm3Test.bouncyCastle(secret, a1), prepared.byteArray());
        batch.clear();
        Remains.assertNone(batch, output);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final PrfSm3Batch batch = new PrfSm3Batch(kernels, 16);
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(512));
        Allocation.assertNone(50 * 16, () ->
        {
            for (int i = 0; i < 50; i++)
            {
                while (batch.size() < 16)
                {
                    batch.add(memory, 0, 48, 1 + 7 * batch.size());
                    batch.append(memory, 48, 77);
                }
                batch.run();
                batch.result(1, memory, 300);
                batch.clear();
            }
            return 50 * 16;
        });
    }

    private static void add(
        final PrfSm3Batch batch, final byte[] secret, final int length, final String label, final byte[] seed,
        final byte[] seedEnd)
    {
        batch.add(new UnsafeBuffer(secret), 0, secret.length, length);
        batch.append(new UnsafeBuffer(label.getBytes(US_ASCII)), 0, label.length());
        batch.append(new UnsafeBuffer(seed), 0, seed.length);
        batch.append(new UnsafeBuffer(seedEnd), 0, seedEnd.length);
    }

    /** {@return the secret that goes with a seed: its begin, as far as a secret may be long} */
    private static byte[] secret(final byte[] seed)
    {
        return Arrays.copyOf(seed, Math.min(seed.length, PrfSm3Batch.MAX_SECRET_LENGTH));
    }

    private static byte[] labelled(final String label, final byte[] seed)
    {
        return join(label.getBytes(US_ASCII), seed);
    }

    private static byte[] model(final byte[] secret, final String label, final byte[] seed, final int length)
    {
        byte[] a = labelled(label, seed);
        byte[] out = NONE;
        while (out.length < length)
        {
            a = HmacSm3Test.bouncyCastle(secret, a);
            out = join(out, HmacSm3Test.bouncyCastle(secret, join(a, labelled(label, seed))));
        }
        return Arrays.copyOf(out, length);
    }

    private static byte[] join(final byte[] a, final byte[] b)
    {
        final byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
