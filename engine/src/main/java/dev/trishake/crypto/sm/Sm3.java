// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * SM3, GB/T 32905, one message at a time. What a message has come to so far is {@link #STATE_LENGTH} octets in the
 * caller's memory, a session's for instance, so a running hash of a handshake is a range that can be copied, asked for
 * its digest and continued.
 *
 * <pre>
 *   0    chaining value V, eight words, big-endian
 *   32   the octets of the unfinished block
 *   96   how many octets there were so far, 64 bits in native order
 * </pre>
 *
 * <p>Time depends on lengths only. Scratch is wiped before a method returns.
 */
public final class Sm3
{
    /** Octets of a digest. */
    public static final int DIGEST_LENGTH = 32;

    /** Octets of a message block. */
    public static final int BLOCK_LENGTH = Sm3Lanes.BLOCK_LENGTH;

    /** Octets of a state. */
    public static final int STATE_LENGTH = 104;

    static final int UNFINISHED_OFFSET = 32;
    static final int COUNT_OFFSET = 96;
    static final int LENGTH_LENGTH = 8;
    static final byte PADDING = (byte)0x80;

    private final int[] chaining = new int[Sm3Lanes.WORDS];
    private final int[] words = new int[Sm3Block.EXPANDED_WORDS];
    private final UnsafeBuffer block = new UnsafeBuffer(new byte[BLOCK_LENGTH]);
    private final UnsafeBuffer own = new UnsafeBuffer(new byte[STATE_LENGTH]);

    /** Allocates the scratch. */
    public Sm3()
    {
    }

    /**
     * Begins a message.
     *
     * @param state where its state is kept
     * @param at    where that begins
     */
    public void init(final MutableDirectBuffer state, final int at)
    {
        for (int i = 0; i < Sm3Lanes.WORDS; i++)
        {
            state.putInt(at + Integer.BYTES * i, Sm3Block.iv(i), BIG_ENDIAN);
        }
        state.putLong(at + COUNT_OFFSET, 0L);
    }

    /**
     * Continues a message.
     *
     * @param state  holds its state
     * @param at     where that begins
     * @param input  holds what comes next
     * @param offset where that begins
     * @param length of it, at least 0
     */
    public void update(
        final MutableDirectBuffer state, final int at, final DirectBuffer input, final int offset, final int length)
    {
        assert length >= 0 : "length=" + length;

        final long count = state.getLong(at + COUNT_OFFSET);
        state.putLong(at + COUNT_OFFSET, count + length);
        final int filled = (int)count & (BLOCK_LENGTH - 1);
        int position = offset;
        int left = length;
        if (filled + left >= BLOCK_LENGTH)
        {
            load(state, at);
            if (filled > 0)
            {
                final int missing = BLOCK_LENGTH - filled;
                state.putBytes(at + UNFINISHED_OFFSET + filled, input, position, missing);
                compress(state, at + UNFINISHED_OFFSET);
                position += missing;
                left -= missing;
            }
            for (; left >= BLOCK_LENGTH; left -= BLOCK_LENGTH)
            {
                compress(input, position);
                position += BLOCK_LENGTH;
            }
            store(state, at);
            wipe();
            state.putBytes(at + UNFINISHED_OFFSET, input, position, left);
        }
        else
        {
            state.putBytes(at + UNFINISHED_OFFSET + filled, input, position, left);
        }
    }

    /**
     * Gives the digest of what a message has come to; the state stays as it is and can be continued.
     *
     * @param state  holds the message's state
     * @param at     where that begins
     * @param out    where {@link #DIGEST_LENGTH} octets are written
     * @param offset where they begin
     */
    public void digest(final DirectBuffer state, final int at, final MutableDirectBuffer out, final int offset)
    {
        final long count = state.getLong(at + COUNT_OFFSET);
        final int filled = (int)count & (BLOCK_LENGTH - 1);
        load(state, at);
        block.putBytes(0, state, at + UNFINISHED_OFFSET, filled);
        block.putByte(filled, PADDING);
        block.setMemory(filled + 1, BLOCK_LENGTH - 1 - filled, (byte)0);
        if (filled >= BLOCK_LENGTH - LENGTH_LENGTH)
        {
            compress(block, 0);
            block.setMemory(0, BLOCK_LENGTH, (byte)0);
        }
        block.putLong(BLOCK_LENGTH - LENGTH_LENGTH, count << 3, BIG_ENDIAN);
        compress(block, 0);
        store(out, offset);
        wipe();
    }

    /**
     * Gives the digest of a message that is there as a whole.
     *
     * @param message       holds it
     * @param messageOffset where it begins
     * @param length        of it, at least 0
     * @param out           where {@link #DIGEST_LENGTH} octets are written
     * @param offset        where they begin
     */
    public void hash(
        final DirectBuffer message, final int messageOffset, final int length,
        final MutableDirectBuffer out, final int offset)
    {
        init(own, 0);
        update(own, 0, message, messageOffset, length);
        digest(own, 0, out, offset);
        ConstantTime.wipe(own, 0, STATE_LENGTH);
    }

    private void compress(final DirectBuffer input, final int offset)
    {
        Sm3Block.load(words, input, offset);
        Sm3Block.compress(chaining, 0, 1, words);
    }

    private void load(final DirectBuffer state, final int at)
    {
        for (int i = 0; i < Sm3Lanes.WORDS; i++)
        {
            chaining[i] = state.getInt(at + Integer.BYTES * i, BIG_ENDIAN);
        }
    }

    private void store(final MutableDirectBuffer out, final int offset)
    {
        for (int i = 0; i < Sm3Lanes.WORDS; i++)
        {
            out.putInt(offset + Integer.BYTES * i, chaining[i], BIG_ENDIAN);
        }
    }

    private void wipe()
    {
        Arrays.fill(chaining, 0);
        Arrays.fill(words, 0);
        ConstantTime.wipe(block, 0, BLOCK_LENGTH);
    }
}
