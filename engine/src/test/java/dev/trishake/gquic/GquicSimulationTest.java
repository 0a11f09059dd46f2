// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Connections over a network that loses, repeats and reorders up to 30 % of the packets: each one is established, its
 * streams' data comes back unchanged, and nothing is left behind. Each case is a client that connects twice, afresh and
 * with what it has learnt, the second time perhaps with data before the answer.
 */
class GquicSimulationTest
{
    private static final long MILLISECOND = 1_000_000L;
    private static final long PATIENCE_NS = 600_000 * MILLISECOND;
    private static final int MAX_LENGTH = 30_000;
    private static final int PORT = 40_000;
    private static final int[] VERSIONS = {GquicVersion.Q039, GquicVersion.Q043, GquicVersion.Q044};

    private static int timeouts;
    private static int conversations;

    /** A datagram on its way. */
    private static final class Flight
    {
        final long arrivalNs;
        final GquicPair.Side to;
        final UnsafeBuffer datagram;

        Flight(final long arrivalNs, final GquicPair.Side to, final UnsafeBuffer datagram)
        {
            this.arrivalNs = arrivalNs;
            this.to = to;
            this.datagram = datagram;
        }
    }

    /** A network with faults. */
    private static final class Network implements GquicPair.Wire
    {
        private final SplittableRandom random;
        private final GquicPair pair;
        private final double loss;
        private final double repetition;
        private final double reordering;
        private final long delayNs;
        private final List<Flight> flights = new ArrayList<>();

        Network(final SplittableRandom random, final GquicPair pair)
        {
            this.random = random;
            this.pair = pair;
            loss = random.nextDouble(0.3);
            repetition = random.nextDouble(0.3);
            reordering = random.nextDouble(0.3);
            delayNs = random.nextLong(1, 40) * MILLISECOND;
        }

        @Override
        public void onDatagram(
            final GquicPair.Side from, final DirectBuffer buffer, final int offset, final int length)
        {
            final UnsafeBuffer datagram = new UnsafeBuffer(new byte[length]);
            datagram.putBytes(0, buffer, offset, length);
            if (random.nextDouble() >= loss)
            {
                send(from.peer, datagram);
            }
            if (random.nextDouble() < repetition)
            {
                send(from.peer, datagram);
            }
        }

        private void send(final GquicPair.Side to, final UnsafeBuffer datagram)
        {
            final long lateNs = random.nextDouble() < reordering ? random.nextLong(delayNs * 3) : 0;
            flights.add(new Flight(pair.nowNs + delayNs + lateNs, to, datagram));
        }

        void deliver()
        {
            for (int i = 0; i < flights.size();)
            {
                final Flight flight = flights.get(i);
                if (flight.arrivalNs <= pair.nowNs)
                {
                    flights.remove(i);
                    flight.to.take(flight.datagram, 0, flight.datagram.capacity());
                }
                else
                {
                    i++;
                }
            }
        }

        @Override
        public String toString()
        {
            return "loss " + loss + ", repetition " + repetition + ", reordering " + reordering + ", delay " + delayNs;
        }
    }

    @Test
    void shouldKeepDataWhateverTheNetworkDoes()
    {
        Seeded.forEach(Scale.pick(300, 10_000), random -> new Conversation(random).run());
    }

    /** Three in ten packets lost each way for ten seconds may end a handshake, but seldom. */
    @AfterAll
    static void shouldHaveSucceededNearlyAlways()
    {
        assertTrue(timeouts * 50 <= conversations, timeouts + " of " + conversations + " handshakes timed out");
    }

    /** One case. */
    private static final class Conversation
    {
        private final SplittableRandom random;
        private final RecordingHandler clientSays = new RecordingHandler(MAX_LENGTH);
        private final RecordingHandler serverSays = new RecordingHandler(1);
        private final GquicCore client;
        private final GquicCore server;
        private final GquicPair pair;
        private final Network network;

