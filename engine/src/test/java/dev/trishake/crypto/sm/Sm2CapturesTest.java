// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernels;
import dev.trishake.support.Vectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every signature, ciphertext and key exchange of the captured TLCP connections, in batches as they come. */
class Sm2CapturesTest
{
    private static final List<String[]> CAPTURES =
        Vectors.lines("sm2/captures.txt").stream().map(line -> line.split(" ")).toList();

    static Stream<Kernels> kernels()
    {
        return Stream.of(Kernels.scalar(), Kernels.vector());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldVerifyTheSignatures(final Kernels kernels)
    {
        final Sm2Verify verify = new Sm2Verify(kernels);
        final List<String[]> signatures = CAPTURES.stream()
            .filter(fields -> "signature".equals(fields[0]) || "transcript".equals(fields[0])).toList();
        assertEquals(51, signatures.size());
        for (int first = 0; first < signatures.size(); first += Sm2.LANES)
        {
            final int end = Math.min(first + Sm2.LANES, signatures.size());
            for (int i = first; i < end; i++)
            {
                final String[] fields = signatures.get(i);
                final DirectBuffer key = octets(fields[2]);
                final byte[] signature = Vectors.hex(fields[4]);
                // every third one is forged, with its neighbours in good order
                signature[i % 64] ^= (byte)(i % 3 == 2 ? 1 : 0);
                verify.add(key, 0, digest(kernels, fields, key), 0, new UnsafeBuffer(signature), 0);
            }
            verify.run();
            for (int i = first; i < end; i++)
            {
                assertEquals(i % 3 != 2, verify.succeeded(i - first), signatures.get(i)[1]);
            }
            verify.clear();
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldDecryptTheCiphertexts(final Kernels kernels)
    {
        final Sm2Decrypt decrypt = new Sm2Decrypt(kernels, 48);
        int found = 0;
        for (final String[] fields : CAPTURES)
        {
            if ("ciphertext".equals(fields[0]))
            {
                final Sm2PrivateKey key = new Sm2PrivateKey(octets(fields[2]), 0);
                final byte[] damaged = Vectors.hex(fields[4]);
                damaged[found % 32] ^= 4;
                decrypt.add(key, octets(fields[3]), 0, new UnsafeBuffer(damaged), 0, octets(fields[5]), 0, 48);
                decrypt.add(key, octets(fields[3]), 0, octets(fields[4]), 0, octets(fields[5]), 0, 48);
                decrypt.run();
                final UnsafeBuffer plain = new UnsafeBuffer(new byte[48]);
                decrypt.result(1, plain, 0);
                assertEquals(fields[6], Vectors.hex(plain.byteArray()), fields[1]);
                assertTrue(decrypt.succeeded(1));
                decrypt.result(0, plain, 0);
                assertEquals("00".repeat(48), Vectors.hex(plain.byteArray()));
                assertFalse(decrypt.succeeded(0));
                decrypt.clear();
                found++;
            }
        }
        assertEquals(21, found);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldAgreeOnThePreMasterSecrets(final Kernels kernels)
    {
        int found = 0;
        for (final String[] fields : CAPTURES)
        {
            if ("exchange".equals(fields[0]))
            {
                exchange(kernels, fields);
                found++;
            }
        }
        assertEquals(2, found);
    }

    private static void exchange(final Kernels kernels, final String[] fields)
    {
        final DirectBuffer[] pa = {octets(fields[4]), octets(fields[8])};
        final Sm2Identity identity = new Sm2Identity(kernels);
        final UnsafeBuffer identities = new UnsafeBuffer(new byte[64]);
        identity.add(pa[0], 0);
        identity.add(pa[1], 0);
        identity.run();
        identity.result(0, identities, 0);
        identity.result(1, identities, 32);

        final Sm2KeyExchange exchange = new Sm2KeyExchange(kernels, 48);
        // the server is the initiator
        exchange.add(true, new Sm2PrivateKey(octets(fields[2]), 0), octets(fields[3]), 0, octets(fields[5]), 0,
            pa[1], 0, octets(fields[9]), 0, identities, 0);
        exchange.add(false, new Sm2PrivateKey(octets(fields[6]), 0), octets(fields[7]), 0, octets(fields[9]), 0,
            pa[0], 0, octets(fields[5]), 0, identities, 0);
        exchange.run();
        for (int lane = 0; lane < 2; lane++)
        {
            final UnsafeBuffer key = new UnsafeBuffer(new byte[48]);
            assertTrue(exchange.succeeded(lane));
            exchange.result(lane, key, 0);
            assertEquals(fields[10], Vectors.hex(key.byteArray()), fields[1] + " lane " + lane);
        }
    }

    /** e = SM3(Z || M), where M is what the line holds, or the digest of it. */
    private static UnsafeBuffer digest(final Kernels kernels, final String[] fields, final DirectBuffer key)
    {
        final Sm2Identity identity = new Sm2Identity(kernels);
        identity.add(key, 0);
        identity.run();
        final UnsafeBuffer z = new UnsafeBuffer(new byte[32]);
        identity.result(0, z, 0);

        final Sm3 sm3 = new Sm3();
        UnsafeBuffer message = new UnsafeBuffer(Vectors.hex(fields[3]));
        final UnsafeBuffer e = new UnsafeBuffer(new byte[32]);
        if ("transcript".equals(fields[0]))
        {
            final UnsafeBuffer h = new UnsafeBuffer(new byte[32]);
            sm3.hash(message, 0, message.capacity(), h, 0);
            message = h;
        }
        final UnsafeBuffer all = new UnsafeBuffer(new byte[32 + message.capacity()]);
        all.putBytes(0, z, 0, 32);
        all.putBytes(32, message, 0, message.capacity());
        sm3.hash(all, 0, all.capacity(), e, 0);
        return e;
    }

    private static DirectBuffer octets(final String hex)
    {
        return new UnsafeBuffer(Vectors.hex(hex));
    }
}
