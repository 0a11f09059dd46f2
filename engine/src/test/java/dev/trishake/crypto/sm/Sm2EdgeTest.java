// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Numbers;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What comes up once in 2^32 or 2^256 times: digests are chosen so that it comes up now. */
class Sm2EdgeTest
{
    private static final BigInteger N = Numbers.N;

    private final SplittableRandom random = new SplittableRandom(11);
    private final BigInteger d = Numbers.random(random).mod(N);
    private final ECPoint p = Numbers.G.multiply(d).normalize();
    private final BigInteger inverse = d.add(BigInteger.ONE).modInverse(N);

    static Stream<Kernels> kernels()
    {
        return Stream.of(Kernels.scalar(), Kernels.vector());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldRefuseNumbersOutOfRangeThatFitModuloTheOrder(final Kernels kernels)
    {
        final Sm2Verify verify = new Sm2Verify(kernels);
        final BigInteger small = BigInteger.valueOf(1_000_003);
        final BigInteger k = Numbers.random(random).mod(N);
        final BigInteger x1 = x(Numbers.G.multiply(k));

        // r is small, so r + n has 256 bits
        final BigInteger s = k.add(small).multiply(inverse).subtract(small).mod(N);
        final UnsafeBuffer e = octets(small.subtract(x1).mod(N));
        add(verify, e, small, s);
        add(verify, e, small.add(N), s);

        // s is small
        final BigInteger t = Numbers.random(random).mod(N);
        final BigInteger r = t.subtract(small).mod(N);
        final BigInteger x = x(Numbers.G.multiply(small).add(p.multiply(t)));
        final UnsafeBuffer f = octets(r.subtract(x).mod(N));
        add(verify, f, r, small);
        add(verify, f, r, small.add(N));

        // r is 0 and fits
        add(verify, octets(x1.negate().mod(N)), BigInteger.ZERO, k.multiply(inverse).mod(N));
        verify.run();
        final boolean[] expected = {true, false, true, false, false};
        for (int lane = 0; lane < expected.length; lane++)
        {
            assertEquals(expected[lane], verify.succeeded(lane), "lane " + lane);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldTakeAnotherNonceWhereOneIsUseless(final Kernels kernels)
    {
        final BigInteger bad = Numbers.random(random).mod(N);
        final BigInteger x1 = x(Numbers.G.multiply(bad));
        // r = 0, r + k = n, s = 0; then nonces that are none
        final BigInteger[] digests = {
            x1.negate(), bad.negate().subtract(x1), bad.multiply(d.modInverse(N)).subtract(x1), BigInteger.TWO, x1};
        final BigInteger[] first = {bad, bad, bad, BigInteger.ZERO, N};
        final BigInteger second = Numbers.random(random).mod(N);

        final Sm2Nonces nonces = new Sm2Nonces(kernels, Entropy.seeded(1))
        {
            private int taken;

            @Override
            void take(final int i, final long[] words, final int at)
            {
                final BigInteger k = taken < first.length ? first[taken] : second;
                taken++;
                System.arraycopy(Numbers.words(k), 0, words, at, 4);
            }
        };
        final Sm2Sign sign = new Sm2Sign(kernels, nonces);
        final Sm2Verify verify = new Sm2Verify(kernels);
        final Sm2PrivateKey key = new Sm2PrivateKey(octets(d), 0);
        for (final BigInteger digest : digests)
        {
            sign.add(key, octets(digest.mod(N)), 0);
        }
        sign.run();
        for (int lane = 0; lane < digests.length; lane++)
        {
            final UnsafeBuffer signature = new UnsafeBuffer(new byte[64]);
            assertTrue(sign.succeeded(lane));
            sign.result(lane, signature, 0);
            final BigInteger r = x(Numbers.G.multiply(second)).add(digests[lane]).mod(N);
            assertEquals(Vectors.hex(octets(r).byteArray()), Vectors.hex(signature.byteArray()).substring(0, 64));
            verify.add(octets(p), 0, octets(digests[lane].mod(N)), 0, signature, 0);
        }
        verify.run();
        assertTrue(verify.succeeded(0) && verify.succeeded(4));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldGiveUpWhereNoNonceIsAny(final Kernels kernels)
    {
        final Sm2Sign sign = new Sm2Sign(kernels, new Sm2Nonces(kernels, Entropy.seeded(1))
        {
            @Override
            void take(final int i, final long[] words, final int at)
            {
                Arrays.fill(words, at, at + 4, -1L);
            }
        });
        sign.add(new Sm2PrivateKey(octets(d), 0), octets(BigInteger.TEN), 0);
        sign.run();
        assertFalse(sign.succeeded(0));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldNeitherEncryptNorDecryptWithAKeyThatIsZero(final Kernels kernels)
    {
        BigInteger k;
        ECPoint shared;
        do
        {
            k = Numbers.random(random).mod(N);
            shared = p.multiply(k).normalize();
        }
        while (sm3(octets(shared).byteArray(), new byte[] {0, 0, 0, 1})[0] != 0);

        // C2 would be the message itself
        final byte[] message = {(byte)0x5a};
        final byte[] point = octets(shared).byteArray();
        final UnsafeBuffer c3 = new UnsafeBuffer(
            sm3(Arrays.copyOf(point, 32), message, Arrays.copyOfRange(point, 32, 64)));
        final Sm2Decrypt decrypt = new Sm2Decrypt(kernels, 1);
        decrypt.add(new Sm2PrivateKey(octets(d), 0), octets(Numbers.G.multiply(k)), 0, c3, 0,
            new UnsafeBuffer(message), 0, 1);
        decrypt.run();
        assertFalse(decrypt.succeeded(0));

        final Sm2Encrypt encrypt = new Sm2Encrypt(kernels, null, 1);
        encrypt.add(octets(p), 0, new UnsafeBuffer(message), 0, 1);
        encrypt.nonces().putBytes(0, octets(k), 0, 32);
        encrypt.run();
        final UnsafeBuffer c2 = new UnsafeBuffer(new byte[1]);
        encrypt.c2(0, c2, 0);
        assertFalse(encrypt.succeeded(0));
        assertNotEquals(message[0], c2.getByte(0));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldFailWhereACiphertextIsEmptyOrTooLong(final Kernels kernels)
    {
        final Sm2Decrypt decrypt = new Sm2Decrypt(kernels, 16);
        final UnsafeBuffer c = new UnsafeBuffer(new byte[128]);
        for (final int length : new int[] {0, -1, 17, Integer.MAX_VALUE, Integer.MIN_VALUE})
        {
            decrypt.add(new Sm2PrivateKey(octets(d), 0), octets(p), 0, c, 0, c, 0, length);
        }
        decrypt.run();
        for (int lane = 0; lane < 5; lane++)
        {
            assertFalse(decrypt.succeeded(lane));
            decrypt.result(lane, c, 0);
        }
    }

    @Test
    void shouldRefusePrivateKeysOutOfRange()
    {
        final BigInteger one = BigInteger.ONE;
        for (final BigInteger bad : new BigInteger[] {BigInteger.ZERO, N.subtract(one), N, N.add(one)})
        {
            final UnsafeBuffer octets = octets(bad);
            assertThrows(IllegalArgumentException.class, () -> new Sm2PrivateKey(octets, 0));
        }
        for (final BigInteger good : new BigInteger[] {one, N.subtract(BigInteger.TWO), N.shiftRight(1)})
        {
            final UnsafeBuffer publicKey = new UnsafeBuffer(new byte[64]);
            new Sm2PrivateKey(octets(good), 0).publicKey(publicKey, 0);
            assertEquals(Vectors.hex(octets(Numbers.G.multiply(good)).byteArray()), Vectors.hex(publicKey.byteArray()));
        }
    }

    private void add(final Sm2Verify verify, final UnsafeBuffer e, final BigInteger r, final BigInteger s)
    {
        final UnsafeBuffer signature = new UnsafeBuffer(new byte[64]);
        signature.putBytes(0, octets(r), 0, 32);
        signature.putBytes(32, octets(s), 0, 32);
        verify.add(octets(p), 0, e, 0, signature, 0);
    }

    private static BigInteger x(final ECPoint point)
    {
        return point.normalize().getAffineXCoord().toBigInteger();
    }

    private static byte[] sm3(final byte[]... parts)
    {
        final SM3Digest digest = new SM3Digest();
        for (final byte[] part : parts)
        {
            digest.update(part, 0, part.length);
        }
        final byte[] result = new byte[32];
        digest.doFinal(result, 0);
        return result;
    }

    private static UnsafeBuffer octets(final BigInteger value)
    {
        final byte[] octets = value.add(BigInteger.ONE.shiftLeft(256)).toByteArray();
        return new UnsafeBuffer(Arrays.copyOfRange(octets, octets.length - 32, octets.length));
    }

    private static UnsafeBuffer octets(final ECPoint point)
    {
        return new UnsafeBuffer(Arrays.copyOfRange(point.normalize().getEncoded(false), 1, 65));
    }
}
