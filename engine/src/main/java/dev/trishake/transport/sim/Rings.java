// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import org.agrona.BitUtil;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;

/** Makes the rings that links keep for themselves. */
final class Rings
{
    /** Agrona's largest record is this part of a ring. */
    private static final int RECORDS_AT_LEAST = 8;

    private Rings()
    {
    }

    /** {@return a ring of {@code capacity} bytes, a power of two} */
    static OneToOneRingBuffer ofCapacity(final int capacity)
    {
        return new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
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

    /** {@return the smallest ring that takes packets of this length} */
    static OneToOneRingBuffer forPackets(final int maxPacketLength)
    {
        return ofCapacity(BitUtil.findNextPositivePowerOfTwo(RECORDS_AT_LEAST * Math.max(maxPacketLength, 64)));
    }
}
