// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How many bytes other threads may have under way to each session of an agent: a word a session, shared.
 *
 * <pre>
 *  63                       32 31                        0
 * +---------------------------+---------------------------+
 * |  generation, odd: it lives|  bytes under way          |
 * +---------------------------+---------------------------+
 * </pre>
 *
 * <p>A sender takes its bytes from the window before it writes the command, so the agent always finds room for them:
 * the window is half of the link's output buffer, and is given back only while at least half of that is free. Handles
 * resolve here as they do with the agent, so a late command can't take from a later session's window.
 */
final class SendWindows
{
    private static final int PADDING = BitUtil.CACHE_LINE_LENGTH;
    private static final long LENGTH_MASK = 0xffff_ffffL;

    private final int capacity;
    private final UnsafeBuffer words;
    private volatile int window;

    SendWindows(final int capacity)
    {
        this.capacity = capacity;
        words = new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(capacity * Long.BYTES + PADDING, BitUtil.CACHE_LINE_LENGTH));
    }

    /** Sets the window, once, before any session. */
    void window(final int length)
    {
        window = length;
    }

    int window()
    {
        return window;
    }

    void open(final int slot, final long handle)
    {
        words.putLongVolatile(slot * Long.BYTES, handle & ~LENGTH_MASK);
    }

    void close(final int slot)
    {
        words.putLongVolatile(slot * Long.BYTES, 0);
    }

    /**
     * Any thread: takes bytes from a session's window.
     *
     * @return 1 when they were taken, 0 when there is no room just now, -1 when the session is gone
     */
    int take(final long handle, final int length)
    {
        final int slot = SessionHandle.slot(handle);
        if (!SessionHandle.isPossible(handle) || slot >= capacity)
        {
            return -1;
        }
        final int index = slot * Long.BYTES;
        while (true)
        {
            final long word = words.getLongVolatile(index);
            if (((word ^ handle) & ~LENGTH_MASK) != 0)
            {
                return -1;
            }
            if ((word & LENGTH_MASK) + length > window)
            {
                return 0;
            }
            if (words.compareAndSetLong(index, word, word + length))
            {
                return 1;
            }
        }
    }

    /** Any thread, for a command that found no room; and the agent: gives bytes back, if the session still lives. */
    void give(final long handle, final int length)
    {
        final int index = SessionHandle.slot(handle) * Long.BYTES;
        long word;
        do
        {
            word = words.getLongVolatile(index);
        }
        while (((word ^ handle) & ~LENGTH_MASK) == 0 && !words.compareAndSetLong(index, word, word - length));
    }

    /** The agent: at least half of the output buffer is free again, so all that was taken from it may be taken anew. */
    void repay(final int slot, final int debt)
    {
        words.getAndAddLong(slot * Long.BYTES, -debt);
    }
}
