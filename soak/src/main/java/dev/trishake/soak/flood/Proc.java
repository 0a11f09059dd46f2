// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import com.sun.management.ThreadMXBean;
import org.agrona.collections.MutableLong;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the kernel and the JVM say about this process, its threads and their network. What is not told is 0. */
public final class Proc
{
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private static final long KIB = 1024;

    private Proc()
    {
    }

    /** {@return bytes of this process that are in memory} */
    static long residentBytes()
    {
        return lines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> KIB * Long.parseLong(line.replaceAll("[^0-9]", ""))).sum();
    }

    /** {@return bytes of this process's direct buffers: slabs, tables, rings} */
    static long directBytes()
    {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }

    /**
     * {@return CPU time of a thread, ns}
     *
     * @param thread of this JVM, alive
     */
    public static long cpuNs(final Thread thread)
    {
        return Math.max(0, THREADS.getThreadCpuTime(thread.threadId()));
    }

    /**
     * {@return bytes that a thread has allocated}
     *
     * @param thread of this JVM, alive
     */
    public static long allocatedBytes(final Thread thread)
    {
        return THREADS.getThreadAllocatedBytes(thread.threadId());
    }

    /** {@return CPU time of the threads that do soft interrupts where there are too many, all processors, ns} */
    static long softInterruptNs()
    {
        final MutableLong sum = new MutableLong();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*"))
        {
            for (final Path process : processes)
            {
                if (lines(process.resolve("comm")).stream().anyMatch(name -> name.startsWith("ksoftirqd/")))
                {
                    lines(process.resolve("schedstat")).stream().findFirst()
                        .ifPresent(line -> sum.value += Long.parseLong(line.split(" ", 2)[0]));
                }
            }
        }
        catch (final IOException ex)
        {
            return 0;
        }
        return sum.value;
    }

    /** {@return the counters of the calling thread's network namespace, by the names that {@link Victim} has} */
    static Map<String, Long> networkCounters()
    {
        final Map<String, Long> counters = new TreeMap<>();
        for (final String file : List.of("snmp", "netstat"))
        {
            final List<String> lines = lines(Path.of("/proc/thread-self/net", file));
            for (int i = 0; i + 1 < lines.size(); i += 2)
            {
                final String[] names = lines.get(i).split(" ", -1);
                final String[] values = lines.get(i + 1).split(" ", -1);
                final String protocol = names[0].replace(":", "");
                for (int j = 1; j < Math.min(names.length, values.length); j++)
                {
                    counters.put(
                        (protocol.equals("TcpExt") ? "" : protocol) + names[j], Long.parseLong(values[j].strip()));
                }
            }
        }
        for (final String line : lines(Path.of("/proc/thread-self/net/snmp6")))
        {
            final String[] words = line.strip().split("\\s+", -1);
            counters.put(words[0], Long.parseLong(words[1]));
        }
        return counters;
    }

    private static List<String> lines(final Path file)
    {
        try
        {
            return Files.readAllLines(file);
        }
        catch (final IOException ex)
        {
            return List.of();
        }
    }
}
