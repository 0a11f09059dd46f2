// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.sm.Sm4GcmBatch;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The keys under which servers seal tickets, shared by the agents of an engine: one that seals, and the one before,
 * which opens what it sealed until that is over. Both are new after two lifetimes of a ticket.
 *
 * <pre>
 *  0          8              16              32    48              64    80
 * +----------+--------------+---------------+-----+---------------+-----+
 * | sequence | since when,  | name          | key | name          | key |
 * |          | ns           |      that seals     |      before         |
 * +----------+--------------+---------------+-----+---------------+-----+
 * </pre>
 *
 * <p>Read without a lock ({@link SeqLock}). Whoever keeps house first once new keys are due makes them; the others see
 * that somebody does.
 */
public final class TlcpTicketKeys implements AutoCloseable
{
    static final int NAME_LENGTH = 16;

    /** Octets of a copy, see {@link #load}: names and keys. */
    static final int LENGTH = 2 * (NAME_LENGTH + Sm4GcmBatch.KEY_LENGTH);

    private static final int SEQUENCE = 0;
    private static final int SINCE_NS = 8;
    private static final int KEYS = 16;
    private static final int KEY_LENGTH = LENGTH / 2;
    private static final int MAX_TRIES = 4;

    private final long lifetimeNs;
    private final UnsafeBuffer memory =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(KEYS + LENGTH, BitUtil.CACHE_LINE_LENGTH));

    /**
     * Draws the first keys.
     *
     * @param lifetimeNs how long a ticket is good
     * @param entropy    gives them
     */
    public TlcpTicketKeys(final long lifetimeNs, final Entropy entropy)
    {
        this.lifetimeNs = lifetimeNs;
        entropy.nextBytes(memory, KEYS, LENGTH);
    }

    long lifetimeNs()
    {
        return lifetimeNs;
    }

    /** Makes a new key where that is due; any thread. */
    void keepHouse(final Entropy entropy, final long nowNs)
    {
        final long sequence = SeqLock.beginRead(memory, SEQUENCE);
        final boolean isFirst = sequence == 0; // the keys are as old as the first look at the clock
        final long ageNs = nowNs - memory.getLongOpaque(SINCE_NS);
        if ((!isFirst && ageNs < lifetimeNs) || !SeqLock.tryBeginWrite(memory, SEQUENCE, sequence))
        {
            return;
        }
        if (!isFirst)
        {
            change(entropy, ageNs);
        }
        memory.putLongOpaque(SINCE_NS, nowNs);
        SeqLock.endWrite(memory, SEQUENCE);
    }

    private void change(final Entropy entropy, final long ageNs)
    {
        memory.putBytes(KEYS + KEY_LENGTH, memory, KEYS, KEY_LENGTH);
        // where nobody kept house for so long, what the old key sealed is over too
        entropy.nextBytes(memory, KEYS, ageNs < 2 * lifetimeNs ? KEY_LENGTH : LENGTH);
    }

    /**
     * Copies names and keys, the one that seals first; any thread.
     *
     * @return false, and nothing is left in the copy, when somebody changed them each time
     */
    boolean load(final MutableDirectBuffer to, final int offset)
    {
        for (int i = 0; i < MAX_TRIES; i++)
        {
            final long sequence = SeqLock.beginRead(memory, SEQUENCE);
            to.putBytes(offset, memory, KEYS, LENGTH);
            if (SeqLock.isUnchanged(memory, SEQUENCE, sequence))
            {
                return true;
            }
        }
        ConstantTime.wipe(to, offset, LENGTH);
        return false;
    }

    /** Wipes the keys; the cores that share them have ended. */
    @Override
    public void close()
    {
        ConstantTime.wipe(memory, KEYS, LENGTH);
    }
}
