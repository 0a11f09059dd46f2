// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** How much may be in flight: RFC 5681 with the recovery of RFC 6582 (NewReno) and the start of RFC 6928. */
final class Congestion
{
    private static final int INITIAL_SEGMENTS = 10;
    private static final int DUP_ACKS_THAT_LEFT = 3;

    void begin(final Tcb tcb)
    {
        // RFC 5681 3.1: one segment when the SYN was lost
        final int segments = tcb.is(Tcb.SYN_RETRANSMITTED) ? 1 : INITIAL_SEGMENTS;
        tcb.set(Tcb.CWND, segments * tcb.get(Tcb.SND_MSS));
        tcb.set(Tcb.SSTHRESH, Integer.MAX_VALUE);
        tcb.set(Tcb.RECOVER, tcb.get(Tcb.ISS));
    }

    /** New data was acknowledged; true when that shows the next segment lost: a partial ACK, RFC 6582 3.2 step 3. */
    boolean onAdvance(final Tcb tcb, final int acknowledged)
    {
        final int mss = tcb.get(Tcb.SND_MSS);
        final int cwnd = tcb.get(Tcb.CWND);
        tcb.set(Tcb.DUP_ACKS, 0);
        if (tcb.is(Tcb.RECOVERING))
        {
            if (Seq.isBefore(tcb.get(Tcb.SND_UNA), tcb.get(Tcb.RECOVER)))
            {
                tcb.set(Tcb.CWND, Math.max(mss, cwnd - acknowledged + mss));
                return true;
            }
            tcb.clear(Tcb.RECOVERING);
            tcb.set(Tcb.CWND, Math.max(2 * mss, Math.min(tcb.get(Tcb.SSTHRESH), tcb.inFlight() + mss)));
        }
        else if (cwnd < tcb.get(Tcb.SSTHRESH))
        {
            tcb.set(Tcb.CWND, limited(cwnd + Math.min(acknowledged, mss)));
        }
        else
        {
            tcb.set(Tcb.CWND, limited(cwnd + Math.max(1, (int)((long)mss * mss / cwnd))));
        }
        return false;
    }

    /** RFC 6582 3.2 step 1: dup ACKs of what was sent before the last loss are its echo. */
    boolean mayRecover(final Tcb tcb)
    {
        return !tcb.is(Tcb.RECOVERING) && !Seq.isBefore(tcb.get(Tcb.SND_UNA), tcb.get(Tcb.RECOVER));
    }

    void onLoss(final Tcb tcb)
    {
        halve(tcb);
        tcb.set(Tcb.CWND, tcb.get(Tcb.SSTHRESH) + DUP_ACKS_THAT_LEFT * tcb.get(Tcb.SND_MSS));
        tcb.set(Tcb.RECOVER, tcb.get(Tcb.SND_MAX));
        tcb.raise(Tcb.RECOVERING);
    }

    void onTimeout(final Tcb tcb)
    {
        if (tcb.get(Tcb.BACKOFFS) == 0)
        {
            halve(tcb);
        }
        tcb.set(Tcb.CWND, tcb.get(Tcb.SND_MSS));
        tcb.set(Tcb.RECOVER, tcb.get(Tcb.SND_MAX));
        tcb.set(Tcb.DUP_ACKS, 0);
        tcb.clear(Tcb.RECOVERING);
    }

    private static void halve(final Tcb tcb)
    {
        tcb.set(Tcb.SSTHRESH, Math.max(tcb.inFlight() >> 1, 2 * tcb.get(Tcb.SND_MSS)));
    }

    private static int limited(final int cwnd)
    {
        return Math.min(cwnd, 1 << 30);
    }
}
