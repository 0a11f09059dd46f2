// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import java.util.Locale;

/**
 * What a figure should reach. Goals are shown, not enforced: a missed one does not fail the run.
 *
 * @param contender label of the row that the goal stands in
 * @param measure   what is limited
 * @param limit     largest value that meets the goal, in the measure's unit
 */
record Goal(String contender, Measure measure, double limit)
{
    /** What a goal can limit. */
    enum Measure
    {
        /** Nanoseconds per operation of the contender. */
        NANOSECONDS,
        /** Heap bytes per operation of the contender. */
        BYTES,
        /** Time of the family's subject, divided by the time of the contender, a peer. */
        RATIO
    }

    /**
     * {@return a limit of the time per operation}
     *
     * @param contender whose
     * @param limitNs   nanoseconds
     */
    static Goal nanoseconds(final String contender, final double limitNs)
    {
        return new Goal(contender, Measure.NANOSECONDS, limitNs);
    }

    /**
     * {@return a limit of the heap bytes per operation}
     *
     * @param contender whose
     * @param limit     bytes
     */
    static Goal bytes(final String contender, final double limit)
    {
        return new Goal(contender, Measure.BYTES, limit);
    }

    /**
     * {@return a limit of the subject's time in units of a peer's}
     *
     * @param peer  the peer
     * @param limit 1.0 for as fast as the peer
     */
    static Goal ratio(final String peer, final double limit)
    {
        return new Goal(peer, Measure.RATIO, limit);
    }

    /**
     * {@return whether a value meets the goal, judged as the table shows it: a tenth of a nanosecond or of a byte, a
     * hundredth of a ratio}
     *
     * @param value in the measure's unit
     */
    boolean met(final double value)
    {
        final double step = measure == Measure.RATIO ? 100 : 10;
        return !Double.isNaN(value) && Math.round(value * step) <= Math.round(limit * step);
    }

    /** {@return the goal as the table shows it, like {@code 16 ns}} */
    String describe()
    {
        return switch (measure)
        {
            case NANOSECONDS -> number(limit) + " ns";
            case BYTES -> number(limit) + " B";
            case RATIO -> String.format(Locale.ROOT, "%.2fx", limit);
        };
    }

    private static String number(final double value)
    {
        return value == Math.rint(value) ? Long.toString((long)value) : Double.toString(value);
    }
}
