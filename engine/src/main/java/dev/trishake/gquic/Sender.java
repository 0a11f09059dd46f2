// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.Outbox;
import dev.trishake.wire.gquic.FrameEncoder;

/**
 * Decides what the session under the view sends next, packet by packet until nothing is left or there is no room: what
 * was lost, messages of the handshake, streams, windows, and an ACK when one is due.
 *
 * <pre>
 *  a packet:  [ACK] [STOP_WAITING] [WINDOW_UPDATE] [BLOCKED] [PING]
 *             of one stream: [RST_STREAM] [WINDOW_UPDATE] [BLOCKED] [STREAM]
 * </pre>
 */
final class Sender
{
    /** Longest ACK that is written: type, largest 6, delay 2, count, first 6, sixteen blocks of 7, timestamps. */
    private static final int MAX_ACK_LENGTH = 17 + 16 * 7;

    /** Octets of all control frames that a packet may have before its range, STOP_WAITING included. */
    private static final int MAX_CONTROL_LENGTH = 5 + 13 + 5 + 1 + 17 + 13 + 5;

    /** Less data than this is not worth a frame behind a long ACK. */
    private static final int MIN_RANGE_LENGTH = 64;

    private static final int NO_LEVEL = -1;

    private static final int NOTHING = 0;
    private static final int SENT = 1;
    private static final int REFUSED = 2;

    private final GquicMemory memory;
    private final GquicSession session;
    private final StreamRecord record;
    private final Streams table;
    private final StreamSender streams;
    private final SentPackets sent;
    private final Recovery recovery;
    private final PacketWriter writer;
    private int flags;

    Sender(
        final GquicMemory memory, final GquicSession session, final StreamRecord record, final Streams table,
        final StreamSender streams, final SentPackets sent, final Recovery recovery, final PacketWriter writer)
    {
        this.memory = memory;
        this.session = session;
        this.record = record;
        this.table = table;
        this.streams = streams;
        this.sent = sent;
        this.recovery = recovery;
        this.writer = writer;
    }

    /** {@return false when something is left for which there was no room} */
    boolean flush(final long nowNs, final Outbox outbox)
    {
        int step = SENT;
        while (step == SENT)
        {
            step = NOTHING;
            final boolean mayResend = sent.inFlight() < session.get(GquicSession.CONGESTION_WINDOW);
            if (mayResend && sent.lost() != 0)
            {
                step = resend(nowNs, outbox);
            }
            if (step == NOTHING && recovery.maySend())
            {
                step = sendNew(nowNs, outbox);
            }
            // what an operation brings may take the ACK along
            if (step == NOTHING && session.is(GquicSession.ACK_DUE) && !session.is(GquicSession.POSTED))
            {
                step = sendAck(nowNs, outbox);
            }
        }
        return step == NOTHING;
    }

    private int sendNew(final long nowNs, final Outbox outbox)
    {
        if (session.get(GquicSession.CRYPTO_OUT_SENT) < session.get(GquicSession.CRYPTO_OUT_LENGTH))
        {
            return sendCrypto(nowNs, outbox);
        }
        final int level = streamLevel();
        if (level == NO_LEVEL)
        {
            return NOTHING;
        }
        if (streams.findDue())
        {
            return sendStream(level, nowNs, outbox);
        }
        if (session.is(GquicSession.WINDOW_DUE | GquicSession.BLOCKED_DUE | GquicSession.PING_DUE))
        {
            if (!writer.begin(level, outbox))
            {
                return REFUSED;
            }
            begin(level, true, nowNs);
            return end(level, 0, 0, 0, nowNs, outbox);
        }
        return NOTHING;
    }

    /** {@return the level at which data of streams may go out now} */
    private int streamLevel()
    {
        final int level = session.writeLevel();
        final boolean isEarly = level == GquicLevel.INITIAL && session.isClient() && memory.config.zeroRtt;
        return level == GquicLevel.FORWARD_SECURE || isEarly ? level : NO_LEVEL;
    }

