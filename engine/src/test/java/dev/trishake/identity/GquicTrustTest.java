// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.Recordings;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The recorded chains are trusted and their proofs verify; each way in which a chain can be wrong has a sentence. */
class GquicTrustTest
{
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final PeerName HOST = PeerName.of("server.test");

    @TempDir
    private static Path folder;
    private static SecureRandom random;
    private static KeyPair keys;
    private static TestAuthority root;
    private static TestAuthority sub;
    private static GquicTrust trust;
    private static GquicTrust recordedTrust;

    @BeforeAll
    static void makeAuthorities() throws Exception
    {
        random = SecureRandom.getInstance("SHA1PRNG");
        random.setSeed(8);
        keys = TestKeys.P256.generate(random);
        root = TestAuthority.root(TestKeys.P256, authority("CN=Root", 3), random);
        sub = root.sub(authority("CN=Sub", 0));
        trust = trust(root.certificate());
        recordedTrust = GquicTrust.load(Vectors.file("gquic/pki/ca.pem", folder));
    }

    /** The REJ with a proof, and the CHLO that it answers. */
    record Proven(Recordings.Message chlo, Recordings.Message rej)
    {
        @Override
        public String toString()
        {
            return rej.name();
        }
    }

    static List<Proven> proofs()
    {
        final List<Proven> proofs = new ArrayList<>();
        Recordings.Message chlo = null;
        for (final Recordings.Message message : Recordings.messages())
        {
            chlo = message.fromClient() ? message : chlo;
            if (message.values().containsKey("PROF"))
            {
                proofs.add(new Proven(chlo, message));
            }
        }
        return proofs;
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void shouldTrustAndVerifyWhatWasRecorded(final Proven proven) throws Exception
    {
        final boolean seed = proven.rej.name().startsWith("seed");
        final UnsafeBuffer crt = new UnsafeBuffer(Vectors.hex(value(proven.rej, "CRT")));
        final GquicVerdict verdict = (seed ? GquicTrust.insecure() : recordedTrust)
            .verify(crt, 0, crt.capacity(), null, PeerName.of("localhost"), NOW);
        assertTrue(verdict.isTrusted(), verdict::toString);
        assertEquals(proven.rej.name().contains("ecdsa"), !verdict.isRsa());

        final UnsafeBuffer signed = new UnsafeBuffer(signed(proven));
        final UnsafeBuffer proof = new UnsafeBuffer(Vectors.hex(value(proven.rej, "PROF")));
        if (verdict.isRsa())
        {
            assertTrue(verdict.verifies(signed, 0, signed.capacity(), proof, 0, proof.capacity()));
            proof.putByte(17, (byte)(proof.getByte(17) ^ 1));
            assertFalse(verdict.verifies(signed, 0, signed.capacity(), proof, 0, proof.capacity()));
            assertFalse(verdict.verifies(signed, 0, signed.capacity(), proof, 0, proof.capacity() - 1));
        }
        else
        {
            assertFalse(verdict.verifies(signed, 0, signed.capacity(), proof, 0, proof.capacity()));
            assertTrue(verifiesOnP256(verdict, signed, proof));
        }
    }

    @Test
    void shouldHaveSeenProofsOfBothKinds()
    {
        final long ecdsa = proofs().stream().filter(proven -> proven.rej.name().contains("ecdsa")).count();
        assertTrue(ecdsa >= 1 && proofs().size() - ecdsa >= 9, proofs().size() + " proofs, " + ecdsa + " of ECDSA");
    }

    @ParameterizedTest
    @EnumSource(value = TestKeys.class, names = {"P256", "RSA_2048"})
    void shouldVerifyWhatOurOwnKeySigns(final TestKeys kind) throws Exception
    {
        final String name = kind == TestKeys.P256 ? "ecdsa" : "rsa";
        final GquicIdentity identity = GquicIdentity.load(Vectors.file("gquic/pki/" + name + ".chain.pem", folder),
            Vectors.file("gquic/pki/" + name + ".key", folder), null, NOW);
        final GquicVerdict verdict = recordedTrust.verify(identity.certificateLists().getFirst(), 0,
            identity.certificateLists().getFirst().capacity(), null, PeerName.of("example.com"), NOW);
        assertTrue(verdict.isTrusted(), verdict::toString);
        assertEquals(identity.leaf(), verdict.leaf());
        assertEquals(identity.leafHash(), verdict.hashes().getLong(0, ByteOrder.LITTLE_ENDIAN));
        assertEquals(16, verdict.hashes().capacity());
        final UnsafeBuffer point = new UnsafeBuffer(new byte[66]);
        verdict.copyKey(point, 1);
        assertEquals(Recordings.hex(identity.publicKey(), 0, 64), Recordings.hex(point, 1, 64));
        if (identity.isRsa())
        {
            final UnsafeBuffer signed = new UnsafeBuffer("signed".getBytes(StandardCharsets.US_ASCII));
            final UnsafeBuffer proof = new UnsafeBuffer(new byte[2 + identity.maxProofLength()]);
            final RsaProofSigner signer = identity.newSigner();
            for (int i = 0; i < 2; i++)
            {
                assertEquals(256, signer.sign(signed, i, 6 - i, proof, i));
                assertTrue(verdict.verifies(signed, i, 6 - i, proof, i, 256));
                assertFalse(verdict.verifies(signed, 1 - i, 5 + i, proof, i, 256));
            }
        }
    }

    @Test
    void shouldGiveTheTimeOfAllCertificatesOnTheWay() throws Exception
    {
        final GquicVerdict verdict = verify(trust, leaf(sub, NOW.minus(YEAR), YEAR.plusDays(3)), sub.certificate());
        assertTrue(verdict.isTrusted(), verdict::toString);
        assertEquals(NOW.plus(Duration.ofDays(3)), verdict.validUntil());
        assertEquals(NOW.minus(Duration.ofDays(1)), verdict.validFrom());
        assertEquals("CN=server", verdict.sentence());
    }

    @Test
    void shouldTrustALeafThatIsAnAnchor() throws Exception
    {
        final X509CertificateHolder leaf = leaf(sub);
        assertTrue(verify(trust(leaf), leaf).isTrusted());
        final Path self = Vectors.file("gquic/pki/self.pem", folder);
        final X509CertificateHolder own = Credentials.read(self, null).certificates().getFirst();
        final byte[] crt = GquicChains.write(List.of(own.getEncoded()), List.of());
        assertTrue(GquicTrust.load(self).verify(new UnsafeBuffer(crt), 0, crt.length, null,
            PeerName.of("localhost"), NOW).isTrusted());
        assertRefused("has expired", GquicTrust.load(self).verify(new UnsafeBuffer(crt), 0, crt.length, null,
            PeerName.of("localhost"), NOW.plus(YEAR.multipliedBy(20))));
    }

    @Test
    void shouldRefuseWhatIsWrong() throws Exception
    {
        final X509CertificateHolder middle = sub.certificate();
        final TestAuthority stranger = TestAuthority.root(TestKeys.P256, authority("CN=Stranger", 1), random);
        final TestAuthority impostor = TestAuthority.root(TestKeys.P256, authority("CN=Root", 1), random);
        assertRefused("nobody who is trusted has signed for CN=Stranger", verify(trust, leaf(stranger)));
        assertRefused("nobody who is trusted has signed for CN=Sub", verify(trust, leaf(sub)));
        assertRefused("a signature on the way from CN=server to an anchor is wrong", verify(trust, leaf(impostor)));
        assertRefused("has expired", verify(trust, leaf(sub, NOW.minus(YEAR), Duration.ofDays(1)), middle));
        assertRefused("not valid before", verify(trust, leaf(sub, NOW.plus(YEAR), YEAR), middle));
        assertRefused("may not be used for signing", verify(trust,
            leaf(sub, keys, "server.test", KeyUsage.keyEncipherment, KeyPurposeId.id_kp_serverAuth), middle));
        assertRefused("is for another purpose than a server's", verify(trust,
            leaf(sub, keys, "server.test", KeyUsage.digitalSignature, KeyPurposeId.id_kp_clientAuth), middle));
        assertRefused("is not for server.test", verify(trust,
            leaf(sub, keys, "other.test", KeyUsage.digitalSignature, KeyPurposeId.id_kp_serverAuth), middle));
        assertRefused("is neither on P-256 nor of RSA", verify(trust, leaf(sub, TestKeys.SM2.generate(random),
            "server.test", KeyUsage.digitalSignature, KeyPurposeId.id_kp_serverAuth), middle));
        final TestAuthority third = sub.sub(authority("CN=Third", 0));
        assertRefused("breaks a rule", verify(trust, leaf(third), middle, third.certificate()));
    }

    @Test
    void shouldTakeNamesOfCertificatesThatItKnowsOnly() throws Exception
    {
        final X509CertificateHolder leaf = leaf(sub);
        final GquicVerdict first = verify(trust, leaf, sub.certificate());
        final List<byte[]> ders = List.of(leaf.getEncoded(), sub.certificate().getEncoded());
        final byte[] named = GquicChains.write(ders, ders.stream().map(GquicChains::hash).toList());
        assertEquals(19, named.length);
        final GquicVerdict second = trust.verify(new UnsafeBuffer(named), 0, named.length, first, HOST, NOW);
        assertTrue(second.isTrusted(), second::toString);
        assertEquals(first.leaf(), second.leaf());
        assertRefused("none of those that are known",
            trust.verify(new UnsafeBuffer(named), 0, named.length, null, HOST, NOW));
        assertRefused("none of those that are known", trust.verify(
            new UnsafeBuffer(named), 0, named.length, GquicVerdict.refused(42, "no"), HOST, NOW));
    }

    @Test
    void shouldTrustAnyNameAndTimeWhenInsecureButNotAKeyThatIsWeak() throws Exception
    {
        final TestAuthority stranger = TestAuthority.root(TestKeys.P256, authority("CN=Stranger", 1), random);
        assertTrue(verify(GquicTrust.insecure(), leaf(stranger, NOW.minus(YEAR), Duration.ofDays(1))).isTrusted());
        assertRefused("is neither on P-256 nor of RSA", verify(GquicTrust.insecure(),
            Credentials.read(Vectors.file("gquic/pki/rsa1024.pem", folder), null).certificates().getFirst()));
        assertRefused("is neither on P-256 nor of RSA", verify(GquicTrust.insecure(),
            Credentials.read(Vectors.file("gquic/pki/p384.pem", folder), null).certificates().getFirst()));
    }

    @Test
    void shouldSayWhatIsWrongWithAnchors()
    {
        final Path key = Vectors.file("gquic/pki/ecdsa.key", folder);
        assertEquals(key + ": has no certificate in it, so it gives nobody to trust",
            assertThrows(IdentityException.class, () -> GquicTrust.load(key)).getMessage());
        assertEquals("gQUIC needs anchors to check a server's certificates: name a file with them",
            assertThrows(IdentityException.class, GquicTrust::load).getMessage());
    }

    @Test
    void shouldSayOneSentenceWhateverIsShown() throws Exception
    {
        final byte[][] ders = {leaf(sub).getEncoded(), sub.certificate().getEncoded()};
        final int[] refused = new int[1];
        Seeded.forEach(Scale.pick(200, 20_000), some ->
        {
            final List<byte[]> shown = new ArrayList<>();
            for (final byte[] der : ders)
            {
                final byte[] one = Arrays.copyOf(der, some.nextInt(4) > 0 ? der.length : some.nextInt(der.length) + 1);
                Seeded.mutate(some, one, some.nextInt(2));
                shown.add(one);
            }
            final byte[] crt = GquicChains.write(shown, List.of());
            final GquicVerdict verdict = trust.verify(new UnsafeBuffer(crt), 0, crt.length, null, HOST, NOW);
            refused[0] += verdict.isTrusted() ? 0 : 1;
        });
        assertTrue(refused[0] > 50, "refused: " + refused[0]);
    }

    private static byte[] signed(final Proven proven) throws Exception
    {
        final ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes("QUIC CHLO and server config signature\0".getBytes(StandardCharsets.US_ASCII));
        signed.writeBytes(new byte[] {32, 0, 0, 0});
        signed.writeBytes(MessageDigest.getInstance("SHA-256").digest(proven.chlo.bytes()));
        signed.writeBytes(Vectors.hex(value(proven.rej, "SCFG")));
        return signed.toByteArray();
    }

    /** By the JDK, which has nothing of our kernels. */
    private static boolean verifiesOnP256(
        final GquicVerdict verdict, final UnsafeBuffer signed, final UnsafeBuffer proof) throws Exception
    {
        final byte[] der = new byte[verdict.leaf().capacity()];
        verdict.leaf().getBytes(0, der);
        final Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initVerify(CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(der)));
        signature.update(signed.byteArray());
        return signature.verify(proof.byteArray());
    }

