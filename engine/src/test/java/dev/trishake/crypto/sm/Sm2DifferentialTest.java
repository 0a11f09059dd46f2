// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import org.agrona.concurrent.UnsafeBuffer;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Numbers;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.agreement.SM2KeyExchange;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.SM2KeyExchangePrivateParameters;
import org.bouncycastle.crypto.params.SM2KeyExchangePublicParameters;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every operation beside Bouncy Castle's; valid and invalid sessions side by side, in all lanes, as vectors and scalar. */
class Sm2DifferentialTest
{
    /** A batch has four and a half sessions on average: 2,000 sessions, or 100,000. */
    private static final int BATCHES = Scale.pick(450, 22_500);
    private static final BigInteger N = Numbers.N;
    private static final ECDomainParameters DOMAIN = new ECDomainParameters(Numbers.G.getCurve(), Numbers.G, N);
    private static final Kernels[] KERNELS = {Kernels.vector(), Kernels.scalar()};

    @Test
    void shouldSignWhatBouncyCastleVerifies()
    {
        final Sm2Sign[] signs = {new Sm2Sign(KERNELS[0], Entropy.seeded(1)), new Sm2Sign(KERNELS[1], Entropy.seeded(1))};
        Seeded.forEach(BATCHES, random ->
        {
            final int count = 1 + random.nextInt(Sm2.LANES);
            final BigInteger[] d = new BigInteger[count];
            final byte[][] message = new byte[count][];
            for (int lane = 0; lane < count; lane++)
            {
                d[lane] = privateKey(random);
                message[lane] = Seeded.bytes(random, random.nextInt(100));
                final UnsafeBuffer e = digest(d[lane], message[lane]);
                for (final Sm2Sign sign : signs)
                {
                    assertEquals(lane, sign.add(new Sm2PrivateKey(octets(d[lane]), 0), e, 0));
                }
            }
            for (final Sm2Sign sign : signs)
            {
                sign.run();
            }
            for (int lane = 0; lane < count; lane++)
            {
                final byte[] signature = new byte[64];
                final byte[] same = new byte[64];
                assertTrue(signs[0].succeeded(lane) && signs[1].succeeded(lane));
                signs[0].result(lane, new UnsafeBuffer(signature), 0);
                signs[1].result(lane, new UnsafeBuffer(same), 0);
                assertEquals(Vectors.hex(signature), Vectors.hex(same));

                final SM2Signer verifier = new SM2Signer(PlainDSAEncoding.INSTANCE);
                verifier.init(false, new ECPublicKeyParameters(Numbers.G.multiply(d[lane]), DOMAIN));
                verifier.update(message[lane], 0, message[lane].length);
                assertTrue(verifier.verifySignature(signature), "lane " + lane);
            }
            signs[0].clear();
            signs[1].clear();
        });
    }

    @Test
    void shouldVerifyWhatBouncyCastleSigns()
    {
        final Sm2Verify[] verifies = {new Sm2Verify(KERNELS[0]), new Sm2Verify(KERNELS[1])};
        Seeded.forEach(BATCHES, random ->
        {
            final int count = 1 + random.nextInt(Sm2.LANES);
            final boolean[] good = new boolean[count];
            for (int lane = 0; lane < count; lane++)
            {
                final BigInteger d = privateKey(random);
                final byte[] message = Seeded.bytes(random, random.nextInt(100));
                final UnsafeBuffer e = digest(d, message);
                final UnsafeBuffer key = octets(Numbers.G.multiply(d));
                final UnsafeBuffer signature = new UnsafeBuffer(sign(random, d, message));
                good[lane] = random.nextInt(3) != 0;
                if (!good[lane])
                {
                    damage(random, e, key, signature);
                }
                for (final Sm2Verify verify : verifies)
                {
                    verify.add(key, 0, e, 0, signature, 0);
                }
            }
            for (final Sm2Verify verify : verifies)
            {
                verify.run();
                for (int lane = 0; lane < count; lane++)
                {
                    assertEquals(good[lane], verify.succeeded(lane), "lane " + lane);
                }
                verify.clear();
            }
        });
    }

