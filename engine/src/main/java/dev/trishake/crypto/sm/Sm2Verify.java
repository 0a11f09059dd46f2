// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Curve;
import dev.trishake.crypto.curve.Modulus;
import dev.trishake.crypto.curve.PointMultiplier;
import dev.trishake.crypto.curve.Words;
import org.agrona.DirectBuffer;

import java.util.Arrays;

import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * Verifies SM2 signatures, GB/T 32918.2 7, of up to eight sessions side by side; each lane has a key of its own.
 *
 * <pre>
 *   t = (r + s) mod n     (x1, y1) = s G + t P     e + x1 = r modulo n?
 * </pre>
 *
 * <p>Any octets may be added: r and s outside of 1 .. n - 1, t = 0 and keys that are no point of the curve make a lane
 * fail and no other. Nothing here is secret.
 */
public final class Sm2Verify
{
    /** Sessions side by side. */
    public static final int LANES = Sm2.LANES;

    private static final int NUMBER = Sm2.NUMBER_LENGTH;

    private final PointMultiplier multiplier;
    private final Modulus n = Curve.SM2.order();
    private final long[] words = new long[2 * Words.LENGTH];
    private final long[] digests = new long[LANES * LIMBS];
    private final long[] rs = new long[LANES * LIMBS];
    private final long[] limbs = new long[LIMBS];
    private int plausible;
    private int verified;
    private int count;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels vectors or scalar code
     */
    public Sm2Verify(final Kernels kernels)
    {
        multiplier = kernels.create(Sm2.KERNEL);
    }

    /**
     * Adds a session; everything is copied.
     *
     * @param key             holds the public key, {@link Sm2#POINT_LENGTH} octets
     * @param keyOffset       where it begins
     * @param digest          holds e, 32 octets
     * @param digestOffset    where it begins
     * @param signature       holds r, then s, {@link Sm2#SIGNATURE_LENGTH} octets
     * @param signatureOffset where they begin
     * @return the lane by which the answer is asked for
     */
    public int add(
        final DirectBuffer key, final int keyOffset,
        final DirectBuffer digest, final int digestOffset,
        final DirectBuffer signature, final int signatureOffset)
    {
        assert count < LANES : "full";

        final int lane = count++;
        Words.get(words, 0, key, keyOffset);
        Words.get(words, Words.LENGTH, key, keyOffset + NUMBER);
        multiplier.point(lane, words, 0);

        Words.get(words, 0, digest, digestOffset);
        Modulus.toLimbs(digests, lane * LIMBS, words, 0);
        n.reduce(digests, lane * LIMBS, digests, lane * LIMBS);

        Words.get(words, 0, signature, signatureOffset);
        Words.get(words, Words.LENGTH, signature, signatureOffset + NUMBER);
        multiplier.scalar(lane, words, Words.LENGTH);
        if (n.isScalar(words, 0) != 0)
        {
            plausible |= 1 << lane;
        }
        Modulus.toLimbs(rs, lane * LIMBS, words, 0);
        n.reduce(rs, lane * LIMBS, rs, lane * LIMBS);
        Modulus.toLimbs(limbs, 0, words, Words.LENGTH);
        n.reduce(limbs, 0, limbs, 0);
        n.add(limbs, 0, limbs, 0, rs, lane * LIMBS);
        Modulus.toWords(words, 0, limbs, 0);
        multiplier.factor(lane, words, 0);
        return lane;
    }

    /** Verifies all that were added. */
    public void run()
    {
        if (count == 0)
        {
            return;
        }
        multiplier.multiplyBoth(count);
        for (int lane = 0; lane < count; lane++)
        {
            multiplier.result(lane, words, 0);
            Modulus.toLimbs(limbs, 0, words, 0);
            n.reduce(limbs, 0, limbs, 0);
            n.add(limbs, 0, limbs, 0, digests, lane * LIMBS);
            if (multiplier.valid(lane) != 0 && Arrays.equals(
                limbs, 0, LIMBS, rs, lane * LIMBS, lane * LIMBS + LIMBS))
            {
                verified |= plausible & 1 << lane;
            }
        }
        multiplier.clear();
    }

    /**
     * {@return whether the signature is the key's over the digest}
     *
     * @param lane as {@link #add} gave it
     */
    public boolean succeeded(final int lane)
    {
        return (verified & 1 << lane) != 0;
    }

    /** Begins anew. */
    public void clear()
    {
        multiplier.clear();
        count = 0;
        plausible = 0;
        verified = 0;
    }
}
