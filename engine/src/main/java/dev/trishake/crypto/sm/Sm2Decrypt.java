// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.PointMultiplier;
import dev.trishake.crypto.curve.Words;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/**
 * SM2 decryption, GB/T 32918.4 7, of up to eight sessions side by side; each lane has a key of its own.
 *
 * <pre>
 *   (x2, y2) = d C1     t = KDF(x2 || y2, length of C2)     M = C2 xor t     C3 = SM3(x2 || M || y2)?
 * </pre>
 *
 * <p>Any octets may be added: a C1 that is no point of the curve, an empty or too long C2, a t that is all 0 and a C3
 * that does not match make a lane fail and no other; its plaintext is all 0. Whether a lane has failed becomes known
 * only through {@link #mask} and {@link #succeeded}: the time is the same (a TLCP server must not let it show). {@link
 * #run()} leaves plaintexts behind, {@link #clear()} wipes them.
 */
public final class Sm2Decrypt
{
    /** Sessions side by side. */
    public static final int LANES = Sm2.LANES;

    private static final int NUMBER = Sm2.NUMBER_LENGTH;
    private static final int POINT = Sm2.POINT_LENGTH;

    private final PointMultiplier multiplier;
    private final KdfSm3Batch kdf;
    private final Sm3Batch hashes;
    private final int maxLength;
    private final int stride; // of texts, which are handled by words; octets behind a text mean nothing
    private final UnsafeBuffer points = new UnsafeBuffer(new byte[LANES * POINT]);
    private final UnsafeBuffer texts;
    private final UnsafeBuffer key;
    private final UnsafeBuffer c3 = new UnsafeBuffer(new byte[LANES * NUMBER]);
    private final UnsafeBuffer digest = new UnsafeBuffer(new byte[NUMBER]);
    private final int[] lengths = new int[LANES];
    private final long[] masks = new long[LANES];
    private final long[] words = new long[2 * Words.LENGTH];
    private int count;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels   vectors or scalar code
     * @param maxLength how many octets a plaintext may have, at least 1
     */
    public Sm2Decrypt(final Kernels kernels, final int maxLength)
    {
        this.maxLength = maxLength;
        multiplier = kernels.create(Sm2.KERNEL);
        kdf = new KdfSm3Batch(kernels, LANES, maxLength);
        hashes = new Sm3Batch(kernels, LANES);
        stride = (maxLength + Long.BYTES - 1) & -Long.BYTES;
        texts = new UnsafeBuffer(new byte[LANES * stride]);
        key = new UnsafeBuffer(new byte[stride]);
    }

    /**
     * Adds a session; everything is copied.
     *
     * @param privateKey that decrypts
     * @param c1         holds C1, {@link Sm2#POINT_LENGTH} octets
     * @param c1Offset   where it begins
     * @param c3         holds C3, 32 octets
     * @param c3Offset   where it begins
     * @param c2         holds C2
     * @param c2Offset   where it begins
     * @param length     of C2; the lane fails unless it is 1 to the most that the constructor was told
     * @return the lane by which the plaintext is asked for
     */
    public int add(
        final Sm2PrivateKey privateKey,
        final DirectBuffer c1, final int c1Offset,
        final DirectBuffer c3, final int c3Offset,
        final DirectBuffer c2, final int c2Offset, final int length)
    {
        assert count < LANES : "full";

        final int lane = count++;
        final boolean fits = length > 0 && length <= maxLength;
        Words.get(words, 0, privateKey.d(), 0);
        multiplier.scalar(lane, words, 0);
        Words.get(words, 0, c1, c1Offset);
        Words.get(words, Words.LENGTH, c1, c1Offset + NUMBER);
        multiplier.point(lane, words, 0);
        this.c3.putBytes(lane * NUMBER, c3, c3Offset, NUMBER);
        masks[lane] = fits ? -1L : 0;
        lengths[lane] = fits ? length : 0;
        if (fits)
        {
            texts.putBytes(lane * stride, c2, c2Offset, length);
        }
        Arrays.fill(words, 0);
        return lane;
    }

    /** Decrypts all that were added. */
    public void run()
    {
        if (count == 0)
        {
            return;
        }
        multiplier.multiply(count);
        for (int lane = 0; lane < count; lane++)
        {
            masks[lane] &= multiplier.valid(lane);
            multiplier.result(lane, words, 0);
            Words.put(points, lane * POINT, words, 0);
            Words.put(points, lane * POINT + NUMBER, words, Words.LENGTH);
            kdf.add(Math.max(lengths[lane], 1));
            kdf.append(points, lane * POINT, POINT);
        }
        multiplier.clear();
        kdf.run();
        for (int lane = 0; lane < count; lane++)
        {
            final int text = lane * stride;
            masks[lane] &= ~kdf.isZero(lane);
            kdf.result(lane, key, 0);
            for (int i = 0; i < lengths[lane]; i += Long.BYTES)
            {
                texts.putLong(text + i, texts.getLong(text + i) ^ key.getLong(i));
            }
            hashes.add(points, lane * POINT, NUMBER);
            hashes.append(texts, text, lengths[lane]);
            hashes.append(points, lane * POINT + NUMBER, NUMBER);
        }
        kdf.clear();
        hashes.run();
        check();
        hashes.clear();
        wipe();
    }

    /**
     * {@return the mask of whether a lane has been decrypted: all ones or 0, for choices without a branch}
     *
     * @param lane as {@link #add} gave it
     */
    public long mask(final int lane)
    {
        return masks[lane];
    }

    /**
     * {@return whether a lane has been decrypted}
     *
     * @param lane as {@link #add} gave it
     */
    public boolean succeeded(final int lane)
    {
        return masks[lane] != 0;
    }

    /**
     * Hands a plaintext out, as many octets as C2 had; they are 0 where the lane has failed, and none are written where
     * C2 had no or too many.
     *
     * @param lane   as {@link #add} gave it
     * @param buffer where it goes
     * @param offset where it begins
     */
    public void result(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putBytes(offset, texts, lane * stride, lengths[lane]);
    }

    /** Wipes the plaintexts and begins anew. */
    public void clear()
    {
        multiplier.clear();
        wipe();
        ConstantTime.wipe(texts, 0, texts.capacity());
        Arrays.fill(masks, 0);
        count = 0;
    }

    /** Compares each C3 and takes the plaintext away where it differs. */
    private void check()
    {
        for (int lane = 0; lane < count; lane++)
        {
            hashes.result(lane, digest, 0);
            long difference = 0;
            for (int i = 0; i < NUMBER; i += Long.BYTES)
            {
                difference |= digest.getLong(i) ^ c3.getLong(lane * NUMBER + i);
            }
            masks[lane] &= ConstantTime.isZero(difference);
            final int text = lane * stride;
            for (int i = 0; i < lengths[lane]; i += Long.BYTES)
            {
                texts.putLong(text + i, texts.getLong(text + i) & masks[lane]);
            }
        }
    }

    private void wipe()
    {
        ConstantTime.wipe(points, 0, points.capacity());
        ConstantTime.wipe(key, 0, key.capacity());
        ConstantTime.wipe(digest, 0, digest.capacity());
        ConstantTime.wipe(c3, 0, c3.capacity());
        Arrays.fill(words, 0);
    }
}
