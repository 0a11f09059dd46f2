// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

/**
 * Slots that want a turn, each once, first come first served. A slot whose session has ended meanwhile keeps its turn:
 * whoever gives it looks first.
 */
public final class SlotQueue
{
    private final int[] slots;
    private final boolean[] isIn;
    private int first;
    private int size;

    /**
     * Allocates all that this queue will ever use.
     *
     * @param capacity number of slots
     */
    public SlotQueue(final int capacity)
    {
        slots = new int[Memory.checkCapacity(capacity)];
        isIn = new boolean[capacity];
    }

    /**
     * {@return how many slots wait}
     */
    public int size()
    {
        return size;
    }

    /**
     * Puts a slot behind all others, unless it waits already.
     *
     * @param slot 0 to capacity - 1
     */
    public void add(final int slot)
    {
        if (!isIn[slot])
        {
            isIn[slot] = true;
            final int last = first + size++;
            slots[last < slots.length ? last : last - slots.length] = slot;
        }
    }

    /**
     * {@return the slot that has waited longest, taken out; only while {@link #size()} is not 0}
     */
    public int remove()
    {
        assert size > 0 : "nobody waits";
        final int slot = slots[first];
        first = first + 1 < slots.length ? first + 1 : 0;
        size--;
        isIn[slot] = false;
        return slot;
    }
}
