// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Random flights and random reading, beside a queue that holds what the link must see. */
class OutboxFuzzTest
{
    private final ArrayDeque<String> expected = new ArrayDeque<>();
    private OneToOneRingBuffer ring;
    private Outbox outbox;

    @Test
    void shouldDeliverEveryFlightWholeAndInOrder()
    {
        Seeded.forEach(Scale.pick(60, 5000), random ->
        {
            final int capacity = 64 << random.nextInt(7);
            ring = new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
            outbox = new Outbox(ring);
            expected.clear();
            int sent = 0;
            int refused = 0;
            for (int i = 0; i < 2000; i++)
            {
                if (fly(random))
                {
                    sent++;
                }
                else
                {
                    refused++;
                }
                read(random.nextInt(4) == 0 ? random.nextInt(1, 10) : 0);
            }
            read(Integer.MAX_VALUE);
            assertTrue(expected.isEmpty());
            assertTrue(sent > 100 && refused > 100, "sent=" + sent + " refused=" + refused);
        });
    }

    private boolean fly(final SplittableRandom random)
    {
        int records;
        int bytes;
        do
        {
            records = random.nextInt(1, 8);
            bytes = random.nextInt(records * outbox.maxLength() + 1) >>> random.nextInt(4);
        }
        while (!fits(records, bytes));

        final long handle = random.nextLong();
        if (!outbox.reserve(handle, records, bytes))
        {
            return false;
        }
        final int claimed = random.nextInt(1, records + 1);
        for (int i = 0; i < claimed; i++)
        {
            final int longest = Math.min(bytes, outbox.maxLength());
            final int length = random.nextInt(3) == 0 ? longest : random.nextInt(longest + 1);
            bytes -= length;
            final byte[] payload = Seeded.bytes(random, length);
            final int msgTypeId = random.nextInt(1, 100);
            final int index = outbox.claim(msgTypeId, length);
            outbox.buffer().putBytes(index, payload);
            if (random.nextInt(8) == 0)
            {
                outbox.abort(index);
            }
            else
            {
                outbox.commit(index);
                expected.add(message(msgTypeId, handle, payload));
            }
        }
        outbox.release();
        return true;
    }

    private boolean fits(final int records, final int bytes)
    {
        final int most = (16 * records + Math.min(8 * bytes, bytes + 7 * records)) / 8 * 8;
        return most + (16 + Math.min(bytes, outbox.maxLength()) + 7) / 8 * 8 <= ring.capacity();
    }

    private void read(final int limit)
    {
        int read;
        int left = limit;
        do
        {
            // a read ends where the ring wraps
            read = ring.read((msgTypeId, buffer, index, length) ->
            {
                final byte[] payload = new byte[OutboxRecord.payloadLength(length)];
                buffer.getBytes(OutboxRecord.payloadIndex(index), payload);
                assertEquals(expected.remove(), message(msgTypeId, OutboxRecord.handle(buffer, index), payload));
            }, left);
            left -= read;
        }
        while (limit == Integer.MAX_VALUE ? ring.size() > 0 : read > 0 && left > 0);
    }

    private static String message(final int msgTypeId, final long handle, final byte[] payload)
    {
        return msgTypeId + " for " + handle + ": " + Vectors.hex(payload);
    }
}
