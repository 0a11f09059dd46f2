// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.FrameIterator;
import dev.trishake.wire.gquic.FrameType;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Streams of an established connection: windows, ends, limits, more than one of them, addresses that change. */
class GquicStreamsTest
{
    private static final int PORT = 40_000;
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final int WINDOW = GquicConfig.MIN_WINDOW;

    private final Frames clientFrames = new Frames();
    private final RecordingHandler clientSays = new RecordingHandler(1 << 17);
    private final RecordingHandler serverSays = new RecordingHandler(1 << 17);
    private final PacketForge forge = new PacketForge();
    private final UnsafeBuffer data = new UnsafeBuffer(new byte[1 << 16]);
    private GquicPair pair;
    private int slot;

    /** Types of the frames that a side has sent. */
    private static final class Frames implements GquicTap
    {
        final List<String> sent = new ArrayList<>();
        private final FrameIterator frames = new FrameIterator();

        @Override
        public void onSent(
            final int slot, final int level, final long number, final DirectBuffer buffer, final int headerOffset,
            final int headerLength, final DirectBuffer text, final int textOffset, final int textLength)
        {
            frames.wrap(text, textOffset, textLength, 2);
            for (int type = frames.next(); type > FrameIterator.END; type = frames.next())
            {
                sent.add(FrameType.nameOf(type) + (type == FrameType.STREAM ? " " + frames.stream().streamId() :
                    type == FrameType.WINDOW_UPDATE || type == FrameType.BLOCKED || type == FrameType.RST_STREAM ?
                        " " + frames.streamId() : ""));
            }
        }

        long count(final String frame)
        {
            return sent.stream().filter(frame::equals).count();
        }
    }

    private void establish(final GquicConfig clientConfig, final GquicConfig serverConfig)
    {
        final GquicCore client = GquicConnectionTest.fakeCore(clientConfig.client(true), clientSays, 1);
        final GquicCore server = GquicConnectionTest.fakeCore(serverConfig, serverSays, 2);
        clientSays.core = client;
        serverSays.core = server;
        pair = new GquicPair(client, server);
        slot = pair.connect(PORT, 0);
        pair.run(200 * MILLISECOND, MILLISECOND);
        assertEquals(GquicState.FORWARD_SECURE, server.state(0));
    }

    private static GquicConfig config()
    {
        return GquicConnectionTest.config().versions(GquicVersion.Q043);
    }

    @BeforeEach
    void fill()
    {
        for (int i = 0; i < data.capacity(); i++)
        {
            data.putByte(i, (byte)(i ^ i >> 8));
        }
    }

    /** A peer that takes nothing gets its window and no more, and is told that there would be more. */
    @Test
    void shouldStopAtTheStreamsWindow()
    {
        establish(config().tap(clientFrames).sendBufferLength(1 << 15), config());
        serverSays.appetite = 0;
        final int stream = pair.client.core.openStream(slot);
        assertEquals(1 << 15, pair.client.core.send(slot, stream, data, 0, 1 << 15, false));
        pair.run(SECOND, 10 * MILLISECOND);
        assertEquals(0, serverSays.receivedLength[0]);
        final GquicSession session = pair.server.core.memory().view().wrap(0);
        final StreamRecord record = pair.server.core.memory().streamView()
            .wrap(session.get(GquicSession.STREAM_FIRST) - 1);
        assertEquals(WINDOW, record.get(StreamRecord.TOP));
        assertEquals(1, clientFrames.count("BLOCKED " + stream), "it says so once");

        serverSays.appetite = Integer.MAX_VALUE;
        pair.server.core.resumeStream(0, stream);
        pair.run(SECOND, 10 * MILLISECOND);
        assertEquals(1 << 15, serverSays.receivedLength[0]);
        for (int i = 0; i < 1 << 15; i++)
        {
            assertEquals(data.getByte(i), serverSays.received[0].getByte(i));
        }
    }

