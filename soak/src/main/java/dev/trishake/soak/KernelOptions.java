// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.KernelSet;
import dev.trishake.crypto.Kernels;
import picocli.CommandLine.Option;

/** Which code does the cryptography. */
final class KernelOptions
{
    @Option(names = "--scalar", description = "leave vector registers alone, and start without warming up")
    private boolean scalar;

    boolean isScalar()
    {
        return scalar;
    }

    /** {@return scalar code for a few handshakes; for many what is best here, compiled, unless the user says else} */
    Kernels kernels(final boolean many, final KernelSet needed)
    {
        if (!many || scalar)
        {
            return Kernels.scalar();
        }
        final Kernels kernels = Kernels.choose();
        kernels.warmUp(needed);
        return kernels;
    }
}
