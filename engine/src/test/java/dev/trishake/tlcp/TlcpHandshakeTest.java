// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.crypto.Kernels;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CipherSuite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TlcpHandshakeTest
{
    static final int GCM = CipherSuite.ECC_SM4_GCM_SM3;
    private static final Kernels KERNELS = Kernels.scalar();
    private static final byte[] HELLO = "hello, gateway".getBytes(StandardCharsets.US_ASCII);

    static TlcpPair pair(final TlcpConfig client, final TlcpConfig server)
    {
        return new TlcpPair(client, server, KERNELS);
    }

    static void establish(final TlcpPair pair, final int slot)
    {
        pair.run();
        assertTrue(pair.client.isEstablished(slot) && pair.server.isEstablished(slot),
            () -> "client " + Integer.toHexString(pair.client.outcome[slot]) + " " + pair.client.core.history(slot) +
                ", server " + Integer.toHexString(pair.server.outcome[slot]) + " " + pair.server.core.history(slot));
    }

    static void exchange(final TlcpPair pair, final int slot)
    {
        assertEquals(HELLO.length, pair.client.send(slot, HELLO));
        pair.run();
        assertArrayEquals(HELLO, pair.server.received(slot));
        assertEquals(HELLO.length, pair.server.send(slot, HELLO));
        pair.run();
        assertArrayEquals(HELLO, pair.client.received(slot));
    }

    private static void shutDown(final TlcpPair pair, final int slot)
    {
        pair.client.core.shutdown(slot, pair.nowNs, pair.client.outbox);
        pair.run();
        assertTrue((pair.server.core.status(slot) & StreamCore.ENDED) != 0);
        assertTrue(pair.client.shut[slot]);
        assertEquals(Outcome.DONE, pair.server.outcome[slot]);
        pair.server.core.shutdown(slot, pair.nowNs, pair.server.outbox);
        pair.run();
        assertTrue((pair.client.core.status(slot) & StreamCore.ENDED) != 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3})
    void shouldShakeHandsWithoutClientAuthentication(final int suite)
    {
        for (int chunk = 1; chunk < 5000; chunk = 3 * chunk + 1)
        {
            final TlcpPair pair = pair(TlcpPair.clientConfig(suite), TlcpPair.serverConfig(suite));
            pair.chunk = chunk;
            final int slot = pair.open();
            establish(pair, slot);
            assertEquals(suite, pair.client.core.parameters(slot));
            assertEquals(suite, pair.server.core.parameters(slot));
            exchange(pair, slot);
            shutDown(pair, slot);
            pair.close(slot);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3, CipherSuite.ECDHE_SM4_GCM_SM3,
        CipherSuite.ECDHE_SM4_CBC_SM3})
    void shouldAuthenticateClients(final int suite)
    {
        final TlcpPair pair = pair(
            TlcpPair.clientConfig(suite).credentials(TestIdentity.credentials(TestIdentity.CLIENT)),
            TlcpPair.serverConfig(suite).clientAuthentication(ClientAuthentication.NEED));
        final int slot = pair.open();
        establish(pair, slot);
        assertEquals(suite | (1 << 17), pair.server.core.parameters(slot));
        exchange(pair, slot);
        shutDown(pair, slot);
    }

    /** GmSSL signs the messages themselves; who has not been told of it takes the standard's hash alone. */
    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,true", "true,false"})
    void shouldTakeSignedMessagesOnlyWhereThatIsOn(final boolean client, final boolean server)
    {
        final TlcpPair pair = pair(TlcpPair.clientConfig(GCM).rawCertificateVerify(client)
            .credentials(TestIdentity.credentials(TestIdentity.CLIENT)),
            TlcpPair.serverConfig(GCM).rawCertificateVerify(server)
                .clientAuthentication(ClientAuthentication.NEED));
        final int slot = pair.open();
        if (server || !client)
        {
            establish(pair, slot);
            return;
        }
        pair.run();
        assertEquals(Outcome.peer(Alert.DECRYPT_ERROR), pair.server.outcome[slot]);
        assertEquals(Outcome.peer(TlcpCore.RECEIVED | Alert.DECRYPT_ERROR), pair.client.outcome[slot]);
    }

    @Test
    void shouldGoOnWithoutClientCertificatesWhereTheyAreOnlyWanted()
    {
        final TlcpPair pair = pair(TlcpPair.clientConfig(GCM),
            TlcpPair.serverConfig(GCM).clientAuthentication(ClientAuthentication.WANT));
        final int slot = pair.open();
        establish(pair, slot);
        assertEquals(GCM, pair.server.core.parameters(slot));
    }

    @Test
    void shouldEndWithoutClientCertificatesWhereTheyAreNeeded()
    {
        final TlcpPair pair = pair(TlcpPair.clientConfig(GCM),
            TlcpPair.serverConfig(GCM).clientAuthentication(ClientAuthentication.NEED));
        final int slot = pair.open();
        pair.run();
        assertEquals(Outcome.peer(Alert.HANDSHAKE_FAILURE), pair.server.outcome[slot]);
        assertEquals(Outcome.peer(TlcpCore.RECEIVED | Alert.HANDSHAKE_FAILURE), pair.client.outcome[slot]);
    }

    @Test
    void shouldEndWithoutACommonSuite()
    {
        final TlcpPair pair =
            pair(TlcpPair.clientConfig(GCM), TlcpPair.serverConfig(CipherSuite.ECC_SM4_CBC_SM3));
        final int slot = pair.open();
        pair.run();
        assertEquals(Outcome.peer(Alert.HANDSHAKE_FAILURE), pair.server.outcome[slot]);
    }

    /** Some servers go by their own preference, and would choose what this client can't do. */
    @Test
    void shouldOfferEcdheOnlyWithCertificatesOfItsOwn()
    {
        final int[] suites = {CipherSuite.ECDHE_SM4_GCM_SM3, GCM};
        final TlcpPair without = pair(TlcpPair.clientConfig(suites), TlcpPair.serverConfig(suites));
        final int first = without.open();
        establish(without, first);
        assertEquals(GCM, TlcpParameters.suite(without.client.core.parameters(first)));
        final TlcpPair with = pair(TlcpPair.clientConfig(suites).credentials(TestIdentity.credentials(
            TestIdentity.CLIENT)), TlcpPair.serverConfig(suites));
        final int second = with.open();
        establish(with, second);
        assertEquals(CipherSuite.ECDHE_SM4_GCM_SM3, TlcpParameters.suite(with.client.core.parameters(second)));
    }

    @Test
    void shouldTakeNoSuiteThatItHasNotOffered()
    {
        final TlcpPair pair = pair(TlcpPair.clientConfig(CipherSuite.ECDHE_SM4_GCM_SM3, GCM),
            TlcpPair.serverConfig(GCM));
        pair.server.tamper = bytes ->
        {
            final int suite = 5 + 4 + 2 + 32 + 1; // there is no session ID
            assertEquals((byte)(GCM & 0xff), bytes[suite + 1]);
            bytes[suite + 1] = (byte)(CipherSuite.ECDHE_SM4_GCM_SM3 & 0xff);
            return bytes;
        };
        final int slot = pair.open();
        pair.run();
        assertEquals(Outcome.peer(Alert.ILLEGAL_PARAMETER), pair.client.outcome[slot]);
    }

    /** Suites of ECDHE alone are offered all the same, and the end says why it ends. */
    @Test
    void shouldEndWithoutCertificatesForEcdhe()
    {
        final TlcpPair pair = pair(TlcpPair.clientConfig(CipherSuite.ECDHE_SM4_GCM_SM3),
            TlcpPair.serverConfig(CipherSuite.ECDHE_SM4_GCM_SM3));
        final int slot = pair.open();
        pair.run();
        assertEquals(Outcome.peer(Alert.HANDSHAKE_FAILURE), pair.client.outcome[slot]);
    }

    @Test
    void shouldWaitForTheVerdictOnUnknownCertificates()
    {
        final TlcpConfig config = TlcpPair.clientConfig(GCM);
        final TestIdentity.Trust trust = new TestIdentity.Trust(TestIdentity.SERVER);
        trust.isKnown = false;
        final TlcpPair pair = pair(config.trust(trust), TlcpPair.serverConfig(GCM));
        final int slot = pair.open();
        pair.run();
        assertEquals(Outcome.AWAIT_CERTIFICATE, pair.client.outcome[slot]);
        trust.isKnown = true;
        pair.client.after(slot, pair.client.core.resume(slot, pair.nowNs, pair.client.outbox));
        establish(pair, slot);
    }

    @Test
    void shouldRefuseCertificatesThatAreNotTrusted()
    {
        final TlcpConfig config = TlcpPair.clientConfig(GCM);
        final TestIdentity.Trust trust = new TestIdentity.Trust(TestIdentity.SERVER);
        trust.alert = Alert.UNKNOWN_CA;
        final TlcpPair pair = pair(config.trust(trust), TlcpPair.serverConfig(GCM));
        final int slot = pair.open();
        pair.run();
        assertEquals(Outcome.peer(Alert.UNKNOWN_CA), pair.client.outcome[slot]);
        assertEquals(Outcome.peer(TlcpCore.RECEIVED | Alert.UNKNOWN_CA), pair.server.outcome[slot]);
    }

    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECDHE_SM4_CBC_SM3})
    void shouldResumeSessions(final int suite)
    {
        final TlcpPair pair = pair(
            TlcpPair.clientConfig(suite).credentials(TestIdentity.credentials(TestIdentity.CLIENT))
                .resumption(4, 1_000_000_000L),
            TlcpPair.serverConfig(suite).resumption(4, 1_000_000_000L));
        final int first = pair.open();
        establish(pair, first);
        final long resumed = pair.server.core.parameters(first) | (1 << 16);
        pair.close(first);
        final int second = pair.open();
        establish(pair, second);
        assertEquals(resumed, pair.server.core.parameters(second));
        assertEquals(resumed, pair.client.core.parameters(second));
        exchange(pair, second);
        pair.close(second);
        pair.nowNs += 2_000_000_000L;
        final int third = pair.open();
        establish(pair, third);
        assertEquals(0, pair.server.core.parameters(third) & (1 << 16), "its time is over");
    }

    @Test
    void shouldCarryMegabytes()
    {
        for (final int suite : new int[] {GCM, CipherSuite.ECC_SM4_CBC_SM3})
        {
            final TlcpPair pair =
                pair(TlcpPair.clientConfig(suite), TlcpPair.serverConfig(suite).fragmentLength(16384));
            final int slot = pair.open();
            establish(pair, slot);
            final byte[] bytes = new byte[60_000];
            new SplittableRandom(7).nextBytes(bytes);
            int done = 0;
            while (done < bytes.length)
            {
                done += pair.server.send(slot, Arrays.copyOfRange(bytes, done, bytes.length));
                pair.run();
            }
            assertArrayEquals(bytes, pair.client.received(slot));
        }
    }
}
