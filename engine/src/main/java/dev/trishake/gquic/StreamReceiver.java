// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.StreamFrameDecoder;

/**
 * What comes on application streams of the session that its view lies over: put in order in the streams' records,
 * offered to the handler, and windows moved on as it takes it.
 *
 * <p>Methods that handle frames answer 0, {@link #REFUSED}, or the {@link GquicError} that the frame deserves.
 */
final class StreamReceiver
{
    /** There is no room: the packet must not be acknowledged, and comes again. */
    static final int REFUSED = -1;

    /** Code of RST_STREAM, Chromium's QUIC_RST_ACKNOWLEDGEMENT: the peer gave the stream up. */
    private static final int RESET_ACKNOWLEDGED = 7;

    private final GquicMemory memory;
    private final GquicSession session;
    private final StreamRecord record;
    private final Streams streams;
    private final GquicHandler handler;

    StreamReceiver(
        final GquicMemory memory, final GquicSession session, final StreamRecord record, final Streams streams,
        final GquicHandler handler)
    {
        this.memory = memory;
        this.session = session;
        this.record = record;
        this.streams = streams;
        this.handler = handler;
    }

    /** Takes the data of a STREAM frame in, and offers it. */
    int onStream(final StreamFrameDecoder frame)
    {
        final int found = findOrOpen(frame.streamId());
        if (found != 0)
        {
            return found == Streams.GONE ? 0 : found == Streams.NEW ? REFUSED : found;
        }
        final long from = frame.byteOffset();
        final long to = from + frame.dataLength();
        final int error = grow(to, frame.fin());
        if (error != 0 || record.is(StreamRecord.END_TOLD))
        {
            return error;
        }
        final int ranges = record.at(StreamRecord.RANGES);
        final long end = ReceivedRanges.end(record.memory(), ranges);
        if (!ReceivedRanges.add(record.memory(), ranges, from, to))
        {
            return REFUSED;
        }
        account(to);
        if (frame.fin())
        {
            record.set(StreamRecord.FINAL, to + 1);
        }
        if (to > end)
        {
            final int skipped = (int)Math.max(0, end - from);
            record.storeReceived(from + skipped, frame.buffer(), frame.dataOffset() + skipped,
                frame.dataLength() - skipped);
        }
        deliver();
        return 0;
    }

    /** Ends a stream that the peer has given up. */
    int onReset(final int streamId, final long finalOffset, final int code)
    {
        final int found = findOrOpen(streamId);
        if (found != 0)
        {
            return found == Streams.GONE ? 0 : found == Streams.NEW ? REFUSED : found;
        }
        if (record.is(StreamRecord.END_TOLD))
        {
            return 0;
        }
        final int error = grow(finalOffset, true);
        if (error != 0)
        {
            return error;
        }
        account(finalOffset);
        consume(finalOffset - record.get(StreamRecord.TAKEN));
        record.set(StreamRecord.FINAL, finalOffset + 1);
        record.raise(StreamRecord.END_TOLD);
        record.clear(StreamRecord.WINDOW_DUE);
        handler.onStreamReset(session.slot(), streamId, code);
        if (!record.is(StreamRecord.FIN_ACKED | StreamRecord.RESET_SENT))
        {
            record.set(StreamRecord.RESET_ERROR, RESET_ACKNOWLEDGED);
            record.raise(StreamRecord.RESET_DUE);
        }
        streams.releaseIfDone();
        return 0;
    }

    /** {@return 0 with the stream under the view; GONE; NEW when there is no room for it; or an error} */
    private int findOrOpen(final int streamId)
    {
        final int found = streams.find(streamId);
        if (found >= 0)
        {
            return 0;
        }
        if (found == Streams.INVALID)
        {
            return GquicError.INVALID_STREAM_ID;
        }
        if (found == Streams.GONE)
        {
            return found;
        }
        if (streams.isPeerAtLimit())
        {
            return GquicError.TOO_MANY_OPEN_STREAMS;
        }
        return streams.openPeers(streamId) ? 0 : Streams.NEW;
    }

