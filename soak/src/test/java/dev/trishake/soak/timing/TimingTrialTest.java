// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TimingTrialTest
{
    private static final long SHORT_NS = 1_000_000L;

    @Test
    void shouldCatchTheLeakPlantedInEveryKernel()
    {
        final List<TimingSubject> twins = LeakyTwins.all();
        assertTrue(twins.size() >= 10, "only " + twins.size());
        for (final TimingSubject twin : twins)
        {
            final TimingTrial trial = new TimingTrial(twin, 1);
            trial.run(20 * SHORT_NS, SHORT_NS);
            for (int i = 0; i < 10 && trial.t() < TimingTrial.LEAK; i++)
            {
                trial.run(0, 10 * SHORT_NS); // as the tool says: measure for longer
            }
            assertEquals("LEAK", trial.verdict(), twin.name() + " |t| = " + trial.t());
        }
    }

    /** Three blocks of a hash beside all that a server does with a record. */
    @Test
    void shouldCatchAServerThatHashesWhatThePaddingLeaves()
    {
        final TimingTrial trial = new TimingTrial(LeakyTwins.luckyThirteen(), 1);
        trial.run(300 * SHORT_NS, 300 * SHORT_NS);
        for (int i = 0; i < 20 && trial.t() < TimingTrial.LEAK; i++)
        {
            trial.run(0, 300 * SHORT_NS);
        }
        assertEquals("LEAK", trial.verdict(), "|t| = " + trial.t());
    }

    @Test
    void shouldLoadFixedAndRandomSecrets()
    {
        final UnsafeBuffer secret = new UnsafeBuffer(new byte[4]);
        final int[] counts = new int[2];
        final TimingTrial trial = new TimingTrial(
            TimingSubjects.of("counter", 4, secret, () -> counts[secret.getInt(0) == 0 ? 0 : 1]++), 1);
        trial.run(20 * SHORT_NS, SHORT_NS);
        assertEquals(0.5, (double)counts[0] / (counts[0] + counts[1]), 0.1);
        assertTrue(trial.measurements() > 0 && trial.repeats() > 1 && trial.meanNs() > 0);
    }

    @Test
    void shouldComputeWelchsStatistic()
    {
        // against the textbook's formula over all values at once
        final SplittableRandom random = new SplittableRandom(1);
        final Welch welch = new Welch();
        final double[][] values = new double[2][200];
        for (int i = 0; i < 200; i++)
        {
            values[0][i] = random.nextDouble(10, 20);
            values[1][i] = random.nextDouble(10, 25);
            welch.add(0, values[0][i]);
            welch.add(1, values[1][i]);
        }
        assertEquals(expectedT(values[0], values[1]), welch.t(), 1e-9);
        assertEquals(400, welch.count());
        assertEquals(0, new Welch().t());
    }

    private static double expectedT(final double[] a, final double[] b)
    {
        return (mean(a) - mean(b)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length);
    }

    private static double mean(final double[] values)
    {
        double sum = 0;
        for (final double value : values)
        {
            sum += value;
        }
        return sum / values.length;
    }

    private static double variance(final double[] values)
    {
        double sum = 0;
        for (final double value : values)
        {
            sum += (value - mean(values)) * (value - mean(values));
        }
        return sum / (values.length - 1);
    }
}
