// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The one place where this package allocates direct memory: zeroed, beginning at a cache line, addressed by an
 * {@code int}. There is no {@code close()} and so no use after it: the memory is freed with the object that owns it.
 */
final class Memory
{
    static final int CACHE_LINE_LENGTH = BitUtil.CACHE_LINE_LENGTH;

    /** Largest length of one buffer: what an {@code int} addresses, less what aligning its start may cost. */
    static final int MAX_LENGTH = Integer.MAX_VALUE - CACHE_LINE_LENGTH;

    private static final int LONGEST_BY_WORDS = 256;

    private Memory()
    {
    }

    static UnsafeBuffer allocate(final String what, final long count, final int stride)
    {
        final long length = count * stride;
        if (length > MAX_LENGTH)
        {
            throw new IllegalArgumentException(what + ": " + count + " x " + stride + " bytes = " + length +
                ", more than one buffer's " + MAX_LENGTH);
        }
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned((int)length, CACHE_LINE_LENGTH));
    }

    /** Zeroes a range, a multiple of 8 long; a short one by words, as calling for it would take longer. */
    static void wipe(final long address, final int length)
    {
        if (length > LONGEST_BY_WORDS)
        {
            UnsafeApi.setMemory(address, length, (byte)0);
            return;
        }
        for (int i = 0; i < length; i += Long.BYTES)
        {
            UnsafeApi.putLong(address + i, 0);
        }
    }

    static int checkCapacity(final int capacity)
    {
        if (capacity < 1)
        {
            throw new IllegalArgumentException("capacity must be at least 1: " + capacity);
        }
        return capacity;
    }
}
