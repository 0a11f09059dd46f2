// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.FrameType;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.LongType;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What peers do beside the text, each by the name of who does it; clauses are the fact sheet's. */
class GquicQuirksTest
{
    private static final int PORT = 40_000;
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final UnsafeBuffer HELLO = PacketForge.hex("43484c4f 0000 0000");
    /** A CHLO of one STK, which is to follow. */
    private static final UnsafeBuffer SECOND_HELLO = PacketForge.hex("43484c4f 0100 0000 53544b00 10000000");
    private static final int TOKEN_VERSION = 12;
    private static final int EARLY_TEXT = 100;
    private static final int PROBE_LENGTH = 1450;
    /** Without a header whose number takes 4 octets, and a tag. */
    private static final int PROBE_TEXT = PROBE_LENGTH - 13 - 12;
    private static final UnsafeBuffer TEXT = new UnsafeBuffer(new byte[100]);
    private static final int PUBLIC_HEADER_LENGTH = 15;
    private static final int LONG_HEADER_LENGTH = 18;

    private final RecordingHandler clientSays = new RecordingHandler(1 << 12);
    private final RecordingHandler serverSays = new RecordingHandler(1 << 12);
    private final PacketForge forge = new PacketForge();
    private GquicPair pair;

    private int connect(final GquicConfig clientConfig)
    {
        final GquicCore client = GquicConnectionTest.fakeCore(clientConfig.client(true), clientSays, 1);
        final GquicCore server = GquicConnectionTest.fakeCore(GquicConnectionTest.config(), serverSays, 2);
        clientSays.core = client;
        serverSays.core = server;
        serverSays.echo = true;
        pair = new GquicPair(client, server);
        return pair.connect(PORT, 0);
    }

    private static GquicConfig config(final int version)
    {
        return GquicConnectionTest.config().versions(version);
    }

    private void giveHello()
    {
        pair.server.take(forge.packet, 0, forge.length);
        pair.server.cycle();
    }

    /** 2.1: a client's flag 0x04 has no meaning, and Chromium's set it always. */
    @Test
    void shouldTakeChromiumsNonceFlagForNothing()
    {
        connect(config(GquicVersion.Q043));
        forge.clientNull(PORT, 9, GquicVersion.Q043, 1, forge.crypto(0, HELLO), 1040);
        forge.packet.putByte(FourTuple.LENGTH, (byte)(forge.packet.getByte(FourTuple.LENGTH) | 0x04));
        forge.hashAgain(PUBLIC_HEADER_LENGTH);
        giveHello();
        assertEquals(1, pair.server.core.counters().rejectsStateless());
    }

    /** 2.1: Chromium names its version until the first packet of its server: its second hello has none. */
    @Test
    void shouldTakeChromiumsSecondHelloWhichNamesNoVersion()
    {
        connect(config(GquicVersion.Q043));
        giveSecondHello(GquicVersion.NONE, rejectedToken(9), 9);
        assertEquals(1, pair.server.core.counters().sessionsOpened());
        assertEquals(GquicVersion.Q043, GquicParameters.version(pair.server.core.parameters(0)));
        assertEquals(0, pair.server.core.counters().publicResets());
    }

    /** 16: nor has early data behind it, which may well be read before the hello's hash is there. */
    @Test
    void shouldNotResetChromiumForEarlyDataBehindItsSecondHello()
    {
        connect(config(GquicVersion.Q043));
        final UnsafeBuffer token = rejectedToken(9);
        makeSecondHello(GquicVersion.NONE, token, 9);
        pair.server.take(forge.packet, 0, forge.length);
        forge.clientNull(PORT, 9, GquicVersion.NONE, 3, PacketForge.hex("07"), 200);
        forge.packet.putByte(FourTuple.LENGTH + EARLY_TEXT, (byte)~forge.packet.getByte(FourTuple.LENGTH + EARLY_TEXT));
        giveHello();
        assertEquals(1, pair.server.core.counters().sessionsOpened());
        assertEquals(0, pair.server.core.counters().publicResets());
    }

