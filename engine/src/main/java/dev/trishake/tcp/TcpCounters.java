// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** How often things happened. Written by the core's thread alone, may be read by any. */
public final class TcpCounters
{
    private final AtomicBuffer values = new UnsafeBuffer(BufferUtil.allocateDirectAligned(
        BitUtil.align(TcpCounter.values().length * Long.BYTES, BitUtil.CACHE_LINE_LENGTH),
        BitUtil.CACHE_LINE_LENGTH));

    TcpCounters()
    {
    }

    /**
     * {@return how often it happened since the core was made}
     *
     * @param counter what
     */
    public long get(final TcpCounter counter)
    {
        return values.getLongVolatile(counter.index() * Long.BYTES);
    }

    void increment(final TcpCounter counter)
    {
        final int index = counter.index() * Long.BYTES;
        values.putLongRelease(index, values.getLong(index) + 1);
    }

    /**
     * {@return a line for each counter that is not 0: its label, a blank, its value}. Allocates: for people only.
     */
    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        for (final TcpCounter counter : TcpCounter.values())
        {
            final long value = get(counter);
            if (value != 0)
            {
                text.append(counter.label()).append(' ').append(value).append('\n');
            }
        }
        return text.toString();
    }
}
