// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What happens when nothing comes: gQUIC 14. */
class GquicTimeTest
{
    private static final int PORT = 40_000;
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;

    private final RecordingHandler clientSays = new RecordingHandler(1 << 16);
    private final RecordingHandler serverSays = new RecordingHandler(1 << 16);
    private final List<Long> sentMs = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private GquicPair pair;

    private int connect(final GquicConfig clientConfig, final GquicConfig serverConfig)
    {
        final GquicCore client = GquicConnectionTest.fakeCore(clientConfig.client(true), clientSays, 1);
        final GquicCore server = GquicConnectionTest.fakeCore(serverConfig, serverSays, 2);
        clientSays.core = client;
        serverSays.core = server;
        pair = new GquicPair(client, server);
        return pair.connect(PORT, 0);
    }

    private static GquicConfig config()
    {
        return GquicConnectionTest.config().versions(GquicVersion.Q043);
    }

    /** Loses all that one side sends, and takes note of it. */
    private void silence(final GquicPair.Side side)
    {
        final long startNs = pair.nowNs;
        final PacketHeaderDecoder header = new PacketHeaderDecoder();
        pair.wire = (from, buffer, offset, length) ->
        {
            if (from == side)
            {
                header.wrap(buffer, offset + FourTuple.LENGTH, length - FourTuple.LENGTH, from == pair.client);
                sentMs.add((pair.nowNs - startNs) / MILLISECOND);
                numbers.add(header.truncatedNumber());
            }
            else
            {
                from.peer.take(buffer, offset, length);
            }
        };
    }

    @Test
    void shouldSendTheHelloAgainUnderNewNumbersEverMoreSeldom()
    {
        final int slot = connect(config(), config());
        silence(pair.client);
        pair.run(11 * SECOND, MILLISECOND);
        // a timer's tick is a millisecond
        final long[] expected = {0, 200, 600, 1400, 3000, 6200};
        for (int i = 0; i < expected.length; i++)
        {
            final long offMs = Math.abs(expected[i] - sentMs.get(i));
            assertTrue(offMs <= 2L * i + 1, "transmission " + i + " at " + sentMs.get(i));
            assertEquals(i + 1L, numbers.get(i));
        }
        assertEquals(1, clientSays.closed[slot]);
        assertEquals(GquicError.HANDSHAKE_TIMEOUT, clientSays.errors[slot]);
        assertFalse(clientSays.byPeer[slot]);
    }

    @Test
    void shouldEndAServersHandshakeInTime()
    {
        connect(config(), config());
        pair.wire = (from, buffer, offset, length) ->
        {
            if (from == pair.server || pair.server.core.active() == 0)
            {
                from.peer.take(buffer, offset, length);
            }
        };
        pair.run(9 * SECOND, 10 * MILLISECOND);
        assertEquals(1, pair.server.core.active());
        pair.run(2 * SECOND, 10 * MILLISECOND);
        assertEquals(0, pair.server.core.active());
        assertEquals(GquicError.HANDSHAKE_TIMEOUT, serverSays.errors[0]);
        assertEquals(1, pair.server.core.counters().sessionsFailed() + serverSays.established[0]);
    }

    @Test
    void shouldEndInSilenceAfterTheLowerIdleTime()
    {
        final int slot = connect(config().idleSeconds(20), config());
        pair.run(SECOND, 10 * MILLISECOND);
        pair.wire = (from, buffer, offset, length) ->
        {
            throw new AssertionError("nothing is said at the end");
        };
        pair.run(18 * SECOND, 100 * MILLISECOND);
        assertEquals(1, pair.client.core.active());
        pair.run(2 * SECOND, 100 * MILLISECOND);
        assertEquals(0, pair.client.core.active());
        assertEquals(GquicError.NETWORK_IDLE_TIMEOUT, clientSays.errors[slot]);
        pair.run(11 * SECOND, 100 * MILLISECOND);
        assertEquals(GquicError.NETWORK_IDLE_TIMEOUT, serverSays.errors[0]);
    }

    @Test
    void shouldAcknowledgeWithin25Milliseconds()
    {
        final int slot = connect(config(), config());
        pair.run(SECOND, 10 * MILLISECOND);
        final long before = pair.server.core.counters().packetsSent();
        pair.client.core.send(slot, pair.client.core.openStream(slot), new UnsafeBuffer(new byte[10]), 0, 10, false);
        pair.run(20 * MILLISECOND, MILLISECOND);
        assertEquals(before, pair.server.core.counters().packetsSent());
        pair.run(7 * MILLISECOND, MILLISECOND);
        assertEquals(before + 1, pair.server.core.counters().packetsSent());
        assertEquals(0, new SentPackets(pair.client.core.memory().view().wrap(slot)).inFlight());
    }

    @Test
    void shouldSendLostDataAgainAndHalveWhatIsUnderWay()
    {
        final int slot = connect(config(), config());
        pair.run(SECOND, 10 * MILLISECOND);
        final int[] dropped = {0};
        pair.wire = (from, buffer, offset, length) ->
        {
            if (from == pair.client && dropped[0]++ == 0)
            {
                return;
            }
            from.peer.take(buffer, offset, length);
        };
        final GquicSession session = pair.client.core.memory().view().wrap(slot);
        final int window = session.get(GquicSession.CONGESTION_WINDOW);
        final UnsafeBuffer data = new UnsafeBuffer(new byte[8000]);
        data.setMemory(0, data.capacity(), (byte)7);
        assertEquals(8000, pair.client.core.send(slot, pair.client.core.openStream(slot), data, 0, 8000, true));
        pair.run(30 * MILLISECOND, MILLISECOND);
        assertEquals(8000, serverSays.receivedLength[0]);
        assertEquals(1, pair.client.core.counters().packetsLost(), "three later ones say so, no timeout");
        assertEquals(0, pair.client.core.counters().timeouts());
        assertTrue(session.get(GquicSession.CONGESTION_WINDOW) < window + 7, "window");
    }

    /** gQUIC 14: after the first forward-secure packet nothing of the handshake is sent again. */
    @Test
    void shouldForgetTheHandshakeOnceItIsConfirmed()
    {
        final int slot = connect(config(), config());
        pair.run(100 * MILLISECOND, MILLISECOND);
        final GquicSession server = pair.server.core.memory().view().wrap(0);
        assertTrue(server.is(GquicSession.CONFIRMED));
        assertFalse(server.is(GquicSession.HAS_INITIAL_READ | GquicSession.HAS_INITIAL_WRITE));
        assertEquals(0, pair.server.core.memory().handshakes.active());
        assertEquals(0, pair.client.core.memory().handshakes.active());
        assertEquals(0, new SentPackets(server).inFlight());
        assertEquals(1, clientSays.established[slot]);
    }
}
