// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** Probes of a silent peer, RFC 9293 3.8.4. */
final class KeepAlive
{
    private final Host host;

    KeepAlive(final Host host)
    {
        this.host = host;
    }

    void turn(final boolean on, final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int timer = host.sessions.timer(Sessions.KEEP, tcb.slot());
        if (on)
        {
            tcb.raise(Tcb.KEEP_ALIVE);
            tcb.set(Tcb.PROBES, 0);
            host.sessions.timers.schedule(timer, nowNs + host.config.keepAliveIdleNs);
        }
        else
        {
            tcb.clear(Tcb.KEEP_ALIVE);
            host.sessions.timers.cancel(timer);
        }
    }

    void onTimer(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final TcpConfig config = host.config;
        final int timer = host.sessions.timer(Sessions.KEEP, tcb.slot());
        final long silentNs = nowNs - tcb.get(Tcb.RECEIVED_NS);
        if (tcb.in(TcpState.SYN_SENT) || tcb.in(TcpState.SYN_RECEIVED) || tcb.inFlight() > 0)
        {
            host.sessions.timers.schedule(timer, nowNs + config.keepAliveIdleNs);
        }
        else if (silentNs < config.keepAliveIdleNs)
        {
            host.sessions.timers.schedule(timer, nowNs + config.keepAliveIdleNs - silentNs);
        }
        else if (tcb.get(Tcb.PROBES) >= config.keepAliveProbes)
        {
            host.replies.reset(nowNs);
            host.count(TcpCounter.ABORT_ON_TIMEOUT);
            host.connections.end(TcpResult.TIMED_OUT);
        }
        else
        {
            tcb.add(Tcb.PROBES, 1);
            host.count(TcpCounter.KEEP_ALIVE);
            host.replies.probe(nowNs);
            host.sessions.timers.schedule(timer, nowNs + config.keepAliveIntervalNs);
        }
    }
}
