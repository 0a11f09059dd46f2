// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.SessionSlab;

/**
 * The application streams of the session that its view lies over: a list of records from a pool that all sessions
 * share.
 *
 * <p>A client's streams have odd IDs from 3 on, a server's even ones from 2 on. Which of the peer's last
 * {@value #MAX_PER_SESSION} have been seen is a bit each, so that a late frame does not open a stream again, and one
 * that overtook another's does not close it.
 */
final class Streams
{
    /** Most open streams of one side. */
    static final int MAX_PER_SESSION = Long.SIZE;

    /** Chromium's stream of HTTP headers, which does not count in the connection's windows, nor does the first. */
    static final int HEADERS = 3;

    /** The peer may not know yet that a stream is closed: so many more are not held against it, as quic-go has it. */
    private static final int GRACE = 10;

    /** What {@link #find} answers for a stream that is over, or that this side never had. */
    static final int GONE = -1;
    /** What {@link #find} answers for one that the peer may open now. */
    static final int NEW = -2;
    /** What {@link #find} answers for an ID that the peer may not use. */
    static final int INVALID = -3;

    private final GquicMemory memory;
    private final GquicSession session;
    private final StreamRecord record;
    private final StreamRecord other;

    Streams(final GquicMemory memory, final GquicSession session, final StreamRecord record)
    {
        this.memory = memory;
        this.session = session;
        this.record = record;
        other = memory.streamView();
    }

    /** Begins a session. */
    void begin()
    {
        session.set(GquicSession.NEXT_STREAM, session.isClient() ? HEADERS : 2);
        session.set(GquicSession.PEER_TOP_STREAM, session.isClient() ? 0 : CryptoStream.ID);
        session.set(GquicSession.PEER_STREAM_BITS, 1L);
    }

    /** {@return whether a stream counts in the connection's windows} */
    static boolean counts(final int streamId)
    {
        return streamId != HEADERS;
    }

    /** {@return the record of an open stream, laid under the view; else GONE, NEW or INVALID} */
    int find(final int streamId)
    {
        for (int index = first(); index >= 0; index = record.get(StreamRecord.NEXT) - 1)
        {
            if (record.wrap(index).get(StreamRecord.ID) == streamId)
            {
                return index;
            }
        }
        if (isOwn(streamId))
        {
            return Integer.compareUnsigned(streamId, session.get(GquicSession.NEXT_STREAM)) < 0 ? GONE : INVALID;
        }
        if (streamId == 0 || streamId == CryptoStream.ID)
        {
            return INVALID;
        }
        final int top = session.get(GquicSession.PEER_TOP_STREAM);
        if (Integer.compareUnsigned(streamId, top) > 0)
        {
            return NEW;
        }
        final int below = (top - streamId) >>> 1;
        return below >= Long.SIZE || (session.get(GquicSession.PEER_STREAM_BITS) >>> below & 1) != 0 ? GONE : NEW;
    }

    /** {@return the first record of the session, -1 without any} */
    int first()
    {
        return session.get(GquicSession.STREAM_FIRST) - 1;
    }

    private boolean isOwn(final int streamId)
    {
        return (streamId & 1) == (session.isClient() ? 1 : 0) && streamId != CryptoStream.ID;
    }

    /** {@return whether the peer has more streams open than it may} */
    boolean isPeerAtLimit()
    {
        return session.get(GquicSession.PEER_OPEN_STREAMS) >= memory.config.streamsPerSession + GRACE;
    }

    /** {@return false when there is no record} Opens a stream of the peer that {@link #find} has called NEW. */
    boolean openPeers(final int streamId)
    {
        if (!take(streamId, 0))
        {
            memory.counters.streamsRefused++;
            return false;
        }
        session.add(GquicSession.PEER_OPEN_STREAMS, 1);
        final int top = session.get(GquicSession.PEER_TOP_STREAM);
        final long bits = session.get(GquicSession.PEER_STREAM_BITS);
        if (Integer.compareUnsigned(streamId, top) > 0)
        {
            final int ahead = (streamId - top) >>> 1;
            session.set(GquicSession.PEER_STREAM_BITS, ahead >= Long.SIZE ? 1 : bits << ahead | 1);
            session.set(GquicSession.PEER_TOP_STREAM, streamId);
        }
        else
        {
            session.set(GquicSession.PEER_STREAM_BITS, bits | 1L << ((top - streamId) >>> 1));
        }
        return true;
    }

