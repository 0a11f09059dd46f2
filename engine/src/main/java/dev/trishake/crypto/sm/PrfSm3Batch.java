// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.HmacColumns;
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
    private static final int LANES = Columns.LANES;
    private static final int DIGEST_WORDS = Sm3Lanes.WORDS;
    private static final int BLOCK_WORDS = Sm3Lanes.BLOCK_WORDS;

    // the rows of a message A(i) || label || seed, behind which the longest A(0) has its padding
    private static final int SEED_ROW = DIGEST_WORDS;
    private static final int MESSAGE_ROWS = SEED_ROW + BLOCK_WORDS * HmacColumns.blocks(MAX_SEED_LENGTH);

    private final Columns[] secrets;
    private final Columns[] messages;
    private final UnsafeBuffer outputs;
    private final int[] seedLengths;
    private final int[] outputLengths;
    private final HmacColumns hmac;
    private int size;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels  vectors or scalar code
     * @param capacity how many outputs one run can make, at least 1
     */
    public PrfSm3Batch(final Kernels kernels, final int capacity)
    {
        final int groups = (capacity + LANES - 1) / LANES;
        secrets = new Columns[groups];
        messages = new Columns[groups];
        for (int group = 0; group < groups; group++)
        {
            secrets[group] = new Columns(BLOCK_WORDS);
            messages[group] = new Columns(MESSAGE_ROWS);
        }
        outputs = new UnsafeBuffer(new byte[MAX_OUTPUT_LENGTH * capacity]);
        seedLengths = new int[capacity];
        outputLengths = new int[capacity];
        hmac = new HmacColumns(kernels.create(Sm3Lanes.KERNEL));
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

        endSeed();
        final int job = size++;
        final Columns keys = secrets[job / LANES];
        keys.begin(job % LANES, 0);
        keys.append(secret, offset, length);
        keys.end(0);
        messages[job / LANES].begin(job % LANES, SEED_ROW);
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

        messages[job / LANES].append(range, offset, length);
        seedLengths[job] += length;
    }

    /** Does all outputs that were added. */
    public void run()
    {
        endSeed();
        for (int first = 0; first < size; first += LANES)
        {
            run(first, Math.min(LANES, size - first));
        }
        hmac.wipe();
        wipeInputs();
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
        wipeInputs();
        ConstantTime.wipe(outputs, 0, MAX_OUTPUT_LENGTH * size);
        size = 0;
    }

    /** Words that nothing was written to are 0, so that every message is followed by its padding. */
    private void wipeInputs()
    {
        for (int first = 0; first < size; first += LANES)
        {
            secrets[first / LANES].wipe();
            messages[first / LANES].wipe();
        }
    }

    private void endSeed()
    {
        if (size > 0)
        {
            messages[(size - 1) / LANES].mark();
            messages[(size - 1) / LANES].end(0);
        }
    }

    /** Does up to sixteen outputs side by side: round i makes octets 32 (i - 1) to 32 i - 1 from A(i), and A(i + 1). */
    private void run(final int first, final int count)
    {
        final Columns message = messages[first / LANES];
        final int live = (1 << count) - 1;
        int rounds = 0;
        for (int job = first; job < first + count; job++)
        {
            rounds = Math.max(rounds, rounds(job));
        }

        hmac.prepare(secrets[first / LANES], live);
        message.copy(hmac.code(message, SEED_ROW, seedLengths, first, 0, live), DIGEST_WORDS);
        for (int round = 1; round <= rounds; round++)
        {
            final Columns output = hmac.code(message, 0, seedLengths, first, DIGEST_LENGTH, live);
            for (int job = first; job < first + count; job++)
            {
                if (round <= rounds(job))
                {
                    output.writeDigest(job % LANES, outputs, MAX_OUTPUT_LENGTH * job + DIGEST_LENGTH * (round - 1));
                }
            }
            if (round < rounds)
            {
                message.copy(hmac.code(message, live), DIGEST_WORDS);
            }
        }
    }

    private int rounds(final int job)
    {
        return (outputLengths[job] + DIGEST_LENGTH - 1) / DIGEST_LENGTH;
    }
}
