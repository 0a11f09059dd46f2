// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import dev.trishake.wire.tlcp.Captures;
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
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The recorded certificates are trusted; each way in which certificates can be wrong has its alert. */
class TlcpTrustTest
{
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final PeerName HOST = PeerName.of("server.test");

    @TempDir
    private static Path folder;
    private static SecureRandom random;
    private static KeyPair signKeys;
    private static KeyPair encKeys;
    private static TestAuthority root;
    private static TestAuthority sub;
    private static TlcpTrust trust;
    private static TlcpTrust recordedTrust;

    @BeforeAll
    static void makeAuthorities() throws Exception
    {
        // seeded before its first use, so that a failing case can be had again
        random = SecureRandom.getInstance("SHA1PRNG");
        random.setSeed(7);
        signKeys = TestKeys.SM2.generate(random);
        encKeys = TestKeys.SM2.generate(random);
        root = TestAuthority.root(TestKeys.SM2, authority("CN=Root", 3), random);
        sub = root.sub(authority("CN=Sub", 0));
        trust = trust(TlcpTrust.Order.STANDARD, root);
        // gotlcp's client shows no chain, so the sub-authority is an anchor too
        recordedTrust = TlcpTrust.load(TlcpTrust.Order.STANDARD, Vectors.file("tlcp/pki/chain.crt", folder));
    }

    @Test
    void shouldTrustEveryRecordedPeer()
    {
        int servers = 0;
        int clients = 0;
        for (final Captures.Message message : Captures.messages())
        {
            if (message.hex().startsWith("0b"))
            {
                final byte[] body = Vectors.hex(message.hex().substring(8));
                final TrustVerdict verdict = recordedTrust.verify(
                    new UnsafeBuffer(body), 0, body.length,
                    message.fromClient() ? TlcpTrust.Peer.CLIENT : TlcpTrust.Peer.SERVER,
                    message.fromClient() ? PeerName.ANY : PeerName.of("localhost"), NOW);
                assertTrue(verdict.isTrusted(), () -> message + ": " + verdict);
                // GmSSL's client shows one leaf with the ECC suites
                final boolean single = message.fromClient() && message.capture().startsWith("gmssl-");
                assertEquals(single ? -1 : 1, verdict.encryptionIndex());
                servers += message.fromClient() ? 0 : 1;
                clients += message.fromClient() ? 1 : 0;
            }
        }
        assertEquals(30, servers);
        assertTrue(clients > 10, "clients: " + clients);
    }

    @Test
    void shouldGiveTheKeysAndTheTimeOfBothPaths() throws Exception
    {
        final X509CertificateHolder enc = enc("CN=server", NOW.minus(YEAR), YEAR.plusDays(3));
        final TrustVerdict verdict = verify(trust, sign("CN=server"), enc, sub.certificate());
        assertTrue(verdict.isTrusted(), verdict::toString);
        assertEquals(NOW.plus(Duration.ofDays(3)), verdict.validUntil());
        assertEquals(NOW.minus(Duration.ofDays(1)), verdict.validFrom());
        final byte[] keys = new byte[TrustVerdict.KEYS_LENGTH];
        verdict.copyKeys(new UnsafeBuffer(keys), 0);
        assertEquals(
            Vectors.hex(EcCurve.SM2.point(sign("CN=x").getSubjectPublicKeyInfo())) +
                Vectors.hex(EcCurve.SM2.point(enc.getSubjectPublicKeyInfo())),
            Vectors.hex(keys));
    }

    @Test
    void shouldAcceptOtherOrdersOfTheChainButNotOfTheLeaves() throws Exception
    {
        final X509CertificateHolder sign = sign("CN=server");
        final X509CertificateHolder enc = enc("CN=server");
        final X509CertificateHolder middle = sub.certificate();
        final X509CertificateHolder top = root.certificate();
        assertTrue(verify(trust, sign, enc, top, middle).isTrusted());
        assertTrue(verify(trust, sign, enc, middle, top, middle).isTrusted());
        assertRefused(43, "may not be used for signing", verify(trust, enc, sign, middle));
        assertRefused(40, "no encryption certificate", verify(trust, sign, middle, enc));
        assertRefused(40, "no encryption certificate", verify(trust, sign));
        assertRefused(40, "no certificate", verify(trust));

        final TlcpTrust any = trust(TlcpTrust.Order.ANY, root);
        final TrustVerdict verdict = verify(any, sign, middle, enc);
        assertTrue(verdict.isTrusted(), verdict::toString);
        assertEquals(2, verdict.encryptionIndex());
    }