    /** 2.6: without a version only a token can say how to go on, and only a reset makes Chromium begin anew. */
    @Test
    void shouldResetChromiumsSecondHelloWhenItsTokenIsNotGood()
    {
        connect(config(GquicVersion.Q043));
        final UnsafeBuffer token = rejectedToken(8);
        giveSecondHello(GquicVersion.NONE, token, 9);
        assertEquals(1, pair.server.core.counters().publicResets(), "a token of another connection");
        forge.packet.putByte(forge.length - 1, (byte)~forge.packet.getByte(forge.length - 1));
        giveHello();
        assertEquals(2, pair.server.core.counters().publicResets(), "not even a hash");
        forge.clientNull(PORT, 9, GquicVersion.NONE, 3, PacketForge.hex("07"), 1040);
        giveHello();
        assertEquals(3, pair.server.core.counters().publicResets(), "no hello");
        assertEquals(0, pair.server.core.counters().sessionsOpened());
    }

    /** 15: a token that names a version which is not spoken here, or not in this form, is no way into it. */
    @ParameterizedTest
    @ValueSource(ints = {GquicVersion.Q044, 0x51303939})
    void shouldTakeNoVersionFromATokenThatIsNotItsOwn(final int version)
    {
        connect(config(GquicVersion.Q043));
        final UnsafeBuffer token = rejectedToken(9);
        token.putInt(TOKEN_VERSION, version);
        giveSecondHello(GquicVersion.NONE, token, 9);
        assertEquals(0, pair.server.core.counters().sessionsOpened());
        assertEquals(1, pair.server.core.counters().publicResets());
    }

    /** Offers a first hello under an ID, and answers the token of its REJ, a fake handshake's. */
    private UnsafeBuffer rejectedToken(final long cid)
    {
        final UnsafeBuffer token = new UnsafeBuffer(new byte[FakeHandshakes.TOKEN_LENGTH]);
        pair.wire = (from, buffer, offset, length) ->
            token.putBytes(0, buffer, offset + length - token.capacity(), token.capacity());
        forge.clientNull(PORT, cid, GquicVersion.Q043, 1, forge.crypto(0, HELLO), 1040);
        giveHello();
        pair.server.cycle();
        return token;
    }

    private void makeSecondHello(final int version, final UnsafeBuffer token, final long cid)
    {
        final UnsafeBuffer hello = new UnsafeBuffer(new byte[SECOND_HELLO.capacity() + token.capacity()]);
        hello.putBytes(0, SECOND_HELLO, 0, SECOND_HELLO.capacity());
        hello.putBytes(SECOND_HELLO.capacity(), token, 0, token.capacity());
        forge.clientNull(PORT, cid, version, 2, forge.crypto(HELLO.capacity(), hello), 1040);
    }

    private void giveSecondHello(final int version, final UnsafeBuffer token, final long cid)
    {
        makeSecondHello(version, token, cid);
        giveHello();
    }

    /** 2.2: quic-go sends its first packet with ff, lsquic what is at offset 0; fc Chromium for early data. */
    @ParameterizedTest
    @ValueSource(ints = {LongType.INITIAL, LongType.HANDSHAKE, LongType.ZERO_RTT_PROTECTED})
    void shouldTakeAnyLongTypeFromClients(final int type)
    {
        connect(config(GquicVersion.Q044));
        forge.clientNull(PORT, 9, GquicVersion.Q044, 1, forge.crypto(0, HELLO), 1040);
        forge.packet.putByte(FourTuple.LENGTH, (byte)type);
        forge.hashAgain(LONG_HEADER_LENGTH);
        giveHello();
        assertEquals(1, pair.server.core.counters().rejectsStateless());
    }

    /** 2.2: quic-go's client takes only fd and fc from a server; its own first packet is ff, later ones fd. */
    @Test
    void shouldSendTheLongTypesThatQuicGoTakes()
    {
        final StringBuilder types = new StringBuilder();
        connect(config(GquicVersion.Q044));
        pair.wire = (from, buffer, offset, length) ->
        {
            types.append(from == pair.client ? " c" : " s")
                .append(Integer.toHexString(buffer.getByte(offset + FourTuple.LENGTH) & 0xff));
            from.peer.take(buffer, offset, length);
        };
        pair.run(10 * MILLISECOND, MILLISECOND);
        assertEquals(" cff sfd cfd sfc", types.substring(0, 16));
        assertTrue(types.substring(16).startsWith(" c3"), types.toString());
    }

