// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * X25519 key agreement (RFC 7748 6.1) of up to {@value #LANES} sessions in one run:
 * {@code add} for each session, {@code run}, {@code sharedSecret} for each lane, {@code clear}.
 *
 * <p>No public key is refused on sight: all 2^256 strings are taken as RFC 7748 5 takes them. A key of low order gives
 * the shared secret 0, which {@link #sharedSecret} reports; such a session must fail.
 */
public final class X25519Agreement
{
    /** How many sessions a run can take. */
    public static final int LANES = X25519Lanes.LANES;

    /** Octets of a private key, a public key and a shared secret. */
    public static final int LENGTH = X25519Lanes.LENGTH;

    private final X25519Lanes kernel;
    private final long[] privateKeys = new long[X25519Lanes.WORDS * LANES];
    private final long[] publicKeys = new long[X25519Lanes.WORDS * LANES];
    private final long[] results = new long[X25519Lanes.WORDS * LANES];
    private int lanes;

    /**
     * Allocates the scratch.
     *
     * @param kernels which implementation
     */
    public X25519Agreement(final Kernels kernels)
    {
        kernel = kernels.create(X25519Lanes.KERNEL);
    }

    /**
     * {@return the lane that has copied a session's keys, or -1 where all lanes are taken}
     *
     * @param privateKey       holds our private key, any {@link #LENGTH} octets
     * @param privateKeyOffset where it begins
     * @param publicKey        holds the peer's public key, any {@link #LENGTH} octets
     * @param publicKeyOffset  where it begins
     */
    public int add(
        final DirectBuffer privateKey, final int privateKeyOffset,
        final DirectBuffer publicKey, final int publicKeyOffset)
    {
        if (lanes == LANES)
        {
            return -1;
        }
        read(privateKeys, lanes, privateKey, privateKeyOffset);
        read(publicKeys, lanes, publicKey, publicKeyOffset);
        return lanes++;
    }

    /** Computes the shared secrets of all lanes that were added. */
    public void run()
    {
        if (lanes > 0)
        {
            kernel.agree(privateKeys, publicKeys, results, lanes);
        }
    }

    /**
     * Writes a lane's shared secret.
     *
     * @param lane   the number {@code add} gave
     * @param out    where {@link #LENGTH} octets are written
     * @param offset where they begin
     * @return false where the secret is 0, because the peer's public key is one of low order (RFC 7748 6.1)
     */
    public boolean sharedSecret(final int lane, final MutableDirectBuffer out, final int offset)
    {
        return write(results, lane, out, offset) != 0;
    }

    /** Wipes keys and secrets, and begins anew. */
    public void clear()
    {
        Arrays.fill(privateKeys, 0);
        Arrays.fill(publicKeys, 0);
        Arrays.fill(results, 0);
        kernel.wipe();
        lanes = 0;
    }

    static void read(final long[] words, final int lane, final DirectBuffer in, final int offset)
    {
        for (int i = 0; i < X25519Lanes.WORDS; i++)
        {
            words[i * LANES + lane] = in.getLong(offset + i * Long.BYTES, LITTLE_ENDIAN);
        }
    }

    /** {@return a mask: 0 where the number is 0} */
    static long write(final long[] words, final int lane, final MutableDirectBuffer out, final int offset)
    {
        long all = 0;
        for (int i = 0; i < X25519Lanes.WORDS; i++)
        {
            final long word = words[i * LANES + lane];
            out.putLong(offset + i * Long.BYTES, word, LITTLE_ENDIAN);
            all |= word;
        }
        return ConstantTime.isNonZero(all);
    }
}