        Conversation(final SplittableRandom random)
        {
            this.random = random;
            final Transcripts.Server identity = random.nextInt(8) == 0 ? TestServers.RSA : TestServers.ECDSA;
            final ClientSettings settings =
                new ClientSettings(new TestServers.Trust(identity), new UnixTime(), "quic.example")
                    .aeads(random.nextBoolean() ? Tag.AESG : Tag.CC20)
                    .exchanges(random.nextBoolean() ? Tag.C255 : Tag.P256);
            client = new GquicCore(config().versions(VERSIONS[random.nextInt(3)]).zeroRtt(random.nextBoolean()),
                settings, Kernels.scalar(), Entropy.seeded(random.nextLong()), clientSays, HandshakeRig.NOW_NS);
            server = new GquicCore(config().zeroRtt(random.nextInt(4) > 0), TestServers.settings(identity),
                Kernels.scalar(), Entropy.seeded(random.nextLong()), serverSays, HandshakeRig.NOW_NS);
            clientSays.core = client;
            serverSays.core = server;
            serverSays.echo = true;
            if (random.nextInt(4) == 0)
            {
                serverSays.appetite = 1 + random.nextInt(2000);
            }
            pair = new GquicPair(client, server);
            pair.nowNs = HandshakeRig.NOW_NS;
            network = new Network(random, pair);
            pair.wire = network;
        }

        void run()
        {
            converse(false);
            converse(random.nextBoolean());
            assertNothingLeft(client);
            assertNothingLeft(server);
        }

        private void converse(final boolean early)
        {
            clientSays.forget();
            final int slot = pair.connect(PORT + random.nextInt(1000), 0);
            final UnsafeBuffer data = new UnsafeBuffer(Seeded.bytes(random, 1 + random.nextInt(MAX_LENGTH)));
            int stream = -1;
            int sent = 0;
            final long endNs = pair.nowNs + PATIENCE_NS;
            while (clientSays.ends[slot] == 0 && clientSays.closed[slot] == 0 && pair.nowNs < endNs)
            {
                if (stream < 0 && (early || clientSays.established[slot] > 0))
                {
                    stream = client.openStream(slot);
                }
                if (stream > 0 && sent < data.capacity())
                {
                    sent += client.send(slot, stream, data, sent, data.capacity() - sent, true);
                }
                pass(MILLISECOND);
            }
            conversations++;
            if (clientSays.closed[slot] > 0)
            {
                timeouts++;
                assertEquals(GquicError.HANDSHAKE_TIMEOUT, clientSays.errors[slot], this::toString);
            }
            else
            {
                check(slot, data);
                client.close(slot, GquicError.PEER_GOING_AWAY);
            }
            final long longestNs = pair.nowNs + 40_000 * MILLISECOND;
            while (pair.nowNs < longestNs && client.active() + server.active() > 0)
            {
                pass(20 * MILLISECOND);
            }
        }

        private void pass(final long ns)
        {
            pair.nowNs += ns;
            network.deliver();
            pair.run();
        }

        private void check(final int slot, final UnsafeBuffer data)
        {
            assertEquals(data.capacity(), clientSays.receivedLength[slot],
                () -> "stalled: " + this + ", client " + client.history(slot));
            for (int i = 0; i < data.capacity(); i++)
            {
                assertEquals(data.getByte(i), clientSays.received[slot].getByte(i), "octet " + i);
            }
        }

        @Override
        public String toString()
        {
            return network + "; client's errors " + clientSays.errors[0] + ", server's " + serverSays.errors[0];
        }
    }

    private static GquicConfig config()
    {
        return new GquicConfig().sessions(2).handshakes(2).packets(8).earlyPackets(16, 10).streams(4, 4);
    }

    private static void assertNothingLeft(final GquicCore core)
    {
        final GquicMemory memory = core.memory();
        assertEquals(0, memory.sessions.active(), "sessions");
        assertEquals(0, memory.handshakes.active(), "handshakes");
        assertEquals(0, memory.streams.active(), "streams");
        assertEquals(0, memory.packets.active(), "packets");
        assertTrue(memory.early.active() <= 4, "early packets beside those without a session");
    }
}
