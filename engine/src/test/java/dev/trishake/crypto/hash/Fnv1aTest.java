// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class Fnv1aTest
{
    private static final int LANES = Fnv1a128Batch.LANES;
    private static final int MAX_LENGTH = Fnv1a128Batch.MAX_LENGTH;

    private static Stream<Kernels> kernels()
    {
        return Stream.of(Kernels.scalar(), Kernels.vector());
    }

    /** Values of draft-eastlake-fnv. */
    @Test
    void shouldGivePublishedValues()
    {
        assertEquals(0xcbf29ce484222325L, fnv64(""));
        assertEquals(0xaf63dc4c8601ec8cL, fnv64("a"));
        assertEquals(0x85944171f73967e8L, fnv64("foobar"));
        assertEquals("6c62272e07bb014262b821756295c58d", fnv128(""));
        assertEquals("d228cb696f1a8caf78912b704e4a8964", fnv128("a"));
        assertEquals("343e1662793c64bf6f0d3597ba446f18", fnv128("foobar"));
    }

    @Test
    void shouldNameTheCertificatesOfRecordedHandshakes()
    {
        for (final String line : Vectors.lines("gquic/certificates.txt"))
        {
            final String[] fields = line.split("\\|", -1);
            final UnsafeBuffer der = new UnsafeBuffer(Vectors.hex(fields[0]));
            final UnsafeBuffer hash = new UnsafeBuffer(Vectors.hex(fields[1]));
            assertEquals(hash.getLong(0, LITTLE_ENDIAN), Fnv1a64.hash(der, 0, der.capacity()));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldProtectTheRecordedPackets(final Kernels kernels)
    {
        final Fnv1a128Batch batch = new Fnv1a128Batch(kernels);
        final Fnv1a128 alone = new Fnv1a128();
        int packets = 0;
        for (final String line : Vectors.lines("gquic/packets.txt"))
        {
            final String[] fields = line.split("\\|", -1);
            if (!fields[1].equals("null"))
            {
                continue;
            }
            final UnsafeBuffer header = new UnsafeBuffer(Vectors.hex(fields[6]));
            final UnsafeBuffer plaintext = new UnsafeBuffer(Vectors.hex(fields[7]));
            final UnsafeBuffer datagram = new UnsafeBuffer(Vectors.hex(fields[8]));
            final UnsafeBuffer sender =
                new UnsafeBuffer((fields[2].equals("client") ? "Client" : "Server").getBytes(StandardCharsets.US_ASCII));
            final long low = datagram.getLong(header.capacity(), LITTLE_ENDIAN);
            final int high = datagram.getInt(header.capacity() + Long.BYTES, LITTLE_ENDIAN);

            alone.reset();
            alone.update(header, 0, header.capacity());
            alone.update(plaintext, 0, plaintext.capacity());
            alone.update(sender, 0, sender.capacity());
            assertEquals(low, alone.low(), line);
            assertEquals(high, (int)alone.high(), line);

            final int lane = batch.add(header, 0, header.capacity());
            assertTrue(batch.append(plaintext, 0, plaintext.capacity()));
            assertTrue(batch.append(sender, 0, sender.capacity()));
            batch.run();
            assertEquals(low, batch.low(lane), line);
            assertEquals(high, (int)batch.high(lane), line);
            if (lane == LANES - 1)
            {
                batch.clear();
            }
            packets++;
        }
        assertTrue(packets > 100, packets + " packets");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldEqualTheDefinitionInEveryLane(final Kernels kernels)
    {
        final Fnv1a128Batch batch = new Fnv1a128Batch(kernels);
        final BigInteger prime = BigInteger.TWO.pow(88).add(BigInteger.valueOf(0x13b));
        final BigInteger mask = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);
        final BigInteger basis = new BigInteger("6c62272e07bb014262b821756295c58d", 16);
        Seeded.forEach(Scale.pick(40, 10_000), random ->
        {
            final int lanes = 1 + random.nextInt(LANES);
            final BigInteger[] expected = new BigInteger[lanes];
            for (int lane = 0; lane < lanes; lane++)
            {
                final byte[] input = Seeded.bytes(random, random.nextInt(random.nextBoolean() ? 20 : 200));
                assertEquals(lane, batch.add(new UnsafeBuffer(input), 0, input.length));
                expected[lane] = basis;
                for (final byte octet : input)
                {
                    expected[lane] = expected[lane].xor(BigInteger.valueOf(octet & 0xff)).multiply(prime).and(mask);
                }
            }
            batch.run();
            for (int lane = 0; lane < lanes; lane++)
            {
                assertEquals(expected[lane].longValue(), batch.low(lane));
                assertEquals(expected[lane].shiftRight(64).longValue(), batch.high(lane));
            }
            batch.clear();
        });
    }

    @Test
    void shouldGiveTheSameInLanesAndAlone()
    {
        final Fnv1a128Lanes vector = Kernels.vector().create(Fnv1a128Lanes.KERNEL);
        final Fnv1a128Lanes scalar = Kernels.scalar().create(Fnv1a128Lanes.KERNEL);
        final long[] high = new long[LANES];
        final long[] low = new long[LANES];
        final byte[] rows = new byte[LANES * MAX_LENGTH];
        Seeded.forEach(Scale.pick(2_000, 12_500), random ->
        {
            random.nextBytes(rows);
            final int[] lengths = random.ints(LANES, 0, random.nextBoolean() ? MAX_LENGTH + 1 : 100).toArray();
            lengths[random.nextInt(LANES)] = random.nextInt(3) * MAX_LENGTH / 2;
            final int lanes = 1 + random.nextInt(LANES);
            scalar.hash(rows, lengths, high, low, lanes);
            final long[] vectorHigh = new long[LANES];
            final long[] vectorLow = new long[LANES];
            vector.hash(rows, lengths, vectorHigh, vectorLow, lanes);
            for (int lane = 0; lane < lanes; lane++)
            {
                assertEquals(low[lane], vectorLow[lane], "length " + lengths[lane]);
                assertEquals(high[lane], vectorHigh[lane], "length " + lengths[lane]);
            }
        });
    }

    @Test
    void shouldRefuseWhatDoesNotFit()
    {
        final Fnv1a128Batch batch = new Fnv1a128Batch(Kernels.scalar());
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * MAX_LENGTH]);
        assertFalse(batch.append(buffer, 0, 1));
        assertEquals(-1, batch.add(buffer, 0, MAX_LENGTH + 1));
        assertEquals(-1, batch.add(buffer, 0, -1));
        assertEquals(0, batch.add(buffer, 0, MAX_LENGTH));
        assertFalse(batch.append(buffer, 0, 1));
        assertFalse(batch.append(buffer, 0, -1));
        assertFalse(batch.append(buffer, 0, Integer.MAX_VALUE));
        assertTrue(batch.append(buffer, 0, 0));
        for (int lane = 1; lane < LANES; lane++)
        {
            assertEquals(lane, batch.add(buffer, 0, 1));
        }
        assertEquals(-1, batch.add(buffer, 0, 1));
        batch.clear();
        assertEquals(0, batch.add(buffer, 0, 0));
        batch.run();
        assertEquals(Fnv1a128.OFFSET_BASIS_LOW, batch.low(0));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final Fnv1a128Batch batch = new Fnv1a128Batch(kernels);
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_LENGTH));
        Allocation.assertNone(1_000, () ->
        {
            int done = 0;
            for (int i = 0; i < 1_000 / LANES; i++)
            {
                for (int lane = 0; lane < LANES; lane++)
                {
                    batch.add(buffer, 0, 200 + lane + i);
                    batch.append(buffer, 0, 6);
                }
                batch.run();
                for (int lane = 0; lane < LANES; lane++)
                {
                    done += batch.low(lane) != batch.high(lane) ? 1 : 0;
                }
                batch.clear();
            }
            return done;
        });
    }

    private static long fnv64(final String text)
    {
        return Fnv1a64.hash(new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII)), 0, text.length());
    }

    private static String fnv128(final String text)
    {
        final Fnv1a128 fnv = new Fnv1a128();
        fnv.update(new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII)), 0, text.length());
        return String.format("%016x%016x", fnv.high(), fnv.low());
    }
}
