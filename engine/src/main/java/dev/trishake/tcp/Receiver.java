// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpOptionWords;
import org.agrona.MutableDirectBuffer;

/**
 * The receiving half of a connection: window, reassembly, acknowledgments, FIN (RFC 9293 3.8.6, 3.10.7.4 seventh and
 * eighth).
 *
 * <pre>
 *  the receive buffer, a ring
 * +--------------------+-----------------------------------------------+
 * |  unread, in order  | free, with up to 4 ranges that came too early |
 * +--------------------+-----------------------------------------------+
 *  RCV_FIRST            RCV.NXT                                 RCV_EDGE
 * </pre>
 */
final class Receiver
{
    private static final int MAX_WINDOW_FIELD = 0xffff;
    private static final int RANGE_LENGTH = 8;
    /** As Linux: as many segments at the start of a connection are acknowledged at once, for slow start's sake. */
    static final int QUICK_ACKS = 16;

    private final Host host;
    private final int synWindow;

    Receiver(final Host host)
    {
        this.host = host;
        synWindow = Math.min(MAX_WINDOW_FIELD, host.buffers.length() - (1 << host.config.windowScale));
    }

    /** The window of SYN and SYN-ACK, which is never scaled: RFC 7323 2.2. */
    int synWindow()
    {
        return synWindow;
    }

    /**
     * The window field of the next segment; moves the edge that the peer may send up to. A right edge never moves back
     * by more than what scaling can't say, and forward only by a worthwhile step: RFC 9293 3.8.6.2.2.
     */
    int advertise()
    {
        final Tcb tcb = host.tcb;
        final int shift = tcb.get(Tcb.RCV_SHIFT);
        final int room = host.buffers.length() - tcb.get(Tcb.RCV_LEN);
        // less by a unit of the window, so that it may be rounded up: RFC 7323 2.4
        final int free = isBufferLacking() ? 0 : room - (1 << shift);
        final int current = tcb.rcvWnd();
        final int worthwhile = Math.min(host.replies.mss(), host.buffers.length() >> 1);
        final int window = free - current >= worthwhile ? free : current;
        final int field = Math.min(
            Math.min((window + (1 << shift) - 1) >> shift, room >> shift), MAX_WINDOW_FIELD);
        final int edge = tcb.get(Tcb.RCV_NXT) + (field << shift);
        tcb.set(Tcb.RCV_EDGE, Seq.max(edge, tcb.get(Tcb.RCV_EDGE)));
        return field;
    }

    private boolean isBufferLacking()
    {
        return host.tcb.get(Tcb.RCV_BUFFER) == BufferPool.NONE && host.buffers.isExhausted();
    }

    /** RFC 9293 3.4, table 6: whether some of the segment lies in the window. */
    boolean isAcceptable(final int next, final int window)
    {
        final Segment segment = host.segment;
        final int length = segment.segmentLength();
        if (length == 0)
        {
            return window == 0 ? segment.seq() == next : Seq.isInside(segment.seq(), next, window);
        }
        return Seq.isInside(segment.seq(), next, window) || Seq.isInside(segment.seq() + length - 1, next, window);
    }

    /** Takes what an acceptable segment carries: RFC 9293 3.10.7.4 seventh and eighth. */
    void onSegment(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        final int before = tcb.get(Tcb.RCV_NXT);
        if (segment.payloadLength() > 0 && !takeData())
        {
            return;
        }
        final int finSeq = segment.seq() + segment.payloadLength();
        if (segment.has(TcpFlags.FIN) && !Seq.isBefore(finSeq, tcb.get(Tcb.RCV_NXT)) &&
            Seq.isBefore(finSeq, tcb.get(Tcb.RCV_EDGE)))
        {
            tcb.raise(Tcb.FIN_REMEMBERED);
            tcb.set(Tcb.FIN_SEQ, finSeq);
        }
        final boolean isFin = tcb.is(Tcb.FIN_REMEMBERED) && tcb.get(Tcb.FIN_SEQ) == tcb.get(Tcb.RCV_NXT);
        final boolean advanced = tcb.get(Tcb.RCV_NXT) != before;
        if (isFin)
        {
            tcb.clear(Tcb.FIN_REMEMBERED);
            tcb.raise(Tcb.FIN_RECEIVED);
            tcb.add(Tcb.RCV_NXT, 1);
            tcb.set(Tcb.RCV_EDGE, Seq.max(tcb.get(Tcb.RCV_EDGE), tcb.get(Tcb.RCV_NXT)));
        }
        if (advanced || isFin)
        {
            host.onReadable();
        }
        if (segment.segmentLength() > 0)
        {
            owe(isFin || !advanced || tcb.get(Tcb.RANGE_COUNT) > 0 || segment.seq() != before, nowNs);
        }
    }