    @Test
    void shouldDecryptWhatBouncyCastleEncrypts()
    {
        final Sm2Decrypt[] decrypts = {new Sm2Decrypt(KERNELS[0], 70), new Sm2Decrypt(KERNELS[1], 70)};
        Seeded.forEach(BATCHES, random ->
        {
            final int count = 1 + random.nextInt(Sm2.LANES);
            final byte[][] message = new byte[count][];
            final boolean[] good = new boolean[count];
            for (int lane = 0; lane < count; lane++)
            {
                final BigInteger d = privateKey(random);
                message[lane] = Seeded.bytes(random, random.nextInt(4) == 0 ? random.nextInt(1, 71) : 48);
                final byte[] ciphertext = encrypt(random, d, message[lane]);
                good[lane] = random.nextInt(3) != 0;
                if (!good[lane])
                {
                    ciphertext[1 + random.nextInt(ciphertext.length - 1)] ^= (byte)(1 << random.nextInt(8));
                    Arrays.fill(message[lane], (byte)0);
                }
                final UnsafeBuffer c = new UnsafeBuffer(ciphertext);
                for (final Sm2Decrypt decrypt : decrypts)
                {
                    decrypt.add(new Sm2PrivateKey(octets(d), 0), c, 1, c, 65, c, 97, ciphertext.length - 97);
                }
            }
            for (final Sm2Decrypt decrypt : decrypts)
            {
                decrypt.run();
                for (int lane = 0; lane < count; lane++)
                {
                    final byte[] plain = new byte[message[lane].length];
                    decrypt.result(lane, new UnsafeBuffer(plain), 0);
                    assertEquals(good[lane], decrypt.succeeded(lane), "lane " + lane);
                    assertEquals(Vectors.hex(message[lane]), Vectors.hex(plain), "lane " + lane);
                }
                decrypt.clear();
            }
        });
    }

    @Test
    void shouldEncryptWhatBouncyCastleDecrypts()
    {
        final Sm2Encrypt[] encrypts =
            {new Sm2Encrypt(KERNELS[0], Entropy.seeded(2), 70), new Sm2Encrypt(KERNELS[1], Entropy.seeded(2), 70)};
        Seeded.forEach(BATCHES, random ->
        {
            final int count = 1 + random.nextInt(Sm2.LANES);
            final byte[][] message = new byte[count][];
            final BigInteger[] d = new BigInteger[count];
            for (int lane = 0; lane < count; lane++)
            {
                // one octet: the derived key is 0 once in 256 times
                message[lane] = Seeded.bytes(random, random.nextInt(4) == 0 ? 1 : random.nextInt(1, 71));
                d[lane] = random.nextInt(6) == 0 ? null : privateKey(random);
                final UnsafeBuffer key = d[lane] == null ?
                    new UnsafeBuffer(Seeded.bytes(random, 64)) : octets(Numbers.G.multiply(d[lane]));
                for (final Sm2Encrypt encrypt : encrypts)
                {
                    encrypt.add(key, 0, new UnsafeBuffer(message[lane]), 0, message[lane].length);
                }
            }
            for (final Sm2Encrypt encrypt : encrypts)
            {
                encrypt.run();
            }
            for (int lane = 0; lane < count; lane++)
            {
                final byte[] ciphertext = ciphertext(encrypts[0], lane, message[lane].length);
                assertEquals(Vectors.hex(ciphertext),
                    Vectors.hex(ciphertext(encrypts[1], lane, message[lane].length)));
                assertEquals(d[lane] != null, encrypts[0].succeeded(lane));
                assertEquals(d[lane] != null, encrypts[1].succeeded(lane));
                if (d[lane] != null)
                {
                    assertEquals(Vectors.hex(message[lane]), Vectors.hex(decrypt(d[lane], ciphertext)));
                }
            }
            encrypts[0].clear();
            encrypts[1].clear();
        });
    }

