// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Connections over a network that loses, repeats and reorders up to 30 % of the packets: each one is established, its
 * streams' data comes back unchanged, and nothing is left behind.
 */
class GquicSimulationTest
{
    private static final long MILLISECOND = 1_000_000L;
    private static final long PATIENCE_NS = 600_000 * MILLISECOND;
    private static final int MAX_LENGTH = 40_000;
    private static final int[] VERSIONS = {GquicVersion.Q039, GquicVersion.Q043, GquicVersion.Q044};

    /** A datagram on its way. */
    private record Flight(long arrivalNs, GquicPair.Side to, byte[] datagram)
    {
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
        public void onDatagram(final GquicPair.Side from, final DirectBuffer buffer, final int offset, final int length)
        {
            final byte[] datagram = new byte[length];
            buffer.getBytes(offset, datagram);
            if (random.nextDouble() >= loss)
            {
                send(from.peer, datagram);
            }
            if (random.nextDouble() < repetition)
            {
                send(from.peer, datagram);
            }
        }

        private void send(final GquicPair.Side to, final byte[] datagram)
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
                    flight.to.take(new UnsafeBuffer(flight.datagram), 0, flight.datagram.length);
                }
                else
                {
                    i++;
                }
            }
        }
    }

    @Test
    void shouldKeepDataWhateverTheNetworkDoes()
    {
        Seeded.forEach(Scale.pick(300, 10_000), GquicSimulationTest::converse);
    }

    private static void converse(final SplittableRandom random)
    {
        final RecordingHandler clientSays = new RecordingHandler(MAX_LENGTH);
        final RecordingHandler serverSays = new RecordingHandler(1);
        final GquicConfig clientConfig = config().client(true).versions(VERSIONS[random.nextInt(3)]);
        final GquicCore client = GquicConnectionTest.fakeCore(clientConfig, clientSays, random.nextLong());
        final GquicCore server = GquicConnectionTest.fakeCore(config(), serverSays, random.nextLong());
        clientSays.core = client;
        serverSays.core = server;
        serverSays.echo = true;
        if (random.nextInt(4) == 0)
        {
            serverSays.appetite = 1 + random.nextInt(2000);
        }
        final GquicPair pair = new GquicPair(client, server);
        final Network network = new Network(random, pair);
        pair.wire = network;

        final int slot = pair.connect(40_000, 0);
        final byte[] data = Seeded.bytes(random, 1 + random.nextInt(MAX_LENGTH));
        final UnsafeBuffer view = new UnsafeBuffer(data);
        int stream = -1;
        int sent = 0;
        final long endNs = pair.nowNs + PATIENCE_NS;
        while (clientSays.ends[slot] == 0 && pair.nowNs < endNs)
        {
            if (clientSays.closed[slot] > 0)
            {
                // three in ten packets each way for ten seconds: a handshake may fail, but it says so
                assertEquals(GquicError.HANDSHAKE_TIMEOUT, clientSays.errors[slot], () -> "loss " + network.loss +
                    ", server " + server.history(0));
                break;
            }
            if (stream < 0 && clientSays.established[slot] > 0)
            {
                stream = client.openStream(slot);
            }
            if (stream > 0 && sent < data.length)
            {
                sent += client.send(slot, stream, view, sent, data.length - sent, true);
            }
            pair.nowNs += MILLISECOND;
            network.deliver();
            pair.run();
        }
        if (clientSays.closed[slot] == 0)
        {
            assertEquals(data.length, clientSays.receivedLength[slot], () -> "stalled; loss " + network.loss +
                ", client " + client.history(slot) + ", server " + server.history(0));
            for (int i = 0; i < data.length; i++)
            {
                assertEquals(data[i], clientSays.received[slot].getByte(i), "octet " + i);
            }
            client.close(slot, GquicError.PEER_GOING_AWAY);
        }
        final long longestNs = pair.nowNs + 40_000 * MILLISECOND;
        while (pair.nowNs < longestNs && client.active() + server.active() > 0)
        {
            pair.nowNs += 20 * MILLISECOND;
            network.deliver();
            pair.run();
        }
        assertNothingLeft(client);
        assertNothingLeft(server);
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
