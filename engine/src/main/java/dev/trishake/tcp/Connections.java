// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.SessionSlab;
import dev.trishake.wire.tcp.TcpOptionsDecoder;

/** How connections begin and end. */
final class Connections
{
    private final Host host;

    Connections(final Host host)
    {
        this.host = host;
    }

    /** Takes a TCB, as zeros but for its numbers' beginnings. False at capacity. */
    boolean acquire()
    {
        final int slot = host.sessions.connections.acquire();
        if (slot == SessionSlab.NULL_SLOT)
        {
            host.count(TcpCounter.CONNECTIONS_EXHAUSTED);
            return false;
        }
        host.tcb.wrap(slot);
        host.sender.rto.begin(host.tcb);
        host.tcb.set(Tcb.QUICK_ACKS, Receiver.QUICK_ACKS);
        return true;
    }

    /** What a SYN's options agree on: RFC 7323, 2018, 9293 3.7.1. */
    void agree(final int peerMss, final int peerShift, final boolean timestamps, final boolean sack, final int tsRecent)
    {
        final Tcb tcb = host.tcb;
        if (peerShift != TcpOptionsDecoder.NO_WINDOW_SCALE)
        {
            tcb.raise(Tcb.WINDOW_SCALING);
            tcb.set(Tcb.SND_SHIFT, peerShift);
            tcb.set(Tcb.RCV_SHIFT, host.config.windowScale);
        }
        if (timestamps)
        {
            tcb.raise(Tcb.TIMESTAMPS);
            tcb.set(Tcb.TS_RECENT, tsRecent);
        }
        if (sack)
        {
            tcb.raise(Tcb.SACK);
        }
        tcb.set(Tcb.PEER_MSS, peerMss);
        host.sender.chooseMss();
    }

    /** RCV.NXT and the window of our SYN. */
    void beginReceiving(final int irs)
    {
        final Tcb tcb = host.tcb;
        tcb.set(Tcb.IRS, irs);
        tcb.set(Tcb.RCV_NXT, irs + 1);
        tcb.set(Tcb.RCV_EDGE, irs + 1 + host.receiver.synWindow());
        tcb.set(Tcb.LAST_ACK_SENT, irs + 1);
    }

    /** Our SYN is acknowledged: open both ways, or closed already by our user. */
    void establish(final int window, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        tcb.set(Tcb.SND_UNA, tcb.get(Tcb.ISS) + 1);
        tcb.set(Tcb.SND_NXT, tcb.get(Tcb.SND_UNA));
        tcb.set(Tcb.SND_MAX, tcb.get(Tcb.SND_UNA));
        tcb.set(Tcb.SND_WND, window);
        tcb.set(Tcb.MAX_SND_WND, window);
        tcb.set(Tcb.SND_WL1, host.segment.seq());
        tcb.set(Tcb.SND_WL2, host.segment.ack());
        tcb.set(Tcb.BACKOFFS, 0);
        tcb.set(Tcb.RECEIVED_NS, nowNs);
        host.sender.congestion.begin(tcb);
        host.sessions.timers.cancel(host.sessions.timer(Sessions.RETRANSMIT, tcb.slot()));
        tcb.transition(tcb.is(Tcb.FIN_QUEUED) ? TcpState.FIN_WAIT_1 : TcpState.ESTABLISHED);
    }

    /** The connection is CLOSED: its number is free; its slot is too, once its user knows. */
    void end(final int reason)
    {
        final Tcb tcb = host.tcb;
        tcb.transition(TcpState.CLOSED);
        tcb.set(Tcb.REASON, reason);
        host.sessions.cancelTimers(tcb.slot());
        host.sessions.table.remove(tcb.slot());
        host.sender.releaseBuffer();
        host.onClosed(reason);
        if (tcb.is(Tcb.USER_CLOSED))
        {
            release();
        }
    }

    /** Gives back all that the connection has. */
    void release()
    {
        final Tcb tcb = host.tcb;
        host.sessions.cancelTimers(tcb.slot());
        host.sessions.table.remove(tcb.slot());
        host.sender.releaseBuffer();
        host.receiver.releaseBuffer();
        host.sessions.connections.release(tcb.slot());
    }

    /** Leaves TIME-WAIT to a record of its own; the user may still read what is there. */
    void enterTimeWait(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        tcb.transition(TcpState.TIME_WAIT);
        host.sessions.cancelTimers(tcb.slot());
        host.sessions.table.remove(tcb.slot());
        host.sender.releaseBuffer();
        host.timeWait.begin(nowNs);
        host.onClosed(TcpResult.OK);
        if (tcb.is(Tcb.USER_CLOSED))
        {
            release();
        }
    }

    /** The user's close; what it leaves undone is done when the outbox has room. */
    int close(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final boolean isUnread = tcb.get(Tcb.RCV_LEN) > 0;
        final TcpState state = tcb.state();
        switch (state)
        {
            case CLOSED, LISTEN, SYN_SENT, TIME_WAIT ->
            {
                release();
                return TcpResult.OK;
            }
            case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, FIN_WAIT_2, SYN_RECEIVED, CLOSING, LAST_ACK ->
            {
                if (isUnread)
                {
                    if (!host.writer.holdReply())
                    {
                        return TcpResult.BACK_PRESSURED;
                    }
                    host.count(TcpCounter.ABORT_ON_CLOSE); // RFC 1122 4.2.2.13
                    return abort(nowNs);
                }
            }
        }
        tcb.raise(Tcb.USER_CLOSED);
        host.keepAlive.turn(false, nowNs);
        host.receiver.releaseBufferIfEmpty();
        queueFin(nowNs);
        if (state == TcpState.FIN_WAIT_2)
        {
            limitFinWait2(nowNs);
        }
        return TcpResult.OK;
    }

    /** Queues our FIN behind the data, RFC 9293 3.10.4; does nothing where it is queued already. */
    void queueFin(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        switch (tcb.state())
        {
            case SYN_RECEIVED, ESTABLISHED -> finish(TcpState.FIN_WAIT_1, nowNs);
            case CLOSE_WAIT -> finish(TcpState.LAST_ACK, nowNs);
            case CLOSED, LISTEN, SYN_SENT, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT ->
            {
            }
        }
    }

    private void finish(final TcpState next, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final boolean isOpen = !tcb.in(TcpState.SYN_RECEIVED);
        tcb.raise(Tcb.FIN_QUEUED);
        if (isOpen)
        {
            tcb.transition(next);
            host.sender.output(nowNs);
        }
    }

    /** FIN-WAIT-2 without a user does not last for ever: {@code tcp_fin_timeout}. */
    void limitFinWait2(final long nowNs)
    {
        host.sessions.timers.schedule(
            host.sessions.timer(Sessions.KEEP, host.tcb.slot()), nowNs + host.config.finTimeoutNs);
    }

    /** Ends at once; the room for a RST is held. */
    int abort(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        switch (tcb.state())
        {
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
            {
                host.replies.reset(nowNs);
                tcb.transition(TcpState.CLOSED);
            }
            case CLOSED, LISTEN, SYN_SENT, TIME_WAIT ->
            {
            }
        }
        host.writer.endReply();
        release();
        return TcpResult.OK;
    }
}
