// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.Outcome;
import dev.trishake.crypto.Kernels;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static dev.trishake.tlcp.TlcpHandshakeTest.GCM;
import static dev.trishake.tlcp.TlcpHandshakeTest.establish;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Attacks that need more than changed bytes: a peer who has keys and does wrong, or somebody between with a plan. */
class TlcpAttackTest
{
    private static final int CBC = CipherSuite.ECC_SM4_CBC_SM3;
    private static final int FIRST_SUITE = 5 + 4 + 2 + 32 + 1 + 2; // in a record with a ClientHello without an ID

    private static TlcpPair pair(final TlcpConfig client, final TlcpConfig server)
    {
        return new TlcpPair(client, server, Kernels.scalar());
    }

    private static TlcpPair pair(final int... suites)
    {
        return pair(TlcpPair.clientConfig(suites), TlcpPair.serverConfig(suites));
    }

    private static void assertRefused(final TlcpPair.Side by, final int slot, final int alert, final String what)
    {
        assertEquals(Outcome.peer(alert), by.outcome[slot], what);
        assertEquals(Outcome.peer(TlcpCore.RECEIVED | alert), by.peer.outcome[slot], what);
        assertFalse(by.isEstablished(slot) && by.peer.isEstablished(slot) && by.receivedLength[slot] > 0, what);
    }

    // ---- Finished

    /** Somebody takes the better suite out of the hello: only Finished can tell. */
    @Test
    void shouldNoticeAHelloThatWasChangedOnItsWay()
    {
        final TlcpPair pair = pair(TlcpPair.clientConfig(GCM, CBC).resumption(4, Long.MAX_VALUE / 4),
            TlcpPair.serverConfig(GCM, CBC).resumption(4, Long.MAX_VALUE / 4));
        pair.client.tamper = hello -> withoutSuite(hello, 0);
        final int slot = pair.open();
        pair.run();
        assertEquals(CBC, pair.server.session(slot).get(TlcpSession.SUITE), "the plan works until then");
        assertRefused(pair.server, slot, Alert.DECRYPT_ERROR, "the server reads Finished first");
        pair.close(slot);
        pair.client.tamper = null;
        final int good = pair.open();
        establish(pair, good);
        pair.close(good);
        pair.client.tamper = hello -> withoutSuite(hello, Tlcp.MAX_SESSION_ID_LENGTH + 2);
        final int resumed = pair.open();
        pair.run();
        assertRefused(pair.client, resumed, Alert.DECRYPT_ERROR, "resumed, the client does");
    }

