// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * HMAC with SM3 over many messages of many sessions side by side, each under its own key. Keys are copied; messages are
 * put together from up to {@link #MAX_PIECES} ranges that are noted, as with {@link Sm3Batch}.
 *
 * <p>Time depends on lengths only. {@link #run()} leaves codes behind and nothing else, {@link #clear()} wipes them.
 */
public final class HmacSm3Batch
{
    /** How many octets a key may have. */
    public static final int MAX_KEY_LENGTH = Sm3.BLOCK_LENGTH;

    /** How many ranges a message is put together from. */
    public static final int MAX_PIECES = Sm3Batch.MAX_PIECES - 1;

    // of a message's scratch: the blocks key ^ ipad and key ^ opad
    private static final int OUTER_PAD_OFFSET = Sm3.BLOCK_LENGTH;
    private static final int STRIDE = 2 * Sm3.BLOCK_LENGTH;

    private final UnsafeBuffer memory;
    private final Sm3Batch inner;
    private final Sm3Batch outer;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels  vectors or scalar code
     * @param capacity how many messages one run can take, at least 1
     */
    public HmacSm3Batch(final Kernels kernels, final int capacity)
    {
        memory = new UnsafeBuffer(new byte[STRIDE * capacity]);
        inner = new Sm3Batch(kernels, capacity);
        outer = new Sm3Batch(kernels, capacity);
    }

    /**
     * {@return how many messages there are}
     */
    public int size()
    {
        return inner.size();
    }

    /**
     * Begins an empty message; {@link #append} gives it content.
     *
     * @param key    holds the key, which is copied
     * @param offset where it begins
     * @param length of it, 0 to {@link #MAX_KEY_LENGTH}
     * @return the number by which the code is asked for
     */
    public int add(final DirectBuffer key, final int offset, final int length)
    {
        assert length <= MAX_KEY_LENGTH : "length=" + length;

        final int at = STRIDE * inner.size();
        HmacSm3.pad(key, offset, length, HmacSm3.IPAD, memory, at);
        HmacSm3.pad(key, offset, length, HmacSm3.OPAD, memory, at + OUTER_PAD_OFFSET);
        return inner.add(memory, at, Sm3.BLOCK_LENGTH);
    }

    /**
     * Appends to the message that was added last.
     *
     * @param range  holds what is appended
     * @param offset where it begins
     * @param length of it, at least 0
     */
    public void append(final DirectBuffer range, final int offset, final int length)
    {
        inner.append(range, offset, length);
    }

    /** Does all messages added. */
    public void run()
    {
        inner.run();
        for (int job = 0; job < inner.size(); job++)
        {
            outer.add(memory, STRIDE * job + OUTER_PAD_OFFSET, Sm3.BLOCK_LENGTH);
            outer.append(inner.digests(), Sm3.DIGEST_LENGTH * job, Sm3.DIGEST_LENGTH);
        }
        outer.run();
        inner.wipeDigests();
        ConstantTime.wipe(memory, 0, STRIDE * inner.size());
    }

    /**
     * Hands a code out.
     *
     * @param job    the message's number
     * @param out    where {@link HmacSm3#MAC_LENGTH} octets are written
     * @param offset where they begin
     */
    public void result(final int job, final MutableDirectBuffer out, final int offset)
    {
        outer.result(job, out, offset);
    }

    /** Wipes the codes, forgets all ranges and begins anew. */
    public void clear()
    {
        ConstantTime.wipe(memory, 0, STRIDE * inner.size());
        inner.clear();
        outer.clear();
    }
}