    private int sendCrypto(final long nowNs, final Outbox outbox)
    {
        final int from = session.get(GquicSession.CRYPTO_OUT_SENT);
        final int initial = session.get(GquicSession.CRYPTO_OUT_INITIAL) - 1;
        final int level = initial >= 0 && from >= initial ? GquicLevel.INITIAL : GquicLevel.NULL;
        if (!writer.begin(level, outbox))
        {
            return REFUSED;
        }
        begin(level, false, nowNs);
        final int limit = initial > from ? initial : session.get(GquicSession.CRYPTO_OUT_LENGTH);
        final long offset = session.get(GquicSession.CRYPTO_OUT_BASE) + from;
        final int length = Math.min(limit - from, room(CryptoStream.ID, offset));
        writeCrypto(offset, length);
        session.set(GquicSession.CRYPTO_OUT_SENT, from + length);
        return end(level, CryptoStream.ID, offset, length, nowNs, outbox);
    }

    private void writeCrypto(final long offset, final int length)
    {
        final int from = (int)(offset - session.get(GquicSession.CRYPTO_OUT_BASE));
        writer.frames().stream(CryptoStream.ID, offset, false, false, memory.messages(),
            memory.outOffset(session) + from, length);
        flags |= SentPackets.RANGE;
    }

    /** Sends what is due of the stream that was found. */
    private int sendStream(final int level, final long nowNs, final Outbox outbox)
    {
        if (!writer.begin(level, outbox))
        {
            return REFUSED;
        }
        if (level == GquicLevel.INITIAL)
        {
            session.raise(GquicSession.ZERO_RTT);
        }
        begin(level, true, nowNs);
        final int streamId = record.get(StreamRecord.ID);
        writeStreamControl(streamId);
        final long offset = record.get(StreamRecord.SENT);
        final int length = Math.min(streams.rangeLength(), room(streamId, offset));
        final boolean fin = streams.rangeFin() && length == streams.rangeLength();
        if (length > 0 || fin)
        {
            writeStream(streamId, offset, length, fin);
            streams.onSent(length, fin);
        }
        return end(level, streamId, offset, length, nowNs, outbox);
    }

    private void writeStreamControl(final int streamId)
    {
        final FrameEncoder frames = writer.frames();
        if (record.is(StreamRecord.RESET_DUE))
        {
            frames.rstStream(streamId, record.get(StreamRecord.SENT), record.get(StreamRecord.RESET_ERROR));
            flags |= SentPackets.RESET;
            record.raise(StreamRecord.RESET_SENT);
        }
        if (record.is(StreamRecord.WINDOW_DUE))
        {
            frames.windowUpdate(streamId, record.get(StreamRecord.RECEIVE_LIMIT));
            flags |= SentPackets.STREAM_WINDOW;
        }
        if (record.is(StreamRecord.BLOCKED_DUE))
        {
            frames.blocked(streamId);
            flags |= SentPackets.STREAM_BLOCKED;
        }
        record.clear(StreamRecord.CONTROL_DUE);
    }

    private void writeStream(final int streamId, final long offset, final int length, final boolean fin)
    {
        final int at = writer.frames().streamInPlace(streamId, offset, fin, false, length);
        if (at >= 0)
        {
            streams.load(offset, writer.text(), at, length);
        }
        flags |= SentPackets.RANGE | (fin ? SentPackets.FIN : 0);
    }

