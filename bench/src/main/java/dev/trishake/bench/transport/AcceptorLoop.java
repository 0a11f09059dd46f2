// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.transport.AcceptHandler;
import dev.trishake.transport.Acceptor;

import java.net.InetSocketAddress;

/** The engine's acceptors, driven as an agent does: poll, and wait only when there was nothing. */
final class AcceptorLoop implements LoopServer.Loop
{
    private static final int BATCH = 64;
    private static final int WAIT_MS = 100;

    /** An agent polls all the time: C2 has seen the empty queue before anything is measured. */
    private static final int EMPTY_POLLS = 20_000;

    private final Acceptor acceptor;
    private final AcceptHandler handler;

    AcceptorLoop(final Acceptor acceptor)
    {
        this.acceptor = acceptor;
        handler = (connection, peer) -> acceptor.close(connection);
        for (int i = 0; i < EMPTY_POLLS; i++)
        {
            acceptor.poll(handler, System.nanoTime(), BATCH);
        }
    }

    @Override
    public InetSocketAddress address()
    {
        return acceptor.localAddress();
    }

    @Override
    public void take(final int connections)
    {
        int taken = 0;
        while (taken < connections)
        {
            final int count = acceptor.poll(handler, System.nanoTime(), BATCH);
            taken += count;
            if (count == 0)
            {
                acceptor.await(WAIT_MS);
            }
        }
    }

    @Override
    public void close()
    {
        acceptor.close();
    }
}
