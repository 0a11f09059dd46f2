// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpOptionsDecoder;

/**
 * A segment arrives for a connection that has both SYNs: RFC 9293 3.10.7.4 with RFC 5961, in the order reset, SYN,
 * window, ACK, data, FIN. TIME-WAIT has its own rules, SYN-SENT too.
 */
final class Arrival
{
    /** RFC 7323 5.5: an older TS.Recent says nothing. */
    private static final int TS_RECENT_LIFE_MS = 24 * 24 * 3600 * 1000;

    private final Host host;

    Arrival(final Host host)
    {
        this.host = host;
    }

    void onSegment(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        if (segment.has(TcpFlags.RST))
        {
            onReset(nowNs);
            return;
        }
        if (completesSimultaneousOpen())
        {
            establish(nowNs);
            tcb.raise(Tcb.ACK_NOW);
            host.sender.output(nowNs);
            return;
        }
        if (segment.has(TcpFlags.SYN))
        {
            host.count(TcpCounter.SYN_CHALLENGE);
            host.replies.challenge(nowNs);
            return;
        }
        if (isOld(tcb.get(Tcb.TS_RECENT), tcb.get(Tcb.TS_RECENT_MS), tcb.is(Tcb.TIMESTAMPS), nowNs))
        {
            host.count(TcpCounter.PAWS_ESTAB);
            host.replies.ackUnacceptable(nowNs);
            return;
        }
        if (!host.receiver.isAcceptable(tcb.get(Tcb.RCV_NXT), tcb.rcvWnd()))
        {
            onUnacceptable(nowNs);
            return;
        }
        if (!segment.has(TcpFlags.ACK))
        {
            return;
        }
        onAck(nowNs);
    }

    /** RFC 5961 3.2: exact, or a challenge, or nothing. */
    private void onReset(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int seq = host.segment.seq();
        if (seq == tcb.get(Tcb.RCV_NXT))
        {
            tcb.record(Tcb.RESET_RECEIVED);
            switch (tcb.state())
            {
                case SYN_RECEIVED ->
                {
                    host.count(TcpCounter.EMBRYONIC_RSTS);
                    host.connections.end(TcpResult.REFUSED);
                }
                case CLOSING, LAST_ACK -> host.connections.end(TcpResult.OK);
                default -> host.connections.end(TcpResult.RESET);
            }
        }
        else if (Seq.isInside(seq, tcb.get(Tcb.RCV_NXT), tcb.rcvWnd()))
        {
            host.replies.challenge(nowNs);
        }
    }