    @Test
    void shouldLetAClientShowItsSigningCertificateAlone() throws Exception
    {
        final X509CertificateHolder sign = leaf(sub, signKeys, "CN=client", null, KeyUsage.digitalSignature,
            KeyPurposeId.id_kp_clientAuth, NOW.minus(YEAR), YEAR.multipliedBy(2));
        final byte[] body = body(sign, sub.certificate());
        final TrustVerdict verdict = trust.verify(
            new UnsafeBuffer(body), 0, body.length, TlcpTrust.Peer.CLIENT, PeerName.ANY, NOW);
        assertTrue(verdict.isTrusted(), verdict::toString);
        assertEquals(TrustVerdict.NO_ENCRYPTION_CERTIFICATE, verdict.encryptionIndex());
        assertRefused(43, "is for another purpose than a server's", verify(trust, sign, sign, sub.certificate()));
    }

    @Test
    void shouldRefuseEveryFaultOfEitherLeaf() throws Exception
    {
        final Instant from = NOW.minus(YEAR);
        final X509CertificateHolder sign = sign("CN=server");
        final X509CertificateHolder enc = enc("CN=server");
        final X509CertificateHolder middle = sub.certificate();
        final TestAuthority stranger = TestAuthority.root(TestKeys.SM2, authority("CN=Stranger", 3), random);
        final TestAuthority impostor = TestAuthority.root(TestKeys.SM2, authority("CN=Sub", 3), random);

        assertRefused(45, "has expired", verify(trust, sign("CN=server", from, Duration.ofDays(9)), enc, middle));
        assertRefused(45, "has expired", verify(trust, sign, enc("CN=server", from, Duration.ofDays(9)), middle));
        assertRefused(42, "not valid before", verify(trust, sign("CN=server", NOW.plus(YEAR), YEAR), enc, middle));
        assertRefused(42, "not valid before", verify(trust, sign, enc("CN=server", NOW.plus(YEAR), YEAR), middle));
        assertRefused(42, "name two entities", verify(trust, sign, enc("CN=another"), middle));
        assertRefused(48, "nobody who is trusted", verify(trust, sign, enc));
        assertRefused(48, "nobody who is trusted", verify(
            trust, sign, leaf(stranger, encKeys, "CN=server", names(), KeyUsage.keyEncipherment), middle,
            stranger.certificate()));
        // the attack of who checks the signing certificate alone: an encryption certificate that nobody signed
        assertRefused(42, "a signature on the way", verify(
            trust, sign, leaf(impostor, encKeys, "CN=server", names(), KeyUsage.keyEncipherment), middle));
        assertRefused(48, "nobody who is trusted", verify(
            trust, leaf(impostor, signKeys, "CN=server", names(), KeyUsage.digitalSignature), enc,
            impostor.certificate()));
        assertRefused(43, "may not be used for encryption", verify(
            trust, sign, leaf(sub, encKeys, "CN=server", names(), KeyUsage.digitalSignature), middle));
        assertRefused(43, "may not be used for signing", verify(
            trust, leaf(sub, signKeys, "CN=server", names(), KeyUsage.keyAgreement), enc, middle));
        assertRefused(42, "is not for server.test", verify(
            trust, leaf(sub, signKeys, "CN=server", null, KeyUsage.digitalSignature), enc, middle));
        assertRefused(42, "is not for server.test", verify(
            trust, sign, leaf(sub, encKeys, "CN=server", null, KeyUsage.keyEncipherment), middle));
        assertRefused(43, "is an authority's", verify(trust, middle, enc, sub.certificate()));
    }