    /** {@return the error of a peer that sends more than it may, or behind an end} */
    private int grow(final long to, final boolean isFinal)
    {
        final long known = record.get(StreamRecord.FINAL) - 1;
        final boolean isBehindEnd = known >= 0 && (to > known || (isFinal && to != known));
        if (isBehindEnd || (isFinal && to < record.get(StreamRecord.TOP)))
        {
            return GquicError.STREAM_DATA_AFTER_TERMINATION;
        }
        if (to > record.get(StreamRecord.RECEIVE_LIMIT))
        {
            return GquicError.FLOW_CONTROL_RECEIVED_TOO_MUCH_DATA;
        }
        final long growth = to - record.get(StreamRecord.TOP);
        return growth > 0 && Streams.counts(record.get(StreamRecord.ID)) &&
            session.get(GquicSession.RECEIVED_DATA) + growth > connectionLimit() ?
            GquicError.FLOW_CONTROL_RECEIVED_TOO_MUCH_DATA : 0;
    }

    private void account(final long to)
    {
        final long growth = to - record.get(StreamRecord.TOP);
        if (growth > 0)
        {
            record.set(StreamRecord.TOP, to);
            if (Streams.counts(record.get(StreamRecord.ID)))
            {
                session.add(GquicSession.RECEIVED_DATA, growth);
            }
        }
    }

    private long connectionLimit()
    {
        return Math.max(memory.config.connectionWindow, session.get(GquicSession.RECEIVE_LIMIT));
    }

    /** Offers what is in order to the handler, until it takes less than that. */
    private void deliver()
    {
        final int streamId = record.get(StreamRecord.ID);
        final int index = record.index();
        long left = ReceivedRanges.end(record.memory(), record.at(StreamRecord.RANGES)) -
            record.get(StreamRecord.TAKEN);
        while (left > 0)
        {
            final long taken = record.get(StreamRecord.TAKEN);
            final int row = record.receivedRow(taken, left);
            final int used = Math.clamp(handler.onStreamData(
                session.slot(), streamId, record.memory(), record.received(taken), row), 0, row);
            consume(used);
            left = used < row ? 0 : left - used;
        }
        assert record.index() == index : "the handler's calls have views of their own";
        if (record.get(StreamRecord.FINAL) - 1 == record.get(StreamRecord.TAKEN))
        {
            record.raise(StreamRecord.END_TOLD);
            record.clear(StreamRecord.WINDOW_DUE);
            handler.onStreamEnd(session.slot(), streamId);
            streams.releaseIfDone();
        }
    }

    /** Offers again what was not taken of streams whose user has asked for it. */
    void resume()
    {
        int index = streams.first();
        while (index >= 0)
        {
            final int next = record.wrap(index).get(StreamRecord.NEXT) - 1;
            if (record.is(StreamRecord.RESUME_DUE))
            {
                record.clear(StreamRecord.RESUME_DUE);
                if (!record.is(StreamRecord.END_TOLD))
                {
                    deliver();
                }
            }
            index = next;
        }
    }

    /** Takes note of what was taken; once half of a window is, the peer is told of a new one. */
    private void consume(final long length)
    {
        final long taken = record.get(StreamRecord.TAKEN) + length;
        record.set(StreamRecord.TAKEN, taken);
        final int window = memory.config.streamWindow;
        if (record.get(StreamRecord.FINAL) == 0 && record.get(StreamRecord.RECEIVE_LIMIT) - taken <= window / 2)
        {
            record.set(StreamRecord.RECEIVE_LIMIT, taken + window);
            record.raise(StreamRecord.WINDOW_DUE);
        }
        if (Streams.counts(record.get(StreamRecord.ID)))
        {
            session.add(GquicSession.CONSUMED_DATA, length);
            final long consumed = session.get(GquicSession.CONSUMED_DATA);
            if (connectionLimit() - consumed <= memory.config.connectionWindow / 2)
            {
                session.set(GquicSession.RECEIVE_LIMIT, consumed + memory.config.connectionWindow);
                session.raise(GquicSession.WINDOW_DUE);
            }
        }
    }
}
