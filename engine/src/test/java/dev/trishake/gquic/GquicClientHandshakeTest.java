// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.support.Remains;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What our client makes of each REJ and SHLO that a server could send, clause by clause of gQUIC 7, 11, 15 and 16. */
class GquicClientHandshakeTest extends ClientConversation
{
    /** {@return the error of a client that reads the proof once something is changed} */
    private int rejectError(final Consumer<Message> change)
    {
        final Message reject = proven();
        change.accept(reject);
        read(reject);
        return end();
    }

    /** {@return the error of a client that reads SHLO once something is changed} */
    private int helloError(final Consumer<Message> change, final int level)
    {
        read(proven());
        final Message hello = answer();
        assertEquals(Tag.SHLO, hello.tag);
        change.accept(hello);
        client.feed(own, hello.bytes(), level);
        assertFalse(client.isEstablished(own));
        return end();
    }

    private int helloError(final Consumer<Message> change)
    {
        return helloError(change, GquicLevel.INITIAL);
    }

    private static void nothing(final Message message)
    {
    }

    // ---- CHLO

    @Test
    void shouldAskWithALongHello()
    {
        begin();
        final byte[] hello = client.sent(own);
        final Message message = new Message(hello);
        assertEquals(1040, hello.length);
        assertEquals(List.of("PAD", "SNI", "VER", "PDMD", "ICSL", "MIDS", "CFCW", "SFCW"), message.tags());
        assertEquals("server.example", new String(message.get(Tag.SNI), StandardCharsets.US_ASCII));
        assertEquals("Q044", new String(message.get(Tag.VER), StandardCharsets.US_ASCII));
        assertEquals("X509", new String(message.get(Tag.PDMD), StandardCharsets.US_ASCII));
    }

    @Test
    void shouldSayNoAddressInSni()
    {
        for (final String name : new String[] {"127.0.0.1", "::1", ""})
        {
            final HandshakeRig rig = new HandshakeRig(
                HandshakeRig.config(), new ClientSettings(both.trust, new UnixTime(), name), 1);
            final int slot = rig.open();
            rig.start(slot);
            final byte[] hello = rig.sent(slot);
            assertFalse(new Message(hello).has(Tag.SNI), name);
            assertEquals(1040, hello.length);
        }
    }

    @Test
    void shouldBringTokenAndConfigBack()
    {
        begin();
        final Message reject = answer();
        read(reject);
        final Message second = new Message(client.sent(own));
        assertArrayEquals(reject.get(Tag.STK), second.get(Tag.STK));
        assertArrayEquals(new Message(reject.get(Tag.SCFG)).get(Tag.SCID), second.get(Tag.SCID));
        assertFalse(second.has(Tag.PUBS) || second.has(Tag.NONC));
    }

    @Test
    void shouldSayWhichCertificatesItHas()
    {
        read(proven());
        final Message full = new Message(client.sent(own));
        final byte[] hash = new byte[8];
        new UnsafeBuffer(hash).putLong(0, both.trust.hash(0, 0));
        assertArrayEquals(hash, full.get(Tag.XLCT));
        assertArrayEquals(hash, full.get(Tag.CCRT), "lsquic wants it");
        assertEquals(32, full.get(Tag.NONC).length);
        assertEquals((int)HandshakeRig.NOW_SECONDS,
            Integer.reverseBytes(new UnsafeBuffer(full.get(Tag.NONC)).getInt(0)));
        assertTrue(client.session.wrap(own).is(GquicSession.HAS_INITIAL_WRITE));
    }

    @Test
    void shouldUseNeitherNonceNorKeyTwice()
    {
        both.clientSettings.resumption(true);
        both.meet();
        final Message first = both.firstHello();
        final Message second = both.firstHello();
        for (final int tag : new int[] {Tag.NONC, Tag.PUBS})
        {
            assertNotEquals(new UnsafeBuffer(first.get(tag)), new UnsafeBuffer(second.get(tag)));
        }
    }

    // ---- REJ

    @Test
    void shouldGiveUpAfterThreeRejects()
    {
        begin();
        final byte[] reject = answer().bytes();
        for (int i = 0; i < 2; i++)
        {
            assertEquals(i + 1, client.session.wrap(own).get(GquicSession.HELLOS));
            client.feed(own, reject, GquicLevel.NULL);
            assertEquals(0, client.error(own));
            assertTrue(client.sent(own).length > 0);
        }
        client.feed(own, reject, GquicLevel.NULL);
        assertEquals(GquicError.CRYPTO_TOO_MANY_REJECTS, client.error(own));
        assertEquals(0, client.sent(own).length);
    }