    @Test
    void shouldKeepTheRulesForAuthorities() throws Exception
    {
        // the sub-authority may have no authority below it
        final TestAuthority below = sub.sub(authority("CN=Below", 0));
        assertRefused(46, "breaks a rule", verify(
            trust, leaf(below, signKeys, "CN=server", names(), KeyUsage.digitalSignature),
            leaf(below, encKeys, "CN=server", names(), KeyUsage.keyEncipherment),
            below.certificate(), sub.certificate()));
        // an authority that may not sign certificates
        final TestAuthority mute = root.sub(new TestAuthority.Contents(
            new X500Name("CN=Mute"), null, KeyUsage.cRLSign, null, 0, NOW.minus(YEAR), YEAR.multipliedBy(2)));
        assertRefused(46, "breaks a rule", verify(
            trust, leaf(mute, signKeys, "CN=server", names(), KeyUsage.digitalSignature),
            leaf(mute, encKeys, "CN=server", names(), KeyUsage.keyEncipherment), mute.certificate()));
        // a leaf that plays the authority
        final X509CertificateHolder sign = sign("CN=server");
        final X509CertificateHolder fake = sub.issue(new TestAuthority.Contents(
            new X500Name("CN=Sub"), null, KeyUsage.keyCertSign, null, -1, NOW.minus(YEAR), YEAR.multipliedBy(2)),
            signKeys);
        assertRefused(48, "nobody who is trusted", verify(trust, sign, enc("CN=server"), fake));
    }

    @Test
    void shouldNotBeBusyWithManyAuthoritiesOfOneName() throws Exception
    {
        // fourteen authorities of one name whose keys sign for each other in no way that leads anywhere
        final X509CertificateHolder[] shown = new X509CertificateHolder[16];
        final TestAuthority first = TestAuthority.root(TestKeys.SM2, authority("CN=Same", 9), random);
        shown[0] = leaf(first, signKeys, "CN=server", names(), KeyUsage.digitalSignature);
        shown[1] = leaf(first, encKeys, "CN=server", names(), KeyUsage.keyEncipherment);
        for (int i = 2; i < shown.length; i++)
        {
            shown[i] = first.issue(new TestAuthority.Contents(new X500Name("CN=Same"), null, KeyUsage.keyCertSign,
                null, 9, NOW.minus(YEAR), YEAR.multipliedBy(2)), first.keys());
        }
        final TrustVerdict verdict = verify(trust, shown);
        assertFalse(verdict.isTrusted());
        final CertificatePath.Budget budget = new CertificatePath.Budget();
        CertificatePath.of(Sm2::isSignedBy, shown[0], Arrays.asList(shown), Arrays.asList(shown[2]), budget);
        int left = 0;
        while (budget.take())
        {
            left++;
        }
        assertTrue(left > 0, "a good path takes few");
        // and one more certificate than there may be
        final X509CertificateHolder[] more = Arrays.copyOf(shown, 17);
        more[16] = shown[15];
        assertRefused(42, "more than 16", verify(trust, more));
    }

