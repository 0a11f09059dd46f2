// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import dev.trishake.support.Exhaustive;
import dev.trishake.support.Scale;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * What {@link Outbox#reserve} promises, against what Agrona's ring does: for small rings, every position of producer
 * and consumer, a fresh and the stalest copy of the latter, and every way to spread a flight over records.
 */
class OutboxExhaustiveTest
{
    private static final int STEP = 8;
    private static final int MESSAGE_TYPE = 1;

    private UnsafeBuffer buffer;
    private OneToOneRingBuffer ring;
    private Outbox outbox;
    private int payloadOffset;
    private int maxRecords;
    private boolean[][] fails;

    @ParameterizedTest
    @CsvSource({
        // capacity, longest flight in mvn verify, in -Pfull, with handles
        "64, 4, 4, true",
        "128, 4, 6, true",
        "256, 3, 4, true",
        "512, 2, 3, true",
        "64, 4, 4, false",
        "128, 3, 5, false",
        "256, 2, 3, false"})
    void shouldPromiseWhatTheRingKeeps(
        final int capacity, final int verifyRecords, final int fullRecords, final boolean hasHandles)
    {
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH));
        ring = new OneToOneRingBuffer(buffer);
        outbox = hasHandles ? new Outbox(ring) : Outbox.withoutHandles(ring);
        payloadOffset = hasHandles ? OutboxRecord.PAYLOAD_OFFSET : 0;
        maxRecords = Scale.pick(verifyRecords, fullRecords);

        long promised = 0;
        long refused = 0;
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final long tail = 4L * capacity + all.choose(capacity / STEP) * (long)STEP;
            final int free = all.choose(capacity / STEP + 1) * STEP;
            final long head = tail - capacity + free;
            final long stale = all.flip() ? tail - capacity : head;

            fails = new boolean[maxRecords + 1][maxRecords * outbox.maxLength() + 1];
            tryAllFlights(0, 0, head, stale, tail);

            for (int records = 1; records <= maxRecords; records++)
            {
                for (int bytes = 0; bytes <= records * outbox.maxLength(); bytes++)
                {
                    final int plenty = most(records, bytes) + most(1, Math.min(bytes, outbox.maxLength()));
                    if (plenty > capacity)
                    {
                        continue; // a programmer's error
                    }
                    set(head, stale, tail);
                    final boolean promises = outbox.reserve(7, records, bytes);
                    outbox.release();

                    if ((promises ? !ringKeeps(records, bytes) : free >= plenty) ||
                        tail != ring.producerPosition() ||
                        head != ring.consumerPosition())
                    {
                        fail("promised and not kept, refused in spite of plenty, or moved: " + promises + ", " +
                            records + " records, " + bytes + " bytes, " + all);
                    }
                    promised += promises ? 1 : 0;
                    refused += promises ? 0 : 1;
                }
            }
        }
        assertTrue(promised > 100 && refused > 100, "promised=" + promised + " refused=" + refused);
    }

    /** Claims every sequence of records from here on, and notes the flights that do not go through. */
    private void tryAllFlights(final int records, final int bytes, final long head, final long cached, final long tail)
    {
        if (records == maxRecords)
        {
            return;
        }
        for (int length = 0; length <= outbox.maxLength(); length++)
        {
            set(head, cached, tail);
            if (ring.tryClaim(MESSAGE_TYPE, payloadOffset + length) < 0)
            {
                fails[records + 1][bytes + length] = true;
            }
            else
            {
                tryAllFlights(records + 1, bytes + length, head, headCache(), ring.producerPosition());
            }
        }
    }

    private boolean ringKeeps(final int records, final int bytes)
    {
        for (int r = 1; r <= records; r++)
        {
            for (int b = 0; b <= bytes; b++)
            {
                if (fails[r][b])
                {
                    return false;
                }
            }
        }
        return true;
    }

    /** The most that a flight can take, as the class comment of Outbox has it. */
    private int most(final int records, final int bytes)
    {
        return ((8 + payloadOffset) * records + Math.min(8 * bytes, bytes + 7 * records)) / 8 * 8;
    }

    private void set(final long head, final long headCache, final long tail)
    {
        final int trailer = ring.capacity();
        buffer.putLong(trailer + RingBufferDescriptor.HEAD_POSITION_OFFSET, head);
        buffer.putLong(trailer + RingBufferDescriptor.HEAD_CACHE_POSITION_OFFSET, headCache);
        buffer.putLong(trailer + RingBufferDescriptor.TAIL_POSITION_OFFSET, tail);
    }

    private long headCache()
    {
        return buffer.getLong(ring.capacity() + RingBufferDescriptor.HEAD_CACHE_POSITION_OFFSET);
    }
}
