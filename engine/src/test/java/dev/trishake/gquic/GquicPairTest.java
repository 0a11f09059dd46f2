// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Client against server with the real handshake: versions, AEADs, key exchanges, proofs, fresh, resumed, 0-RTT. */
class GquicPairTest
{
    private static final long MILLISECOND = 1_000_000L;
    private static final UnsafeBuffer TEXT = new UnsafeBuffer("What is said?".getBytes(StandardCharsets.US_ASCII));

    private final RecordingHandler clientSays = new RecordingHandler(1 << 12);
    private final RecordingHandler serverSays = new RecordingHandler(1 << 12);
    private GquicPair pair;

    static List<Arguments> combinations()
    {
        final List<Arguments> all = new ArrayList<>();
        for (final int version : new int[] {GquicVersion.Q039, GquicVersion.Q043, GquicVersion.Q044})
        {
            for (final int aead : new int[] {Tag.AESG, Tag.CC20})
            {
                for (final int exchange : new int[] {Tag.C255, Tag.P256})
                {
                    for (final boolean ecdsa : new boolean[] {true, false})
                    {
                        all.add(Arguments.of(version, aead, exchange, ecdsa));
                    }
                }
            }
        }
        return all;
    }

    private void connectSides(final int version, final int aead, final int exchange, final boolean ecdsa)
    {
        final Transcripts.Server identity = ecdsa ? TestServers.ECDSA : TestServers.RSA;
        final ClientSettings settings = new ClientSettings(
            new TestServers.Trust(identity), new UnixTime(), "quic.example").aeads(aead).exchanges(exchange);
        final GquicCore client = new GquicCore(GquicConnectionTest.config().versions(version), settings,
            Kernels.scalar(), Entropy.seeded(11), clientSays, HandshakeRig.NOW_NS);
        final GquicCore server = new GquicCore(GquicConnectionTest.config(), TestServers.settings(identity),
            Kernels.scalar(), Entropy.seeded(12), serverSays, HandshakeRig.NOW_NS);
        clientSays.core = client;
        serverSays.core = server;
        serverSays.echo = true;
        pair = new GquicPair(client, server);
        pair.nowNs = HandshakeRig.NOW_NS;
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void shouldEstablishFreshResumedAndWithEarlyData(
        final int version, final int aead, final int exchange, final boolean ecdsa)
    {
        connectSides(version, aead, exchange, ecdsa);
        final int fresh = pair.connect(40_000, 0);
        pair.run(100 * MILLISECOND, MILLISECOND);
        assertEquals(1, clientSays.established[fresh],
            () -> pair.client.core.history(fresh) + "; error " + clientSays.errors[fresh]);
        check(pair.client.core.parameters(fresh), version, aead, exchange, 3, false);
        converse(fresh, pair.client.core.openStream(fresh));

        final int resumed = pair.connect(40_001, 0);
        pair.run(100 * MILLISECOND, MILLISECOND);
        check(pair.client.core.parameters(resumed), version, aead, exchange, 1, true);
        converse(resumed, pair.client.core.openStream(resumed));

        final int early = pair.connect(40_002, 0);
        final int stream = pair.client.core.openStream(early);
        converse(early, stream);
        check(pair.client.core.parameters(early), version, aead, exchange, 1, true);
        assertTrue(GquicParameters.has(pair.client.core.parameters(early), GquicParameters.ZERO_RTT), "0-RTT");
        assertTrue(GquicParameters.has(pair.server.core.parameters(2), GquicParameters.ZERO_RTT), "0-RTT at server");
        assertEquals(0, pair.client.core.counters().packetsLost() + pair.server.core.counters().packetsLost());
    }

    private void converse(final int slot, final int stream)
    {
        assertEquals(TEXT.capacity(),
            pair.client.core.send(slot, stream, TEXT, 0, TEXT.capacity(), true), "taken");
        pair.run(100 * MILLISECOND, MILLISECOND);
        assertEquals(1, clientSays.ends[slot], () -> "end of " + stream + ": " + pair.client.core.history(slot));
        final byte[] answer = new byte[TEXT.capacity()];
        clientSays.received[slot].getBytes(0, answer);
        assertEquals(new String(TEXT.byteArray(), StandardCharsets.US_ASCII),
            new String(answer, StandardCharsets.US_ASCII));
    }

    private static void check(
        final long parameters, final int version, final int aead, final int exchange, final int hellos,
        final boolean resumed)
    {
        assertEquals(version, GquicParameters.version(parameters));
        assertEquals(aead == Tag.CC20, GquicParameters.has(parameters, GquicParameters.CHACHA20));
        assertEquals(exchange == Tag.P256, GquicParameters.has(parameters, GquicParameters.P256));
        assertEquals(hellos, GquicParameters.hellos(parameters));
        assertEquals(resumed, GquicParameters.has(parameters, GquicParameters.RESUMED));
    }
}