    /** All streams but the first share the connection's window. */
    @Test
    void shouldStopAtTheConnectionsWindow()
    {
        establish(config().tap(clientFrames), config());
        serverSays.appetite = 0;
        final int headers = pair.client.core.openStream(slot);
        final int[] streams = new int[3];
        assertEquals(8192, pair.client.core.send(slot, headers, data, 0, 8192, false));
        for (int i = 0; i < streams.length; i++)
        {
            streams[i] = pair.client.core.openStream(slot);
            int sent = pair.client.core.send(slot, streams[i], data, 0, 1 << 14, false);
            for (int j = 0; j < 10; j++)
            {
                pair.run(100 * MILLISECOND, 10 * MILLISECOND);
                sent += pair.client.core.send(slot, streams[i], data, sent, (1 << 14) - sent, false);
            }
        }
        final GquicSession session = pair.server.core.memory().view().wrap(0);
        assertEquals(3 * WINDOW / 2, session.get(GquicSession.RECEIVED_DATA));
        assertEquals(1, clientFrames.count("BLOCKED 0"));

        serverSays.appetite = Integer.MAX_VALUE;
        for (final int stream : streams)
        {
            pair.server.core.resumeStream(0, stream);
        }
        pair.run(SECOND, 10 * MILLISECOND);
        assertTrue(session.get(GquicSession.RECEIVED_DATA) > 3 * WINDOW / 2);
        assertEquals(0, serverSays.closed[0] + clientSays.closed[slot]);
    }

    @Test
    void shouldOpenAsManyStreamsAsThePeerAllows()
    {
        establish(config(), config());
        final int[] ids = new int[4];
        for (int i = 0; i < ids.length; i++)
        {
            ids[i] = pair.client.core.openStream(slot);
            assertEquals(3 + 2 * i, ids[i]);
        }
        assertEquals(-1, pair.client.core.openStream(slot));
        serverSays.echo = true;
        pair.client.core.send(slot, ids[1], data, 0, 10, true);
        pair.run(SECOND, 10 * MILLISECOND);
        assertEquals(11, pair.client.core.openStream(slot), "one has ended on both sides");
        assertEquals(2, pair.server.core.openStream(0), "a server's are even");
    }

    @Test
    void shouldCarryStreamsThatTheServerOpens()
    {
        establish(config(), config());
        clientSays.echo = true;
        final int stream = pair.server.core.openStream(0);
        assertEquals(5000, pair.server.core.send(0, stream, data, 0, 5000, true));
        pair.run(SECOND, 10 * MILLISECOND);
        assertEquals(5000, serverSays.receivedLength[0]);
        assertEquals(1, serverSays.ends[0]);
        assertEquals(0, pair.server.core.memory().streams.active() + pair.client.core.memory().streams.active());
    }

    /** A stream that came late is no old one, and an old one does not come again. */
    @Test
    void shouldTellLateStreamsFromOldOnes()
    {
        establish(config(), config());
        serverSays.echo = true;
        for (int i = 0; i < 4; i++)
        {
            pair.client.core.send(slot, pair.client.core.openStream(slot), data, 0, 0, false);
        }
        give(100, "e007 0001 61"); // stream 7 before 5 and 3
        give(200, "e003 0001 62");
        give(300, "e005 0001 63");
        assertEquals(3, serverSays.ends[0]);
        pair.run(SECOND, 10 * MILLISECOND);
        give(400, "e003 0001 62");
        give(500, "e007 0001 61");
        assertEquals(3, serverSays.ends[0]);
        give(600, "e009 0001 64"); // a newer one does not bring the older ones back
        pair.run(SECOND, 10 * MILLISECOND);
        give(700, "e003 0001 62");
        give(800, "e005 0001 63");
        assertEquals(4, serverSays.ends[0]);
        assertEquals(0, serverSays.closed[0]);
    }

    private void give(final long number, final String frames)
    {
        forge.sealed(pair.client.core, slot, number, PacketForge.hex(frames));
        // the client must believe that it was its own
        pair.client.core.memory().view().wrap(slot).set(GquicSession.NEXT_NUMBER, number + 1);
        pair.server.take(forge.packet, 0, forge.length);
        pair.run();
    }

    @Test
    void shouldEndBothSidesOfAStreamThatIsReset()
    {
        establish(config(), config());
        final int stream = pair.client.core.openStream(slot);
        pair.client.core.send(slot, stream, data, 0, 100, false);
        pair.run(100 * MILLISECOND, 10 * MILLISECOND);
        // the client gives it up behind octet 150
        give(100, "01 00000003 0000000000000096 00000006");
        assertEquals(1, serverSays.resets[0]);
        pair.run(SECOND, 10 * MILLISECOND);
        assertEquals(1, clientSays.resets[slot], "the server answers in kind");
        assertEquals(0, pair.server.core.memory().streams.active());
        final GquicSession session = pair.server.core.memory().view().wrap(0);
        assertEquals(0, session.get(GquicSession.PEER_OPEN_STREAMS));
        assertEquals(session.get(GquicSession.RECEIVED_DATA), session.get(GquicSession.CONSUMED_DATA));
    }

