// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

/** Welch's t statistic of two classes of measurements, updated with each of them (Welford's recurrence). */
final class Welch
{
    private final long[] counts = new long[2];
    private final double[] means = new double[2];
    private final double[] squares = new double[2];

    /** Takes a measurement of class 0 or 1. */
    void add(final int which, final double value)
    {
        counts[which]++;
        final double delta = value - means[which];
        means[which] += delta / counts[which];
        squares[which] += delta * (value - means[which]);
    }

    /** {@return how many standard errors the means are apart; 0 while a class has less than two measurements} */
    double t()
    {
        if (counts[0] < 2 || counts[1] < 2)
        {
            return 0;
        }
        final double error = Math.sqrt(variance(0) / counts[0] + variance(1) / counts[1]);
        return error == 0 ? 0 : (means[0] - means[1]) / error;
    }

    /** {@return the mean of a class} */
    double mean(final int which)
    {
        return means[which];
    }

    /** {@return how many measurements there are} */
    long count()
    {
        return counts[0] + counts[1];
    }

    private double variance(final int which)
    {
        return squares[which] / (counts[which] - 1);
    }
}