    /** 2.5: Chromium's and lsquic's clients keep ID and hello, and go on numbering, in the other version. */
    @Test
    void shouldTakeAHelloThatComesAgainInAnotherVersion()
    {
        connect(config(GquicVersion.Q043));
        forge.clientNull(PORT, 9, 0x51303939, 1, forge.crypto(0, HELLO), 1040);
        giveHello();
        assertEquals(1, pair.server.core.counters().versionNegotiations());
        forge.clientNull(PORT, 9, GquicVersion.Q043, 2, forge.crypto(0, HELLO), 1040);
        giveHello();
        assertEquals(1, pair.server.core.counters().rejectsStateless());
    }

    /** 2: lsquic's server kills a handshake whose packet numbers exceed 64. */
    @Test
    void shouldNotNumberPacketsBeyondLsquicsLimit()
    {
        final int slot = connect(config(GquicVersion.Q043));
        pair.wire = (from, buffer, offset, length) ->
        {
        };
        pair.run(9 * SECOND, 10 * MILLISECOND);
        assertTrue(pair.client.core.memory().view().wrap(slot).get(GquicSession.NEXT_NUMBER) < 64);
    }

    /** 6: TCID 0 allows a server to leave the connection ID out. */
    @Test
    void shouldTalkWithoutConnectionId()
    {
        final int slot = connect(config(GquicVersion.Q043));
        pair.run(100 * MILLISECOND, MILLISECOND);
        pair.server.core.memory().view().wrap(0).raise(GquicSession.OMIT_CID);
        final int[] withoutId = {0};
        pair.wire = (from, buffer, offset, length) ->
        {
            withoutId[0] += from == pair.server && (buffer.getByte(offset + FourTuple.LENGTH) & 0x08) == 0 ? 1 : 0;
            from.peer.take(buffer, offset, length);
        };
        pair.client.core.send(slot, pair.client.core.openStream(slot), TEXT, 0, 100, true);
        pair.run(100 * MILLISECOND, MILLISECOND);
        assertEquals(100, clientSays.receivedLength[slot]);
        assertTrue(withoutId[0] > 0);
    }

    /** 1 and 6: no STOP_WAITING for who has asked for none with NSTP; in Q044 for nobody. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendStopWaitingUnlessAskedNotTo(final boolean asked)
    {
        final int slot = connect(config(GquicVersion.Q043));
        pair.run(100 * MILLISECOND, MILLISECOND);
        final GquicSession session = pair.client.core.memory().view().wrap(slot);
        if (asked)
        {
            pair.server.core.memory().view().wrap(0).raise(GquicSession.NO_STOP_WAITING);
        }
        final long before = session.get(GquicSession.LEAST_AWAITED);
        for (int i = 0; i < 3; i++)
        {
            pair.client.core.send(slot, pair.client.core.openStream(slot), TEXT, 0, 100, true);
            pair.run(100 * MILLISECOND, MILLISECOND);
        }
        assertEquals(!asked, session.get(GquicSession.LEAST_AWAITED) > before);
    }

    /** 3: who sends timestamps with an ACK (Chromium) is understood all the same. */
    @Test
    void shouldStepOverTimestamps()
    {
        final int slot = connect(config(GquicVersion.Q043));
        pair.run(100 * MILLISECOND, MILLISECOND);
        forge.sealed(pair.client.core, slot, 1000, PacketForge.hex("40 01 0048 01 02 00 00000001 01 0002 07"));
        pair.server.take(forge.packet, 0, forge.length);
        assertEquals(0, serverSays.closed[0]);
        assertEquals(0, pair.server.core.counters().packetsUnverified());
    }

