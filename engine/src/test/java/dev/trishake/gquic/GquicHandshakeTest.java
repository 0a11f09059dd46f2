// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoQueue;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Both sides' handshakes talk to each other, message by message. */
class GquicHandshakeTest
{
    private final TestServers.Trust trust = new TestServers.Trust(TestServers.ECDSA);
    private final ServerSettings serverSettings = TestServers.settings(TestServers.ECDSA);
    private final ClientSettings clientSettings = new ClientSettings(trust, new UnixTime(), "server.example");
    private final HandshakeRig server = new HandshakeRig(HandshakeRig.config(), serverSettings, 1);
    private final HandshakeRig client = new HandshakeRig(HandshakeRig.config(), clientSettings, 2);

    /** Lets both sides talk until neither has anything to say; answers how many CHLOs there were. */
    private int talk(final HandshakeRig from, final int own, final HandshakeRig to, final int other)
    {
        from.start(own);
        int hellos = 0;
        byte[] message = from.sent(own);
        while (message.length > 0)
        {
            hellos++;
            assertTrue(message.length >= 1024, "CHLO of " + message.length);
            to.feed(other, message, GquicLevel.NULL);
            final byte[] answer = to.sent(other);
            assertTrue(answer.length > 0, "no answer, error " + to.error(other));
            final boolean isAccepted = to.isEstablished(other);
            if (isAccepted)
            {
                from.nonce(own, nonce(to, other));
            }
            from.feed(own, answer, isAccepted ? GquicLevel.INITIAL : GquicLevel.NULL);
            message = from.sent(own);
        }
        return hellos;
    }

    private static byte[] nonce(final HandshakeRig rig, final int slot)
    {
        final byte[] nonce = new byte[32];
        rig.session.wrap(slot);
        rig.session.memory().getBytes(rig.session.at(GquicSession.DIVERSIFICATION), nonce);
        return nonce;
    }

    private void assertSameKeys(final int own, final int other)
    {
        assertTrue(client.isEstablished(own), () -> "error " + client.error(own));
        assertTrue(server.isEstablished(other), () -> "error " + server.error(other));
        assertKeys(own, GquicSession.KEYS_INITIAL_WRITE, other, GquicSession.KEYS_INITIAL_READ);
        assertKeys(own, GquicSession.KEYS_INITIAL_READ, other, GquicSession.KEYS_INITIAL_WRITE);
        assertKeys(own, GquicSession.KEYS_FORWARD_WRITE, other, GquicSession.KEYS_FORWARD_READ);
        assertKeys(own, GquicSession.KEYS_FORWARD_READ, other, GquicSession.KEYS_FORWARD_WRITE);
    }

    private void assertKeys(final int own, final int ownKeys, final int other, final int otherKeys)
    {
        final UnsafeBuffer a = new UnsafeBuffer(client.session.wrap(own).memory(),
            client.session.at(ownKeys), Protection.KEYS_LENGTH);
        final UnsafeBuffer b = new UnsafeBuffer(server.session.wrap(other).memory(),
            server.session.at(otherKeys), Protection.KEYS_LENGTH);
        assertEquals(0, a.compareTo(b));
        assertTrue(a.getLong(0) != 0);
    }

    @ParameterizedTest
    @CsvSource({"AESG,C255", "AESG,P256", "CC20,C255", "CC20,P256"})
    void shouldAgreeOnKeys(final String aead, final String exchange)
    {
        clientSettings.aeads(aead.equals("AESG") ? Tag.AESG : Tag.CC20)
            .exchanges(exchange.equals("C255") ? Tag.C255 : Tag.P256);
        final int own = client.open();
        final int other = server.open();

        assertEquals(3, talk(client, own, server, other));

        assertSameKeys(own, other);
        assertEquals(Tag.nameOf(client.session.wrap(own).get(GquicSession.AEAD)), aead);
        assertEquals(Tag.nameOf(server.session.wrap(other).get(GquicSession.KEXS)), exchange);

        // and again, in one round trip
        final int next = client.open();
        final int nextOther = server.open();
        assertEquals(1, talk(client, next, server, nextOther));
        assertSameKeys(next, nextOther);
        assertTrue(client.session.wrap(next).is(GquicSession.RESUMED));
        assertTrue(server.session.wrap(nextOther).is(GquicSession.RESUMED));
    }

