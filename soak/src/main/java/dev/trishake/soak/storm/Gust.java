// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.storm;

import org.HdrHistogram.Histogram;

import java.util.Map;
import java.util.TreeMap;

/** One agent's part of one step; its thread writes, others read once it is {@linkplain #isOver() over}. */
final class Gust
{
    private static final long HIGHEST_NS = 60_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    final Load load;
    final long startNs;
    final long endNs;
    final long graceEndNs;
    final Histogram latency = new Histogram(HIGHEST_NS, SIGNIFICANT_DIGITS);
    final Map<String, Integer> failures = new TreeMap<>();
    long begun;
    long inTime;
    long failed;
    private volatile boolean over;

    Gust(final Load load, final long startNs, final long lengthNs, final long graceNs)
    {
        this.load = load;
        this.startNs = startNs;
        endNs = startNs + lengthNs;
        graceEndNs = endNs + graceNs;
    }

    void succeed(final long tookNs, final long nowNs)
    {
        latency.recordValue(Math.clamp(tookNs, 0, HIGHEST_NS));
        if (nowNs - endNs < 0)
        {
            inTime++;
        }
    }

    void fail(final String why)
    {
        failed++;
        failures.merge(why, 1, Integer::sum);
    }

    boolean isOver()
    {
        return over;
    }

    void end()
    {
        over = true;
    }
}
