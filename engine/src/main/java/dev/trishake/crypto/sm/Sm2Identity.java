// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Curve;
import dev.trishake.crypto.curve.Words;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Z, what SM2 binds a signature or an agreement to: a digest of who someone is and of his key, GB/T 32918.2 5.5. Up to
 * eight at a time.
 *
 * <pre>
 *   Z = SM3(length of ID in bits, two octets || ID || a || b || x of G || y of G || x || y)
 * </pre>
 */
public final class Sm2Identity
{
    /** Sessions side by side. */
    public static final int LANES = Sm2.LANES;

    /** Octets of Z. */
    public static final int LENGTH = Sm3.DIGEST_LENGTH;

    /** How many octets an ID may have: its length in bits fits into sixteen. */
    public static final int MAX_ID_LENGTH = 0xffff / Byte.SIZE;

    /** The ID that everybody has who names no other, {@code 1234567812345678} in ASCII. */
    public static final DirectBuffer DEFAULT_ID =
        new UnsafeBuffer("1234567812345678".getBytes(StandardCharsets.US_ASCII));

    private static final int PARAMETERS = 4 * Sm2.NUMBER_LENGTH;
    private static final DirectBuffer CURVE = parameters();

    private final Sm3Batch hashes;
    private final UnsafeBuffer lengths = new UnsafeBuffer(new byte[LANES * Short.BYTES]);

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels vectors or scalar code
     */
    public Sm2Identity(final Kernels kernels)
    {
        hashes = new Sm3Batch(kernels, LANES);
    }

    /**
     * Adds a session whose peer has the default ID.
     *
     * @param key       holds the public key, {@link Sm2#POINT_LENGTH} octets, which stay until {@link #run()} is over
     * @param keyOffset where it begins
     * @return the lane by which Z is asked for
     */
    public int add(final DirectBuffer key, final int keyOffset)
    {
        return add(DEFAULT_ID, 0, DEFAULT_ID.capacity(), key, keyOffset);
    }

    /**
     * Adds a session.
     *
     * @param id        holds the ID, which stays until {@link #run()} is over
     * @param idOffset  where it begins
     * @param length    of the ID, 0 to {@link #MAX_ID_LENGTH}
     * @param key       holds the public key, {@link Sm2#POINT_LENGTH} octets, which stay until {@link #run()} is over
     * @param keyOffset where it begins
     * @return the lane by which Z is asked for
     */
    public int add(
        final DirectBuffer id, final int idOffset, final int length, final DirectBuffer key, final int keyOffset)
    {
        assert length >= 0 && length <= MAX_ID_LENGTH : "length=" + length;

        final int lane = hashes.size();
        lengths.putShort(lane * Short.BYTES, (short)(length * Byte.SIZE), BIG_ENDIAN);
        hashes.add(lengths, lane * Short.BYTES, Short.BYTES);
        hashes.append(id, idOffset, length);
        hashes.append(CURVE, 0, PARAMETERS);
        hashes.append(key, keyOffset, Sm2.POINT_LENGTH);
        return lane;
    }

    /** Computes all that were added. */
    public void run()
    {
        hashes.run();
    }

    /**
     * Hands Z out.
     *
     * @param lane   as {@link #add} gave it
     * @param buffer where {@link #LENGTH} octets go
     * @param offset where they begin
     */
    public void result(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        hashes.result(lane, buffer, offset);
    }

    /** Begins anew. */
    public void clear()
    {
        hashes.clear();
    }

    private static DirectBuffer parameters()
    {
        final UnsafeBuffer parameters = new UnsafeBuffer(new byte[PARAMETERS]);
        final Curve curve = Curve.SM2;
        final long[] words = new long[4 * Words.LENGTH];
        for (int i = 0; i < Words.LENGTH; i++)
        {
            // a is p - 3, and p is odd with its lowest word all ones
            words[i] = curve.prime().word(i) - (i == 0 ? 3 : 0);
            words[Words.LENGTH + i] = curve.b(i);
            words[2 * Words.LENGTH + i] = curve.generatorX(i);
            words[3 * Words.LENGTH + i] = curve.generatorY(i);
        }
        for (int i = 0; i < 4; i++)
        {
            Words.put(parameters, i * Sm2.NUMBER_LENGTH, words, i * Words.LENGTH);
        }
        return parameters;
    }
}