    /** There is no record for the stream: the packet is not acknowledged, and comes again when there is. */
    @Test
    void shouldTakeAStreamLaterWhenThereIsNoRoomNow()
    {
        establish(config(), config().streams(1, 4));
        serverSays.echo = true;
        final int first = pair.client.core.openStream(slot);
        final int second = pair.client.core.openStream(slot);
        pair.client.core.send(slot, first, data, 0, 10, false);
        pair.client.core.send(slot, second, data, 0, 10, true);
        pair.run(100 * MILLISECOND, 10 * MILLISECOND);
        assertEquals(0, clientSays.ends[slot]);
        assertTrue(pair.server.core.counters().streamsRefused() > 0);
        pair.client.core.send(slot, first, data, 0, 0, true);
        pair.run(3 * SECOND, 10 * MILLISECOND);
        assertEquals(2, clientSays.ends[slot]);
    }

    /** gQUIC 12 and the border of Q044: whose address has changed says so by a packet that opens. */
    @Test
    void shouldFollowAClientToItsNewAddress()
    {
        establish(config(), config());
        moveTo(50_001);
        assertEquals(1, pair.server.core.counters().addressChanges());
        final FourTuple tuple = new FourTuple();
        pair.server.core.tuple(0, tuple);
        assertEquals(50_001, tuple.remotePort());
        // an older packet from where it was does not bring it back
        forge.sealed(pair.client.core, slot, 90, PacketForge.hex("07"));
        pair.server.take(forge.packet, 0, forge.length);
        pair.server.core.tuple(0, tuple);
        assertEquals(50_001, tuple.remotePort());
    }

    @Test
    void shouldNotFollowWhatDoesNotOpen()
    {
        establish(config(), config());
        forge.sealed(pair.client.core, slot, 100, PacketForge.hex("07"));
        forge.packet.putByte(forge.length - 1, (byte)(forge.packet.getByte(forge.length - 1) ^ 1));
        GquicPair.tuple(50_001).store(forge.packet, 0);
        pair.server.take(forge.packet, 0, forge.length);
        assertEquals(0, pair.server.core.counters().addressChanges());
    }

    @Test
    void shouldNotFollowInQ044()
    {
        establish(GquicConnectionTest.config().versions(GquicVersion.Q044), GquicConnectionTest.config());
        moveTo(50_001);
        assertEquals(0, pair.server.core.counters().addressChanges());
    }

    private void moveTo(final int port)
    {
        forge.sealed(pair.client.core, slot, 100, PacketForge.hex("07"));
        GquicPair.tuple(port).store(forge.packet, 0);
        pair.server.take(forge.packet, 0, forge.length);
    }

    /** Rings, packet slots and buffers as small as they can be: slower, and nothing is lost. */
    @Test
    void shouldLoseNothingWithoutRoom()
    {
        establish(config().packets(2).sendBufferLength(2048), config().packets(2).sendBufferLength(2048));
        serverSays.echo = true;
        final int stream = pair.client.core.openStream(slot);
        int sent = 0;
        for (int i = 0; i < 3000 && clientSays.ends[slot] == 0; i++)
        {
            sent += sent < data.capacity() ?
                pair.client.core.send(slot, stream, data, sent, data.capacity() - sent, true) : 0;
            pair.run(10 * MILLISECOND, MILLISECOND);
        }
        assertEquals(data.capacity(), clientSays.receivedLength[slot]);
        assertEquals(0, pair.client.core.counters().packetsLost() + pair.server.core.counters().packetsLost());
    }

    @Test
    void shouldSayNothingMoreOnceItIsClosed()
    {
        establish(config(), config());
        final int stream = pair.client.core.openStream(slot);
        pair.client.core.close(slot, GquicError.PEER_GOING_AWAY);
        assertEquals(0, pair.client.core.send(slot, stream, data, 0, 10, false));
        assertEquals(-1, pair.client.core.openStream(slot));
        pair.run();
        assertEquals(1, clientSays.closed[slot]);
        assertFalse(clientSays.byPeer[slot]);
        assertNotEquals(0, serverSays.closed[0]);
    }
}
