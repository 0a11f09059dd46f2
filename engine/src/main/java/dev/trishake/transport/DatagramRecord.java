// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What records of a {@link DatagramLink} look like, the same both ways: Agrona gives the message's type
 * ({@link #DATAGRAM}), index and length.
 *
 * <pre>
 *  0            8                               48
 *  +------------+-------------------------------+------------------+
 *  |   socket   |     tuple, as FourTuple       |  datagram        |
 *  +------------+-------------------------------+------------------+
 * </pre>
 *
 * <p>The first word is where a core's outbox has its handle: a core puts the socket's number there that the peer's
 * datagram came by, and tuple and datagram are its payload. All but the datagram in the machine's byte order: a record
 * never leaves the process.
 */
public final class DatagramRecord
{
    /** Message type of a record that holds one datagram. */
    public static final int DATAGRAM = 1;

    /** Where the socket's number begins, a {@code long}. */
    public static final int SOCKET_OFFSET = 0;

    /** Where the tuple begins: both sides, ours is the local one in either direction. */
    public static final int TUPLE_OFFSET = SOCKET_OFFSET + Long.BYTES;

    /** Where the datagram begins: a multiple of 8. */
    public static final int PAYLOAD_OFFSET = TUPLE_OFFSET + FourTuple.LENGTH;

    private DatagramRecord()
    {
    }

    /**
     * {@return the socket that the datagram came by or goes by, as {@link DatagramLink#bind} returned it}
     *
     * @param buffer of the ring
     * @param index  of the message
     */
    public static long socket(final DirectBuffer buffer, final int index)
    {
        return buffer.getLong(index + SOCKET_OFFSET);
    }

    /**
     * Writes the socket's number.
     *
     * @param buffer of the ring
     * @param index  of the message
     * @param socket as {@link DatagramLink#bind} returned it
     */
    public static void putSocket(final MutableDirectBuffer buffer, final int index, final long socket)
    {
        buffer.putLong(index + SOCKET_OFFSET, socket);
    }

    /**
     * Reads both sides.
     *
     * @param buffer of the ring
     * @param index  of the message
     * @param tuple  set to them
     */
    public static void tuple(final DirectBuffer buffer, final int index, final FourTuple tuple)
    {
        tuple.load(buffer, index + TUPLE_OFFSET);
    }

    /**
     * Writes both sides.
     *
     * @param buffer of the ring
     * @param index  of the message
     * @param tuple  ours is the local one
     */
    public static void putTuple(final MutableDirectBuffer buffer, final int index, final FourTuple tuple)
    {
        tuple.store(buffer, index + TUPLE_OFFSET);
    }
}
