// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.support.Vectors;
import dev.trishake.wire.gquic.Recordings;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Loads the PKI of the recordings, and says one clear sentence of each fault. */
class GquicIdentityTest
{
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final String EC_KEY = "1c1f44c9d26303c1a668bd907bb3adb3ccd16fe42ffb5e3906f7fd11f2678f9b";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeFiles()
    {
        for (final String name : new String[] {
            "ca.pem", "ecdsa.pem", "ecdsa.chain.pem", "ecdsa.der", "ecdsa.key", "ecdsa.sec1.pem", "ecdsa.sec1.der",
            "ecdsa.p8.der", "ecdsa.p12", "rsa.pem", "rsa.chain.pem", "rsa.key", "rsa.pkcs1.pem", "rsa.pkcs1.der",
            "rsa.encrypted.pem", "rsa.p12", "p384.key", "p384.pem", "rsa1024.key", "rsa1024.pem", "self.key",
            "self.pem"})
        {
            Vectors.file("gquic/pki/" + name, folder);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ecdsa.pem, ecdsa.key, 1", "ecdsa.der, ecdsa.p8.der, 1", "ecdsa.chain.pem, ecdsa.sec1.pem, 2",
        "ecdsa.chain.pem, ecdsa.sec1.der, 2", "ecdsa.p12, ecdsa.p12, 2", "rsa.pem, rsa.key, 1",
        "rsa.chain.pem, rsa.pkcs1.pem, 2", "rsa.chain.pem, rsa.pkcs1.der, 2", "rsa.pem, rsa.encrypted.pem, 1",
        "rsa.p12, rsa.p12, 2"})
    void shouldLoadTheSameFromEveryForm(final String certificates, final String key, final int count) throws Exception
    {
        final GquicIdentity identity =
            GquicIdentity.load(file(certificates), file(key), "123456".toCharArray(), NOW);
        final boolean rsa = certificates.startsWith("rsa");
        assertEquals(rsa, identity.isRsa());
        final String[] recorded = Vectors.lines("gquic/certificates.txt").get(rsa ? 0 : 1).split("\\|", -1);
        assertEquals(recorded[0], hex(identity.leaf()));
        assertEquals(recorded[1], littleEndian(identity.leafHash()));
        assertEquals("O=gquic test,CN=localhost", identity.subject());
        assertTrue(identity.isFor(PeerName.of("example.com")));
        assertFalse(identity.isFor(PeerName.of("other.example")));
        assertEquals(Instant.parse("2036-11-17T10:01:30Z"), identity.expires());
        final DirectBuffer list = identity.certificateLists().getFirst();
        final List<byte[]> shown = GquicChains.read(list, 0, list.capacity(), List.of());
        assertEquals(count, identity.chain().size());
        assertEquals(count, shown.size());
        assertEquals(recorded[0], Vectors.hex(shown.getFirst()));

        final UnsafeBuffer copy = new UnsafeBuffer(new byte[34]);
        identity.copyPrivateKey(copy, 1);
        assertEquals("00" + (rsa ? "00".repeat(32) : EC_KEY) + "00", hex(copy));
        if (!rsa)
        {
            // the certificate's public key, as its DER has it
            assertTrue(recorded[0].contains(hex(identity.publicKey())));
            assertEquals(72, identity.maxProofLength());
            assertThrows(IllegalStateException.class, identity::newSigner);
        }
        identity.wipe();
        identity.copyPrivateKey(copy, 1);
        assertEquals("00".repeat(34), hex(copy));
    }

