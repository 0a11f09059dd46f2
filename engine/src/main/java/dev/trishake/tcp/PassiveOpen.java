// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpOptionsDecoder;
import dev.trishake.wire.tcp.TcpOptionsEncoder;

/** LISTEN, and SYN-RECEIVED after it: RFC 9293 3.10.7.2, RFC 4987, with Linux's two queues and cookies. */
final class PassiveOpen
{
    private static final int LEAST_RETRIES = 2;
    private static final int SMALL_BACKLOG = 8;

    private final Host host;
    private final HalfOpen request;

    PassiveOpen(final Host host)
    {
        this.host = host;
        this.request = new HalfOpen(host.sessions.halfOpens);
    }

    Listener listenerOf(final FourTuple tuple)
    {
        return host.listeners.find(tuple.localHigh(), tuple.localLow(), tuple.localPort());
    }

    /** A segment that nothing but a listener has: RFC 9293 3.10.7.2. */
    void onListen(final Listener listener, final long nowNs)
    {
        final Segment segment = host.segment;
        if (segment.has(TcpFlags.RST))
        {
            return;
        }
        if (segment.has(TcpFlags.ACK))
        {
            if (segment.has(TcpFlags.SYN) || !acceptsCookies(listener, nowNs))
            {
                host.replies.refuse(nowNs);
            }
            else
            {
                onCookie(listener, nowNs);
            }
        }
        else if (segment.has(TcpFlags.SYN) && !segment.has(TcpFlags.FIN))
        {
            onSyn(listener, false, 0, nowNs);
        }
    }

    void onReopeningSyn(final Listener listener, final int isn, final long nowNs)
    {
        onSyn(listener, true, isn, nowNs);
    }

    /** Linux's tcp_conn_request: the rules in the order of wire/tcp.md 5. */
    private void onSyn(final Listener listener, final boolean isReopening, final int isn, final long nowNs)
    {
        final SynCookieMode mode = host.config.synCookies;
        final boolean isFull = listener.isSynQueueFull() ||
            host.sessions.halfOpens.active() == host.sessions.halfOpens.capacity();
        boolean wantsCookie = false;
        if ((mode == SynCookieMode.ALWAYS || isFull) && !isReopening)
        {
            if (mode == SynCookieMode.OFF)
            {
                host.count(TcpCounter.REQ_Q_FULL_DROP);
                host.count(TcpCounter.LISTEN_DROPS);
                return;
            }
            host.count(TcpCounter.REQ_Q_FULL_DO_COOKIES);
            wantsCookie = true;
        }
        if (listener.isAcceptQueueFull())
        {
            host.count(TcpCounter.LISTEN_OVERFLOWS);
            host.count(TcpCounter.LISTEN_DROPS);
            return;
        }
        if (wantsCookie)
        {
            sendCookie(listener, nowNs);
            return;
        }
        if (mode == SynCookieMode.OFF && !isReopening && isLastQuarter())
        {
            host.count(TcpCounter.LISTEN_DROPS);
            return;
        }
        final int slot = host.sessions.halfOpens.acquire();
        if (slot == SessionSlab.NULL_SLOT)
        {
            host.count(TcpCounter.LISTEN_DROPS);
            return;
        }
        remember(listener, slot, isReopening ? isn : host.isn.next(host.segment.tuple, nowNs), nowNs);
        sendSynAck(nowNs);
        startTimer(nowNs);
    }

    /** Without cookies the last quarter of the records is for peers that have proven themselves: here, nobody. */
    private boolean isLastQuarter()
    {
        final SessionSlab slab = host.sessions.halfOpens;
        return slab.capacity() - slab.active() < slab.capacity() >> 2;
    }

    private void remember(final Listener listener, final int slot, final int iss, final long nowNs)
    {
        final Segment segment = host.segment;
        final TcpOptionsDecoder options = segment.options();
        final boolean timestamps = host.config.timestamps && options.hasTimestamps();
        request.wrap(slot);
        request.set(HalfOpen.IRS, segment.seq());
        request.set(HalfOpen.ISS, iss);
        request.set(HalfOpen.PEER_MSS, host.activeOpen.peerMss());
        request.set(HalfOpen.PEER_SHIFT, options.windowScale());
        request.set(HalfOpen.FLAGS,
            (timestamps ? HalfOpen.TIMESTAMPS : 0) |
            (host.config.sack && options.sackPermitted() ? HalfOpen.SACK : 0));
        request.set(HalfOpen.LISTENER, listener.number);
        request.set(HalfOpen.CREATED_NS, nowNs);
        if (timestamps)
        {
            final int offset = host.isn.timestampOffset(segment.tuple);
            request.set(HalfOpen.TS_RECENT, options.tsVal());
            request.set(HalfOpen.TS_OFFSET, offset);
            request.set(HalfOpen.TS_FIRST, Isn.milliseconds(nowNs) + offset);
        }
        listener.halfOpen++;
        listener.young++;
        host.sessions.table.put(segment.tuple, host.sessions.halfOpenId(slot));
        host.tuple = segment.tuple;
    }

