// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.transport.StreamRecord;
import org.agrona.DirectBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Peers and handlers that do anything at any time: every session ends once, nothing stays behind, nothing throws. */
class StreamSessionsFuzzTest
{
    private static final int CAPACITY = 16;
    private static final int STEPS = 400;

    /** Takes as much as it likes, sends, throws, closes, aborts, shuts down and resumes when it likes. */
    private static final class Wild implements SessionHandler
    {
        final Map<Long, Integer> ends = new HashMap<>();
        final Set<Long> open = new HashSet<>();
        private final SplittableRandom random;
        private AgentContext context;
        private int thrown;

        Wild(final SplittableRandom random)
        {
            this.random = random;
        }

        @Override
        public void onStart(final AgentContext newContext)
        {
            context = newContext;
        }

        @Override
        public boolean mayAccept()
        {
            return random.nextInt(8) > 0;
        }

        private void act(final Session session)
        {
            switch (random.nextInt(24))
            {
                case 0 -> session.close();
                case 1 -> session.abort();
                case 2 -> session.shutdown();
                case 3 ->
                {
                    thrown++;
                    throw new IllegalStateException("planted");
                }
                case 4 -> session.resume();
                default ->
                {
                }
            }
        }

        @Override
        public void onAccepted(final Session session)
        {
            assertTrue(open.add(session.handle()));
            act(session);
        }

        @Override
        public void onEstablished(final Session session)
        {
            act(session);
        }

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            final int count = switch (random.nextInt(4))
            {
                case 0 -> random.nextInt(length + 1);
                case 1 -> length;
                default -> session.send(buffer, offset, length);
            };
            act(session);
            return count;
        }

        @Override
        public void onEnd(final Session session)
        {
            act(session);
        }

        @Override
        public void onWritable(final Session session)
        {
            act(session);
        }

        @Override
        public void onClosed(final Session session)
        {
            ended(session);
        }

        @Override
        public void onFailed(final Session session, final int reason)
        {
            ended(session);
            act(session);
        }

        private void ended(final Session session)
        {
            assertTrue(open.remove(session.handle()), "one that never began, or had ended");
            ends.merge(session.handle(), 1, Integer::sum);
        }

        @Override
        public int doWork(final long nowNs)
        {
            for (final long handle : List.copyOf(open))
            {
                final Session session = random.nextInt(20) == 0 ? context.session(handle) : null;
                if (session != null)
                {
                    switch (random.nextInt(6))
                    {
                        case 0 -> session.close();
                        case 1 -> session.abort();
                        case 2 -> session.shutdown();
                        default -> session.resume();
                    }
                }
            }
            return 0;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLCP"})
    void shouldEndEverySessionOnceAndKeepNothing(final Protocol protocol)
    {
        Seeded.forEach(Scale.pick(60, 10_000), random ->
        {
            final Wild handler = new Wild(random);
            final TestCore core = new TestCore(CAPACITY, 1 + random.nextInt(8), 8 + random.nextInt(400)).quiet();
            final EngineConfig config = new EngineConfig()
                .protocol(Protocol.TLCP, (agent, agents, nowNs) -> core.parts())
                .inputBuffers(1 + random.nextInt(CAPACITY)).inputBufferLength(64 + random.nextInt(400))
                .ringLength(1 << (12 + random.nextInt(3))).cryptoBatchesPerCycle(1 + random.nextInt(3))
                .handshakeTimeoutNs(5_000_000).idleTimeoutNs(50_000_000)
                .handshakesPerPrefix(random.nextInt(2) * CAPACITY / 2);
            final AgentRig rig = new AgentRig(config, handler, protocol, CAPACITY, 1 << 11);
            run(rig, random);
            rig.agent.drain();
            for (int i = 0; i < 2000 && !rig.agent.isDrained(); i++)
            {
                rig.turn();
            }
            assertTrue(rig.agent.isDrained(), () -> "not drained: " + handler.open + " link " + rig.link().active() +
                " peers " + rig.peers.link.active());
            assertEquals(Set.of(), handler.open);
            assertTrue(handler.ends.values().stream().allMatch(times -> times == 1));
            assertEquals(handler.thrown, rig.errors.size(), rig.errors::toString);
            assertEquals(0, rig.count("SessionsActive"));
            assertEquals(0, core.slab.active());
            rig.nowNs += 200_000_000;
            rig.turn();
            assertEquals(0, rig.count("InputBuffers"));
            rig.close();
        });
    }

    private static void run(final AgentRig rig, final SplittableRandom random)
    {
        final List<Long> peers = new ArrayList<>();
        for (int step = 0; step < STEPS; step++)
        {
            final long peer = peers.isEmpty() ? 0 : peers.get(random.nextInt(peers.size()));
            switch (random.nextInt(16))
            {
                case 0, 1, 2 ->
                {
                    final long connected = rig.peers.connect();
                    if (connected > 0)
                    {
                        peers.add(connected);
                    }
                }
                case 3, 4, 5, 6 -> send(rig, peer, random);
                case 7 -> rig.peers.tell(StreamRecord.SHUTDOWN, peer);
                case 8 -> rig.peers.tell(random.nextBoolean() ? StreamRecord.CLOSE : StreamRecord.ABORT, peer);
                case 9 -> rig.peers.unread.add(peer);
                case 10 ->
                {
                    rig.peers.unread.remove(peer);
                    rig.peers.link.resume(peer);
                }
                default -> rig.turn();
            }
        }
        rig.peers.unread.clear();
        for (final long peer : peers)
        {
            rig.peers.link.resume(peer);
            rig.peers.tell(StreamRecord.CLOSE, peer);
        }
    }

    /** What a handshake of the test core wants, then anything. */
    private static void send(final AgentRig rig, final long peer, final SplittableRandom random)
    {
        final int room = rig.peers.link.outputCredit(peer);
        final ByteBuffer octets = ByteBuffer.allocate(16 + random.nextInt(500)).order(ByteOrder.nativeOrder());
        octets.putLong(0, 5).putLong(8, random.nextInt(6) == 0 ? 17 : 16);
        if (octets.capacity() <= room)
        {
            rig.peers.send(peer, octets.array());
            rig.peers.doWork(rig.nowNs);
        }
    }
}
