// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;

import java.util.Arrays;

import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * Verifies ECDSA signatures over P-256 (FIPS 186-4 6.4, X9.62 5.4) of up to eight sessions side by side; each lane has
 * a key of its own.
 *
 * <pre>
 *   w = s^-1     (x1, y1) = e w G + r w Q     r = x1 mod n?
 * </pre>
 *
 * <p>Any octets may be added: r and s outside of 1 .. n - 1 and keys that are no point of the curve make a lane fail
 * and no other. Nothing here is secret.
 */
public final class P256Verify
{
    /** Sessions side by side. */
    public static final int LANES = P256.LANES;

    private static final int NUMBER = P256.NUMBER_LENGTH;

    private final PointMultiplier multiplier;
    private final Modulus n = P256.CURVE.order();
    private final BatchInversion inversion = new BatchInversion(n, LANES);
    private final long[] keys = new long[LANES * 2 * Words.LENGTH];
    private final long[] digests = new long[LANES * LIMBS];
    private final long[] rs = new long[LANES * LIMBS];
    private final long[] inverses = new long[LANES * LIMBS];
    private final long[] factors = new long[LANES * Words.LENGTH];
    private final long[] words = new long[2 * Words.LENGTH];
    private final long[] limbs = new long[LIMBS];
    private int plausible;
    private int verified;
    private int count;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels vectors or scalar code
     */
    public P256Verify(final Kernels kernels)
    {
        multiplier = kernels.create(P256.KERNEL);
    }

    /**
     * Adds a session; everything is copied.
     *
     * @param key             holds the public key, {@link P256#POINT_LENGTH} octets
     * @param keyOffset       where it begins
     * @param digest          holds e, 32 octets
     * @param digestOffset    where it begins
     * @param signature       holds r, then s, {@link P256#SIGNATURE_LENGTH} octets
     * @param signatureOffset where they begin
     * @return the lane by which the answer is asked for, or -1 where all are taken
     */
    public int add(
        final DirectBuffer key, final int keyOffset,
        final DirectBuffer digest, final int digestOffset,
        final DirectBuffer signature, final int signatureOffset)
    {
        if (count == LANES)
        {
            return -1;
        }
        final int lane = count++;
        Words.get(keys, lane * 2 * Words.LENGTH, key, keyOffset);
        Words.get(keys, lane * 2 * Words.LENGTH + Words.LENGTH, key, keyOffset + NUMBER);
        Words.get(words, 0, digest, digestOffset);
        Modulus.toLimbs(digests, lane * LIMBS, words, 0);
        n.reduce(digests, lane * LIMBS, digests, lane * LIMBS);

        Words.get(words, 0, signature, signatureOffset);
        Words.get(words, Words.LENGTH, signature, signatureOffset + NUMBER);
        if (n.isScalar(words, 0) != 0 && n.isScalar(words, Words.LENGTH) != 0)
        {
            plausible |= 1 << lane;
        }
        else
        {
            // anything that has an inverse
            Arrays.fill(words, 0);
            words[0] = 1;
            words[Words.LENGTH] = 1;
        }
        Modulus.toLimbs(rs, lane * LIMBS, words, 0);
        Modulus.toLimbs(inverses, lane * LIMBS, words, Words.LENGTH);
        n.toMontgomery(inverses, lane * LIMBS, inverses, lane * LIMBS);
        return lane;
    }

    /** Verifies all that were added. */
    public void run()
    {
        if (count == 0)
        {
            return;
        }
        inversion.invert(inverses, count);
        int withoutBase = 0;
        for (int lane = 0; lane < count; lane++)
        {
            // the inverses are in Montgomery's form, which the products take away
            n.multiply(limbs, 0, digests, lane * LIMBS, inverses, lane * LIMBS);
            Modulus.toWords(words, 0, limbs, 0);
            withoutBase |= n.isScalar(words, 0) == 0 ? 1 << lane : 0;
            multiplier.scalar(lane, words, 0);
            n.multiply(limbs, 0, rs, lane * LIMBS, inverses, lane * LIMBS);
            Modulus.toWords(factors, lane * Words.LENGTH, limbs, 0);
            multiplier.factor(lane, factors, lane * Words.LENGTH);
            multiplier.point(lane, keys, lane * 2 * Words.LENGTH);
        }
        multiplier.multiplyBoth(count);
        for (int lane = 0; lane < count; lane++)
        {
            check(lane, lane);
        }
        multiplier.clear();
        if (withoutBase != 0)
        {
            verifyWithoutBase(withoutBase);
        }
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

    /** A digest that is 0 modulo n has no part with G: nobody will meet one, but it can be signed. */
    private void verifyWithoutBase(final int lanes)
    {
        for (int lane = 0; lane < count; lane++)
        {
            if ((lanes & 1 << lane) != 0)
            {
                multiplier.scalar(0, factors, lane * Words.LENGTH);
                multiplier.point(0, keys, lane * 2 * Words.LENGTH);
                multiplier.multiply(1);
                check(0, lane);
                multiplier.clear();
            }
        }
    }

    private void check(final int i, final int lane)
    {
        multiplier.result(i, words, 0);
        Modulus.toLimbs(limbs, 0, words, 0);
        n.reduce(limbs, 0, limbs, 0);
        if (multiplier.valid(i) != 0 &&
            Arrays.equals(limbs, 0, LIMBS, rs, lane * LIMBS, lane * LIMBS + LIMBS))
        {
            verified |= plausible & 1 << lane;
        }
    }
}