    /** {@return a hello in which a suite is one that nobody has: the first or, some octets on, another one} */
    private static byte[] withoutSuite(final byte[] flight, final int offset)
    {
        if (flight[0] == ContentType.HANDSHAKE && flight[5] == HandshakeType.CLIENT_HELLO)
        {
            flight[FIRST_SUITE + offset] = 0;
            flight[FIRST_SUITE + offset + 1] = (byte)0xff; // the signal that Tongsuo sends too
        }
        return flight;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCompareEveryOctetOfFinished(final boolean ofClient)
    {
        final TlcpPair pair = pair(GCM);
        for (int octet = 0; octet < Tlcp.VERIFY_DATA_LENGTH; octet++)
        {
            final int wrong = octet;
            final TlcpPair.Side liar = ofClient ? pair.client : pair.server;
            final boolean[] isDone = new boolean[1];
            final int slot = pair.open();
            liar.beforeCrypto = () ->
            {
                final TlcpSession session = liar.session(slot);
                if (session.is(TlcpSession.SEAL_DUE) && session.is(TlcpSession.CHANGE_CIPHER_SPEC_DUE) && !isDone[0])
                {
                    flip(session, session.outputPlaintext() + 4 + wrong);
                    isDone[0] = true;
                }
            };
            pair.run();
            liar.beforeCrypto = () -> {};
            assertRefused(liar.peer, slot, Alert.DECRYPT_ERROR, "octet " + octet);
            pair.close(slot);
        }
    }

    private static void flip(final TlcpSession session, final int at)
    {
        session.memory().putByte(at, (byte)(session.memory().getByte(at) ^ 0x10));
    }

    /** A signature is good for the randoms that it is over, and for no later handshake. */
    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECDHE_SM4_GCM_SM3})
    void shouldRefuseAServerKeyExchangeOfAnotherHandshake(final int suite)
    {
        final TlcpPair pair = pair(
            TlcpPair.clientConfig(suite).credentials(TestIdentity.credentials(TestIdentity.CLIENT)),
            TlcpPair.serverConfig(suite));
        final byte[][] earlier = new byte[1][];
        pair.server.tamper = bytes ->
        {
            final List<byte[]> records = RecordList.split(bytes);
            if (records.size() > 3)
            {
                final byte[] own = records.get(2);
                records.set(2, earlier[0] == null ? own : earlier[0]);
                earlier[0] = own;
            }
            return RecordList.join(records);
        };
        final int first = pair.open();
        establish(pair, first);
        pair.close(first);
        final int second = pair.open();
        pair.run();
        assertRefused(pair.client, second, Alert.DECRYPT_ERROR, "replayed");
    }

    // ---- the pre-master secret

    /** Who sends what does not decrypt must not know what the server goes on with. */
    @Test
    void shouldGoOnWithOctetsThatNobodyKnows()
    {
        final TlcpPair pair = pair(GCM);
        final Set<List<Byte>> secrets = new HashSet<>();
        for (int i = 0; i < 4; i++)
        {
            final int at = 40 + 40 * i; // in x, y, C3, C2
            final int slot = pair.open();
            pair.client.tamper = bytes ->
            {
                if (bytes[5] == HandshakeType.CLIENT_KEY_EXCHANGE)
                {
                    bytes[at] ^= 1;
                }
                return bytes;
            };
            pair.server.beforeCrypto = () ->
            {
                final TlcpSession session = pair.server.session(slot);
                if (session.is(TlcpSession.POSTED) && session.get(TlcpSession.STEP) == TlcpStep.SCHEDULED)
                {
                    final List<Byte> secret = new ArrayList<>();
                    for (int k = 0; k < Tlcp.PRE_MASTER_SECRET_LENGTH; k++)
                    {
                        secret.add(session.memory().getByte(session.at(TlcpSession.PRE_MASTER + k)));
                    }
                    assertTrue(new HashSet<>(secret).size() > 8, () -> "not random: " + secret);
                    secrets.add(secret);
                }
            };
            pair.run();
            assertRefused(pair.server, slot, Alert.BAD_RECORD_MAC, "octet " + at);
            pair.close(slot);
        }
        assertEquals(4, secrets.size());
    }

    /** A client that encrypts another version: the same alert at the same place as for any wrong ciphertext. */
    @ParameterizedTest
    @ValueSource(ints = {0x0100, 0x0102, 0x0301, 0x0303, 0x0001})
    void shouldSayTheSameOfAWrongVersion(final int version)
    {
        final TlcpPair pair = pair(GCM);
        final int slot = pair.open();
        pair.client.beforeCrypto = () ->
        {
            final TlcpSession session = pair.client.session(slot);
            if (session.is(TlcpSession.POSTED) && session.get(TlcpSession.STEP) == TlcpStep.ENCRYPTED)
            {
                session.memory().putByte(session.at(TlcpSession.PRE_MASTER), (byte)(version >> 8));
                session.memory().putByte(session.at(TlcpSession.PRE_MASTER) + 1, (byte)version);
            }
        };
        pair.run();
        assertRefused(pair.server, slot, Alert.BAD_RECORD_MAC, Integer.toHexString(version));
        assertEquals(TlcpState.SERVER_READ_CHANGE_CIPHER_SPEC, pair.server.core.state(slot));
    }

    @Test
    void shouldRefuseMessagesThatDoNotFitAsSoonAsThatIsCertain()
    {
        final int room = 4096;
        final TlcpPair pair = pair(TlcpPair.clientConfig(GCM), TlcpPair.serverConfig(GCM).transcriptLength(room));
        for (int more = 0; more < 2; more++)
        {
            final int slot = pair.open();
            final int length = room - 4 + more;
            final byte[] begun = RecordList.record(ContentType.HANDSHAKE, HandshakeType.CLIENT_HELLO, 0, length >> 8,
                length & 0xff, 1, 1);
            pair.server.take(slot, new UnsafeBuffer(begun), 0, begun.length);
            assertEquals(more == 0 ? Outcome.NEED_INPUT : Outcome.peer(Alert.ILLEGAL_PARAMETER),
                pair.server.outcome[slot]);
            pair.close(slot);
        }
    }

    // ---- what has no place

    /** No part of a message may lie before ChangeCipherSpec: it would be read as protected. */
    @Test
    void shouldRefuseChangeCipherSpecInsideOfAMessage()
    {
        final TlcpPair pair = pair(GCM);
        final int slot = pair.open();
        pair.client.tamper = bytes ->
        {
            final List<byte[]> records = RecordList.split(bytes);
            if (records.size() == 3)
            {
                records.add(1, RecordList.record(ContentType.HANDSHAKE, HandshakeType.FINISHED));
            }
            return RecordList.join(records);
        };
        pair.run();
        assertRefused(pair.server, slot, Alert.UNEXPECTED_MESSAGE, "a begun Finished");
    }

    /** ECDHE needs the client's keys: GB/T 38636 has no other way. */
    @Test
    void shouldNotShakeHandsByEcdheWithoutTheClientsCertificates()
    {
        final int suite = CipherSuite.ECDHE_SM4_GCM_SM3;
        final TlcpPair pair = pair(
            TlcpPair.clientConfig(suite).credentials(TestIdentity.credentials(TestIdentity.CLIENT)),
            TlcpPair.serverConfig(suite));
        final int slot = pair.open();
        pair.client.tamper = bytes ->
        {
            final List<byte[]> records = RecordList.split(bytes);
            if (records.size() > 2)
            {
                records.set(0, RecordList.record(ContentType.HANDSHAKE, HandshakeType.CERTIFICATE, 0, 0, 3, 0, 0, 0));
            }
            return RecordList.join(records);
        };
        pair.run();
        assertRefused(pair.server, slot, Alert.HANDSHAKE_FAILURE, "an empty Certificate");
    }

    @Test
    void shouldNotResumeWithAnotherSuite()
    {
        final TlcpPair pair = pair(TlcpPair.clientConfig(GCM, CBC).resumption(4, Long.MAX_VALUE / 4),
            TlcpPair.serverConfig(GCM, CBC).resumption(4, Long.MAX_VALUE / 4));
        final int first = pair.open();
        establish(pair, first);
        pair.close(first);
        pair.server.tamper = bytes ->
        {
            if (bytes[5] == HandshakeType.SERVER_HELLO)
            {
                bytes[5 + 4 + 2 + 32 + 1 + Tlcp.MAX_SESSION_ID_LENGTH + 1] = (byte)CBC;
            }
            return bytes;
        };
        final int second = pair.open();
        pair.run();
        assertRefused(pair.client, second, Alert.ILLEGAL_PARAMETER, "the ID of one suite, another suite");
    }

    /** Each handshake has a random of its own on either side, and the records' keys differ. */
    @Test
    void shouldDrawWhatMustBeFresh()
    {
        final Set<String> seen = new HashSet<>();
        final TlcpPair pair = pair(TlcpPair.clientConfig(GCM).resumption(4, Long.MAX_VALUE / 4),
            TlcpPair.serverConfig(GCM).resumption(4, Long.MAX_VALUE / 4));
        for (int i = 0; i < 3; i++)
        {
            final int slot = pair.open();
            establish(pair, slot);
            final TlcpSession session = pair.server.session(slot);
            seen.add(TlcpReplay.hex(session.memory(), session.at(TlcpSession.CLIENT_RANDOM), 32));
            seen.add(TlcpReplay.hex(session.memory(), session.at(TlcpSession.SERVER_RANDOM), 32));
            seen.add(TlcpReplay.hex(session.memory(), session.at(TlcpSession.KEY_BLOCK), 40));
            assertNotEquals("00".repeat(32),
                TlcpReplay.hex(session.memory(), session.at(TlcpSession.SERVER_RANDOM), 32));
            pair.close(slot);
        }
        assertEquals(9, seen.size());
    }
}
