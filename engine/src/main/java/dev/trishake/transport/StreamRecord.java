// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What records of a {@link StreamLink} look like. Agrona gives the message's type, index and length; the message is a
 * handle, as in a core's outbox, and a payload.
 *
 * <pre>
 *  any type          OPENED                              CLOSED
 *  0                 0                                   0
 *  +-------------+   +-------------+                     +-------------+
 *  |   handle    |   |   handle    |                     |   handle    |
 *  +-------------+ 8 +-------------+ 8                   +-------------+ 8
 *  | payload ...     |  listener   | int, -1: connected  |   reason    | int, StreamResult
 *                    +-------------+ 12                  +-------------+ 12
 *                    |      0      |
 *                    +-------------+ 16
 *                    |    tuple    | FourTuple, 40 bytes
 *                    +-------------+ 56
 * </pre>
 *
 * <p>DATA's payload is the stream's bytes; END, WRITABLE, SHUTDOWN, CLOSE and ABORT have none. All in the machine's byte
 * order: a record never leaves the process.
 */
public final class StreamRecord
{
    /** Both ways: bytes of the stream. */
    public static final int DATA = 1;

    /** Egress: our side has ended; FIN behind the bytes before it. */
    public static final int SHUTDOWN = 2;

    /** Egress: the user's part has ended; bytes before it are still written, then FIN. */
    public static final int CLOSE = 3;

    /** Egress: the connection is reset at once. */
    public static final int ABORT = 4;

    /** Ingress: a connection is open, accepted or connected. */
    public static final int OPENED = 5;

    /** Ingress: the peer's side has ended. */
    public static final int END = 6;

    /** Ingress: the connection has ended, the handle is good no more. */
    public static final int CLOSED = 7;

    /** Ingress: what was kept back has been written. */
    public static final int WRITABLE = 8;

    /** Listener of an OPENED record that answers {@link StreamLink#connect}. */
    public static final int CONNECTED = -1;

    /** Where the handle begins in a message. */
    public static final int HANDLE_OFFSET = 0;

    /** Where the payload begins in a message; the length of a message without one. */
    public static final int PAYLOAD_OFFSET = HANDLE_OFFSET + Long.BYTES;

    /** Length of an OPENED message. */
    public static final int OPENED_LENGTH = 16 + FourTuple.LENGTH;

    /** Length of a CLOSED message. */
    public static final int CLOSED_LENGTH = 12;

    private static final int LISTENER_OFFSET = 8;
    private static final int TUPLE_OFFSET = 16;
    private static final int REASON_OFFSET = 8;

    private StreamRecord()
    {
    }

    /**
     * {@return the connection that the record is for}
     *
     * @param buffer of the ring
     * @param index  of the message
     */
    public static long handle(final DirectBuffer buffer, final int index)
    {
        return buffer.getLong(index + HANDLE_OFFSET);
    }

    /**
     * Writes the handle.
     *
     * @param buffer of the ring
     * @param index  of the message, which has at least {@link #PAYLOAD_OFFSET} bytes
     * @param handle of the connection
     */
    public static void putHandle(final MutableDirectBuffer buffer, final int index, final long handle)
    {
        buffer.putLong(index + HANDLE_OFFSET, handle);
    }

    /**
     * {@return who took the connection, or {@link #CONNECTED}}
     *
     * @param buffer of the ring
     * @param index  of an OPENED message
     */
    public static int listener(final DirectBuffer buffer, final int index)
    {
        return buffer.getInt(index + LISTENER_OFFSET);
    }

    /**
     * Reads both sides.
     *
     * @param buffer of the ring
     * @param index  of an OPENED message
     * @param tuple  set to them
     */
    public static void tuple(final DirectBuffer buffer, final int index, final FourTuple tuple)
    {
        tuple.load(buffer, index + TUPLE_OFFSET);
    }

    /**
     * {@return why the connection has ended: {@link StreamResult}}
     *
     * @param buffer of the ring
     * @param index  of a CLOSED message
     */
    public static int reason(final DirectBuffer buffer, final int index)
    {
        return buffer.getInt(index + REASON_OFFSET);
    }

    /**
     * Writes an OPENED message of {@link #OPENED_LENGTH} bytes.
     *
     * @param buffer   of the ring
     * @param index    of the message
     * @param handle   of the connection
     * @param listener who took it, or {@link #CONNECTED}
     * @param tuple    both sides
     */
    public static void putOpened(
        final MutableDirectBuffer buffer, final int index, final long handle, final int listener,
        final FourTuple tuple)
    {
        putHandle(buffer, index, handle);
        buffer.putInt(index + LISTENER_OFFSET, listener);
        buffer.putInt(index + LISTENER_OFFSET + Integer.BYTES, 0);
        tuple.store(buffer, index + TUPLE_OFFSET);
    }

    /**
     * Writes a CLOSED message of {@link #CLOSED_LENGTH} bytes.
     *
     * @param buffer of the ring
     * @param index  of the message
     * @param handle of the connection
     * @param reason {@link StreamResult}
     */
    public static void putClosed(final MutableDirectBuffer buffer, final int index, final long handle, final int reason)
    {
        putHandle(buffer, index, handle);
        buffer.putInt(index + REASON_OFFSET, reason);
    }
}
