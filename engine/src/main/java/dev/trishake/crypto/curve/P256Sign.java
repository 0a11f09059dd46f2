// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static dev.trishake.crypto.ConstantTime.isNonZero;
import static dev.trishake.crypto.ConstantTime.select;
import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * Signs digests by ECDSA over P-256 (FIPS 186-4 6.4), for up to eight sessions side by side.
 *
 * <pre>
 *   (x1, y1) = k G     r = x1 mod n     s = k^-1 (e + r d) mod n
 * </pre>
 *
 * <p>A session whose nonce is no scalar, or gives r = 0 or s = 0, gets another one; nobody will see that happen.
 * Constant time in keys and nonces. {@link #run()} leaves signatures behind, {@link #clear()} wipes them.
 */
public final class P256Sign
{
    /** Sessions side by side. */
    public static final int LANES = P256.LANES;

    private static final int MOST_ATTEMPTS = 8;
    private static final int NUMBER = P256.NUMBER_LENGTH;

    private final PointMultiplier multiplier;
    private final P256Nonces nonces;
    private final Modulus n = P256.CURVE.order();
    private final BatchInversion inversion = new BatchInversion(n, LANES);
    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[LANES * NUMBER]);
    private final UnsafeBuffer digests = new UnsafeBuffer(new byte[LANES * NUMBER]);
    private final UnsafeBuffer signatures = new UnsafeBuffer(new byte[LANES * P256.SIGNATURE_LENGTH]);
    private final long[] nonce = new long[LANES * Words.LENGTH];
    private final long[] inverses = new long[LANES * LIMBS];
    private final long[] words = new long[2 * Words.LENGTH];
    private final long[] d = new long[LIMBS];
    private final long[] e = new long[LIMBS];
    private final long[] r = new long[LIMBS];
    private final long[] s = new long[LIMBS];
    private final int[] pending = new int[LANES];
    private int count;
    private int done;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels vectors or scalar code
     * @param entropy the agent's
     */
    public P256Sign(final Kernels kernels, final Entropy entropy)
    {
        this(kernels, new P256Nonces(entropy));
    }

    /** For known answers, which name their nonce. */
    P256Sign(final Kernels kernels, final P256Nonces nonces)
    {
        multiplier = kernels.create(P256.KERNEL);
        this.nonces = nonces;
    }

    /**
     * Adds a session.
     *
     * @param key          holds d, {@link P256#NUMBER_LENGTH} octets, big-endian; copied
     * @param keyOffset    where it begins
     * @param digest       holds e, 32 octets; copied
     * @param digestOffset where it begins
     * @return the lane by which the signature is asked for, or -1 where all are taken
     */
    public int add(
        final DirectBuffer key, final int keyOffset, final DirectBuffer digest, final int digestOffset)
    {
        if (count == LANES)
        {
            return -1;
        }
        keys.putBytes(count * NUMBER, key, keyOffset, NUMBER);
        digests.putBytes(count * NUMBER, digest, digestOffset, NUMBER);
        return count++;
    }

    /** Signs all that were added. */
    public void run()
    {
        int left = count;
        for (int lane = 0; lane < count; lane++)
        {
            pending[lane] = lane;
        }
        for (int i = 0; i < MOST_ATTEMPTS && left > 0; i++)
        {
            left = attempt(left);
        }
        wipe();
    }

    /**
     * {@return whether a lane has been signed: always, unless its key is not in 1 .. n - 1 or eight nonces in a row
     * were useless}
     *
     * @param lane as {@link #add} gave it
     */
    public boolean succeeded(final int lane)
    {
        return (done & 1 << lane) != 0;
    }

    /**
     * Hands a signature out.
     *
     * @param lane   as {@link #add} gave it
     * @param buffer where {@link P256#SIGNATURE_LENGTH} octets go: r, then s
     * @param offset where they begin
     */
    public void result(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putBytes(offset, signatures, lane * P256.SIGNATURE_LENGTH, P256.SIGNATURE_LENGTH);
    }

    /** Wipes the signatures and begins anew. */
    public void clear()
    {
        wipe();
        ConstantTime.wipe(signatures, 0, signatures.capacity());
        count = 0;
        done = 0;
    }

    /** Signs the first lanes of {@link #pending}; those that have to be done again are there afterwards. */
    private int attempt(final int live)
    {
        for (int i = 0; i < live; i++)
        {
            final int at = pending[i] * NUMBER;
            nonces.next(keys, at, digests, at, nonce, i * Words.LENGTH);
            multiplier.scalar(i, nonce, i * Words.LENGTH);
            // what is no scalar is lost, but must not spoil the others' inverses
            final long good = n.isScalar(nonce, i * Words.LENGTH);
            Modulus.toLimbs(inverses, i * LIMBS, nonce, i * Words.LENGTH);
            for (int limb = 0; limb < LIMBS; limb++)
            {
                inverses[i * LIMBS + limb] = select(good, inverses[i * LIMBS + limb], limb == 0 ? 1L : 0L);
            }
            n.toMontgomery(inverses, i * LIMBS, inverses, i * LIMBS);
        }
        multiplier.multiplyBase(live);
        inversion.invert(inverses, live);

        int left = 0;
        for (int i = 0; i < live; i++)
        {
            final int lane = pending[i];
            // a nonce that is thrown away is no secret
            if (sign(i, lane) == 0)
            {
                pending[left++] = lane;
            }
            else
            {
                done |= 1 << lane;
            }
        }
        multiplier.clear();
        return left;
    }

    /** The mask of whether the signature is good. */
    private long sign(final int i, final int lane)
    {
        multiplier.result(i, words, 0);
        Modulus.toLimbs(r, 0, words, 0);
        n.reduce(r, 0, r, 0);
        Words.get(words, 0, digests, lane * NUMBER);
        Modulus.toLimbs(e, 0, words, 0);
        n.reduce(e, 0, e, 0);
        Words.get(words, 0, keys, lane * NUMBER);
        final long goodKey = n.isScalar(words, 0);
        Modulus.toLimbs(d, 0, words, 0);
        n.reduce(d, 0, d, 0);

        // d and the inverse are in Montgomery's form, which the products take away again
        n.toMontgomery(d, 0, d, 0);
        n.multiply(s, 0, r, 0, d, 0);
        n.add(s, 0, s, 0, e, 0);
        n.multiply(s, 0, s, 0, inverses, i * LIMBS);

        Modulus.toWords(words, 0, r, 0);
        Words.put(signatures, lane * P256.SIGNATURE_LENGTH, words, 0);
        Modulus.toWords(words, 0, s, 0);
        Words.put(signatures, lane * P256.SIGNATURE_LENGTH + NUMBER, words, 0);
        return multiplier.valid(i) & goodKey & isNonZero(any(r)) & isNonZero(any(s));
    }

    private static long any(final long[] limbs)
    {
        return limbs[0] | limbs[1] | limbs[2] | limbs[3] | limbs[4];
    }

    private void wipe()
    {
        nonces.wipe();
        inversion.wipe();
        ConstantTime.wipe(keys, 0, keys.capacity());
        ConstantTime.wipe(digests, 0, digests.capacity());
        Arrays.fill(nonce, 0);
        Arrays.fill(inverses, 0);
        Arrays.fill(words, 0);
        Arrays.fill(d, 0);
        Arrays.fill(e, 0);
        Arrays.fill(r, 0);
        Arrays.fill(s, 0);
    }
}
