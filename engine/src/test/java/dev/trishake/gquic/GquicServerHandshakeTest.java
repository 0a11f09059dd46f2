// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.support.Remains;
import dev.trishake.wire.gquic.CertificateListDecoder;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.RejectReason;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What our server says to each CHLO that a client could send, clause by clause of gQUIC 7 to 9 and 15. */
class GquicServerHandshakeTest
{
    private final Acquaintances both = new Acquaintances().meet();
    private final HandshakeRig server = both.server;

    /** {@return the reasons of the REJ that a full CHLO gets once something is changed} */
    private List<Integer> reasons(final Consumer<Message> change)
    {
        return rejected(change).ints(Tag.RREJ);
    }

    private Message rejected(final Consumer<Message> change)
    {
        final Message hello = both.firstHello();
        change.accept(hello);
        final int slot = both.offer(hello);
        assertEquals(0, server.error(slot));
        assertFalse(server.isEstablished(slot));
        final Message reject = new Message(server.sent(slot));
        assertEquals(Tag.REJ, reject.tag);
        server.close(slot);
        return reject;
    }

    /** {@return the error that a full CHLO gets once something is changed} */
    private int error(final Consumer<Message> change)
    {
        final Message hello = both.firstHello();
        change.accept(hello);
        final int slot = both.offer(hello);
        assertFalse(server.isEstablished(slot));
        assertEquals(0, server.sent(slot).length);
        final int error = server.error(slot);
        server.close(slot);
        return error;
    }

    private void assertAccepted(final Consumer<Message> change)
    {
        final Message hello = both.firstHello();
        change.accept(hello);
        final int slot = both.offer(hello);
        assertEquals(0, server.error(slot));
        assertTrue(server.isEstablished(slot));
        server.close(slot);
    }

    @Test
    void shouldAcceptAFullHello()
    {
        assertAccepted(hello ->
        {
        });
    }

    @Test
    void shouldCallAHelloInchoateThatLacksWhatKeysNeed()
    {
        assertEquals(List.of(RejectReason.INCHOATE), reasons(hello -> hello.remove(Tag.PUBS)));
        assertEquals(List.of(RejectReason.INCHOATE), reasons(hello -> hello.remove(Tag.SCID)));
    }

    @Test
    void shouldRejectAnotherConfig()
    {
        assertEquals(List.of(RejectReason.UNKNOWN_CONFIG), reasons(hello -> hello.flip(Tag.SCID, 3)));
        assertEquals(List.of(RejectReason.UNKNOWN_CONFIG), reasons(hello -> hello.shorten(Tag.SCID)));
    }

    @Test
    void shouldRejectAnotherLeaf()
    {
        final List<Integer> mismatch = List.of(RejectReason.CERTIFICATE_MISMATCH);
        assertEquals(mismatch, reasons(hello -> hello.remove(Tag.XLCT)));
        assertEquals(mismatch, reasons(hello -> hello.flip(Tag.XLCT, 0)));
        assertEquals(mismatch, reasons(hello -> hello.shorten(Tag.XLCT)));
    }

    @Test
    void shouldRejectAMalformedNonce()
    {
        assertEquals(List.of(RejectReason.CLIENT_NONCE_INVALID), reasons(hello -> hello.remove(Tag.NONC)));
        assertEquals(List.of(RejectReason.CLIENT_NONCE_INVALID), reasons(hello -> hello.shorten(Tag.NONC)));
        assertEquals(List.of(RejectReason.CLIENT_NONCE_INVALID_ORBIT), reasons(hello -> hello.flip(Tag.NONC, 4)));
        assertEquals(List.of(RejectReason.CLIENT_NONCE_INVALID_ORBIT), reasons(hello -> hello.flip(Tag.NONC, 11)));
    }

    @Test
    void shouldGiveAllReasonsThereAre()
    {
        assertEquals(List.of(RejectReason.CLIENT_NONCE_INVALID_ORBIT, RejectReason.TOKEN_INVALID,
            RejectReason.CERTIFICATE_MISMATCH),
            reasons(hello -> hello.remove(Tag.STK).flip(Tag.XLCT, 1).flip(Tag.NONC, 5)));
    }

