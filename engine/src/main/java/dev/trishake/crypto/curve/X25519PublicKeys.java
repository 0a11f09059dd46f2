// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.Arrays;

/**
 * X25519 public keys (RFC 7748 6.1) of up to {@value #LANES} private keys in one run: {@code add}, {@code run},
 * {@code publicKey} for each lane, {@code clear}.
 */
public final class X25519PublicKeys
{
    /** How many keys a run can take. */
    public static final int LANES = X25519Lanes.LANES;

    /** Octets of a private key and of a public key. */
    public static final int LENGTH = X25519Lanes.LENGTH;

    private final X25519Lanes kernel;
    private final long[] privateKeys = new long[X25519Lanes.WORDS * LANES];
    private final long[] results = new long[X25519Lanes.WORDS * LANES];
    private int lanes;

    /**
     * Allocates the scratch.
     *
     * @param kernels which implementation
     */
    public X25519PublicKeys(final Kernels kernels)
    {
        kernel = kernels.create(X25519Lanes.KERNEL);
    }

    /**
     * {@return the lane that has copied a private key, or -1 where all lanes are taken}
     *
     * @param privateKey any {@link #LENGTH} octets
     * @param offset     where they begin
     */
    public int add(final DirectBuffer privateKey, final int offset)
    {
        if (lanes == LANES)
        {
            return -1;
        }
        X25519Agreement.read(privateKeys, lanes, privateKey, offset);
        return lanes++;
    }

    /** Computes the public keys of all lanes that were added. */
    public void run()
    {
        if (lanes > 0)
        {
            kernel.generate(privateKeys, results, lanes);
        }
    }

    /**
     * Writes a lane's public key.
     *
     * @param lane   the number {@code add} gave
     * @param out    where {@link #LENGTH} octets are written
     * @param offset where they begin
     */
    public void publicKey(final int lane, final MutableDirectBuffer out, final int offset)
    {
        X25519Agreement.write(results, lane, out, offset);
    }

    /** Wipes the private keys, and begins anew. */
    public void clear()
    {
        Arrays.fill(privateKeys, 0);
        Arrays.fill(results, 0);
        kernel.wipe();
        lanes = 0;
    }
}
