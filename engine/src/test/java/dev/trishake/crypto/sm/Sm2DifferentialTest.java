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
    private static final Party[] PARTIES = parties();

    /** A key with everything that is known of it. */
    private record Party(BigInteger d, Sm2PrivateKey key, ECPoint point, UnsafeBuffer octets, UnsafeBuffer z)
    {
        static Party of(final BigInteger d)
        {
            final ECPoint point = Numbers.G.multiply(d).normalize();
            return new Party(d, new Sm2PrivateKey(octetsOf(d), 0), point, octetsOf(point), zOf(point));
        }
    }

    @Test
    void shouldSignWhatBouncyCastleVerifies()
    {
        final Sm2Sign[] signs = {new Sm2Sign(KERNELS[0], Entropy.seeded(1)), new Sm2Sign(KERNELS[1], Entropy.seeded(1))};
        Seeded.forEach(BATCHES, random ->
        {
            final int count = 1 + random.nextInt(Sm2.LANES);
            final Party[] signer = new Party[count];
            final byte[][] message = new byte[count][];
            for (int lane = 0; lane < count; lane++)
            {
                signer[lane] = party(random);
                message[lane] = Seeded.bytes(random, random.nextInt(100));
                final UnsafeBuffer e = digest(signer[lane], message[lane]);
                for (final Sm2Sign sign : signs)
                {
                    assertEquals(lane, sign.add(signer[lane].key(), e, 0));
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
                verifier.init(false, new ECPublicKeyParameters(signer[lane].point(), DOMAIN));
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
                final Party signer = party(random);
                final byte[] message = Seeded.bytes(random, random.nextInt(100));
                final UnsafeBuffer e = digest(signer, message);
                final UnsafeBuffer key = new UnsafeBuffer(signer.octets().byteArray().clone());
                final UnsafeBuffer signature = new UnsafeBuffer(sign(random, signer, message));
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
                final Party receiver = party(random);
                message[lane] = Seeded.bytes(random, random.nextInt(4) == 0 ? random.nextInt(1, 71) : 48);
                final byte[] ciphertext = encrypt(random, receiver, message[lane]);
                good[lane] = random.nextInt(3) != 0;
                if (!good[lane])
                {
                    ciphertext[1 + random.nextInt(ciphertext.length - 1)] ^= (byte)(1 << random.nextInt(8));
                    Arrays.fill(message[lane], (byte)0);
                }
                final UnsafeBuffer c = new UnsafeBuffer(ciphertext);
                for (final Sm2Decrypt decrypt : decrypts)
                {
                    decrypt.add(receiver.key(), c, 1, c, 65, c, 97, ciphertext.length - 97);
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
            final Party[] receiver = new Party[count];
            for (int lane = 0; lane < count; lane++)
            {
                // one octet: the derived key is 0 once in 256 times
                message[lane] = Seeded.bytes(random, random.nextInt(4) == 0 ? 1 : random.nextInt(1, 71));
                receiver[lane] = random.nextInt(6) == 0 ? null : party(random);
                final UnsafeBuffer key = receiver[lane] == null ?
                    new UnsafeBuffer(Seeded.bytes(random, 64)) : receiver[lane].octets();
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
                assertEquals(receiver[lane] != null, encrypts[0].succeeded(lane));
                assertEquals(receiver[lane] != null, encrypts[1].succeeded(lane));
                if (receiver[lane] != null)
                {
                    assertEquals(Vectors.hex(message[lane]), Vectors.hex(decrypt(receiver[lane].d(), ciphertext)));
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
                final Party own = party(random);
                final Party ephemeral = party(random);
                final Party peer = party(random);
                final Party peers = random.nextInt(5) == 0 ? peer : party(random);
                final UnsafeBuffer z = new UnsafeBuffer(new byte[64]);
                z.putBytes(initiator ? 0 : 32, own.z(), 0, 32);
                z.putBytes(initiator ? 32 : 0, peer.z(), 0, 32);
                final UnsafeBuffer peerOctets = new UnsafeBuffer(peer.octets().byteArray().clone());
                final UnsafeBuffer peersOctets = new UnsafeBuffer(peers.octets().byteArray().clone());
                if (random.nextInt(4) == 0)
                {
                    final UnsafeBuffer damaged = random.nextBoolean() ? peerOctets : peersOctets;
                    damaged.byteArray()[random.nextInt(64)] ^= (byte)(1 << random.nextInt(8));
                    expected[lane] = new byte[48];
                }
                else
                {
                    expected[lane] = agree(initiator, own.d(), ephemeral.d(), peer.point(), peers.point());
                }
                for (final Sm2KeyExchange exchange : exchanges)
                {
                    exchange.add(initiator, own.key(), octetsOf(ephemeral.d()), 0, ephemeral.octets(), 0,
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

    private static Party[] parties()
    {
        final SplittableRandom random = new SplittableRandom(7);
        final Party[] parties = new Party[Scale.pick(100, 3_000)];
        for (int i = 0; i < parties.length; i++)
        {
            parties[i] = Party.of(privateKey(random));
        }
        return parties;
    }

    private static Party party(final SplittableRandom random)
    {
        return PARTIES[random.nextInt(PARTIES.length)];
    }

    /** 1 .. n - 2, structured ones too. */
    private static BigInteger privateKey(final SplittableRandom random)
    {
        final BigInteger d = Numbers.scalar(random);
        final boolean good = d.signum() > 0 && d.compareTo(N.subtract(BigInteger.ONE)) < 0;
        return good ? d : BigInteger.valueOf(random.nextInt(1, 1000));
    }

    private static UnsafeBuffer octetsOf(final BigInteger value)
    {
        final byte[] octets = value.add(BigInteger.ONE.shiftLeft(256)).toByteArray();
        return new UnsafeBuffer(Arrays.copyOfRange(octets, octets.length - 32, octets.length));
    }

    private static UnsafeBuffer octetsOf(final ECPoint point)
    {
        return new UnsafeBuffer(Arrays.copyOfRange(point.getEncoded(false), 1, 65));
    }

    private static UnsafeBuffer zOf(final ECPoint key)
    {
        final Sm2Identity identity = new Sm2Identity(KERNELS[1]);
        final UnsafeBuffer z = new UnsafeBuffer(new byte[32]);
        identity.add(octetsOf(key), 0);
        identity.run();
        identity.result(0, z, 0);
        return z;
    }

    private static UnsafeBuffer digest(final Party signer, final byte[] message)
    {
        final UnsafeBuffer all = new UnsafeBuffer(new byte[32 + message.length]);
        all.putBytes(0, signer.z(), 0, 32);
        all.putBytes(32, message);
        final UnsafeBuffer e = new UnsafeBuffer(new byte[32]);
        new Sm3().hash(all, 0, all.capacity(), e, 0);
        return e;
    }

    private static byte[] sign(final SplittableRandom random, final Party party, final byte[] message)
        throws CryptoException
    {
        final SM2Signer signer = new SM2Signer(PlainDSAEncoding.INSTANCE);
        signer.init(true, new ParametersWithRandom(new ECPrivateKeyParameters(party.d(), DOMAIN), randomness(random)));
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
            case 4 -> signature.putBytes(half, octetsOf(N), 0, 32);
            // t = 0
            case 5 -> signature.putBytes(32, octetsOf(N.subtract(new BigInteger(1, Arrays.copyOf(rs, 32)))), 0, 32);
            default -> Arrays.fill(rs, half, half + 32, (byte)0xff);
        }
    }

    private static byte[] encrypt(final SplittableRandom random, final Party party, final byte[] message)
        throws InvalidCipherTextException
    {
        final SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
        final ECPublicKeyParameters key = new ECPublicKeyParameters(party.point(), DOMAIN);
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
