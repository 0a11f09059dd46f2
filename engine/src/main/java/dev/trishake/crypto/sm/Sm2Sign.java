// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Curve;
import dev.trishake.crypto.curve.Modulus;
import dev.trishake.crypto.curve.PointMultiplier;
import dev.trishake.crypto.curve.Words;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static dev.trishake.crypto.ConstantTime.isNonZero;
import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * SM2 signatures, GB/T 32918.2 6, of up to eight sessions side by side; each lane has a key of its own.
 *
 * <pre>
 *   (x1, y1) = k G     r = (e + x1) mod n     s = (1 + d)^-1 (k + r) - r mod n
 * </pre>
 *
 * <p>s is the standard's (1 + d)^-1 (k - r d), with one product less. e is the digest of the signer's Z and the
 * message. Where r = 0, r + k = n or s = 0 the lane is done again with a new nonce. Constant time in keys and nonces.
 * {@link #run()} leaves signatures behind, {@link #clear()} wipes them.
 */
public final class Sm2Sign
{
    /** Sessions side by side. */
    public static final int LANES = Sm2.LANES;

    private static final int MOST_ATTEMPTS = 8;
    private static final int NUMBER = Sm2.NUMBER_LENGTH;

    private final PointMultiplier multiplier;
    private final Sm2Nonces nonces;
    private final Modulus n = Curve.SM2.order();
    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[LANES * NUMBER]);
    private final UnsafeBuffer digests = new UnsafeBuffer(new byte[LANES * NUMBER]);
    private final UnsafeBuffer signatures = new UnsafeBuffer(new byte[LANES * Sm2.SIGNATURE_LENGTH]);
    private final long[] inverses = new long[LANES * LIMBS];
    private final long[] words = new long[2 * Words.LENGTH];
    private final long[] nonce = new long[LANES * Words.LENGTH];
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
    public Sm2Sign(final Kernels kernels, final Entropy entropy)
    {
        this(kernels, new Sm2Nonces(kernels, entropy));
    }

    /** For known answers, which name their nonce. */
    Sm2Sign(final Kernels kernels, final Sm2Nonces nonces)
    {
        multiplier = kernels.create(Sm2.KERNEL);
        this.nonces = nonces;
    }

    /**
     * Adds a session.
     *
     * @param key          that signs; copied
     * @param digest       holds e, 32 octets; copied
     * @param digestOffset where it begins
     * @return the lane by which the signature is asked for
     */
    public int add(final Sm2PrivateKey key, final DirectBuffer digest, final int digestOffset)
    {
        assert count < LANES : "full";

        final int lane = count++;
        keys.putBytes(lane * NUMBER, key.d(), 0, NUMBER);
        key.inverse(inverses, lane * LIMBS);
        digests.putBytes(lane * NUMBER, digest, digestOffset, NUMBER);
        return lane;
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
     * {@return whether a lane has been signed: always, unless eight nonces in a row were useless}
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
     * @param buffer where {@link Sm2#SIGNATURE_LENGTH} octets go: r, then s
     * @param offset where they begin
     */
    public void result(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putBytes(offset, signatures, lane * Sm2.SIGNATURE_LENGTH, Sm2.SIGNATURE_LENGTH);
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
            nonces.add(keys, at, digests, at);
        }
        nonces.run();
        for (int i = 0; i < live; i++)
        {
            nonces.take(i, nonce, i * Words.LENGTH);
            multiplier.scalar(i, nonce, i * Words.LENGTH);
        }
        nonces.clear();
        multiplier.multiplyBase(live);

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
        n.add(r, 0, r, 0, e, 0);

        // e is k + r from here on; where the nonce is none, the lane is lost already
        Modulus.toLimbs(e, 0, nonce, i * Words.LENGTH);
        n.reduce(e, 0, e, 0);
        n.add(e, 0, e, 0, r, 0);
        n.multiply(s, 0, e, 0, inverses, lane * LIMBS);
        n.subtract(s, 0, s, 0, r, 0);

        Modulus.toWords(words, 0, r, 0);
        Words.put(signatures, lane * Sm2.SIGNATURE_LENGTH, words, 0);
        Modulus.toWords(words, 0, s, 0);
        Words.put(signatures, lane * Sm2.SIGNATURE_LENGTH + NUMBER, words, 0);
        return multiplier.valid(i) & isNonZero(any(r)) & isNonZero(any(e)) & isNonZero(any(s));
    }

    private static long any(final long[] limbs)
    {
        return limbs[0] | limbs[1] | limbs[2] | limbs[3] | limbs[4];
    }

    private void wipe()
    {
        ConstantTime.wipe(keys, 0, keys.capacity());
        ConstantTime.wipe(digests, 0, digests.capacity());
        Arrays.fill(inverses, 0);
        Arrays.fill(nonce, 0);
        Arrays.fill(words, 0);
        Arrays.fill(e, 0);
        Arrays.fill(r, 0);
        Arrays.fill(s, 0);
    }
}
