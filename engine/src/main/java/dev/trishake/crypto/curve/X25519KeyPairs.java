// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Ephemeral key pairs, made {@value #AHEAD} at a time because eight cost what one does, and each given out once.
 *
 * <p>Pairs wait in a direct buffer, at most {@value #AHEAD}, and are wiped as they are given out. Whoever reads the
 * memory meanwhile reads keys of handshakes to come, as he would have a moment later; keys of the past are gone.
 */
public final class X25519KeyPairs implements AutoCloseable
{
    /** How many pairs are made at a time, and wait at most. */
    public static final int AHEAD = X25519PublicKeys.LANES;

    /** Octets of a private key and of a public key. */
    public static final int LENGTH = X25519PublicKeys.LENGTH;

    private static final int PAIR_LENGTH = 2 * LENGTH;

    private final UnsafeBuffer pairs = new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(AHEAD * PAIR_LENGTH, BitUtil.CACHE_LINE_LENGTH));
    private final X25519PublicKeys publicKeys;
    private final Entropy entropy;
    private int waiting;

    /**
     * Allocates the buffer; makes no pair yet.
     *
     * @param kernels which implementation
     * @param entropy where private keys come from
     */
    public X25519KeyPairs(final Kernels kernels, final Entropy entropy)
    {
        this.publicKeys = new X25519PublicKeys(kernels);
        this.entropy = entropy;
    }

    /**
     * {@return how many pairs wait}
     */
    public int waiting()
    {
        return waiting;
    }

    /** Makes pairs where none waits: for an agent that has nothing else to do. */
    public void fill()
    {
        if (waiting > 0)
        {
            return;
        }
        entropy.nextBytes(pairs, 0, AHEAD * PAIR_LENGTH);
        for (int i = 0; i < AHEAD; i++)
        {
            publicKeys.add(pairs, i * PAIR_LENGTH);
        }
        publicKeys.run();
        for (int i = 0; i < AHEAD; i++)
        {
            publicKeys.publicKey(i, pairs, i * PAIR_LENGTH + LENGTH);
        }
        publicKeys.clear();
        waiting = AHEAD;
    }

    /**
     * Gives a pair out and forgets it; makes new ones first where none waits.
     *
     * @param privateKey       where the private key goes, {@link #LENGTH} octets
     * @param privateKeyOffset where it begins
     * @param publicKey        where the public key goes, {@link #LENGTH} octets
     * @param publicKeyOffset  where it begins
     */
    public void take(
        final MutableDirectBuffer privateKey, final int privateKeyOffset,
        final MutableDirectBuffer publicKey, final int publicKeyOffset)
    {
        fill();
        waiting--;
        final int at = waiting * PAIR_LENGTH;
        privateKey.putBytes(privateKeyOffset, pairs, at, LENGTH);
        publicKey.putBytes(publicKeyOffset, pairs, at + LENGTH, LENGTH);
        ConstantTime.wipe(pairs, at, PAIR_LENGTH);
    }

    /** Wipes the pairs that wait. */
    @Override
    public void close()
    {
        ConstantTime.wipe(pairs, 0, AHEAD * PAIR_LENGTH);
        waiting = 0;
    }

    /** What waits, for tests that look for what should have been forgotten. */
    UnsafeBuffer memory()
    {
        return pairs;
    }
}
