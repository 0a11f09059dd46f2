// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

/**
 * How long a trial measures.
 *
 * @param forks        JVMs, one after the other
 * @param warmups      iterations of a fork that do not count
 * @param measurements iterations of a fork that count
 * @param iterationMs  length of one iteration
 * @param startMs      what a fork takes beside its iterations: start of its JVM, set-up, tear-down; for the plan only
 */
record Pace(int forks, int warmups, int measurements, int iterationMs, int startMs)
{
    /** For operations of nanoseconds. */
    static final Pace SHORT = new Pace(2, 3, 5, 300, 900);

    /** For operations of nanoseconds on something large that is built first. */
    static final Pace SHORT_ON_LARGE = new Pace(2, 3, 5, 300, 2400);

    /** For operations that cross the kernel, whose figures wander more. */
    static final Pace LONG = new Pace(2, 3, 5, 1000, 900);

    /** For kernels, whose vectors take long to compile: warm-ups above all, and one fork only. */
    static final Pace KERNEL = new Pace(1, 7, 3, 200, 2200);

    /** For whole stacks, some in a JVM of their own, which their set-up compiles. */
    static final Pace STACK = new Pace(1, 7, 3, 250, 4500);

    /** {@return milliseconds that a trial is expected to take} */
    long plannedMs()
    {
        return (long)forks * (startMs + (long)(warmups + measurements) * iterationMs);
    }
}
