// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Measures one subject with a fixed secret, all zeros, and with random ones, in random order, and tells the two
 * classes apart by Welch's t. Measurements above a quantile are left out as interruptions, for several quantiles; what
 * counts is the greatest |t| of all, since a leak may show in one only.
 */
public final class TimingTrial
{
    /** From this |t| on a leak is certain (dudect's own bound is 10 too). */
    public static final double LEAK = 10;

    /** Under this |t| there is no evidence of a leak. */
    public static final double CLEAN = 4.5;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double[] QUANTILES = {0.5, 0.75, 0.9, 0.99, 1};
    private static final int CHUNK = 500;
    private static final long MEASUREMENT_NS = 20_000;
    private static final int WARM_UP_ROUNDS = 20;
    private static final int FIXED = 0;
    private static final int RANDOM = 1;

    private final TimingSubject subject;
    private final SplittableRandom random;
    private final Welch[] tests = new Welch[QUANTILES.length];
    private final long[] limits = new long[QUANTILES.length];
    private final long[] times = new long[CHUNK];
    private final int[] classes = new int[CHUNK];
    private final byte[] fixed;
    private final byte[] secret;
    private int repeats = 1;

    /**
     * Prepares a trial.
     *
     * @param subject what is measured
     * @param seed    of the random secrets and of the order
     */
    public TimingTrial(final TimingSubject subject, final long seed)
    {
        this.subject = subject;
        this.random = new SplittableRandom(seed);
        this.fixed = new byte[subject.secretLength()];
        this.secret = new byte[subject.secretLength()];
        Arrays.setAll(tests, i -> new Welch());
    }

    /**
     * Warms the subject up and measures it.
     *
     * @param warmUpNs CPU time to spend before, so that the compiler is done
     * @param wallNs   for how long
     */
    public void run(final long warmUpNs, final long wallNs)
    {
        warmUp(warmUpNs / WARM_UP_ROUNDS);
        measureChunk();
        final long[] sorted = times.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < QUANTILES.length; i++)
        {
            limits[i] = QUANTILES[i] == 1 ? Long.MAX_VALUE : sorted[(int)(QUANTILES[i] * CHUNK)];
        }
        final long start = System.nanoTime();
        do
        {
            measureChunk();
            takeChunk();
        }
        while (System.nanoTime() - start < wallNs);
    }

    /**
     * {@return the greatest |t| over all quantiles}
     */
    public double t()
    {
        return Arrays.stream(tests).mapToDouble(test -> Math.abs(test.t())).max().orElse(0);
    }

    /**
     * {@return how many measurements there are, each of {@link #repeats()} operations}
     */
    public long measurements()
    {
        return tests[tests.length - 1].count();
    }

    /**
     * {@return how many operations a measurement repeats}
     */
    public int repeats()
    {
        return repeats;
    }

    /**
     * {@return the mean time of an operation below the 90 % quantile, in nanoseconds of CPU}
     */
    public double meanNs()
    {
        final Welch test = tests[2];
        return (test.mean(FIXED) + test.mean(RANDOM)) / 2 / repeats;
    }

    /**
     * {@return what the statistic says}
     */
    public String verdict()
    {
        final double t = t();
        if (t >= LEAK)
        {
            return "LEAK";
        }
        return t >= CLEAN ? "look again" : "no evidence";
    }

    /** Until the compiler is done, and then finds how many operations fill a measurement. */
    private void warmUp(final long roundNs)
    {
        long bestNs = Long.MAX_VALUE;
        for (int round = 0; round < WARM_UP_ROUNDS; round++)
        {
            final long start = THREADS.getCurrentThreadCpuTime();
            long done = 0;
            long spent;
            do
            {
                next(random.nextInt(2));
                subject.run();
                done++;
                spent = THREADS.getCurrentThreadCpuTime() - start;
            }
            while (spent < roundNs);
            bestNs = Math.min(bestNs, spent / done);
        }
        repeats = (int)Math.max(1, MEASUREMENT_NS / Math.max(1, bestNs));
    }

    private void measureChunk()
    {
        for (int i = 0; i < CHUNK; i++)
        {
            classes[i] = random.nextInt(2);
            next(classes[i]);
            subject.run();
            final long start = THREADS.getCurrentThreadCpuTime();
            for (int k = 0; k < repeats; k++)
            {
                subject.run();
            }
            times[i] = THREADS.getCurrentThreadCpuTime() - start;
        }
    }

    private void takeChunk()
    {
        for (int i = 0; i < CHUNK; i++)
        {
            for (int k = 0; k < tests.length; k++)
            {
                if (times[i] < limits[k])
                {
                    tests[k].add(classes[i], (double)times[i]);
                }
            }
        }
    }

    /** Both classes do the same on the way: random octets are made, the fixed ones laid over them or themselves. */
    private void next(final int which)
    {
        random.nextBytes(secret);
        final byte[] source = which == FIXED ? fixed : secret;
        System.arraycopy(source, 0, secret, 0, secret.length);
        subject.load(secret);
    }
}
