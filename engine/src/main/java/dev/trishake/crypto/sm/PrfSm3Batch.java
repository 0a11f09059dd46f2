// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The pseudo-random function of TLS 1.2 (RFC 5246 5) with HMAC-SM3, which TLCP takes, for many sessions side by side:
 * master secrets, key blocks and both {@code verify_data}, in one run as they come.
 *
 * <pre>
 *   A(0) = label || seed          A(i) = HMAC(secret, A(i-1))
 *   output = HMAC(secret, A(1) || label || seed) || HMAC(secret, A(2) || label || seed) || ...
 * </pre>
 *
 * <p>Secrets, labels and seeds are copied. Time depends on lengths only. {@link #run()} leaves outputs behind and
 * nothing else, {@link #clear()} wipes them.
 */
public final class PrfSm3Batch
{
    /** How many octets a secret may have. */
    public static final int MAX_SECRET_LENGTH = Sm3.BLOCK_LENGTH;

    /** How many octets label and seed may have together. */
    public static final int MAX_SEED_LENGTH = 128;

    /** How many octets may be asked for. */
    public static final int MAX_OUTPUT_LENGTH = 128;

    private static final int DIGEST_LENGTH = Sm3.DIGEST_LENGTH;
    private static final int BLOCK_LENGTH = Sm3.BLOCK_LENGTH;

    // of a job's scratch; the seed is label || seed
    private static final int OUTER_PAD_OFFSET = BLOCK_LENGTH;
    private static final int PREPARED_OFFSET = 2 * BLOCK_LENGTH;
    private static final int OUTER_OFFSET = PREPARED_OFFSET + HmacSm3.OUTER_OFFSET;
    private static final int A_OFFSET = PREPARED_OFFSET + HmacSm3.PREPARED_LENGTH;
    private static final int SEED_OFFSET = A_OFFSET + DIGEST_LENGTH;
    private static final int STRIDE = SEED_OFFSET + MAX_SEED_LENGTH;

    private final UnsafeBuffer memory;
    private final UnsafeBuffer inner;
    private final UnsafeBuffer outputs;
    private final int[] seedLengths;
    private final int[] outputLengths;
    private final Sm3Batch hashes;
    private int size;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels  vectors or scalar code
     * @param capacity how many outputs one run can make, at least 1
     */
    public PrfSm3Batch(final Kernels kernels, final int capacity)
    {
        memory = new UnsafeBuffer(new byte[STRIDE * capacity]);
        inner = new UnsafeBuffer(new byte[2 * DIGEST_LENGTH * capacity]);
        outputs = new UnsafeBuffer(new byte[MAX_OUTPUT_LENGTH * capacity]);
        seedLengths = new int[capacity];
        outputLengths = new int[capacity];
        hashes = new Sm3Batch(kernels, 2 * capacity);
    }

    /**
     * {@return how many outputs are asked for}
     */
    public int size()
    {
        return size;
    }

    /**
     * Asks for an output; {@link #append} gives it label and seed.
     *
     * @param secret       holds the secret
     * @param offset       where it begins
     * @param length       of it, 0 to {@link #MAX_SECRET_LENGTH}
     * @param outputLength how many octets are asked for, 1 to {@link #MAX_OUTPUT_LENGTH}
     * @return the number by which the output is asked for
     */
    public int add(final DirectBuffer secret, final int offset, final int length, final int outputLength)
    {
        assert size < seedLengths.length : "full: capacity=" + seedLengths.length;
        assert length <= MAX_SECRET_LENGTH && outputLength > 0 && outputLength <= MAX_OUTPUT_LENGTH :
            "length=" + length + " outputLength=" + outputLength;

        final int job = size++;
        HmacSm3.pad(secret, offset, length, HmacSm3.IPAD, memory, STRIDE * job);
        HmacSm3.pad(secret, offset, length, HmacSm3.OPAD, memory, STRIDE * job + OUTER_PAD_OFFSET);
        seedLengths[job] = 0;
        outputLengths[job] = outputLength;
        return job;
    }

    /**
     * Appends to label and seed of the output that was added last.
     *
     * @param range  holds a label, a random or a hash
     * @param offset where it begins
     * @param length of it, at least 0; together at most {@link #MAX_SEED_LENGTH}
     */
    public void append(final DirectBuffer range, final int offset, final int length)
    {
        final int job = size - 1;
        assert seedLengths[job] + length <= MAX_SEED_LENGTH : "length=" + (seedLengths[job] + length);

        memory.putBytes(STRIDE * job + SEED_OFFSET + seedLengths[job], range, offset, length);
        seedLengths[job] += length;
    }

    /** Does all outputs that were added. */
    public void run()
    {
        prepareKeys();
        int longest = 0;
        for (int job = 0; job < size; job++)
        {
            longest = Math.max(longest, rounds(job));
        }
        for (int round = 0; round <= longest; round++)
        {
            addInner(round);
            hashes.compressAll();
            inner.putBytes(0, hashes.digests(), 0, DIGEST_LENGTH * hashes.size());
            hashes.clear();
            addOuter(round);
            hashes.compressAll();
            takeResults(round);
            hashes.clear();
        }
        hashes.wipeScratch();
        ConstantTime.wipe(memory, 0, STRIDE * size);
        ConstantTime.wipe(inner, 0, 2 * DIGEST_LENGTH * size);
    }

    /**
     * Hands an output out.
     *
     * @param job    its number
     * @param out    where as many octets are written as were asked for
     * @param offset where they begin
     */
    public void result(final int job, final MutableDirectBuffer out, final int offset)
    {
        out.putBytes(offset, outputs, MAX_OUTPUT_LENGTH * job, outputLengths[job]);
    }

    /** Wipes everything and begins anew. */
    public void clear()
    {
        ConstantTime.wipe(memory, 0, STRIDE * size);
        ConstantTime.wipe(outputs, 0, MAX_OUTPUT_LENGTH * size);
        size = 0;
    }

    private void prepareKeys()
    {
        for (int job = 0; job < size; job++)
        {
            hashes.addBlocks(memory, STRIDE * job, BLOCK_LENGTH);
            hashes.addBlocks(memory, STRIDE * job + OUTER_PAD_OFFSET, BLOCK_LENGTH);
        }
        hashes.compressAll();
        for (int job = 0; job < size; job++)
        {
            hashes.result(2 * job, memory, STRIDE * job + PREPARED_OFFSET);
            hashes.result(2 * job + 1, memory, STRIDE * job + OUTER_OFFSET);
        }
        hashes.clear();
    }

    /** Round i makes octets 32 (i - 1) to 32 i - 1 of the output from A(i), beside it A(i + 1) while it is needed. */
    private int rounds(final int job)
    {
        return (outputLengths[job] + DIGEST_LENGTH - 1) / DIGEST_LENGTH;
    }

    private boolean makesOutput(final int job, final int round)
    {
        return round > 0 && round <= rounds(job);
    }

    private boolean makesNextA(final int job, final int round)
    {
        return round < rounds(job);
    }

    private void addInner(final int round)
    {
        for (int job = 0; job < size; job++)
        {
            final int at = STRIDE * job;
            if (makesOutput(job, round))
            {
                hashes.addBehind(memory, at + PREPARED_OFFSET, BLOCK_LENGTH);
                hashes.append(memory, at + A_OFFSET, DIGEST_LENGTH);
                hashes.append(memory, at + SEED_OFFSET, seedLengths[job]);
            }
            if (makesNextA(job, round))
            {
                hashes.addBehind(memory, at + PREPARED_OFFSET, BLOCK_LENGTH);
                hashes.append(
                    memory, at + (round == 0 ? SEED_OFFSET : A_OFFSET), round == 0 ? seedLengths[job] : DIGEST_LENGTH);
            }
        }
    }

    private void addOuter(final int round)
    {
        int hash = 0;
        for (int job = 0; job < size; job++)
        {
            final int hmacs = (makesOutput(job, round) ? 1 : 0) + (makesNextA(job, round) ? 1 : 0);
            for (int i = 0; i < hmacs; i++)
            {
                hashes.addBehind(memory, STRIDE * job + OUTER_OFFSET, BLOCK_LENGTH);
                hashes.append(inner, DIGEST_LENGTH * hash++, DIGEST_LENGTH);
            }
        }
    }

    private void takeResults(final int round)
    {
        int hash = 0;
        for (int job = 0; job < size; job++)
        {
            if (makesOutput(job, round))
            {
                hashes.result(hash++, outputs, MAX_OUTPUT_LENGTH * job + DIGEST_LENGTH * (round - 1));
            }
            if (makesNextA(job, round))
            {
                hashes.result(hash++, memory, STRIDE * job + A_OFFSET);
            }
        }
    }
}
