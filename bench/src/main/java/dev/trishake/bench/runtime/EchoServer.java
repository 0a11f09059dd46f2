// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.runtime;

import dev.trishake.transport.linux.Cpus;

import java.net.InetSocketAddress;
import java.util.List;

/** A server on 127.0.0.1 that sends back what comes, on threads that are pinned to CPUs. */
interface EchoServer extends AutoCloseable
{
    /** {@return the CPU of a server's thread: the client has the first one, which the second thread must share} */
    static int cpu(final int thread)
    {
        return Cpus.cpu((thread + 1) % Cpus.count());
    }

    /** {@return where it listens} */
    InetSocketAddress address();

    /** {@return its threads, while it runs} */
    List<Thread> threads();

    @Override
    void close();
}
