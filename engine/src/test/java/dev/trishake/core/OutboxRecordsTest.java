// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the outbox writes, against what Agrona's ring would: at every position, for every length, octet for octet. */
class OutboxRecordsTest
{
    private static final int MESSAGE_TYPE = 0x01020304;
    private static final long HANDLE = 0x1122_3344_5566_7788L;

    private static Outbox outbox(final UnsafeBuffer buffer, final boolean hasHandles)
    {
        final OneToOneRingBuffer ring = new OneToOneRingBuffer(buffer);
        return hasHandles ? new Outbox(ring) : Outbox.withoutHandles(ring);
    }

    @ParameterizedTest
    @CsvSource({"64, true", "128, true", "256, true", "512, true", "64, false", "256, false"})
    void shouldWriteRecordsAsTheRingDoes(final int capacity, final boolean hasHandles)
    {
        int records = 0;
        for (int position = 0; position < capacity; position += 8)
        {
            final int longest = outbox(at(capacity, 0), hasHandles).maxLength();
            for (int length = 0; length <= longest; length++)
            {
                for (final boolean aborts : new boolean[]{false, true})
                {
                    assertSameRecord(capacity, position, length, aborts, hasHandles);
                    records++;
                }
            }
        }
        assertTrue(records >= 2 * capacity / 8);
    }

    private static void assertSameRecord(
        final int capacity, final int position, final int length, final boolean aborts, final boolean hasHandles)
    {
        final UnsafeBuffer ours = at(capacity, position);
        final UnsafeBuffer theirs = at(capacity, position);
        final Outbox outbox = outbox(ours, hasHandles);
        final OneToOneRingBuffer ring = new OneToOneRingBuffer(theirs);
        final String where = "position " + position + " length " + length;

        assertTrue(outbox.reserve(HANDLE, 1, length), where);
        final int index = outbox.claim(MESSAGE_TYPE, length);
        final int before = hasHandles ? OutboxRecord.PAYLOAD_OFFSET : 0;
        final int expected = ring.tryClaim(MESSAGE_TYPE, before + length);
        if (hasHandles)
        {
            theirs.putLong(expected, HANDLE);
        }
        assertEquals(expected + before, index, where);
        assertSame(theirs, ours, where + " claimed");
        if (aborts)
        {
            outbox.abort(index);
            ring.abort(expected);
        }
        else
        {
            outbox.commit(index);
            ring.commit(expected);
        }
        assertSame(theirs, ours, where + (aborts ? " aborted" : " committed"));
    }

    @Test
    void shouldRefuseToEndARecordTwice()
    {
        final Outbox outbox = new Outbox(new OneToOneRingBuffer(at(256, 0)));
        assertTrue(outbox.reserve(1, 1, 8));
        final int index = outbox.claim(1, 8);
        outbox.commit(index);
        assertThrows(AssertionError.class, () -> outbox.commit(index));
        assertThrows(AssertionError.class, () -> outbox.abort(index));
        assertThrows(AssertionError.class, () -> outbox.commit(index + 1));
    }

    /** An empty ring whose positions are there, full of what was read: only where the reader stops are zeros. */
    private static UnsafeBuffer at(final int capacity, final int position)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(
            ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH));
        buffer.setMemory(0, capacity, (byte)0x5a);
        buffer.putLong(position, 0);
        final long positions = 4L * capacity + position;
        buffer.putLong(capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET, positions);
        buffer.putLong(capacity + RingBufferDescriptor.HEAD_CACHE_POSITION_OFFSET, positions);
        buffer.putLong(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET, positions);
        return buffer;
    }

    private static void assertSame(final UnsafeBuffer expected, final UnsafeBuffer actual, final String where)
    {
        for (int i = 0; i < expected.capacity(); i++)
        {
            if (expected.getByte(i) != actual.getByte(i))
            {
                assertEquals(expected.getByte(i), actual.getByte(i), where + ", octet " + i);
            }
        }
    }
}
