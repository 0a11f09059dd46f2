// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * Asserts that a piece of work allocates nothing on this thread once it is warm.
 *
 * <p>A round of work is measured again and again until one allocates exactly 0 bytes or time is up: the rounds before
 * C2 has compiled everything may allocate, a steady state that allocates never passes. Each round must also do the work
 * it promised, so that code which silently stopped working can't pass for code that allocates nothing.
 */
public final class Allocation
{
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final int WARM_UP_ROUNDS = 20;

    private Allocation()
    {
    }

    /**
     * Runs rounds of work until one has allocated nothing.
     *
     * @param expectedWork what each round must return: the number of operations it did
     * @param round        one round: enough operations (thousands) that rare allocations show
     */
    public static void assertNone(final long expectedWork, final LongSupplier round)
    {
        assertNone(expectedWork, round, PATIENCE_NS);
    }

    static void assertNone(final long expectedWork, final LongSupplier round, final long patienceNs)
    {
        for (int i = 0; i < WARM_UP_ROUNDS; i++)
        {
            assertEquals(expectedWork, round.getAsLong(), "work done in a warm-up round");
        }

        // of this thread's CPU: on a busy machine the compilers get as little of it
        final long startNs = THREADS.getCurrentThreadCpuTime();
        long least = Long.MAX_VALUE;
        do
        {
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            final long work = round.getAsLong();
            final long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertEquals(expectedWork, work, "work done in a measured round");
            if (allocated == 0)
            {
                return;
            }
            least = Math.min(least, allocated);
        }
        while (THREADS.getCurrentThreadCpuTime() - startNs < patienceNs);

        fail("every round of " + expectedWork + " operations allocated, the best one " + least + " bytes");
    }
}
