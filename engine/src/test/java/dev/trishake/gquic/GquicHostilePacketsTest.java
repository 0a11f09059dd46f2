// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.support.Allocation;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.gquic.FrameIterator;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Peers that send what they must not, and strangers that send anything. */
class GquicHostilePacketsTest
{
    private static final int PORT = 40_000;
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final long NUMBER = 1000;

    private final RecordingHandler clientSays = new RecordingHandler(1 << 16);
    private final RecordingHandler serverSays = new RecordingHandler(1 << 16);
    private final PacketForge forge = new PacketForge();
    private GquicPair pair;
    private int slot;

    private void establish(final int version)
    {
        connect(version);
        pair.run(200 * MILLISECOND, MILLISECOND);
        assertEquals(GquicState.FORWARD_SECURE, pair.server.core.state(0));
        assertEquals(GquicState.FORWARD_SECURE, pair.client.core.state(slot));
    }

    private void connect(final int version)
    {
        final GquicCore client = GquicConnectionTest.fakeCore(
            GquicConnectionTest.config().client(true).versions(version), clientSays, 1);
        final GquicCore server = GquicConnectionTest.fakeCore(GquicConnectionTest.config(), serverSays, 2);
        clientSays.core = client;
        serverSays.core = server;
        pair = new GquicPair(client, server);
        slot = pair.connect(PORT, 0);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "unknown type, 08, 4",
        "stream without data or end, a003 0000, 50",
        "stream 0, a000 0001 61, 17",
        "stream of the server, a004 0001 61, 17",
        "end of the crypto stream, e001 0000, 17",
        "stream cut off, a003 0009 61, 46",
        "more than the stream's window, a403 4000 0001 61, 59",
        "more than the connection's window, a405 3fff 0001 61 a407 3fff 0001 61, 59",
        "data behind the end, e003 0001 61 a403 0001 0001 62, 2",
        "another end, e003 0001 61 e403 0001 0001 62, 2",
        "acknowledges what was never sent, 4c 00ffff 0000 01 00, 9",
        "acknowledges packet 0, 40 01 0000 02 00, 9",
        "ACK cut off, 40 01, 9",
        "least unacked of 0, 06 000003e8, 60",
        "STOP_WAITING cut off, 06 00, 60",
        "RST_STREAM cut off, 01 00000003, 6",
        "RST_STREAM of the crypto stream, 01 00000001 0000000000000000 00000000, 6",
        "RST_STREAM behind the window, 01 00000003 0000000000004001 00000000, 59",
        "WINDOW_UPDATE cut off, 04 0000, 57",
        "BLOCKED cut off, 05 00, 58",
        "GOAWAY cut off, 03 00, 8",
        "CONNECTION_CLOSE cut off, 02 00, 7",
        "nothing, '', 48",
        "a message when all was said, a401 1388 0001 61, 32",
        "more streams than may be, a003000161 a005000161 a007000161 a009000161 a00b000161 a00d000161 a00f000161 " +
            "a011000161 a013000161 a015000161 a017000161 a019000161 a01b000161 a01d000161 a01f000161, 18",
    })
    void shouldCloseWithTheRightError(final String what, final String frames, final int error)
    {
        establish(GquicVersion.Q043);
        forge.sealed(pair.client.core, slot, NUMBER, PacketForge.hex(frames));
        pair.server.take(forge.packet, 0, forge.length);
        pair.run();

        assertEquals(1, serverSays.closed[0], what);
        assertEquals(error, serverSays.errors[0], what);
        assertFalse(serverSays.byPeer[0], what);
        assertEquals(error, clientSays.errors[slot], what);
        assertTrue(clientSays.byPeer[slot], what);
        assertEquals(0, pair.server.core.active() + pair.server.core.memory().streams.active());
    }

    @Test
    void shouldTakeNoStopWaitingInQ044()
    {
        establish(GquicVersion.Q044);
        forge.sealed(pair.client.core, slot, NUMBER, PacketForge.hex("06 00000001"));
        pair.server.take(forge.packet, 0, forge.length);
        pair.run();
        assertEquals(GquicError.INVALID_STOP_WAITING_DATA, serverSays.errors[0]);
    }

    @Test
    void shouldTakeNoDataOfStreamsWithoutKeys()
    {
        connect(GquicVersion.Q043);
        pair.wire = (from, buffer, offset, length) ->
        {
            if (from == pair.server || pair.server.core.active() == 0)
            {
                from.peer.take(buffer, offset, length); // nothing of the client's any more once there is a session
            }
        };
        pair.run(20 * MILLISECOND, MILLISECOND);
        assertEquals(1, pair.server.core.active());
        forge.clientNull(PORT, pair.client.core.cid(slot), GquicVersion.Q043, NUMBER,
            PacketForge.hex("a003 0001 61"), 0);
        pair.server.take(forge.packet, 0, forge.length);
        pair.run();
        assertEquals(GquicError.UNENCRYPTED_STREAM_DATA, serverSays.errors[0]);
    }

    @Test
    void shouldTakeNothingWithoutKeysOnceSomethingBetterHasCome()
    {
        establish(GquicVersion.Q043);
        final long cid = pair.client.core.cid(slot);
        final DirectBuffer close = PacketForge.hex("02 00000010 0000");
        forge.clientNull(PORT, cid, GquicVersion.Q043, NUMBER, close, 0);
        pair.server.take(forge.packet, 0, forge.length);
        forge.serverNull(PORT, cid, GquicVersion.Q043, NUMBER, close);
        pair.client.take(forge.packet, 0, forge.length);
        pair.run();
        assertEquals(0, serverSays.closed[0] + clientSays.closed[slot]);
        assertEquals(2, pair.server.core.counters().packetsUnverified() +
            pair.client.core.counters().packetsUnverified());
    }

    /** A forged ACK without keys must not keep lost data from being sent again. */
    @Test
    void shouldNotBelieveAcknowledgmentsOfBetterProtectedPackets()
    {
        establish(GquicVersion.Q043);
        pair.wire = (from, buffer, offset, length) ->
        {
        };
        final GquicSession session = pair.client.core.memory().view().wrap(slot);
        final int stream = pair.client.core.openStream(slot);
        pair.client.core.send(slot, stream, PacketForge.hex("616263"), 0, 3, true);
        pair.run();
        final SentPackets sent = new SentPackets(session);
        assertEquals(1, sent.inFlight());
        final FrameIterator frames = new FrameIterator();
        final long number = session.get(GquicSession.NEXT_NUMBER) - 1;
        final UnsafeBuffer ack = PacketForge.hex(String.format("40 %02x 0000 01 00", number));
        frames.wrap(ack, 0, ack.capacity(), 2);
        frames.next();
        assertEquals(0, sent.acknowledged(frames.ack(), GquicLevel.NULL));
        assertEquals(0, sent.acknowledged(frames.ack(), GquicLevel.INITIAL));
        assertEquals(1, Long.bitCount(sent.acknowledged(frames.ack(), GquicLevel.FORWARD_SECURE)));
    }

    @Test
    void shouldSurviveAnyFrames()
    {
        Seeded.forEach(Scale.pick(700, 100_000), random ->
        {
            establish(random.nextBoolean() ? GquicVersion.Q043 : GquicVersion.Q044);
            final int packets = 1 + random.nextInt(20);
            for (int i = 0; i < packets && pair.client.core.active() > 0 && pair.server.core.active() > 0; i++)
            {
                final UnsafeBuffer frames = new UnsafeBuffer(anyFrames(random));
                if (random.nextBoolean())
                {
                    forge.sealed(pair.client.core, slot, NUMBER + i, frames);
                    pair.server.take(forge.packet, 0, forge.length);
                }
                else
                {
                    forge.sealed(pair.server.core, 0, NUMBER + i, frames);
                    pair.client.take(forge.packet, 0, forge.length);
                }
                pair.run(MILLISECOND, MILLISECOND);
            }
            endAndCheck();
        });
    }

    @Test
    void shouldSurviveAnyFramesWithoutKeys()
    {
        Seeded.forEach(Scale.pick(700, 100_000), random ->
        {
            final int version = random.nextBoolean() ? GquicVersion.Q043 : GquicVersion.Q044;
            connect(version);
            final long cid = pair.client.core.cid(slot);
            for (int i = random.nextInt(4); i > 0; i--)
            {
                pair.client.cycle();
                pair.server.cycle();
            }
            for (int i = 1 + random.nextInt(8); i > 0; i--)
            {
                final UnsafeBuffer frames = new UnsafeBuffer(anyFrames(random));
                final long number = 1L + random.nextInt(5);
                if (random.nextBoolean())
                {
                    forge.clientNull(PORT, random.nextInt(3) == 0 ? random.nextLong() : cid, version, number, frames,
                        random.nextBoolean() ? 1012 : 0);
                    pair.server.take(forge.packet, 0, forge.length);
                }
                else
                {
                    forge.serverNull(PORT, cid, version, number, frames);
                    pair.client.take(forge.packet, 0, forge.length);
                }
                pair.client.cycle();
                pair.server.cycle();
            }
            endAndCheck();
        });
    }

    private static byte[] anyFrames(final SplittableRandom random)
    {
        final byte[] octets = Seeded.bytes(random, random.nextInt(1, 60));
        if (random.nextBoolean())
        {
            // types that exist, small numbers: so that more than the first octet is read
            for (int i = 0; i < octets.length; i++)
            {
                octets[i] = random.nextInt(3) == 0 ? octets[i] : (byte)random.nextInt(8);
            }
            octets[0] = (byte)new int[] {0xa0, 0xa4, 0xe0, 0x40, 0x60, 1, 4, 5, 6, 7, 0x84, 0x80}[random.nextInt(12)];
        }
        return octets;
    }

    @Test
    void shouldSurviveDamagedPackets()
    {
        final List<byte[]> recorded = new ArrayList<>();
        connect(GquicVersion.Q043);
        record(recorded);
        connect(GquicVersion.Q044);
        record(recorded);
        connect(GquicVersion.Q039);
        pair.run(20 * MILLISECOND, MILLISECOND);
        Seeded.forEach(Scale.pick(10_000, 1_000_000), random ->
        {
            final byte[] datagram = recorded.get(random.nextInt(recorded.size())).clone();
            Seeded.mutate(random, datagram, random.nextInt(6));
            final UnsafeBuffer damaged = new UnsafeBuffer(datagram);
            GquicPair.tuple(PORT).store(damaged, 0);
            final int length = random.nextInt(4) == 0 ?
                random.nextInt(FourTuple.LENGTH, datagram.length) : datagram.length;
            (random.nextBoolean() ? pair.server : pair.client).take(damaged, 0, length);
            pair.client.cycle();
            pair.server.cycle();
        });
        endAndCheck();
    }

    private void record(final List<byte[]> recorded)
    {
        pair.wire = (from, buffer, offset, length) ->
        {
            final byte[] datagram = new byte[length];
            buffer.getBytes(offset, datagram);
            recorded.add(datagram);
            from.peer.take(buffer, offset, length);
        };
        pair.run(100 * MILLISECOND, MILLISECOND);
    }

    /** Whatever has happened, all ends in time, and nothing is left. */
    private void endAndCheck()
    {
        pair.run(41 * SECOND, SECOND);
        for (final GquicPair.Side side : new GquicPair.Side[] {pair.client, pair.server})
        {
            final GquicMemory memory = side.core.memory();
            assertEquals(0, memory.sessions.active(), "sessions");
            assertEquals(0, memory.handshakes.active(), "handshakes");
            assertEquals(0, memory.streams.active(), "streams");
            assertEquals(0, memory.packets.active(), "packets");
            assertTrue(memory.early.active() <= 4, "early packets beside those without a session");
        }
    }

    @Test
    void shouldAllocateNothingForHostilePackets()
    {
        establish(GquicVersion.Q043);
        final SplittableRandom random = new SplittableRandom(5);
        final List<UnsafeBuffer> packets = new ArrayList<>();
        for (int i = 0; i < 64; i++)
        {
            forge.clientNull(PORT + i, random.nextLong(), GquicVersion.Q043, 1L + i,
                new UnsafeBuffer(anyFrames(random)), i % 2 == 0 ? 1020 : 0);
            final byte[] copy = new byte[forge.length];
            forge.packet.getBytes(0, copy);
            packets.add(new UnsafeBuffer(copy));
        }
        Allocation.assertNone(640, () ->
        {
            for (int round = 0; round < 10; round++)
            {
                for (int i = 0; i < packets.size(); i++)
                {
                    pair.server.take(packets.get(i), 0, packets.get(i).capacity());
                }
                pair.server.cycle();
            }
            return 640;
        });
        assertEquals(1, pair.server.core.active());
    }
}