    @Test
    void shouldTakeAProofByRsa()
    {
        final TestServers.Trust rsaTrust = new TestServers.Trust(TestServers.RSA);
        final ServerSettings settings = TestServers.settings(TestServers.RSA);
        final HandshakeRig rsaServer = new HandshakeRig(HandshakeRig.config(), settings, 3);
        final HandshakeRig rsaClient = new HandshakeRig(
            HandshakeRig.config(), new ClientSettings(rsaTrust, new UnixTime(), "server.example"), 4);
        final int own = rsaClient.open();
        final int other = rsaServer.open();
        assertEquals(3, talk(rsaClient, own, rsaServer, other));
        assertTrue(rsaClient.isEstablished(own));
        assertEquals(1, ((TestServers.RsaSource)settings.credentials.proofSource()).signatures);
    }

    /** Hellos without a token open no connection, but their answers draw on the agent's generator all the same. */
    @Test
    void shouldSeeToFreshSeedEachCycle()
    {
        final Entropy entropy = Entropy.seeded(1);
        final GquicMemory memory = new GquicMemory(HandshakeRig.config());
        final GquicSession view = memory.view();
        final Handshakes handshakes = Handshakes.ofServer(serverSettings, memory, view,
            new CryptoStream(memory, view), new CryptoQueue(16, GquicCore.FIRST_HANDSHAKE_KIND +
                HandshakeOperations.COUNT), new Protection(Kernels.scalar()), Kernels.scalar(), entropy);
        entropy.nextBytes(new UnsafeBuffer(new byte[Entropy.RESEED_INTERVAL]), 0, Entropy.RESEED_INTERVAL);
        assertTrue(entropy.reseedDue());
        handshakes.onCycle(0);
        assertFalse(entropy.reseedDue());
    }

    @Test
    void shouldAllocateNothing()
    {
        final MessageDecoder decoder = new MessageDecoder();
        final UnsafeBuffer message = new UnsafeBuffer(new byte[4096]);
        Allocation.assertNone(20, () ->
        {
            int done = 0;
            for (int i = 0; i < 20; i++)
            {
                final int own = client.open(i + 1, GquicVersion.Q044);
                final int other = server.open(i + 1, GquicVersion.Q044);
                done += fresh(own, other, message) ? 1 : 0;
                client.close(own);
                server.close(other);
            }
            return done;
        });
        assertEquals(0, decoder.count());
    }

    /** A handshake of three CHLOs without a single object; the client's cache is told to forget. */
    private boolean fresh(final int own, final int other, final UnsafeBuffer message)
    {
        clientSettings.resumption = false;
        client.start(own);
        int from = 0;
        int fromServer = 0;
        while (!client.isEstablished(own))
        {
            final int length = client.session.wrap(own).get(GquicSession.CRYPTO_OUT_LENGTH) - from;
            message.putBytes(0, client.memory.messages(), client.memory.outOffset(client.session) + from, length);
            from += length;
            server.feed(other, message, 0, length, GquicLevel.NULL);
            final boolean isAccepted = server.isEstablished(other);
            final int answer = server.session.wrap(other).get(GquicSession.CRYPTO_OUT_LENGTH) - fromServer;
            if (length == 0 || answer == 0)
            {
                return false;
            }
            message.putBytes(
                0, server.memory.messages(), server.memory.outOffset(server.session) + fromServer, answer);
            fromServer += answer;
            if (isAccepted)
            {
                client.session.wrap(own).memory().putBytes(client.session.at(GquicSession.DIVERSIFICATION),
                    server.session.memory(), server.session.at(GquicSession.DIVERSIFICATION), 32);
                client.nonce(own);
            }
            client.feed(own, message, 0, answer, isAccepted ? GquicLevel.INITIAL : GquicLevel.NULL);
        }
        return server.isEstablished(other);
    }
}