    @Test
    void shouldShowNoProofToWhomHasNoToken()
    {
        final Message without = rejected(hello -> hello.remove(Tag.STK));
        assertEquals(List.of("STK", "SVID", "SCFG", "RREJ", "STTL"), without.tags());
        assertEquals(List.of(RejectReason.TOKEN_INVALID), without.ints(Tag.RREJ));
        final Message forged = rejected(hello -> hello.flip(Tag.STK, 30));
        assertFalse(forged.has(Tag.PROF) || forged.has(Tag.CRT));
        assertEquals(List.of(RejectReason.TOKEN_DECRYPTION), forged.ints(Tag.RREJ));
        server.tuple.remoteIpv4(0x7f000002, 4433);
        assertEquals(List.of(RejectReason.TOKEN_DIFFERENT_IP), reasons(hello ->
        {
        }));
    }

    @Test
    void shouldNotTakeTokensFromTooLongAgo()
    {
        both.serverSettings.configs.rotate(ServerConfig.create(Entropy.seeded(5), -1));
        both.clientSettings.resumption(false);
        both.meet();
        both.clientSettings.resumption(true);
        server.nowNs += 86_401L * 1_000_000_000;
        assertEquals(List.of(RejectReason.TOKEN_EXPIRED), reasons(hello ->
        {
        }));
        server.nowNs -= 2 * 86_400L * 1_000_000_000;
        assertEquals(List.of(RejectReason.TOKEN_DECRYPTION), reasons(hello ->
        {
        }), "a key of the future is not known");
    }

    @Test
    void shouldShowProofToWhomHasAToken()
    {
        final Message reject = rejected(hello -> hello.remove(Tag.PUBS));
        assertEquals(List.of("STK", "SVID", "PROF", "SCFG", "RREJ", "STTL", "CRT\u00ff"), reject.tags());
    }

    @Test
    void shouldShowTheCertificatesAtOnceWhereThatIsWanted()
    {
        both.serverSettings.proofWithoutToken(true);
        assertTrue(rejected(hello -> hello.remove(Tag.STK)).has(Tag.PROF));
        assertFalse(rejected(hello -> hello.remove(Tag.STK).remove(Tag.PAD)).has(Tag.PROF), "three times as much");
    }

    @Test
    void shouldNotSendCertificatesThatTheClientHas()
    {
        final Acquaintances rsa = new Acquaintances(TestServers.RSA).meet();
        final CertificateListDecoder list = new CertificateListDecoder();
        final int[] expected = {CertificateListDecoder.CACHED, CertificateListDecoder.CACHED};
        for (int kept = 0; kept < 4; kept++)
        {
            final Message hello = rsa.firstHello().remove(Tag.PUBS);
            final byte[] hashes = hello.get(Tag.CCRT);
            assertEquals(16, hashes.length);
            final UnsafeBuffer some = new UnsafeBuffer(hashes);
            for (int i = 0; i < 2; i++)
            {
                expected[i] = CertificateListDecoder.CACHED;
                if ((kept & 1 << i) == 0)
                {
                    some.putByte(8 * i, (byte)~some.getByte(8 * i));
                    expected[i] = CertificateListDecoder.COMPRESSED;
                }
            }
            final int slot = rsa.offer(hello.put(Tag.CCRT, hashes));
            final byte[] crt = new Message(rsa.server.sent(slot)).get(Tag.CRT);
            assertTrue(list.wrap(new UnsafeBuffer(crt), 0, crt.length));
            assertArrayEquals(expected, new int[] {list.type(0), list.type(1)});
        }
    }

