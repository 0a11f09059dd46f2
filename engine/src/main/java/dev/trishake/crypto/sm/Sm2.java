// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.curve.PointMultiplier;

/** What all operations of SM2, GB/T 32918, share: lengths, the number of lanes and the kernel below them. */
public final class Sm2
{
    /** Sessions that an operation does side by side. */
    public static final int LANES = PointMultiplier.LANES;

    /** Octets of a private key, of r, of s and of a coordinate, big-endian. */
    public static final int NUMBER_LENGTH = 32;

    /** Octets of a point: x, then y. A public key is one, and C1 of a ciphertext. */
    public static final int POINT_LENGTH = 2 * NUMBER_LENGTH;

    /** Octets of a signature: r, then s. */
    public static final int SIGNATURE_LENGTH = 2 * NUMBER_LENGTH;

    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    public static final Kernel<PointMultiplier> KERNEL = new Sm2Kernel();

    private Sm2()
    {
    }
}