    @Test
    void shouldAgreeWithBouncyCastle()
    {
        final Sm2KeyExchange[] exchanges = {new Sm2KeyExchange(KERNELS[0], 48), new Sm2KeyExchange(KERNELS[1], 48)};
        Seeded.forEach(BATCHES, random ->
        {
            final int count = 1 + random.nextInt(Sm2.LANES);
            final byte[][] expected = new byte[count][];
            for (int lane = 0; lane < count; lane++)
            {
                final boolean initiator = random.nextBoolean();
                final BigInteger d = privateKey(random);
                final BigInteger r = privateKey(random);
                final BigInteger e = privateKey(random);
                final BigInteger s = random.nextInt(5) == 0 ? e : privateKey(random);
                final ECPoint own = Numbers.G.multiply(r).normalize();
                final ECPoint peer = Numbers.G.multiply(e).normalize();
                final ECPoint peers = Numbers.G.multiply(s).normalize();
                final UnsafeBuffer z = new UnsafeBuffer(new byte[64]);
                z.putBytes(initiator ? 0 : 32, z(Numbers.G.multiply(d)), 0, 32);
                z.putBytes(initiator ? 32 : 0, z(peer), 0, 32);
                final UnsafeBuffer peerOctets = octets(peer);
                final UnsafeBuffer peersOctets = octets(peers);
                if (random.nextInt(4) == 0)
                {
                    final UnsafeBuffer damaged = random.nextBoolean() ? peerOctets : peersOctets;
                    damaged.byteArray()[random.nextInt(64)] ^= (byte)(1 << random.nextInt(8));
                    expected[lane] = new byte[48];
                }
                else
                {
                    expected[lane] = agree(initiator, d, r, peer, peers);
                }
                for (final Sm2KeyExchange exchange : exchanges)
                {
                    exchange.add(initiator, new Sm2PrivateKey(octets(d), 0), octets(r), 0, octets(own), 0,
                        peerOctets, 0, peersOctets, 0, z, 0);
                }
            }
            for (final Sm2KeyExchange exchange : exchanges)
            {
                exchange.run();
                for (int lane = 0; lane < count; lane++)
                {
                    final byte[] key = new byte[48];
                    exchange.result(lane, new UnsafeBuffer(key), 0);
                    assertEquals(Vectors.hex(expected[lane]), Vectors.hex(key), "lane " + lane);
                    assertEquals(!Arrays.equals(new byte[48], key), exchange.succeeded(lane));
                }
                exchange.clear();
            }
        });
    }

    /** 1 .. n - 2, structured ones too. */
    private static BigInteger privateKey(final SplittableRandom random)
    {
        final BigInteger d = Numbers.scalar(random);
        final boolean good = d.signum() > 0 && d.compareTo(N.subtract(BigInteger.ONE)) < 0;
        return good ? d : BigInteger.valueOf(random.nextInt(1, 1000));
    }

    private static UnsafeBuffer octets(final BigInteger value)
    {
        final byte[] octets = value.add(BigInteger.ONE.shiftLeft(256)).toByteArray();
        return new UnsafeBuffer(Arrays.copyOfRange(octets, octets.length - 32, octets.length));
    }

    private static UnsafeBuffer octets(final ECPoint point)
    {
        return new UnsafeBuffer(Arrays.copyOfRange(point.getEncoded(false), 1, 65));
    }

    private static UnsafeBuffer z(final ECPoint key)
    {
        final Sm2Identity identity = new Sm2Identity(KERNELS[1]);
        final UnsafeBuffer z = new UnsafeBuffer(new byte[32]);
        identity.add(octets(key), 0);
        identity.run();
        identity.result(0, z, 0);
        return z;
    }

    private static UnsafeBuffer digest(final BigInteger d, final byte[] message)
    {
        final UnsafeBuffer all = new UnsafeBuffer(new byte[32 + message.length]);
        all.putBytes(0, z(Numbers.G.multiply(d)), 0, 32);
        all.putBytes(32, message);
        final UnsafeBuffer e = new UnsafeBuffer(new byte[32]);
        new Sm3().hash(all, 0, all.capacity(), e, 0);
        return e;
    }

