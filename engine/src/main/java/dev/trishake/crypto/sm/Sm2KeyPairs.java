// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.PointMultiplier;
import dev.trishake.crypto.curve.Words;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/**
 * Key pairs of SM2, GB/T 32918.1 6.1, eight ahead: ephemeral ones for key exchanges, or long-lived ones. A pair is
 * handed out once and wiped; when none is left, {@link #take} makes eight at the price of about two.
 *
 * <p>A private key is 1 .. n - 2: the octets drawn are taken again where they are anything else (one in 2^32). Memory
 * is direct, so that no collector copies it.
 */
public final class Sm2KeyPairs implements AutoCloseable
{
    /** Pairs made at a time, and the most there are. */
    public static final int LANES = Sm2.LANES;

    private static final int NUMBER = Sm2.NUMBER_LENGTH;
    private static final int PAIR = NUMBER + Sm2.POINT_LENGTH;

    private final PointMultiplier multiplier;
    private final Entropy entropy;
    private final UnsafeBuffer pairs = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LANES * PAIR, Long.BYTES));
    private final long[] words = new long[2 * Words.LENGTH];
    private int available;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels vectors or scalar code
     * @param entropy the agent's
     */
    public Sm2KeyPairs(final Kernels kernels, final Entropy entropy)
    {
        this.entropy = entropy;
        multiplier = kernels.create(Sm2.KERNEL);
    }

    /**
     * {@return how many pairs are there, 0 to {@link #LANES}}
     */
    public int available()
    {
        return available;
    }

    /** Makes as many pairs as there is room for, if there are none: worth a call when there is nothing else to do. */
    public void refill()
    {
        if (available > 0)
        {
            return;
        }
        for (int i = 0; i < LANES; i++)
        {
            do
            {
                entropy.nextBytes(pairs, i * PAIR, NUMBER);
                Words.get(words, 0, pairs, i * PAIR);
            }
            while (!isPrivateKey());
            multiplier.scalar(i, words, 0);
        }
        multiplier.multiplyBase(LANES);
        for (int i = 0; i < LANES; i++)
        {
            multiplier.result(i, words, 0);
            Words.put(pairs, i * PAIR + NUMBER, words, 0);
            Words.put(pairs, i * PAIR + 2 * NUMBER, words, Words.LENGTH);
        }
        multiplier.clear();
        Arrays.fill(words, 0);
        available = LANES;
    }

    /**
     * Hands a pair out, for good.
     *
     * @param privateKey    where {@link Sm2#NUMBER_LENGTH} octets go
     * @param privateOffset where they begin
     * @param publicKey     where {@link Sm2#POINT_LENGTH} octets go
     * @param publicOffset  where they begin
     */
    public void take(
        final MutableDirectBuffer privateKey, final int privateOffset,
        final MutableDirectBuffer publicKey, final int publicOffset)
    {
        refill();
        available--;
        final int pair = available * PAIR;
        privateKey.putBytes(privateOffset, pairs, pair, NUMBER);
        publicKey.putBytes(publicOffset, pairs, pair + NUMBER, Sm2.POINT_LENGTH);
        ConstantTime.wipe(pairs, pair, PAIR);
    }

    /** Wipes the pairs that are left. */
    @Override
    public void close()
    {
        ConstantTime.wipe(pairs, 0, pairs.capacity());
        available = 0;
    }

    /** What is thrown away is no secret. */
    private boolean isPrivateKey()
    {
        return Sm2PrivateKey.isPrivateKey(words) != 0;
    }
}
