// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.socket;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Buffers of one length for bytes that a socket has not taken: fewer than connections, since few need one at a time. */
final class OutputBuffers
{
    static final int NONE = -1;

    private final int length;
    private final UnsafeBuffer memory;
    private final int[] free;
    private int freeCount;

    OutputBuffers(final int count, final int length)
    {
        final long total = (long)count * length;
        if (count < 1 || length < 1 || total > Integer.MAX_VALUE - Long.BYTES)
        {
            throw new IllegalArgumentException(
                "output buffers must be at least 1, of at least 1 byte, and have less than 2 GiB together: " +
                count + " * " + length);
        }
        this.length = length;
        memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned((int)total, Long.BYTES));
        free = new int[count];
        for (int i = count - 1; i >= 0; i--)
        {
            free[freeCount++] = i;
        }
    }

    int acquire()
    {
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    void release(final int buffer)
    {
        free[freeCount++] = buffer;
    }

    int inUse()
    {
        return free.length - freeCount;
    }

    int length()
    {
        return length;
    }

    UnsafeBuffer memory()
    {
        return memory;
    }

    int offset(final int buffer)
    {
        return buffer * length;
    }

    /**
     * Appends bytes to those of a buffer, which begin at {@code head}.
     *
     * @return where they begin afterwards
     */
    int append(
        final int buffer, final int head, final int used, final DirectBuffer from, final int offset, final int count)
    {
        int start = head;
        if (head + used + count > length)
        {
            memory.putBytes(offset(buffer), memory, offset(buffer) + head, used);
            start = 0;
        }
        memory.putBytes(offset(buffer) + start + used, from, offset, count);
        return start;
    }
}
