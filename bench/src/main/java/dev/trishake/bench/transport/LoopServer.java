// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.bench.ServerThreads;
import dev.trishake.transport.linux.Cpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** A server that is a loop on a thread: the engine's acceptors, and the plain selector. */
final class LoopServer implements AcceptServer
{
    private final Gate gate = new Gate();
    private final Loop loop;
    private final Thread thread;

    LoopServer(final Loop loop, final int cpu)
    {
        this.loop = loop;
        thread = Thread.ofPlatform().name("accept-server").daemon().start(() -> run(cpu));
    }

    /** What the server does. */
    interface Loop
    {
        /**
         * {@return where it listens}
         */
        InetSocketAddress address() throws IOException;

        /**
         * Accepts and closes, waiting in the kernel when no connection is there.
         *
         * @param connections how many at least
         */
        void take(int connections) throws IOException;

        /** Stops listening. */
        void close() throws IOException;
    }

    @Override
    public InetSocketAddress address()
    {
        try
        {
            return loop.address();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
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
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run(final int cpu)
    {
        Cpus.pin(cpu);
        try
        {
            for (int connections = gate.pass(); connections > 0; connections = gate.pass())
            {
                loop.take(connections);
                gate.shut();
            }
            loop.close();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
