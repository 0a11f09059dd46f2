// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.storm;

import java.util.Locale;

/**
 * What clients do.
 *
 * @param isOpen whether they begin by the clock, whatever became of those before them; else each begins when one ends
 * @param value  how many begin in a second, or how many are under way
 */
public record Load(boolean isOpen, double value)
{
    /**
     * {@return so many under way at any time}
     *
     * @param concurrency number
     */
    public static Load closed(final int concurrency)
    {
        return new Load(false, concurrency);
    }

    /**
     * {@return so many a second}
     *
     * @param perSecond number
     */
    public static Load open(final double perSecond)
    {
        return new Load(true, perSecond);
    }

    /** {@return what one of several threads does of it; the first ones do more where it can't be divided} */
    Load share(final int thread, final int threads)
    {
        return isOpen ? open(value / threads) : closed(((int)value + threads - 1 - thread) / threads);
    }

    @Override
    public String toString()
    {
        return String.format(Locale.ROOT, isOpen ? "%.0f/s" : "%.0f at once", value);
    }
}
