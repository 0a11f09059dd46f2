// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.PointMultiplier;
import dev.trishake.crypto.curve.Words;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/**
 * SM2 encryption, GB/T 32918.4 6, for up to eight sessions side by side; each lane has a key of its own.
 *
 * <pre>
 *   C1 = k G     (x2, y2) = k P     C2 = M xor KDF(x2 || y2, length of M)     C3 = SM3(x2 || M || y2)
 * </pre>
 *
 * <p>Where k is no scalar or the derived key is all 0 (which happens to short messages) the lane is done again with a
 * new k. A lane whose key is no point of the curve fails. {@link #run()} leaves ciphertexts behind, {@link #clear()}
 * wipes them and the messages.
 */
public final class Sm2Encrypt
{
    /** Sessions side by side. */
    public static final int LANES = Sm2.LANES;

    private static final int MOST_ATTEMPTS = 40;
    private static final int NUMBER = Sm2.NUMBER_LENGTH;
    private static final int POINT = Sm2.POINT_LENGTH;

    private final PointMultiplier multiplier;
    private final Entropy entropy;
    private final KdfSm3Batch kdf;
    private final Sm3Batch hashes;
    private final int maxLength;
    private final int stride; // of texts, which are handled by words; octets behind a text mean nothing
    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[LANES * POINT]);
    private final UnsafeBuffer messages;
    private final UnsafeBuffer nonces = new UnsafeBuffer(new byte[LANES * NUMBER]);
    private final UnsafeBuffer points = new UnsafeBuffer(new byte[LANES * POINT]);
    private final UnsafeBuffer c1 = new UnsafeBuffer(new byte[LANES * POINT]);
    private final UnsafeBuffer c2;
    private final UnsafeBuffer c3 = new UnsafeBuffer(new byte[LANES * NUMBER]);
    private final int[] lengths = new int[LANES];
    private final int[] pending = new int[LANES];
    private final long[] words = new long[2 * Words.LENGTH];
    private final long[] nonceValid = new long[LANES];
    private final long[] valid = new long[LANES];
    private int count;
    private int done;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels   vectors or scalar code
     * @param entropy   the agent's; null where a test names the nonces
     * @param maxLength how many octets a message may have, at least 1
     */
    public Sm2Encrypt(final Kernels kernels, final Entropy entropy, final int maxLength)
    {
        this.entropy = entropy;
        this.maxLength = maxLength;
        multiplier = kernels.create(Sm2.KERNEL);
        kdf = new KdfSm3Batch(kernels, LANES, maxLength);
        hashes = new Sm3Batch(kernels, LANES);
        stride = (maxLength + Long.BYTES - 1) & -Long.BYTES;
        messages = new UnsafeBuffer(new byte[LANES * stride]);
        c2 = new UnsafeBuffer(new byte[LANES * stride]);
    }

    /**
     * Adds a session; everything is copied.
     *
     * @param key           holds the public key, {@link Sm2#POINT_LENGTH} octets
     * @param keyOffset     where it begins
     * @param message       holds M
     * @param messageOffset where it begins
     * @param length        of M, 1 to the most that the constructor was told
     * @return the lane by which the ciphertext is asked for
     */
    public int add(
        final DirectBuffer key, final int keyOffset,
        final DirectBuffer message, final int messageOffset, final int length)
    {
        assert count < LANES : "full";
        assert length > 0 && length <= maxLength : "length=" + length;

        final int lane = count++;
        keys.putBytes(lane * POINT, key, keyOffset, POINT);
        messages.putBytes(lane * stride, message, messageOffset, length);
        lengths[lane] = length;
        return lane;
    }

    /** Encrypts all that were added. */
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
     * {@return whether a lane has been encrypted: its key was a point}
     *
     * @param lane as {@link #add} gave it
     */
    public boolean succeeded(final int lane)
    {
        return (done & 1 << lane) != 0;
    }

    /**
     * Hands C1 out.
     *
     * @param lane   as {@link #add} gave it
     * @param buffer where {@link Sm2#POINT_LENGTH} octets go
     * @param offset where they begin
     */
    public void c1(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putBytes(offset, c1, lane * POINT, POINT);
    }

    /**
     * Hands C2 out.
     *
     * @param lane   as {@link #add} gave it
     * @param buffer where as many octets go as the message had
     * @param offset where they begin
     */
    public void c2(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putBytes(offset, c2, lane * stride, lengths[lane]);
    }

    /**
     * Hands C3 out.
     *
     * @param lane   as {@link #add} gave it
     * @param buffer where 32 octets go
     * @param offset where they begin
     */
    public void c3(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putBytes(offset, c3, lane * NUMBER, NUMBER);
    }

    /** Wipes messages and ciphertexts and begins anew. */
    public void clear()
    {
        wipe();
        ConstantTime.wipe(messages, 0, messages.capacity());
        ConstantTime.wipe(c1, 0, c1.capacity());
        ConstantTime.wipe(c2, 0, c2.capacity());
        ConstantTime.wipe(c3, 0, c3.capacity());
        count = 0;
        done = 0;
    }

    /** For known answers: what the nonces of the next attempt are, lane by lane. */
    UnsafeBuffer nonces()
    {
        return nonces;
    }

    /** Encrypts the first lanes of {@link #pending}; those that have to be done again are there afterwards. */
    private int attempt(final int live)
    {
        if (entropy != null)
        {
            entropy.nextBytes(nonces, 0, live * NUMBER);
        }
        for (int i = 0; i < live; i++)
        {
            Words.get(words, 0, nonces, i * NUMBER);
            multiplier.scalar(i, words, 0);
        }
        multiplier.multiplyBase(live);
        for (int i = 0; i < live; i++)
        {
            final int lane = pending[i];
            nonceValid[i] = multiplier.valid(i);
            multiplier.result(i, words, 0);
            Words.put(c1, lane * POINT, words, 0);
            Words.put(c1, lane * POINT + NUMBER, words, Words.LENGTH);
            Words.get(words, 0, nonces, i * NUMBER);
            multiplier.scalar(i, words, 0);
            Words.get(words, 0, keys, lane * POINT);
            Words.get(words, Words.LENGTH, keys, lane * POINT + NUMBER);
            multiplier.point(i, words, 0);
        }
        multiplier.multiply(live);
        for (int i = 0; i < live; i++)
        {
            valid[i] = multiplier.valid(i);
            multiplier.result(i, words, 0);
            Words.put(points, i * POINT, words, 0);
            Words.put(points, i * POINT + NUMBER, words, Words.LENGTH);
            kdf.add(lengths[pending[i]]);
            kdf.append(points, i * POINT, POINT);
        }
        multiplier.clear();
        kdf.run();
        final int left = mask(live);
        kdf.clear();
        hashes.clear();
        return left;
    }

    /** Masks messages and computes C3. */
    private int mask(final int live)
    {
        for (int i = 0; i < live; i++)
        {
            final int lane = pending[i];
            final int text = lane * stride;
            kdf.result(i, c2, text);
            for (int j = 0; j < lengths[lane]; j += Long.BYTES)
            {
                c2.putLong(text + j, c2.getLong(text + j) ^ messages.getLong(text + j));
            }
            hashes.add(points, i * POINT, NUMBER);
            hashes.append(messages, text, lengths[lane]);
            hashes.append(points, i * POINT + NUMBER, NUMBER);
        }
        hashes.run();

        int left = 0;
        for (int i = 0; i < live; i++)
        {
            final int lane = pending[i];
            hashes.result(i, c3, lane * NUMBER);
            // a nonce that is thrown away is no secret, nor is a key that is none
            if ((valid[i] & ~kdf.isZero(i)) != 0)
            {
                done |= 1 << lane;
                continue;
            }
            ConstantTime.wipe(c1, lane * POINT, POINT);
            ConstantTime.wipe(c2, lane * stride, stride);
            ConstantTime.wipe(c3, lane * NUMBER, NUMBER);
            final boolean isKey = valid[i] != 0 || nonceValid[i] == 0;
            if (isKey)
            {
                pending[left++] = lane;
            }
        }
        return left;
    }

    private void wipe()
    {
        ConstantTime.wipe(keys, 0, keys.capacity());
        ConstantTime.wipe(nonces, 0, nonces.capacity());
        ConstantTime.wipe(points, 0, points.capacity());
        Arrays.fill(words, 0);
    }
}