    private boolean sendSynAck(final long nowNs)
    {
        final int tsVal = Isn.milliseconds(nowNs) + request.get(HalfOpen.TS_OFFSET);
        request.set(HalfOpen.TS_LAST, tsVal);
        return writeSynAck(
            request.get(HalfOpen.ISS), request.get(HalfOpen.IRS), request.is(HalfOpen.SACK),
            request.is(HalfOpen.TIMESTAMPS), tsVal, request.get(HalfOpen.TS_RECENT),
            request.get(HalfOpen.PEER_SHIFT) != TcpOptionsDecoder.NO_WINDOW_SCALE);
    }

    private boolean writeSynAck(
        final int iss, final int irs, final boolean sack, final boolean timestamps, final int tsVal, final int tsEcr,
        final boolean windowScale)
    {
        host.writer.options().syn(
            host.replies.mss(), sack, timestamps, tsVal, tsEcr,
            windowScale ? host.config.windowScale : TcpOptionsDecoder.NO_WINDOW_SCALE);
        return host.writer.write(
            host.tuple, TcpFlags.SYN | TcpFlags.ACK, iss, irs + 1, host.receiver.synWindow());
    }

    private void startTimer(final long nowNs)
    {
        host.sessions.timers.schedule(
            host.sessions.timer(host.sessions.halfOpenId(request.slot())),
            nowNs + Rto.doubled(
                host.config.rtoInitialNs, request.get(HalfOpen.TIMEOUTS), host.config.rtoMaxNs));
    }

    /** The SYN-ACK's timer fired: sent again, or given up, earlier under pressure. */
    void onTimer(final int slot, final long nowNs)
    {
        request.wrap(slot);
        final Listener listener = host.listeners.get(request.get(HalfOpen.LISTENER));
        if (request.get(HalfOpen.TIMEOUTS) >= retries(listener))
        {
            host.count(TcpCounter.REQ_TIMEOUTS);
            host.count(TcpCounter.ATTEMPT_FAILS);
            forget();
            return;
        }
        host.tuple = host.ownTuple;
        host.sessions.table.keyOf(host.sessions.halfOpenId(slot), host.ownTuple);
        if (!sendSynAck(nowNs))
        {
            host.sessions.timers.schedule(host.sessions.timer(host.sessions.halfOpenId(slot)), nowNs);
            return;
        }
        if (request.get(HalfOpen.TIMEOUTS) == 0)
        {
            listener.young--;
        }
        request.set(HalfOpen.TIMEOUTS, request.get(HalfOpen.TIMEOUTS) + 1);
        host.count(TcpCounter.SYN_RETRANS);
        host.count(TcpCounter.RETRANS_SEGS);
        startTimer(nowNs);
    }

    /** Linux's reqsk_timer_handler: the fuller the queue and the fewer young ones in it, the fewer retries. */
    private int retries(final Listener listener)
    {
        int retries = host.config.synAckRetries;
        if (2 * listener.halfOpen > Math.max(SMALL_BACKLOG, listener.backlog))
        {
            long young = 2L * listener.young;
            while (retries > LEAST_RETRIES && listener.halfOpen >= young)
            {
                retries--;
                young *= 2;
            }
        }
        return retries;
    }

    private void forget()
    {
        final Listener listener = host.listeners.get(request.get(HalfOpen.LISTENER));
        listener.halfOpen--;
        if (request.get(HalfOpen.TIMEOUTS) == 0)
        {
            listener.young--;
        }
        host.sessions.releaseHalfOpen(request.slot());
    }

    /** An ICMP error about our SYN-ACK. */
    void onIcmpError(final int slot, final int seq, final boolean isHard)
    {
        if (request.wrap(slot).get(HalfOpen.ISS) != seq)
        {
            host.count(TcpCounter.OUT_OF_WINDOW_ICMPS);
        }
        else if (isHard)
        {
            host.count(TcpCounter.ICMP_ERRORS);
            host.count(TcpCounter.ATTEMPT_FAILS);
            forget();
        }
    }

    /** The listener closes. */
    void forgetAll(final Listener listener)
    {
        final SessionSlab slab = host.sessions.halfOpens;
        for (int slot = 0; slot < slab.capacity() && listener.halfOpen > 0; slot++)
        {
            if (slab.isLive(slot) && request.wrap(slot).get(HalfOpen.LISTENER) == listener.number)
            {
                forget();
            }
        }
    }

