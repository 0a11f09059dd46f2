// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Buffers of one length for bytes that a handler has not taken yet; numbered from 1, taken and given back. */
final class InputBuffers
{
    static final int NONE = 0;

    private final int length;
    private final UnsafeBuffer memory;
    private final int[] free;
    private int freeCount;

    InputBuffers(final int count, final int length)
    {
        this.length = length;
        memory = new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(Math.multiplyExact(count, length), BitUtil.CACHE_LINE_LENGTH));
        free = new int[count];
        for (int i = 0; i < count; i++)
        {
            free[i] = count - i;
        }
        freeCount = count;
    }

    int acquire()
    {
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    void release(final int number)
    {
        free[freeCount++] = number;
    }

    boolean isEmpty()
    {
        return freeCount == 0;
    }

    int inUse()
    {
        return free.length - freeCount;
    }

    int length()
    {
        return length;
    }

    int offset(final int number)
    {
        return (number - 1) * length;
    }

    UnsafeBuffer memory()
    {
        return memory;
    }
}
