// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Makes an agent's rings, and empties them. */
final class Rings
{
    private Rings()
    {
    }

    /** {@return a ring of {@code capacity} bytes, a power of two} */
    static OneToOneRingBuffer ofCapacity(final int capacity)
    {
        return new OneToOneRingBuffer(memory(capacity));
    }

    /** {@return a ring of {@code capacity} bytes, a power of two, that any thread may write to} */
    static ManyToOneRingBuffer manyToOne(final int capacity)
    {
        return new ManyToOneRingBuffer(memory(capacity));
    }

    private static UnsafeBuffer memory(final int capacity)
    {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(
            capacity + RingBufferDescriptor.TRAILER_LENGTH, BitUtil.CACHE_LINE_LENGTH));
    }

    /**
     * {@return number of records handled, 0 to {@code limit}} One read of Agrona's ends where the ring wraps, so there
     * are two: a ring that isn't empty never looks so.
     */
    static int drain(final OneToOneRingBuffer source, final ControlledMessageHandler handler, final int limit)
    {
        final int beforeWrap = source.controlledRead(handler, limit);
        return beforeWrap == limit ? limit : beforeWrap + source.controlledRead(handler, limit - beforeWrap);
    }
}
