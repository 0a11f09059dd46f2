// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.SessionSlab;
import dev.trishake.session.TimerQueue;
import dev.trishake.wire.tcp.TcpFlags;

/** Finds whose a segment or a timer is, and calls what handles it in that state. */
final class Dispatch implements TimerQueue.Handler
{
    private final Host host;

    Dispatch(final Host host)
    {
        this.host = host;
    }

    /** Whose segment it is: RFC 9293 3.10.7; what can't be anybody's is dropped first. */
    void onSegment(final long nowNs)
    {
        final Segment segment = host.segment;
        host.count(TcpCounter.IN_SEGS);
        if (segment.hasNoFlags() || (segment.has(TcpFlags.SYN) && segment.has(TcpFlags.RST)))
        {
            host.count(TcpCounter.IN_ERRS);
            return;
        }
        segment.tag = host.sessions.table.tagOf(segment.tuple);
        final int id = host.sessions.table.find(segment.tuple, segment.tag);
        if (id == SessionSlab.NULL_SLOT)
        {
            final Listener listener = host.passiveOpen.listenerOf(segment.tuple);
            if (listener == null)
            {
                host.replies.refuse(nowNs);
            }
            else
            {
                host.passiveOpen.onListen(listener, nowNs);
            }
        }
        else if (host.sessions.isHalfOpen(id))
        {
            host.passiveOpen.onHalfOpen(host.sessions.halfOpenSlot(id), nowNs);
        }
        else if (host.sessions.isConnection(id))
        {
            host.tcb.wrap(id);
            host.tuple = segment.tuple;
            if (host.tcb.in(TcpState.SYN_SENT))
            {
                host.activeOpen.onSegment(nowNs);
            }
            else
            {
                host.arrival.onSegment(nowNs);
            }
        }
        else
        {
            host.timeWait.onSegment(host.sessions.timeWaitSlot(id), nowNs);
        }
    }

    @Override
    public void onTimer(final int timer, final long nowNs)
    {
        final Sessions sessions = host.sessions;
        if (!sessions.isConnectionTimer(timer))
        {
            final int id = sessions.idOfTimer(timer);
            if (sessions.isHalfOpen(id))
            {
                host.passiveOpen.onTimer(sessions.halfOpenSlot(id), nowNs);
            }
            else
            {
                host.timeWait.onTimer(sessions.timeWaitSlot(id));
            }
            return;
        }
        host.turnTo(sessions.slotOfTimer(timer));
        switch (sessions.kindOfTimer(timer))
        {
            case Sessions.RETRANSMIT -> onRetransmitTimer(nowNs);
            case Sessions.OUTPUT -> onOutputTimer(nowNs);
            default -> onKeepTimer(nowNs);
        }
        host.tellEvents(nowNs);
    }

    private void onRetransmitTimer(final long nowNs)
    {
        if (host.tcb.in(TcpState.SYN_SENT) || host.tcb.in(TcpState.SYN_RECEIVED))
        {
            host.activeOpen.onTimeout(nowNs);
        }
        else
        {
            host.sender.onTimeout(nowNs);
        }
    }

    private void onOutputTimer(final long nowNs)
    {
        if (host.tcb.is(Tcb.ACK_DELAYED))
        {
            host.tcb.clear(Tcb.ACK_DELAYED);
            host.tcb.raise(Tcb.ACK_NOW);
            host.count(TcpCounter.DELAYED_ACKS);
        }
        host.sender.output(nowNs);
    }

    private void onKeepTimer(final long nowNs)
    {
        if (host.tcb.is(Tcb.KEEP_ALIVE))
        {
            host.keepAlive.onTimer(nowNs);
        }
        else
        {
            host.connections.end(TcpResult.TIMED_OUT); // FIN-WAIT-2 without a user
        }
    }
}
