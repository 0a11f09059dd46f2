// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import dev.trishake.support.Allocation;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OutboxTest
{
    private static final int CAPACITY = 1024;
    private static final int SEGMENT = 1;
    private static final int EVENT = 2;

    private final UnsafeBuffer memory =
        new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH));
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(memory);
    private final Outbox outbox = new Outbox(ring);

    @Test
    void shouldGiveTheLinkTypeHandleAndPayload()
    {
        assertTrue(outbox.reserve(0x1122334455667788L, 2, 11));
        int index = outbox.claim(SEGMENT, 8);
        outbox.buffer().putLong(index, 42);
        outbox.commit(index);
        index = outbox.claim(EVENT, 3);
        outbox.buffer().putStringWithoutLengthAscii(index, "abc");
        outbox.commit(index);

        final List<String> seen = new ArrayList<>();
        ring.read((msgTypeId, buffer, at, length) ->
        {
            final int payload = OutboxRecord.payloadIndex(at);
            final int payloadLength = OutboxRecord.payloadLength(length);
            assertEquals(0, payload & 7);
            seen.add(msgTypeId + " " + Long.toHexString(OutboxRecord.handle(buffer, at)) + " " + (payloadLength == 8 ?
                Long.toString(buffer.getLong(payload)) : buffer.getStringWithoutLengthAscii(payload, payloadLength)));
        });
        assertEquals(List.of("1 1122334455667788 42", "2 1122334455667788 abc"), seen);
    }

    @Test
    void shouldHideAbortedRecords()
    {
        assertTrue(outbox.reserve(1, 3, 30));
        outbox.abort(outbox.claim(SEGMENT, 10));
        outbox.commit(outbox.claim(EVENT, 10));
        outbox.abort(outbox.claim(SEGMENT, 10));
        final List<Integer> seen = new ArrayList<>();
        ring.read((msgTypeId, buffer, index, length) -> seen.add(msgTypeId));
        assertEquals(List.of(EVENT), seen);
    }

    @Test
    void shouldChangeNothingWhenThereIsNoRoom()
    {
        while (outbox.reserve(1, 1, outbox.maxLength()))
        {
            outbox.commit(outbox.claim(SEGMENT, outbox.maxLength()));
        }
        final byte[] before = new byte[memory.capacity()];
        memory.getBytes(0, before);

        assertFalse(outbox.reserve(2, 1, outbox.maxLength()));
        assertFalse(outbox.reserve(2, 3, 300));

        final byte[] after = new byte[memory.capacity()];
        memory.getBytes(0, after);
        assertArrayEquals(before, after);
    }

    @Test
    void shouldHaveRoomAgainOnceTheLinkHasRead()
    {
        while (outbox.reserve(1, 2, 200))
        {
            outbox.commit(outbox.claim(SEGMENT, 100));
            outbox.commit(outbox.claim(SEGMENT, 100));
        }
        drain((msgTypeId, buffer, index, length) -> {});
        assertTrue(outbox.reserve(1, 2, 200));
    }

    @Test
    void shouldEndTheFlightWithItsLastRecord()
    {
        assertTrue(outbox.reserve(1, 1, 100));
        outbox.commit(outbox.claim(SEGMENT, 1));
        assertTrue(outbox.reserve(2, 1, 100));
    }

    @Test
    void shouldTakeNoMoreFromTheRingThanWasClaimed()
    {
        for (int i = 0; i < 100; i++)
        {
            assertTrue(outbox.reserve(1, 6, 600), "a released flight left something behind");
            outbox.release();
        }
        assertEquals(0, ring.size());

        assertTrue(outbox.reserve(1, 6, 600));
        outbox.commit(outbox.claim(SEGMENT, 8));
        outbox.release();
        outbox.release();
        assertEquals(24, ring.size());
    }

    @Test
    void shouldRefuseMoreThanWasReserved()
    {
        assertThrows(AssertionError.class, () -> outbox.claim(SEGMENT, 0), "nothing reserved");

        assertTrue(outbox.reserve(1, 2, 20));
        assertThrows(AssertionError.class, () -> outbox.claim(SEGMENT, 21));
        assertThrows(AssertionError.class, () -> outbox.claim(SEGMENT, -1));
        outbox.claim(SEGMENT, 15);
        assertThrows(AssertionError.class, () -> outbox.claim(SEGMENT, 6));
        outbox.claim(SEGMENT, 5);
        assertThrows(AssertionError.class, () -> outbox.claim(SEGMENT, 0));

        assertTrue(outbox.reserve(1, 2, 20));
        outbox.release();
        assertThrows(AssertionError.class, () -> outbox.claim(SEGMENT, 1), "released");
    }

    @Test
    void shouldRefuseASecondFlightBeforeTheFirstHasEnded()
    {
        assertTrue(outbox.reserve(1, 2, 20));
        outbox.commit(outbox.claim(SEGMENT, 1));
        assertThrows(AssertionError.class, () -> outbox.reserve(1, 1, 1));
    }

    @Test
    void shouldRefuseFlightsThatNeverFit()
    {
        assertThrows(AssertionError.class, () -> outbox.reserve(1, 0, 0));
        assertThrows(AssertionError.class, () -> outbox.reserve(1, -1, 0));
        assertThrows(AssertionError.class, () -> outbox.reserve(1, 1, -1));
        assertThrows(AssertionError.class, () -> outbox.reserve(1, 1, outbox.maxLength() + 1));
        assertThrows(AssertionError.class, () -> outbox.reserve(1, 7, 7 * outbox.maxLength()));
        assertThrows(AssertionError.class, () -> outbox.reserve(1, 64, 0));
        assertThrows(AssertionError.class, () -> outbox.reserve(1, Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertTrue(outbox.reserve(1, 63, 0));
    }

    @Test
    void shouldRefuseARingThatCannotHoldAHandle()
    {
        final UnsafeBuffer tiny = new UnsafeBuffer(
            ByteBuffer.allocateDirect(OneToOneRingBuffer.MIN_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH));
        final OneToOneRingBuffer tinyRing = new OneToOneRingBuffer(tiny);
        assertThrows(IllegalArgumentException.class, () -> new Outbox(tinyRing));
    }

    @Test
    void shouldAllocateNothing()
    {
        final long[] sum = new long[1];
        final MessageHandler link = (msgTypeId, buffer, index, length) ->
            sum[0] += OutboxRecord.handle(buffer, index) + buffer.getByte(OutboxRecord.payloadIndex(index));
        Allocation.assertNone(10_000, () ->
        {
            int work = 0;
            for (int i = 0; i < 10_000; i++)
            {
                if (!outbox.reserve(i, 3, 90))
                {
                    drain(link);
                    assertTrue(outbox.reserve(i, 3, 90));
                }
                int index = outbox.claim(SEGMENT, i & 63);
                outbox.buffer().putByte(index, (byte)i);
                outbox.commit(index);
                index = outbox.claim(EVENT, 9);
                outbox.abort(index);
                outbox.release();
                work++;
            }
            return work;
        });
    }

    private void drain(final MessageHandler link)
    {
        while (ring.size() > 0)
        {
            ring.read(link); // ends where the ring wraps
        }
    }
}
