// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.tlcp.TestIdentity;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.tlcp.TlcpCore;
import dev.trishake.transport.StreamRecord;
import dev.trishake.wire.tlcp.CipherSuite;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Sessions of TLCP that their user closes while there is no room for what the core still owes: data that is sealed or
 * not yet, close_notify behind it. All of it arrives, then the stream ends; no deadline has a part in it.
 */
class TlcpClosingTest
{
    private static final int SESSIONS = 16;
    private static final int CONNECTION_LENGTH = 1 << 14;
    private static final int RING_LENGTH = 1 << 16;
    private static final int ANSWER_LENGTH = 7000;
    private static final byte[] QUESTION = {1};

    /** Says a number of octets at the first byte that comes, and closes as soon as all of them were taken. */
    private final class Answering extends RecordingHandler
    {
        private final UnsafeBuffer answer = new UnsafeBuffer(new byte[ANSWER_LENGTH]);
        private final int[] left = new int[SESSIONS];

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            left[(int)session.handle() & (SESSIONS - 1)] = answerLength;
            say(session);
            return length;
        }

        @Override
        public void onWritable(final Session session)
        {
            say(session);
        }

        private void say(final Session session)
        {
            final int slot = (int)session.handle() & (SESSIONS - 1);
            int sent;
            do
            {
                sent = session.send(answer, 0, Math.min(left[slot], ANSWER_LENGTH));
                left[slot] -= sent;
            }
            while (sent > 0 && left[slot] > 0);
            if (left[slot] == 0)
            {
                closedByUs.add(session.handle());
                session.close();
            }
        }
    }

    private final Set<Long> closedByUs = new HashSet<>();
    private final List<Client> clients = new ArrayList<>();
    private int answerLength;
    private AgentRig rig;

    private void begin()
    {
        final Answering handler = new Answering();
        handler.isQuiet = true;
        final EngineConfig config = new EngineConfig().inputBufferLength(1 << 10).ringLength(RING_LENGTH)
            .protocol(Protocol.TLCP, (agent, agents, nowNs) -> server());
        rig = new AgentRig(config, handler, Protocol.TLCP, SESSIONS, CONNECTION_LENGTH);
    }

    private static StreamProtocol server()
    {
        final TlcpConfig config = new TlcpConfig().sessions(SESSIONS).handshakes(SESSIONS)
            .fragmentLength(ANSWER_LENGTH).credentials(TestIdentity.credentials(TestIdentity.SERVER));
        final TlcpCore core = new TlcpCore(config, Kernels.scalar(), Entropy.seeded(1));
        final List<CryptoKind> kinds = new ArrayList<>();
        for (int kind = 0; kind < core.kinds(); kind++)
        {
            kinds.add(new CryptoKind(TlcpCore.kindName(kind), core.operation(kind)));
        }
        return new StreamProtocol(core, core.queue(), kinds);
    }

    @AfterEach
    void leaveNothing()
    {
        rig.close();
        assertEquals(0, rig.count("SessionsActive"));
        assertEquals(0, rig.errors.size(), rig.errors::toString);
    }

    /** A client at the network's other end: its core, turned by hand. */
    private final class Client
    {
        final TlcpCore core = new TlcpCore(new TlcpConfig().sessions(1).handshakes(1)
            .suites(CipherSuite.ECC_SM4_GCM_SM3).trust(new TestIdentity.Trust(TestIdentity.SERVER)), Kernels.scalar(),
            Entropy.seeded(2));
        final OneToOneRingBuffer ring = Rings.ofCapacity(1 << 16);
        final Outbox outbox = new Outbox(ring);
        final int[] lanes = new int[CryptoOperation.MAX_LANES];
        final long peer = rig.peers.connect();
        final int slot = core.open(1, true, rig.nowNs);
        int taken;
        int content;
        int outcome = core.resume(slot, rig.nowNs, outbox);

        void turn()
        {
            final byte[] all = rig.peers.received(peer);
            while (taken < all.length && core.inputCredit(slot) > 0)
            {
                final int count = Math.min(all.length - taken, core.inputCredit(slot));
                after(core.onInput(slot, new UnsafeBuffer(all), taken, count, rig.nowNs, outbox));
                taken += count;
                runCrypto();
            }
            runCrypto();
            ring.read((type, buffer, index, length) ->
            {
                final byte[] octets = new byte[OutboxRecord.payloadLength(length)];
                buffer.getBytes(OutboxRecord.payloadIndex(index), octets);
                rig.peers.send(peer, octets);
            });
        }

        private void runCrypto()
        {
            for (int kind = 0; kind < core.kinds(); kind++)
            {
                if (core.queue().take(kind, core, lanes, 1) > 0)
                {
                    core.operation(kind).execute(lanes, 1, rig.nowNs);
                    after(core.resume(slot, rig.nowNs, outbox));
                    kind = -1;
                }
            }
        }

        private void after(final int result)
        {
            outcome = result;
            for (int length = core.contentLength(slot); length > 0; length = core.contentLength(slot))
            {
                content += length;
                core.consume(slot, length);
            }
        }

        boolean is(final int status)
        {
            return (core.status(slot) & status) != 0;
        }

        void ask()
        {
            assertEquals(1, core.send(slot, new UnsafeBuffer(QUESTION), 0, 1, rig.nowNs, outbox));
        }
    }

    private void turns(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            clients.forEach(Client::turn);
            rig.turn();
        }
    }

    private void connect(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            clients.add(new Client());
        }
        rig.turns(3);
        turns(12);
        clients.forEach(client -> assertTrue(client.is(StreamCore.ESTABLISHED),
            () -> Integer.toHexString(client.outcome) + " " + client.core.history(client.slot)));
    }

    /** All that was said and close_notify have arrived, and the streams have ended, 30 ms later at most. */
    private void assertAllSaid()
    {
        turns(300);
        for (final Client client : clients)
        {
            assertEquals(answerLength, client.content);
            assertTrue(client.is(StreamCore.ENDED), () -> "close_notify: " + Integer.toHexString(client.outcome));
            assertEquals(Outcome.DONE, client.outcome);
        }
        assertEquals(clients.size(), closedByUs.size());
        assertEquals(clients.size(), rig.peers.ended, "streams have ended");
        clients.forEach(client -> rig.peers.tell(StreamRecord.CLOSE, client.peer));
        rig.turns(3);
        assertEquals(0, rig.count("SessionsActive"));
    }

    /** The connection takes two records: one is there, one is sealed and waits; the session is closed behind them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldSayCloseNotifyOnceAFullConnectionIsReadAgain(final int count)
    {
        begin();
        answerLength = 3 * ANSWER_LENGTH;
        connect(count);
        clients.forEach(client -> rig.peers.unread.add(client.peer));
        clients.forEach(Client::ask);
        turns(20);
        assertEquals(count, closedByUs.size(), "all was taken, not all is sent");
        clients.forEach(client -> assertTrue(client.content < answerLength));
        assertEquals(count, rig.count("SessionsActive"));
        rig.peers.unread.clear();
        clients.forEach(client -> rig.peers.link.resume(client.peer));
        assertAllSaid();
    }

    /** All answer and close in one cycle; the ring that they share takes nine of their records. */
    @Test
    void shouldSayCloseNotifyWhereTheRingIsFull()
    {
        begin();
        answerLength = ANSWER_LENGTH;
        connect(SESSIONS - 1);
        clients.forEach(Client::ask);
        assertAllSaid();
    }
}
