// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Send and receive buffers: rings of one length, taken when a connection has data and given back when it has none.
 * They hold what was or will be on the wire, so they are not wiped.
 */
final class BufferPool
{
    static final int NONE = 0;

    private final int length;
    private final int mask;
    private final UnsafeBuffer memory;
    private final int[] free;
    private int freeCount;

    BufferPool(final int count, final int length)
    {
        final long total = (long)count * length;
        if (Integer.bitCount(length) != 1 || total > Integer.MAX_VALUE)
        {
            throw new IllegalArgumentException(
                "bufferLength must be a power of two and all buffers at most 2 GiB: " + count + " x " + length);
        }
        this.length = length;
        this.mask = length - 1;
        memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned((int)total, Long.BYTES));
        free = new int[count];
        for (int i = 0; i < count; i++)
        {
            free[i] = count - i;
        }
        freeCount = count;
    }

    int length()
    {
        return length;
    }

    int inUse()
    {
        return free.length - freeCount;
    }

    boolean isExhausted()
    {
        return freeCount == 0;
    }

    /** A buffer's number, positive, or NONE. */
    int acquire()
    {
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    void release(final int number)
    {
        free[freeCount++] = number;
    }

    /** Writes into a ring; position may be anything, the ring wraps. */
    void write(final int number, final int position, final DirectBuffer source, final int offset, final int count)
    {
        final int base = (number - 1) * length;
        final int at = position & mask;
        final int first = Math.min(count, length - at);
        memory.putBytes(base + at, source, offset, first);
        memory.putBytes(base, source, offset + first, count - first);
    }

    void read(
        final int number, final int position, final MutableDirectBuffer target, final int offset, final int count)
    {
        final int base = (number - 1) * length;
        final int at = position & mask;
        final int first = Math.min(count, length - at);
        target.putBytes(offset, memory, base + at, first);
        target.putBytes(offset + first, memory, base, count - first);
    }
}
