// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpOptionWords;
import dev.trishake.wire.tcp.TcpOptionsDecoder;

/** Segments without data: resets, SYNs, acknowledgments and challenges. */
final class Replies
{
    private final Host host;

    Replies(final Host host)
    {
        this.host = host;
    }

    /** RFC 9293 3.10.7.1, 3.5.2 group 1: the answer to a segment that no connection has. */
    void refuse(final long nowNs)
    {
        final Segment segment = host.segment;
        if (segment.has(TcpFlags.RST))
        {
            return;
        }
        if (!host.limits.mayReset(nowNs))
        {
            host.count(TcpCounter.RSTS_LIMITED);
        }
        else if (segment.has(TcpFlags.ACK))
        {
            resetAtAck();
        }
        else
        {
            host.writer.options();
            host.writer.write(
                segment.tuple, TcpFlags.RST | TcpFlags.ACK, 0, segment.seq() + segment.segmentLength(), 0);
        }
    }

    /** {@code <SEQ=SEG.ACK><CTL=RST>}, RFC 9293 3.5.2 group 1. */
    void resetAtAck()
    {
        host.writer.options();
        host.writer.write(host.segment.tuple, TcpFlags.RST, host.segment.ack(), 0, 0);
    }

    /** {@code <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>}: ends a connection from our side. */
    boolean reset(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final TcpOptionWords options = host.writer.options();
        appendTimestamps(options, nowNs);
        tcb.record(Tcb.RESET_SENT);
        return host.writer.write(
            host.tuple, TcpFlags.RST | TcpFlags.ACK, tcb.get(Tcb.SND_MAX), tcb.get(Tcb.RCV_NXT), 0);
    }

    /** Our SYN, or SYN-ACK by simultaneous open, with all options: RFC 9293 3.5 figure 7. */
    boolean syn(final boolean withAck, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final TcpConfig config = host.config;
        final boolean timestamps = withAck ? tcb.is(Tcb.TIMESTAMPS) : config.timestamps;
        host.writer.options().syn(
            mss(),
            withAck ? tcb.is(Tcb.SACK) : config.sack,
            timestamps,
            Isn.milliseconds(nowNs) + tcb.get(Tcb.TS_OFFSET),
            withAck ? tcb.get(Tcb.TS_RECENT) : 0,
            !withAck || tcb.is(Tcb.WINDOW_SCALING) ? config.windowScale : TcpOptionsDecoder.NO_WINDOW_SCALE);
        final boolean written = host.writer.write(
            host.tuple,
            withAck ? TcpFlags.SYN | TcpFlags.ACK : TcpFlags.SYN,
            tcb.get(Tcb.ISS),
            withAck ? tcb.get(Tcb.RCV_NXT) : 0,
            host.receiver.synWindow());
        if (written && withAck)
        {
            tcb.set(Tcb.LAST_ACK_SENT, tcb.get(Tcb.RCV_NXT));
        }
        return written;
    }

    /** The maximum segment size that we tell, RFC 9293 3.7.1 MUST-67. */
    int mss()
    {
        return mss(host.tuple.isIpv4());
    }

    int mss(final boolean isIpv4)
    {
        return host.config.mtu - (isIpv4 ? 40 : 60);
    }

    /** {@code <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>}; what finds no room is sent as soon as there is some. */
    void ack(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        if (writeAck(tcb.get(Tcb.SND_MAX), nowNs))
        {
            acked();
        }
        else
        {
            tcb.raise(Tcb.ACK_NOW);
            host.sender.putOff(nowNs);
        }
    }

    /** {@code <SEQ=SND.NXT-1><ACK=RCV.NXT>}: not acceptable, so that the peer answers; RFC 9293 3.8.4, 3.8.6.1. */
    void probe(final long nowNs)
    {
        writeAck(host.tcb.get(Tcb.SND_UNA) - 1, nowNs);
    }

    /** What an acknowledgment sent, alone or with data, leaves behind. */
    void acked()
    {
        final Tcb tcb = host.tcb;
        tcb.set(Tcb.LAST_ACK_SENT, tcb.get(Tcb.RCV_NXT));
        if (tcb.is(Tcb.ACK_DELAYED))
        {
            host.sessions.timers.cancel(host.sessions.timer(Sessions.OUTPUT, tcb.slot()));
        }
        tcb.clear(Tcb.ACK_NOW | Tcb.ACK_DELAYED);
    }

    /** Answers a segment that is not acceptable, but not too often: RFC 9293 3.10.7.4, A.2. */
    void ackUnacceptable(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final Segment segment = host.segment;
        // as Linux: data without SYN is no part of a loop of acknowledgments
        final boolean isLimited = segment.payloadLength() == 0 || segment.has(TcpFlags.SYN);
        if (isLimited && tcb.is(Tcb.CHALLENGED) &&
            nowNs - tcb.get(Tcb.CHALLENGED_NS) < host.config.invalidRateLimitNs)
        {
            host.count(TcpCounter.ACK_SKIPPED);
            return;
        }
        if (isLimited)
        {
            tcb.raise(Tcb.CHALLENGED);
            tcb.set(Tcb.CHALLENGED_NS, nowNs);
        }
        ack(nowNs);
    }

    /** RFC 5961 3.2, 4.2, 5.2: makes a peer that is one prove it. */
    void challenge(final long nowNs)
    {
        if (!host.limits.mayChallenge(nowNs))
        {
            host.count(TcpCounter.ACK_SKIPPED);
            return;
        }
        host.tcb.record(Tcb.CHALLENGED_EVENT);
        host.count(TcpCounter.CHALLENGE_ACK);
        ackUnacceptable(nowNs);
    }

    void appendTimestamps(final TcpOptionWords options, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        if (tcb.is(Tcb.TIMESTAMPS))
        {
            options.timestamps(
                Isn.milliseconds(nowNs) + tcb.get(Tcb.TS_OFFSET), tcb.get(Tcb.TS_RECENT));
        }
    }

    private boolean writeAck(final int seq, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final TcpOptionWords options = host.writer.options();
        appendTimestamps(options, nowNs);
        host.receiver.appendSack(options);
        return host.writer.write(
            host.tuple, TcpFlags.ACK, seq, tcb.get(Tcb.RCV_NXT), host.receiver.advertise());
    }
}
