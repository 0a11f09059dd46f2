// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.DatagramSteering;
import dev.trishake.transport.linux.Libc;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Several agents behind one port: all datagrams of a connection reach the same one, wherever they come from. */
@Timeout(30)
class ForwardingTest
{
    private static final int CONNECTIONS = 24;
    private static final int SOCKETS = 8;
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long PAUSE_NS = 100_000;
    private static final byte[] TEXT = {1, 2, 3, 4};

    private final Map<Long, List<Integer>> agentsOf = new ConcurrentHashMap<>();
    private final List<DatagramChannel> clients = new ArrayList<>();
    private InetSocketAddress server;

    /** Each agent's core; connections are named by the datagram's first eight octets. */
    private static final class Factory implements DatagramProtocol.Factory
    {
        @Override
        public DatagramProtocol create(final int agent, final int agents, final long nowNs)
        {
            return new TestConnections(CONNECTIONS, 0).parts();
        }

        @Override
        public DatagramSteering steering(final int agents, final int multiplier0, final int multiplier1)
        {
            return new DatagramSteering(0, 0, multiplier0, multiplier1, agents);
        }
    }

    private SessionHandler handler(final int agent)
    {
        return new SessionHandler()
        {
            @Override
            public void onAccepted(final Session session)
            {
                final FourTuple tuple = new FourTuple();
                session.tuple(tuple);
                assertTrue(tuple.remotePort() != 0);
            }

            @Override
            public void onEstablished(final Session session)
            {
                agentsOf.computeIfAbsent(session.parameters(), name -> new ArrayList<>()).add(agent);
            }

            @Override
            public int onData(
                final Session session, final DirectBuffer buffer, final int offset, final int length)
            {
                agentsOf.get(session.parameters()).add(agent);
                return session.send(buffer, offset, length);
            }
        };
    }

    private void send(final DatagramChannel from, final long name, final int kind, final byte[] octets)
        throws IOException
    {
        final ByteBuffer datagram = ByteBuffer.allocate(TestConnections.HEADER_LENGTH + octets.length);
        datagram.putLong(name).order(ByteOrder.nativeOrder()).putInt(kind).putInt(3).put(octets);
        from.send(datagram.flip(), server);
    }

    /** Waits for an answer of a kind to a connection at a socket. */
    private static void await(final DatagramChannel at, final long name, final int kind) throws IOException
    {
        final long startNs = System.nanoTime();
        final ByteBuffer datagram = ByteBuffer.allocate(256);
        while (System.nanoTime() - startNs < PATIENCE_NS)
        {
            datagram.clear();
            if (at.receive(datagram) == null)
            {
                LockSupport.parkNanos(PAUSE_NS);
                continue;
            }
            final UnsafeBuffer octets = new UnsafeBuffer(datagram.array());
            if (Long.reverseBytes(octets.getLong(0)) == name && octets.getInt(8) == kind)
            {
                return;
            }
        }
        throw new AssertionError("no answer " + kind + " to " + name);
    }

    @ParameterizedTest
    @CsvSource({"nio, 2", "nio, 3", "epoll, 2", "epoll, 3"})
    void shouldBringAConnectionsDatagramsToOneAgent(final String link, final int agents) throws IOException
    {
        assumeTrue(Libc.SUPPORTED, "sockets that share a port");
        final EngineConfig config = new EngineConfig().agents(agents).drainTimeoutNs(0).datagrams(
            link.equals("nio") ? DatagramLinks.nio() : DatagramLinks.epoll(),
            List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)), new Factory());
        try (Engine engine = Engine.launch(config, this::handler))
        {
            server = engine.localAddress(0);
            for (int i = 0; i < SOCKETS; i++)
            {
                final DatagramChannel client = DatagramChannel.open();
                clients.add(client);
                client.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)).configureBlocking(false);
            }
            for (int i = 0; i < CONNECTIONS; i++)
            {
                final long name = i * 0x0101_0101_0101_0101L + 7;
                final DatagramChannel first = clients.get(i % SOCKETS);
                send(first, name, TestConnections.HELLO, new byte[0]);
                await(first, name, TestConnections.WELCOME);
                for (int j = 1; j <= SOCKETS; j++)
                {
                    final DatagramChannel other = clients.get((i + j) % SOCKETS); // its address changes
                    send(other, name, TestConnections.DATA_OF, TEXT);
                    await(other, name, TestConnections.TAKEN);
                }
            }
            assertEquals(CONNECTIONS, agentsOf.size());
            agentsOf.forEach((name, heard) -> assertEquals(1, heard.stream().distinct().count(), "agents of " + name));
            assertEquals(agents, agentsOf.values().stream().map(List::getFirst).distinct().count(), "all have some");
            LockSupport.parkNanos(1_000_000);
            final Map<String, Long> counters = engine.counters();
            assertEquals(0, counters.get("DatagramsNotForwarded"));
            // where the kernel does it itself there is nothing to forward
            assertEquals(link.equals("epoll"), counters.get("DatagramsForwarded") == 0, counters::toString);
        }
        finally
        {
            for (final DatagramChannel client : clients)
            {
                client.close();
            }
        }
    }
}
