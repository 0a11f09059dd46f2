// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.wire.gquic.GquicVersion;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The connection layer with a handshake that is all form. */
class GquicConnectionTest
{
    private static final int PORT = 40_000;
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLISECOND = 1_000_000L;

    private final RecordingHandler clientSays = new RecordingHandler(1 << 18);
    private final RecordingHandler serverSays = new RecordingHandler(1 << 18);
    private GquicPair pair;

    static GquicConfig config()
    {
        return new GquicConfig().sessions(8).handshakes(4).packets(16).earlyPackets(16, 10).streams(16, 4);
    }

    private GquicPair pair(final GquicConfig clientConfig, final GquicConfig serverConfig)
    {
        final GquicCore client = fakeCore(clientConfig.client(true), clientSays, 1);
        final GquicCore server = fakeCore(serverConfig, serverSays, 2);
        clientSays.core = client;
        serverSays.core = server;
        pair = new GquicPair(client, server);
        return pair;
    }

    static GquicCore fakeCore(final GquicConfig config, final GquicHandler handler, final long seed)
    {
        return new GquicCore(config, Kernels.scalar(), Entropy.seeded(seed), handler, 1L << 40, 1, FakeHandshakes::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {GquicVersion.Q039, GquicVersion.Q043, GquicVersion.Q044})
    void shouldEstablishInEachVersion(final int version)
    {
        pair(config().versions(version), config());
        final int slot = pair.connect(PORT, 0);
        pair.run(SECOND / 10, MILLISECOND);

        assertEquals(1, clientSays.established[slot], pair.client.core.history(slot));
        assertEquals(1, serverSays.established[0], pair.server.core.history(0));
        assertEquals(GquicState.FORWARD_SECURE, pair.server.core.state(0));
        assertEquals(GquicState.FORWARD_SECURE, pair.client.core.state(slot));
        assertEquals(1, pair.server.core.counters().rejectsStateless());
        assertEquals(0, pair.client.core.counters().packetsLost());
        assertEquals(0, pair.server.core.counters().packetsLost());
    }

    @ParameterizedTest
    @ValueSource(ints = {GquicVersion.Q039, GquicVersion.Q043, GquicVersion.Q044})
    void shouldEchoAStream(final int version)
    {
        pair(config().versions(version), config());
        serverSays.echo = true;
        final int slot = pair.connect(PORT, 0);
        pair.run(SECOND / 10, MILLISECOND);
        final int stream = pair.client.core.openStream(slot);
        assertEquals(3, stream);
        final UnsafeBuffer data = new UnsafeBuffer(new byte[100_000]);
        for (int i = 0; i < data.capacity(); i++)
        {
            data.putByte(i, (byte)(i * 31 + (i >> 8)));
        }
        int sent = 0;
        for (int i = 0; i < 400 && clientSays.ends[slot] == 0; i++)
        {
            if (sent < data.capacity())
            {
                sent += pair.client.core.send(slot, stream, data, sent, data.capacity() - sent, true);
            }
            pair.run(10 * MILLISECOND, MILLISECOND);
        }
        assertEquals(100_000, clientSays.receivedLength[slot]);
        for (int i = 0; i < data.capacity(); i++)
        {
            assertEquals(data.getByte(i), clientSays.received[slot].getByte(i), "octet " + i);
        }
        assertEquals(1, clientSays.ends[slot]);
        assertEquals(1, serverSays.ends[0]);
        pair.run(SECOND, 10 * MILLISECOND);
        assertEquals(0, pair.client.core.memory().streams.active());
        assertEquals(0, pair.server.core.memory().streams.active());
    }

    @Test
    void shouldCloseBothSides()
    {
        pair(config(), config());
        final int slot = pair.connect(PORT, 0);
        pair.run(SECOND / 10, MILLISECOND);
        pair.client.core.close(slot, 16);
        pair.run(SECOND / 10, MILLISECOND);
        assertEquals(1, clientSays.closed[slot]);
        assertEquals(16, serverSays.errors[0]);
        assertTrue(serverSays.byPeer[0]);
        assertEquals(0, pair.client.core.active() + pair.server.core.active());
        assertEquals(0, pair.client.core.memory().packets.active() + pair.server.core.memory().packets.active());
    }
}