    @Test
    void shouldEndWhenTheVersionWasChangedOnTheWay()
    {
        assertEquals(GquicError.VERSION_NEGOTIATION_MISMATCH,
            error(hello -> hello.put(Tag.VER, (byte)'Q', (byte)'0', (byte)'3', (byte)'9')));
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER, error(hello -> hello.remove(Tag.VER)));
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER, error(hello -> hello.shorten(Tag.VER)));
        assertAccepted(hello -> hello.put(Tag.VER, (byte)0, (byte)0, (byte)0, (byte)0)); // quic-go's
        assertAccepted(hello -> hello.put(Tag.VER, (byte)'Q', (byte)'0', (byte)'9', (byte)'9'));
    }

    @Test
    void shouldWantOneKeyExchangeThatItHas()
    {
        assertEquals(GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND, error(hello -> hello.remove(Tag.AEAD)));
        assertEquals(GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND, error(hello -> hello.remove(Tag.KEXS)));
        assertEquals(GquicError.CRYPTO_NO_SUPPORT, error(hello -> hello.putInts(Tag.AEAD, Tag.AESG, Tag.CC20)));
        assertEquals(GquicError.CRYPTO_NO_SUPPORT, error(hello -> hello.putInt(Tag.AEAD, Tag.C255)));
        assertEquals(GquicError.CRYPTO_NO_SUPPORT, error(hello -> hello.putInts(Tag.KEXS, Tag.C255, Tag.P256)));
        assertEquals(GquicError.CRYPTO_NO_SUPPORT, error(hello -> hello.putInt(Tag.KEXS, Tag.AESG)));
    }

    @Test
    void shouldRefusePublicValuesThatAreNone()
    {
        final int wrong = GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER;
        assertEquals(wrong, error(hello -> hello.shorten(Tag.PUBS)));
        assertEquals(wrong, error(hello -> hello.put(Tag.PUBS, new byte[32])), "of low order");
        assertEquals(wrong, error(hello -> hello.putInt(Tag.KEXS, Tag.P256)), "of the other exchange's length");
        final byte[] point = new byte[65];
        assertEquals(wrong, error(hello -> hello.putInt(Tag.KEXS, Tag.P256).put(Tag.PUBS, point)));
        point[0] = 4;
        assertEquals(wrong, error(hello -> hello.putInt(Tag.KEXS, Tag.P256).put(Tag.PUBS, point)), "not on the curve");
    }

    @Test
    void shouldReadTransportParameters()
    {
        assertEquals(GquicError.FLOW_CONTROL_INVALID_WINDOW, error(hello -> hello.putInt(Tag.SFCW, 16383)));
        assertEquals(GquicError.FLOW_CONTROL_INVALID_WINDOW, error(hello -> hello.putInt(Tag.CFCW, 0)));
        for (final int tag : new int[] {Tag.ICSL, Tag.MIDS, Tag.MSPC, Tag.CFCW, Tag.SFCW})
        {
            assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER, error(hello -> hello.put(tag, new byte[3])));
        }
        final Message hello = both.firstHello().putInt(Tag.ICSL, 77).remove(Tag.MIDS).putInt(Tag.MSPC, 5)
            .putInt(Tag.CFCW, -1).putInt(Tag.SFCW, 16384).putInts(Tag.COPT, Tag.X509, Tag.NSTP).putInt(Tag.TCID, 0);
        server.session.wrap(both.offer(hello));
        assertEquals(77, server.session.get(GquicSession.IDLE_SECONDS));
        assertEquals(5, server.session.get(GquicSession.PEER_STREAMS));
        assertEquals(Integer.MAX_VALUE, server.session.get(GquicSession.PEER_CONNECTION_WINDOW));
        assertEquals(16384, server.session.get(GquicSession.PEER_STREAM_WINDOW));
        assertTrue(server.session.is(GquicSession.NO_STOP_WAITING));
        assertTrue(server.session.is(GquicSession.OMIT_CID));
    }

    @Test
    void shouldRefuseMessagesThatHaveNoPlace()
    {
        final Message hello = both.firstHello();
        final int early = server.open(1, GquicVersion.Q044);
        server.feed(early, hello.bytes(), GquicLevel.INITIAL);
        assertEquals(GquicError.CRYPTO_ENCRYPTION_LEVEL_INCORRECT, server.error(early));
        final int other = server.open(2, GquicVersion.Q044);
        server.feed(other, new Message(Tag.REJ).bytes(), GquicLevel.NULL);
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_TYPE, server.error(other));
        final int late = both.offer(hello);
        server.feed(late, hello.bytes(), GquicLevel.NULL);
        assertEquals(GquicError.CRYPTO_MESSAGE_AFTER_HANDSHAKE_COMPLETE, server.error(late));
    }

    @Test
    void shouldHaveEnoughOfAClientThatNeverIsRight()
    {
        final byte[] hello = both.firstHello().remove(Tag.PUBS).remove(Tag.PAD).bytes();
        final int slot = server.open(1, GquicVersion.Q044);
        for (int i = 0; i < ServerSettings.DEFAULT_HELLOS; i++)
        {
            server.feed(slot, hello, GquicLevel.NULL);
            assertEquals(Tag.REJ, new Message(server.sent(slot)).tag);
        }
        server.feed(slot, hello, GquicLevel.NULL);
        assertEquals(GquicError.CRYPTO_TOO_MANY_REJECTS, server.error(slot));
    }

    // ---- nonces

    @Test
    void shouldWantItsNonceBackWhereThatIsSo()
    {
        both.serverSettings.serverNonces(true);
        final Message hello = both.firstHello();
        final int slot = both.offer(hello);
        final Message reject = new Message(server.sent(slot));
        assertEquals(List.of(RejectReason.SERVER_NONCE_REQUIRED), reject.ints(Tag.RREJ));
        assertEquals(32, reject.get(Tag.SNO).length);

        server.feed(slot, new Message(hello.bytes()).put(Tag.SNO, reject.get(Tag.SNO)).flip(Tag.SNO, 9).bytes(),
            GquicLevel.NULL);
        final Message again = new Message(server.sent(slot));
        assertEquals(List.of(RejectReason.SERVER_NONCE_INVALID), again.ints(Tag.RREJ));
        assertArrayEquals(reject.get(Tag.SNO), again.get(Tag.SNO));

        server.feed(slot, hello.put(Tag.SNO, again.get(Tag.SNO)).bytes(), GquicLevel.NULL);
        assertTrue(server.isEstablished(slot));
        final byte[] fresh = new Message(server.sent(slot)).get(Tag.SNO);
        assertNotEquals(new UnsafeBuffer(again.get(Tag.SNO)), new UnsafeBuffer(fresh), "SHLO's is another");
    }

    @Test
    void shouldRejectANonceThatItDidNotGive()
    {
        final Message reject = rejected(hello -> hello.put(Tag.SNO, new byte[32]));
        assertEquals(List.of(RejectReason.SERVER_NONCE_INVALID), reject.ints(Tag.RREJ));
        assertTrue(reject.has(Tag.SNO));
        assertAccepted(hello -> hello.put(Tag.SNO)); // lsquic's empty one
    }

    @Test
    void shouldTakeNoFullHelloTwiceWhereNoncesAreRemembered()
    {
        both.serverSettings.strikeRegister(new StrikeRegister(1, 64, 600, Long.MIN_VALUE, 1, 2), 0);
        final Message hello = both.firstHello();
        assertTrue(server.isEstablished(both.offer(hello)));

        final int slot = both.offer(hello);

        final Message reject = new Message(server.sent(slot));
        assertEquals(List.of(RejectReason.CLIENT_NONCE_NOT_UNIQUE, RejectReason.SERVER_NONCE_REQUIRED),
            reject.ints(Tag.RREJ));
        server.feed(slot, hello.put(Tag.SNO, reject.get(Tag.SNO)).bytes(), GquicLevel.NULL);
        assertTrue(server.isEstablished(slot), "a nonce of this session can't be a replay");
    }

    @Test
    void shouldTakeLsquicsNonceWhoseTimeIsLittleEndian()
    {
        both.serverSettings.strikeRegister(new StrikeRegister(1, 64, 600, Long.MIN_VALUE, 1, 2), 0);
        assertAccepted(hello ->
        {
            final byte[] nonce = hello.get(Tag.NONC);
            hello.put(Tag.NONC, nonce);
            final UnsafeBuffer swapped = new UnsafeBuffer(nonce);
            swapped.putInt(0, Integer.reverseBytes(swapped.getInt(0)));
            hello.put(Tag.NONC, nonce);
        });
        assertEquals(List.of(RejectReason.CLIENT_NONCE_INVALID_TIME, RejectReason.SERVER_NONCE_REQUIRED),
            reasons(hello -> hello.flip(Tag.NONC, 1)));
    }

    @Test
    void shouldNotMindTheTimeWithoutAMemoryOfNonces()
    {
        assertAccepted(hello -> hello.flip(Tag.NONC, 0));
    }

    // ---- configs and proofs

    @Test
    void shouldTakeAnOlderConfigUntilItIsForgotten()
    {
        for (int i = 1; i < ServerConfigs.KEPT; i++)
        {
            both.serverSettings.configs.rotate(ServerConfig.create(Entropy.seeded(100 + i), -1));
            assertAccepted(hello ->
            {
            });
        }
        both.serverSettings.configs.rotate(ServerConfig.create(Entropy.seeded(99), -1));
        final Message reject = rejected(hello ->
        {
        });
        assertEquals(List.of(RejectReason.UNKNOWN_CONFIG), reject.ints(Tag.RREJ));
        assertEquals(both.serverSettings.configs.current().message().capacity(), reject.get(Tag.SCFG).length);
    }

    @Test
    void shouldFailAndNotThrowWhenItsConfigGoesMeanwhile()
    {
        for (final int kind : new int[] {HandshakeOperations.X25519, HandshakeOperations.KEYS})
        {
            final Message hello = both.meet().firstHello();
            server.beforeOperation = reached ->
            {
                for (int i = 0; reached == kind && i < ServerConfigs.KEPT; i++)
                {
                    both.serverSettings.configs.rotate(ServerConfig.create(Entropy.seeded(i), -1));
                }
            };
            final int slot = both.offer(hello);
            server.beforeOperation = reached ->
            {
            };
            assertFalse(server.isEstablished(slot));
            assertNotEquals(0, server.error(slot));
        }
    }

    @Test
    void shouldHaveAProofSignedOnceAndNotTooOften()
    {
        final ServerSettings settings = TestServers.settings(TestServers.RSA).foreignProofsPerSecond(20);
        final TestServers.RsaSource source = (TestServers.RsaSource)settings.credentials.proofSource();
        final Acquaintances rsa = new Acquaintances(TestServers.RSA, settings).meet();
        assertEquals(1, source.signatures);
        rsa.server.nowNs += 1_000_000_000;
        final Message hello = rsa.firstHello().remove(Tag.PUBS);
        for (int i = 0; i < 3; i++)
        {
            assertTrue(new Message(rsa.server.sent(rsa.offer(hello))).has(Tag.PROF));
        }
        assertEquals(2, source.signatures, "the same CHLO");
        int proofs = 0;
        for (int i = 0; i < 10; i++)
        {
            final int slot = rsa.offer(rsa.firstHello().remove(Tag.PUBS).putInt(Tag.SRBF, i));
            proofs += new Message(rsa.server.sent(slot)).has(Tag.PROF) ? 1 : 0;
            rsa.server.close(slot);
            assertEquals(0, rsa.client.error(rsa.client.session.slot()));
            rsa.client.close(rsa.client.session.slot());
        }
        assertTrue(proofs >= 1 && proofs < 4, "a burst of a tenth of a second: " + proofs);
    }

    @Test
    void shouldWriteAListOfItsVersions()
    {
        final int slot = both.offer(both.firstHello());
        final Message answer = new Message(server.sent(slot));
        assertEquals("Q044Q043Q039", new String(answer.get(Tag.VER), StandardCharsets.US_ASCII));
        assertEquals(List.of("STK", "SNO", "VER", "ICSL", "PUBS", "MIDS", "CFCW", "SFCW"), answer.tags());
    }

    @ParameterizedTest
    @ValueSource(strings = {"C255", "P256"})
    void shouldKeepNoSecretsOnceItHasKeys(final String exchange)
    {
        both.clientSettings.exchanges(exchange.equals("C255") ? Tag.C255 : Tag.P256);
        final byte[][] secrets = new byte[3][32];
        server.beforeOperation = kind ->
        {
            if (kind == HandshakeOperations.KEYS)
            {
                final int[] at = {HandshakeFields.PRIVATE, HandshakeFields.INITIAL_SECRET,
                    HandshakeFields.FORWARD_SECRET};
                for (int i = 0; i < 3; i++)
                {
                    server.session.memory().getBytes(server.session.at(at[i]), secrets[i]);
                }
            }
        };
        final Message hello = both.firstHello();
        final int slot = both.offer(hello);
        assertTrue(server.isEstablished(slot));
        for (final byte[] secret : secrets)
        {
            assertNotEquals(new UnsafeBuffer(new byte[32]), new UnsafeBuffer(secret));
        }
        Remains.assertNone(server.memory, secrets);
        final byte[] key = new byte[16];
        server.session.memory().getBytes(server.session.at(GquicSession.KEYS_FORWARD_READ), key);
        assertTrue(Remains.holds(server.memory, key));
        server.close(slot);
        server.beforeOperation = kind ->
        {
        };
        Remains.assertNone(server, key, secrets[0], secrets[1], secrets[2]);
        Remains.assertNone(server.memory, hello.get(Tag.STK));
    }
}
