// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How often things happened. Written by the core's thread alone, may be read by any. */
public final class TcpCounters
{
    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values = new long[TcpCounter.values().length];

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
        return (long)VALUE.getAcquire(values, counter.index());
    }

    void increment(final TcpCounter counter)
    {
        final int index = counter.index();
        VALUE.setRelease(values, index, values[index] + 1);
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
