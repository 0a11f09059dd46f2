// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.support.Allocation;
import dev.trishake.transport.StreamRecord;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Many sessions, slow ones among them; what other threads send; nothing allocated, nothing left. */
class HandshakeAgentLoadTest
{
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final int CAPACITY = 64;
    private static final int BUFFER_LENGTH = 1 << 14;

    private final RecordingHandler handler = new RecordingHandler();
    private AgentRig rig;

    private void begin()
    {
        rig = new AgentRig(new EngineConfig(), handler, Protocol.TCP, CAPACITY, BUFFER_LENGTH);
    }

    private long open()
    {
        final long handle = rig.peers.connect();
        rig.turns(3);
        return handle;
    }

    @AfterEach
    void leaveNothing()
    {
        if (rig != null)
        {
            rig.close();
            assertEquals(0, rig.count("SessionsActive"));
            assertEquals(0, rig.link().active());
        }
    }

    @Test
    void shouldNotLetOneThatNeverReadsSlowOthersDown()
    {
        final int others = 1000;
        rig = new AgentRig(new EngineConfig().inputBuffers(others + 1), handler, Protocol.TCP, others + 1, 1 << 12);
        handler.isEcho = true;
        handler.isQuiet = true;
        final long stuck = open();
        rig.peers.unread.add(stuck);
        final long[] peers = new long[others];
        for (int i = 0; i < others; i++)
        {
            peers[i] = rig.peers.connect();
        }
        rig.turns(5);
        for (int i = 0; i < 10; i++)
        {
            final int credit = rig.peers.link.outputCredit(stuck);
            if (credit > 0)
            {
                rig.peers.send(stuck, new byte[credit]);
            }
            rig.turn();
        }
        assertEquals(others + 1, handler.established);
        final long shortBefore = rig.count("SendsCutShort");
        for (int round = 1; round <= 5; round++)
        {
            for (final long peer : peers)
            {
                rig.peers.send(peer, HELLO);
            }
            rig.turns(5); // sent, echoed, received: as without the stuck one
            assertEquals((long)round * others * HELLO.length, rig.peers.bytes);
        }
        assertEquals(0, rig.peers.received(stuck).length);
        assertEquals(shortBefore, rig.count("SendsCutShort"), "the stuck one costs nothing while it waits");
    }

    @Test
    void shouldKeepOtherThreadsWithinAWindowThatOpensAsThePeerReads()
    {
        begin();
        handler.isQuiet = true;
        final long peer = open();
        final long handle = handler.last;
        rig.peers.unread.add(peer);
        final byte[] much = bytes(300_000);
        int sent = 0;
        for (int i = 0; i < 5000; i++)
        {
            final int length = Math.min(1 + i % 1500, much.length - sent);
            if (length > 0 && rig.agent.windows().take(handle, length) > 0)
            {
                assertTrue(rig.agent.commands().send(handle, 0, new UnsafeBuffer(much), sent, length));
                sent += length;
            }
            if (i % 3 == 0)
            {
                rig.turn();
            }
            if (i == 1000)
            {
                assertTrue(sent >= BUFFER_LENGTH / 2 && sent <= BUFFER_LENGTH, "for one that does not read: " + sent);
            }
            else if (i > 1000 && i % 50 == 0)
            {
                rig.peers.unread.clear();
                rig.peers.link.resume(peer);
            }
            else if (i > 1000 && i % 50 == 25)
            {
                rig.peers.unread.add(peer);
            }
        }
        rig.peers.unread.clear();
        rig.peers.link.resume(peer);
        rig.turns(10);
        assertEquals(0, handler.failed);
        assertEquals(much.length, sent);
        assertArrayEquals(much, rig.peers.received(peer));
        assertEquals(1, rig.agent.windows().take(handle, rig.agent.windows().window()), "all of it is free again");
        assertEquals(0, rig.agent.windows().take(handle, 1));
        rig.agent.session(handle).abort();
        assertEquals(-1, rig.agent.windows().take(handle, 1));
    }

    @Test
    void shouldOutliveAStormOfResets()
    {
        begin();
        handler.isQuiet = true;
        rig.peers.isQuiet = true;
        for (int i = 0; i < 3000; i++)
        {
            final long peer = rig.peers.connect();
            for (int turns = i % 4; turns > 0; turns--)
            {
                rig.turn();
            }
            if ((i & 1) == 0)
            {
                rig.peers.send(peer, HELLO);
            }
            rig.peers.tell(StreamRecord.ABORT, peer);
        }
        rig.turns(5);
        assertEquals(0, rig.count("SessionsActive") + rig.link().active());
        assertEquals(rig.count("SessionsAccepted"), rig.count("SessionsClosed") + rig.count("SessionsFailed"));
        assertEquals(0, rig.errors.size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAllocateNothingPerConnection(final boolean byHandler)
    {
        begin();
        handler.isQuiet = true;
        handler.isEcho = true;
        rig.peers.isQuiet = true;
        Allocation.assertNone(128, () -> connections(128, byHandler));
        assertEquals(0, rig.errors.size());
    }

    private long connections(final int count, final boolean byHandler)
    {
        long done = 0;
        for (int i = 0; i < count; i++)
        {
            final long before = rig.peers.bytes;
            final long peer = rig.peers.connect();
            rig.turn();
            rig.turn();
            rig.peers.send(peer, HELLO);
            rig.turn();
            rig.turn();
            done += (rig.peers.bytes - before) / HELLO.length;
            if (byHandler)
            {
                rig.agent.session(handler.last).close();
                rig.turn();
                rig.turn();
                rig.peers.tell(StreamRecord.CLOSE, peer);
            }
            else
            {
                rig.peers.tell(StreamRecord.SHUTDOWN, peer);
            }
            rig.turn();
            rig.turn();
            rig.turn();
        }
        return rig.count("SessionsActive") == 0 && rig.link().active() == 0 ? done : -1;
    }

    private static byte[] bytes(final int length)
    {
        final byte[] octets = new byte[length];
        new SplittableRandom(length).nextBytes(octets);
        return octets;
    }
}
