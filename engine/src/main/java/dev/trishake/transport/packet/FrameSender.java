// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.MessageBatch;
import dev.trishake.transport.linux.MessageCalls;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Frames that go out together, by sendmmsg. What the socket does not take now is kept, and goes first the next time;
 * what it refuses is dropped and counted.
 */
final class FrameSender implements FrameOutput
{
    private static final int BATCH = 64;
    private static final int MEMORY_LENGTH = 1 << 18;

    /** So that the IP header behind 14 bytes of Ethernet's begins at a multiple of 8. */
    private static final int LEAD = 2;

    private final MessageCalls calls = new MessageCalls();
    private final MessageBatch batch = new MessageBatch(BATCH, 0, 0);
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MEMORY_LENGTH, Long.BYTES));
    private final int fd;
    private int first;
    private int count;
    private int tail;
    private int claimed;
    private long sent;
    private long dropped;
    private int lastErrno;

    FrameSender(final int fd)
    {
        this.fd = fd;
    }

    @Override
    public MutableDirectBuffer buffer()
    {
        return memory;
    }

    @Override
    public int claim(final int length)
    {
        if (count == BATCH || tail + LEAD + length > MEMORY_LENGTH)
        {
            flush();
        }
        if (count == BATCH || tail + LEAD + length > MEMORY_LENGTH)
        {
            return NO_ROOM;
        }
        claimed = length;
        return tail + LEAD;
    }

    @Override
    public void commit()
    {
        batch.payload(count, memory.addressOffset() + tail + LEAD, claimed);
        tail = BitUtil.align(tail + LEAD + claimed, Long.BYTES);
        count++;
    }

    /** Sends what is committed, as far as the socket takes it. */
    void flush()
    {
        while (first < count)
        {
            final int result = calls.sendmmsg(fd, batch.header(first), count - first);
            if (result > 0)
            {
                sent += result;
                first += result;
            }
            else if (result == -Errno.EAGAIN)
            {
                return;
            }
            else
            {
                dropped++; // ENOBUFS: the device's queue is full; ENETDOWN, ENXIO: it is down or gone
                first++;
                lastErrno = -result;
            }
        }
        first = 0;
        count = 0;
        tail = 0;
    }

    long sent()
    {
        return sent;
    }

    long dropped()
    {
        return dropped;
    }

    int lastErrno()
    {
        return lastErrno;
    }

    void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkSent", sent);
        visitor.onCounter("LinkWriteErrors", dropped);
    }
}
