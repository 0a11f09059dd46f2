// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.support.Allocation;
import dev.trishake.transport.StreamRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An agent with a core that awaits, is refused output, dies while it waits and gets bytes meanwhile. */
class StreamCoreTest
{
    private static final int SESSIONS = 64;

    private final RecordingHandler handler = new RecordingHandler();
    private TestCore core;
    private AgentRig rig;

    private void begin(final EngineConfig config, final int lanes, final int flightLength)
    {
        core = new TestCore(SESSIONS, lanes, flightLength);
        rig = new AgentRig(config.protocol(Protocol.TLCP, (agent, agents, nowNs) -> core.parts()), handler,
            Protocol.TLCP, SESSIONS, 1 << 12);
    }

    @AfterEach
    void leaveNothing()
    {
        if (rig != null)
        {
            rig.close();
            assertEquals(0, rig.count("SessionsActive"));
            assertEquals(0, core.slab.active());
            assertEquals(0, rig.errors.size(), rig.errors::toString);
        }
    }

    private static byte[] octets(final long... words)
    {
        final ByteBuffer buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.nativeOrder());
        for (final long word : words)
        {
            buffer.putLong(word);
        }
        return buffer.array();
    }

    private long[] open(final int count)
    {
        final long[] peers = new long[count];
        for (int i = 0; i < count; i++)
        {
            peers[i] = rig.peers.connect();
        }
        rig.turns(3);
        return peers;
    }

    @Test
    void shouldDoAHandshakeInOneCycleAfterEachFlight()
    {
        begin(new EngineConfig(), 8, 8);
        final long peer = open(1)[0];
        rig.peers.send(peer, octets(5));
        rig.turns(2);
        assertArrayEquals(octets(15), rig.peers.received(peer));
        rig.peers.send(peer, octets(16));
        rig.turns(2);
        assertEquals(List.of("ACCEPTED", "ESTABLISHED"), handler.events);
        assertEquals(15, rig.agent.session(handler.last).parameters());
        assertEquals(Protocol.TLCP, rig.agent.session(handler.last).protocol());
        assertEquals(List.of("sign 1", "verify 1"), core.batches);
        assertEquals(1, rig.count("CryptoSignOperations"));
        assertEquals(1, rig.count("CryptoVerifyBatches"));
    }

    @Test
    void shouldRunWhateverCameInTheCycleTogether()
    {
        begin(new EngineConfig(), 8, 8);
        final long[] peers = open(20);
        for (final long peer : peers)
        {
            rig.peers.send(peer, octets(5, 16, 77)); // all at once: the rest waits in the session
        }
        rig.turns(2);
        assertEquals(20, handler.established);
        assertEquals(List.of("sign 8", "sign 8", "sign 4", "verify 8", "verify 8", "verify 4"), core.batches,
            "both waves in one cycle");
        assertEquals(20, rig.count("CryptoSignOperations"));
        assertEquals(3, rig.count("CryptoSignBatches"));
        assertEquals(20 * 8, handler.bytes.size(), "early data comes once it is established");
    }

    @Test
    void shouldPollLinksAgainAfterSoManyBatches()
    {
        begin(new EngineConfig().cryptoBatchesPerCycle(2), 1, 8);
        final long[] peers = open(5);
        for (final long peer : peers)
        {
            rig.peers.send(peer, octets(5));
        }
        rig.turn();
        assertEquals(2, core.batches.size());
        rig.turn();
        assertEquals(4, core.batches.size());
        rig.turn();
        assertEquals(List.of("sign 1", "sign 1", "sign 1", "sign 1", "sign 1"), core.batches);
    }

    @Test
    void shouldSkipSessionsThatDiedWhileTheyWaited()
    {
        begin(new EngineConfig().cryptoBatchesPerCycle(1), 1, 8);
        final long[] peers = open(4);
        for (final long peer : peers)
        {
            rig.peers.send(peer, octets(5));
        }
        rig.turn();
        assertEquals(List.of("sign 1"), core.batches);
        rig.peers.tell(StreamRecord.ABORT, peers[1]);
        rig.peers.tell(StreamRecord.ABORT, peers[2]);
        rig.turns(5);
        assertEquals(List.of("sign 1", "sign 1"), core.batches, "the dead are not computed for");
        assertEquals(2, handler.failed);
        assertArrayEquals(octets(15), rig.peers.received(peers[3]));
    }

    @Test
    void shouldNotMistakeASlotsNextSessionForTheOneThatDied()
    {
        begin(new EngineConfig().cryptoBatchesPerCycle(1), 1, 8);
        final long[] peers = open(3);
        for (final long peer : peers)
        {
            rig.peers.send(peer, octets(5));
        }
        rig.turn();
        rig.peers.tell(StreamRecord.ABORT, peers[1]);
        rig.peers.tell(StreamRecord.ABORT, peers[2]);
        final long next = rig.peers.connect(); // takes a slot of theirs, and posts nothing
        rig.turns(6);
        assertEquals(1, core.batches.size());
        assertEquals(0, rig.peers.received(next).length);
        rig.peers.send(next, octets(7));
        rig.turns(3);
        assertArrayEquals(octets(21), rig.peers.received(next));
    }

    @Test
    void shouldNotComputeARefusedFlightTwice()
    {
        final int flight = 2500; // the connection has room for one of them
        begin(new EngineConfig(), 8, flight);
        final long peer = open(1)[0];
        rig.peers.unread.add(peer);
        rig.peers.send(peer, octets(5, 16, 99));
        rig.turns(20);
        assertEquals(List.of("sign 1", "verify 1"), core.batches);
        assertEquals(0, handler.established, "the second flight is refused");
        assertEquals(0, rig.agent.doWork(), "and nobody polls for it");
        rig.peers.unread.clear();
        rig.peers.link.resume(peer);
        rig.turns(5);
        assertEquals(List.of("sign 1", "verify 1"), core.batches);
        assertEquals(1, handler.established);
        assertEquals(2 * flight, rig.peers.received(peer).length);
        assertArrayEquals(octets(99), handler.bytes.toByteArray());
    }

    @Test
    void shouldEndASessionWhosePeerIsWrong()
    {
        begin(new EngineConfig(), 8, 8);
        final long peer = open(1)[0];
        rig.peers.send(peer, octets(5, 17));
        rig.turns(4);
        assertEquals("FAILED PEER|40", handler.events.getLast());
        assertEquals(1, rig.peers.ended, "what the core says goes first");
        rig.peers.tell(StreamRecord.CLOSE, peer);
        rig.turns(2);
    }

    @Test
    void shouldNotLetHandshakesTakeForEver()
    {
        begin(new EngineConfig().handshakeTimeoutNs(1_000_000_000), 8, 8);
        final long peer = open(1)[0];
        rig.peers.send(peer, octets(5));
        rig.turns(3);
        rig.nowNs += 1_100_000_000;
        rig.turns(3);
        assertEquals("FAILED HANDSHAKE_TIMEOUT", handler.events.getLast());
        assertEquals(List.of("CLOSED RESET"), rig.peers.events);
        assertEquals(1, rig.count("HandshakeTimeouts"));
    }

    @Test
    void shouldBoundTheHandshakesOfOneSource()
    {
        begin(new EngineConfig().handshakesPerPrefix(3), 8, 8);
        final long[] peers = open(5);
        assertEquals(2, rig.count("PrefixLimited"));
        assertEquals(List.of("CLOSED RESET", "CLOSED RESET"), rig.peers.events);
        final long other = rig.peers.connect(0x0b00_0001);
        rig.turns(2);
        assertEquals(2, rig.count("PrefixLimited"), "another source is another matter");
        rig.peers.send(peers[0], octets(5, 16));
        rig.peers.tell(StreamRecord.ABORT, peers[1]);
        rig.turns(3);
        open(2);
        assertEquals(2, rig.count("PrefixLimited"), "two have done theirs");
        open(1);
        assertEquals(3, rig.count("PrefixLimited"));
        assertNotEquals(0, other);
    }

    @Test
    void shouldRefuseWhatItsCoreHasNoSlotFor()
    {
        core = new TestCore(1, 8, 8);
        rig = new AgentRig(new EngineConfig().protocol(Protocol.TLCP, (agent, agents, nowNs) -> core.parts()), handler,
            Protocol.TLCP);
        open(2);
        assertEquals(List.of("ACCEPTED", "ACCEPTED", "FAILED NO_CAPACITY"), handler.events);
    }

    @Test
    void shouldEchoOverACoreAndEndInOrder()
    {
        begin(new EngineConfig(), 8, 8);
        handler.isEcho = true;
        final long peer = open(1)[0];
        rig.peers.send(peer, octets(5, 16));
        rig.turns(3);
        for (int i = 0; i < 50; i++)
        {
            rig.peers.send(peer, octets(i, i, i));
            rig.turn();
        }
        rig.peers.tell(StreamRecord.SHUTDOWN, peer);
        rig.turns(5);
        assertEquals(16 + 50 * 24, rig.peers.received(peer).length);
        assertEquals(List.of("CLOSED OK"), rig.peers.events);
        assertEquals("CLOSED", handler.events.getLast());
    }

    @Test
    void shouldDeliverWhatIsStillSealedWhenTheConnectionHasEnded()
    {
        core = new TestCore(SESSIONS, 8, 8).sealed();
        rig = new AgentRig(new EngineConfig().cryptoBatchesPerCycle(1)
            .protocol(Protocol.TLCP, (agent, agents, nowNs) -> core.parts()), handler, Protocol.TLCP);
        final long peer = open(1)[0];
        rig.peers.send(peer, octets(5, 16));
        rig.turns(3);
        rig.agent.session(handler.last).shutdown();
        rig.turns(3);
        rig.peers.send(peer, octets(77));
        rig.peers.tell(StreamRecord.SHUTDOWN, peer); // both sides have ended long before the fourth operation
        rig.turns(10);
        assertArrayEquals(octets(77), handler.bytes.toByteArray());
        assertEquals(List.of("ACCEPTED", "ESTABLISHED", "END", "CLOSED"), handler.events);
    }

    @Test
    void shouldLetCoresKeepHouseTenTimesASecond()
    {
        begin(new EngineConfig(), 8, 8);
        rig.turns(20_000); // two seconds
        assertEquals(20, core.housesKept, 1);
    }

    @Test
    void shouldAllocateNothingPerHandshake()
    {
        handler.isQuiet = true;
        core = new TestCore(SESSIONS, 8, 8).quiet();
        rig = new AgentRig(new EngineConfig().protocol(Protocol.TLCP, (agent, agents, nowNs) -> core.parts()), handler,
            Protocol.TLCP);
        rig.peers.isQuiet = true;
        final byte[] all = octets(5, 16);
        final long[] peers = new long[16];
        Allocation.assertNone(128, () ->
        {
            final int before = handler.established;
            for (int round = 0; round < 8; round++)
            {
                for (int i = 0; i < peers.length; i++)
                {
                    peers[i] = rig.peers.connect();
                }
                rig.turns(2);
                for (int i = 0; i < peers.length; i++)
                {
                    rig.peers.send(peers[i], all);
                }
                rig.turns(2);
                for (int i = 0; i < peers.length; i++)
                {
                    rig.peers.tell(StreamRecord.ABORT, peers[i]);
                }
                rig.turns(2);
            }
            return core.slab.active() == 0 ? handler.established - before : -1;
        });
        assertTrue(rig.count("CryptoSignOperations") > 0);
    }
}
