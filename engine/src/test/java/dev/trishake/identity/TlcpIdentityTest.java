// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.support.Vectors;
import dev.trishake.wire.tlcp.Captures;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Loads the PKI of the captures, and says one clear sentence of each fault. */
class TlcpIdentityTest
{
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final String SERVER_SIGN_KEY = "faf3f4af5035c87ed784b08c5b2663d0c7073a50d077d5ecb09631f7eccaff90";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeFiles()
    {
        for (final String name : new String[] {
            "ca.crt", "subca.crt", "chain.crt", "server_sign.crt", "server_sign.key", "server_sign.p8.der",
            "server_sign.p12", "server_enc.crt", "server_enc.key", "server_enc.p8.der", "server_enc.p12",
            "client_sign.crt", "client_sign.key", "client_enc.crt", "client_enc.key", "server_double.crt",
            "server_sign_chain.crt"})
        {
            Vectors.file("tlcp/pki/" + name, folder);
        }
    }

    @Test
    void shouldShowWhatTongsuoAndGmsslHaveShown() throws IdentityException
    {
        assertEquals(recorded("tongsuo-E013-clientauth", false), body(server("chain.crt")));
        assertEquals(recorded("gmssl-E013-noauth", false), body(server("subca.crt")));
        final TlcpIdentity client = new IdentityLoader()
            .signing(file("client_sign.crt"), file("client_sign.key"))
            .encryption(file("client_enc.crt"), file("client_enc.key"))
            .chain(file("chain.crt"))
            .load(NOW);
        assertEquals(recorded("tongsuo-E013-clientauth", true), body(client));
        assertEquals("C=CN,O=TLCP Test,OU=TLCP,CN=TLCP Client", client.subject());
    }

    @ParameterizedTest
    @CsvSource({
        "server_sign.crt, server_sign.key, server_enc.crt, server_enc.key, chain.crt",
        "server_sign.crt, server_sign.p8.der, server_enc.crt, server_enc.p8.der, chain.crt",
        "server_sign.p12, server_sign.p12, server_enc.p12, server_enc.p12,",
        "server_sign_chain.crt, server_sign.key, server_enc.crt, server_enc.key, chain.crt"})
    void shouldLoadTheSameFromEveryForm(
        final String sign, final String signKey, final String enc, final String encKey, final String chain)
        throws IdentityException
    {
        final TlcpIdentity identity = new IdentityLoader()
            .signing(file(sign), file(signKey))
            .encryption(file(enc), file(encKey))
            .chain(chain == null ? null : file(chain))
            .password("123456".toCharArray())
            .load(NOW);
        assertEquals(recorded("tongsuo-E013-clientauth", false), body(identity));
        final UnsafeBuffer keys = new UnsafeBuffer(new byte[70]);
        identity.copyPrivateKeys(keys, 3);
        assertEquals(SERVER_SIGN_KEY, hex(keys, 3, 32));
        assertEquals(hex(identity.publicKeys(), 0, 64), Vectors.hex(
            EcCurve.SM2.pointOf(new BigInteger(1, Vectors.hex(SERVER_SIGN_KEY)))));
        assertEquals(Vectors.hex(EcCurve.SM2.pointOf(new BigInteger(1, Vectors.hex(hex(keys, 35, 32))))),
            hex(identity.publicKeys(), 64, 64));
        identity.wipe();
        identity.copyPrivateKeys(keys, 3);
        assertEquals("00".repeat(64), hex(keys, 3, 64));
    }

