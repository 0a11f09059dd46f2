// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.DirectBuffer;

/**
 * The sending half of a connection: what goes out when, and again (RFC 9293 3.8, 6298); as if TCP_NODELAY were set.
 *
 * <pre>
 *  the send buffer, a ring; the FIN's number is behind its last byte
 * +---------------------------+------------------------+
 * |  sent, not acknowledged   |      not sent yet      |
 * +---------------------------+------------------------+
 *  SND_FIRST = SND.UNA         SND_NXT                   SND_LEN bytes
 * </pre>
 */
final class Sender
{
    /** Dup ACKs that make a segment lost, RFC 5681 3.2. */
    private static final int DUP_ACK_THRESHOLD = 3;
    /** Linux's tcp_min_snd_mss: a peer must not make us send its data byte by byte. */
    private static final int MIN_SND_MSS = 48;
    private static final int TIMESTAMPS_LENGTH = 12; // with the two NOPs before them

    final Rto rto;
    final Congestion congestion;
    private final Host host;

    Sender(final Host host)
    {
        this.host = host;
        this.rto = new Rto(host.config);
        this.congestion = new Congestion();
    }

    /** The user's send: takes what there is room for. */
    int write(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        if (length <= 0)
        {
            return 0;
        }
        if (!acquireBuffer())
        {
            return 0;
        }
        final int queued = tcb.get(Tcb.SND_LEN);
        final int count = Math.min(length, host.buffers.length() - queued);
        host.buffers.write(tcb.get(Tcb.SND_BUFFER), tcb.get(Tcb.SND_FIRST) + queued, buffer, offset, count);
        tcb.set(Tcb.SND_LEN, queued + count);
        if (count < length)
        {
            tcb.raise(Tcb.WRITABLE_WANTED);
        }
        if (isOpen())
        {
            output(nowNs);
        }
        return count;
    }

    /** What the user's send would take now; news of more will come where that is less than half of the buffer. */
    int room()
    {
        if (!acquireBuffer())
        {
            return 0;
        }
        final int room = host.buffers.length() - host.tcb.get(Tcb.SND_LEN);
        if (room < host.buffers.length() >> 1)
        {
            host.tcb.raise(Tcb.WRITABLE_WANTED);
        }
        return room;
    }

    private boolean acquireBuffer()
    {
        final Tcb tcb = host.tcb;
        if (tcb.get(Tcb.SND_BUFFER) == BufferPool.NONE)
        {
            final int acquired = host.buffers.acquire();
            if (acquired == BufferPool.NONE)
            {
                host.count(TcpCounter.BUFFERS_EXHAUSTED);
                return false;
            }
            tcb.set(Tcb.SND_BUFFER, acquired);
        }
        return true;
    }

    private boolean isOpen()
    {
        return switch (host.tcb.state())
        {
            case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK -> true;
            case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, FIN_WAIT_2, TIME_WAIT -> false;
        };
    }

    /** Sends what may be sent, an acknowledgment with it or alone, and sees to the timer. */
    void output(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        if (isOpen())
        {
            boolean sent = true;
            while (sent && hasNext())
            {
                sent = sendNext(nowNs);
            }
        }
        if (tcb.is(Tcb.ACK_NOW))
        {
            host.replies.ack(nowNs);
        }
        armTimer(nowNs);
    }

    /** Whether something is next that windows let out: RFC 9293 3.8.6.2.1 about segments that are not full. */
    private boolean hasNext()
    {
        final Tcb tcb = host.tcb;
        final int sent = tcb.get(Tcb.SND_NXT) - tcb.get(Tcb.SND_UNA);
        final int unsent = tcb.get(Tcb.SND_LEN) - sent;
        final int room = Math.min(tcb.get(Tcb.SND_WND), tcb.get(Tcb.CWND)) - sent;
        if (unsent < 0 || room <= 0)
        {
            return false;
        }
        if (unsent == 0)
        {
            return tcb.is(Tcb.FIN_QUEUED);
        }
        final int mss = tcb.get(Tcb.SND_MSS);
        return room >= Math.min(unsent, mss) || sent == 0 || room >= tcb.get(Tcb.MAX_SND_WND) >> 1;
    }

    private boolean sendNext(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int sent = tcb.get(Tcb.SND_NXT) - tcb.get(Tcb.SND_UNA);
        final int room = Math.min(tcb.get(Tcb.SND_WND), tcb.get(Tcb.CWND)) - sent;
        final int length = Math.min(Math.min(tcb.get(Tcb.SND_LEN) - sent, room), tcb.get(Tcb.SND_MSS));
        return send(tcb.get(Tcb.SND_NXT), length, nowNs);
    }

