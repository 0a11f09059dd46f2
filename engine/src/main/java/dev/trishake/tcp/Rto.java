// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** Retransmission timeout from round-trip times, RFC 6298 2; in microseconds, so that a word holds it. */
final class Rto
{
    private static final int GRANULARITY_US = 1000;
    private static final int NS_PER_US = 1000;

    private final int minUs;
    private final int maxUs;
    private final int initialUs;

    Rto(final TcpConfig config)
    {
        minUs = (int)Math.min(Integer.MAX_VALUE, config.rtoMinNs / NS_PER_US);
        maxUs = (int)Math.min(Integer.MAX_VALUE, config.rtoMaxNs / NS_PER_US);
        initialUs = (int)Math.min(Integer.MAX_VALUE, config.rtoInitialNs / NS_PER_US);
    }

    void begin(final Tcb tcb)
    {
        tcb.set(Tcb.RTO_US, initialUs);
    }

    void sample(final Tcb tcb, final long roundTripNs)
    {
        final int r = (int)Math.max(1, Math.min(maxUs, roundTripNs / NS_PER_US));
        final int srtt = tcb.get(Tcb.SRTT_US);
        if (srtt == 0)
        {
            tcb.set(Tcb.SRTT_US, r);
            tcb.set(Tcb.RTTVAR_US, r / 2);
        }
        else
        {
            final int rttvar = tcb.get(Tcb.RTTVAR_US);
            tcb.set(Tcb.RTTVAR_US, rttvar - (rttvar >> 2) + (Math.abs(srtt - r) >> 2));
            tcb.set(Tcb.SRTT_US, Math.max(1, srtt - (srtt >> 3) + (r >> 3)));
        }
        restore(tcb);
    }

    /** The timeout as the round-trip times have it, without the doubling of an expiry. */
    void restore(final Tcb tcb)
    {
        if (tcb.get(Tcb.SRTT_US) != 0)
        {
            final long rto = tcb.get(Tcb.SRTT_US) + Math.max(GRANULARITY_US, 4L * tcb.get(Tcb.RTTVAR_US));
            tcb.set(Tcb.RTO_US, (int)Math.max(minUs, Math.min(maxUs, rto)));
        }
    }

    void backOff(final Tcb tcb)
    {
        tcb.set(Tcb.RTO_US, (int)Math.min(maxUs, 2L * tcb.get(Tcb.RTO_US)));
    }

    /** RFC 6298 5.7: the SYN was lost, so that there is no round-trip time. */
    void afterLostSyn(final Tcb tcb)
    {
        tcb.set(Tcb.RTO_US, 3 * initialUs);
    }

    /** Doubled so many times, at most so much. */
    static long doubled(final long ns, final int times, final long mostNs)
    {
        return times >= Long.numberOfLeadingZeros(ns) - 1 ? mostNs : Math.min(ns << times, mostNs);
    }

    static long ns(final Tcb tcb)
    {
        return (long)tcb.get(Tcb.RTO_US) * NS_PER_US;
    }
}