    /** 3: Chromium says GOAWAY when its network changes; what is open stays open. */
    @ParameterizedTest
    @ValueSource(ints = {GquicVersion.Q039, GquicVersion.Q043, GquicVersion.Q044})
    void shouldNotCloseAtChromiumsGoaway(final int version)
    {
        final int slot = connect(config(version));
        pair.run(100 * MILLISECOND, MILLISECOND);
        forge.sealed(pair.client.core, slot, 1000, PacketForge.hex("03 00000010 00000000 0000"));
        pair.server.take(forge.packet, 0, forge.length);
        pair.server.cycle();
        assertEquals(0, serverSays.closed[0]);
        assertEquals(GquicState.FORWARD_SECURE, pair.server.core.state(0));
        assertEquals(1000, pair.server.core.memory().view().wrap(0).get(GquicSession.LARGEST_RECEIVED));
    }

    /** 2.8: Chromium's packets have 1,350 octets, and its probes of the path up to 1,450. */
    @Test
    void shouldTakePacketsAsLongAsChromiumsProbes()
    {
        final int slot = connect(config(GquicVersion.Q043));
        pair.run(100 * MILLISECOND, MILLISECOND);
        final UnsafeBuffer probe = new UnsafeBuffer(new byte[PROBE_TEXT]);
        probe.putByte(0, (byte)FrameType.PING);
        final long before = pair.server.core.counters().packetsMalformed();
        forge.sealed(pair.client.core, slot, 1000, probe);
        assertEquals(PROBE_LENGTH, forge.length - FourTuple.LENGTH);
        pair.server.take(forge.packet, 0, forge.length);
        pair.run(100 * MILLISECOND, MILLISECOND);
        assertEquals(before, pair.server.core.counters().packetsMalformed());
        assertEquals(1000, pair.server.core.memory().view().wrap(0).get(GquicSession.LARGEST_RECEIVED));
    }

    /** 13: quic-go's server destroys packets under initial keys; the client sends early data again, forward secure. */
    @Test
    void shouldSendEarlyDataAgainThatQuicGoCannotOpen()
    {
        resume(true);
    }

    /** 16: a server that rejects the hello has no keys for the data behind it, which comes again with the next keys. */
    @Test
    void shouldSendEarlyDataOnce()
    {
        resume(false);
    }

    private void resume(final boolean losesInitial)
    {
        final LevelTap tap = new LevelTap();
        final ClientSettings settings =
            new ClientSettings(new TestServers.Trust(TestServers.ECDSA), new UnixTime(), "quic.example");
        final GquicCore client = new GquicCore(config(GquicVersion.Q043).tap(tap), settings, Kernels.scalar(),
            Entropy.seeded(11), clientSays, HandshakeRig.NOW_NS);
        final GquicCore server = new GquicCore(GquicConnectionTest.config(), TestServers.settings(TestServers.ECDSA),
            Kernels.scalar(), Entropy.seeded(12), serverSays, HandshakeRig.NOW_NS);
        clientSays.core = client;
        serverSays.core = server;
        serverSays.echo = true;
        pair = new GquicPair(client, server);
        pair.nowNs = HandshakeRig.NOW_NS;
        pair.connect(PORT, 0);
        pair.run(100 * MILLISECOND, MILLISECOND);
        tap.loses = losesInitial;
        pair.wire = (from, buffer, offset, length) ->
        {
            if (from == pair.server || !tap.isLost(new PacketHeaderDecoder(), buffer, offset, length))
            {
                from.peer.take(buffer, offset, length);
            }
        };
        final int slot = pair.connect(PORT + 1, 0);
        pair.client.core.send(slot, pair.client.core.openStream(slot), TEXT, 0, 100, true);
        pair.run(SECOND, MILLISECOND);
        assertEquals(100, clientSays.receivedLength[slot]);
        assertEquals(1, clientSays.ends[slot]);
        assertEquals(losesInitial, client.counters().packetsLost() > 0);
        assertTrue(tap.initialPackets > 0, "data went out early");
        assertEquals(!losesInitial, GquicParameters.has(server.parameters(1), GquicParameters.ZERO_RTT));
        client.close(slot, GquicError.PEER_GOING_AWAY);
    }
}
