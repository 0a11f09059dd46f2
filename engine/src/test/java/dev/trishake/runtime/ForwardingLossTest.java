// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.identity.GquicTrust;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.PeerName;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Two agents of a server, all of whose datagrams come to the first one, and gQUIC's clients: what happens to the
 * connections of the second while it stands still.
 */
@Timeout(30)
class ForwardingLossTest
{
    private static final int CLIENTS = 40;
    private static final int TURNS_A_SECOND = 10_000;
    /** A quarter of it is a way between agents. */
    private static final int RING_LENGTH = 1 << 16;
    /** Fourteen hellos, and what the first connection may still have to say. */
    private static final int MOST_IN_RING = 20;
    /** Of a handshake it is 10. */
    private static final int TIMEOUT_SECONDS = 11;
    private static final UnsafeBuffer TEXT = new UnsafeBuffer("hello".getBytes(StandardCharsets.US_ASCII));

    private final Client client = new Client();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private DatagramRig rig;

    /** Sends a text over each connection once it may, and keeps it. */
    private static final class Client implements SessionHandler
    {
        private final List<Integer> failures = new ArrayList<>();
        private int echoed;

        @Override
        public void onEstablished(final Session session)
        {
            session.send(TEXT, 0, TEXT.capacity());
        }

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            echoed++;
            return length;
        }

        @Override
        public void onFailed(final Session session, final int reason)
        {
            failures.add(reason);
        }
    }

    @BeforeEach
    void begin() throws IdentityException
    {
        final GquicProtocol serves = GquicProtocol.server(
            Kernels.scalar(), GquicConfig::new, GquicEngineTest.identity("ecdsa"));
        final GquicProtocol dials = GquicProtocol.client(Kernels.scalar(), GquicConfig::new,
            GquicTrust.load(GquicEngineTest.pki("ca.pem")), "localhost", PeerName.ANY)
            .clientSettings(settings -> settings.resumption(false));
        rig = new DatagramRig(
            new EngineConfig().agents(2).ringLength(RING_LENGTH).inputBufferLength(RING_LENGTH >> 4), serves, dials,
            (session, buffer, offset, length) -> session.send(buffer, offset, length), client, CLIENTS + 1);
        opened.addAll(List.of(rig, serves, dials));
        assertTrue(rig.connect() > 0);
        while (client.echoed == 0) // a verdict on certificates takes real time
        {
            assertEquals(List.of(), client.failures, "though it has connected before the first cycle");
            rig.turnsOfAll(1);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / TURNS_A_SECOND);
        }
    }

    @AfterEach
    void close() throws Exception
    {
        for (final AutoCloseable one : opened)
        {
            one.close();
        }
        assertTrue(rig.errors.isEmpty(), rig.errors::toString);
    }

    private void connectAll()
    {
        for (int i = 0; i < CLIENTS; i++)
        {
            assertTrue(rig.connect() > 0);
        }
    }

    /** {@return handshakes that the first agent has done} */
    private long own()
    {
        return rig.count("server SessionsEstablished");
    }

    @Test
    void shouldLoseAndCountWhatAFullRingHasNoRoomForAndSayItAgain()
    {
        final long ownBefore = own();
        final long forwardedBefore = rig.count("server DatagramsForwarded");
        connectAll();
        rig.turns(TURNS_A_SECOND);
        final long own = own() - ownBefore;
        assertTrue(own > CLIENTS / 8 && own < CLIENTS, "each agent has some: " + own);
        assertEquals(own + 1, client.echoed);
        assertTrue(rig.count("server DatagramsForwarded") - forwardedBefore <= MOST_IN_RING, "nobody has read them");
        assertTrue(rig.count("server DatagramsNotForwarded") > 0, "hellos that are said again find no room");

        rig.turnsOfAll(5 * TURNS_A_SECOND);
        assertEquals(CLIENTS + 1, client.echoed);
        assertEquals(CLIENTS + 1, own() + rig.count("second SessionsEstablished"));
        assertEquals(List.of(), client.failures);
    }

    @Test
    void shouldGoOnWithoutAnAgentThatStandsStill()
    {
        final long ownBefore = own();
        connectAll();
        rig.turns(TIMEOUT_SECONDS * TURNS_A_SECOND);
        final long own = own() - ownBefore;
        assertEquals(own + 1, client.echoed);
        assertEquals(Collections.nCopies(CLIENTS - (int)own, Failure.HANDSHAKE_TIMEOUT), client.failures);
        assertEquals(0, rig.count("server SessionsFailed"));
    }
}
