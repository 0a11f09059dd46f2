// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.runtime;

import dev.trishake.runtime.AgentContext;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import org.agrona.DirectBuffer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** The engine over epoll, with a handler that echoes. */
final class EngineEcho implements EchoServer, SessionHandler
{
    private static final int CONNECTIONS = 4096;

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Engine engine;

    EngineEcho(final int agents, final String idleStrategy)
    {
        engine = Engine.launch(new EngineConfig()
            .link(Links.epoll(CONNECTIONS))
            .listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
            .agents(agents)
            .cpus(IntStream.range(0, agents).map(EchoServer::cpu).toArray())
            .idleStrategy(idleStrategy)
            .drainTimeoutNs(0), this);
    }

    @Override
    public void onStart(final AgentContext context)
    {
        threads.add(Thread.currentThread());
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        return session.send(buffer, offset, length);
    }

    @Override
    public InetSocketAddress address()
    {
        return engine.localAddress(0);
    }

    @Override
    public List<Thread> threads()
    {
        return threads;
    }

    @Override
    public void close()
    {
        engine.close();
    }
}
