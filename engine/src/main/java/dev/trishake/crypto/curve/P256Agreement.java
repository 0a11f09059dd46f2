// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.Arrays;

/**
 * ECDH over P-256 (NIST SP 800-56A 5.7.1.2) of up to eight sessions side by side, and public keys of private ones:
 * {@code add}, {@code run}, {@code result} of each lane, {@code clear}. The shared secret is the x of the common point.
 *
 * <p>Any octets may be added: a public key that is no point of the curve, or a private one outside of 1 .. n - 1, makes
 * a lane fail and no other. Constant time in private keys and secrets.
 */
public final class P256Agreement
{
    /** Sessions side by side. */
    public static final int LANES = P256.LANES;

    private static final int NUMBER = P256.NUMBER_LENGTH;

    private final PointMultiplier multiplier;
    private final long[] words = new long[2 * Words.LENGTH];
    private final long[] results = new long[LANES * 2 * Words.LENGTH];
    private int count;
    private int done;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels vectors or scalar code
     */
    public P256Agreement(final Kernels kernels)
    {
        multiplier = kernels.create(P256.KERNEL);
    }

    /**
     * Adds a session; both keys are copied.
     *
     * @param privateKey       holds our private key, {@link P256#NUMBER_LENGTH} octets, big-endian
     * @param privateKeyOffset where it begins
     * @param publicKey        holds the peer's public key, {@link P256#POINT_LENGTH} octets: x, then y
     * @param publicKeyOffset  where it begins
     * @return the lane by which the result is asked for, or -1 where all are taken
     */
    public int add(
        final DirectBuffer privateKey, final int privateKeyOffset,
        final DirectBuffer publicKey, final int publicKeyOffset)
    {
        if (count == LANES)
        {
            return -1;
        }
        Words.get(words, 0, publicKey, publicKeyOffset);
        Words.get(words, Words.LENGTH, publicKey, publicKeyOffset + NUMBER);
        multiplier.point(count, words, 0);
        Words.get(words, 0, privateKey, privateKeyOffset);
        multiplier.scalar(count, words, 0);
        return count++;
    }

    /** Computes the common points of all lanes that were added. */
    public void run()
    {
        if (count > 0)
        {
            multiplier.multiply(count);
            takeResults();
        }
    }

    /** Computes the private keys' own public keys instead, whatever public keys were added. */
    public void runPublicKeys()
    {
        if (count > 0)
        {
            multiplier.multiplyBase(count);
            takeResults();
        }
    }

    /**
     * {@return whether a lane has a result}
     *
     * @param lane as {@link #add} gave it
     */
    public boolean succeeded(final int lane)
    {
        return (done & 1 << lane) != 0;
    }

    /**
     * Hands a shared secret out; 0 where the lane failed.
     *
     * @param lane   as {@link #add} gave it
     * @param buffer where {@link P256#NUMBER_LENGTH} octets go
     * @param offset where they begin
     */
    public void sharedSecret(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        Words.put(buffer, offset, results, lane * 2 * Words.LENGTH);
    }

    /**
     * Hands a public key out; 0 where the lane failed.
     *
     * @param lane   as {@link #add} gave it
     * @param buffer where {@link P256#POINT_LENGTH} octets go: x, then y
     * @param offset where they begin
     */
    public void publicKey(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        Words.put(buffer, offset, results, lane * 2 * Words.LENGTH);
        Words.put(buffer, offset + NUMBER, results, lane * 2 * Words.LENGTH + Words.LENGTH);
    }

    /** Wipes keys and secrets, and begins anew. */
    public void clear()
    {
        multiplier.clear();
        Arrays.fill(words, 0);
        Arrays.fill(results, 0);
        count = 0;
        done = 0;
    }

    private void takeResults()
    {
        for (int lane = 0; lane < count; lane++)
        {
            multiplier.result(lane, results, lane * 2 * Words.LENGTH);
            // that a lane has failed is about to be acted on in public
            done |= multiplier.valid(lane) != 0 ? 1 << lane : 0;
        }
        multiplier.clear();
        Arrays.fill(words, 0);
    }
}
