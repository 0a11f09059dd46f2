// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import dev.trishake.bench.ServerThreadProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The figures of a trial, all in the same units whatever mode JMH ran in.
 *
 * @param nsPerOp          nanoseconds of one thread per operation
 * @param errorNs          half of the 99.9 % confidence interval of {@code nsPerOp}; NaN when there are too few samples
 * @param bytesPerOp       heap bytes allocated per operation; NaN when not measured
 * @param wallOpsPerSecond operations per second by the wall clock; differs from {@link #opsPerSecondPerCore} where the
 *                         time is that of the server's thread
 */
record Score(double nsPerOp, double errorNs, double bytesPerOp, double wallOpsPerSecond)
{
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
        final Result<?> bytes =
            run.getSecondaryResults().get(onServerThread ? ServerThreadProfiler.ALLOCATED : GC_BYTES);
        if (time == null)
        {
            throw new IllegalStateException("no " + ServerThreadProfiler.CPU + " was measured");
        }
        return of(
            time.getScore(), time.getScoreError(), time.getScoreUnit(),
            bytes == null ? Double.NaN : bytes.getScore(),
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
