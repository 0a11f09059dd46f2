// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.bench.ServerThreads;
import dev.trishake.runtime.AgentContext;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import org.agrona.DirectBuffer;

import java.net.InetSocketAddress;

/**
 * The whole engine: an agent with sessions, rings, timers and a handler that closes what is established. Its thread
 * waits at the gate between bursts.
 */
final class EngineServer implements AcceptServer, SessionHandler
{
    private final Gate gate = new Gate();
    private final Engine engine;
    private volatile Thread thread;
    private volatile boolean isStopped;
    private int left;

    EngineServer(final int cpu)
    {
        engine = Engine.launch(new EngineConfig()
            .link(Links.epoll(BACKLOG))
            .listen(TcpAcceptBenchmark.LOOPBACK, Protocol.TCP, BACKLOG)
            .cpus(cpu)
            .pollLimit(BACKLOG)
            .idleStrategy("noop")
            .drainTimeoutNs(0), this);
    }

    @Override
    public void onStart(final AgentContext context)
    {
        thread = Thread.currentThread();
    }

    @Override
    public boolean mayAccept()
    {
        return left > 0;
    }

    @Override
    public void onEstablished(final Session session)
    {
        left--;
        session.close();
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        return length;
    }

    /** After the last of a burst one more cycle flushes what closes it. */
    @Override
    public int doWork(final long nowNs)
    {
        if (left == 0 && !isStopped)
        {
            gate.shut();
            final int connections = gate.pass();
            isStopped = connections < 0;
            left = Math.max(0, connections);
        }
        return 0;
    }

    @Override
    public InetSocketAddress address()
    {
        return engine.localAddress(0);
    }

    @Override
    public void serve(final int connections)
    {
        gate.open(connections);
    }

    @Override
    public ServerThreads.Registration register()
    {
        return ServerThreads.register(thread);
    }

    @Override
    public void close()
    {
        gate.stop();
        engine.close();
    }
}