    @Test
    void shouldRefuseAProofThatIsNone()
    {
        assertEquals(0, rejectError(GquicClientHandshakeTest::nothing));
        final int invalid = GquicError.PROOF_INVALID;
        assertEquals(invalid, rejectError(reject -> reject.flip(Tag.PROF, 20)));
        assertEquals(invalid, rejectError(reject -> reject.shorten(Tag.PROF)));
        assertEquals(invalid, rejectError(reject -> reject.put(Tag.PROF)));
        assertEquals(invalid, rejectError(reject ->
        {
            final byte[] config = ServerConfig.create(Entropy.seeded(3), -1).message().byteArray();
            reject.put(Tag.SCFG, config);
        }), "of another config");
        final byte[] old = proven().get(Tag.PROF);
        end();
        assertEquals(invalid, rejectError(reject -> reject.put(Tag.PROF, old)), "of another CHLO");
    }

    @Test
    void shouldRefuseAProofByRsaThatIsNone()
    {
        final Acquaintances rsa = new Acquaintances(TestServers.RSA);
        for (int i = 0; i < 2; i++)
        {
            final int slot = rsa.client.open(CID + i, GquicVersion.Q044);
            final int peer = rsa.server.open(CID + i, GquicVersion.Q044);
            rsa.client.start(slot);
            rsa.server.feed(peer, rsa.client.sent(slot), GquicLevel.NULL);
            rsa.client.feed(slot, rsa.server.sent(peer), GquicLevel.NULL);
            rsa.server.feed(peer, rsa.client.sent(slot), GquicLevel.NULL);
            final Message reject = new Message(rsa.server.sent(peer));
            assertEquals(256, reject.get(Tag.PROF).length);
            rsa.client.feed(slot, i == 0 ? reject.flip(Tag.PROF, 255).bytes() : reject.bytes(), GquicLevel.NULL);
            assertEquals(i == 0 ? GquicError.PROOF_INVALID : 0, rsa.client.error(slot));
        }
    }