    /** A segment in SYN-RECEIVED: the rules in the order of wire/tcp.md 6 (Linux's tcp_check_req). */
    void onHalfOpen(final int slot, final long nowNs)
    {
        request.wrap(slot);
        final Segment segment = host.segment;
        host.tuple = segment.tuple;
        final int next = request.get(HalfOpen.IRS) + 1;
        final boolean hasWrongAck =
            segment.has(TcpFlags.ACK) && segment.ack() != request.get(HalfOpen.ISS) + 1;
        if (segment.has(TcpFlags.SYN) && !segment.has(TcpFlags.ACK) && !segment.has(TcpFlags.FIN) &&
            segment.seq() == request.get(HalfOpen.IRS))
        {
            onSynAgain(nowNs);
        }
        else if (segment.has(TcpFlags.RST))
        {
            if (segment.seq() == next)
            {
                host.count(TcpCounter.EMBRYONIC_RSTS);
                host.count(TcpCounter.ATTEMPT_FAILS);
                forget();
            }
            else if (!hasWrongAck && Seq.isInside(segment.seq(), next, host.receiver.synWindow()))
            {
                host.count(TcpCounter.CHALLENGE_ACK);
                answer(nowNs);
            }
        }
        else if (hasWrongAck)
        {
            host.replies.refuse(nowNs);
        }
        else if (segment.has(TcpFlags.SYN))
        {
            host.count(TcpCounter.CHALLENGE_ACK);
            host.count(TcpCounter.SYN_CHALLENGE);
            answer(nowNs);
        }
        else if (!host.receiver.isAcceptable(next, host.receiver.synWindow()) || isStrangeTimestamp(nowNs))
        {
            answer(nowNs);
        }
        else if (segment.has(TcpFlags.ACK))
        {
            onLastAck(nowNs);
        }
    }

    private void onSynAgain(final long nowNs)
    {
        if (mayAnswer(nowNs))
        {
            sendSynAck(nowNs);
            startTimer(nowNs);
            host.count(TcpCounter.SYN_RETRANS);
        }
    }

    private boolean mayAnswer(final long nowNs)
    {
        if (request.is(HalfOpen.ANSWERED) &&
            nowNs - request.get(HalfOpen.ANSWERED_NS) < host.config.invalidRateLimitNs)
        {
            host.count(TcpCounter.ACK_SKIPPED);
            return false;
        }
        request.raise(HalfOpen.ANSWERED);
        request.set(HalfOpen.ANSWERED_NS, nowNs);
        return true;
    }

    /** {@code <SEQ=ISS+1><ACK=IRS+1><CTL=ACK>}. */
    private void answer(final long nowNs)
    {
        if (!mayAnswer(nowNs))
        {
            return;
        }
        final TcpOptionsEncoder options = host.writer.options();
        if (request.is(HalfOpen.TIMESTAMPS))
        {
            options.nop().nop().timestamps(
                Isn.milliseconds(nowNs) + request.get(HalfOpen.TS_OFFSET), request.get(HalfOpen.TS_RECENT));
        }
        final boolean scaled = request.get(HalfOpen.PEER_SHIFT) != TcpOptionsDecoder.NO_WINDOW_SCALE;
        host.writer.write(
            host.tuple, TcpFlags.ACK, request.get(HalfOpen.ISS) + 1, request.get(HalfOpen.IRS) + 1,
            host.receiver.synWindow() >> (scaled ? host.config.windowScale : 0));
    }

    /** PAWS, and Linux's check that the echo is of a timestamp in one of our SYN-ACKs. */
    private boolean isStrangeTimestamp(final long nowNs)
    {
        final TcpOptionsDecoder options = host.segment.options();
        if (!request.is(HalfOpen.TIMESTAMPS) || !options.hasTimestamps())
        {
            return false;
        }
        if (options.tsEcr() - request.get(HalfOpen.TS_FIRST) < 0 ||
            options.tsEcr() - request.get(HalfOpen.TS_LAST) > 0)
        {
            host.count(TcpCounter.TSECR_REJECTED);
            return true;
        }
        return host.arrival.isOld(
            request.get(HalfOpen.TS_RECENT), Isn.milliseconds(request.get(HalfOpen.CREATED_NS)), true, nowNs);
    }