    /** Owes an acknowledgment: at once, or with the second segment, or a moment later: RFC 9293 3.8.6.3, 5681 4.2. */
    private void owe(final boolean atOnce, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int quick = tcb.get(Tcb.QUICK_ACKS);
        if (atOnce || quick > 0 || tcb.is(Tcb.ACK_DELAYED) || host.config.delayedAckNs == 0)
        {
            tcb.set(Tcb.QUICK_ACKS, Math.max(0, quick - 1));
            tcb.raise(Tcb.ACK_NOW);
        }
        else
        {
            tcb.raise(Tcb.ACK_DELAYED);
            host.sessions.timers.schedule(
                host.sessions.timer(Sessions.OUTPUT, tcb.slot()), nowNs + host.config.delayedAckNs);
        }
    }

    /** Puts payload where it belongs. False when there is no buffer: the segment is as good as lost. */
    private boolean takeData()
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        final int next = tcb.get(Tcb.RCV_NXT);
        final int first = Seq.max(segment.seq(), next);
        final int end = Seq.min(segment.seq() + segment.payloadLength(), tcb.get(Tcb.RCV_EDGE));
        final int length = end - first;
        if (length <= 0)
        {
            return true;
        }
        if (tcb.get(Tcb.RCV_BUFFER) == BufferPool.NONE)
        {
            final int buffer = host.buffers.acquire();
            if (buffer == BufferPool.NONE)
            {
                host.count(TcpCounter.BUFFERS_EXHAUSTED);
                host.count(TcpCounter.RCV_Q_DROP);
                return false;
            }
            tcb.set(Tcb.RCV_BUFFER, buffer);
        }
        if (first != next && !remember(first, end))
        {
            host.count(TcpCounter.RCV_Q_DROP);
            return true;
        }
        host.buffers.write(
            tcb.get(Tcb.RCV_BUFFER),
            tcb.get(Tcb.RCV_FIRST) + tcb.get(Tcb.RCV_LEN) + first - next,
            segment.buffer(),
            segment.payloadOffset() + first - segment.seq(),
            length);
        if (first == next)
        {
            advanceTo(end);
        }
        else
        {
            host.count(TcpCounter.OFO_QUEUE);
        }
        return true;
    }

    private void advanceTo(final int end)
    {
        final Tcb tcb = host.tcb;
        int to = end;
        while (tcb.get(Tcb.RANGE_COUNT) > 0 && !Seq.isAfter(first(0), to))
        {
            to = Seq.max(to, end(0));
            removeRange(0);
        }
        tcb.add(Tcb.RCV_LEN, to - tcb.get(Tcb.RCV_NXT));
        tcb.set(Tcb.RCV_NXT, to);
    }

    /** Remembers a range that came too early, joined with those it touches; false when there are too many. */
    private boolean remember(final int first, final int end)
    {
        final Tcb tcb = host.tcb;
        int at = 0;
        while (at < tcb.get(Tcb.RANGE_COUNT) && Seq.isBefore(end(at), first))
        {
            at++;
        }
        int joinedFirst = first;
        int joinedEnd = end;
        while (at < tcb.get(Tcb.RANGE_COUNT) && !Seq.isAfter(first(at), end))
        {
            joinedFirst = Seq.min(joinedFirst, first(at));
            joinedEnd = Seq.max(joinedEnd, end(at));
            removeRange(at);
        }
        final int count = tcb.get(Tcb.RANGE_COUNT);
        if (count == Tcb.MAX_RANGES)
        {
            return false;
        }
        for (int i = count; i > at; i--)
        {
            range(i, first(i - 1), end(i - 1));
        }
        range(at, joinedFirst, joinedEnd);
        tcb.set(Tcb.RANGE_COUNT, count + 1);
        tcb.set(Tcb.NEWEST_RANGE, at);
        return true;
    }

    private void removeRange(final int at)
    {
        final Tcb tcb = host.tcb;
        final int count = tcb.get(Tcb.RANGE_COUNT) - 1;
        for (int i = at; i < count; i++)
        {
            range(i, first(i + 1), end(i + 1));
        }
        tcb.set(Tcb.RANGE_COUNT, count);
        tcb.set(Tcb.NEWEST_RANGE, 0);
    }

    private int first(final int at)
    {
        return host.tcb.get(Tcb.RANGES + at * RANGE_LENGTH);
    }

    private int end(final int at)
    {
        return host.tcb.get(Tcb.RANGES + at * RANGE_LENGTH + Integer.BYTES);
    }

    private void range(final int at, final int first, final int end)
    {
        host.tcb.set(Tcb.RANGES + at * RANGE_LENGTH, first);
        host.tcb.set(Tcb.RANGES + at * RANGE_LENGTH + Integer.BYTES, end);
    }

    /** RFC 2018 4: the range that has just grown goes first. */
    void appendSack(final TcpOptionWords options)
    {
        final Tcb tcb = host.tcb;
        final int ranges = tcb.get(Tcb.RANGE_COUNT);
        if (ranges == 0 || !tcb.is(Tcb.SACK))
        {
            return;
        }
        final int count = Math.min(ranges, tcb.is(Tcb.TIMESTAMPS) ? 3 : 4);
        final int newest = tcb.get(Tcb.NEWEST_RANGE);
        options.sack(count).sackBlock(first(newest), end(newest));
        for (int i = 0, told = 1; told < count; i++)
        {
            if (i != newest)
            {
                options.sackBlock(first(i), end(i));
                told++;
            }
        }
    }

    /** The user's receive: copies, and tells the peer of the window when that is worth a segment. */
    int read(final MutableDirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int count = Math.min(length, tcb.get(Tcb.RCV_LEN));
        if (count <= 0)
        {
            return 0;
        }
        host.buffers.read(tcb.get(Tcb.RCV_BUFFER), tcb.get(Tcb.RCV_FIRST), buffer, offset, count);
        tcb.add(Tcb.RCV_FIRST, count);
        tcb.add(Tcb.RCV_LEN, -count);
        releaseBufferIfEmpty();
        if (!tcb.is(Tcb.FIN_RECEIVED) && (tcb.in(TcpState.ESTABLISHED) || tcb.in(TcpState.FIN_WAIT_1) ||
            tcb.in(TcpState.FIN_WAIT_2)) && isUpdateWorthwhile())
        {
            host.replies.ack(nowNs);
        }
        return count;
    }

    /** Whether the window has opened by two segments or half of the buffer since the peer was told. */
    private boolean isUpdateWorthwhile()
    {
        final int free = host.buffers.length() - host.tcb.get(Tcb.RCV_LEN) - (1 << host.tcb.get(Tcb.RCV_SHIFT));
        final int opened = free - host.tcb.rcvWnd();
        return opened >= Math.min(2 * host.replies.mss(), host.buffers.length() >> 1) &&
            (host.tcb.rcvWnd() < host.buffers.length() >> 1 || opened >= host.buffers.length() >> 1);
    }

    void releaseBufferIfEmpty()
    {
        final Tcb tcb = host.tcb;
        if (tcb.get(Tcb.RCV_LEN) == 0 && tcb.get(Tcb.RANGE_COUNT) == 0)
        {
            releaseBuffer();
        }
    }

    void releaseBuffer()
    {
        final Tcb tcb = host.tcb;
        if (tcb.get(Tcb.RCV_BUFFER) != BufferPool.NONE)
        {
            host.buffers.release(tcb.get(Tcb.RCV_BUFFER));
            tcb.set(Tcb.RCV_BUFFER, BufferPool.NONE);
        }
        tcb.set(Tcb.RCV_LEN, 0);
        tcb.set(Tcb.RCV_FIRST, 0);
        tcb.set(Tcb.RANGE_COUNT, 0);
    }
}
