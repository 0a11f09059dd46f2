// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;

/**
 * What other threads ask of an agent: a ring that any of them writes to. A record's type is the command and, above its
 * low bits, the number of the stream that it is about.
 *
 * <pre>
 *  SEND           SHUTDOWN, CLOSE,   CONNECT
 *  0              ABORT, RESUME      0
 *  +------------+ 0                  +---------------+------+----------+-------------+
 *  |   handle   | +------------+     | correlation ID| link | protocol | four-tuple  |
 *  +------------+ |   handle   |     +---------------+------+----------+-------------+
 *  | bytes ...    +------------+     0               8      12         16           56
 * </pre>
 */
final class Commands
{
    static final int SEND = 1;
    static final int SHUTDOWN = 2;
    static final int CLOSE = 3;
    static final int ABORT = 4;
    static final int RESUME = 5;
    static final int CONNECT = 6;

    private static final int STREAM_SHIFT = 4;
    private static final int COMMAND_MASK = (1 << STREAM_SHIFT) - 1;

    static final int HANDLE_OFFSET = 0;
    static final int BYTES_OFFSET = 8;
    private static final int LINK_OFFSET = 8;
    private static final int PROTOCOL_OFFSET = 12;
    private static final int TUPLE_OFFSET = 16;

    private final ManyToOneRingBuffer ring;

    Commands(final int capacity)
    {
        ring = Rings.manyToOne(capacity);
    }

    ManyToOneRingBuffer ring()
    {
        return ring;
    }

    int maxSendLength()
    {
        return ring.maxMsgLength() - BYTES_OFFSET;
    }

    boolean send(
        final long handle, final int stream, final DirectBuffer buffer, final int offset, final int length)
    {
        final int index = ring.tryClaim(SEND | stream << STREAM_SHIFT, BYTES_OFFSET + length);
        if (index <= 0)
        {
            return false;
        }
        ring.buffer().putLong(index + HANDLE_OFFSET, handle);
        ring.buffer().putBytes(index + BYTES_OFFSET, buffer, offset, length);
        ring.commit(index);
        return true;
    }

    boolean tell(final int command, final int stream, final long handle)
    {
        final int index = ring.tryClaim(command | stream << STREAM_SHIFT, BYTES_OFFSET);
        if (index <= 0)
        {
            return false;
        }
        ring.buffer().putLong(index + HANDLE_OFFSET, handle);
        ring.commit(index);
        return true;
    }

    boolean connect(final long correlationId, final int link, final Protocol protocol, final FourTuple tuple)
    {
        final int index = ring.tryClaim(CONNECT, TUPLE_OFFSET + FourTuple.LENGTH);
        if (index <= 0)
        {
            return false;
        }
        ring.buffer().putLong(index + HANDLE_OFFSET, correlationId);
        ring.buffer().putInt(index + LINK_OFFSET, link);
        ring.buffer().putInt(index + PROTOCOL_OFFSET, protocol.code());
        tuple.store(ring.buffer(), index + TUPLE_OFFSET);
        ring.commit(index);
        return true;
    }

    static int command(final int msgTypeId)
    {
        return msgTypeId & COMMAND_MASK;
    }

    static int stream(final int msgTypeId)
    {
        return msgTypeId >>> STREAM_SHIFT;
    }

    static long handle(final DirectBuffer buffer, final int index)
    {
        return buffer.getLong(index + HANDLE_OFFSET);
    }

    static int link(final MutableDirectBuffer buffer, final int index)
    {
        return buffer.getInt(index + LINK_OFFSET);
    }

    static int protocol(final MutableDirectBuffer buffer, final int index)
    {
        return buffer.getInt(index + PROTOCOL_OFFSET);
    }

    static void tuple(final MutableDirectBuffer buffer, final int index, final FourTuple tuple)
    {
        tuple.load(buffer, index + TUPLE_OFFSET);
    }
}
