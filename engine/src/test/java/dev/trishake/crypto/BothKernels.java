// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import java.util.List;

/** Both implementations of the kernels, for tests that run on each. */
public final class BothKernels
{
    private static final List<Kernels> ALL = List.of(Kernels.vector(), Kernels.scalar());

    private BothKernels()
    {
    }

    /**
     * {@return vectors and scalar code}
     */
    public static List<Kernels> all()
    {
        return ALL;
    }
}
