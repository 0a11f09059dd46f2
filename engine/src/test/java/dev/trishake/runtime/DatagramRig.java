// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.sim.LoopbackDatagramLink;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Two agents without threads or clocks, a server and a client of {@link TestConnections}, and a network between. */
final class DatagramRig implements AutoCloseable
{
    static final int SOCKETS = 4;
    private static final int PORT = 443;
    private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), PORT);
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 0);
    private static final int LINK_LENGTH = 1 << 18;
    private static final int DATAGRAM_LENGTH = 1500;

    final List<Throwable> errors = new ArrayList<>();
    final TestConnections serverCore;
    final TestConnections clientCore;
    final HandshakeAgent server;
    /** A second one of the server, to which nothing comes but what the first one forwards; null where there is none. */
    final HandshakeAgent second;
    final HandshakeAgent client;
    private final FourTuple to = new FourTuple();
    private final Map<String, AtomicCounter> counters = new HashMap<>();
    private final CountersManager manager = new CountersManager(
        memory(512 * CountersReader.METADATA_LENGTH), memory(512 * CountersReader.COUNTER_LENGTH));
    long nowNs = 1_000_000_000_000L;

    DatagramRig(
        final EngineConfig serverConfig, final SessionHandler serverHandler, final SessionHandler clientHandler,
        final int serverSessions)
    {
        this(serverConfig, new TestConnections(serverSessions, 1), new TestConnections(64, 1000), serverHandler,
            clientHandler);
    }

    private DatagramRig(
        final EngineConfig serverConfig, final TestConnections serverCore, final TestConnections clientCore,
        final SessionHandler serverHandler, final SessionHandler clientHandler)
    {
        this.serverCore = serverCore;
        this.clientCore = clientCore;
        final LoopbackDatagramLink link = LoopbackDatagramLink.pair(1 << 16, 1024);
        server = agent(serverConfig.datagrams((agent, shares) -> link, List.of(SERVER),
            (agent, agents, now) -> serverCore.parts()), serverHandler, "server ");
        second = null;
        client = client(link, SOCKETS, new ClientFactory(clientCore), clientHandler);
    }

    /** Agents that speak a real protocol. */
    DatagramRig(
        final DatagramProtocol.Factory serverProtocol, final DatagramProtocol.Factory clientProtocol,
        final SessionHandler serverHandler, final SessionHandler clientHandler)
    {
        this(new EngineConfig(), serverProtocol, clientProtocol, serverHandler, clientHandler, SOCKETS);
    }

    /** Agents that speak a real protocol, two of the server where its configuration says so. */
    DatagramRig(
        final EngineConfig serverConfig, final DatagramProtocol.Factory serverProtocol,
        final DatagramProtocol.Factory clientProtocol, final SessionHandler serverHandler,
        final SessionHandler clientHandler, final int sockets)
    {
        serverCore = null;
        clientCore = null;
        final LoopbackDatagramLink link = LoopbackDatagramLink.pair(LINK_LENGTH, DATAGRAM_LENGTH);
        serverConfig.clock(() -> nowNs).datagrams(
            (agent, shares) -> agent == 0 ? link : new WayOut(link), List.of(SERVER), serverProtocol).check();
        final List<Forwarding> forwardings = Forwarding.of(serverConfig);
        final List<InetSocketAddress> addresses = new ArrayList<>();
        server = agent(0, serverConfig, serverHandler, "server ", addresses, forwardings);
        second = serverConfig.agents() == 1 ? null :
            agent(1, serverConfig, serverHandler, "second ", addresses, forwardings);
        client = client(link, sockets, clientProtocol, clientHandler);
    }

    private HandshakeAgent client(
        final LoopbackDatagramLink link, final int sockets, final DatagramProtocol.Factory protocol,
        final SessionHandler handler)
    {
        return agent(new EngineConfig().datagrams(
            (agent, shares) -> link.peer(), Collections.nCopies(sockets, CLIENT), protocol), handler, "client ");
    }

    /** The socket of a second agent at an address: its datagrams go where the first one's go, and none come. */
    private record WayOut(LoopbackDatagramLink link) implements DatagramLink
    {
        @Override
        public int bind(final InetSocketAddress address)
        {
            return 0;
        }

        @Override
        public InetSocketAddress localAddress(final int socket)
        {
            return link.localAddress(socket);
        }

        @Override
        public int maxLength()
        {
            return link.maxLength();
        }

        @Override
        public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
        {
            return 0;
        }

        @Override
        public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
        {
            return link.flush(egress, nowNs, limit);
        }

        @Override
        public void visitCounters(final CounterVisitor visitor)
        {
            // the first one's
        }

        @Override
        public void close()
        {
            // the first one's
        }
    }

    /** Its sockets are its connections'. */
    private record ClientFactory(TestConnections core) implements DatagramProtocol.Factory
    {
        @Override
        public DatagramProtocol create(final int agent, final int agents, final long now)
        {
            return core.parts();
        }

        @Override
        public boolean isClient()
        {
            return true;
        }
    }

    private HandshakeAgent agent(final EngineConfig config, final SessionHandler handler, final String prefix)
    {
        config.clock(() -> nowNs).check();
        return agent(0, config, handler, prefix, new ArrayList<>(), Forwarding.of(config));
    }

    private HandshakeAgent agent(
        final int number, final EngineConfig config, final SessionHandler handler, final String prefix,
        final List<InetSocketAddress> addresses, final List<Forwarding> forwardings)
    {
        final HandshakeAgent made = new HandshakeAgent(
            number, config, handler, addresses, forwardings, label -> counter(prefix + label), errors::add);
        made.onStart();
        try
        {
            made.awaitStart();
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
        return made;
    }

    private static UnsafeBuffer memory(final int length)
    {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, BitUtil.CACHE_LINE_LENGTH));
    }

    private AtomicCounter counter(final String label)
    {
        final AtomicCounter counter = manager.newCounter(label);
        counters.put(label, counter);
        return counter;
    }

    long count(final String label)
    {
        return counters.get(label).get();
    }

    long connect()
    {
        return client.connect(0, Protocol.GQUIC, to.local(0, 0, 0).remoteIpv4(0x0a00_0001, PORT));
    }

    void turns(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            nowNs += 100_000;
            client.doWork();
            server.doWork();
        }
    }

    /** Turns all agents, the second one too. */
    void turnsOfAll(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            turns(1);
            second.doWork();
        }
    }

    @Override
    public void close()
    {
        client.onClose();
        server.onClose();
        if (second != null)
        {
            second.onClose();
        }
    }
}