    private static byte[] sign(final SplittableRandom random, final BigInteger d, final byte[] message)
        throws CryptoException
    {
        final SM2Signer signer = new SM2Signer(PlainDSAEncoding.INSTANCE);
        signer.init(true, new ParametersWithRandom(new ECPrivateKeyParameters(d, DOMAIN), randomness(random)));
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }

    /** One of all the ways to spoil a signature. */
    private static void damage(
        final SplittableRandom random, final UnsafeBuffer e, final UnsafeBuffer key, final UnsafeBuffer signature)
    {
        final byte[] rs = signature.byteArray();
        final int half = 32 * random.nextInt(2);
        switch (random.nextInt(7))
        {
            case 0 -> e.byteArray()[random.nextInt(32)] ^= (byte)(1 << random.nextInt(8));
            case 1 -> key.byteArray()[random.nextInt(64)] ^= (byte)(1 << random.nextInt(8));
            case 2 -> rs[random.nextInt(64)] ^= (byte)(1 << random.nextInt(8));
            case 3 -> Arrays.fill(rs, half, half + 32, (byte)0);
            case 4 -> signature.putBytes(half, octets(N), 0, 32);
            // t = 0
            case 5 -> signature.putBytes(32, octets(N.subtract(new BigInteger(1, Arrays.copyOf(rs, 32)))), 0, 32);
            default -> Arrays.fill(rs, half, half + 32, (byte)0xff);
        }
    }

    private static byte[] encrypt(final SplittableRandom random, final BigInteger d, final byte[] message)
        throws InvalidCipherTextException
    {
        final SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
        final ECPublicKeyParameters key = new ECPublicKeyParameters(Numbers.G.multiply(d), DOMAIN);
        engine.init(true, new ParametersWithRandom(key, randomness(random)));
        return engine.processBlock(message, 0, message.length);
    }

    private static byte[] decrypt(final BigInteger d, final byte[] ciphertext) throws InvalidCipherTextException
    {
        final SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
        engine.init(false, new ECPrivateKeyParameters(d, DOMAIN));
        return engine.processBlock(ciphertext, 0, ciphertext.length);
    }

    private static byte[] ciphertext(final Sm2Encrypt encrypt, final int lane, final int length)
    {
        final UnsafeBuffer ciphertext = new UnsafeBuffer(new byte[97 + length]);
        ciphertext.putByte(0, (byte)4);
        encrypt.c1(lane, ciphertext, 1);
        encrypt.c3(lane, ciphertext, 65);
        encrypt.c2(lane, ciphertext, 97);
        return ciphertext.byteArray();
    }

    private static byte[] agree(
        final boolean initiator, final BigInteger d, final BigInteger r, final ECPoint peer, final ECPoint peers)
    {
        final SM2KeyExchange exchange = new SM2KeyExchange();
        exchange.init(new ParametersWithID(new SM2KeyExchangePrivateParameters(
            initiator, new ECPrivateKeyParameters(d, DOMAIN), new ECPrivateKeyParameters(r, DOMAIN)), id()));
        return exchange.calculateKey(48 * Byte.SIZE, new ParametersWithID(
            new SM2KeyExchangePublicParameters(
                new ECPublicKeyParameters(peer, DOMAIN), new ECPublicKeyParameters(peers, DOMAIN)), id()));
    }

    private static byte[] id()
    {
        final byte[] id = new byte[Sm2Identity.DEFAULT_ID.capacity()];
        Sm2Identity.DEFAULT_ID.getBytes(0, id);
        return id;
    }

    /** Bouncy Castle's nonces come from the case's seed. */
    private static SecureRandom randomness(final SplittableRandom random)
    {
        return new SecureRandom()
        {
            @Override
            public void nextBytes(final byte[] bytes)
            {
                random.nextBytes(bytes);
            }
        };
    }
}
