// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

import static dev.trishake.tcp.TestHost.MS;
import static dev.trishake.tcp.TestHost.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Two cores on a wire that loses, doubles, delays and reorders, in virtual time: every connection opens, moves its
 * bytes both ways, closes, and leaves nothing behind.
 */
class TcpSimulationTest
{
    private static final int CLIENT_ADDRESS = 0x0a000001;
    private static final int SERVER_ADDRESS = 0x0a000002;
    private static final long LONGEST_NS = 3_600 * SECOND;

    @Test
    void shouldOpenTransferAndCloseWhateverTheWireDoes()
    {
        Seeded.forEach(Scale.pick(300, 10_000), random -> new World(random).run());
    }

    /** A packet under way. */
    private static final class Packet
    {
        static final Comparator<Packet> ORDER =
            Comparator.<Packet>comparingLong(packet -> packet.atNs).thenComparingLong(packet -> packet.number);

        final long atNs;
        final long number;
        final boolean toServer;
        final byte[] bytes;

        Packet(final long atNs, final long number, final boolean toServer, final byte[] bytes)
        {
            this.atNs = atNs;
            this.number = number;
            this.toServer = toServer;
            this.bytes = bytes;
        }
    }

    /** One end of one connection as its user has it. */
    private static final class Peer
    {
        final Side side;
        final byte[] toSend;
        final byte[] expected;
        final boolean shutsDownFirst;
        long handle;
        int sent;
        int received;
        boolean shutDown;
        boolean closed;
        boolean sawEnd;

        Peer(final Side side, final long handle, final byte[] toSend, final byte[] expected, final boolean half)
        {
            this.side = side;
            this.handle = handle;
            this.toSend = toSend;
            this.expected = expected;
            this.shutsDownFirst = half;
        }

        /** Does what can be done now: sends, receives, then closes, in the manner of this peer. */
        void work(final SplittableRandom random, final long nowNs)
        {
            final UnsafeBuffer scratch = side.scratch;
            if (sent < toSend.length)
            {
                final int length = Math.min(1 + random.nextInt(5_000), toSend.length - sent);
                scratch.putBytes(0, toSend, sent, length);
                final int taken = side.core.send(handle, scratch, 0, length, nowNs, side.outbox);
                assertTrue(taken >= 0, () -> "send answered " + TcpResult.describe(taken) + history());
                sent += taken;
            }
            while (!sawEnd)
            {
                final int count = side.core.receive(handle, scratch, 0, 1 + random.nextInt(4_000), nowNs, side.outbox);
                if (count == TcpResult.END_OF_STREAM)
                {
                    sawEnd = true;
                }
                else if (count <= 0)
                {
                    assertEquals(0, count, () -> "receive answered " + TcpResult.describe(count) + history());
                    break;
                }
                else
                {
                    check(scratch, count);
                }
            }
            if (sent == toSend.length && shutsDownFirst && !shutDown)
            {
                assertEquals(TcpResult.OK, side.core.shutdown(handle, nowNs, side.outbox));
                shutDown = true;
            }
            if (sent == toSend.length && received == expected.length && (sawEnd || !shutsDownFirst))
            {
                assertEquals(TcpResult.OK, side.core.close(handle, nowNs, side.outbox));
                closed = true;
            }
        }

        private void check(final UnsafeBuffer scratch, final int count)
        {
            assertTrue(received + count <= expected.length, "more bytes than were sent");
            for (int i = 0; i < count; i++)
            {
                assertEquals(expected[received + i], scratch.getByte(i), "byte " + (received + i));
            }
            received += count;
        }

        private String history()
        {
            return ", sent " + sent + " received " + received + ": " + side.core.history(handle);
        }
    }

