// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.hash.SipHash;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Sessions that servers may resume by their IDs, shared by the agents of an engine: master secrets that outlive their
 * connections, outside the heap, bounded, wiped when they are given up. Each agent has a shard, which it alone writes;
 * all read all shards, without a lock ({@link SeqLock}).
 *
 * <pre>
 *  an entry: two cache lines
 *  0          8            16           48                      120    128
 * +----------+------------+------------+-----------------------+------+
 * | sequence | forgotten: | session ID | ResumptionState       |      |
 * | number   | at which   |            |                       |      |
 * +----------+------------+------------+-----------------------+------+
 *
 *  a session ID
 *  0                                24                        32
 * +--------------------------------+-------------------------+
 * | random                         | SipHash-2-4(random)     |
 * |                                | xor number of the shard |
 * +--------------------------------+-------------------------+
 * </pre>
 *
 * <p>An ID says where its session is, to who knows the key of the hash: one that we did not make costs one hash and no
 * look at memory, and nobody can aim at a place. The random octets choose one of a shard's sets of four entries; where
 * all are taken, the one that would end first is given up.
 *
 * <p>A session that must be forgotten may be another agent's: who forgets notes the entry's sequence number in it, the
 * one word that is not its owner's alone, and the owner wipes it when it keeps house.
 */
public final class TlcpSessionCache implements AutoCloseable
{
    private static final int ID_LENGTH = Tlcp.MAX_SESSION_ID_LENGTH;
    private static final int RANDOM_LENGTH = 24;
    private static final int SEQUENCE = 0;
    private static final int FORGOTTEN = 8;
    private static final int ID = 16;
    private static final int STATE = ID + ID_LENGTH;
    private static final int STRIDE = 128;
    private static final int WAYS = 4;
    private static final int NONE = -1;
    private static final int MAX_SESSIONS = 1 << 23;
    /** So many turns of keeping house look at every entry once. */
    private static final int HOUSEKEEPING_TURNS = 256;

    private final long lifetimeNs;
    private final long k0;
    private final long k1;
    private final int setMask;
    private final UnsafeBuffer[] shards;
    /** By shard, and its owner's alone: where keeping house goes on. */
    private final int[] houseKept;

