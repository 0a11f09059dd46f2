// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import org.HdrHistogram.Histogram;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** What tools print at their end. */
final class Tables
{
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
    private static final String LINK_PREFIX = "Link";
    private static final double NS_PER_US = 1_000;

    private Tables()
    {
    }

    /** Prints a line for each counter that is not 0, and for each of the links'. */
    static void counters(final PrintWriter out, final Map<String, Long> counters)
    {
        counters.forEach((label, value) ->
        {
            if (value != 0 || label.startsWith(LINK_PREFIX))
            {
                counter(out, label, value);
            }
        });
    }

    /** Prints a line with the percentiles of times in nanoseconds. */
    static void percentiles(final PrintWriter out, final String what, final Histogram times)
    {
        final StringBuilder line = new StringBuilder(what);
        for (final double percentile : PERCENTILES)
        {
            line.append(percentile == 100 ? ", max " : (line.length() == what.length() ? ": p" : ", p"));
            if (percentile < 100)
            {
                line.append(percentile % 1 == 0 ? Integer.toString((int)percentile) : Double.toString(percentile))
                    .append(' ');
            }
            line.append(String.format(Locale.ROOT, "%,.1f us", times.getValueAtPercentile(percentile) / NS_PER_US));
        }
        out.println(line);
    }

    private static void counter(final PrintWriter out, final String label, final long value)
    {
        out.printf(Locale.ROOT, "%-24s %,15d%n", label, value);
    }
}
