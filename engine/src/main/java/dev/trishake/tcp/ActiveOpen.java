// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpOptionsDecoder;

/** SYN-SENT, and SYN-RECEIVED where a SYN crossed ours: RFC 9293 3.10.1, 3.10.7.3. */
final class ActiveOpen
{
    private static final int FIRST_PORT = 32768; // Linux's ip_local_port_range
    private static final int PORTS = 60999 - FIRST_PORT + 1;
    private static final int DEFAULT_MSS_IPV4 = 536; // RFC 9293 3.7.1 MUST-15
    private static final int DEFAULT_MSS_IPV6 = 1220;

    private final Host host;
    private int nextPort;

    ActiveOpen(final Host host)
    {
        this.host = host;
    }

    long connect(final FourTuple tuple, final long nowNs)
    {
        if (!TcpAddress.isUnicast(tuple.remoteHigh(), tuple.remoteLow()))
        {
            return TcpResult.UNREACHABLE;
        }
        if (tuple.localPort() == 0 ? !choosePort(tuple) : host.sessions.find(tuple) != SessionSlab.NULL_SLOT)
        {
            return TcpResult.ADDRESS_IN_USE;
        }
        if (!host.writer.holdReply())
        {
            return TcpResult.BACK_PRESSURED;
        }
        if (!host.connections.acquire())
        {
            host.writer.endReply();
            return TcpResult.NO_CAPACITY;
        }
        final Tcb tcb = host.tcb;
        host.sessions.table.put(tuple, tcb.slot());
        host.turnTo(tcb.slot());
        final long secret = host.isn.secretOf(tuple);
        final int iss = Isn.next(secret, nowNs);
        tcb.set(Tcb.ISS, iss);
        tcb.set(Tcb.SND_UNA, iss);
        tcb.set(Tcb.SND_NXT, iss + 1);
        tcb.set(Tcb.SND_MAX, iss + 1);
        tcb.set(Tcb.TS_OFFSET, Isn.timestampOffset(secret));
        tcb.set(Tcb.RTT_NS, nowNs);
        tcb.transition(TcpState.SYN_SENT);
        host.count(TcpCounter.ACTIVE_OPENS);
        host.replies.syn(false, nowNs);
        host.writer.endReply();
        startTimer(nowNs);
        return tcb.handle();
    }

    /** RFC 6056 3.3.3: from a secret place for each peer on, the next port that is free. */
    private boolean choosePort(final FourTuple tuple)
    {
        final int offset = host.isn.portOffset(tuple);
        for (int i = 0; i < PORTS; i++)
        {
            final int port = FIRST_PORT + Integer.remainderUnsigned(offset + nextPort++, PORTS);
            tuple.local(tuple.localHigh(), tuple.localLow(), port);
            if (host.sessions.find(tuple) == SessionSlab.NULL_SLOT)
            {
                return true;
            }
        }
        return false;
    }

    private void startTimer(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int doublings = Math.max(0, tcb.get(Tcb.BACKOFFS) - host.config.synLinearTimeouts);
        host.sessions.timers.schedule(
            host.sessions.timer(Sessions.RETRANSMIT, tcb.slot()),
            nowNs + Rto.doubled(host.config.rtoInitialNs, doublings, host.config.rtoMaxNs));
    }

    /** The SYN's timer fired, or that of the SYN-ACK which answered a crossing SYN. */
    void onTimeout(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        if (tcb.get(Tcb.BACKOFFS) >= host.config.synRetries)
        {
            host.connections.end(TcpResult.TIMED_OUT);
            return;
        }
        if (host.replies.syn(tcb.in(TcpState.SYN_RECEIVED), nowNs))
        {
            tcb.add(Tcb.BACKOFFS, 1);
            tcb.raise(Tcb.SYN_RETRANSMITTED);
            tcb.record(Tcb.RETRANSMITTED);
            host.count(TcpCounter.SYN_RETRANS);
            startTimer(nowNs);
        }
        else
        {
            host.sessions.timers.schedule(host.sessions.timer(Sessions.RETRANSMIT, tcb.slot()), nowNs);
        }
    }

    /** A segment in SYN-SENT: RFC 9293 3.10.7.3. */
    void onSegment(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        final boolean hasAck = segment.has(TcpFlags.ACK);
        if (hasAck && (segment.ack() != tcb.get(Tcb.SND_MAX) || !isEchoOurs(nowNs)))
        {
            if (!segment.has(TcpFlags.RST))
            {
                host.replies.resetAtAck();
            }
            return;
        }
        if (segment.has(TcpFlags.RST))
        {
            if (hasAck)
            {
                tcb.record(Tcb.RESET_RECEIVED);
                host.connections.end(TcpResult.REFUSED);
            }
            return;
        }
        if (!segment.has(TcpFlags.SYN))
        {
            return;
        }
        takeSyn(nowNs);
        if (hasAck)
        {
            if (tcb.is(Tcb.SYN_RETRANSMITTED))
            {
                host.sender.rto.afterLostSyn(tcb);
            }
            else
            {
                host.sender.rto.sample(tcb, nowNs - tcb.get(Tcb.RTT_NS));
            }
            host.connections.establish(segment.window(), nowNs); // not scaled: RFC 7323 2.2
            host.onEstablished();
            tcb.raise(Tcb.ACK_NOW);
            host.sender.output(nowNs);
        }
        else
        {
            tcb.transition(TcpState.SYN_RECEIVED);
            tcb.set(Tcb.BACKOFFS, 0);
            host.replies.syn(true, nowNs);
            startTimer(nowNs);
        }
    }

    private void takeSyn(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final TcpOptionsDecoder options = host.segment.options();
        tcb.set(Tcb.TS_RECENT_MS, Isn.milliseconds(nowNs));
        host.connections.agree(
            peerMss(),
            options.windowScale(),
            host.config.timestamps && options.hasTimestamps(),
            host.config.sack && options.sackPermitted(),
            options.tsVal());
        host.connections.beginReceiving(host.segment.seq());
    }

    /** The segment's MSS option, or what counts without one. */
    int peerMss()
    {
        final int mss = host.segment.options().mss();
        return mss > 0 ? mss : host.segment.isIpv4() ? DEFAULT_MSS_IPV4 : DEFAULT_MSS_IPV6;
    }

    /** RFC 7323 5.3 for SYN-SENT: an echo is of a timestamp that we have sent since. */
    private boolean isEchoOurs(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final TcpOptionsDecoder options = host.segment.options();
        if (!host.config.timestamps || !options.hasTimestamps() || options.tsEcr() == 0)
        {
            return true;
        }
        final int sentMs = options.tsEcr() - tcb.get(Tcb.TS_OFFSET);
        return sentMs - Isn.milliseconds(tcb.get(Tcb.RTT_NS)) >= 0 && Isn.milliseconds(nowNs) - sentMs >= 0;
    }
}
