// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.P256Verify;
import dev.trishake.crypto.curve.X25519Agreement;
import dev.trishake.crypto.hash.Sha256;
import dev.trishake.support.Allocation;
import dev.trishake.support.Remains;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import dev.trishake.wire.SignatureDer;
import dev.trishake.wire.gquic.ServerConfigDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Keys, proofs and server configs of every recorded handshake, made again from what went into them. */
class KeyScheduleTest
{
    private static final int AES = 16;

    private final KeySchedule schedule = new KeySchedule(Kernels.scalar(), 1 << 14);
    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[KeySchedule.MAX_LENGTH]);

    static List<Transcripts.Connection> complete()
    {
        return Transcripts.complete();
    }

    static List<Transcripts.Connection> all()
    {
        return Transcripts.all();
    }

    @ParameterizedTest
    @MethodSource("complete")
    void shouldDeriveTheRecordedKeys(final Transcripts.Connection connection)
    {
        derive(connection, false, connection.initial());
        assertArrayEquals(connection.initial().output(), octets(0, 40));

        schedule.diversify(new UnsafeBuffer(connection.initial().nonce()), 0, AES, keys, 0);
        assertArrayEquals(Arrays.copyOf(connection.initial().output(), AES), octets(0, AES), "the client's key stays");
        assertArrayEquals(connection.initial().diversified(), concatenate(
            octets(KeySchedule.serverKey(AES), AES), octets(KeySchedule.serverIv(AES), KeySchedule.IV_LENGTH)));

        derive(connection, true, connection.forwardSecure());
        assertArrayEquals(connection.forwardSecure().output(), octets(0, 40));
    }

    private void derive(
        final Transcripts.Connection connection, final boolean forwardSecure, final Transcripts.Level level)
    {
        final UnsafeBuffer shared = new UnsafeBuffer(new byte[32]);
        final X25519Agreement agreement = new X25519Agreement(Kernels.scalar());
        agreement.add(new UnsafeBuffer(level.serverPrivate()), 0, new UnsafeBuffer(level.clientPublic()), 0);
        agreement.run();
        assertTrue(agreement.sharedSecret(0, shared, 0));
        assertArrayEquals(level.shared(), shared.byteArray());
        final byte[] scfg = new byte[connection.server().config().message().capacity()];
        connection.server().config().message().getBytes(0, scfg);
        derive(forwardSecure, connection.cid(), level.salt(), shared.byteArray(), AES,
            connection.last(Tag.CHLO).bytes(), scfg, connection.server().leaf());
    }

    private void derive(
        final boolean forwardSecure, final long cid, final byte[] salt, final byte[] shared, final int keyLength,
        final byte[] chlo, final byte[] scfg, final byte[] leaf)
    {
        final int job = schedule.begin(forwardSecure, cid, new UnsafeBuffer(salt), 0, salt.length,
            new UnsafeBuffer(shared), 0, keyLength);
        schedule.append(new UnsafeBuffer(chlo), 0, chlo.length)
            .append(new UnsafeBuffer(scfg), 0, scfg.length)
            .append(new UnsafeBuffer(leaf), 0, leaf.length);
        schedule.run();
        schedule.result(job, keys, 0);
        schedule.wipe();
    }

    private byte[] octets(final int from, final int length)
    {
        return Arrays.copyOfRange(keys.byteArray(), from, from + length);
    }

    private static byte[] concatenate(final byte[]... parts)
    {
        final ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    /** No recording has CC20: an independent HKDF says what its longer keys are. */
    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void shouldEqualBouncyCastle(final int keyLength)
    {
        Seeded.forEach(100, random ->
        {
            final byte[] chlo = Seeded.bytes(random, random.nextInt(3000));
            final byte[] scfg = Seeded.bytes(random, random.nextInt(512));
            final byte[] leaf = Seeded.bytes(random, random.nextInt(2000));
            final byte[] salt = Seeded.bytes(random, 32 + random.nextInt(60));
            final byte[] shared = Seeded.bytes(random, 32);
            final boolean forwardSecure = random.nextBoolean();
            derive(forwardSecure, 0x0102030405060708L, salt, shared, keyLength, chlo, scfg, leaf);
            final byte[] info = concatenate((forwardSecure ? "QUIC forward secure key expansion\0" :
                "QUIC key expansion\0").getBytes(StandardCharsets.US_ASCII),
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, chlo, scfg, leaf);
            final byte[] expected = hkdf(shared, salt, info, 2 * keyLength + 8);
            assertArrayEquals(expected, octets(0, expected.length));

            final byte[] nonce = Seeded.bytes(random, 32);
            final byte[] old = concatenate(Arrays.copyOfRange(expected, keyLength, 2 * keyLength),
                Arrays.copyOfRange(expected, 2 * keyLength + 4, 2 * keyLength + 8));
            final byte[] diversified = hkdf(old, nonce,
                "QUIC key diversification".getBytes(StandardCharsets.US_ASCII), keyLength + 4);
            schedule.diversify(new UnsafeBuffer(nonce), 0, keyLength, keys, 0);
            assertArrayEquals(diversified, concatenate(octets(KeySchedule.serverKey(keyLength), keyLength),
                octets(KeySchedule.serverIv(keyLength), KeySchedule.IV_LENGTH)));
            assertArrayEquals(Arrays.copyOfRange(expected, 2 * keyLength, 2 * keyLength + 4),
                octets(KeySchedule.clientIv(keyLength), KeySchedule.IV_LENGTH));
        });
    }

    private static byte[] hkdf(final byte[] key, final byte[] salt, final byte[] info, final int length)
    {
        final HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(new HKDFParameters(key, salt, info));
        final byte[] out = new byte[length];
        generator.generateBytes(out, 0, length);
        return out;
    }

    @Test
    void shouldForgetSecretsAndKeys()
    {
        final SplittableRandom random = new SplittableRandom(9);
        final byte[] shared = Seeded.bytes(random, 32);
        final int job = schedule.begin(
            false, 1, new UnsafeBuffer(Seeded.bytes(random, 32)), 0, 32, new UnsafeBuffer(shared), 0, AES);
        schedule.run();
        schedule.result(job, keys, 0);
        final byte[] before = octets(0, 40);
        schedule.diversify(new UnsafeBuffer(Seeded.bytes(random, 32)), 0, AES, keys, 0);
        final byte[] after = octets(0, 40);
        assertTrue(Remains.holds(schedule, octets(AES, AES)));
        schedule.wipe();
        Remains.assertNone(schedule, shared, before, after);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldWriteTheRecordedServerConfig(final Transcripts.Connection connection)
    {
        for (final Transcripts.Message message : connection.messages())
        {
            final byte[] scfg = message.value(Tag.SCFG);
            if (scfg != null && connection.initial() != null)
            {
                final byte[] written = new byte[scfg.length];
                connection.server().config().message().getBytes(0, written);
                assertEquals(Vectors.hex(scfg), Vectors.hex(written));
            }
        }
    }

    /** Every PROF, the seed's too, is over the CHLO before it. */
    @ParameterizedTest
    @MethodSource("all")
    void shouldMakeTheInputOfTheRecordedProofs(final Transcripts.Connection connection) throws Exception
    {
        for (int i = 1; i < connection.messages().size(); i++)
        {
            final byte[] proof = connection.messages().get(i).value(Tag.PROF);
            if (proof != null)
            {
                final byte[] scfg = connection.messages().get(i).value(Tag.SCFG);
                assertTrue(verifies(connection.server(), input(connection.messages().get(i - 1).bytes(), scfg), proof));
                assertFalse(
                    verifies(connection.server(), input(connection.messages().get(0).bytes(), scfg), proof));
            }
        }
    }

    private static byte[] input(final byte[] chlo, final byte[] scfg)
    {
        final Sha256 sha256 = new Sha256();
        final UnsafeBuffer digest = new UnsafeBuffer(new byte[Sha256.LENGTH]);
        sha256.update(new UnsafeBuffer(chlo), 0, chlo.length);
        sha256.finish(digest, 0);
        final byte[] input = new byte[ProofInput.PREFIX_LENGTH + scfg.length];
        assertEquals(input.length,
            ProofInput.write(new UnsafeBuffer(input), 0, digest, 0, new UnsafeBuffer(scfg), 0, scfg.length));
        return input;
    }

    private static boolean verifies(final Transcripts.Server server, final byte[] input, final byte[] proof)
        throws Exception
    {
        if (!server.publicKey().getAlgorithm().equals("EC"))
        {
            final Signature signature = Signature.getInstance("RSASSA-PSS");
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            signature.initVerify(server.publicKey());
            signature.update(input);
            return signature.verify(proof);
        }
        final UnsafeBuffer fixed = new UnsafeBuffer(new byte[64]);
        assertTrue(SignatureDer.ofP256().decode(new UnsafeBuffer(proof), 0, proof.length, fixed, 0));
        final UnsafeBuffer digest = new UnsafeBuffer(new byte[Sha256.LENGTH]);
        final Sha256 sha256 = new Sha256();
        sha256.update(new UnsafeBuffer(input), 0, input.length);
        sha256.finish(digest, 0);
        final P256Verify verify = new P256Verify(Kernels.scalar());
        verify.add(Transcripts.point((ECPublicKey)server.publicKey()), 0, digest, 0, fixed, 0);
        verify.run();
        return verify.succeeded(0);
    }

    @Test
    void shouldWriteConfigsThatBothSidesCanUse()
    {
        final ServerConfig config = ServerConfig.create(Entropy.seeded(5), 2_000_000_000L);
        final UnsafeBuffer message = new UnsafeBuffer(config.message());
        final ServerConfigDecoder decoder = new ServerConfigDecoder(ServerConfig.MAX_LENGTH);

        assertEquals(0, decoder.wrap(message, 0, message.capacity()));
        assertTrue(message.capacity() <= ServerConfig.MAX_LENGTH);
        assertTrue(decoder.hasAead(Tag.AESG) && decoder.hasAead(Tag.CC20));
        assertTrue(decoder.findPublicValue(Tag.P256));
        assertEquals(65, decoder.publicLength());
        assertTrue(decoder.findPublicValue(Tag.C255));
        assertEquals(32, decoder.publicLength());
        final int pubs = decoder.message().find(Tag.PUBS);
        assertEquals(decoder.message().valueOffset(pubs) + decoder.message().valueLength(pubs) - 32,
            decoder.publicOffset(), "where old clients of lsquic look for it");
        assertEquals(2_000_000_000L, decoder.expirySeconds());
        final UnsafeBuffer secrets = new UnsafeBuffer(new byte[ServerConfig.SECRETS_LENGTH]);
        config.copySecrets(secrets, 0);
        assertEquals(0, message.compareTo(new UnsafeBuffer(new ServerConfig(secrets, 0,
            new int[] {Tag.AESG, Tag.CC20}, new int[] {Tag.P256, Tag.C255}).message())), "a fleet shares it");
        config.close();
        config.copySecrets(secrets, 0);
        assertArrayEquals(new byte[ServerConfig.SECRETS_LENGTH], secrets.byteArray());
    }

    @Test
    void shouldKeepOldConfigsUntilTheyExpire()
    {
        final Entropy entropy = Entropy.seeded(6);
        final ServerConfig[] made = new ServerConfig[7];
        for (int i = 0; i < made.length; i++)
        {
            made[i] = ServerConfig.create(entropy, 1000 + 100 * i);
        }
        final ServerConfigs configs = new ServerConfigs(made[0]);
        for (int i = 1; i < made.length; i++)
        {
            configs.rotate(made[i]);
            assertEquals(made[i], configs.current());
            for (int j = 0; j <= i; j++)
            {
                final ServerConfig expected = j > i - ServerConfigs.KEPT ? made[j] : null;
                assertEquals(expected, find(configs, made[j], 0));
                assertEquals(expected, configs.numbered(made[j].number));
                assertEquals(null, find(configs, made[j], 1000 + 100 * j), "expired");
                assertEquals(expected, find(configs, made[j], 999 + 100 * j));
                assertEquals(j <= i - ServerConfigs.KEPT - 1, made[j].secrets().getLong(32) == 0, "wiped, one later");
            }
        }
    }

    private static ServerConfig find(final ServerConfigs configs, final ServerConfig wanted, final long now)
    {
        final ServerConfigDecoder decoder = new ServerConfigDecoder(ServerConfig.MAX_LENGTH);
        assertEquals(0, decoder.wrap(wanted.message(), 0, wanted.message().capacity()));
        return configs.find(wanted.message(), decoder.scidOffset(), 16, now);
    }

    @Test
    void shouldAllocateNothing()
    {
        final UnsafeBuffer in = new UnsafeBuffer(new byte[2000]);
        Allocation.assertNone(100, () ->
        {
            for (int i = 0; i < 100; i++)
            {
                final int job = schedule.begin(true, i, in, 0, 64, in, 0, 32);
                schedule.append(in, 0, 2000);
                schedule.run();
                schedule.result(job, keys, 0);
                schedule.diversify(in, 0, 32, keys, 0);
                schedule.wipe();
            }
            return 100;
        });
    }
}
