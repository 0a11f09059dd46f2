// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.session.FourTuple;
import dev.trishake.support.Allocation;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whole connections, and hellos that are rejected, without an object, once they are warm. */
class GquicCoreAllocationTest
{
    private static final int PORT = 40_000;
    private static final int CONNECTIONS = 4;
    private static final long MILLISECOND = 1_000_000L;

    private final RecordingHandler clientSays = new RecordingHandler(1 << 12);
    private final RecordingHandler serverSays = new RecordingHandler(1);
    private final FourTuple tuple = GquicPair.tuple(PORT);
    private final UnsafeBuffer text = new UnsafeBuffer(new byte[700]);
    private GquicPair pair;

    private void pair(final int aead, final boolean resumption)
    {
        final ClientSettings settings =
            new ClientSettings(new TestServers.Trust(TestServers.ECDSA), new UnixTime(), "quic.example")
                .aeads(aead).resumption(resumption);
        final GquicCore client = new GquicCore(GquicConnectionTest.config().versions(GquicVersion.Q043), settings,
            Kernels.scalar(), Entropy.seeded(11), clientSays, HandshakeRig.NOW_NS);
        final GquicCore server = new GquicCore(GquicConnectionTest.config(),
            TestServers.settings(TestServers.ECDSA), Kernels.scalar(), Entropy.seeded(12), serverSays,
            HandshakeRig.NOW_NS);
        clientSays.core = client;
        serverSays.core = server;
        serverSays.echo = true;
        pair = new GquicPair(client, server);
        pair.nowNs = HandshakeRig.NOW_NS;
    }

    @ParameterizedTest
    @ValueSource(ints = {Tag.AESG, Tag.CC20})
    void shouldHandshakeWithoutAnObject(final int aead)
    {
        pair(aead, false);
        Allocation.assertNone(CONNECTIONS, this::round);
        assertEquals(3, GquicParameters.hellos(parameters));
    }

    @ParameterizedTest
    @ValueSource(ints = {Tag.AESG, Tag.CC20})
    void shouldResumeWithoutAnObject(final int aead)
    {
        pair(aead, true);
        Allocation.assertNone(CONNECTIONS, this::round);
        assertEquals(1, GquicParameters.hellos(parameters));
    }

    private long parameters;

    private long round()
    {
        long done = 0;
        for (int i = 0; i < CONNECTIONS; i++)
        {
            clientSays.receivedLength[0] = 0;
            clientSays.ends[0] = 0;
            final int slot = pair.client.core.connect(1, tuple.ports(PORT + i, GquicPair.SERVER_PORT), 0, pair.nowNs);
            pair.run(5 * MILLISECOND, MILLISECOND);
            pair.client.core.send(slot, pair.client.core.openStream(slot), text, 0, text.capacity(), true);
            pair.run(60 * MILLISECOND, 10 * MILLISECOND);
            parameters = pair.client.core.parameters(slot);
            done += clientSays.ends[slot] == 1 && clientSays.receivedLength[slot] == text.capacity() ? 1 : 0;
            pair.client.core.close(slot, GquicError.PEER_GOING_AWAY);
            pair.run();
        }
        assertEquals(0, pair.client.core.active() + pair.server.core.active());
        return done;
    }

    @Test
    void shouldRejectWithoutAnObject()
    {
        pair(Tag.AESG, false);
        final UnsafeBuffer[] hello = new UnsafeBuffer[1];
        pair.wire = (from, buffer, offset, length) ->
        {
            hello[0] = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
            hello[0].putBytes(0, buffer, offset, length);
        };
        pair.connect(PORT, 0);
        pair.client.cycle();
        pair.client.cycle();
        pair.client.cycle();
        pair.wire = (from, buffer, offset, length) ->
        {
        };
        final int hellos = 160;
        final long before = pair.server.core.counters().rejectsStateless();
        Allocation.assertNone(hellos, () ->
        {
            final long rejected = pair.server.core.counters().rejectsStateless();
            for (int i = 0; i < hellos; i += 8)
            {
                for (int j = 0; j < 8; j++)
                {
                    pair.server.take(hello[0], 0, hello[0].capacity());
                }
                pair.server.cycle();
            }
            return pair.server.core.counters().rejectsStateless() - rejected;
        });
        assertEquals(0, pair.server.core.counters().sessionsOpened());
        assertEquals(0, before);
    }
}
