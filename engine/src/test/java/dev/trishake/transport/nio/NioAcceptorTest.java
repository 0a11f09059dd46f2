// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.nio;

import dev.trishake.support.WithoutAssertions;
import dev.trishake.transport.Acceptor;
import dev.trishake.transport.AcceptorContract;
import dev.trishake.transport.DescriptorLimit;
import dev.trishake.transport.linux.Libc;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class NioAcceptorTest extends AcceptorContract
{
    private static final int MAX_CONNECTIONS = 256;

    @Override
    protected Acceptor listen(final InetSocketAddress address, final int backlog, final boolean reusePort)
    {
        return NioAcceptor.listen(address, backlog, reusePort, MAX_CONNECTIONS);
    }

    @Test
    void shouldPauseWhenTheTableIsFull() throws Exception
    {
        final NioAcceptor acceptor = opened(NioAcceptor.listen(ANY_PORT, 16, false, 2));
        for (int i = 0; i < 4; i++)
        {
            connect(acceptor);
        }
        final Deque<Integer> taken = new ArrayDeque<>();
        assertEquals(2, acceptor.poll((connection, peer) -> taken.add(connection), 0, 10));
        assertTrue(acceptor.isPaused());
        assertEquals(1, acceptor.pauses());
        assertFalse(acceptor.await(5), "a full table does not end a wait");

        acceptor.close(taken.removeFirst());
        assertEquals(1, acceptor.poll((connection, peer) -> taken.add(connection), 0, 10));
        assertEquals(2, acceptor.pauses());
        assertNotEquals(taken.peekFirst(), taken.peekLast());
        taken.forEach(acceptor::close);
        assertEquals(1, acceptor.poll((connection, peer) -> acceptor.close(connection), 0, 10));
        assertFalse(acceptor.isPaused());
    }

    @Test
    void shouldHandOverNonBlockingChannels() throws Exception
    {
        final NioAcceptor acceptor = opened(NioAcceptor.listen(ANY_PORT, 16, false, 2));
        final Socket client = connect(acceptor);
        assertEquals(1, acceptor.poll((connection, peer) ->
        {
            assertFalse(acceptor.channel(connection).isBlocking());
            assertEquals(client.getLocalPort(), acceptor.channel(connection).socket().getPort());
            acceptor.close(connection);
        }, 0, 10));
    }

    @Test
    void shouldRefuseATableWithoutPlaces()
    {
        assertThrows(IllegalArgumentException.class, () -> NioAcceptor.listen(ANY_PORT, 16, false, 0));
    }

    @Test
    void shouldPauseWhenDescriptorsRunOut() throws Exception
    {
        assumeTrue(Libc.SUPPORTED, "counts descriptors in /proc");
        DescriptorLimit.run("nio");
    }

    @Test
    void shouldGiveNoSlotToTwoWhenOneIsClosedTwice() throws Exception
    {
        WithoutAssertions.run(ClosedTwice.class);
    }

    @Test
    void shouldOpenNothingWhenItsTableDoesNotFit()
    {
        assertThrows(OutOfMemoryError.class, () -> NioAcceptor.listen(ANY_PORT, 16, false, Integer.MAX_VALUE));
    }

    public static final class ClosedTwice implements Runnable
    {
        @Override
        public void run()
        {
            final Deque<Integer> taken = new ArrayDeque<>();
            try (NioAcceptor acceptor = NioAcceptor.listen(ANY_PORT, 16, false, 2);
                SocketChannel one = SocketChannel.open(acceptor.localAddress()))
            {
                assertEquals(1, acceptor.poll((connection, peer) -> taken.add(connection), 0, 1));
                final int closed = taken.removeFirst();
                acceptor.close(closed);
                acceptor.close(closed);
                try (SocketChannel two = SocketChannel.open(acceptor.localAddress());
                    SocketChannel three = SocketChannel.open(acceptor.localAddress()))
                {
                    assertEquals(2, acceptor.poll((connection, peer) -> taken.add(connection), 0, 2));
                    assertNotEquals(taken.peekFirst(), taken.peekLast());
                    assertTrue(one.isOpen() && two.isOpen() && three.isOpen());
                    taken.forEach(acceptor::close);
                }
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }
    }
}
