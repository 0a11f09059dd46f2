// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.support.Allocation;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HkdfTest
{
    @Test
    void shouldGiveTheOutputsOfTheRfc()
    {
        for (final String line : Vectors.lines("hkdf/rfc5869.txt"))
        {
            final String[] fields = line.split("\\|", -1);
            assertEquals(fields[3],
                Vectors.hex(derive(Vectors.hex(fields[1]), Vectors.hex(fields[0]), Vectors.hex(fields[2]),
                    fields[3].length() / 2)), line);
        }
    }

    @Test
    void shouldDeriveTheKeysOfRecordedHandshakes()
    {
        int derivations = 0;
        for (final String line : Vectors.lines("gquic/keys.txt"))
        {
            final String[] fields = line.split("\\|", -1);
            assertEquals(fields[9], Vectors.hex(derive(Vectors.hex(fields[7]), Vectors.hex(fields[6]),
                Vectors.hex(fields[8]), 40)), fields[0] + " " + fields[1]);
            derivations++;
            if (!fields[10].isEmpty())
            {
                final byte[] info = "QUIC key diversification".getBytes(StandardCharsets.US_ASCII);
                assertEquals(fields[12], Vectors.hex(derive(Vectors.hex(fields[10]), Vectors.hex(fields[11]), info,
                    fields[12].length() / 2)), fields[0] + " diversification");
                derivations++;
            }
        }
        assertTrue(derivations >= 40, derivations + " derivations");
    }

    @Test
    void shouldEqualTheJdksHmac() throws Exception
    {
        final HmacSha256 hmac = new HmacSha256();
        final Mac jdk = Mac.getInstance("HmacSHA256");
        final UnsafeBuffer out = new UnsafeBuffer(new byte[HmacSha256.LENGTH + 3]);
        Seeded.forEach(Scale.pick(2_000, 100_000), random ->
        {
            final byte[] key = Seeded.bytes(random, 1 + random.nextInt(150));
            final byte[] message = Seeded.bytes(random, random.nextInt(2_500));
            jdk.init(new SecretKeySpec(key, "HmacSHA256"));
            final byte[] expected = jdk.doFinal(message);

            final ByteBuffer direct = ByteBuffer.allocateDirect(message.length);
            direct.put(0, message);
            final UnsafeBuffer in = random.nextBoolean() ? new UnsafeBuffer(direct) : new UnsafeBuffer(message);
            final int first = random.nextInt(message.length + 1);
            if (random.nextBoolean())
            {
                // a message that was never finished leaves no trace
                hmac.update(in, 0, first);
            }
            hmac.init(new UnsafeBuffer(key), 0, key.length);
            for (int again = 0; again < 2; again++)
            {
                hmac.update(in, 0, first);
                hmac.update(in, first, message.length - first);
                hmac.finish(out, 3);
                assertArrayEquals(expected, Arrays.copyOfRange(out.byteArray(), 3, 3 + HmacSha256.LENGTH));
            }
        });
    }

    @Test
    void shouldEqualBouncyCastle()
    {
        Seeded.forEach(Scale.pick(2_000, 100_000), random ->
        {
            final byte[] salt = Seeded.bytes(random, random.nextInt(100));
            final byte[] key = Seeded.bytes(random, random.nextInt(100));
            final byte[] info = Seeded.bytes(random, random.nextInt(300));
            final byte[] expected = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? Hkdf.MAX_LENGTH : 100)];
            final HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
            generator.init(new HKDFParameters(key, salt, info));
            generator.generateBytes(expected, 0, expected.length);
            assertArrayEquals(expected, derive(salt, key, info, expected.length));
        });
    }

    @Test
    void shouldHaveAnEmptyKeyAfterWiping()
    {
        final HmacSha256 used = new HmacSha256();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);
        buffer.setMemory(0, 100, (byte)1);
        used.init(buffer, 0, 20);
        used.update(buffer, 0, 100);
        used.wipe();
        final UnsafeBuffer actual = new UnsafeBuffer(new byte[HmacSha256.LENGTH]);
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[HmacSha256.LENGTH]);
        used.finish(actual, 0);
        final HmacSha256 fresh = new HmacSha256();
        fresh.init(buffer, 0, 0);
        fresh.finish(expected, 0);
        assertArrayEquals(expected.byteArray(), actual.byteArray());
        // HMAC of an empty key and message
        assertEquals("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", Vectors.hex(actual.byteArray()));
    }

    @Test
    void shouldRefuseOutputsThatAreTooLong()
    {
        final Hkdf hkdf = new Hkdf();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Hkdf.MAX_LENGTH + 1]);
        hkdf.extract(buffer, 0, 0, buffer, 0, 32);
        assertFalse(hkdf.expand(buffer, 0, 0, buffer, 0, Hkdf.MAX_LENGTH + 1));
        assertFalse(hkdf.expand(buffer, 0, 0, buffer, 0, 0));
        assertFalse(hkdf.expand(buffer, 0, 0, buffer, 0, -1));
        assertEquals(0, buffer.getLong(0));
        assertTrue(hkdf.expand(buffer, 0, 0, buffer, 0, Hkdf.MAX_LENGTH));
    }

    @Test
    void shouldAllocateNothing()
    {
        final Hkdf hkdf = new Hkdf();
        final UnsafeBuffer in = new UnsafeBuffer(ByteBuffer.allocateDirect(2_000));
        final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(40));
        Allocation.assertNone(500, () ->
        {
            int done = 0;
            for (int i = 0; i < 500; i++)
            {
                hkdf.extract(in, 0, 64, in, 64, 32);
                done += hkdf.expand(in, 0, 1_900, out, 0, 40) ? 1 : 0;
                hkdf.wipe();
            }
            return done;
        });
    }

    private static byte[] derive(final byte[] salt, final byte[] key, final byte[] info, final int length)
    {
        final Hkdf hkdf = new Hkdf();
        final UnsafeBuffer out = new UnsafeBuffer(new byte[length]);
        hkdf.extract(new UnsafeBuffer(salt), 0, salt.length, new UnsafeBuffer(key), 0, key.length);
        assertTrue(hkdf.expand(new UnsafeBuffer(info), 0, info.length, out, 0, length));
        hkdf.wipe();
        return out.byteArray();
    }
}
