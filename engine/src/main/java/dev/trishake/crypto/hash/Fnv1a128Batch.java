// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;

/**
 * FNV-1a-128 of up to {@value #LANES} packets in one run: {@code add} and {@code append} for each packet, {@code run},
 * {@code high} and {@code low} of each lane, {@code clear}.
 */
public final class Fnv1a128Batch
{
    /** How many packets a run can take. */
    public static final int LANES = Fnv1a128Lanes.LANES;

    /** Octets of an input at most. */
    public static final int MAX_LENGTH = Fnv1a128Lanes.ROW_LENGTH;

    private final Fnv1a128Lanes kernel;
    private final byte[] rows = new byte[LANES * MAX_LENGTH];
    private final int[] lengths = new int[LANES];
    private final long[] high = new long[LANES];
    private final long[] low = new long[LANES];
    private int lanes;

    /**
     * Allocates the scratch.
     *
     * @param kernels which implementation
     */
    public Fnv1a128Batch(final Kernels kernels)
    {
        kernel = kernels.create(Fnv1a128Lanes.KERNEL);
    }

    /**
     * {@return the lane that has copied an input, or -1 where all lanes are taken or the input is too long}
     *
     * @param buffer holds the input, or the first piece of it
     * @param offset where it begins
     * @param length 0 to {@link #MAX_LENGTH}
     */
    public int add(final DirectBuffer buffer, final int offset, final int length)
    {
        if (lanes == LANES || length < 0 || length > MAX_LENGTH)
        {
            return -1;
        }
        buffer.getBytes(offset, rows, lanes * MAX_LENGTH, length);
        lengths[lanes] = length;
        return lanes++;
    }

    /**
     * Copies a further piece of the input that was added last.
     *
     * @param buffer holds the piece
     * @param offset where it begins
     * @param length of the piece
     * @return false where nothing was added, or the input would be longer than {@link #MAX_LENGTH}; it is left as it was
     */
    public boolean append(final DirectBuffer buffer, final int offset, final int length)
    {
        if (lanes == 0 || length < 0 || length > MAX_LENGTH - lengths[lanes - 1])
        {
            return false;
        }
        buffer.getBytes(offset, rows, (lanes - 1) * MAX_LENGTH + lengths[lanes - 1], length);
        lengths[lanes - 1] += length;
        return true;
    }

    /** Hashes the inputs of all lanes that were added. */
    public void run()
    {
        if (lanes > 0)
        {
            kernel.hash(rows, lengths, high, low, lanes);
        }
    }

    /**
     * {@return bits 64 to 127 of a lane's hash}
     *
     * @param lane the number {@code add} gave
     */
    public long high(final int lane)
    {
        return high[lane];
    }

    /**
     * {@return bits 0 to 63 of a lane's hash}
     *
     * @param lane the number {@code add} gave
     */
    public long low(final int lane)
    {
        return low[lane];
    }

    /** Begins anew. What is hashed goes over the wire in the clear: nothing is wiped. */
    public void clear()
    {
        lanes = 0;
    }
}
