// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.Kernel;

/** NIST P-256, also named secp256r1 and prime256v1 (FIPS 186-4 D.1.2.3), and what its operations have in common. */
public final class P256
{
    /** The curve. */
    public static final Curve CURVE = new Curve(P256Field.INSTANCE,
        new long[] {0xFFFFFFFFFFFFFFFFL, 0x00000000FFFFFFFFL, 0x0000000000000000L, 0xFFFFFFFF00000001L},
        new long[] {0xF3B9CAC2FC632551L, 0xBCE6FAADA7179E84L, 0xFFFFFFFFFFFFFFFFL, 0xFFFFFFFF00000000L},
        new long[] {0x3BCE3C3E27D2604BL, 0x651D06B0CC53B0F6L, 0xB3EBBD55769886BCL, 0x5AC635D8AA3A93E7L},
        new long[] {0xF4A13945D898C296L, 0x77037D812DEB33A0L, 0xF8BCE6E563A440F2L, 0x6B17D1F2E12C4247L},
        new long[] {0xCBB6406837BF51F5L, 0x2BCE33576B315ECEL, 0x8EE7EB4A7C0F9E16L, 0x4FE342E2FE1A7F9BL});

    /** Sessions that an operation does side by side. */
    public static final int LANES = PointMultiplier.LANES;

    /** Octets of a private key, of r, of s and of a coordinate, big-endian. */
    public static final int NUMBER_LENGTH = 32;

    /** Octets of a point: x, then y. */
    public static final int POINT_LENGTH = 2 * NUMBER_LENGTH;

    /** Octets of a signature: r, then s. */
    public static final int SIGNATURE_LENGTH = 2 * NUMBER_LENGTH;

    /** The kernel, for {@link dev.trishake.crypto.Kernels}. */
    public static final Kernel<PointMultiplier> KERNEL = new P256Kernel();

    private P256()
    {
    }
}
