// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import dev.trishake.bench.Bench;
import dev.trishake.bench.ServerThreads;
import dev.trishake.bench.UnavailableException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One benchmark for each way in which a trial can end. */
public class SampleBenchmark extends Bench
{
    @Param({"1", "2"})
    int size;

    private int counter;

    @Benchmark
    public int quick()
    {
        return counter += size;
    }

    @Benchmark
    public byte[] allocating()
    {
        return new byte[1000 * size];
    }

    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    @OperationsPerInvocation(10)
    public int inThroughputMode()
    {
        LockSupport.parkNanos(1_000_000);
        return counter++;
    }

    /** So slow that JMH allocates more than it does. */
    @Benchmark
    public Object sixteenBytes()
    {
        LockSupport.parkNanos(20_000);
        return new Object();
    }

    @Benchmark
    public int broken()
    {
        throw new IllegalStateException("broken on purpose");
    }

    @Benchmark
    public int missing(final Missing missing)
    {
        return missing.hashCode();
    }

    @Benchmark
    public int served(final Server server)
    {
        return server.hashCode();
    }

    /** What this machine lacks. */
    @State(Scope.Thread)
    public static class Missing
    {
        @Setup
        public void setUp()
        {
            throw new UnavailableException("no such library is installed");
        }
    }

    /** A server that says it used five seconds and 5 TB since the epoch's start; both rise with the clock. */
    @State(Scope.Thread)
    public static class Server
    {
        private ServerThreads.Registration registration;

        @Setup
        public void setUp()
        {
            registration = ServerThreads.register(System::nanoTime, () -> 3 * System.nanoTime());
        }

        @TearDown
        public void tearDown()
        {
            registration.close();
        }
    }
}
