// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Words;
import dev.trishake.support.Vectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The examples of GB/T 32918.5. */
class Sm2StandardTest
{
    private static final Map<String, String> EXAMPLES = examples();

    static Stream<Kernels> kernels()
    {
        return Stream.of(Kernels.scalar(), Kernels.vector());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldComputeZAndTheDigest(final Kernels kernels)
    {
        final Sm2Identity identity = new Sm2Identity(kernels);
        final String[] names = {"sign.P", "exchange.PA", "exchange.PB"};
        for (final String name : names)
        {
            identity.add(octets(name), 0);
        }
        identity.run();
        for (int lane = 0; lane < names.length; lane++)
        {
            final UnsafeBuffer z = new UnsafeBuffer(new byte[Sm2Identity.LENGTH]);
            identity.result(lane, z, 0);
            assertEquals(EXAMPLES.get(names[lane].replace('P', 'Z')), hex(z), names[lane]);
        }
        final Sm3Batch digest = new Sm3Batch(kernels, 1);
        digest.add(octets("sign.Z"), 0, 32);
        digest.append(octets("sign.M"), 0, 14);
        digest.run();
        final UnsafeBuffer e = new UnsafeBuffer(new byte[32]);
        digest.result(0, e, 0);
        assertEquals(EXAMPLES.get("sign.e"), hex(e));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldSignAndVerify(final Kernels kernels)
    {
        final Sm2Sign sign = new Sm2Sign(kernels, new FixedNonce(kernels, "sign.k"));
        sign.add(new Sm2PrivateKey(octets("sign.d"), 0), octets("sign.e"), 0);
        sign.run();
        final UnsafeBuffer signature = new UnsafeBuffer(new byte[Sm2.SIGNATURE_LENGTH]);
        assertTrue(sign.succeeded(0));
        sign.result(0, signature, 0);
        assertEquals(EXAMPLES.get("sign.r") + EXAMPLES.get("sign.s"), hex(signature));

        final Sm2Verify verify = new Sm2Verify(kernels);
        verify.add(octets("sign.P"), 0, octets("sign.e"), 0, signature, 0);
        verify.run();
        assertTrue(verify.succeeded(0));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldEncryptAndDecrypt(final Kernels kernels)
    {
        final int length = octets("encrypt.M").capacity();
        final Sm2Encrypt encrypt = new Sm2Encrypt(kernels, null, length);
        encrypt.add(octets("encrypt.P"), 0, octets("encrypt.M"), 0, length);
        encrypt.nonces().putBytes(0, octets("encrypt.k"), 0, 32);
        encrypt.run();
        final UnsafeBuffer c1 = new UnsafeBuffer(new byte[64]);
        final UnsafeBuffer c2 = new UnsafeBuffer(new byte[length]);
        final UnsafeBuffer c3 = new UnsafeBuffer(new byte[32]);
        encrypt.c1(0, c1, 0);
        encrypt.c2(0, c2, 0);
        encrypt.c3(0, c3, 0);
        assertTrue(encrypt.succeeded(0));
        assertEquals(EXAMPLES.get("encrypt.C1"), hex(c1));
        assertEquals(EXAMPLES.get("encrypt.C2"), hex(c2));
        assertEquals(EXAMPLES.get("encrypt.C3"), hex(c3));

        final Sm2Decrypt decrypt = new Sm2Decrypt(kernels, 48);
        decrypt.add(new Sm2PrivateKey(octets("encrypt.d"), 0), c1, 0, c3, 0, c2, 0, length);
        decrypt.run();
        assertTrue(decrypt.succeeded(0));
        decrypt.result(0, c2, 0);
        assertEquals(EXAMPLES.get("encrypt.M"), hex(c2));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldExchangeKeys(final Kernels kernels)
    {
        final UnsafeBuffer identities = new UnsafeBuffer(new byte[64]);
        identities.putBytes(0, octets("exchange.ZA"), 0, 32);
        identities.putBytes(32, octets("exchange.ZB"), 0, 32);
        final Sm2KeyExchange exchange = new Sm2KeyExchange(kernels, 16);
        exchange.add(true, new Sm2PrivateKey(octets("exchange.dA"), 0), octets("exchange.rA"), 0,
            octets("exchange.RA"), 0, octets("exchange.PB"), 0, octets("exchange.RB"), 0, identities, 0);
        exchange.add(false, new Sm2PrivateKey(octets("exchange.dB"), 0), octets("exchange.rB"), 0,
            octets("exchange.RB"), 0, octets("exchange.PA"), 0, octets("exchange.RA"), 0, identities, 0);
        exchange.runConfirmed();
        for (int lane = 0; lane < 2; lane++)
        {
            final UnsafeBuffer key = new UnsafeBuffer(new byte[16]);
            final UnsafeBuffer confirmation = new UnsafeBuffer(new byte[32]);
            assertTrue(exchange.succeeded(lane));
            exchange.result(lane, key, 0);
            assertEquals(EXAMPLES.get("exchange.K"), hex(key));
            exchange.confirmation(lane, false, confirmation, 0);
            assertEquals(EXAMPLES.get("exchange.SB"), hex(confirmation));
            exchange.confirmation(lane, true, confirmation, 0);
            assertEquals(EXAMPLES.get("exchange.SA"), hex(confirmation));
        }
    }

    private static Map<String, String> examples()
    {
        final Map<String, String> examples = new HashMap<>();
        for (final String line : Vectors.lines("sm2/gbt32918-5.txt"))
        {
            final int blank = line.indexOf(' ');
            examples.put(line.substring(0, blank), line.substring(blank).replace(" ", "").toLowerCase());
        }
        return examples;
    }

    private static DirectBuffer octets(final String name)
    {
        return new UnsafeBuffer(Vectors.hex(EXAMPLES.get(name)));
    }

    private static String hex(final UnsafeBuffer buffer)
    {
        return Vectors.hex(buffer.byteArray());
    }

    /** The nonce that an example names. */
    private static final class FixedNonce extends Sm2Nonces
    {
        private final String name;

        FixedNonce(final Kernels kernels, final String name)
        {
            super(kernels, dev.trishake.crypto.Entropy.seeded(1));
            this.name = name;
        }

        @Override
        void take(final int i, final long[] words, final int at)
        {
            Words.get(words, at, octets(name), 0);
        }
    }
}