    private static String value(final Recordings.Message message, final String tag)
    {
        return message.values().entrySet().stream()
            .filter(value -> value.getKey().startsWith(tag)).findFirst().orElseThrow().getValue();
    }

    private static void assertRefused(final String sentence, final GquicVerdict verdict)
    {
        assertEquals(GquicError.PROOF_INVALID, verdict.error(), verdict::toString);
        assertTrue(verdict.sentence().contains(sentence), verdict::sentence);
        assertEquals(0, verdict.leaf().capacity());
    }

    private static GquicVerdict verify(final GquicTrust by, final X509CertificateHolder... chain) throws Exception
    {
        final UnsafeBuffer crt = chain(chain);
        return by.verify(crt, 0, crt.capacity(), null, HOST, NOW);
    }

    private static UnsafeBuffer chain(final X509CertificateHolder... chain) throws Exception
    {
        final List<byte[]> ders = new ArrayList<>();
        for (final X509CertificateHolder certificate : chain)
        {
            ders.add(certificate.getEncoded());
        }
        return new UnsafeBuffer(GquicChains.write(ders, List.of()));
    }

    private static X509CertificateHolder leaf(final TestAuthority issuer) throws Exception
    {
        return leaf(issuer, NOW.minus(YEAR), YEAR.multipliedBy(2));
    }

