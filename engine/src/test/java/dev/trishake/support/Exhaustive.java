// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import java.util.Arrays;

/**
 * Enumerates every input that a small generator can make (the idea of TigerBeetle's exhaustigen).
 *
 * <pre>
 * final Exhaustive all = new Exhaustive();
 * while (all.next())
 * {
 *     final int flags = all.choose(64);
 *     final boolean full = all.flip();
 *     ...                                 // every (flags, full) comes by exactly once
 * }
 * </pre>
 *
 * <p>The body must be deterministic: what it chooses may depend on earlier choices, on nothing else.
 */
public final class Exhaustive
{
    private int[] values = new int[16];
    private int[] bounds = new int[16];
    private int depth;
    private int cursor;
    private long count;
    private boolean started;

    /**
     * {@return true when the body is to run once more, with choices it has not seen}
     */
    public boolean next()
    {
        if (!started)
        {
            started = true;
            count = 1;
            return true;
        }

        depth = cursor;
        while (depth > 0 && values[depth - 1] + 1 == bounds[depth - 1])
        {
            depth--;
        }
        cursor = 0;
        if (depth == 0)
        {
            return false;
        }
        values[depth - 1]++;
        count++;
        return true;
    }

    /**
     * {@return a choice in 0 .. bound - 1}
     *
     * @param bound number of choices, at least 1
     */
    public int choose(final int bound)
    {
        if (bound < 1)
        {
            throw new IllegalArgumentException("nothing to choose from: bound=" + bound);
        }
        if (cursor == depth)
        {
            if (depth == values.length)
            {
                values = Arrays.copyOf(values, 2 * depth);
                bounds = Arrays.copyOf(bounds, 2 * depth);
            }
            values[depth] = 0;
            bounds[depth] = bound;
            depth++;
        }
        else if (bounds[cursor] != bound)
        {
            throw new IllegalStateException("not deterministic: bound was " + bounds[cursor] + ", is " + bound);
        }
        return values[cursor++];
    }

    /**
     * {@return false, then true}
     */
    public boolean flip()
    {
        return choose(2) == 1;
    }

    /**
     * {@return how many inputs have come by so far}
     */
    public long count()
    {
        return count;
    }

    @Override
    public String toString()
    {
        return "choices=" + Arrays.toString(Arrays.copyOf(values, depth));
    }
}
