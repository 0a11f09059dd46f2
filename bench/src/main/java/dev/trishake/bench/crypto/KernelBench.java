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
 * The rig of the kernels' benchmarks: three forks, because the compiler's code differs from one to the next, and the
 * benchmark's own thread known to the profiler of CPU time, because this machine's neighbours show in wall time.
 *
 * <pre>
 * java -jar bench/target/bench.jar Sm4 -prof gc -prof dev.trishake.bench.ServerThreadProfiler
 * </pre>
 */
@Fork(3)
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