    private static X509CertificateHolder leaf(final TestAuthority issuer, final Instant from, final Duration lifetime)
        throws Exception
    {
        return issuer.issue(new TestAuthority.Contents(new X500Name("CN=server"), names("server.test"),
            KeyUsage.digitalSignature, KeyPurposeId.id_kp_serverAuth, -1, from, lifetime), keys);
    }

    private static X509CertificateHolder leaf(
        final TestAuthority issuer, final KeyPair pair, final String name, final int usage, final KeyPurposeId purpose)
        throws Exception
    {
        return issuer.issue(new TestAuthority.Contents(new X500Name("CN=server"), names(name), usage, purpose, -1,
            NOW.minus(YEAR), YEAR.multipliedBy(2)), pair);
    }

    private static GeneralNames names(final String host)
    {
        return new GeneralNames(new GeneralName(GeneralName.dNSName, host));
    }

    private static TestAuthority.Contents authority(final String subject, final int path)
    {
        return TestAuthority.Contents.authority(subject, path, NOW.minus(Duration.ofDays(1)), YEAR.multipliedBy(9));
    }

    private static GquicTrust trust(final X509CertificateHolder anchor) throws Exception
    {
        final Path file = folder.resolve("anchor.pem");
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" +
            Base64.getMimeEncoder().encodeToString(anchor.getEncoded()) + "\n-----END CERTIFICATE-----\n");
        return GquicTrust.load(file);
    }
}
