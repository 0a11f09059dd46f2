// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.bench.ServerThreads;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A server on 127.0.0.1 that accepts and closes at once, on one thread of its own that is pinned to a CPU. */
interface AcceptServer extends AutoCloseable
{
    /** Length of the accept queue that every peer asks for. */
    int BACKLOG = 1024;

    /**
     * {@return where it listens}
     */
    InetSocketAddress address();

    /**
     * Lets the server go on until it has taken so many connections, and waits for that.
     *
     * @param connections that are in its accept queue
     */
    void serve(int connections) throws IOException;

    /**
     * {@return the registration of the server's thread; closed before the server}
     */
    ServerThreads.Registration register();

    @Override
    void close();
}