    /** Sends length bytes from seq on, and the FIN when they are the last: new ones, or some again. */
    private boolean send(final int seq, final int length, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int start = seq - tcb.get(Tcb.SND_UNA);
        final boolean isLast = start + length == tcb.get(Tcb.SND_LEN);
        final boolean withFin = isLast && tcb.is(Tcb.FIN_QUEUED);
        final TcpOptionsEncoder options = host.writer.options();
        host.replies.appendTimestamps(options, nowNs);
        final int flags =
            TcpFlags.ACK | (isLast && length > 0 ? TcpFlags.PSH : 0) | (withFin ? TcpFlags.FIN : 0);
        if (!host.writer.write(
            host.tuple, flags, seq, tcb.get(Tcb.RCV_NXT), host.receiver.advertise(),
            tcb.get(Tcb.SND_BUFFER), tcb.get(Tcb.SND_FIRST) + start, length))
        {
            putOff(nowNs);
            return false;
        }
        host.replies.acked();
        if (withFin)
        {
            tcb.raise(Tcb.FIN_SENT);
        }
        final int end = seq + length + (withFin ? 1 : 0);
        if (Seq.isAfter(end, tcb.get(Tcb.SND_MAX)))
        {
            if (!tcb.is(Tcb.RTT_TIMED) && seq == tcb.get(Tcb.SND_MAX))
            {
                tcb.raise(Tcb.RTT_TIMED);
                tcb.set(Tcb.RTT_SEQ, end);
                tcb.set(Tcb.RTT_NS, nowNs);
            }
            tcb.set(Tcb.SND_MAX, end);
        }
        else
        {
            host.count(TcpCounter.RETRANS_SEGS);
            tcb.clear(Tcb.RTT_TIMED); // Karn: RFC 6298 3
        }
        tcb.set(Tcb.SND_NXT, Seq.max(tcb.get(Tcb.SND_NXT), end));
        return true;
    }

    /** Sends the oldest segment again, whatever the window: RFC 6298 5.4, 9293 3.8.6 MUST-34. */
    private boolean retransmitOldest(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int sent = tcb.get(Tcb.SND_MAX) - tcb.get(Tcb.SND_UNA) - (tcb.is(Tcb.FIN_SENT) ? 1 : 0);
        return send(tcb.get(Tcb.SND_UNA), Math.min(sent, tcb.get(Tcb.SND_MSS)), nowNs);
    }

    /** The outbox is full: tries again at the next call of onTimers. */
    void putOff(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        tcb.raise(Tcb.ACK_DELAYED);
        host.sessions.timers.schedule(host.sessions.timer(Sessions.OUTPUT, tcb.slot()), nowNs);
    }

    /** An acknowledgment that is acceptable, SND.UNA &lt; SEG.ACK &lt;= SND.NXT: RFC 9293 3.10.7.4 fifth. */
    void onAdvance(final int ack, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final boolean isFinAcked = tcb.is(Tcb.FIN_SENT) && ack == tcb.get(Tcb.SND_MAX);
        final int data = ack - tcb.get(Tcb.SND_UNA) - (isFinAcked ? 1 : 0);
        sample(ack, nowNs);
        tcb.set(Tcb.SND_UNA, ack);
        tcb.set(Tcb.SND_NXT, Seq.max(tcb.get(Tcb.SND_NXT), ack));
        tcb.add(Tcb.SND_FIRST, data);
        tcb.add(Tcb.SND_LEN, -data);
        tcb.set(Tcb.BACKOFFS, 0);
        rto.restore(tcb);
        if (tcb.get(Tcb.SND_LEN) == 0)
        {
            releaseBuffer();
        }
        if (congestion.onAdvance(tcb, data))
        {
            retransmitOldest(nowNs);
        }
        host.sessions.timers.cancel(host.sessions.timer(Sessions.RETRANSMIT, tcb.slot()));
        if (tcb.is(Tcb.WRITABLE_WANTED))
        {
            tcb.clear(Tcb.WRITABLE_WANTED);
            host.onWritable();
        }
    }

    private void sample(final int ack, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        if (tcb.is(Tcb.TIMESTAMPS) && host.segment.options().hasTimestamps())
        {
            final int sentMs = host.segment.options().tsEcr() - tcb.get(Tcb.TS_OFFSET);
            final int elapsedMs = Isn.milliseconds(nowNs) - sentMs;
            if (elapsedMs >= 0)
            {
                rto.sample(tcb, elapsedMs * 1_000_000L);
            }
        }
        else if (tcb.is(Tcb.RTT_TIMED) && !Seq.isBefore(ack, tcb.get(Tcb.RTT_SEQ)))
        {
            rto.sample(tcb, nowNs - tcb.get(Tcb.RTT_NS));
        }
        if (!Seq.isBefore(ack, tcb.get(Tcb.RTT_SEQ)))
        {
            tcb.clear(Tcb.RTT_TIMED);
        }
    }

