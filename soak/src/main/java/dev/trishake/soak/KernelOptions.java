// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.KernelSet;
import dev.trishake.crypto.Kernels;
import picocli.CommandLine.Option;

import java.util.Locale;

/** Which code does the cryptography. */
final class KernelOptions
{
    private static final double NS_PER_SECOND = 1e9;

    @Option(names = "--scalar", description = "leave vector registers alone, and start without warming up")
    private boolean scalar;

    boolean isScalar()
    {
        return scalar;
    }

    /**
     * {@return scalar code for a few handshakes; for many what is best here, compiled, unless the user says else}
     *
     * <p>What was found best, why, and how long it took to compile, is told on the standard error.
     */
    Kernels kernels(final boolean many, final KernelSet needed)
    {
        if (!many || scalar)
        {
            return Kernels.scalar();
        }
        final Kernels kernels = Kernels.choose();
        final long start = System.nanoTime();
        final boolean calm = kernels.warmUp(needed);
        System.err.printf(Locale.ROOT, "%s, %s in %.1f s%n", kernels.description(),
            calm ? "warmed up" : "not all warmed up", (System.nanoTime() - start) / NS_PER_SECOND);
        return kernels;
    }
}
