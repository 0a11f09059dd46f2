// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.report;

import java.util.Locale;

/**
 * How many a second: SYNs, connections.
 *
 * @param perSecond number, or {@link #MAX}
 */
public record Rate(long perSecond)
{
    /** No more than this are asked for. */
    public static final long MOST = 5_000_000;

    private static final long MAX = 0;
    private static final String MAX_TEXT = "max";
    private static final long THOUSAND = 1_000;
    private static final long MILLION = 1_000_000;

    /**
     * {@return the rate that a text like {@code 100k}, {@code 1M}, {@code 2500} or {@code max} means}
     *
     * @param text of a user
     * @throws IllegalArgumentException when it is none
     */
    public static Rate of(final String text)
    {
        if (MAX_TEXT.equalsIgnoreCase(text))
        {
            return new Rate(MAX);
        }
        if (!text.matches("[0-9]{1,7}[kKmM]?"))
        {
            throw new IllegalArgumentException("'" + text + "' is no rate: write 2500, 100k, 1M or max");
        }
        final char last = Character.toLowerCase(text.charAt(text.length() - 1));
        final long unit = last == 'k' ? THOUSAND : last == 'm' ? MILLION : 1;
        final long value = Long.parseLong(unit == 1 ? text : text.substring(0, text.length() - 1)) * unit;
        if (value < 1 || value > MOST)
        {
            throw new IllegalArgumentException("a rate is 1 to " + MOST / MILLION + "M a second, or max");
        }
        return new Rate(value);
    }

    /** {@return whether it is as many as can be} */
    public boolean isUnlimited()
    {
        return perSecond == MAX;
    }

    @Override
    public String toString()
    {
        return isUnlimited() ? MAX_TEXT : text((double)perSecond);
    }

    /**
     * {@return a number as people write it}
     *
     * @param value any
     */
    public static String text(final double value)
    {
        return value < THOUSAND ? String.format(Locale.ROOT, "%.0f", value) :
            value < MILLION ? trimmed(value / THOUSAND) + "k" : trimmed(value / MILLION) + "M";
    }

    private static String trimmed(final double value)
    {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
            .replaceFirst("\\.?0+$", value < 100 ? "" : "$0");
    }
}
