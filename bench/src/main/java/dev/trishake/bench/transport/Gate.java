// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import java.util.concurrent.locks.LockSupport;

/** Where a server's thread sleeps between bursts; allocates nothing, so that it does not show in the figures. */
final class Gate
{
    private static final int CLOSED = 0;
    private static final int STOP = -1;

    private volatile Thread server;
    private volatile Thread client;
    private volatile int burst;

    /**
     * The client's side: lets the server take so many connections, and returns when it has.
     *
     * @param connections at least 1
     */
    void open(final int connections)
    {
        client = Thread.currentThread();
        burst = connections;
        LockSupport.unpark(server);
        while (burst != CLOSED)
        {
            LockSupport.park(this);
        }
    }

    /** The client's side: ends the server's sleep for good. */
    void stop()
    {
        burst = STOP;
        LockSupport.unpark(server);
    }

    /**
     * {@return the server's side: how many connections to take, or a negative number when it is to stop}
     */
    int pass()
    {
        server = Thread.currentThread();
        int connections = burst;
        while (connections == CLOSED)
        {
            LockSupport.park(this);
            connections = burst;
        }
        return connections;
    }

    /** The server's side: the connections are taken. */
    void shut()
    {
        burst = CLOSED;
        LockSupport.unpark(client);
    }
}
