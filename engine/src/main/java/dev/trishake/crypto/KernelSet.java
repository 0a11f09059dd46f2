// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.crypto.aead.AesGcmLanes;
import dev.trishake.crypto.aead.ChaCha20Poly1305Lanes;
import dev.trishake.crypto.aead.GhashLanes;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.curve.X25519Lanes;
import dev.trishake.crypto.hash.Fnv1a128Lanes;
import dev.trishake.crypto.hash.Sha256Lanes;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm3Lanes;
import dev.trishake.crypto.sm.Sm4Lanes;

/** The kernels that a protocol computes with: what has to be warm before it is served. */
public enum KernelSet
{
    /** SM2, SM3, SM4 and GCM's authenticator, whatever the suite. */
    TLCP(Sm2.KERNEL, Sm3Lanes.KERNEL, Sm4Lanes.KERNEL, GhashLanes.KERNEL),

    /** Both curves, both AEADs and the hashes, whatever the version. */
    GQUIC(
        P256.KERNEL, X25519Lanes.KERNEL, AesGcmLanes.KERNEL, ChaCha20Poly1305Lanes.KERNEL, Fnv1a128Lanes.KERNEL,
        Sha256Lanes.KERNEL);

    @SuppressWarnings("ImmutableEnumChecker") // written here alone, like what kernels warm up with
    private final Kernel<?>[] kernels;

    KernelSet(final Kernel<?>... kernels)
    {
        this.kernels = kernels;
    }

    /** {@return how many kernels there are} */
    int size()
    {
        return kernels.length;
    }

    /**
     * {@return a kernel of this set}
     *
     * @param index 0 to {@link #size()} - 1
     */
    Kernel<?> kernel(final int index)
    {
        return kernels[index];
    }
}
