// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.storm;

import dev.trishake.runtime.CountersFile;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A server on this machine as its counters file and the kernel show it: what its agents took and counted. */
public final class Server implements AutoCloseable
{
    private static final String AGENT = "trishake-agent";
    private static final long TICK_NS = 10_000_000; // of USER_HZ, which is 100 on all of Linux
    private static final int STIME_FIELD = 12; // of /proc/PID/task/TID/stat, from the state on

    private final long pid;
    private final CountersFile counters;

    /**
     * Looks at a server that runs.
     *
     * @param pid  its process
     * @param file its counters
     * @throws IllegalStateException when there is none
     */
    public Server(final long pid, final Path file)
    {
        this.pid = pid;
        counters = CountersFile.open(file);
    }

    /** {@return CPU time of its agents} */
    Cpu cpu()
    {
        return cpu(pid);
    }

    /** {@return what it has counted, all agents together} */
    Map<String, Long> counters()
    {
        return counters.sums();
    }

    /**
     * CPU time of threads.
     *
     * @param ns       of it all
     * @param kernelNs of what was in system calls, which the kernel counts in hundredths of a second
     */
    record Cpu(long ns, long kernelNs)
    {
        static final Cpu NONE = new Cpu(0, 0);

        Cpu minus(final Cpu before)
        {
            return new Cpu(ns - before.ns, kernelNs - before.kernelNs);
        }
    }

    /** {@return CPU time that a process's agents have used; 0 where the system does not tell} */
    static Cpu cpu(final long pid)
    {
        long ns = 0;
        long kernelTicks = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task")))
        {
            for (final Path task : tasks)
            {
                if (Files.readString(task.resolve("comm")).startsWith(AGENT))
                {
                    ns += Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ", 2)[0]);
                    final String stat = Files.readString(task.resolve("stat"));
                    kernelTicks += Long.parseLong(
                        stat.substring(stat.lastIndexOf(')') + 2).split(" ", STIME_FIELD + 2)[STIME_FIELD]);
                }
            }
        }
        catch (final IOException ex)
        {
            return new Cpu(ns, kernelTicks * TICK_NS); // no Linux, or a thread that ended just now
        }
        return new Cpu(ns, kernelTicks * TICK_NS);
    }

    @Override
    public void close()
    {
        counters.close();
    }
}
