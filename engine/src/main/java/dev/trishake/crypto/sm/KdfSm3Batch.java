// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * The key derivation function of GB/T 32918 with SM3, for many sessions side by side.
 *
 * <pre>
 *   KDF(Z, length) = SM3(Z || 00000001) || SM3(Z || 00000002) || ...      cut to the length
 * </pre>
 *
 * <p>Z is put together from up to {@link #MAX_PIECES} ranges, which are noted and stay as they are until {@link #run()}
 * is over. Time depends on lengths only. {@link #run()} leaves keys behind and nothing else, {@link #clear()} wipes
 * them.
 */
public final class KdfSm3Batch
{
    /** How many ranges Z is put together from. */
    public static final int MAX_PIECES = Sm3Batch.MAX_PIECES - 1;

    private static final int DIGEST_LENGTH = Sm3.DIGEST_LENGTH;

    private final int maxBlocks;
    private final Sm3Batch hashes;
    private final UnsafeBuffer counters;
    private final DirectBuffer[] pieceBuffers;
    private final int[] pieceOffsets;
    private final int[] pieceLengths;
    private final int[] pieceCounts;
    private final int[] lengths;
    private final int[] firstHashes;
    private int size;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels   vectors or scalar code
     * @param capacity  how many keys one run can make, at least 1
     * @param maxLength how many octets a key may have, at least 1
     */
    public KdfSm3Batch(final Kernels kernels, final int capacity, final int maxLength)
    {
        maxBlocks = (maxLength + DIGEST_LENGTH - 1) / DIGEST_LENGTH;
        hashes = new Sm3Batch(kernels, maxBlocks * capacity);
        counters = new UnsafeBuffer(new byte[Integer.BYTES * maxBlocks]);
        for (int i = 0; i < maxBlocks; i++)
        {
            counters.putInt(Integer.BYTES * i, i + 1, BIG_ENDIAN);
        }
        pieceBuffers = new DirectBuffer[MAX_PIECES * capacity];
        pieceOffsets = new int[MAX_PIECES * capacity];
        pieceLengths = new int[MAX_PIECES * capacity];
        pieceCounts = new int[capacity];
        lengths = new int[capacity];
        firstHashes = new int[capacity];
    }

    /**
     * {@return how many keys are asked for}
     */
    public int size()
    {
        return size;
    }

    /**
     * Asks for a key; {@link #append} gives its Z.
     *
     * @param length how many octets, 1 to the most that the constructor was told
     * @return the number by which the key is asked for
     */
    public int add(final int length)
    {
        assert size < lengths.length : "full: capacity=" + lengths.length;
        assert length > 0 && length <= DIGEST_LENGTH * maxBlocks : "length=" + length;

        final int job = size++;
        lengths[job] = length;
        pieceCounts[job] = 0;
        return job;
    }

    /**
     * Appends to the Z of the key that was added last.
     *
     * @param range  holds what is appended
     * @param offset where it begins
     * @param length of it, at least 0
     */
    public void append(final DirectBuffer range, final int offset, final int length)
    {
        final int job = size - 1;
        assert pieceCounts[job] < MAX_PIECES : "pieces=" + pieceCounts[job];

        final int piece = MAX_PIECES * job + pieceCounts[job]++;
        pieceBuffers[piece] = range;
        pieceOffsets[piece] = offset;
        pieceLengths[piece] = length;
    }

    /** Does all keys that were added. */
    public void run()
    {
        for (int job = 0; job < size; job++)
        {
            firstHashes[job] = hashes.size();
            for (int block = 0; DIGEST_LENGTH * block < lengths[job]; block++)
            {
                hashes.add();
                for (int piece = MAX_PIECES * job; piece < MAX_PIECES * job + pieceCounts[job]; piece++)
                {
                    hashes.append(pieceBuffers[piece], pieceOffsets[piece], pieceLengths[piece]);
                }
                hashes.append(counters, Integer.BYTES * block, Integer.BYTES);
            }
        }
        hashes.run();
    }

    /**
     * Hands a key out.
     *
     * @param job    its number
     * @param out    where as many octets are written as were asked for
     * @param offset where they begin
     */
    public void result(final int job, final MutableDirectBuffer out, final int offset)
    {
        // the blocks of one key are neighbours
        out.putBytes(offset, hashes.digests(), DIGEST_LENGTH * firstHashes[job], lengths[job]);
    }

    /**
     * {@return the mask of whether a key is 0 in every octet, which SM2's encryption must not use: all ones or 0}
     *
     * @param job the key's number
     */
    public long isZero(final int job)
    {
        long any = 0;
        for (int i = 0; i < lengths[job]; i++)
        {
            any |= hashes.digests().getByte(DIGEST_LENGTH * firstHashes[job] + i);
        }
        return ConstantTime.isZero(any);
    }

    /** Wipes the keys, forgets all ranges and begins anew. */
    public void clear()
    {
        hashes.clear();
        for (int i = 0; i < MAX_PIECES * size; i++)
        {
            pieceBuffers[i] = null;
        }
        size = 0;
    }
}