    /** The peer's SYN-ACK for our SYN-ACK, RFC 9293 3.5 figure 7; its SYN is the one we have. */
    private boolean completesSimultaneousOpen()
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        return tcb.in(TcpState.SYN_RECEIVED) && segment.has(TcpFlags.SYN) && segment.has(TcpFlags.ACK) &&
            !segment.has(TcpFlags.FIN) && segment.seq() == tcb.get(Tcb.IRS) &&
            segment.ack() == tcb.get(Tcb.SND_MAX);
    }

    private void establish(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        final int shift = segment.has(TcpFlags.SYN) ? 0 : tcb.get(Tcb.SND_SHIFT);
        if (tcb.is(Tcb.SYN_RETRANSMITTED))
        {
            host.sender.rto.afterLostSyn(tcb);
        }
        host.connections.establish(segment.window() << shift, nowNs);
        host.onEstablished();
    }

    /** The segment that opened the connection passively: what it carries is taken too. */
    void onOpeningSegment(final long nowNs)
    {
        updateTsRecent(nowNs);
        if (host.segment.segmentLength() > 0) // a bare ACK brings nothing, and of our side nothing waits yet
        {
            takeText(nowNs);
        }
    }

    /** PAWS, RFC 7323 5.3: a timestamp before TS.Recent, while that is good. */
    boolean isOld(final int tsRecent, final int tsRecentMs, final boolean timestamps, final long nowNs)
    {
        if (!timestamps)
        {
            return false;
        }
        final TcpOptionsDecoder options = host.segment.options();
        return options.hasTimestamps() && options.tsVal() - tsRecent < 0 &&
            Isn.milliseconds(nowNs) - tsRecentMs < TS_RECENT_LIFE_MS;
    }

    private void onUnacceptable(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        // RFC 9293 3.4 MUST-66: with no window its ACK still counts
        if (tcb.rcvWnd() == 0 && segment.seq() == tcb.get(Tcb.RCV_NXT) && segment.has(TcpFlags.ACK) &&
            isAckAcceptable() && !tcb.in(TcpState.SYN_RECEIVED))
        {
            takeAck(nowNs);
            if (tcb.in(TcpState.CLOSED))
            {
                return;
            }
        }
        host.replies.ackUnacceptable(nowNs);
        host.sender.output(nowNs);
    }

    /** RFC 5961 5.2: SND.UNA - MAX.SND.WND &lt;= SEG.ACK &lt;= SND.NXT. */
    private boolean isAckAcceptable()
    {
        final Tcb tcb = host.tcb;
        final int ack = host.segment.ack();
        return !Seq.isBefore(ack, tcb.get(Tcb.SND_UNA) - tcb.get(Tcb.MAX_SND_WND)) &&
            !Seq.isAfter(ack, tcb.get(Tcb.SND_MAX));
    }

    private void onAck(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        if (tcb.in(TcpState.SYN_RECEIVED))
        {
            if (segment.ack() != tcb.get(Tcb.SND_MAX))
            {
                host.replies.resetAtAck();
                return;
            }
            establish(nowNs);
        }
        else if (!isAckAcceptable())
        {
            host.replies.challenge(nowNs);
            return;
        }
        tcb.set(Tcb.RECEIVED_NS, nowNs);
        tcb.set(Tcb.PROBES, 0);
        updateTsRecent(nowNs);
        if (!takeAck(nowNs))
        {
            return;
        }
        takeText(nowNs);
    }

    /** RFC 7323 4.3: TS.Recent follows the segment that the last acknowledgment was for. */
    private void updateTsRecent(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        if (tcb.is(Tcb.TIMESTAMPS) && host.segment.options().hasTimestamps() &&
            !Seq.isAfter(host.segment.seq(), tcb.get(Tcb.LAST_ACK_SENT)) &&
            host.segment.options().tsVal() - tcb.get(Tcb.TS_RECENT) >= 0)
        {
            tcb.set(Tcb.TS_RECENT, host.segment.options().tsVal());
            tcb.set(Tcb.TS_RECENT_MS, Isn.milliseconds(nowNs));
        }
    }

    /** RFC 9293 3.10.7.4 fifth, behind the check; false when that ended the connection or left it to TIME-WAIT. */
    private boolean takeAck(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        final int una = tcb.get(Tcb.SND_UNA);
        if (tcb.is(Tcb.PROBING) && !tcb.is(Tcb.USER_CLOSED))
        {
            tcb.set(Tcb.BACKOFFS, 0); // RFC 9293 3.8.6.1 MUST-37: as long as it answers
        }
        if (Seq.isAfter(segment.ack(), una))
        {
            host.sender.updateWindow();
            host.sender.onAdvance(segment.ack(), nowNs);
        }
        else
        {
            final boolean isWindowSame = !host.sender.updateWindow();
            if (isWindowSame && segment.ack() == una && segment.segmentLength() == 0 && tcb.inFlight() > 0)
            {
                host.sender.onDuplicate(nowNs);
            }
        }
        return !tcb.isFinAcked() || onFinAcked(nowNs);
    }

    private boolean onFinAcked(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        switch (tcb.state())
        {
            case FIN_WAIT_1 ->
            {
                tcb.transition(TcpState.FIN_WAIT_2);
                if (tcb.is(Tcb.USER_CLOSED))
                {
                    host.connections.limitFinWait2(nowNs);
                }
                return true;
            }
            case CLOSING ->
            {
                if (host.segment.has(TcpFlags.FIN))
                {
                    host.replies.ack(nowNs);
                }
                host.connections.enterTimeWait(nowNs);
                return false;
            }
            case LAST_ACK ->
            {
                host.connections.end(TcpResult.OK);
                return false;
            }
            default ->
            {
                return true;
            }
        }
    }

    /** RFC 9293 3.10.7.4 seventh and eighth. */
    private void takeText(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        switch (tcb.state())
        {
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 ->
            {
                if (isDataAfterClose())
                {
                    host.count(TcpCounter.ABORT_ON_DATA);
                    host.replies.resetAtAck();
                    host.connections.end(TcpResult.RESET);
                    return;
                }
                host.receiver.onSegment(nowNs);
                if (tcb.is(Tcb.FIN_RECEIVED) && onFin(nowNs))
                {
                    return;
                }
            }
            case CLOSE_WAIT, CLOSING, LAST_ACK ->
            {
                if (host.segment.has(TcpFlags.FIN))
                {
                    tcb.raise(Tcb.ACK_NOW);
                }
            }
            default ->
            {
                return;
            }
        }
        host.sender.output(nowNs);
    }

    /** RFC 1122 4.2.2.13: the user has closed, nobody will read this. */
    private boolean isDataAfterClose()
    {
        final Segment segment = host.segment;
        return host.tcb.is(Tcb.USER_CLOSED) && segment.payloadLength() > 0 &&
            Seq.isAfter(segment.seq() + segment.payloadLength(), host.tcb.get(Tcb.RCV_NXT));
    }

    /** The peer's FIN was taken; true when the connection has gone to TIME-WAIT. */
    private boolean onFin(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        switch (tcb.state())
        {
            case ESTABLISHED -> tcb.transition(TcpState.CLOSE_WAIT);
            case FIN_WAIT_1 -> tcb.transition(TcpState.CLOSING);
            case FIN_WAIT_2 ->
            {
                host.replies.ack(nowNs);
                host.connections.enterTimeWait(nowNs);
                return true;
            }
            default ->
            {
            }
        }
        return false;
    }
}
