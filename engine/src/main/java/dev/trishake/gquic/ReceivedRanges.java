// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which octets of a stream have come: all below an end, and a few ranges behind it. Lies in the memory of whoever has
 * the stream; all 0 is an empty one.
 *
 * <pre>
 *  0          8           16           24
 * +----------+-----------+------------+--   --+
 * |   end    |   first   |   limit    |  ...  |      ranges ascend, and are apart from each other;
 * +----------+-----------+------------+--   --+      first = limit = 0: no more
 * </pre>
 *
 * <p>There is room for {@value #MAX_RANGES} ranges: a stream that lost more packets than that in a row of others loses
 * what comes next too, and gets it again.
 */
final class ReceivedRanges
{
    /** Ranges behind the end at most. */
    static final int MAX_RANGES = 8;

    /** Octets of memory. */
    static final int LENGTH = Long.BYTES + MAX_RANGES * 2 * Long.BYTES;

    private static final int RANGE_LENGTH = 2 * Long.BYTES;

    private ReceivedRanges()
    {
    }

    /** {@return up to where all has come} */
    static long end(final UnsafeBuffer memory, final int at)
    {
        return memory.getLong(at);
    }

    /** Begins somewhere else than at 0. */
    static void begin(final UnsafeBuffer memory, final int at, final long offset)
    {
        memory.putLong(at, offset);
    }

    /**
     * Takes note of a range.
     *
     * @param memory where the ranges are
     * @param at     where they begin
     * @param from   first octet
     * @param to     behind the last one; not less
     * @return false, and nothing has changed, when there would be too many ranges
     */
    static boolean add(final UnsafeBuffer memory, final int at, final long from, final long to)
    {
        if (to <= memory.getLong(at))
        {
            return true;
        }
        if (from <= memory.getLong(at))
        {
            memory.putLong(at, to);
            join(memory, at);
            return true;
        }
        if (from == to)
        {
            return true;
        }
        return insert(memory, at, from, to);
    }

    /** Swallows the ranges that the end has come to. */
    private static void join(final UnsafeBuffer memory, final int at)
    {
        while (limit(memory, at, 0) != 0 && first(memory, at, 0) <= memory.getLong(at))
        {
            memory.putLong(at, Math.max(memory.getLong(at), limit(memory, at, 0)));
            remove(memory, at, 0);
        }
    }

    private static boolean insert(final UnsafeBuffer memory, final int at, final long from, final long to)
    {
        int index = 0;
        while (index < MAX_RANGES && limit(memory, at, index) != 0 && limit(memory, at, index) < from)
        {
            index++;
        }
        if (index == MAX_RANGES)
        {
            return false;
        }
        if (limit(memory, at, index) != 0 && first(memory, at, index) <= to) // they touch: one range
        {
            set(memory, at, index, Math.min(first(memory, at, index), from), Math.max(limit(memory, at, index), to));
            while (index + 1 < MAX_RANGES && limit(memory, at, index + 1) != 0 &&
                first(memory, at, index + 1) <= limit(memory, at, index))
            {
                set(memory, at, index, first(memory, at, index),
                    Math.max(limit(memory, at, index), limit(memory, at, index + 1)));
                remove(memory, at, index + 1);
            }
            return true;
        }
        if (limit(memory, at, MAX_RANGES - 1) != 0)
        {
            return false;
        }
        for (int i = MAX_RANGES - 1; i > index; i--)
        {
            set(memory, at, i, first(memory, at, i - 1), limit(memory, at, i - 1));
        }
        set(memory, at, index, from, to);
        return true;
    }

    private static void remove(final UnsafeBuffer memory, final int at, final int index)
    {
        for (int i = index; i < MAX_RANGES - 1; i++)
        {
            set(memory, at, i, first(memory, at, i + 1), limit(memory, at, i + 1));
        }
        set(memory, at, MAX_RANGES - 1, 0, 0);
    }

    private static long first(final UnsafeBuffer memory, final int at, final int index)
    {
        return memory.getLong(at + Long.BYTES + index * RANGE_LENGTH);
    }

    private static long limit(final UnsafeBuffer memory, final int at, final int index)
    {
        return memory.getLong(at + 2 * Long.BYTES + index * RANGE_LENGTH);
    }

    private static void set(
        final UnsafeBuffer memory, final int at, final int index, final long first, final long limit)
    {
        memory.putLong(at + Long.BYTES + index * RANGE_LENGTH, first);
        memory.putLong(at + 2 * Long.BYTES + index * RANGE_LENGTH, limit);
    }
}
