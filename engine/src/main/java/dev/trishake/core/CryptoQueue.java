// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import java.util.Arrays;

/**
 * What the sessions of one core wait to have computed: for each kind of operation a list of slots, first come first
 * served, linked through the slots, so that it never grows and is never full.
 *
 * <pre>
 *  kind 0   first ─► slot 7 ⇄ slot 2 ⇄ slot 9 ◄─ last            a slot is in one list at most
 *  kind 1   first ─► slot 4 ◄─ last
 * </pre>
 *
 * <p>Nothing of the input is here: it lies in the session's memory. A session that died meanwhile is noticed when lanes
 * are gathered, by its handle; a slot that has a new session is simply moved when that posts.
 *
 * <p>Used by the agent's thread only.
 */
public final class CryptoQueue
{
    private static final int NONE = -1;

    private final int[] first;
    private final int[] last;
    private final int[] sizes;
    private final int[] next;
    private final int[] previous;
    private final int[] kinds;
    private final long[] handles;

    /**
     * Allocates all that this queue will ever use.
     *
     * @param slots of the core
     * @param kinds how many kinds of operations it has
     */
    public CryptoQueue(final int slots, final int kinds)
    {
        if (slots < 1 || kinds < 1)
        {
            throw new IllegalArgumentException("slots and kinds must be at least 1: " + slots + ", " + kinds);
        }
        first = filled(kinds);
        last = filled(kinds);
        sizes = new int[kinds];
        next = filled(slots);
        previous = filled(slots);
        this.kinds = filled(slots);
        handles = new long[slots];
    }

    /**
     * Asks for an operation; the core then answers {@link Outcome#AWAIT_CRYPTO}. A session waits for one at a time.
     *
     * @param kind   of operation, 0 to kinds - 1
     * @param slot   of the session
     * @param handle of the session
     */
    public void post(final int kind, final int slot, final long handle)
    {
        assert handle != 0 && handles[slot] != handle : "posted twice: " + slot;
        unlink(slot);
        kinds[slot] = kind;
        handles[slot] = handle;
        previous[slot] = last[kind];
        if (last[kind] == NONE)
        {
            first[kind] = slot;
        }
        else
        {
            next[last[kind]] = slot;
        }
        last[kind] = slot;
        sizes[kind]++;
    }

    /**
     * Takes sessions that live from the head of a list.
     *
     * @param kind  of operation
     * @param core  whose sessions they are
     * @param slots set to their slots
     * @param limit most to take
     * @return how many were taken; fewer than the limit when the list is empty then
     */
    public int take(final int kind, final SessionCore core, final int[] slots, final int limit)
    {
        int count = 0;
        while (count < limit && first[kind] != NONE)
        {
            final int slot = first[kind];
            if (core.handle(slot) == handles[slot])
            {
                slots[count++] = slot;
            }
            unlink(slot);
        }
        return count;
    }

    /**
     * {@return how many slots are in a list, dead sessions among them}
     *
     * @param kind of operation
     */
    public int size(final int kind)
    {
        return sizes[kind];
    }

    /**
     * {@return the number of kinds}
     */
    public int kinds()
    {
        return first.length;
    }

    private void unlink(final int slot)
    {
        final int kind = kinds[slot];
        if (kind == NONE)
        {
            return;
        }
        if (previous[slot] == NONE)
        {
            first[kind] = next[slot];
        }
        else
        {
            next[previous[slot]] = next[slot];
        }
        if (next[slot] == NONE)
        {
            last[kind] = previous[slot];
        }
        else
        {
            previous[next[slot]] = previous[slot];
        }
        next[slot] = NONE;
        previous[slot] = NONE;
        kinds[slot] = NONE;
        handles[slot] = 0;
        sizes[kind]--;
    }

    private static int[] filled(final int length)
    {
        final int[] array = new int[length];
        Arrays.fill(array, NONE);
        return array;
    }
}
