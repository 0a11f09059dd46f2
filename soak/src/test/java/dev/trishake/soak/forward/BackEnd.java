// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.forward;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A back end with the kernel's TCP on loopback: each connection is given to a scenario, on a thread of its own. */
final class BackEnd implements AutoCloseable
{
    private static final int PATIENCE_MS = 20_000;
    private static final int SMALL_BUFFER = 8192;

    private final ServerSocket listener = new ServerSocket();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger done = new AtomicInteger();

    /** What is done with a connection. */
    @FunctionalInterface
    interface Scenario
    {
        void play(Socket socket) throws Exception;
    }

    BackEnd(final Scenario scenario) throws IOException
    {
        listener.setReceiveBufferSize(SMALL_BUFFER);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        Thread.startVirtualThread(() -> accept(scenario));
    }

    int port()
    {
        return listener.getLocalPort();
    }

    /** {@return how many connections have been played to their end} */
    int done()
    {
        return done.get();
    }

    List<Throwable> failures()
    {
        return failures;
    }

    private void accept(final Scenario scenario)
    {
        try
        {
            while (true)
            {
                final Socket socket = listener.accept();
                Thread.startVirtualThread(() -> play(scenario, socket));
            }
        }
        catch (final SocketException ex)
        {
            // closed
        }
        catch (final IOException ex)
        {
            failures.add(ex);
        }
    }

    private void play(final Scenario scenario, final Socket socket)
    {
        try (socket)
        {
            socket.setSoTimeout(PATIENCE_MS);
            socket.setSendBufferSize(SMALL_BUFFER);
            scenario.play(socket);
            done.incrementAndGet();
        }
        catch (final Exception | AssertionError ex)
        {
            failures.add(ex);
        }
    }

    @Override
    public void close() throws IOException
    {
        listener.close();
    }
}
