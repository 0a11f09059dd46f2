// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.crypto.lanes.VectorProbe;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * The choice between the two implementations of every kernel: vectors, many sessions side by side in one register, or
 * scalar code.
 *
 * <p>It is made once, when an engine or a tool starts, and handed to the constructors of the operations. {@code
 * -Dtrishake.lanes} takes {@code vector}, {@code scalar} or {@code auto}, which takes vectors where the module {@code
 * jdk.incubator.vector} is there, registers have 512 bits and a short trial shows that the compiler uses them.
 *
 * <p>Set-up code, the only one in {@code crypto} that looks at a clock (the thread's CPU time) and may throw.
 */
public final class Kernels
{
    /** The system property with the user's choice. */
    public static final String PROPERTY = "trishake.lanes";

    private static final String MODULE = "jdk.incubator.vector";
    private static final int VECTOR_BITS = 512;
    // longer, and C2 takes the warming up itself for what matters and compiles that, kernels inlined
    private static final long TURN_NS = 200_000L;
    private static final long LEAST_WARM_UP_NS = 300_000_000L;
    private static final long MOST_WARM_UP_NS = 6_000_000_000L;
    private static final int CALM_TURNS = 20;

    private final boolean vector;
    private final String description;

    private Kernels(final boolean vector, final String reason)
    {
        this.vector = vector;
        this.description = "kernels: " + (vector ? "vector" : "scalar") + " (" + reason + ")";
    }

    /**
     * {@return what the user asked for with {@link #PROPERTY}, or the best there is; takes up to half a second}
     *
     * @throws IllegalArgumentException when the property has another value than vector, scalar or auto
     * @throws IllegalStateException    when vectors are asked for and their module is not there
     */
    public static Kernels choose()
    {
        final String choice = System.getProperty(PROPERTY, "auto");
        return switch (choice)
        {
            case "vector" -> vector();
            case "scalar" -> new Kernels(false, "asked for");
            case "auto" -> best();
            default -> throw new IllegalArgumentException(
                "-D" + PROPERTY + "=" + choice + ": it takes vector, scalar or auto");
        };
    }

    /**
     * {@return scalar kernels: right for tests and for tools that do fewer than a hundred handshakes, which need no
     * warm-up}
     */
    public static Kernels scalar()
    {
        return new Kernels(false, "no warm-up");
    }

    /**
     * {@return vector kernels, however slow they may be on this machine}
     *
     * @throws IllegalStateException when the vector module is not there
     */
    public static Kernels vector()
    {
        if (!moduleIsThere())
        {
            throw new IllegalStateException("vector kernels need --add-modules " + MODULE);
        }
        return new Kernels(true, "asked for, " + VectorProbe.bits() + "-bit registers");
    }

    /**
     * {@return whether {@link #vector()} works here}
     */
    public static boolean moduleIsThere()
    {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /**
     * {@return whether the kernels are the vector implementations}
     */
    public boolean areVector()
    {
        return vector;
    }

    /**
     * {@return one line for a user or a log: which implementation, and why}
     */
    public String description()
    {
        return description;
    }

    /**
     * {@return a new instance of a kernel in the chosen implementation, with scratch of its own; allocates}
     *
     * @param kernel which one
     * @param <T>    what its implementations are
     */
    public <T> T create(final Kernel<T> kernel)
    {
        return vector ? kernel.vector() : kernel.scalar();
    }

    /**
     * Runs every kernel there is until the compiler is done with it; see {@link #warmUp(KernelSet...)}.
     *
     * @return whether all were seen running evenly without allocating; false when the time was up before
     */
    public boolean warmUp()
    {
        return warmUp(KernelSet.values());
    }

    /**
     * Runs kernels until the compiler is done with them, so that operations neither wait nor allocate later. They take
     * turns: while one is being compiled, the others run.
     *
     * <p>How long that takes is up to C2, which has 20 to 250 ms of work with each of a vector formula's methods: on
     * two cores 1 to 3 s for a protocol. A JVM without the launcher's flags takes three times as long, because C2 also
     * compiles what those methods inline, and this thread makes garbage meanwhile. 6 s of its CPU time are the most.
     *
     * @param needed what is going to be computed with
     * @return whether all were seen running evenly without allocating; false when the time was up before
     */
    public boolean warmUp(final KernelSet... needed)
    {
        int count = 0;
        for (final KernelSet set : needed)
        {
            count += set.size();
        }
        final WarmUp<?>[] turns = new WarmUp<?>[count];
        for (final KernelSet set : needed)
        {
            for (int i = 0; i < set.size(); i++)
            {
                turns[--count] = new WarmUp<>(this, set.kernel(i));
            }
        }

        final long start = cpuTimeNs();
        boolean calm;
        long spent;
        do
        {
            calm = true;
            for (final WarmUp<?> turn : turns)
            {
                calm &= turn.take();
            }
            spent = cpuTimeNs() - start;
        }
        while (spent < LEAST_WARM_UP_NS || (!calm && spent < MOST_WARM_UP_NS));
        return calm;
    }

    @Override
    public String toString()
    {
        return description;
    }

    private static Kernels best()
    {
        if (!moduleIsThere())
        {
            return new Kernels(false, "vectors need --add-modules " + MODULE);
        }
        final int bits = VectorProbe.bits();
        if (bits < VECTOR_BITS)
        {
            return new Kernels(false, bits + "-bit registers, vectors need " + VECTOR_BITS);
        }
        if (!VectorProbe.isFast())
        {
            return new Kernels(false, "the compiler of this JVM makes no vector code");
        }
        return new Kernels(true, bits + "-bit registers");
    }

    /** {@return what this thread has used of a processor: neighbours on a busy machine don't show in it} */
    private static long cpuTimeNs()
    {
        return WarmUp.THREADS.getCurrentThreadCpuTime();
    }

    /** One kernel on its way to compiled code. */
    private static final class WarmUp<T>
    {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        private final Kernel<T> kernel;
        private final T lanes;
        private long bestNs = Long.MAX_VALUE;
        private int calm;

        private WarmUp(final Kernels kernels, final Kernel<T> kernel)
        {
            this.kernel = kernel;
            this.lanes = kernels.create(kernel);
        }

        /** {@return whether it has, after this turn, run evenly and without allocation for a good while} */
        private boolean take()
        {
            final long allocated = allocatedBytes();
            final long start = cpuTimeNs();
            long rounds = 0;
            long spent;
            do
            {
                kernel.warmUp(lanes);
                rounds++;
                spent = cpuTimeNs() - start;
            }
            while (spent < TURN_NS);

            final long roundNs = spent / rounds;
            // a quarter is noise; more means that faster code has just come
            final boolean faster = roundNs < bestNs - bestNs / 4;
            if (faster || allocatedBytes() != allocated)
            {
                calm = 0;
            }
            else
            {
                calm++;
            }
            bestNs = Math.min(bestNs, roundNs);
            return calm >= CALM_TURNS;
        }

        /** {@return what this thread has allocated so far; 0 where the JVM doesn't say} */
        private static long allocatedBytes()
        {
            return THREADS instanceof com.sun.management.ThreadMXBean hotSpot ?
                hotSpot.getCurrentThreadAllocatedBytes() : 0;
        }
    }
}
