// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The policy of poll and pause, on an acceptor whose kernel is a script. */
class AcceptorTest
{
    private static final int LOST = Acceptor.LOST;
    private static final int EXHAUSTED = Acceptor.EXHAUSTED;
    private static final int LIMIT = 100;

    private final List<Integer> taken = new ArrayList<>();

    @Test
    void shouldGoOnAfterALostConnection()
    {
        final Scripted acceptor = new Scripted(7, LOST, LOST, 8);
        assertEquals(2, acceptor.poll(this::take, 0, LIMIT));
        assertEquals(List.of(7, 8), taken);
        assertEquals(2, acceptor.lost());
        assertEquals(2, acceptor.accepted());
        assertEquals(5, acceptor.attempts());
        assertEquals(0, acceptor.pauses());
    }

    @Test
    void shouldCountLostConnectionsAgainstTheLimit()
    {
        final Scripted acceptor = new Scripted(LOST, LOST, LOST, LOST, 8);
        assertEquals(0, acceptor.poll(this::take, 0, 4));
        assertEquals(4, acceptor.attempts());
        assertEquals(1, acceptor.poll(this::take, 0, 4));
    }

    @Test
    void shouldAskForNoMoreThanAreWaiting()
    {
        final Scripted acceptor = new Scripted(7, 8, 9);
        acceptor.waiting = 2;
        assertEquals(2, acceptor.poll(this::take, 0, LIMIT));
        acceptor.waiting = 0;
        assertEquals(0, acceptor.poll(this::take, 0, LIMIT));
        assertEquals(2, acceptor.attempts());
    }

    @Test
    void shouldCountTheQueueAnewAfterLostConnections()
    {
        final Scripted acceptor = new Scripted(LOST, 7, 8, 9);
        acceptor.waiting = 3;
        assertEquals(2, acceptor.poll(this::take, 0, LIMIT));
        acceptor.waiting = 1;
        assertEquals(1, acceptor.poll(this::take, 0, LIMIT));
        assertEquals(List.of(7, 8, 9), taken);
        assertEquals(2, acceptor.countings);
    }

    @Test
    void shouldCountTheQueueAnewOnlyWhenAllThatWereCountedAreTaken()
    {
        final Scripted acceptor = new Scripted(1, 2, 3, 4, 5);
        acceptor.waiting = 4;
        assertEquals(3, acceptor.poll(this::take, 0, 3));
        assertEquals(1, acceptor.poll(this::take, 0, 3));
        assertEquals(1, acceptor.countings);
        assertEquals(1, acceptor.poll(this::take, 0, 3));
        assertEquals(2, acceptor.countings);
    }

    @Test
    void shouldFindNothingOnceClosed()
    {
        final Scripted acceptor = new Scripted(7, 8);
        acceptor.waiting = 2;
        assertEquals(1, acceptor.poll((connection, peer) -> acceptor.close(), 0, LIMIT));
        assertEquals(0, acceptor.poll(this::take, 0, LIMIT));
        assertFalse(acceptor.await(-1));
        acceptor.close();
        assertEquals(1, acceptor.attempts());
        assertEquals(1, acceptor.stops);
    }

    @Test
    void shouldTakeANegativeTimeoutForNone()
    {
        assertFalse(new Scripted().await(-1));
    }

    @Test
    void shouldPauseUntilTheDelayIsOver()
    {
        final Scripted acceptor = new Scripted(7, EXHAUSTED, 8);
        final long startNs = Long.parseLong("9223372036854775802"); // the clock may wrap
        assertEquals(1, acceptor.poll(this::take, startNs, LIMIT));
        assertTrue(acceptor.isPaused());
        assertEquals(0, acceptor.poll(this::take, startNs + Acceptor.RETRY_DELAY_NS - 1, LIMIT));
        assertEquals(2, acceptor.attempts());
        assertEquals(1, acceptor.poll(this::take, startNs + Acceptor.RETRY_DELAY_NS, LIMIT));
        assertFalse(acceptor.isPaused());
        assertEquals(List.of(false, true), acceptor.interests);
        assertEquals(1, acceptor.pauses());
    }

    @Test
    void shouldEndAPauseWhenAConnectionIsClosed()
    {
        final Scripted acceptor = new Scripted(7, EXHAUSTED, EXHAUSTED, 8);
        assertEquals(1, acceptor.poll(this::take, 0, LIMIT));
        acceptor.close(7);
        assertEquals(0, acceptor.poll(this::take, 0, LIMIT));
        assertEquals(0, acceptor.poll(this::take, 0, LIMIT), "one close is worth one attempt");
        assertEquals(3, acceptor.attempts());
        acceptor.close(9);
        assertEquals(1, acceptor.poll(this::take, 0, LIMIT));
        assertEquals(List.of(false, true, false, true), acceptor.interests);
        assertEquals(2, acceptor.pauses());
    }

    @Test
    void shouldNotEndAPauseByACloseThatWasBeforeIt()
    {
        final Scripted acceptor = new Scripted(7, EXHAUSTED, 8);
        assertEquals(1, acceptor.poll((connection, peer) -> acceptor.close(connection), 0, LIMIT));
        assertEquals(0, acceptor.poll(this::take, 0, LIMIT));
        assertEquals(2, acceptor.attempts());
    }

    @Test
    void shouldStayInOrderWhenTheHandlerThrows()
    {
        final Scripted acceptor = new Scripted(7, 8);
        assertThrows(IllegalStateException.class, () -> acceptor.poll((connection, peer) ->
        {
            throw new IllegalStateException("no");
        }, 0, LIMIT));
        assertEquals(1, acceptor.accepted());
        assertEquals(1, acceptor.poll(this::take, 0, LIMIT));
        assertEquals(List.of(8), taken);
    }

    private void take(final int connection, final PeerAddress peer)
    {
        taken.add(connection);
    }

    private static final class Scripted extends Acceptor
    {
        private final List<Boolean> interests = new ArrayList<>();
        private final int[] script;
        private int next;
        private int waiting = Integer.MAX_VALUE;
        private int countings;
        private int stops;

        private Scripted(final int... script)
        {
            super(new InetSocketAddress(0), null);
            this.script = script;
        }

        @Override
        protected boolean isReadable(final int timeoutMs)
        {
            assertTrue(timeoutMs >= 0, "waits for ever");
            return false;
        }

        @Override
        protected void stopListening()
        {
            stops++;
        }

        @Override
        protected int waiting()
        {
            countings++;
            return waiting;
        }

        @Override
        protected int accept()
        {
            return next < script.length ? script[next++] : NONE_WAITING;
        }

        @Override
        protected void release(final int connection)
        {
            // nothing is open
        }

        @Override
        protected void interest(final boolean interested)
        {
            interests.add(interested);
        }
    }
}