    @Test
    void shouldRefuseWhatIsDamagedWithoutAnException() throws Exception
    {
        final byte[] valid = body(sign("CN=server"), enc("CN=server"), sub.certificate());
        final int[] counts = new int[2];
        Seeded.forEach(Scale.pick(120, 20_000), random ->
        {
            final byte[] body = Arrays.copyOf(
                valid, random.nextInt(4) > 0 ? valid.length : random.nextInt(valid.length));
            Seeded.mutate(random, body, 1 + random.nextInt(3));
            final TrustVerdict verdict = trust.verify(
                new UnsafeBuffer(body), 0, body.length, TlcpTrust.Peer.SERVER, HOST, NOW);
            assertEquals(Arrays.equals(valid, body), verdict.isTrusted(), verdict::toString);
            counts[verdict.isTrusted() ? 1 : 0]++;
        });
        assertTrue(counts[0] > 50);

        // a TRUE that is not ff, which Bouncy Castle takes for the same certificate
        final byte[] other = valid.clone();
        final String critical = Vectors.hex(valid);
        final int at = critical.indexOf("0603551d0f0101ff") / 2 + 7;
        assertEquals((byte)0xff, other[at]);
        other[at] = 1;
        assertRefused(42, "is not in DER", trust.verify(
            new UnsafeBuffer(other), 0, other.length, TlcpTrust.Peer.SERVER, HOST, NOW));

        // lengths without end, one in the other, as deep as a message may be
        final byte[] nested = new byte[100_000];
        for (int i = 6; i + 1 < nested.length; i += 2)
        {
            nested[i] = 0x30;
            nested[i + 1] = (byte)0x80;
        }
        new UnsafeBuffer(nested).putByte(0, (byte)((nested.length - 3) >> 16));
        nested[1] = (byte)((nested.length - 3) >> 8);
        nested[2] = (byte)(nested.length - 3);
        nested[3] = (byte)((nested.length - 6) >> 16);
        nested[4] = (byte)((nested.length - 6) >> 8);
        nested[5] = (byte)(nested.length - 6);
        assertRefused(42, "damaged", trust.verify(
            new UnsafeBuffer(nested), 0, nested.length, TlcpTrust.Peer.SERVER, HOST, NOW));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        server_sign.crt | the certificate of C=CN,O=TLCP Test,OU=TLCP,CN=localhost is not an \
        authority's, so it can't be an anchor
        ca.key          | has no certificate in it, so it gives nobody to trust
        """)
    void shouldSayWhyAFileGivesNoAnchors(final String name, final String sentence)
    {
        final Path file = Vectors.file("tlcp/pki/" + name, folder);
        assertEquals(file + ": " + sentence, assertThrows(
            IdentityException.class, () -> TlcpTrust.load(TlcpTrust.Order.STANDARD, file)).getMessage());
    }

    private static TestAuthority.Contents authority(final String name, final int path)
    {
        return TestAuthority.Contents.authority(name, path, NOW.minus(Duration.ofDays(1)), YEAR.multipliedBy(9));
    }

    private static X509CertificateHolder sign(final String subject) throws Exception
    {
        return sign(subject, NOW.minus(YEAR), YEAR.multipliedBy(2));
    }

    private static X509CertificateHolder sign(final String subject, final Instant from, final Duration lifetime)
        throws Exception
    {
        return leaf(sub, signKeys, subject, names(), KeyUsage.digitalSignature, KeyPurposeId.id_kp_serverAuth,
            from, lifetime);
    }

    private static X509CertificateHolder enc(final String subject) throws Exception
    {
        return enc(subject, NOW.minus(YEAR), YEAR.multipliedBy(2));
    }

    private static X509CertificateHolder enc(final String subject, final Instant from, final Duration lifetime)
        throws Exception
    {
        return leaf(sub, encKeys, subject, names(), KeyUsage.keyEncipherment, KeyPurposeId.id_kp_serverAuth,
            from, lifetime);
    }

    private static X509CertificateHolder leaf(
        final TestAuthority issuer,
        final KeyPair keys,
        final String subject,
        final GeneralNames names,
        final int usage) throws Exception
    {
        return leaf(issuer, keys, subject, names, usage, null, NOW.minus(YEAR), YEAR.multipliedBy(2));
    }

    private static X509CertificateHolder leaf(
        final TestAuthority issuer,
        final KeyPair keys,
        final String subject,
        final GeneralNames names,
        final int usage,
        final KeyPurposeId purpose,
        final Instant from,
        final Duration lifetime) throws GeneralSecurityException, IOException
    {
        return issuer.issue(new TestAuthority.Contents(
            new X500Name(subject), names, usage, purpose, -1, from, lifetime), keys);
    }

    private static GeneralNames names()
    {
        return new GeneralNames(new GeneralName(GeneralName.dNSName, "server.test"));
    }

    private static TlcpTrust trust(final TlcpTrust.Order order, final TestAuthority anchor) throws IOException
    {
        final Path file = Files.writeString(folder.resolve("anchor.crt"), "-----BEGIN CERTIFICATE-----\n" +
            Base64.getMimeEncoder().encodeToString(anchor.certificate().getEncoded()) +
            "\n-----END CERTIFICATE-----\n");
        return TlcpTrust.load(order, file);
    }

    private static TrustVerdict verify(final TlcpTrust trust, final X509CertificateHolder... shown) throws IOException
    {
        final byte[] body = body(shown);
        return trust.verify(new UnsafeBuffer(body), 0, body.length, TlcpTrust.Peer.SERVER, HOST, NOW);
    }

    private static void assertRefused(final int alert, final String words, final TrustVerdict verdict)
    {
        assertEquals(alert, verdict.alert(), verdict::toString);
        assertTrue(verdict.sentence().contains(words), verdict::toString);
    }

    private static byte[] body(final X509CertificateHolder... shown) throws IOException
    {
        final ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (final X509CertificateHolder certificate : shown)
        {
            put(list, certificate.getEncoded());
        }
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        put(body, list.toByteArray());
        return body.toByteArray();
    }

    private static void put(final ByteArrayOutputStream out, final byte[] bytes)
    {
        out.write(bytes.length >> 16);
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }
}
