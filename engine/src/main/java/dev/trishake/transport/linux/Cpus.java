// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * The CPUs that this process may use, and threads pinned to one of them (sched_setaffinity(2)). Set-up only: allocates,
 * and throws {@link UnsupportedOperationException} unless {@link Libc#SUPPORTED}.
 */
public final class Cpus
{
    private static final int MASK_LENGTH = 128;

    /** Asked before the first thread is pinned, and only where there is an answer. */
    private static final class Allowed
    {
        static final BitSet CPUS = allowed();
    }

    private Cpus()
    {
    }

    /**
     * {@return number of CPUs that this process may use}
     */
    public static int count()
    {
        return Allowed.CPUS.cardinality();
    }

    /**
     * {@return the number of a CPU}
     *
     * @param index 0 for the first that this process may use; comes round after the last
     */
    public static int cpu(final int index)
    {
        return Allowed.CPUS.stream().skip(index % count()).findFirst().orElseThrow();
    }

    /**
     * Lets the calling thread run on one CPU only.
     *
     * @param cpu its number
     * @throws IllegalStateException when there is no such CPU, or this process may not use it
     */
    public static void pin(final int cpu)
    {
        if (!Allowed.CPUS.get(cpu))
        {
            throw new IllegalStateException(
                "this process may not use the CPU " + cpu + ": choose one of " + Allowed.CPUS);
        }
        final BitSet one = new BitSet();
        one.set(cpu);
        set(one);
    }

    /** Lets the calling thread run where it could at first. */
    public static void unpin()
    {
        set(Allowed.CPUS);
    }

    private static BitSet allowed()
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment mask = arena.allocate(MASK_LENGTH);
            check(new Libc().schedGetaffinity(0, MASK_LENGTH, mask.address()));
            return BitSet.valueOf(mask.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static void set(final BitSet cpus)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment mask = arena.allocate(MASK_LENGTH);
            mask.copyFrom(MemorySegment.ofArray(cpus.toByteArray()));
            check(new Libc().schedSetaffinity(0, MASK_LENGTH, mask.address()));
        }
    }

    private static void check(final int result)
    {
        if (result < 0)
        {
            throw new IllegalStateException("the affinity of a thread can't be had or set: errno " + -result);
        }
    }
}