    @Test
    void shouldKnowItsEncryptionCertificateAndNames() throws IOException
    {
        final TlcpIdentity identity = server("chain.crt");
        final X509CertificateHolder encryption =
            Credentials.read(file("server_enc.crt"), null).certificates().getFirst();
        assertEquals(
            Vectors.hex(encryption.getEncoded()),
            hex(identity.certificateBody(), identity.encryptionCertificateOffset(),
                identity.encryptionCertificateLength()));
        assertTrue(identity.isFor(PeerName.of("tlcp.test")));
        assertTrue(identity.isFor(PeerName.of("127.0.0.1")));
        assertFalse(identity.isFor(PeerName.of("other.test")));
        assertEquals(Instant.parse("2036-11-17T10:09:22Z"), identity.expires());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        server_sign.crt | client_sign.key | server_enc.crt | server_enc.key | chain.crt | server_sign.crt \
        (signing): the certificate does not belong to the private key in client_sign.key
        server_sign.crt | server_sign.key | server_enc.crt | server_sign.key | chain.crt | server_enc.crt \
        (encryption): the certificate does not belong to the private key in server_sign.key
        server_enc.crt | server_enc.key | server_enc.crt | server_enc.key | chain.crt | server_enc.crt \
        (signing): the certificate may not be used for signing: its key usage must have digitalSignature or \
        nonRepudiation
        server_sign.crt | server_sign.key | server_sign.crt | server_sign.key | chain.crt | server_sign.crt \
        (encryption): the certificate may not be used for encryption: its key usage must have \
        keyEncipherment, dataEncipherment or keyAgreement
        server_sign.crt | server_sign.key | client_enc.crt | client_enc.key | chain.crt | client_enc.crt \
        (encryption): names another entity than the signing certificate: their subjects and alternative \
        names must be the same
        server_sign.crt | server_sign.key | server_enc.crt | server_enc.key | ca.crt | server_sign.crt (signing): \
        nobody in the chain has signed the certificate, whose issuer is C=CN,O=TLCP Test,CN=TLCP Test Sub CA
        subca.crt | server_sign.key | server_enc.crt | server_enc.key | | subca.crt (signing): the first \
        certificate is an authority's: the leaf comes first
        server_sign.key | server_sign.key | server_enc.crt | server_enc.key | | server_sign.key (signing): \
        has no certificate in it
        server_sign.crt | server_sign.key | server_enc.crt | server_enc.key | server_sign.key | \
        server_sign.key: has no certificate of an authority in it
        server_sign.crt | chain.crt | server_enc.crt | server_enc.key | | chain.crt: has no private key in it
        """)
    void shouldSayWhatIsWrong(
        final String sign,
        final String signKey,
        final String enc,
        final String encKey,
        final String chain,
        final String sentence)
    {
        final IdentityLoader loader = new IdentityLoader()
            .signing(file(sign), file(signKey))
            .encryption(file(enc), file(encKey))
            .chain(chain == null ? null : file(chain));
        final String said = assertThrows(IdentityException.class, () -> loader.load(NOW)).getMessage();
        assertEquals(sentence, said.replace(folder + "/", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "2026-11-20T10:09:21Z (signing): the certificate is not valid before 2026-11-20T10:09:22Z",
        "2036-11-17T10:09:23Z (signing): the certificate has expired on 2036-11-17T10:09:22Z"})
    void shouldSayWhenItIsNotValid(final String timeAndSentence)
    {
        final String[] words = timeAndSentence.split(" ", 2);
        assertEquals(file("server_sign.crt") + " " + words[1], assertThrows(IdentityException.class, () ->
            new IdentityLoader()
                .signing(file("server_sign.crt"), file("server_sign.key"))
                .encryption(file("server_enc.crt"), file("server_enc.key"))
                .load(Instant.parse(words[0]))).getMessage());
    }

    @Test
    void shouldSayThatBothPairsAreNeeded()
    {
        assertEquals("TLCP needs two certificates with their keys, for signing and for encryption: name both",
            assertThrows(IdentityException.class, () -> new IdentityLoader()
                .signing(file("server_sign.crt"), file("server_sign.key")).load(NOW)).getMessage());
    }

    @Test
    void shouldSayThatAChainIsBroken() throws Exception
    {
        final SecureRandom random = new SecureRandom();
        final TestAuthority other = TestAuthority.root(
            TestKeys.SM2, TestAuthority.Contents.authority("CN=Other", 1, NOW, Duration.ofDays(9)), random);
        final Path chain = folder.resolve("broken.crt");
        Files.writeString(chain, pem(Credentials.read(file("subca.crt"), null).certificates().getFirst()) +
            pem(other.certificate()));
        assertFault(chain, "broken.crt: the certificate of CN=Other has signed none of the others, so it has " +
            "no place in the chain");

        final KeyPair keys = TestKeys.SM2.generate(random);
        final X509CertificateHolder leaf = other.issue(new TestAuthority.Contents(
            new X500Name("CN=Leaf"), null, KeyUsage.digitalSignature, null, -1, NOW, Duration.ofDays(9)), keys);
        Files.writeString(chain, pem(Credentials.read(file("subca.crt"), null).certificates().getFirst()) + pem(leaf));
        assertFault(
            chain, "broken.crt: the certificate of CN=Leaf is not an authority's, so it has no place in a chain");

        final TestAuthority old = TestAuthority.root(
            TestKeys.SM2,
            TestAuthority.Contents.authority("CN=Old", 1, NOW.minus(Duration.ofDays(9)), Duration.ofDays(8)), random);
        Files.writeString(chain, pem(old.certificate()));
        assertFault(chain, "broken.crt: the certificate of CN=Old is not valid now");
    }

    private static void assertFault(final Path chain, final String sentence)
    {
        assertEquals(sentence, assertThrows(IdentityException.class, () -> new IdentityLoader()
            .signing(file("server_sign.crt"), file("server_sign.key"))
            .encryption(file("server_enc.crt"), file("server_enc.key"))
            .chain(chain).load(NOW)).getMessage().replace(folder + "/", ""));
    }

    private static TlcpIdentity server(final String chain) throws IdentityException
    {
        return new IdentityLoader()
            .signing(file("server_sign.crt"), file("server_sign.key"))
            .encryption(file("server_enc.crt"), file("server_enc.key"))
            .chain(file(chain))
            .load(NOW);
    }

    private static String recorded(final String capture, final boolean fromClient)
    {
        return Captures.messages().stream()
            .filter(message -> message.capture().equals(capture) && message.fromClient() == fromClient)
            .map(Captures.Message::hex)
            .filter(hex -> hex.startsWith("0b"))
            .findFirst().orElseThrow().substring(8);
    }

    private static String body(final TlcpIdentity identity)
    {
        return hex(identity.certificateBody(), 0, identity.certificateBody().capacity());
    }

    private static String hex(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return Vectors.hex(bytes);
    }

    private static String pem(final X509CertificateHolder certificate) throws IOException
    {
        return "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate.getEncoded()) +
            "\n-----END CERTIFICATE-----\n";
    }

    private static Path file(final String name)
    {
        return folder.resolve(name);
    }
}
