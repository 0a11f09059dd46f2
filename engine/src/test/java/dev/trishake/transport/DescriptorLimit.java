// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.support.ScarceDescriptors;
import dev.trishake.transport.epoll.EpollAcceptor;
import dev.trishake.transport.nio.NioAcceptor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An acceptor at the descriptor limit: a scenario for {@link ScarceDescriptors}. */
public final class DescriptorLimit
{
    private static final int LIMIT = 160;
    private static final int LEFT = 10;

    private final Acceptor acceptor;
    private final List<SocketChannel> clients = new ArrayList<>();
    private final Deque<Integer> taken = new ArrayDeque<>();
    private long nowNs = 1_000_000_000;

    private DescriptorLimit(final Acceptor acceptor)
    {
        this.acceptor = acceptor;
    }

    public static void run(final String transport) throws Exception
    {
        ScarceDescriptors.run(LIMIT, DescriptorLimit.class, transport);
    }

    public static void main(final String[] args) throws Exception
    {
        scenario(args[0], 2); // loads the classes while there are descriptors to load them with
        final int before = ScarceDescriptors.count();
        scenario(args[0], LIMIT - before - LEFT);
        assertEquals(before, ScarceDescriptors.count(), "descriptors leaked");
        ScarceDescriptors.passed();
    }

    private static void scenario(final String transport, final int clients) throws Exception
    {
        final InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (Acceptor acceptor = "epoll".equals(transport) ?
            EpollAcceptor.listen(address, LIMIT, false) : NioAcceptor.listen(address, LIMIT, false, LIMIT))
        {
            new DescriptorLimit(acceptor).run(clients);
        }
    }

    private void run(final int count) throws IOException
    {
        for (int i = 0; i < count; i++)
        {
            clients.add(SocketChannel.open(acceptor.localAddress()));
        }

        int accepted = poll();
        if (accepted < count)
        {
            shouldPause(accepted);
            shouldTryAgainAfterTheDelay();
            shouldTryAgainAfterAClose();
            accepted++;
        }
        while (accepted < count)
        {
            closeTaken();
            final int more = poll();
            assertTrue(more > 0, "does not recover");
            accepted += more;
        }
        closeTaken();
        assertEquals(0, poll());

        assertFalse(acceptor.isPaused());
        assertEquals(count, acceptor.accepted());
        // every attempt is accounted for: a connection, a pause, or an empty queue (at most one a poll, five polls)
        assertTrue(acceptor.attempts() <= acceptor.accepted() + acceptor.pauses() + 5,
            acceptor.attempts() + " attempts");
        for (final SocketChannel client : clients)
        {
            client.close();
        }
    }

    private void shouldPause(final int accepted)
    {
        assertTrue(accepted > 0 && accepted <= LEFT, "accepted " + accepted + " with " + LEFT + " left");
        assertTrue(acceptor.isPaused());
        assertEquals(1, acceptor.pauses());
        assertEquals(accepted + 1, acceptor.attempts());

        int wakeUps = 0;
        final long startNs = System.nanoTime();
        for (int i = 0; i < 5; i++)
        {
            wakeUps += acceptor.await(10) ? 1 : 0;
        }
        assertEquals(0, wakeUps, "ended a wait although it can't accept");
        assertTrue(System.nanoTime() - startNs >= 45_000_000, "did not wait");

        for (int i = 0; i < 10_000; i++)
        {
            assertEquals(0, poll());
        }
        assertEquals(accepted + 1, acceptor.attempts(), "spins");
        assertEquals(1, acceptor.pauses());
    }

    private void shouldTryAgainAfterTheDelay()
    {
        final long attempts = acceptor.attempts();
        nowNs += Acceptor.RETRY_DELAY_NS - 1;
        assertEquals(0, poll());
        assertEquals(attempts, acceptor.attempts());
        nowNs++;
        assertEquals(0, poll());
        assertEquals(0, poll());
        assertEquals(attempts + 1, acceptor.attempts());
        assertEquals(2, acceptor.pauses());
    }

    private void shouldTryAgainAfterAClose()
    {
        acceptor.close(taken.removeFirst());
        assertEquals(1, poll());
        assertEquals(0, poll());
        assertTrue(acceptor.isPaused());
        assertEquals(3, acceptor.pauses());
    }

    private int poll()
    {
        return acceptor.poll((connection, peer) -> taken.add(connection), nowNs, Integer.MAX_VALUE);
    }

    private void closeTaken()
    {
        taken.forEach(acceptor::close);
        taken.clear();
    }
}