    /** Sends the oldest lost range again, under a new number and, if it is a stream's, at the best level. */
    private int resend(final long nowNs, final Outbox outbox)
    {
        final int entry = sent.oldest(sent.lost());
        final int streamId = sent.streamId(entry);
        final boolean isCrypto = streamId == CryptoStream.ID;
        if (isCrypto ? !memory.hasMessages(session) : table.find(streamId) < 0 || record.is(StreamRecord.RESET_SENT))
        {
            sent.remove(entry);
            return SENT;
        }
        final int level = isCrypto ? sent.level(entry) : streamLevel();
        if (level == NO_LEVEL)
        {
            return NOTHING;
        }
        if (!writer.begin(level, outbox))
        {
            return REFUSED;
        }
        final long offset = sent.offset(entry);
        final int length = sent.length(entry);
        final boolean fin = (sent.flags(entry) & SentPackets.FIN) != 0;
        sent.remove(entry);
        flags = 0;
        final int spare = room(streamId, offset) - length;
        if (spare >= MAX_ACK_LENGTH + MAX_CONTROL_LENGTH && isAckWanted())
        {
            begin(level, !isCrypto, nowNs);
        }
        else if (spare >= MAX_CONTROL_LENGTH)
        {
            writeStopWaiting();
        }
        if (isCrypto)
        {
            writeCrypto(offset, length);
        }
        else
        {
            writeStream(streamId, offset, length, fin);
        }
        return end(level, streamId, offset, length, nowNs, outbox);
    }

    private int sendAck(final long nowNs, final Outbox outbox)
    {
        final int level = session.writeLevel();
        if (!writer.begin(level, outbox))
        {
            return REFUSED;
        }
        begin(level, false, nowNs);
        return end(level, 0, 0, 0, nowNs, outbox);
    }

    /** Writes what a packet begins with: an ACK if something came, and what the connection has to say. */
    private void begin(final int level, final boolean withControl, final long nowNs)
    {
        flags = 0;
        final FrameEncoder frames = writer.frames();
        if (isAckWanted())
        {
            AckState.write(session, frames, nowNs);
            AckState.onAckSent(session);
            writeStopWaiting();
        }
        if (withControl && level != GquicLevel.NULL)
        {
            writeControl(frames);
        }
    }

    private boolean isAckWanted()
    {
        return session.get(GquicSession.ACK_OWED) > 0 || session.is(GquicSession.ACK_DUE);
    }

    private void writeStopWaiting()
    {
        if (!session.isQ044() && !session.is(GquicSession.NO_STOP_WAITING))
        {
            writer.stopWaiting();
        }
    }

    private void writeControl(final FrameEncoder frames)
    {
        if (session.is(GquicSession.WINDOW_DUE))
        {
            frames.windowUpdate(0, session.get(GquicSession.RECEIVE_LIMIT));
            flags |= SentPackets.WINDOW;
        }
        if (session.is(GquicSession.BLOCKED_DUE))
        {
            frames.blocked(0);
            flags |= SentPackets.BLOCKED;
        }
        if (session.is(GquicSession.PING_DUE))
        {
            frames.ping();
            flags |= SentPackets.PING;
        }
        session.clear(GquicSession.WINDOW_DUE | GquicSession.BLOCKED_DUE | GquicSession.PING_DUE);
    }

    /** {@return how much data a frame can have} */
    private int room(final int streamId, final long offset)
    {
        final int room = writer.frames().remaining() - FrameEncoder.streamOverhead(streamId, offset, false);
        assert room >= MIN_RANGE_LENGTH : "a datagram is longer than all that comes before";
        return room;
    }

    private int end(
        final int level, final int streamId, final long offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        final long number = writer.number();
        writer.end(session.isClient() && streamId == CryptoStream.ID && offset == 0, outbox);
        if (flags != 0)
        {
            sent.add(number, nowNs, level, streamId, offset, length, flags);
            session.set(GquicSession.SENT_NS, nowNs);
        }
        return SENT;
    }

    /** {@return false when there is no room} Says that the connection ends; nothing follows. */
    boolean sendClose(final Outbox outbox)
    {
        final int level = session.writeLevel();
        if (!writer.begin(level, outbox))
        {
            return false;
        }
        writer.frames().connectionClose(session.get(GquicSession.ERROR), null, 0, 0);
        writer.end(false, outbox);
        return true;
    }
}
