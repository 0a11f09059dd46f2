// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import org.HdrHistogram.Histogram;

import java.util.Map;
import java.util.TreeMap;

/** What became of the honest clients of one trial. One thread writes; counts may be read by any. */
public final class Outcomes
{
    private static final long HIGHEST_NS = 60_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram connect = new Histogram(HIGHEST_NS, SIGNIFICANT_DIGITS);
    private final Histogram firstByte = new Histogram(HIGHEST_NS, SIGNIFICANT_DIGITS);
    private final Map<String, Integer> failures = new TreeMap<>();
    private final long timeoutNs;
    private volatile int begun;
    private volatile int ok;
    private volatile int retransmitted;

    /** Of clients of the kernel's TCP. */
    public Outcomes()
    {
        this(Plan.SYN_TIMEOUT_NS);
    }

    /**
     * Of clients that send their first packet again after some time.
     *
     * @param timeoutNs after which
     */
    public Outcomes(final long timeoutNs)
    {
        this.timeoutNs = timeoutNs;
    }

    /** A client has begun. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, others look
    public void begin()
    {
        begun++;
    }

    /**
     * A client has connected, got its echo and closed.
     *
     * @param connectNs   how long it took to connect
     * @param firstByteNs how long it took until the first byte of the echo
     */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void succeed(final long connectNs, final long firstByteNs)
    {
        connect.recordValue(Math.min(connectNs, HIGHEST_NS));
        firstByte.recordValue(Math.min(firstByteNs, HIGHEST_NS));
        if (connectNs >= timeoutNs)
        {
            retransmitted++;
        }
        ok++;
    }

    /**
     * A client has given up.
     *
     * @param why in a few words
     */
    public void fail(final String why)
    {
        failures.merge(why, 1, Integer::sum);
    }

    /** {@return clients that have begun} */
    public int begun()
    {
        return begun;
    }

    /** {@return clients that got their echo in time} */
    public int ok()
    {
        return ok;
    }

    /** {@return those of them that had to send their first packet again} */
    public int retransmitted()
    {
        return retransmitted;
    }

    /** {@return nanoseconds from connect to connected, of those that got their echo} */
    public Histogram connect()
    {
        return connect;
    }

    /** {@return nanoseconds from connect to the first byte of the echo} */
    public Histogram firstByte()
    {
        return firstByte;
    }

    /** {@return why others failed, and how many} */
    public Map<String, Integer> failures()
    {
        return failures;
    }
}