    /**
     * Allocates all that this cache will ever use.
     *
     * @param shards           how many cores share it, at least 1
     * @param sessionsPerShard a power of 2, 4 to 8388608; each takes 128 octets
     * @param lifetimeNs       how long a session may be resumed
     * @param entropy          gives the key of the hash
     */
    public TlcpSessionCache(
        final int shards, final int sessionsPerShard, final long lifetimeNs, final Entropy entropy)
    {
        if (shards < 1 || sessionsPerShard < WAYS || sessionsPerShard > MAX_SESSIONS ||
            !BitUtil.isPowerOfTwo(sessionsPerShard))
        {
            throw new IllegalArgumentException("at least 1 shard, in each a power of 2 of sessions, 4 to 8388608: " +
                shards + ", " + sessionsPerShard);
        }
        this.lifetimeNs = lifetimeNs;
        k0 = entropy.nextLong();
        k1 = entropy.nextLong();
        setMask = sessionsPerShard / WAYS - 1;
        houseKept = new int[shards];
        this.shards = new UnsafeBuffer[shards];
        for (int i = 0; i < shards; i++)
        {
            this.shards[i] = new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(sessionsPerShard * STRIDE, BitUtil.CACHE_LINE_LENGTH));
        }
    }

    /**
     * {@return how many cores share it}
     */
    public int shards()
    {
        return shards.length;
    }

    /** Makes an ID for a session that a shard may remember. */
    void drawId(final int shard, final Entropy entropy, final MutableDirectBuffer to, final int offset)
    {
        entropy.nextBytes(to, offset, RANDOM_LENGTH);
        to.putLong(offset + RANDOM_LENGTH, hash(to, offset) ^ shard, LITTLE_ENDIAN);
    }

    private long hash(final DirectBuffer id, final int offset)
    {
        return SipHash.hash24(k0, k1, id.getLong(offset, LITTLE_ENDIAN),
            id.getLong(offset + Long.BYTES, LITTLE_ENDIAN), id.getLong(offset + 2 * Long.BYTES, LITTLE_ENDIAN));
    }

    /** {@return the shard that an ID names, or NONE when it is none of ours} */
    private int shardOf(final DirectBuffer id, final int offset)
    {
        final long shard = id.getLong(offset + RANDOM_LENGTH, LITTLE_ENDIAN) ^ hash(id, offset);
        return Long.compareUnsigned(shard, shards.length) < 0 ? (int)shard : NONE;
    }

    private int firstOf(final DirectBuffer id, final int offset)
    {
        return (id.getInt(offset, LITTLE_ENDIAN) & setMask) * WAYS * STRIDE;
    }

    /**
     * Copies what is remembered of a session; any thread.
     *
     * @return whether it is; else what was written means nothing and holds no secret
     */
    boolean load(final DirectBuffer id, final int offset, final MutableDirectBuffer to, final int toOffset)
    {
        final int shard = shardOf(id, offset);
        if (shard == NONE)
        {
            return false;
        }
        final UnsafeBuffer memory = shards[shard];
        final int entry = find(memory, id, offset);
        if (entry == NONE)
        {
            return false;
        }
        final long sequence = SeqLock.beginRead(memory, entry + SEQUENCE);
        to.putBytes(toOffset, memory, entry + STATE, ResumptionState.LENGTH);
        final boolean isIt = memory.getLong(entry + FORGOTTEN) != sequence && isEqual(memory, entry, id, offset);
        if (SeqLock.isUnchanged(memory, entry + SEQUENCE, sequence) && isIt)
        {
            return true;
        }
        ConstantTime.wipe(to, toOffset, ResumptionState.LENGTH); // its owner has just given it up
        return false;
    }

    /** {@return where an ID seems to be; only what is then read between two looks at the sequence number is certain} */
    private int find(final UnsafeBuffer memory, final DirectBuffer id, final int offset)
    {
        final int first = firstOf(id, offset);
        for (int entry = first; entry < first + WAYS * STRIDE; entry += STRIDE)
        {
            if (isEqual(memory, entry, id, offset))
            {
                return entry;
            }
        }
        return NONE;
    }

    /** IDs are public: time may tell where they differ. */
    private static boolean isEqual(
        final UnsafeBuffer memory, final int entry, final DirectBuffer id, final int offset)
    {
        return ConstantTime.equal(memory, entry + ID, id, offset, ID_LENGTH);
    }

    /** Remembers a session that has just been established, under an ID of this shard; its owner's thread. */
    void remember(final int shard, final TlcpSession session, final long nowNs)
    {
        final UnsafeBuffer memory = shards[shard];
        final int id = session.at(TlcpSession.SESSION_ID);
        final int entry = place(memory, firstOf(session.memory(), id), nowNs);
        SeqLock.beginWrite(memory, entry + SEQUENCE);
        memory.putBytes(entry + ID, session.memory(), id, ID_LENGTH);
        ResumptionState.store(session, nowNs + lifetimeNs, memory, entry + STATE);
        SeqLock.endWrite(memory, entry + SEQUENCE);
    }

    /** {@return a free entry of a set, else the one that would end first} */
    private static int place(final UnsafeBuffer memory, final int first, final long nowNs)
    {
        int oldest = first;
        for (int entry = first; entry < first + WAYS * STRIDE; entry += STRIDE)
        {
            if (isFree(memory, entry) || isGivenUp(memory, entry, nowNs))
            {
                return entry;
            }
            if (ResumptionState.untilNs(memory, entry + STATE) -
                ResumptionState.untilNs(memory, oldest + STATE) < 0)
            {
                oldest = entry;
            }
        }
        return oldest;
    }

    private static boolean isFree(final UnsafeBuffer memory, final int entry)
    {
        return ResumptionState.suite(memory, entry + STATE) == 0;
    }

    private static boolean isGivenUp(final UnsafeBuffer memory, final int entry, final long nowNs)
    {
        return memory.getLongVolatile(entry + FORGOTTEN) == memory.getLong(entry + SEQUENCE) ||
            ResumptionState.isOver(memory, entry + STATE, nowNs);
    }

    /** Forgets a session that ended by a fatal alert (RFC 5246 7.2.2); any thread. */
    void forget(final DirectBuffer id, final int offset)
    {
        final int shard = shardOf(id, offset);
        final int entry = shard == NONE ? NONE : find(shards[shard], id, offset);
        if (entry == NONE)
        {
            return;
        }
        final UnsafeBuffer memory = shards[shard];
        final long sequence = SeqLock.beginRead(memory, entry + SEQUENCE);
        if (!isEqual(memory, entry, id, offset) || !SeqLock.isUnchanged(memory, entry + SEQUENCE, sequence))
        {
            return;
        }
        long noted = memory.getLongVolatile(entry + FORGOTTEN);
        while (noted < sequence && !memory.compareAndSetLong(entry + FORGOTTEN, noted, sequence))
        {
            noted = memory.getLongVolatile(entry + FORGOTTEN); // only ever forward
        }
    }

    /**
     * Wipes sessions that are over or forgotten, so many at once that each of a shard's is looked at every 256 turns;
     * its owner's thread.
     */
    void keepHouse(final int shard, final long nowNs)
    {
        final UnsafeBuffer memory = shards[shard];
        final int turn = STRIDE * Math.max(WAYS, (setMask + 1) * WAYS / HOUSEKEEPING_TURNS);
        int entry = houseKept[shard];
        for (final int end = entry + turn; entry < end; entry += STRIDE)
        {
            if (!isFree(memory, entry) && isGivenUp(memory, entry, nowNs))
            {
                wipe(memory, entry);
            }
        }
        houseKept[shard] = entry == memory.capacity() ? 0 : entry;
    }

    private static void wipe(final UnsafeBuffer memory, final int entry)
    {
        SeqLock.beginWrite(memory, entry + SEQUENCE);
        ConstantTime.wipe(memory, entry + ID, STRIDE - ID);
        SeqLock.endWrite(memory, entry + SEQUENCE);
    }

    /** Wipes all sessions; the cores that share it have ended. */
    @Override
    public void close()
    {
        for (final UnsafeBuffer memory : shards)
        {
            for (int entry = 0; entry < memory.capacity(); entry += STRIDE)
            {
                wipe(memory, entry);
            }
        }
    }

    /** {@return a shard's memory, for tests} */
    UnsafeBuffer memory(final int shard)
    {
        return shards[shard];
    }
}
