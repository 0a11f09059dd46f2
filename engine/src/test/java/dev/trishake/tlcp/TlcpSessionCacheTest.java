// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Entropy;
import dev.trishake.support.Scale;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The cache by itself: places, time, and what readers see while owners write. */
class TlcpSessionCacheTest
{
    private static final long LIFETIME_NS = 1_000;
    private static final int ID_LENGTH = Tlcp.MAX_SESSION_ID_LENGTH;

    private final Entropy entropy = Entropy.seeded(5);
    private final UnsafeBuffer state = new UnsafeBuffer(ByteBuffer.allocateDirect(ResumptionState.LENGTH));

    /** A session with an ID of a shard, whose secret follows from its ID. */
    private static TlcpSession session(final TlcpSessionCache cache, final int shard, final Entropy entropy)
    {
        final TlcpMemory memory = new TlcpMemory(new TlcpConfig().sessions(1).handshakes(1));
        final TlcpSession session = memory.view().wrap(memory.sessions.acquire());
        renew(session, cache, shard, entropy);
        return session;
    }

    private static void renew(
        final TlcpSession session, final TlcpSessionCache cache, final int shard, final Entropy entropy)
    {
        cache.drawId(shard, entropy, session.memory(), session.at(TlcpSession.SESSION_ID));
        session.set(TlcpSession.SESSION_ID_LENGTH, ID_LENGTH);
        final long first = session.getLong(TlcpSession.SESSION_ID);
        for (int i = 0; i < TlcpSession.MASTER_LENGTH; i += Long.BYTES)
        {
            session.setLong(TlcpSession.MASTER + i, first + i);
        }
        session.set(TlcpSession.SUITE, CipherSuite.ECC_SM4_GCM_SM3);
        session.setLong(TlcpSession.SERVER_NAME, first);
    }

    private boolean isThere(final TlcpSessionCache cache, final TlcpSession session)
    {
        return cache.load(session.memory(), session.at(TlcpSession.SESSION_ID), state, 0);
    }

    @Test
    void shouldGiveBackWhatItRemembers()
    {
        final TlcpSessionCache cache = new TlcpSessionCache(3, 16, LIFETIME_NS, entropy);
        for (int shard = 0; shard < 3; shard++)
        {
            final TlcpSession session = session(cache, shard, entropy);
            assertFalse(isThere(cache, session));
            cache.remember(shard, session, 100);
            assertTrue(isThere(cache, session));
            assertEquals(CipherSuite.ECC_SM4_GCM_SM3, ResumptionState.suite(state, 0));
            assertEquals(100 + LIFETIME_NS, ResumptionState.untilNs(state, 0));
            assertTrue(isConsistent(session.memory(), session.at(TlcpSession.SESSION_ID), state));
        }
    }

    @Test
    void shouldKnowNoIdThatItDidNotMake()
    {
        final TlcpSessionCache cache = new TlcpSessionCache(2, 16, LIFETIME_NS, entropy);
        final TlcpSession session = session(cache, 1, entropy);
        cache.remember(1, session, 0);
        final int id = session.at(TlcpSession.SESSION_ID);
        for (int bit = 0; bit < Byte.SIZE * ID_LENGTH; bit++)
        {
            final byte octet = session.memory().getByte(id + bit / Byte.SIZE);
            session.memory().putByte(id + bit / Byte.SIZE, (byte)(octet ^ (1 << (bit % Byte.SIZE))));
            assertFalse(isThere(cache, session), "bit " + bit);
            session.memory().putByte(id + bit / Byte.SIZE, octet);
        }
        assertTrue(isThere(cache, session));
        assertFalse(isThere(new TlcpSessionCache(2, 16, LIFETIME_NS, entropy), session), "another engine's");
    }

    @Test
    void shouldGiveUpWhatEndsFirst()
    {
        final TlcpSessionCache cache = new TlcpSessionCache(1, 4, LIFETIME_NS, entropy);
        final List<TlcpSession> sessions = new ArrayList<>();
        for (int i = 0; i < 6; i++)
        {
            final TlcpSession session = session(cache, 0, entropy);
            cache.remember(0, session, i);
            sessions.add(session);
        }
        assertFalse(isThere(cache, sessions.get(0)));
        assertFalse(isThere(cache, sessions.get(1)));
        for (int i = 2; i < 6; i++)
        {
            assertTrue(isThere(cache, sessions.get(i)), "session " + i);
        }
        cache.forget(sessions.get(4).memory(), sessions.get(4).at(TlcpSession.SESSION_ID));
        assertFalse(isThere(cache, sessions.get(4)));
        final TlcpSession next = session(cache, 0, entropy);
        cache.remember(0, next, 6);
        assertTrue(isThere(cache, sessions.get(2)), "the forgotten one's place was taken");
        assertTrue(isThere(cache, next), "and it is not forgotten with it");
    }

