// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import dev.trishake.bench.ServerThreadProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The figures of a trial, all in the same units whatever mode JMH ran in.
 *
 * @param nsPerOp          nanoseconds of one thread per operation
 * @param errorNs          half of the 99.9 % confidence interval of {@code nsPerOp}; NaN when there are too few samples
 * @param bytesPerOp       heap bytes that an operation allocates, without JMH's own; NaN when not measured
 * @param wallOpsPerSecond operations per second by the wall clock; differs from {@link #opsPerSecondPerCore} where the
 *                         time is that of the server's thread
 */
record Score(double nsPerOp, double errorNs, double bytesPerOp, double wallOpsPerSecond)
{
    /**
     * What JMH may allocate in an iteration. An empty benchmark shows 5.7 KB, in a second 6.3, however many operations
     * there are: a figure of slow ones that allocate nothing. So it is left out, and no more than that: 16 bytes an
     * operation show where an iteration has thirty operations.
     */
    static final double HARNESS_BYTES = 6.5 * 1024;

    private static final double NS_PER_SECOND = 1e9;
    private static final String GC_BYTES = "gc.alloc.rate.norm";

    /**
     * {@return the figures of a run}
     *
     * @param run            JMH's result
     * @param onServerThread whether time and bytes are those of the server's thread
     * @throws IllegalStateException when the run lacks a result that the family needs, or its unit is unknown
     */
    static Score of(final RunResult run, final boolean onServerThread)
    {
        final Result<?> primary = run.getPrimaryResult();
        final Result<?> time = onServerThread ? run.getSecondaryResults().get(ServerThreadProfiler.CPU) : primary;
        if (time == null)
        {
            throw new IllegalStateException("no " + ServerThreadProfiler.CPU + " was measured");
        }
        return of(
            time.getScore(), time.getScoreError(), time.getScoreUnit(),
            onServerThread ? serverBytes(run) : ownBytes(run),
            NS_PER_SECOND / nsPerOp(primary.getScore(), primary.getScoreUnit()));
    }

    /**
     * {@return the figures of a value in JMH's unit}
     *
     * @param value            JMH's score
     * @param error            JMH's score error, in the same unit
     * @param unit             like {@code ns/op} or {@code ops/s}
     * @param bytesPerOp       heap bytes
     * @param wallOpsPerSecond by the wall clock
     */
    static Score of(
        final double value,
        final double error,
        final String unit,
        final double bytesPerOp,
        final double wallOpsPerSecond)
    {
        final double nsPerOp = nsPerOp(value, unit);
        return new Score(nsPerOp, nsPerOp * error / value, bytesPerOp, wallOpsPerSecond);
    }

    /**
     * {@return what the operations of an iteration allocated by themselves, at least}
     *
     * @param bytesPerOp all that was allocated meanwhile, per operation
     * @param ops        operations of the iteration
     */
    static double ownBytes(final double bytesPerOp, final long ops)
    {
        return Math.max(0, bytesPerOp * ops - HARNESS_BYTES);
    }

    /** {@return per operation, of all iterations that have the figure; NaN when none has} */
    private static double ownBytes(final RunResult run)
    {
        double bytes = 0;
        long ops = 0;
        for (final BenchmarkResult fork : run.getBenchmarkResults())
        {
            for (final IterationResult iteration : fork.getIterationResults())
            {
                final Result<?> figure = iteration.getSecondaryResults().get(GC_BYTES);
                if (figure != null)
                {
                    final long done = iteration.getMetadata().getAllOps();
                    bytes += ownBytes(figure.getScore(), done);
                    ops += done;
                }
            }
        }
        return bytes / ops;
    }

    /** {@return per operation, of the server's thread, on which nothing of JMH runs; NaN when not measured} */
    private static double serverBytes(final RunResult run)
    {
        final Result<?> bytes = run.getSecondaryResults().get(ServerThreadProfiler.ALLOCATED);
        return bytes == null ? Double.NaN : bytes.getScore();
    }

    double opsPerSecondPerCore()
    {
        return NS_PER_SECOND / nsPerOp;
    }

    private static double nsPerOp(final double value, final String unit)
    {
        return unit.startsWith("ops/") ?
            nanoseconds(unit.substring("ops/".length())) / value :
            value * nanoseconds(unit.substring(0, Math.max(0, unit.indexOf('/'))));
    }

    private static double nanoseconds(final String unit)
    {
        return switch (unit)
        {
            case "ns" -> 1;
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> NS_PER_SECOND;
            default -> throw new IllegalStateException("unknown unit of time: " + unit);
        };
    }
}
