// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import java.util.Locale;

/** Numbers as the tables and the picture show them: as many digits as they deserve. */
final class Figures
{
    private static final String[] SCALES = {"", " k", " M", " G"};

    /** A unit that the times of one family share, so that a column can be compared at a glance. */
    enum TimeUnit
    {
        /** Nanoseconds. */
        NS("ns", 1),
        /** Microseconds. */
        US("us", 1e3),
        /** Milliseconds. */
        MS("ms", 1e6);

        private final String symbol;
        private final double nanoseconds;

        TimeUnit(final String symbol, final double nanoseconds)
        {
            this.symbol = symbol;
            this.nanoseconds = nanoseconds;
        }

        /** {@return the largest unit in which the shortest time is still one or more} */
        static TimeUnit of(final double shortestNs)
        {
            return shortestNs >= MS.nanoseconds ? MS : shortestNs >= US.nanoseconds ? US : NS;
        }

        String symbol()
        {
            return symbol;
        }

        double of(final Score score)
        {
            return score.nsPerOp() / nanoseconds;
        }
    }

    private Figures()
    {
    }

    /** {@return like {@code 12.34 ± 0.05}; without the error when there is none} */
    static String time(final Score score, final TimeUnit unit)
    {
        final double time = unit.of(score);
        final String decimals = time < 100 ? "%.2f" : "%.1f";
        return String.format(Locale.ROOT, decimals, time) + (Double.isNaN(score.errorNs()) ? "" :
            " ± " + String.format(Locale.ROOT, decimals, time * score.errorNs() / score.nsPerOp()));
    }

    /** {@return a score in a few words, for the progress} */
    static String brief(final Score score)
    {
        final TimeUnit unit = TimeUnit.of(score.nsPerOp());
        return time(score, unit) + " " + unit.symbol() + "/op, " + bytes(score.bytesPerOp()) + " B/op";
    }

    /** {@return four digits and a scale, like {@code 128.0 k}} */
    static String rate(final double opsPerSecond)
    {
        double value = opsPerSecond;
        int scale = 0;
        while (value >= 999.95 && scale < SCALES.length - 1)
        {
            value /= 1000;
            scale++;
        }
        return String.format(Locale.ROOT, scale == 0 || value >= 99.995 ? "%.1f%s" : "%.2f%s", value, SCALES[scale]);
    }

    /** {@return bytes, to a tenth where there is one; {@code -} when not measured} */
    static String bytes(final double bytes)
    {
        if (Double.isNaN(bytes))
        {
            return "-";
        }
        final long tenths = Math.round(bytes * 10);
        return tenths % 10 == 0 || bytes >= 100 ? Long.toString(Math.round(bytes)) :
            String.format(Locale.ROOT, "%.1f", bytes);
    }

    /** {@return a quotient of times; three digits also when it is tiny} */
    static String ratio(final double ratio)
    {
        return String.format(Locale.ROOT, ratio < 0.1 ? "%.3f" : ratio < 100 ? "%.2f" : "%.0f", ratio);
    }

    /** {@return minutes and seconds, like {@code 8:05}} */
    static String minutes(final long ms)
    {
        final long seconds = (ms + 500) / 1000;
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
