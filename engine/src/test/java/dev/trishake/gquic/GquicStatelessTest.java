// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.PacketForm;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.PacketHeaderEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a server does for those whom it does not know, and what a client makes of it. */
class GquicStatelessTest
{
    private static final int PORT = 40_000;
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final int UNKNOWN_VERSION = 0x51303939;

    private final RecordingHandler clientSays = new RecordingHandler(1 << 12);
    private final RecordingHandler serverSays = new RecordingHandler(1 << 12);
    private final PacketForge forge = new PacketForge();
    private final List<UnsafeBuffer> fromServer = new ArrayList<>();
    private final List<UnsafeBuffer> fromClient = new ArrayList<>();
    private GquicPair pair;

    private void pair(final GquicConfig clientConfig, final GquicConfig serverConfig)
    {
        final GquicCore client = GquicConnectionTest.fakeCore(clientConfig.client(true), clientSays, 1);
        final GquicCore server = GquicConnectionTest.fakeCore(serverConfig, serverSays, 2);
        clientSays.core = client;
        serverSays.core = server;
        pair = new GquicPair(client, server);
        pair.wire = (from, buffer, offset, length) ->
        {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, buffer, offset, length);
            (from == pair.client ? fromClient : fromServer).add(copy);
            from.peer.take(buffer, offset, length);
        };
    }

    private static GquicConfig config(final int... versions)
    {
        return GquicConnectionTest.config().versions(versions);
    }

    /** gQUIC 2.5: from each form to another one. */
    @ParameterizedTest
    @ValueSource(ints = {GquicVersion.Q039, GquicVersion.Q043, GquicVersion.Q044})
    void shouldNegotiateTheVersion(final int spoken)
    {
        final int first = spoken == GquicVersion.Q044 ? GquicVersion.Q043 : GquicVersion.Q044;
        pair(config(first, spoken), config(spoken));
        final int slot = pair.connect(PORT, 0);
        final long firstId = pair.client.core.cid(slot);
        pair.run(200 * MILLISECOND, MILLISECOND);

        assertEquals(1, clientSays.established[slot], pair.client.core.history(slot));
        final long parameters = pair.client.core.parameters(slot);
        assertEquals(spoken, GquicParameters.version(parameters));
        assertTrue(GquicParameters.has(parameters, GquicParameters.NEGOTIATED));
        assertNotEquals(firstId, pair.client.core.cid(slot));
        assertEquals(1, pair.server.core.counters().versionNegotiations());
        assertTrue(fromServer.get(0).capacity() < fromClient.get(0).capacity(), "an amplifier");
    }

    @Test
    void shouldListItsVersionsInTheClientsForm()
    {
        pair(config(GquicVersion.Q044), config(GquicVersion.Q043, GquicVersion.Q039));
        pair.connect(PORT, 0);
        pair.client.core.onTimers(pair.nowNs, 1, pair.client.outbox);
        pair.run();
        final PacketHeaderDecoder header = new PacketHeaderDecoder();
        final UnsafeBuffer answer = fromServer.get(0);
        assertTrue(header.wrap(answer, FourTuple.LENGTH, answer.capacity() - FourTuple.LENGTH, false));
        assertEquals(PacketHeaderDecoder.VERSION_NEGOTIATION, header.kind());
        assertEquals(PacketForm.LONG, header.form());
        assertEquals(2, header.labelCount());
        assertEquals(GquicVersion.Q043, header.label(0));
        assertEquals(GquicVersion.Q039, header.label(1));
        // no version in common
        assertEquals(GquicError.INVALID_VERSION, clientSays.errors[0]);
    }

    private void giveNegotiation(final long cid, final int... labels)
    {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[256]);
        new FourTuple().localIpv4(GquicPair.SERVER_ADDRESS, GquicPair.SERVER_PORT)
            .remoteIpv4(GquicPair.CLIENT_ADDRESS, PORT).store(packet, 0);
        int at = FourTuple.LENGTH;
        at += PacketHeaderEncoder.versionNegotiation(packet, at, PacketForm.PUBLIC, 0, cid);
        for (final int label : labels)
        {
            packet.putInt(at, label, BIG_ENDIAN);
            at += GquicVersion.LABEL_LENGTH;
        }
        pair.client.take(packet, 0, at);
    }

    @Test
    void shouldIgnoreVersionNegotiationThatListsItsVersion()
    {
        pair(config(GquicVersion.Q043, GquicVersion.Q039), config(GquicVersion.Q043));
        final int slot = pair.connect(PORT, 0);
        giveNegotiation(pair.client.core.cid(slot), GquicVersion.Q039, GquicVersion.Q043);
        giveNegotiation(pair.client.core.cid(slot) + 1, GquicVersion.Q039);
        pair.run(100 * MILLISECOND, MILLISECOND);
        assertEquals(GquicVersion.Q043, GquicParameters.version(pair.client.core.parameters(slot)));
        assertEquals(1, clientSays.established[slot]);
    }

    @Test
    void shouldIgnoreVersionNegotiationOnceAPacketWasAccepted()
    {
        pair(config(GquicVersion.Q043, GquicVersion.Q039), config(GquicVersion.Q043));
        final int slot = pair.connect(PORT, 0);
        pair.run(100 * MILLISECOND, MILLISECOND);
        giveNegotiation(pair.client.core.cid(slot), GquicVersion.Q039);
        pair.run();
        assertEquals(GquicVersion.Q043, GquicParameters.version(pair.client.core.parameters(slot)));
        assertEquals(0, clientSays.closed[slot]);
    }

    /** gQUIC 2.5: quic-go puts a reserved label at a random place. */
    @Test
    void shouldIgnoreQuicGosReservedLabels()
    {
        pair(config(GquicVersion.Q043, GquicVersion.Q039), config(GquicVersion.Q039));
        final int slot = pair.connect(PORT, 0);
        giveNegotiation(pair.client.core.cid(slot), 0x3afa8a5a, GquicVersion.Q039, 0x1a2a3a4a);
        pair.run(100 * MILLISECOND, MILLISECOND);
        final GquicSession session = pair.client.core.memory().view().wrap(slot);
        assertEquals(1, session.get(GquicSession.LABEL_COUNT));
        assertEquals(GquicVersion.Q039, session.get(GquicSession.LABELS));
        assertEquals(1, clientSays.established[slot]);
    }

    @Test
    void shouldAnswerOnlyPacketsLongerThanTheAnswerAndNotTooMany()
    {
        pair(config(GquicVersion.Q043), config(GquicVersion.Q043).statelessAnswers(10, true));
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[200]);
        GquicPair.tuple(PORT).store(packet, 0);
        final int headerLength =
            PacketHeaderEncoder.clientPublic(packet, FourTuple.LENGTH, 5, UNKNOWN_VERSION, 1, 2);
        pair.server.take(packet, 0, FourTuple.LENGTH + headerLength);
        assertEquals(0, pair.server.core.counters().versionNegotiations());
        for (int i = 0; i < 100; i++)
        {
            pair.server.take(packet, 0, packet.capacity());
        }
        assertEquals(1, pair.server.core.counters().versionNegotiations());
        assertEquals(99, pair.server.core.counters().answersLimited());
        pair.nowNs += SECOND;
        pair.server.take(packet, 0, packet.capacity());
        assertEquals(2, pair.server.core.counters().versionNegotiations());
        assertEquals(0, pair.server.core.active());
    }

    private void giveReset(final long cid)
    {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[128]);
        new FourTuple().localIpv4(GquicPair.SERVER_ADDRESS, GquicPair.SERVER_PORT)
            .remoteIpv4(GquicPair.CLIENT_ADDRESS, PORT).store(packet, 0);
        int at = FourTuple.LENGTH;
        at += PacketHeaderEncoder.publicReset(packet, at, cid);
        final UnsafeBuffer message =
            PacketForge.hex("50525354 0100 0000 524e4f4e 08000000 0000000000000000");
        packet.putBytes(at, message, 0, message.capacity());
        pair.client.take(packet, 0, at + message.capacity());
    }

    /** gQUIC 2.6 */
    @Test
    void shouldTellAClientThatItsConnectionIsGone()
    {
        pair(config(GquicVersion.Q043), config(GquicVersion.Q043));
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[100]);
        GquicPair.tuple(PORT).store(packet, 0);
        PacketHeaderEncoder.clientPublic(packet, FourTuple.LENGTH, 5, GquicVersion.NONE, 1, 2);
        pair.server.take(packet, 0, packet.capacity());
        pair.run();
        assertEquals(1, pair.server.core.counters().publicResets());
        final PacketHeaderDecoder header = new PacketHeaderDecoder();
        final UnsafeBuffer answer = fromServer.get(0);
        assertTrue(header.wrap(answer, FourTuple.LENGTH, answer.capacity() - FourTuple.LENGTH, false));
        assertEquals(PacketHeaderDecoder.PUBLIC_RESET, header.kind());
        assertEquals(5, header.connectionId());
        assertTrue(answer.capacity() < packet.capacity(), "an amplifier");
    }

    @Test
    void shouldEndWithAResetBeforeAnyPacketWasOpenedAndNotLater()
    {
        pair(config(GquicVersion.Q043), config(GquicVersion.Q043));
        final int slot = pair.connect(PORT, 0);
        giveReset(pair.client.core.cid(slot) + 1);
        assertEquals(0, clientSays.closed[slot]);
        giveReset(pair.client.core.cid(slot));
        assertEquals(GquicError.PUBLIC_RESET, clientSays.errors[slot]);
        assertEquals(0, pair.client.core.active());

        final int other = pair.connect(PORT, 0);
        clientSays.closed[other] = 0;
        pair.run(100 * MILLISECOND, MILLISECOND);
        giveReset(pair.client.core.cid(other));
        pair.run();
        assertEquals(0, clientSays.closed[other]);
    }

    @Test
    void shouldAnswerEachCopyOfAHelloUnderItsOwnNumberAndKeepNothing()
    {
        pair(config(GquicVersion.Q043), config(GquicVersion.Q043));
        final int slot = pair.connect(PORT, 0);
        final List<Long> numbers = new ArrayList<>();
        pair.wire = (from, buffer, offset, length) ->
        {
            if (from == pair.client)
            {
                pair.server.take(buffer, offset, length);
            }
            else
            {
                final PacketHeaderDecoder header = new PacketHeaderDecoder();
                header.wrap(buffer, offset + FourTuple.LENGTH, length - FourTuple.LENGTH, false);
                numbers.add(header.truncatedNumber());
                if (numbers.size() == 3) // the first two REJs are lost
                {
                    pair.client.take(buffer, offset, length);
                }
            }
        };
        pair.run(650 * MILLISECOND, MILLISECOND);
        assertEquals(List.of(1L, 2L, 3L), numbers.subList(0, 3));
        assertEquals(1, pair.server.core.counters().sessionsOpened());
        pair.wire = null;
        pair.run(SECOND, MILLISECOND);
        assertEquals(1, clientSays.established[slot]);
        assertEquals(1, serverSays.established[0]);
    }

    @Test
    void shouldTakeARepeatedHelloForWhatItIs()
    {
        pair(config(GquicVersion.Q043), config(GquicVersion.Q043));
        pair.wire = (from, buffer, offset, length) ->
        {
            from.peer.take(buffer, offset, length);
            from.peer.take(buffer, offset, length);
        };
        final int slot = pair.connect(PORT, 0);
        pair.run(300 * MILLISECOND, MILLISECOND);
        assertEquals(1, clientSays.established[slot]);
        assertEquals(1, pair.server.core.counters().sessionsOpened());
        assertEquals(0, pair.server.core.counters().sessionsFailed());
    }

    @Test
    void shouldDropHellosThatAreNotWhole()
    {
        pair(config(GquicVersion.Q043), config(GquicVersion.Q043));
        final UnsafeBuffer part = PacketForge.hex("43484c4f 0100 0000 50414400 00040000 2d2d2d2d");
        forge.clientNull(PORT, 77, GquicVersion.Q043, 1, forge.crypto(0, part), 1040);
        pair.server.take(forge.packet, 0, forge.length);
        pair.server.cycle();
        assertEquals(1, pair.server.core.counters().hellosSplit());
        assertEquals(0, pair.server.core.active());
        assertTrue(fromServer.isEmpty());
    }

    /** gQUIC 2.8: nobody gets an answer for less than it costs. */
    @Test
    void shouldDropShortHellos()
    {
        pair(config(GquicVersion.Q043), config(GquicVersion.Q043));
        final UnsafeBuffer hello = PacketForge.hex("43484c4f 0000 0000");
        forge.clientNull(PORT, 77, GquicVersion.Q043, 1, forge.crypto(0, hello), 900);
        pair.server.take(forge.packet, 0, forge.length);
        pair.server.cycle();
        assertTrue(fromServer.isEmpty());
        forge.clientNull(PORT, 77, GquicVersion.Q043, 1, forge.crypto(0, hello), 1040);
        pair.server.take(forge.packet, 0, forge.length);
        pair.server.cycle();
        pair.server.cycle();
        assertEquals(1, fromServer.size());
    }

    @Test
    void shouldRefuseWhomThereIsNoRoomFor()
    {
        pair(config(GquicVersion.Q043), config(GquicVersion.Q043).sessions(1).handshakes(1));
        final int first = pair.connect(PORT, 0);
        pair.run(100 * MILLISECOND, MILLISECOND);
        final int second = pair.connect(PORT + 1, 0);
        pair.run(100 * MILLISECOND, MILLISECOND);
        assertEquals(1, clientSays.established[first]);
        assertEquals(0, clientSays.established[second]);
        assertTrue(pair.server.core.counters().sessionsRefused() > 0);
        pair.client.core.close(first, GquicError.PEER_GOING_AWAY);
        pair.run(3 * SECOND, 10 * MILLISECOND);
        assertEquals(1, clientSays.established[second], "the hello comes again");
    }

    /** Tokens are drawn from the generator without a session: a flood must not use it up. */
    @Test
    void shouldReseedWhileOnlyStrangersCome()
    {
        final Entropy entropy = Entropy.seeded(3);
        final GquicCore server = new GquicCore(config(GquicVersion.Q043), Kernels.scalar(), entropy, serverSays,
            1L << 40, 1, FakeHandshakes::new);
        final UnsafeBuffer drawn = new UnsafeBuffer(new byte[1 << 12]);
        for (int i = 0; i < Entropy.RESEED_INTERVAL; i += drawn.capacity())
        {
            entropy.nextBytes(drawn, 0, drawn.capacity());
        }
        entropy.nextLong();
        assertTrue(entropy.reseedDue());
        server.onTimers(1L << 40, 1, null);
        assertFalse(entropy.reseedDue());
    }

    @Test
    void shouldGiveNobodyMoreThanHeSent()
    {
        pair(config(GquicVersion.Q043), config(GquicVersion.Q043));
        pair.connect(PORT, 0);
        pair.run(MILLISECOND, MILLISECOND);
        assertTrue(fromServer.get(0).capacity() <= fromClient.get(0).capacity());
    }
}
