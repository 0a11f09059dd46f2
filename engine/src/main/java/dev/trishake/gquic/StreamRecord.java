// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.SessionSlab;
import dev.trishake.session.SlabView;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A view of an application stream: its variables, then a ring of what has come and was not taken, then a ring of what
 * was given to send and is not acknowledged. An octet at an offset of the stream lies at that offset modulo the ring.
 *
 * <pre>
 *  0      24           96        256                            256 + streamWindow
 * +------+------------+---------+------------------------------+------------------------+
 * | ints | longs      | ranges  | received: TAKEN to TOP       | to send: ACKED to END  |
 * +------+------------+---------+------------------------------+------------------------+
 * </pre>
 */
final class StreamRecord extends SlabView
{
    static final int ID = 0;
    static final int NEXT = 8; // record of the session's next stream, + 1
    static final int RESET_ERROR = 12; // of the RST_STREAM that is to be sent

    static final long TOP = 24; // of what has come: greatest offset
    static final long TAKEN = 32; // by the handler
    static final long FINAL = 40; // where the peer's side ends, + 1; 0: not known
    static final long RECEIVE_LIMIT = 48; // what the peer was told
    static final long ACKED = 56; // of what goes out: all below is acknowledged
    static final long SENT = 64; // up to where it was sent once
    static final long END = 72; // of what was given
    static final long SEND_LIMIT = 80; // what WINDOW_UPDATE has brought
    static final int RANGES = 96;
    private static final int RECEIVED = 256;

    static final int IS_OWN = 1; // opened by this side
    static final int END_TOLD = 1 << 1; // nothing more comes, and the handler knows
    static final int FIN_GIVEN = 1 << 2; // this side ends at END
    static final int FIN_SENT = 1 << 3;
    static final int FIN_ACKED = 1 << 4; // or the RST_STREAM
    static final int RESET_DUE = 1 << 5;
    static final int RESET_SENT = 1 << 6; // no data is sent any more
    static final int WINDOW_DUE = 1 << 7;
    static final int BLOCKED_DUE = 1 << 8;
    static final int BLOCKED_TOLD = 1 << 9; // about the limit as it is
    static final int WRITABLE_WANTED = 1 << 10;
    static final int RESUME_DUE = 1 << 11;
    static final int CONTROL_DUE = RESET_DUE | WINDOW_DUE | BLOCKED_DUE;

    private final int receiveLength;
    private final int sendLength;

    StreamRecord(final SessionSlab slab, final GquicConfig config)
    {
        super(slab);
        receiveLength = config.streamWindow;
        sendLength = config.sendBufferLength;
    }

    /** {@return octets that a stream takes} */
    static int stride(final GquicConfig config)
    {
        return RECEIVED + config.streamWindow + config.sendBufferLength;
    }

    StreamRecord wrap(final int newIndex)
    {
        turnTo(newIndex);
        return this;
    }

    int index()
    {
        return slot();
    }

    /** {@return where an octet that came lies in the memory} */
    int received(final long offset)
    {
        return at(RECEIVED) + ((int)offset & (receiveLength - 1));
    }

    /** {@return how many octets that came lie in a row from an offset on, of so many} */
    int receivedRow(final long offset, final long length)
    {
        return (int)Math.min(length, receiveLength - ((int)offset & (receiveLength - 1)));
    }

    /** Puts data that came where it belongs. */
    void storeReceived(final long offset, final DirectBuffer buffer, final int from, final int length)
    {
        final int row = receivedRow(offset, length);
        memory().putBytes(received(offset), buffer, from, row);
        memory().putBytes(received(offset + row), buffer, from + row, length - row);
    }

    /** Puts data to send where it belongs. */
    void storeToSend(final long offset, final DirectBuffer buffer, final int from, final int length)
    {
        final int row = sendRow(offset, length);
        memory().putBytes(toSend(offset), buffer, from, row);
        memory().putBytes(toSend(offset + row), buffer, from + row, length - row);
    }

    /** Copies data to send. */
    void loadToSend(final long offset, final UnsafeBuffer to, final int at, final int length)
    {
        final int row = sendRow(offset, length);
        to.putBytes(at, memory(), toSend(offset), row);
        to.putBytes(at + row, memory(), toSend(offset + row), length - row);
    }

    private int toSend(final long offset)
    {
        return at(RECEIVED) + receiveLength + ((int)offset & (sendLength - 1));
    }

    private int sendRow(final long offset, final int length)
    {
        return Math.min(length, sendLength - ((int)offset & (sendLength - 1)));
    }
}
