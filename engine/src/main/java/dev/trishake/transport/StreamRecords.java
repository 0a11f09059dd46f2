// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.session.FourTuple;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** Puts the records of a {@link StreamLink} that carry no stream's bytes into a ring, whole or not at all. */
public final class StreamRecords
{
    private StreamRecords()
    {
    }

    /**
     * Writes a record without payload.
     *
     * @param ring      where to
     * @param msgTypeId {@link StreamRecord#END}, WRITABLE, SHUTDOWN, CLOSE or ABORT
     * @param handle    of the connection
     * @return false when the ring is full
     */
    public static boolean write(final OneToOneRingBuffer ring, final int msgTypeId, final long handle)
    {
        final int index = ring.tryClaim(msgTypeId, StreamRecord.PAYLOAD_OFFSET);
        if (index <= 0)
        {
            return false;
        }
        StreamRecord.putHandle(ring.buffer(), index, handle);
        ring.commit(index);
        return true;
    }

    /**
     * Writes an OPENED record.
     *
     * @param ring     where to
     * @param handle   of the connection
     * @param listener who took it, or {@link StreamRecord#CONNECTED}
     * @param tuple    both sides
     * @return false when the ring is full
     */
    public static boolean writeOpened(
        final OneToOneRingBuffer ring, final long handle, final int listener, final FourTuple tuple)
    {
        final int index = ring.tryClaim(StreamRecord.OPENED, StreamRecord.OPENED_LENGTH);
        if (index <= 0)
        {
            return false;
        }
        StreamRecord.putOpened(ring.buffer(), index, handle, listener, tuple);
        ring.commit(index);
        return true;
    }

    /**
     * Writes a CLOSED record.
     *
     * @param ring   where to
     * @param handle of the connection
     * @param reason {@link StreamResult}
     * @return false when the ring is full
     */
    public static boolean writeClosed(final OneToOneRingBuffer ring, final long handle, final int reason)
    {
        final int index = ring.tryClaim(StreamRecord.CLOSED, StreamRecord.CLOSED_LENGTH);
        if (index <= 0)
        {
            return false;
        }
        StreamRecord.putClosed(ring.buffer(), index, handle, reason);
        ring.commit(index);
        return true;
    }
}
