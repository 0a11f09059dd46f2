// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import org.agrona.DirectBuffer;

/**
 * What a record of an {@link Outbox} looks like to whoever reads the ring: Agrona gives the message's type, index and
 * length; the message is a handle and the payload.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |                 record length (Agrona's header)               |
 *   +---------------------------------------------------------------+
 *   |                 message type  (Agrona's header)               |
 *   +===============================================================+ index
 *   |                             handle                            |
 *   |                                                               |
 *   +---------------------------------------------------------------+ index + PAYLOAD_OFFSET
 *   |                             payload                          ...
 *   +---------------------------------------------------------------+ index + length
 * </pre>
 *
 * <p>All in the machine's byte order: a record never leaves the process. The handle and the payload begin at multiples
 * of 8.
 */
public final class OutboxRecord
{
    /** Where the handle begins in a message. */
    public static final int HANDLE_OFFSET = 0;

    /** Where the payload begins in a message. */
    public static final int PAYLOAD_OFFSET = HANDLE_OFFSET + Long.BYTES;

    private OutboxRecord()
    {
    }

    /**
     * {@return the handle of the session, or of the connection below it, that the record is for}
     *
     * @param buffer of the ring
     * @param index  of the message
     */
    public static long handle(final DirectBuffer buffer, final int index)
    {
        return buffer.getLong(index + HANDLE_OFFSET);
    }

    /**
     * {@return where the payload begins in the ring's buffer}
     *
     * @param index of the message
     */
    public static int payloadIndex(final int index)
    {
        return index + PAYLOAD_OFFSET;
    }

    /**
     * {@return the length of the payload}
     *
     * @param length of the message
     */
    public static int payloadLength(final int length)
    {
        return length - PAYLOAD_OFFSET;
    }
}
