// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import dev.trishake.support.Allocation;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class EventHistoryTest
{
    private static final int OFFSET = 8;

    private final UnsafeBuffer buffer = new UnsafeBuffer(
        ByteBuffer.allocateDirect(OFFSET + EventHistory.LENGTH + 8));

    @Test
    void shouldBeEmptyInZeroedMemory()
    {
        assertEquals("", text());
    }

    @Test
    void shouldTellTheOldestFirst()
    {
        for (final char event : "LISTEN".toCharArray())
        {
            EventHistory.record(buffer, OFFSET, (byte)event);
        }
        assertEquals("L I S T E N", text());
        assertEquals('N', buffer.getByte(OFFSET), "the newest is the first byte");
    }

    @Test
    void shouldForgetTheOldestOfSixteen()
    {
        for (char event = 'a'; event <= 'z'; event++)
        {
            EventHistory.record(buffer, OFFSET, (byte)event);
        }
        assertEquals("k l m n o p q r s t u v w x y z", text());
    }

    @Test
    void shouldAgreeWithAQueueAndTouchNothingElse()
    {
        Seeded.forEach(200, random ->
        {
            buffer.setMemory(0, buffer.capacity(), (byte)0);
            buffer.putLong(0, -1);
            buffer.putLong(OFFSET + EventHistory.LENGTH, -1);
            final Deque<Byte> events = new ArrayDeque<>();
            for (int i = 0; i < 40; i++)
            {
                final byte event = (byte)random.nextInt(1, 256);
                if (random.nextBoolean())
                {
                    EventHistory.record(buffer, OFFSET, event);
                }
                else
                {
                    EventHistory.record(buffer.addressOffset() + OFFSET, event);
                }
                events.addLast(event);
                if (events.size() > EventHistory.LENGTH)
                {
                    events.removeFirst();
                }
                assertEquals(events.stream().map(Object::toString).collect(Collectors.joining(" ")),
                    EventHistory.format(buffer, OFFSET, Byte::toString));
            }
            assertEquals(-1, buffer.getLong(0));
            assertEquals(-1, buffer.getLong(OFFSET + EventHistory.LENGTH));
        });
    }

    @Test
    void shouldAssertThatZeroIsNoEvent()
    {
        assertThrows(AssertionError.class, () -> EventHistory.record(buffer, OFFSET, (byte)0));
    }

    @Test
    void shouldAllocateNothing()
    {
        Allocation.assertNone(10_000, () ->
        {
            int work = 0;
            for (int i = 0; i < 10_000; i++)
            {
                EventHistory.record(buffer, OFFSET, (byte)(1 + i % 255));
                work += buffer.getByte(OFFSET) == (byte)(1 + i % 255) ? 1 : 0;
            }
            return work;
        });
    }

    private String text()
    {
        return EventHistory.format(buffer, OFFSET, event -> String.valueOf((char)event));
    }
}
