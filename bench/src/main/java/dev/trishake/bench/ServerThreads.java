// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The threads whose cost a benchmark asks for when they are not JMH's own: the server that JMH's thread drives.
 *
 * <p>A benchmark registers its server at set-up and closes the {@link Registration} before it stops the server;
 * {@link ServerThreadProfiler} reads the sums around every iteration. Both sums count from the moment of registration
 * and never fall, so that it does not matter on which side of a profiler's reading a set-up or tear-down happens.
 */
public final class ServerThreads
{
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private static final List<Registration> LIVE = new ArrayList<>();

    private static long retiredCpuNs;
    private static long retiredBytes;
    private static boolean used;

    private ServerThreads()
    {
    }

    /**
     * {@return the registration of a thread of this JVM}
     *
     * @param thread the server's thread; must be alive until the registration is closed
     */
    public static Registration register(final Thread thread)
    {
        final long id = thread.threadId();
        return register(() -> THREADS.getThreadCpuTime(id), () -> THREADS.getThreadAllocatedBytes(id));
    }

    /**
     * {@return the registration of a server that says itself what it has used}
     *
     * @param cpuNs          CPU time in nanoseconds, user and system; rising
     * @param allocatedBytes bytes allocated on the Java heap; rising
     */
    public static synchronized Registration register(final LongSupplier cpuNs, final LongSupplier allocatedBytes)
    {
        final Registration registration = new Registration(cpuNs, allocatedBytes);
        LIVE.add(registration);
        used = true;
        return registration;
    }

    /**
     * {@return true once a server has been registered in this JVM}
     */
    public static synchronized boolean used()
    {
        return used;
    }

    /**
     * {@return CPU nanoseconds that registered servers have used while they were registered}
     */
    public static synchronized long cpuNs()
    {
        long sum = retiredCpuNs;
        for (final Registration registration : LIVE)
        {
            sum += registration.cpuNs.getAsLong() - registration.startCpuNs;
        }
        return sum;
    }

    /**
     * {@return bytes that registered servers have allocated while they were registered}
     */
    public static synchronized long allocatedBytes()
    {
        long sum = retiredBytes;
        for (final Registration registration : LIVE)
        {
            sum += registration.allocatedBytes.getAsLong() - registration.startBytes;
        }
        return sum;
    }

    private static synchronized void retire(final Registration registration)
    {
        if (LIVE.remove(registration))
        {
            retiredCpuNs += registration.cpuNs.getAsLong() - registration.startCpuNs;
            retiredBytes += registration.allocatedBytes.getAsLong() - registration.startBytes;
        }
    }

    /** One server that is being counted; closed while the server is still alive. */
    public static final class Registration implements AutoCloseable
    {
        private final LongSupplier cpuNs;
        private final LongSupplier allocatedBytes;
        private final long startCpuNs;
        private final long startBytes;

        private Registration(final LongSupplier cpuNs, final LongSupplier allocatedBytes)
        {
            this.cpuNs = cpuNs;
            this.allocatedBytes = allocatedBytes;
            startCpuNs = cpuNs.getAsLong();
            startBytes = allocatedBytes.getAsLong();
        }

        @Override
        public void close()
        {
            retire(this);
        }
    }
}
