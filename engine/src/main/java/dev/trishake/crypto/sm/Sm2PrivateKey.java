// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Curve;
import dev.trishake.crypto.curve.Inversion;
import dev.trishake.crypto.curve.Modulus;
import dev.trishake.crypto.curve.PointMultiplier;
import dev.trishake.crypto.curve.Words;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * A private key of SM2 that is used again and again, with what can be computed ahead of time: its public key and the
 * inverse that signing takes. Made at set-up; read by any thread.
 *
 * <pre>
 *   0     d, big-endian
 *   32    (1 + d)^-1 mod n in Montgomery's form, five limbs in native order
 *   72    the public key: x, y
 * </pre>
 *
 * <p>Memory is direct, so that no collector copies it.
 */
public final class Sm2PrivateKey implements AutoCloseable
{
    private static final int INVERSE_OFFSET = Sm2.NUMBER_LENGTH;
    private static final int PUBLIC_OFFSET = INVERSE_OFFSET + LIMBS * Long.BYTES;
    private static final int LENGTH = PUBLIC_OFFSET + Sm2.POINT_LENGTH;

    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LENGTH, Long.BYTES));

    /**
     * Takes a private key.
     *
     * @param buffer holds d, {@link Sm2#NUMBER_LENGTH} octets
     * @param offset where it begins
     * @throws IllegalArgumentException when d is not in 1 .. n - 2 (GB/T 32918.1 6.1)
     */
    public Sm2PrivateKey(final DirectBuffer buffer, final int offset)
    {
        final Modulus n = Curve.SM2.order();
        final long[] words = new long[2 * Words.LENGTH];
        final long[] limbs = new long[2 * LIMBS];
        Words.get(words, 0, buffer, offset);

        if (isPrivateKey(words) == 0)
        {
            throw new IllegalArgumentException("the private key is not in 1 .. n - 2");
        }
        Modulus.toLimbs(limbs, 0, words, 0);
        limbs[LIMBS] = 1;
        n.add(limbs, LIMBS, limbs, 0, limbs, LIMBS);
        Modulus.toWords(words, Words.LENGTH, limbs, LIMBS);
        memory.putBytes(0, buffer, offset, Sm2.NUMBER_LENGTH);

        final Inversion inversion = new Inversion(n);
        inversion.invert(words, Words.LENGTH);
        inversion.wipe();
        Modulus.toLimbs(limbs, 0, words, Words.LENGTH);
        n.toMontgomery(limbs, 0, limbs, 0);
        for (int i = 0; i < LIMBS; i++)
        {
            memory.putLong(INVERSE_OFFSET + i * Long.BYTES, limbs[i]);
        }

        final PointMultiplier multiplier = Kernels.scalar().create(Sm2.KERNEL);
        multiplier.scalar(0, words, 0);
        multiplier.multiplyBase(1);
        multiplier.result(0, words, 0);
        multiplier.clear();
        Words.put(memory, PUBLIC_OFFSET, words, 0);
        Words.put(memory, PUBLIC_OFFSET + Sm2.NUMBER_LENGTH, words, Words.LENGTH);
        Arrays.fill(words, 0);
        Arrays.fill(limbs, 0);
    }

    /**
     * Gives the public key.
     *
     * @param buffer where {@link Sm2#POINT_LENGTH} octets go
     * @param offset where they begin
     */
    public void publicKey(final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putBytes(offset, memory, PUBLIC_OFFSET, Sm2.POINT_LENGTH);
    }

    /** Wipes the key, which can't be used afterwards. */
    @Override
    public void close()
    {
        ConstantTime.wipe(memory, 0, LENGTH);
    }

    /**
     * {@return the mask of whether a number is in 1 .. n - 2}
     *
     * @param words four
     */
    static long isPrivateKey(final long[] words)
    {
        final Modulus n = Curve.SM2.order();
        long difference = words[0] ^ (n.word(0) - 1);
        for (int i = 1; i < Words.LENGTH; i++)
        {
            difference |= words[i] ^ n.word(i);
        }
        return n.isScalar(words, 0) & ConstantTime.isNonZero(difference);
    }

    /** Where d is, at offset 0. */
    DirectBuffer d()
    {
        return memory;
    }

    /** Copies the inverse of 1 + d. */
    void inverse(final long[] limbs, final int at)
    {
        for (int i = 0; i < LIMBS; i++)
        {
            limbs[at + i] = memory.getLong(INVERSE_OFFSET + i * Long.BYTES);
        }
    }
}
