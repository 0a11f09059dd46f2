// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Which link-layer address has an IP address, as far as it is known: a cache of sets of four, which never grows.
 *
 * <p>What is known has a rank. <i>Permanent</i> entries are the user's and stay. <i>Confirmed</i> ones were told by ARP
 * or NDP, and are good for a while. <i>Observed</i> ones are the sources of frames that came: the way back for what
 * answers them, through a router too. An entry takes the place of one of lower rank, or of the oldest of its own: a
 * flood of spoofed sources can't drive out what was confirmed, nor can a frame change it.
 */
final class Neighbours
{
    /** No link-layer address: those have 48 bits. */
    static final long UNKNOWN = -1;

    /** How long a confirmed entry is good, RFC 4861 10 REACHABLE_TIME; it is asked about after half of it. */
    static final long REACHABLE_NS = TimeUnit.SECONDS.toNanos(60);

    private static final int WAYS = 4;
    private static final int WORDS = 4;
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int VALUE = 2;
    private static final int AT = 3;

    private static final int RANK_SHIFT = 48;
    private static final long ADDRESS_MASK = (1L << RANK_SHIFT) - 1;
    private static final int OBSERVED = 1;
    private static final int CONFIRMED = 2;
    private static final int PERMANENT = 3;

    private final long[] entries;
    private final int setMask;
    private final long seed;

    /**
     * An empty cache.
     *
     * @param capacity entries, a power of two, at least 4
     * @param seed     unknown to peers, who could fill one set otherwise
     */
    Neighbours(final int capacity, final long seed)
    {
        if (Integer.bitCount(capacity) != 1 || capacity < WAYS)
        {
            throw new IllegalArgumentException("capacity must be a power of two, at least 4: " + capacity);
        }
        entries = new long[capacity * WORDS];
        setMask = capacity / WAYS - 1;
        this.seed = seed | 1;
    }

    /** Enters what the user knows; {@return false when four others are in its set} */
    boolean permanent(final long high, final long low, final long address)
    {
        return enter(high, low, address, PERMANENT, 0);
    }

    /** Takes note of what ARP or NDP has told. */
    void confirm(final long high, final long low, final long address, final long nowNs)
    {
        enter(high, low, address, CONFIRMED, nowNs);
    }

    /** Takes note of where a frame came from. */
    void observe(final long high, final long low, final long address, final long nowNs)
    {
        enter(high, low, address, OBSERVED, nowNs);
    }

    /** {@return the link-layer address, or {@link #UNKNOWN}} */
    long find(final long high, final long low, final long nowNs)
    {
        final int entry = indexOf(high, low);
        return entry < 0 || (rank(entry) == CONFIRMED && nowNs - entries[entry + AT] > REACHABLE_NS) ?
            UNKNOWN : entries[entry + VALUE] & ADDRESS_MASK;
    }

    /** {@return whether an entry was confirmed so long ago that it should be asked about} */
    boolean isStale(final long high, final long low, final long nowNs)
    {
        final int entry = indexOf(high, low);
        return entry >= 0 && rank(entry) == CONFIRMED && nowNs - entries[entry + AT] > REACHABLE_NS / 2;
    }

    /** {@return whether it is known otherwise than from a frame that came} */
    boolean isConfirmed(final long high, final long low)
    {
        final int entry = indexOf(high, low);
        return entry >= 0 && rank(entry) >= CONFIRMED;
    }

    void clear()
    {
        Arrays.fill(entries, 0);
    }

    private boolean enter(final long high, final long low, final long address, final int rank, final long nowNs)
    {
        int entry = indexOf(high, low);
        if (entry < 0)
        {
            entry = victim(set(high, low), rank);
            if (entry < 0)
            {
                return false;
            }
        }
        else if (rank < rank(entry))
        {
            if ((entries[entry + VALUE] & ADDRESS_MASK) == address && rank(entry) == CONFIRMED)
            {
                entries[entry + AT] = nowNs; // it is alive
            }
            return true;
        }
        entries[entry + HIGH] = high;
        entries[entry + LOW] = low;
        entries[entry + VALUE] = address | (long)rank << RANK_SHIFT;
        entries[entry + AT] = nowNs;
        return true;
    }

    /** {@return the entry of lowest rank, at most this one, that is oldest; -1 when there is none} */
    private int victim(final int set, final int maxRank)
    {
        int victim = -1;
        for (int entry = set; entry < set + WAYS * WORDS; entry += WORDS)
        {
            final int rank = rank(entry);
            final boolean isBetter = victim < 0 || rank < rank(victim) ||
                (rank == rank(victim) && entries[entry + AT] - entries[victim + AT] < 0);
            if (rank <= maxRank && rank < PERMANENT && isBetter)
            {
                victim = entry;
            }
        }
        return victim;
    }

    private int indexOf(final long high, final long low)
    {
        final int set = set(high, low);
        for (int entry = set; entry < set + WAYS * WORDS; entry += WORDS)
        {
            if (entries[entry + LOW] == low && entries[entry + HIGH] == high && entries[entry + VALUE] != 0)
            {
                return entry;
            }
        }
        return -1;
    }

    private int rank(final int entry)
    {
        return (int)(entries[entry + VALUE] >>> RANK_SHIFT);
    }

    private int set(final long high, final long low)
    {
        final long mixed = (low ^ Long.rotateLeft(high * seed, 29) ^ seed >>> 7) * seed;
        return ((int)((mixed ^ mixed >>> 32) * 0x9e37_79b9_7f4a_7c15L >>> 40) & setMask) * WAYS * WORDS;
    }
}
