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

    /** {@return CPU time of its agents, ns} */
    long cpuNs()
    {
        return cpuNs(pid);
    }

    /** {@return what it has counted, all agents together} */
    Map<String, Long> counters()
    {
        return counters.sums();
    }

    /** {@return CPU time that a process's agents have used, ns; 0 where the system does not tell} */
    static long cpuNs(final long pid)
    {
        long sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task")))
        {
            for (final Path task : tasks)
            {
                if (Files.readString(task.resolve("comm")).startsWith(AGENT))
                {
                    sum += Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ", 2)[0]);
                }
            }
        }
        catch (final IOException ex)
        {
            return sum; // no Linux, or a thread that ended just now
        }
        return sum;
    }

    @Override
    public void close()
    {
        counters.close();
    }
}
