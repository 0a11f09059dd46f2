// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.lanes.X25519Vectors;

/** X25519's entry in the table of kernels. */
final class X25519Kernel implements Kernel<X25519Lanes>
{
    private final long[] keys = new long[X25519Lanes.WORDS * X25519Lanes.LANES];
    private final long[] results = new long[X25519Lanes.WORDS * X25519Lanes.LANES];

    @Override
    public String name()
    {
        return "X25519";
    }

    @Override
    public X25519Lanes vector()
    {
        return new X25519Vectors();
    }

    @Override
    public X25519Lanes scalar()
    {
        return new X25519Scalars();
    }

    @Override
    public void warmUp(final X25519Lanes lanes)
    {
        lanes.generate(keys, results, 1);
        lanes.agree(keys, results, results, 1);
    }
}
