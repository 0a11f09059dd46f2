// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.core;

import dev.trishake.bench.Bench;
import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * What does it cost to hand one message of 64 octets from a core to a link on the same thread? One message in and out,
 * or 64 in and then 64 out; per message either way. The peers' queues hold a new array per message, as queues do.
 */
public class RingHopBenchmark extends Bench
{
    private static final int MESSAGE_LENGTH = 64;
    private static final int BATCH = 64;
    private static final int MESSAGE_TYPE = 1;
    private static final long HANDLE = 0x0000_0001_0000_0002L;

    private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(MESSAGE_LENGTH));
    private final byte[] messageArray = new byte[MESSAGE_LENGTH];
    private final ArrayDeque<byte[]> deque = new ArrayDeque<>(BATCH);
    private final ArrayBlockingQueue<byte[]> blockingQueue = new ArrayBlockingQueue<>(BATCH);
    private final MessageHandler link = (msgTypeId, buffer, index, length) -> onMessage(buffer.getLong(index));
    private final MessageHandler outboxLink = (msgTypeId, buffer, index, length) ->
        onMessage(OutboxRecord.handle(buffer, index) + buffer.getLong(OutboxRecord.payloadIndex(index)));
    private OneToOneRingBuffer ring;
    private Outbox outbox;
    private long sum;

    @Setup
    public void setup()
    {
        ring = new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect((1 << 16) + RingBufferDescriptor.TRAILER_LENGTH)));
        outbox = new Outbox(ring);
    }

    @Benchmark
    public long claim()
    {
        claimOne();
        drain(link, 1);
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long claimBatch()
    {
        for (int i = 0; i < BATCH; i++)
        {
            claimOne();
        }
        drain(link, BATCH);
        return sum;
    }

    @Benchmark
    public long write()
    {
        ring.write(MESSAGE_TYPE, message, 0, MESSAGE_LENGTH);
        drain(link, 1);
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long writeBatch()
    {
        for (int i = 0; i < BATCH; i++)
        {
            ring.write(MESSAGE_TYPE, message, 0, MESSAGE_LENGTH);
        }
        drain(link, BATCH);
        return sum;
    }

    @Benchmark
    public long outbox()
    {
        outboxOne();
        drain(outboxLink, 1);
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long outboxBatch()
    {
        for (int i = 0; i < BATCH; i++)
        {
            outboxOne();
        }
        drain(outboxLink, BATCH);
        return sum;
    }

    @Benchmark
    public long arrayDeque()
    {
        deque.offer(messageArray.clone());
        onMessage(deque.poll()[0]);
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long arrayDequeBatch()
    {
        for (int i = 0; i < BATCH; i++)
        {
            deque.offer(messageArray.clone());
        }
        for (int i = 0; i < BATCH; i++)
        {
            onMessage(deque.poll()[0]);
        }
        return sum;
    }

    @Benchmark
    public long arrayBlockingQueue()
    {
        blockingQueue.add(messageArray.clone());
        onMessage(blockingQueue.remove()[0]);
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long arrayBlockingQueueBatch()
    {
        for (int i = 0; i < BATCH; i++)
        {
            blockingQueue.add(messageArray.clone());
        }
        for (int i = 0; i < BATCH; i++)
        {
            onMessage(blockingQueue.remove()[0]);
        }
        return sum;
    }

    private void claimOne()
    {
        final int index = ring.tryClaim(MESSAGE_TYPE, MESSAGE_LENGTH);
        ring.buffer().putBytes(index, message, 0, MESSAGE_LENGTH);
        ring.commit(index);
    }

    private void outboxOne()
    {
        if (!outbox.reserve(HANDLE, 1, MESSAGE_LENGTH))
        {
            throw new IllegalStateException("the ring is drained after each batch");
        }
        final int index = outbox.claim(MESSAGE_TYPE, MESSAGE_LENGTH);
        outbox.buffer().putBytes(index, message, 0, MESSAGE_LENGTH);
        outbox.commit(index);
    }

    private void drain(final MessageHandler handler, final int count)
    {
        int left = count;
        while (left > 0) // a read ends where the ring wraps
        {
            left -= ring.read(handler, left);
        }
    }

    private void onMessage(final long word)
    {
        sum += word;
    }
}
