// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.socket;

import dev.trishake.session.SessionSlab;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A list of slots whose links are in the slots themselves: nothing grows, and any member leaves in constant time. Links
 * are slot numbers plus 1, so that a slot of zeros is in no list.
 */
final class SlotList
{
    /** Bytes in each slot. */
    static final int LENGTH = 8;

    private static final int NONE = 0;

    private final SessionSlab slab;
    private final UnsafeBuffer memory;
    private final int nextOffset;
    private final int previousOffset;
    private int head = NONE;
    private int tail = NONE;
    private int size;

    SlotList(final SessionSlab slab, final int offset)
    {
        this.slab = slab;
        memory = slab.memory();
        nextOffset = offset;
        previousOffset = offset + Integer.BYTES;
    }

    int size()
    {
        return size;
    }

    /** {@return the slot that is longest in the list, NULL_SLOT when there is none} */
    int first()
    {
        return head - 1;
    }

    boolean contains(final int slot)
    {
        return next(slot) != NONE || tail == slot + 1;
    }

    /** Appends a slot; one that is in the list stays where it is. */
    void add(final int slot)
    {
        if (contains(slot))
        {
            return;
        }
        set(slot, previousOffset, tail);
        if (tail == NONE)
        {
            head = slot + 1;
        }
        else
        {
            set(tail - 1, nextOffset, slot + 1);
        }
        tail = slot + 1;
        size++;
    }

    /** Takes a slot out, if it is in the list. */
    void remove(final int slot)
    {
        if (!contains(slot))
        {
            return;
        }
        final int next = next(slot);
        final int previous = memory.getInt(slab.offset(slot) + previousOffset);
        if (previous == NONE)
        {
            head = next;
        }
        else
        {
            set(previous - 1, nextOffset, next);
        }
        if (next == NONE)
        {
            tail = previous;
        }
        else
        {
            set(next - 1, previousOffset, previous);
        }
        set(slot, nextOffset, NONE);
        set(slot, previousOffset, NONE);
        size--;
    }

    private int next(final int slot)
    {
        return memory.getInt(slab.offset(slot) + nextOffset);
    }

    private void set(final int slot, final int offset, final int value)
    {
        memory.putInt(slab.offset(slot) + offset, value);
    }
}
