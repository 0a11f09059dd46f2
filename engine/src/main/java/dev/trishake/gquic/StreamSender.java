// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What goes out on application streams of the session that its view lies over: kept in the streams' records until it is
 * acknowledged, and sent as far as the peer's windows go.
 */
final class StreamSender
{
    private final GquicMemory memory;
    private final GquicSession session;
    private final StreamRecord record;
    private final Streams streams;
    private int rangeLength;
    private boolean rangeFin;

    StreamSender(
        final GquicMemory memory, final GquicSession session, final StreamRecord record, final Streams streams)
    {
        this.memory = memory;
        this.session = session;
        this.record = record;
        this.streams = streams;
    }

    /** {@return how many octets of the user's data were taken} */
    int give(
        final int streamId, final DirectBuffer buffer, final int offset, final int length, final boolean fin)
    {
        if (streams.find(streamId) < 0 ||
            record.is(StreamRecord.FIN_GIVEN | StreamRecord.RESET_DUE | StreamRecord.RESET_SENT))
        {
            return 0;
        }
        final int taken = Math.min(length, room());
        final long end = record.get(StreamRecord.END);
        record.storeToSend(end, buffer, offset, taken);
        record.set(StreamRecord.END, end + taken);
        if (taken < length)
        {
            record.raise(StreamRecord.WRITABLE_WANTED);
        }
        else if (fin)
        {
            record.raise(StreamRecord.FIN_GIVEN);
        }
        return taken;
    }

    private int room()
    {
        return memory.config.sendBufferLength -
            (int)(record.get(StreamRecord.END) - record.get(StreamRecord.ACKED));
    }

    /** {@return whether there is a stream with something to send, then under the view} */
    boolean findDue()
    {
        for (int index = streams.first(); index >= 0; index = record.get(StreamRecord.NEXT) - 1)
        {
            record.wrap(index);
            measure();
            if (rangeLength > 0 || rangeFin || record.is(StreamRecord.CONTROL_DUE))
            {
                return true;
            }
        }
        return false;
    }

    /** How much of the stream under the view may be sent. */
    private void measure()
    {
        rangeLength = 0;
        rangeFin = false;
        if (record.is(StreamRecord.RESET_DUE | StreamRecord.RESET_SENT))
        {
            return;
        }
        final long sent = record.get(StreamRecord.SENT);
        final long end = record.get(StreamRecord.END);
        final long ofStream = streamLimit() - sent;
        final long ofConnection = Streams.counts(record.get(StreamRecord.ID)) ?
            connectionLimit() - session.get(GquicSession.SENT_DATA) : Long.MAX_VALUE;
        rangeLength = (int)Math.max(0, Math.min(end - sent, Math.min(ofStream, ofConnection)));
        rangeFin = record.is(StreamRecord.FIN_GIVEN) && !record.is(StreamRecord.FIN_SENT) && sent + rangeLength == end;
        if (rangeLength == 0 && end > sent)
        {
            sayBlocked(ofStream <= 0);
        }
    }

    private void sayBlocked(final boolean byStream)
    {
        if (byStream && !record.is(StreamRecord.BLOCKED_TOLD))
        {
            record.raise(StreamRecord.BLOCKED_DUE | StreamRecord.BLOCKED_TOLD);
        }
        else if (!byStream && !session.is(GquicSession.BLOCKED_TOLD))
        {
            session.raise(GquicSession.BLOCKED_DUE | GquicSession.BLOCKED_TOLD);
        }
    }

    private long streamLimit()
    {
        final int told = session.get(GquicSession.PEER_STREAM_WINDOW);
        return Math.max(told == 0 ? GquicConfig.MIN_WINDOW : told & 0xffff_ffffL, record.get(StreamRecord.SEND_LIMIT));
    }

    private long connectionLimit()
    {
        final int told = session.get(GquicSession.PEER_CONNECTION_WINDOW);
        return Math.max(told == 0 ? GquicConfig.MIN_WINDOW : told & 0xffff_ffffL, session.get(GquicSession.SEND_LIMIT));
    }

    /** {@return how many octets of the stream that {@link #findDue} has found may be sent} */
    int rangeLength()
    {
        return rangeLength;
    }

    /** {@return whether the stream ends behind them} */
    boolean rangeFin()
    {
        return rangeFin;
    }

    /** Takes note that the next octets of the stream under the view are out. */
    void onSent(final int length, final boolean fin)
    {
        record.set(StreamRecord.SENT, record.get(StreamRecord.SENT) + length);
        if (Streams.counts(record.get(StreamRecord.ID)))
        {
            session.add(GquicSession.SENT_DATA, length);
        }
        if (fin)
        {
            record.raise(StreamRecord.FIN_SENT);
        }
        streams.letOthersFirst();
    }

    /** Copies octets of the stream under the view. */
    void load(final long offset, final UnsafeBuffer to, final int at, final int length)
    {
        record.loadToSend(offset, to, at, length);
    }

    /** Takes note of a packet that arrived; its entry is gone. */
    void onAcked(final int streamId, final int flags, final SentPackets sent, final GquicHandler handler)
    {
        if (streams.find(streamId) < 0)
        {
            return;
        }
        if ((flags & (SentPackets.FIN | SentPackets.RESET)) != 0)
        {
            record.raise(StreamRecord.FIN_ACKED);
        }
        record.set(StreamRecord.ACKED, sent.leastOffset(streamId, record.get(StreamRecord.SENT)));
        if (record.is(StreamRecord.WRITABLE_WANTED) && room() >= memory.config.sendBufferLength / 2)
        {
            record.clear(StreamRecord.WRITABLE_WANTED);
            handler.onWritable(session.slot(), streamId);
        }
        streams.releaseIfDone();
    }

    /** What a lost packet said beside its data is to be said again. */
    void onLost(final int streamId, final int flags)
    {
        if (streams.find(streamId) < 0)
        {
            return;
        }
        if ((flags & SentPackets.STREAM_WINDOW) != 0 && !record.is(StreamRecord.END_TOLD))
        {
            record.raise(StreamRecord.WINDOW_DUE);
        }
        if ((flags & SentPackets.STREAM_BLOCKED) != 0 && record.is(StreamRecord.BLOCKED_TOLD))
        {
            record.raise(StreamRecord.BLOCKED_DUE);
        }
        if ((flags & SentPackets.RESET) != 0)
        {
            record.raise(StreamRecord.RESET_DUE);
        }
    }

    /** The peer's window of a stream has moved on. */
    void onWindow(final int streamId, final long offset)
    {
        if (streams.find(streamId) >= 0 && offset > streamLimit())
        {
            record.set(StreamRecord.SEND_LIMIT, offset);
            record.clear(StreamRecord.BLOCKED_TOLD | StreamRecord.BLOCKED_DUE);
        }
    }

    /** The peer's window of the connection has moved on. */
    void onConnectionWindow(final long offset)
    {
        if (offset > connectionLimit())
        {
            session.set(GquicSession.SEND_LIMIT, offset);
            session.clear(GquicSession.BLOCKED_TOLD | GquicSession.BLOCKED_DUE);
        }
    }
}