    /** A core, its outbox and what its user needs. */
    private static final class Side
    {
        final OneToOneRingBuffer ring;
        final Outbox outbox;
        final TcpCore core;
        final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));

        Side(final SplittableRandom random, final SynCookieMode cookies, final long nowNs)
        {
            // small enough that it is full now and then
            ring = new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(
                (1 << (14 + random.nextInt(4))) + RingBufferDescriptor.TRAILER_LENGTH)));
            outbox = new Outbox(ring);
            core = new TcpCore(
                new TcpConfig(random.nextLong(), random.nextLong())
                    .connections(8).halfOpen(8).timeWait(8).buffers(16).bufferLength(1 << (12 + random.nextInt(5)))
                    .windowScale(random.nextInt(9)).timestamps(random.nextInt(3) > 0).sack(random.nextInt(3) > 0)
                    .mtu(576 + random.nextInt(925))
                    .synRetries(20).synAckRetries(20).retries(50).orphanRetries(50)
                    .synCookies(cookies),
                TcpEvents.NONE, nowNs);
        }
    }

    /** Both sides and the wire between them. */
    private static final class World
    {
        private final SplittableRandom random;
        private final Side client;
        private final Side server;
        private final PriorityQueue<Packet> wire = new PriorityQueue<>(Packet.ORDER);
        private final List<Peer> peers = new ArrayList<>();
        private final int lossPercent;
        private final int doublePercent;
        private final int jitterMs;
        private final boolean simultaneous;
        private final boolean ipv4;
        private long nowNs = 1_000 * SECOND;
        private long packets;

        World(final SplittableRandom random)
        {
            this.random = random;
            // with a cookie the first segment that arrives must be the third of the handshake: a later one is answered
            // with RST, by Linux too, so such a wire keeps the order
            final boolean cookies = random.nextInt(4) == 0;
            final SynCookieMode mode = cookies ? SynCookieMode.ALWAYS : SynCookieMode.ON_OVERFLOW;
            client = new Side(random, mode, nowNs);
            server = new Side(random, mode, nowNs);
            lossPercent = cookies || random.nextInt(4) == 0 ? 0 : random.nextInt(25);
            doublePercent = random.nextInt(10);
            jitterMs = cookies ? 1 : 1 + random.nextInt(80);
            simultaneous = random.nextInt(5) == 0;
            ipv4 = random.nextInt(4) > 0;
        }

        void run()
        {
            final int listener = simultaneous ? -1 : server.core.listen(0, 0, 80, 4);
            final byte[] there = Seeded.bytes(random, random.nextInt(40_000));
            final byte[] back = Seeded.bytes(random, random.nextInt(40_000));
            final long dialled = client.core.connect(tuple(true), nowNs, client.outbox);
            assertTrue(dialled > 0);
            peers.add(new Peer(client, dialled, there, back, random.nextBoolean()));
            if (simultaneous)
            {
                final long crossed = server.core.connect(tuple(false), nowNs, server.outbox);
                peers.add(new Peer(server, crossed, back, there, random.nextBoolean()));
            }
            final long startNs = nowNs;
            while (nowNs - startNs < LONGEST_NS && !isOver())
            {
                if (listener >= 0 && peers.size() == 1)
                {
                    final long accepted = server.core.accept(listener);
                    if (accepted != TcpCore.NULL_HANDLE)
                    {
                        peers.add(new Peer(server, accepted, back, there, random.nextBoolean()));
                    }
                }
                step();
            }
            assertTrue(isOver(), () -> "not over: " + left(client) + " " + left(server) + " " + describe());
        }

        private FourTuple tuple(final boolean ofClient)
        {
            if (!ipv4)
            {
                return ofClient ? new FourTuple().local(1, 2, 1025).remote(3, 4, 80) :
                    new FourTuple().local(3, 4, 80).remote(1, 2, 1025);
            }
            return ofClient ?
                new FourTuple().localIpv4(CLIENT_ADDRESS, 1025).remoteIpv4(SERVER_ADDRESS, 80) :
                new FourTuple().localIpv4(SERVER_ADDRESS, 80).remoteIpv4(CLIENT_ADDRESS, 1025);
        }

        private void step()
        {
            for (final Peer peer : peers)
            {
                if (!peer.closed && isOpen(peer))
                {
                    peer.work(random, nowNs);
                }
            }
            work(client, false);
            work(server, true);
            nowNs += MS;
            if (wire.isEmpty() && peers.stream().allMatch(peer -> peer.closed))
            {
                nowNs += 100 * MS; // nothing but timers is left
            }
            while (!wire.isEmpty() && wire.peek().atNs <= nowNs)
            {
                deliver(wire.poll());
            }
            client.core.onTimers(nowNs, 100, client.outbox);
            server.core.onTimers(nowNs, 100, server.outbox);
        }

        private boolean isOpen(final Peer peer)
        {
            final TcpState state = peer.side.core.state(peer.handle);
            assertTrue(state != TcpState.CLOSED, () -> "closed by itself: " + describe());
            return state != TcpState.SYN_SENT && state != TcpState.SYN_RECEIVED;
        }

        private void deliver(final Packet packet)
        {
            final Side side = packet.toServer ? server : client;
            side.scratch.putBytes(0, packet.bytes);
            final int outcome = side.core.onPacket(side.scratch, 0, packet.bytes.length, nowNs, side.outbox);
            if (outcome != Outcome.DONE)
            {
                assertEquals(Outcome.BACK_PRESSURED, outcome);
                wire.add(new Packet(nowNs + MS, packet.number, packet.toServer, packet.bytes));
            }
        }

        /** What a side has sent goes on the wire, or is lost. */
        private void work(final Side side, final boolean fromServer)
        {
            if (random.nextInt(10) == 0)
            {
                return; // a link that is slow, so that the outbox fills
            }
            side.ring.read((type, buffer, index, length) ->
            {
                final byte[] bytes = new byte[OutboxRecord.payloadLength(length)];
                buffer.getBytes(OutboxRecord.payloadIndex(index), bytes);
                for (int i = random.nextInt(100) < doublePercent ? 2 : 1; i > 0; i--)
                {
                    if (random.nextInt(100) >= lossPercent)
                    {
                        final long atNs = nowNs + (1 + random.nextInt(jitterMs)) * MS;
                        wire.add(new Packet(atNs, packets++, !fromServer, bytes));
                    }
                }
            });
        }

        private boolean isOver()
        {
            return peers.size() == 2 && peers.stream().allMatch(peer -> peer.closed) &&
                left(client) == 0 && left(server) == 0;
        }

        private static int left(final Side side)
        {
            return side.core.connections() + side.core.halfOpen() + side.core.timeWaits() + side.core.buffersInUse();
        }

        private String describe()
        {
            final StringBuilder text = new StringBuilder("loss " + lossPercent + " simultaneous " + simultaneous);
            for (final Peer peer : peers)
            {
                text.append('\n').append(peer.side == client ? "client " : "server ").append(peer.closed)
                    .append(peer.history()).append(" of ").append(peer.toSend.length).append(", ")
                    .append(peer.expected.length).append(' ').append(peer.side.core.state(peer.handle));
            }
            return text.append("\nclient ").append(client.core.counters()).append("server ")
                .append(server.core.counters()).toString();
        }
    }
}
