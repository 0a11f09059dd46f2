// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.SessionSlab;
import dev.trishake.session.SlotQueue;
import org.agrona.DirectBuffer;

/**
 * Bytes that a handler has not taken yet, for sessions without a core: a buffer is granted before the link reads, so
 * what it reads always has a place, and is given back when all is taken. Sessions that found no buffer wait for one.
 */
final class HeldInput
{
    private final SessionFields fields;
    private final InputBuffers buffers;
    private final SlotQueue starved;

    HeldInput(final SessionFields fields, final InputBuffers buffers, final int capacity)
    {
        this.fields = fields;
        this.buffers = buffers;
        this.starved = new SlotQueue(capacity);
    }

    int inUse()
    {
        return buffers.inUse();
    }

    /** {@return how many bytes the link may read now: a whole buffer, or none} */
    int grant(final int slot)
    {
        if (fields.inputLength(slot) > 0)
        {
            return 0;
        }
        if (fields.input(slot) == InputBuffers.NONE)
        {
            fields.input(slot, buffers.acquire());
        }
        if (fields.input(slot) == InputBuffers.NONE)
        {
            starved.add(slot);
            return 0;
        }
        return buffers.length();
    }

    void keep(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length == 0)
        {
            release(slot);
            return;
        }
        buffers.memory().putBytes(buffers.offset(fields.input(slot)), buffer, offset, length);
        fields.inputRange(slot, 0, length);
    }

    DirectBuffer memory()
    {
        return buffers.memory();
    }

    int offset(final int slot)
    {
        return buffers.offset(fields.input(slot)) + fields.inputFirst(slot);
    }

    void take(final int slot, final int count)
    {
        final int left = fields.inputLength(slot) - count;
        fields.inputRange(slot, fields.inputFirst(slot) + count, left);
        if (left == 0)
        {
            release(slot);
        }
    }

    void release(final int slot)
    {
        if (fields.input(slot) != InputBuffers.NONE)
        {
            buffers.release(fields.input(slot));
            fields.input(slot, InputBuffers.NONE);
            fields.inputRange(slot, 0, 0);
        }
    }

    /** {@return a session that waits for a buffer, while there is one}, or -1 */
    int nextStarved()
    {
        return starved.size() > 0 && !buffers.isEmpty() ? starved.remove() : SessionSlab.NULL_SLOT;
    }
}