    @Test
    void shouldRefuseSizesThatItCanNotHave()
    {
        assertThrows(IllegalArgumentException.class, () -> new TlcpSessionCache(0, 16, 1, entropy));
        assertThrows(IllegalArgumentException.class, () -> new TlcpSessionCache(1, 2, 1, entropy));
        assertThrows(IllegalArgumentException.class, () -> new TlcpSessionCache(1, 24, 1, entropy));
        assertThrows(IllegalArgumentException.class, () -> new TlcpSessionCache(1, 1 << 24, 1, entropy));
    }

    /**
     * Two owners write, forget and wipe in shards of four places while two readers look at the same IDs: what a reader
     * is given must be of the ID that it asked for, all of it.
     */
    @Test
    void shouldNeverGiveOutWhatIsBeingWritten() throws InterruptedException
    {
        final int reads = Scale.pick(400_000, 20_000_000);
        final TlcpSessionCache cache = new TlcpSessionCache(2, 4, LIFETIME_NS, entropy);
        final UnsafeBuffer ids = new UnsafeBuffer(ByteBuffer.allocateDirect(16 * ID_LENGTH));
        final AtomicInteger readers = new AtomicInteger(2);
        final AtomicLong seen = new AtomicLong();
        final AtomicLong torn = new AtomicLong();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++)
        {
            final int number = i;
            threads.add(new Thread(() -> write(cache, number, ids, readers)));
            threads.add(new Thread(() ->
            {
                read(cache, number, ids, reads, seen, torn);
                readers.decrementAndGet();
            }));
        }
        threads.forEach(Thread::start);
        for (final Thread thread : threads)
        {
            thread.join();
        }
        assertEquals(0, torn.get(), "of " + seen.get());
        assertTrue(seen.get() > 1000, () -> "sessions were found: " + seen.get());
    }

    private static void write(
        final TlcpSessionCache cache, final int shard, final UnsafeBuffer ids, final AtomicInteger readers)
    {
        final Entropy own = Entropy.seeded(100 + shard);
        final TlcpSession session = session(cache, shard, own);
        for (long nowNs = 0; readers.get() > 0; nowNs++)
        {
            if (own.reseedDue())
            {
                own.reseed();
            }
            renew(session, cache, shard, own);
            ids.putBytes(((int)(nowNs & 7) + 8 * shard) * ID_LENGTH, session.memory(),
                session.at(TlcpSession.SESSION_ID), ID_LENGTH);
            cache.remember(shard, session, nowNs);
            cache.keepHouse(shard, (nowNs & 3) == 0 ? nowNs + LIFETIME_NS : nowNs);
        }
    }

    private static void read(
        final TlcpSessionCache cache, final int number, final UnsafeBuffer ids, final int reads, final AtomicLong seen,
        final AtomicLong torn)
    {
        final UnsafeBuffer id = new UnsafeBuffer(ByteBuffer.allocateDirect(ID_LENGTH));
        final UnsafeBuffer state = new UnsafeBuffer(ByteBuffer.allocateDirect(ResumptionState.LENGTH));
        for (int i = 0; i < reads; i++)
        {
            id.putBytes(0, ids, ((i * 5 + number) & 15) * ID_LENGTH, ID_LENGTH);
            if (cache.load(id, 0, state, 0))
            {
                seen.incrementAndGet();
                torn.addAndGet(isConsistent(id, 0, state) ? 0 : 1);
            }
            if ((i & 15) == 0)
            {
                cache.forget(id, 0);
            }
        }
    }

    private static boolean isConsistent(final UnsafeBuffer id, final int offset, final UnsafeBuffer state)
    {
        final long first = id.getLong(offset);
        long difference = ResumptionState.serverName(state, 0) ^ first;
        for (int i = 0; i < TlcpSession.MASTER_LENGTH; i += Long.BYTES)
        {
            difference |= state.getLong(i) ^ (first + i);
        }
        return difference == 0;
    }
}