    private void onLastAck(final long nowNs)
    {
        final Listener listener = host.listeners.get(request.get(HalfOpen.LISTENER));
        if (listener.isAcceptQueueFull() || !host.connections.acquire())
        {
            host.count(TcpCounter.LISTEN_OVERFLOWS);
            host.count(TcpCounter.LISTEN_DROPS);
            if (host.config.abortOnOverflow)
            {
                host.count(TcpCounter.ABORT_ON_OVERFLOW);
                host.count(TcpCounter.EMBRYONIC_RSTS);
                host.replies.resetAtAck();
                forget();
            }
            return; // else the SYN-ACK goes out again in its time, and the next ACK or data is a new chance
        }
        final Tcb tcb = host.tcb;
        tcb.set(Tcb.ISS, request.get(HalfOpen.ISS));
        tcb.set(Tcb.TS_OFFSET, request.get(HalfOpen.TS_OFFSET));
        tcb.set(Tcb.TS_RECENT_MS, Isn.milliseconds(request.get(HalfOpen.CREATED_NS)));
        host.tuple = host.segment.tuple;
        host.connections.agree(
            request.get(HalfOpen.PEER_MSS), request.get(HalfOpen.PEER_SHIFT), request.is(HalfOpen.TIMESTAMPS),
            request.is(HalfOpen.SACK), request.get(HalfOpen.TS_RECENT));
        if (request.get(HalfOpen.TIMEOUTS) > 0)
        {
            tcb.raise(Tcb.SYN_RETRANSMITTED);
            host.sender.rto.afterLostSyn(tcb);
        }
        else
        {
            host.sender.rto.sample(tcb, nowNs - request.get(HalfOpen.CREATED_NS));
        }
        final int irs = request.get(HalfOpen.IRS);
        forget();
        open(listener, irs, nowNs);
    }

    /** The TCB in hand, with ISS and options, becomes a connection in the accept queue. */
    private void open(final Listener listener, final int irs, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        tcb.transition(TcpState.SYN_RECEIVED);
        host.sessions.table.put(host.segment.tuple, tcb.slot());
        host.connections.beginReceiving(irs);
        host.connections.establish(host.segment.window() << tcb.get(Tcb.SND_SHIFT), nowNs);
        listener.enqueue(tcb);
        host.count(TcpCounter.PASSIVE_OPENS);
        host.onAcceptable(listener);
        host.arrival.onOpeningSegment(nowNs);
    }

    private void sendCookie(final Listener listener, final long nowNs)
    {
        final Segment segment = host.segment;
        final TcpOptionsDecoder options = segment.options();
        final boolean timestamps = host.config.timestamps && options.hasTimestamps();
        final boolean sack = host.config.sack && options.sackPermitted();
        final int cookie = host.cookies.make(
            timestamps, host.activeOpen.peerMss(), options.windowScale(), sack, nowNs);
        host.tuple = segment.tuple;
        writeSynAck(
            cookie, segment.seq(), sack, timestamps, host.cookies.tsVal(), options.tsVal(),
            options.windowScale() != TcpOptionsDecoder.NO_WINDOW_SCALE);
        listener.hasSentCookies = true;
        listener.cookieSentNs = nowNs;
        host.count(TcpCounter.SYNCOOKIES_SENT);
    }

    /** Only where a cookie was sent that may still be good: a listener at peace can't be guessed at. */
    private boolean acceptsCookies(final Listener listener, final long nowNs)
    {
        return listener.hasSentCookies && nowNs - listener.cookieSentNs <= host.cookies.lifeNs();
    }

    private void onCookie(final Listener listener, final long nowNs)
    {
        if (!host.limits.mayCheckCookie(nowNs))
        {
            host.count(TcpCounter.SYNCOOKIES_LIMITED);
            return;
        }
        if (!host.cookies.isGood(nowNs))
        {
            host.count(TcpCounter.SYNCOOKIES_FAILED);
            host.replies.refuse(nowNs);
            return;
        }
        host.count(TcpCounter.SYNCOOKIES_RECV);
        if (listener.isAcceptQueueFull() || !host.connections.acquire())
        {
            host.count(TcpCounter.LISTEN_OVERFLOWS);
            host.count(TcpCounter.LISTEN_DROPS);
            return;
        }
        final Segment segment = host.segment;
        final Tcb tcb = host.tcb;
        final boolean timestamps = host.config.timestamps && segment.options().hasTimestamps();
        tcb.set(Tcb.ISS, segment.ack() - 1);
        // goes on where the SYN-ACK's was, whichever host with our cookie keys has sent that
        tcb.set(Tcb.TS_OFFSET, segment.options().tsEcr() - Isn.milliseconds(nowNs));
        tcb.set(Tcb.TS_RECENT_MS, Isn.milliseconds(nowNs));
        host.tuple = segment.tuple;
        host.connections.agree(
            host.cookies.mss(), host.cookies.shift(), timestamps, host.cookies.sack(), segment.options().tsVal());
        open(listener, segment.seq() - 1, nowNs);
    }
}
