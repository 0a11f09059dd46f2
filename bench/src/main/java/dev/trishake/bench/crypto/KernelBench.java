// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.bench.Bench;
import dev.trishake.bench.ServerThreads;
import dev.trishake.crypto.Kernels;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The rig of the kernels' benchmarks: three forks, because the compiler's code differs from one to the next; compiled
 * in the foreground, because until C2 is done vectors are a hundred times slower, and on a busy machine it may never
 * be; and the benchmark's own thread known to the profiler of CPU time, because neighbours show in wall time.
 *
 * <pre>
 * java -jar bench/target/bench.jar Sm4 -prof gc -prof dev.trishake.bench.ServerThreadProfiler
 * </pre>
 */
@Fork(value = 3, jvmArgsAppend = "-XX:-BackgroundCompilation")
public class KernelBench extends Bench
{
    /** Both implementations, warmed up by the benchmark itself. */
    protected static final Kernels VECTOR = Kernels.vector();

    /** Scalar code. */
    protected static final Kernels SCALAR = Kernels.scalar();

    private ServerThreads.Registration registration;

    /** For subclasses only. */
    protected KernelBench()
    {
    }

    @Setup
    public void measureThisThread()
    {
        registration = ServerThreads.register(Thread.currentThread());
    }

    @TearDown
    public void forgetThisThread()
    {
        registration.close();
    }
}
