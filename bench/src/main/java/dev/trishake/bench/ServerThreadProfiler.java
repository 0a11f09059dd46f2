// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

import java.util.Collection;
import java.util.List;

/**
 * What an operation costs on the thread that serves it, beside what JMH measures on its own: CPU microseconds
 * ({@value #CPU}, {@code us/op}) and heap bytes ({@value #ALLOCATED}, {@code B/op}) of the {@link ServerThreads}.
 *
 * <p>Use: {@code -prof dev.trishake.bench.ServerThreadProfiler}. Says nothing where no server was registered.
 */
public final class ServerThreadProfiler implements InternalProfiler
{
    /** Name of the secondary result: CPU time of the server's thread, microseconds per operation. */
    public static final String CPU = "server.cpu.norm";

    /** Name of the secondary result: heap bytes that the server's thread allocated per operation. */
    public static final String ALLOCATED = "server.alloc.norm";

    private static final double NS_PER_US = 1000.0;

    private long startCpuNs;
    private long startBytes;

    @Override
    public String getDescription()
    {
        return "CPU time and allocation of the server's threads, per operation";
    }

    @Override
    public void beforeIteration(final BenchmarkParams benchmarkParams, final IterationParams iterationParams)
    {
        startCpuNs = ServerThreads.cpuNs();
        startBytes = ServerThreads.allocatedBytes();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
        final BenchmarkParams benchmarkParams,
        final IterationParams iterationParams,
        final IterationResult result)
    {
        final long operations = result.getMetadata().getAllOps();
        if (!ServerThreads.used() || operations == 0)
        {
            return List.of();
        }

        final double cpuUs = (ServerThreads.cpuNs() - startCpuNs) / NS_PER_US / operations;
        final double bytes = (double)(ServerThreads.allocatedBytes() - startBytes) / operations;
        return List.of(
            new ScalarResult(CPU, cpuUs, "us/op", AggregationPolicy.AVG),
            new ScalarResult(ALLOCATED, bytes, "B/op", AggregationPolicy.AVG));
    }
}
