// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.HashLanes;
import dev.trishake.crypto.Kernel;

/** The compression function of SM3, GB/T 32905 5.3, on sixteen lanes side by side. */
public interface Sm3Lanes extends HashLanes
{
    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    Kernel<Sm3Lanes> KERNEL = new Sm3Kernel();

    @Override
    default void begin(final Columns chaining)
    {
        Sm3Block.begin(chaining);
    }
}