    /** SND.WND from an acceptable segment: RFC 9293 3.10.7.4 fifth. True when it has changed. */
    boolean updateWindow()
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        final int wl1 = tcb.get(Tcb.SND_WL1);
        if (Seq.isBefore(wl1, segment.seq()) ||
            (wl1 == segment.seq() && !Seq.isAfter(tcb.get(Tcb.SND_WL2), segment.ack())))
        {
            final int window = segment.window() << tcb.get(Tcb.SND_SHIFT);
            final boolean changed = window != tcb.get(Tcb.SND_WND);
            tcb.set(Tcb.SND_WND, window);
            tcb.set(Tcb.MAX_SND_WND, Math.max(window, tcb.get(Tcb.MAX_SND_WND)));
            tcb.set(Tcb.SND_WL1, segment.seq());
            tcb.set(Tcb.SND_WL2, segment.ack());
            if (window > 0 && tcb.is(Tcb.PROBING))
            {
                tcb.clear(Tcb.PROBING);
                tcb.set(Tcb.BACKOFFS, 0);
                rto.restore(tcb);
                host.sessions.timers.cancel(host.sessions.timer(Sessions.RETRANSMIT, tcb.slot()));
            }
            return changed;
        }
        return false;
    }

    /** An acknowledgment of SND.UNA once more, RFC 5681 2: no data, no FIN, the same window, something in flight. */
    void onDuplicate(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        tcb.add(Tcb.DUP_ACKS, 1);
        final int count = tcb.get(Tcb.DUP_ACKS);
        if (count == DUP_ACK_THRESHOLD && congestion.mayRecover(tcb))
        {
            host.count(TcpCounter.FAST_RETRANS);
            congestion.onLoss(tcb);
            retransmitOldest(nowNs);
        }
        else if (count > DUP_ACK_THRESHOLD && tcb.is(Tcb.RECOVERING))
        {
            tcb.add(Tcb.CWND, tcb.get(Tcb.SND_MSS));
        }
    }

    private void armTimer(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int timer = host.sessions.timer(Sessions.RETRANSMIT, tcb.slot());
        if (host.sessions.timers.isScheduled(timer))
        {
            return;
        }
        if (tcb.inFlight() > 0)
        {
            tcb.clear(Tcb.PROBING);
            host.sessions.timers.schedule(timer, nowNs + Rto.ns(tcb));
        }
        else if (isOpen() && !tcb.isFinAcked() && (tcb.get(Tcb.SND_LEN) > 0 || tcb.is(Tcb.FIN_QUEUED)))
        {
            tcb.raise(Tcb.PROBING); // the window is closed: RFC 9293 3.8.6.1
            host.sessions.timers.schedule(timer, nowNs + Rto.ns(tcb));
        }
    }

    /** The retransmission timer of an open connection fired. */
    void onTimeout(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int limit = tcb.is(Tcb.USER_CLOSED) ? host.config.orphanRetries : host.config.retries;
        if (tcb.get(Tcb.BACKOFFS) >= limit)
        {
            host.count(TcpCounter.ABORT_ON_TIMEOUT);
            host.connections.end(TcpResult.TIMED_OUT);
            return;
        }
        final boolean written;
        if (tcb.is(Tcb.PROBING))
        {
            host.count(TcpCounter.WIN_PROBE);
            host.replies.probe(nowNs);
            written = true;
        }
        else
        {
            host.count(TcpCounter.TIMEOUTS);
            tcb.record(Tcb.RETRANSMITTED);
            congestion.onTimeout(tcb);
            tcb.set(Tcb.SND_NXT, tcb.get(Tcb.SND_UNA));
            written = retransmitOldest(nowNs);
        }
        if (written)
        {
            tcb.add(Tcb.BACKOFFS, 1);
            rto.backOff(tcb);
        }
        host.sessions.timers.schedule(
            host.sessions.timer(Sessions.RETRANSMIT, tcb.slot()), nowNs + (written ? Rto.ns(tcb) : 0));
    }

    /** The peer's segment size as options and path leave it, RFC 9293 3.7.1. */
    void chooseMss()
    {
        final Tcb tcb = host.tcb;
        int mss = Math.min(tcb.get(Tcb.PEER_MSS), host.replies.mss());
        if (tcb.get(Tcb.MTU_MSS) != 0)
        {
            mss = Math.min(mss, tcb.get(Tcb.MTU_MSS));
        }
        mss = Math.max(mss, MIN_SND_MSS);
        tcb.set(Tcb.SND_MSS, mss - (tcb.is(Tcb.TIMESTAMPS) ? TIMESTAMPS_LENGTH : 0));
    }

    /** Forgets what was sent beyond SND.UNA, so that it goes out again in smaller segments: RFC 1191 6.4. */
    void resend(final long nowNs)
    {
        host.tcb.set(Tcb.SND_NXT, host.tcb.get(Tcb.SND_UNA));
        output(nowNs);
    }

    void releaseBuffer()
    {
        final Tcb tcb = host.tcb;
        if (tcb.get(Tcb.SND_BUFFER) != BufferPool.NONE)
        {
            host.buffers.release(tcb.get(Tcb.SND_BUFFER));
            tcb.set(Tcb.SND_BUFFER, BufferPool.NONE);
        }
        tcb.set(Tcb.SND_LEN, 0);
        tcb.set(Tcb.SND_FIRST, 0);
    }
}