    @Test
    void shouldRefuseHalfAProof()
    {
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER, rejectError(reject -> reject.remove(Tag.PROF)));
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER, rejectError(reject -> reject.remove(Tag.CRT)));
        assertEquals(GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND, rejectError(reject -> reject.remove(Tag.SCFG)));
    }

    @Test
    void shouldRefuseAConfigThatIsNone()
    {
        assertEquals(GquicError.CRYPTO_INVALID_VALUE_LENGTH, rejectError(reject -> reject.shorten(Tag.SCFG)));
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_TYPE, rejectError(reject -> reject.flip(Tag.SCFG, 0)));
        assertEquals(GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND, rejectError(reject -> reject.put(
            Tag.SCFG, new Message(reject.get(Tag.SCFG)).remove(Tag.OBIT).bytes())));
        assertEquals(GquicError.CRYPTO_SERVER_CONFIG_EXPIRED, rejectError(reject -> reject.put(Tag.SCFG,
            new Message(reject.get(Tag.SCFG)).put(Tag.EXPY, new byte[8]).bytes())));
    }

    @Test
    void shouldRefuseValuesThatAreTooLong()
    {
        assertEquals(0, rejectError(reject -> reject.put(Tag.SNO, new byte[96])));
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER,
            rejectError(reject -> reject.put(Tag.SNO, new byte[97])));
        assertEquals(0, rejectError(reject -> reject.put(Tag.STK, new byte[512])));
        assertEquals(GquicError.CRYPTO_INVALID_VALUE_LENGTH,
            rejectError(reject -> reject.put(Tag.STK, new byte[513])));
    }

    @Test
    void shouldAskWhetherToTrustAndWait() throws Exception
    {
        both.trust.isKnown = false;
        final Message reject = proven();
        assertEquals(GquicStep.AWAIT_CERTIFICATE, client.feed(own, reject.bytes(), GquicLevel.NULL));
        assertEquals(GquicStep.AWAIT_CERTIFICATE, client.again(own));
        assertArrayEquals(reject.get(Tag.CRT), Arrays.copyOf(
            both.trust.certificates.byteArray(), both.trust.certificatesLength));
        final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update(new byte[] {14, 0, 0, 0});
        sha256.update("server.example".getBytes(StandardCharsets.US_ASCII));
        assertArrayEquals(sha256.digest(reject.get(Tag.CRT)), both.trust.fingerprint.byteArray());

        both.trust.isKnown = true;
        client.again(own);
        assertEquals(0, client.error(own));
        assertTrue(new Message(client.sent(own)).has(Tag.PUBS));
    }

    @Test
    void shouldEndWhereTheServerIsNotTrusted()
    {
        both.trust.error = GquicError.PROOF_INVALID;
        assertEquals(GquicError.PROOF_INVALID, rejectError(GquicClientHandshakeTest::nothing));
        assertEquals(1, both.trust.asked);
    }

    @Test
    void shouldHaveNothingInCommonWithSomeServers()
    {
        both.clientSettings.aeads(Tag.CC20);
        final ServerConfig old = both.serverSettings.configs.current();
        final UnsafeBuffer secrets = new UnsafeBuffer(new byte[ServerConfig.SECRETS_LENGTH]);
        old.copySecrets(secrets, 0);
        both.serverSettings.configs.rotate(
            new ServerConfig(secrets, 0, new int[] {Tag.AESG}, new int[] {Tag.C255}));
        assertEquals(GquicError.CRYPTO_NO_SUPPORT, rejectError(GquicClientHandshakeTest::nothing));
        both.clientSettings.aeads(Tag.AESG).exchanges(Tag.P256);
        assertEquals(GquicError.CRYPTO_NO_SUPPORT, rejectError(GquicClientHandshakeTest::nothing));
    }

    /** A REJ after the proof with the same config: go on. With another one and no proof: the old one is void. */
    @Test
    void shouldNotLetAnotherConfigUseAnOldProof()
    {
        for (final boolean isOther : new boolean[] {false, true})
        {
            read(proven());
            final Message full = new Message(client.sent(own));
            server.feed(other, full.flip(Tag.NONC, 4).bytes(), GquicLevel.NULL); // the server rejects it
            final Message reject = new Message(server.sent(other)).remove(Tag.PROF).remove(Tag.CRT);
            if (isOther)
            {
                final byte[] config = new Message(reject.get(Tag.SCFG)).flip(Tag.SCID, 0).bytes();
                reject.put(Tag.SCFG, config);
            }
            client.session.wrap(own).set(GquicSession.HELLOS, 2);
            read(reject);
            assertEquals(isOther ? GquicError.PROOF_INVALID : 0, client.error(own));
            assertEquals(isOther ? 0 : 1040, client.sent(own).length);
            client.close(own);
            server.close(other);
        }
    }

    @Test
    void shouldForgetInitialKeysWhenItIsRejected()
    {
        read(proven());
        final Message full = new Message(client.sent(own));
        final byte[] key = new byte[16];
        client.session.wrap(own);
        client.session.memory().getBytes(client.session.at(GquicSession.KEYS_INITIAL_WRITE), key);
        assertTrue(Remains.holds(client.memory, key));
        both.trust.isKnown = false;
        client.session.set(GquicSession.HELLOS, 2);
        server.feed(other, full.flip(Tag.NONC, 4).bytes(), GquicLevel.NULL); // the server rejects it
        read(new Message(server.sent(other)));
        assertFalse(client.session.wrap(own).is(GquicSession.HAS_INITIAL_WRITE));
        Remains.assertNone(client.memory, key);
    }

    // ---- SHLO

    @Test
    void shouldReadNoServerHelloWithoutProtection()
    {
        assertEquals(GquicError.CRYPTO_ENCRYPTION_LEVEL_INCORRECT,
            helloError(GquicClientHandshakeTest::nothing, GquicLevel.NULL));
    }

    @Test
    void shouldRefuseAServerHelloThatLacksSomething()
    {
        assertEquals(GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND, helloError(hello -> hello.remove(Tag.PUBS)));
        assertEquals(GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND, helloError(hello -> hello.remove(Tag.SNO)));
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER, helloError(hello -> hello.remove(Tag.VER)));
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER, helloError(hello -> hello.shorten(Tag.VER)));
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER, helloError(hello -> hello.shorten(Tag.PUBS)));
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER,
            helloError(hello -> hello.put(Tag.PUBS, new byte[32])), "of low order");
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER,
            helloError(hello -> hello.put(Tag.SNO, new byte[97])));
        assertEquals(GquicError.FLOW_CONTROL_INVALID_WINDOW, helloError(hello -> hello.putInt(Tag.SFCW, 1)));
    }

    @Test
    void shouldCompareVersionsAfterTheyWereNegotiated()
    {
        final int[][] negotiated = {
            {GquicVersion.Q044, GquicVersion.Q043, GquicVersion.Q039}, {GquicVersion.Q044, GquicVersion.Q043},
            {GquicVersion.Q043, GquicVersion.Q044, GquicVersion.Q039}, {},
            {GquicVersion.Q044, GquicVersion.Q043, GquicVersion.Q039, 0x51303335}};
        for (int i = 0; i < negotiated.length; i++)
        {
            read(proven());
            final Message hello = answer();
            // reserved labels are there to be ignored
            hello.put(Tag.VER, "Q044Z*:zQ043Q039"
                .getBytes(StandardCharsets.US_ASCII));
            client.session.wrap(own).raise(GquicSession.NEGOTIATED);
            client.session.set(GquicSession.LABEL_COUNT, negotiated[i].length);
            for (int j = 0; j < negotiated[i].length; j++)
            {
                client.session.set(GquicSession.LABELS + 4 * j, negotiated[i][j]);
            }
            read(hello);
            assertEquals(i == 0, client.isEstablished(own));
            assertEquals(i == 0 ? 0 : GquicError.VERSION_NEGOTIATION_MISMATCH, end());
        }
    }

    @Test
    void shouldRefuseMessagesThatHaveNoPlace()
    {
        begin();
        final byte[] reject = answer().bytes();
        client.feed(own, new Message(Tag.SHLO).bytes(), GquicLevel.INITIAL);
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_TYPE, end());
        begin();
        client.feed(own, new Message(Tag.CHLO).bytes(), GquicLevel.NULL);
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_TYPE, end());
        begin();
        client.feed(own, new Message(Tag.SREJ).bytes(), GquicLevel.NULL);
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_TYPE, end());
        begin();
        client.feed(own, reject, GquicLevel.INITIAL);
        assertEquals(GquicError.CRYPTO_ENCRYPTION_LEVEL_INCORRECT, end());
        read(proven());
        read(answer());
        assertTrue(client.isEstablished(own));
        client.feed(own, new Message(Tag.SCUP).bytes(), GquicLevel.FORWARD_SECURE);
        assertEquals(0, client.error(own));
        client.feed(own, reject, GquicLevel.FORWARD_SECURE);
        assertEquals(GquicError.CRYPTO_MESSAGE_AFTER_HANDSHAKE_COMPLETE, client.error(own));
    }

    @Test
    void shouldReadWhatTheServerAllows()
    {
        read(proven());
        read(answer().putInt(Tag.MIDS, 7).putInt(Tag.SFCW, 20_000));
        assertTrue(client.isEstablished(own));
        assertEquals(7, client.session.get(GquicSession.PEER_STREAMS));
        assertEquals(20_000, client.session.get(GquicSession.PEER_STREAM_WINDOW));
    }

    @Test
    void shouldKeepNoSecretsOnceItHasKeys()
    {
        read(proven());
        final byte[] privateKey = new byte[32];
        client.session.wrap(own);
        client.session.memory().getBytes(client.session.at(HandshakeFields.PRIVATE), privateKey);
        assertTrue(Remains.holds(client.memory, privateKey));
        client.nonce(own, new byte[32]);
        read(answer());
        assertTrue(client.isEstablished(own));
        final byte[] key = new byte[16];
        client.session.memory().getBytes(client.session.at(GquicSession.KEYS_FORWARD_WRITE), key);
        Remains.assertNone(client, privateKey);
        client.close(own);
        Remains.assertNone(client, key);
    }

    @Test
    void shouldReadOnlyWholeMessages()
    {
        begin();
        final byte[] reject = answer().bytes();
        client.feed(own, Arrays.copyOf(reject, reject.length - 1), GquicLevel.NULL);
        assertEquals(1, client.session.wrap(own).get(GquicSession.HELLOS));
        client.feed(own, new byte[] {reject[reject.length - 1]}, GquicLevel.NULL);
        assertEquals(2, client.session.wrap(own).get(GquicSession.HELLOS));
    }
}
