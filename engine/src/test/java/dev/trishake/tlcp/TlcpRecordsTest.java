// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.crypto.Kernels;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static dev.trishake.tlcp.TlcpHandshakeTest.GCM;
import static dev.trishake.tlcp.TlcpHandshakeTest.establish;
import static dev.trishake.tlcp.TlcpHandshakeTest.exchange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Protected records of a peer who has the keys and sends what he must not, or of somebody who sends them again. */
class TlcpRecordsTest
{
    private static final byte[] TEXT = new byte[20];

    private static TlcpPair pair(final TlcpConfig client, final TlcpConfig server)
    {
        return new TlcpPair(client, server, Kernels.scalar());
    }

    private static TlcpPair pair(final int... suites)
    {
        return pair(TlcpPair.clientConfig(suites), TlcpPair.serverConfig(suites));
    }

    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3})
    void shouldRefuseRecordsThatComeTwiceOrInAnotherOrder(final int suite)
    {
        final TlcpPair pair = pair(suite);
        for (final boolean isTwice : new boolean[] {true, false})
        {
            final int slot = pair.open();
            establish(pair, slot);
            final List<byte[]> sent = new ArrayList<>();
            pair.client.tamper = bytes ->
            {
                sent.add(bytes);
                return sent.size() == 1 ? (isTwice ? RecordList.join(List.of(bytes, bytes)) : new byte[0]) :
                    RecordList.join(List.of(sent.get(1), sent.get(0)));
            };
            pair.client.send(slot, TEXT);
            pair.run();
            if (!isTwice)
            {
                pair.client.send(slot, TEXT);
                pair.run();
            }
            pair.client.tamper = null;
            assertEquals(Outcome.peer(Alert.BAD_RECORD_MAC), pair.server.outcome[slot]);
            assertEquals(isTwice ? TEXT.length : 0, pair.server.receivedLength[slot]);
            pair.close(slot);
        }
    }

    /** GCM is lost where a nonce comes twice under one key, CBC tells equal beginnings where an IV does. */
    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3})
    void shouldSealUnderANewNonceEachTime(final int suite)
    {
        final TlcpPair pair = pair(suite);
        final int slot = pair.open();
        final Set<String> nonces = new HashSet<>();
        pair.client.tamper = bytes ->
        {
            final byte[] last = RecordList.split(bytes).getLast();
            final boolean isFinished = last[0] == ContentType.HANDSHAKE && RecordList.split(bytes).size() > 2;
            if (last[0] == ContentType.APPLICATION_DATA || isFinished)
            {
                nonces.add(Arrays.toString(Arrays.copyOfRange(last, 5, suite == GCM ? 13 : 21)));
            }
            return bytes;
        };
        establish(pair, slot);
        for (int i = 0; i < 8; i++)
        {
            pair.client.send(slot, TEXT);
            pair.run();
        }
        assertEquals(9, nonces.size(), "Finished and eight records");
    }

    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3})
    void shouldTakeRecordsOfSixteenKibibytesAndNotAnOctetMore(final int suite)
    {
        final int most = RecordHeaderFlyweight.MAX_PLAINTEXT_LENGTH;
        for (int more = 0; more < 2; more++)
        {
            final TlcpPair pair =
                pair(TlcpPair.clientConfig(suite).fragmentLength(most), TlcpPair.serverConfig(suite));
            final int slot = pair.open();
            establish(pair, slot);
            sendAs(pair.client, slot, ContentType.APPLICATION_DATA, new byte[most], most + more);
            pair.run();
            assertEquals(more == 0 ? most : 0, pair.server.receivedLength[slot]);
            assertEquals(more == 0 ? Outcome.DONE : Outcome.peer(Alert.RECORD_OVERFLOW), pair.server.outcome[slot]);
        }
    }

    /** Lets a side that has the keys seal a record of any type, of any length that has room. */
    private static void sendAs(
        final TlcpPair.Side side, final int slot, final int type, final byte[] plaintext, final int length)
    {
        assertTrue(side.send(slot, plaintext.length == 0 ? TEXT : plaintext) > 0);
        side.session(slot).set(TlcpSession.OUTPUT_TYPE, type);
        side.session(slot).set(TlcpSession.OUTPUT_LENGTH, length);
    }

    private static void sendAs(final TlcpPair.Side side, final int slot, final int type, final int... plaintext)
    {
        final byte[] octets = new byte[plaintext.length];
        for (int i = 0; i < octets.length; i++)
        {
            octets[i] = (byte)plaintext[i];
        }
        sendAs(side, slot, type, octets, octets.length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRefuseRenegotiationAFewTimesAndThenEnd(final boolean byClient)
    {
        final TlcpPair pair = pair(GCM);
        final int slot = pair.open();
        establish(pair, slot);
        final TlcpPair.Side asking = byClient ? pair.client : pair.server;
        final int type = byClient ? HandshakeType.CLIENT_HELLO : HandshakeType.HELLO_REQUEST;
        final int[] answers = new int[1];
        asking.peer.tamper = bytes ->
        {
            answers[0] += bytes[0] == ContentType.ALERT ? 1 : 0;
            return bytes;
        };
        for (int i = 0; i < 16; i++)
        {
            sendAs(asking, slot, ContentType.HANDSHAKE, type, 0, 0, 0);
            pair.run();
            assertEquals(i + 1, answers[0], "no_renegotiation, a warning");
            assertEquals(Outcome.NEED_INPUT, asking.peer.outcome[slot]);
        }
        asking.peer.tamper = null;
        sendAs(asking, slot, ContentType.HANDSHAKE, type, 0, 0, 0);
        pair.run();
        assertEquals(Outcome.peer(Alert.UNEXPECTED_MESSAGE), asking.peer.outcome[slot]);
    }

    @Test
    void shouldGoOnAfterARefusedRenegotiation()
    {
        final TlcpPair pair = pair(GCM);
        final int slot = pair.open();
        establish(pair, slot);
        sendAs(pair.server, slot, ContentType.HANDSHAKE, HandshakeType.HELLO_REQUEST, 0, 0, 0);
        pair.run();
        exchange(pair, slot);
    }

    @Test
    void shouldTakeOnlySoManyRecordsThatSayNothing()
    {
        final int[][] nothings = {{ContentType.APPLICATION_DATA}, {ContentType.ALERT, Alert.WARNING, 90}};
        for (final int[] nothing : nothings)
        {
            final TlcpPair pair = pair(GCM);
            final int slot = pair.open();
            establish(pair, slot);
            for (int i = 0; i < 17; i++)
            {
                assertEquals(Outcome.NEED_INPUT, Outcome.category(pair.server.outcome[slot]), "record " + i);
                sendAs(pair.client, slot, nothing[0], Arrays.copyOfRange(nothing, 1, nothing.length));
                pair.run();
            }
            assertEquals(Outcome.peer(Alert.UNEXPECTED_MESSAGE), pair.server.outcome[slot], "17 in a row");
        }
    }

    /** As Tongsuo sends them, whose TLS puts one before each write in versions up to 3.1, and TLCP's is 1.1. */
    @ParameterizedTest
    @ValueSource(ints = {GCM, CipherSuite.ECC_SM4_CBC_SM3})
    void shouldTakeAnEmptyRecordBeforeEachOther(final int suite)
    {
        final TlcpPair pair = pair(suite);
        final int slot = pair.open();
        establish(pair, slot);
        for (int i = 0; i < 20; i++)
        {
            sendAs(pair.client, slot, ContentType.APPLICATION_DATA);
            pair.run();
            assertEquals(TEXT.length, pair.client.send(slot, TEXT));
            pair.run();
        }
        assertEquals(20 * TEXT.length, pair.server.receivedLength[slot]);
    }

    @Test
    void shouldEndAtAFatalAlert()
    {
        final TlcpPair pair = pair(GCM);
        final int slot = pair.open();
        establish(pair, slot);
        sendAs(pair.client, slot, ContentType.ALERT, Alert.FATAL, Alert.BAD_RECORD_MAC);
        pair.run();
        assertEquals(Outcome.peer(TlcpCore.RECEIVED | Alert.BAD_RECORD_MAC), pair.server.outcome[slot]);
        assertEquals(0, pair.server.send(slot, TEXT));
    }

    @Test
    void shouldSayNothingBehindCloseNotify()
    {
        final TlcpPair pair = pair(GCM);
        final int slot = pair.open();
        establish(pair, slot);
        pair.client.core.shutdown(slot, pair.nowNs, pair.client.outbox);
        assertEquals(0, pair.client.send(slot, TEXT));
        pair.run();
        assertEquals(0, pair.client.send(slot, TEXT));
        pair.run();
        assertEquals(0, pair.server.receivedLength[slot]);
        assertTrue((pair.server.core.status(slot) & StreamCore.ENDED) != 0);
    }
}