    /** {@return the ID of a new stream of this side; -1 when there is no room for it here or at the peer} */
    int openOwn()
    {
        final int told = session.get(GquicSession.PEER_STREAMS);
        final int limit = Math.min(MAX_PER_SESSION, told == 0 ? memory.config.streamsPerSession : told);
        final int streamId = session.get(GquicSession.NEXT_STREAM);
        if (session.get(GquicSession.OWN_OPEN_STREAMS) >= limit || !take(streamId, StreamRecord.IS_OWN))
        {
            return -1;
        }
        session.add(GquicSession.OWN_OPEN_STREAMS, 1);
        session.set(GquicSession.NEXT_STREAM, streamId + 2);
        return streamId;
    }

    private boolean take(final int streamId, final int flags)
    {
        final int index = memory.streams.acquire();
        if (index == SessionSlab.NULL_SLOT)
        {
            return false;
        }
        record.wrap(index);
        record.set(StreamRecord.ID, streamId);
        record.raise(flags);
        record.set(StreamRecord.RECEIVE_LIMIT, memory.config.streamWindow);
        // behind the others, so that each has its turn
        int last = first();
        while (last >= 0 && other.wrap(last).get(StreamRecord.NEXT) != 0)
        {
            last = other.get(StreamRecord.NEXT) - 1;
        }
        if (last < 0)
        {
            session.set(GquicSession.STREAM_FIRST, index + 1);
        }
        else
        {
            other.set(StreamRecord.NEXT, index + 1);
        }
        return true;
    }

    /** Puts the stream under the view behind all others: the next one has its turn. */
    void letOthersFirst()
    {
        final int index = record.index();
        if (record.get(StreamRecord.NEXT) == 0)
        {
            return;
        }
        unlink(index);
        int last = first();
        while (other.wrap(last).get(StreamRecord.NEXT) != 0)
        {
            last = other.get(StreamRecord.NEXT) - 1;
        }
        other.set(StreamRecord.NEXT, index + 1);
        record.set(StreamRecord.NEXT, 0);
    }

    /** Gives the stream under the view back when both of its sides are over. */
    void releaseIfDone()
    {
        final boolean isAllAcked =
            record.get(StreamRecord.ACKED) == record.get(StreamRecord.END) || record.is(StreamRecord.RESET_SENT);
        if (record.is(StreamRecord.END_TOLD) && record.is(StreamRecord.FIN_ACKED) && isAllAcked)
        {
            session.add(record.is(StreamRecord.IS_OWN) ? GquicSession.OWN_OPEN_STREAMS :
                GquicSession.PEER_OPEN_STREAMS, -1);
            final int index = record.index();
            unlink(index);
            memory.streams.release(index);
        }
    }

    /** Gives all streams of the session back. */
    void releaseAll()
    {
        int index = first();
        while (index >= 0)
        {
            final int next = record.wrap(index).get(StreamRecord.NEXT) - 1;
            memory.streams.release(index);
            index = next;
        }
        session.set(GquicSession.STREAM_FIRST, 0);
    }

    private void unlink(final int index)
    {
        final int next = other.wrap(index).get(StreamRecord.NEXT);
        if (first() == index)
        {
            session.set(GquicSession.STREAM_FIRST, next);
            return;
        }
        int previous = first();
        while (other.wrap(previous).get(StreamRecord.NEXT) != index + 1)
        {
            previous = other.get(StreamRecord.NEXT) - 1;
        }
        other.set(StreamRecord.NEXT, next);
    }
}