    @Test
    void shouldTakeACertificateThatSignedItself() throws IdentityException
    {
        final GquicIdentity identity = GquicIdentity.load(file("self.pem"), file("self.key"), null, NOW);
        assertEquals("CN=localhost", identity.subject());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ecdsa.pem       | rsa.key           | 2027-01-01 | ecdsa.pem: the certificate does not belong to the private \
        key in rsa.key
        rsa.pem         | ecdsa.key         | 2027-01-01 | rsa.pem: the certificate does not belong to the private \
        key in ecdsa.key
        ecdsa.pem       | ecdsa.pem         | 2027-01-01 | ecdsa.pem: has no private key in it
        ecdsa.key       | ecdsa.key         | 2027-01-01 | ecdsa.key: has no certificate in it
        nothing.pem     | ecdsa.key         | 2027-01-01 | nothing.pem: there is no such file
        rsa.pem         | rsa.encrypted.pem | 2027-01-01 | rsa.encrypted.pem: is encrypted: give its password
        ecdsa.pem       | ecdsa.key         | 2026-11-20 | ecdsa.pem: the certificate of O=gquic test,CN=localhost \
        is not valid before 2026-11-20T10:01:30Z
        ecdsa.pem       | ecdsa.key         | 2036-11-18 | ecdsa.pem: the certificate of O=gquic test,CN=localhost \
        has expired on 2036-11-17T10:01:30Z
        p384.pem        | p384.key          | 2027-01-01 | p384.key: the private key is neither of RSA nor on P-256
        rsa1024.pem     | rsa1024.key       | 2027-01-01 | rsa1024.key: the private key has 1024 bits; 2048 to \
        4096 are good here
        """)
    void shouldSayWhatIsWrong(final String certificates, final String key, final String day, final String sentence)
    {
        assertSentence(sentence, certificates, key, Instant.parse(day + "T00:00:00Z"));
    }

    @Test
    void shouldSayThatAChainIsOutOfOrderOrBroken() throws Exception
    {
        final Path mixed = file("mixed.pem");
        Files.writeString(mixed, Files.readString(file("ca.pem")) + Files.readString(file("rsa.pem")));
        assertSentence("mixed.pem: the leaf, whose key is in rsa.key, must come first", "mixed.pem", "rsa.key", NOW);
        Files.writeString(mixed, Files.readString(file("rsa.pem")) + Files.readString(file("self.pem")));
        assertSentence("mixed.pem: the certificate of CN=localhost has signed none of the others, so it has no " +
            "place in the chain", "mixed.pem", "rsa.key", NOW);
        Files.writeString(mixed, Files.readString(file("rsa.pem")) + Files.readString(file("ecdsa.pem")));
        assertSentence("mixed.pem: the certificate of O=gquic test,CN=localhost is not an authority's, so it has " +
            "no place in a chain", "mixed.pem", "rsa.key", NOW);
    }

    @Test
    void shouldHaveAListForEachSetOfCertificatesThatAClientHas() throws Exception
    {
        final GquicIdentity identity = GquicIdentity.load(file("rsa.chain.pem"), file("rsa.key"), null, NOW);
        final List<byte[]> ders = List.of(bytes(identity.chain().get(0)), bytes(identity.chain().get(1)));
        assertEquals(4, identity.certificateLists().size());
        final String leaf = "02" + Vectors.lines("gquic/certificates.txt").getFirst().split("\\|", -1)[1];
        final String authority = "02" + littleEndian(GquicChains.hash(ders.get(1)));
        assertTrue(hex(identity.certificateLists().get(0)).startsWith("010100be060000"));
        assertTrue(hex(identity.certificateLists().get(1)).startsWith(leaf + "010043030000"));
        assertTrue(hex(identity.certificateLists().get(2)).startsWith("01" + authority + "007b030000"));
        assertEquals(leaf + authority + "00", hex(identity.certificateLists().get(3)));
        for (final DirectBuffer list : identity.certificateLists())
        {
            final List<byte[]> resolved = GquicChains.read(list, 0, list.capacity(), ders);
            assertArrayEquals(ders.get(0), resolved.get(0));
            assertArrayEquals(ders.get(1), resolved.get(1));
        }
    }

    private static byte[] bytes(final DirectBuffer buffer)
    {
        return Vectors.hex(hex(buffer));
    }

    private static void assertSentence(
        final String sentence, final String certificates, final String key, final Instant now)
    {
        assertEquals(sentence, assertThrows(IdentityException.class,
            () -> GquicIdentity.load(file(certificates), file(key), null, now))
            .getMessage().replace(folder + "/", ""));
    }

    private static String littleEndian(final long hash)
    {
        final UnsafeBuffer octets = new UnsafeBuffer(new byte[Long.BYTES]);
        octets.putLong(0, hash, ByteOrder.LITTLE_ENDIAN);
        return hex(octets);
    }

    private static String hex(final DirectBuffer buffer)
    {
        return Recordings.hex(buffer, 0, buffer.capacity());
    }

    private static Path file(final String name)
    {
        return folder.resolve(name);
    }
}
