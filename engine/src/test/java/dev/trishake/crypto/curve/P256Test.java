// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.BothKernels;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import dev.trishake.support.Blank;
import dev.trishake.support.Remains;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.crypto.KeyAgreement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class P256Test
{
    private static final int LANES = P256.LANES;
    private static final int NUMBER = P256.NUMBER_LENGTH;
    private static final ECDomainParameters DOMAIN =
        new ECDomainParameters(CustomNamedCurves.getByName("secp256r1"));
    private static final BigInteger N = DOMAIN.getN();

    // the scalar whose digits add the same point twice: FixedBase.findTwins
    private static final BigInteger TWINS = BigInteger.valueOf(30).shiftLeft(252).subtract(N);

    private static List<Kernels> kernels()
    {
        return BothKernels.all();
    }

    /** RFC 6979 A.2.5: its nonces are handed in, as ours are random. */
    @ParameterizedTest
    @MethodSource("kernels")
    void shouldGiveTheSignaturesOfTheRfc(final Kernels kernels) throws Exception
    {
        final P256Verify verify = new P256Verify(kernels);
        for (final String line : Vectors.lines("p256/rfc6979.txt"))
        {
            final String[] fields = line.split("\\|", -1);
            final UnsafeBuffer key = new UnsafeBuffer(Vectors.hex(fields[0]));
            final UnsafeBuffer publicKey = new UnsafeBuffer(Vectors.hex(fields[1]));
            final UnsafeBuffer digest = new UnsafeBuffer(MessageDigest.getInstance("SHA-256").digest(
                fields[2].getBytes(StandardCharsets.US_ASCII)));
            final P256Sign sign = new P256Sign(kernels, nonces(Vectors.hex(fields[3])));
            final UnsafeBuffer signature = new UnsafeBuffer(new byte[P256.SIGNATURE_LENGTH]);
            assertEquals(0, sign.add(key, 0, digest, 0));
            sign.run();
            assertTrue(sign.succeeded(0));
            sign.result(0, signature, 0);
            assertEquals(fields[4], Vectors.hex(signature.byteArray()), line);
            verify.add(publicKey, 0, digest, 0, signature, 0);
            verify.run();
            assertTrue(verify.succeeded(0));
            verify.clear();
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldSignWhatTheOthersVerify(final Kernels kernels) throws Exception
    {
        final P256Sign sign = new P256Sign(kernels, Entropy.seeded(1));
        final Signature jdk = Signature.getInstance("NONEwithECDSAinP1363Format");
        Seeded.forEach(Scale.pick(225, 12_500), random ->
        {
            final int lanes = 1 + random.nextInt(LANES);
            final byte[][] keys = new byte[lanes][];
            final byte[][] digests = new byte[lanes][];
            for (int lane = 0; lane < lanes; lane++)
            {
                keys[lane] = octets(key(random));
                digests[lane] = digest(random);
                assertEquals(lane, sign.add(new UnsafeBuffer(keys[lane]), 0, new UnsafeBuffer(digests[lane]), 0));
            }
            sign.run();
            for (int lane = lanes - 1; lane >= 0; lane--)
            {
                assertTrue(sign.succeeded(lane));
                final UnsafeBuffer signature = new UnsafeBuffer(new byte[P256.SIGNATURE_LENGTH]);
                sign.result(lane, signature, 0);
                final ECPoint q = DOMAIN.getG().multiply(new BigInteger(1, keys[lane])).normalize();
                final ECDSASigner bouncyCastle = new ECDSASigner();
                bouncyCastle.init(false, new ECPublicKeyParameters(q, DOMAIN));
                final byte[] octets = signature.byteArray();
                assertTrue(bouncyCastle.verifySignature(digests[lane], number(octets, 0), number(octets, NUMBER)));
                if (lane == 0)
                {
                    jdk.initVerify(jdkKey(q));
                    jdk.update(digests[lane]);
                    assertTrue(jdk.verify(octets));
                }
            }
            sign.clear();
        });
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldVerifyWhatBouncyCastleSignsAndNothingElse(final Kernels kernels)
    {
        final P256Verify verify = new P256Verify(kernels);
        Seeded.forEach(Scale.pick(225, 12_500), random ->
        {
            final int lanes = 1 + random.nextInt(LANES);
            final boolean[] expected = new boolean[lanes];
            for (int lane = 0; lane < lanes; lane++)
            {
                final BigInteger d = key(random);
                final byte[] digest = digest(random);
                final ECDSASigner signer = new ECDSASigner(
                    new HMacDSAKCalculator(new SHA256Digest()));
                signer.init(true, new ECPrivateKeyParameters(d, DOMAIN));
                final BigInteger[] rs = signer.generateSignature(digest);
                final byte[] signature = join(octets(rs[0]), octets(rs[1]));
                final ECPoint q = DOMAIN.getG().multiply(d).normalize();
                final byte[] publicKey = octets(q);
                expected[lane] = true;
                switch (random.nextInt(5))
                {
                    case 0 -> signature[random.nextInt(64)] ^= (byte)(1 << random.nextInt(8));
                    case 1 -> digest[random.nextInt(32)] ^= (byte)(1 << random.nextInt(8));
                    case 2 -> publicKey[random.nextInt(64)] ^= (byte)(1 << random.nextInt(8));
                    default ->
                    {
                    }
                }
                final ECDSASigner verifier = new ECDSASigner();
                final BigInteger x = number(publicKey, 0);
                final BigInteger y = number(publicKey, NUMBER);
                if (isPoint(x, y))
                {
                    verifier.init(false, new ECPublicKeyParameters(DOMAIN.getCurve().createPoint(x, y), DOMAIN));
                    expected[lane] = verifier.verifySignature(digest, number(signature, 0), number(signature, NUMBER));
                }
                else
                {
                    expected[lane] = false;
                }
                verify.add(new UnsafeBuffer(publicKey), 0, new UnsafeBuffer(digest), 0, new UnsafeBuffer(signature), 0);
            }
            verify.run();
            for (int lane = 0; lane < lanes; lane++)
            {
                assertEquals(expected[lane], verify.succeeded(lane), "lane " + lane);
            }
            verify.clear();
        });
    }

    /** Wycheproof's kinds of odd signatures: numbers out of range, sums that meet themselves, digests of 0. */
    @ParameterizedTest
    @MethodSource("kernels")
    void shouldJudgeOddSignaturesAsBouncyCastleDoes(final Kernels kernels)
    {
        final BigInteger p = new BigInteger("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF", 16);
        final BigInteger[] odd = {BigInteger.ZERO, BigInteger.ONE, BigInteger.TWO, N.subtract(BigInteger.ONE), N,
            N.add(BigInteger.ONE), p, p.subtract(N), BigInteger.TWO.pow(256).subtract(BigInteger.ONE)};
        final P256Verify verify = new P256Verify(kernels);
        final BigInteger d = new BigInteger("123456789abcdef", 16);
        int verified = 0;
        for (final BigInteger e : new BigInteger[]{BigInteger.ZERO, BigInteger.ONE, N, N.add(BigInteger.ONE), d})
        {
            for (final BigInteger factor : new BigInteger[]{BigInteger.ONE, d, N.subtract(BigInteger.ONE)})
            {
                final ECPoint q = DOMAIN.getG().multiply(factor).normalize();
                for (final BigInteger r : odd)
                {
                    for (final BigInteger s : odd)
                    {
                        verified += judge(verify, q, e, r, s);
                    }
                }
                // a signature with a nonce of 1, which makes sums that meet themselves where e, r and d agree
                final BigInteger r = DOMAIN.getG().normalize().getAffineXCoord().toBigInteger().mod(N);
                final BigInteger s = e.add(r.multiply(factor)).mod(N);
                verified += judge(verify, q, e, r, s);
                verified += judge(verify, q, e, r, N.subtract(s));
                verified += judge(verify, q, e, N.subtract(r), s);
            }
        }
        assertTrue(verified > 20, verified + " verified");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldFailLanesWithBadKeysAndNoOthers(final Kernels kernels)
    {
        final P256Sign sign = new P256Sign(kernels, Entropy.seeded(2));
        final P256Agreement agreement = new P256Agreement(kernels);
        final SplittableRandom random = new SplittableRandom(5);
        final byte[] digest = Seeded.bytes(random, 32);
        final byte[] g = octets(DOMAIN.getG().normalize());
        final byte[] off = g.clone();
        off[63] ^= 1;
        for (final BigInteger bad : new BigInteger[]{BigInteger.ZERO, N, N.add(BigInteger.ONE),
            BigInteger.TWO.pow(256).subtract(BigInteger.ONE)})
        {
            for (int lane = 0; lane < LANES; lane++)
            {
                for (int i = 0; i < LANES; i++)
                {
                    final UnsafeBuffer key = new UnsafeBuffer(octets(i == lane ? bad : key(random)));
                    sign.add(key, 0, new UnsafeBuffer(digest), 0);
                    agreement.add(key, 0, new UnsafeBuffer(i == (lane + 1) % LANES ? off : g), 0);
                }
                sign.run();
                agreement.run();
                for (int i = 0; i < LANES; i++)
                {
                    assertEquals(i != lane, sign.succeeded(i));
                    assertEquals(i != lane && i != (lane + 1) % LANES, agreement.succeeded(i));
                }
                sign.clear();
                agreement.clear();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldAgreeAsTheOthersDo(final Kernels kernels) throws Exception
    {
        final P256Agreement agreement = new P256Agreement(kernels);
        final KeyAgreement jdk = KeyAgreement.getInstance("ECDH");
        final KeyFactory factory = KeyFactory.getInstance("EC");
        Seeded.forEach(Scale.pick(225, 12_500), random ->
        {
            final int lanes = 1 + random.nextInt(LANES);
            final BigInteger[] keys = new BigInteger[lanes];
            final ECPoint[] points = new ECPoint[lanes];
            for (int lane = 0; lane < lanes; lane++)
            {
                keys[lane] = key(random);
                points[lane] = DOMAIN.getG().multiply(key(random)).normalize();
                assertEquals(lane, agreement.add(
                    new UnsafeBuffer(octets(keys[lane])), 0, new UnsafeBuffer(octets(points[lane])), 0));
            }
            final UnsafeBuffer out = new UnsafeBuffer(new byte[P256.POINT_LENGTH]);
            agreement.run();
            for (int lane = 0; lane < lanes; lane++)
            {
                assertTrue(agreement.succeeded(lane));
                agreement.sharedSecret(lane, out, 0);
                final BigInteger x = points[lane].multiply(keys[lane]).normalize().getAffineXCoord().toBigInteger();
                assertEquals(x, number(out.byteArray(), 0));
                if (lane == 0)
                {
                    jdk.init(factory.generatePrivate(new ECPrivateKeySpec(keys[lane], parameters())));
                    jdk.doPhase(jdkKey(points[lane]), true);
                    assertEquals(x, new BigInteger(1, jdk.generateSecret()));
                }
            }
            agreement.clear();

            for (int lane = 0; lane < lanes; lane++)
            {
                agreement.add(new UnsafeBuffer(octets(keys[lane])), 0, out, 0);
            }
            agreement.runPublicKeys();
            for (int lane = 0; lane < lanes; lane++)
            {
                agreement.publicKey(lane, out, 0);
                assertArrayEquals(octets(DOMAIN.getG().multiply(keys[lane]).normalize()), out.byteArray());
            }
            agreement.clear();
        });
    }

    @Test
    void shouldTakeAnotherNonceWhenOneIsUseless()
    {
        for (final byte[] useless : new byte[][]{new byte[32], octets(N),
            octets(BigInteger.TWO.pow(256).subtract(BigInteger.ONE))})
        {
            for (final Kernels kernels : BothKernels.all())
            {
                final P256Sign sign = new P256Sign(kernels, nonces(useless, octets(BigInteger.TWO)));
                final UnsafeBuffer digest = new UnsafeBuffer(new byte[32]);
                sign.add(new UnsafeBuffer(octets(BigInteger.TEN)), 0, digest, 0);
                sign.run();
                assertTrue(sign.succeeded(0));
                final UnsafeBuffer signature = new UnsafeBuffer(new byte[P256.SIGNATURE_LENGTH]);
                sign.result(0, signature, 0);
                assertEquals(DOMAIN.getG().multiply(BigInteger.TWO).normalize().getAffineXCoord().toBigInteger(),
                    number(signature.byteArray(), 0));

                final P256Sign never = new P256Sign(kernels, nonces(useless));
                never.add(new UnsafeBuffer(octets(BigInteger.TEN)), 0, digest, 0);
                never.run();
                assertFalse(never.succeeded(0));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldForgetKeysAndSecrets(final Kernels kernels)
    {
        final SplittableRandom random = new SplittableRandom(6);
        final byte[] key = Seeded.bytes(random, 32);
        final byte[] digest = Seeded.bytes(random, 32);
        final byte[] nonce = Seeded.bytes(random, 32);
        final P256Sign sign = new P256Sign(kernels, nonces(nonce));
        final P256Agreement agreement = new P256Agreement(kernels);
        final UnsafeBuffer secret = new UnsafeBuffer(new byte[NUMBER]);
        for (int i = 0; i < LANES; i++)
        {
            sign.add(new UnsafeBuffer(key), 0, new UnsafeBuffer(digest), 0);
            agreement.add(new UnsafeBuffer(key), 0, new UnsafeBuffer(octets(DOMAIN.getG().normalize())), 0);
        }
        sign.run();
        agreement.run();
        agreement.sharedSecret(0, secret, 0);
        assertTrue(Remains.holds(agreement, secret.byteArray()));
        sign.clear();
        agreement.clear();
        Remains.assertNone(sign, key, digest);
        for (final String scratch : new String[]{"nonce", "inverses", "d", "s"})
        {
            // the nonces themselves can't be looked for: this test's generator keeps them
            assertTrue(Blank.isBlank(sign, scratch), scratch);
        }
        Remains.assertNone(agreement, key, secret.byteArray());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final P256Sign sign = new P256Sign(kernels, Entropy.seeded(1));
        final P256Verify verify = new P256Verify(kernels);
        final P256Agreement agreement = new P256Agreement(kernels);
        final UnsafeBuffer key = new UnsafeBuffer(octets(BigInteger.valueOf(0x123456789abcdefL)));
        final UnsafeBuffer point =
            new UnsafeBuffer(octets(DOMAIN.getG().multiply(BigInteger.valueOf(0x123456789abcdefL)).normalize()));
        final UnsafeBuffer digest = new UnsafeBuffer(new byte[32]);
        final UnsafeBuffer signature = new UnsafeBuffer(new byte[P256.SIGNATURE_LENGTH]);
        Allocation.assertNone(3 * 5 * LANES, () ->
        {
            int work = 0;
            for (int i = 0; i < 5; i++)
            {
                digest.putInt(0, i + 1);
                for (int lane = 0; lane < LANES; lane++)
                {
                    sign.add(key, 0, digest, 0);
                    agreement.add(key, 0, point, 0);
                }
                sign.run();
                agreement.run();
                for (int lane = 0; lane < LANES; lane++)
                {
                    work += sign.succeeded(lane) ? 1 : 0;
                    work += agreement.succeeded(lane) ? 1 : 0;
                    sign.result(lane, signature, 0);
                    verify.add(point, 0, digest, 0, signature, 0);
                }
                verify.run();
                for (int lane = 0; lane < LANES; lane++)
                {
                    work += verify.succeeded(lane) ? 1 : 0;
                }
                sign.clear();
                verify.clear();
                agreement.clear();
            }
            return work;
        });
    }

    /** {@return 1 where both say yes} */
    private static int judge(
        final P256Verify verify, final ECPoint q, final BigInteger e, final BigInteger r, final BigInteger s)
    {
        final ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, new ECPublicKeyParameters(q, DOMAIN));
        final boolean expected = verifier.verifySignature(octets(e), r, s);
        final byte[] signature = join(octets(r), octets(s));
        verify.add(new UnsafeBuffer(octets(q)), 0, new UnsafeBuffer(octets(e)), 0, new UnsafeBuffer(signature), 0);
        verify.run();
        assertEquals(expected, verify.succeeded(0), "e=" + e + " r=" + r + " s=" + s);
        verify.clear();
        return expected ? 1 : 0;
    }

    private static P256Nonces nonces(final byte[]... nonces)
    {
        return new P256Nonces(Entropy.seeded(1))
        {
            private int next;

            @Override
            void next(
                final DirectBuffer key, final int keyOffset, final DirectBuffer digest, final int digestOffset,
                final long[] words, final int at)
            {
                Words.get(words, at, new UnsafeBuffer(nonces[Math.min(next, nonces.length - 1)]), 0);
                next++;
            }
        };
    }

    private static BigInteger key(final SplittableRandom random)
    {
        final BigInteger small = BigInteger.valueOf(1 + random.nextInt(140));
        return switch (random.nextInt(10))
        {
            case 0 -> small;
            case 1 -> N.subtract(small);
            case 2 -> TWINS;
            case 3 -> N.subtract(TWINS);
            default -> new BigInteger(1, Seeded.bytes(random, 32)).mod(N.subtract(BigInteger.ONE)).add(BigInteger.ONE);
        };
    }

    private static byte[] digest(final SplittableRandom random)
    {
        return random.nextInt(10) == 0 ? octets(N.add(BigInteger.valueOf(random.nextInt(3)))) :
            Seeded.bytes(random, NUMBER);
    }

    private static boolean isPoint(final BigInteger x, final BigInteger y)
    {
        final BigInteger p = DOMAIN.getCurve().getField().getCharacteristic();
        return x.compareTo(p) < 0 && y.compareTo(p) < 0 && DOMAIN.getCurve().createPoint(x, y).isValid();
    }

    private static BigInteger number(final byte[] octets, final int offset)
    {
        return new BigInteger(1, Arrays.copyOfRange(octets, offset, offset + NUMBER));
    }

    private static byte[] octets(final BigInteger number)
    {
        return BigIntegers.asUnsignedByteArray(NUMBER, number);
    }

    private static byte[] octets(final ECPoint point)
    {
        return Arrays.copyOfRange(point.getEncoded(false), 1, 1 + P256.POINT_LENGTH);
    }

    private static byte[] join(final byte[] a, final byte[] b)
    {
        return org.bouncycastle.util.Arrays.concatenate(a, b);
    }

    private static ECParameterSpec parameters() throws Exception
    {
        final AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private static ECPublicKey jdkKey(final ECPoint q) throws Exception
    {
        return (ECPublicKey)KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(
            new java.security.spec.ECPoint(q.getAffineXCoord().toBigInteger(), q.getAffineYCoord().toBigInteger()),
            parameters()));
    }
}
