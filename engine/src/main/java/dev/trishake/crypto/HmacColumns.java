// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

/**
 * HMAC (RFC 2104) in sixteen lanes, each under a key of its own, where a lane's next message is made of what it has
 * come to. Keys, messages and codes are columns and stay columns.
 *
 * <pre>
 *   hmac.prepare(keys, live);
 *   a.copy(hmac.code(messages, 0, lengths, 0, 0, live), WORDS);       // A = HMAC(key, message)
 *   a.copy(hmac.code(a, live), WORDS);                                // HMAC(key, A)
 * </pre>
 *
 * <p>Time depends on lengths only.
 */
public final class HmacColumns
{
    private static final int LANES = Columns.LANES;
    private static final int WORDS = HashLanes.WORDS;
    private static final int BLOCK_WORDS = HashLanes.BLOCK_WORDS;
    private static final int DIGEST_LENGTH = Integer.BYTES * WORDS;
    private static final int IPAD = 0x36363636;
    private static final int OPAD = 0x5c5c5c5c;
    private static final int ALL = (1 << LANES) - 1;

    private final HashLanes kernel;
    private final Columns inner = new Columns(WORDS); // chaining values behind the block key ^ ipad
    private final Columns outer = new Columns(WORDS); // and behind key ^ opad
    private final Columns chaining = new Columns(WORDS);
    private final Columns digest = new Columns(BLOCK_WORDS); // the block that a digest makes behind a key's block

    /**
     * Allocates the scratch.
     *
     * @param kernel the hash
     */
    public HmacColumns(final HashLanes kernel)
    {
        this.kernel = kernel;
        digest.fill(WORDS, 1 << (Integer.SIZE - 1));
        digest.fill(BLOCK_WORDS - 1, (int)bits(DIGEST_LENGTH));
    }

    /**
     * {@return how many blocks a message makes with its padding}
     *
     * @param length octets of it
     */
    public static int blocks(final int length)
    {
        return (length + HashLanes.LEAST_PADDING + HashLanes.BLOCK_LENGTH - 1) / HashLanes.BLOCK_LENGTH;
    }

    /**
     * Prepares keys.
     *
     * @param keys the blocks that they make with octets of 0 behind them; overwritten
     * @param live bit n is set where lane n has one
     */
    public void prepare(final Columns keys, final int live)
    {
        prepare(keys, IPAD, inner, live);
        prepare(keys, IPAD ^ OPAD, outer, live);
    }

    /**
     * {@return the codes of messages, in the first eight rows, until anything else is done}
     *
     * @param messages hold them, {@link Columns#mark marked}, and 0 up to the end of their last block
     * @param row      where they begin
     * @param lengths  of messages, without {@code more}
     * @param first    whose length is lane 0's
     * @param more     octets in front of them
     * @param live     bit n is set where lane n has one
     */
    public Columns code(
        final Columns messages, final int row, final int[] lengths, final int first, final int more, final int live)
    {
        chaining.copy(inner, WORDS);
        int least = Integer.MAX_VALUE;
        for (int left = live; left != 0; left &= left - 1)
        {
            least = Math.min(least, blocks(lengths[first + Integer.numberOfTrailingZeros(left)] + more));
        }
        int hashing = live;
        for (int block = 1; hashing != 0; block++)
        {
            final int at = row + BLOCK_WORDS * (block - 1);
            if (block < least)
            {
                kernel.compress(chaining.words(), messages.words(), LANES * at, hashing);
            }
            else
            {
                hashing &= ~lastBlocks(messages, at, block, lengths, first, more, hashing);
            }
        }
        return outerCode(live);
    }

    /**
     * {@return the codes of messages that are as long as a code, in the first eight rows, until anything else is done}
     *
     * @param messages hold them in their first eight rows
     * @param live     bit n is set where lane n has one
     */
    public Columns code(final Columns messages, final int live)
    {
        chaining.copy(inner, WORDS);
        digest.copy(messages, WORDS);
        kernel.compress(chaining.words(), digest.words(), 0, live);
        digest.copy(chaining, WORDS);
        return outerCode(live);
    }

    /** Wipes keys and messages. */
    public void wipe()
    {
        inner.wipe();
        outer.wipe();
        chaining.wipe();
        digest.copy(chaining, WORDS);
        kernel.wipe();
    }

    /** Takes a block that is the last one in some lanes: it ends with the length there, only while it is hashed. */
    private int lastBlocks(
        final Columns messages, final int row, final int block, final int[] lengths, final int first, final int more,
        final int hashing)
    {
        final int lengthRow = row + BLOCK_WORDS - 2;
        int ending = 0;
        for (int left = hashing; left != 0; left &= left - 1)
        {
            final int lane = Integer.numberOfTrailingZeros(left);
            final int length = lengths[first + lane] + more;
            if (blocks(length) == block)
            {
                messages.put(lane, lengthRow, bits(length));
                ending |= 1 << lane;
            }
        }
        kernel.compress(chaining.words(), messages.words(), LANES * row, hashing);
        if (ending == ALL)
        {
            digest.copy(chaining, WORDS);
            messages.fill(lengthRow, 0);
            messages.fill(lengthRow + 1, 0);
            return ending;
        }
        for (int left = ending; left != 0; left &= left - 1)
        {
            final int lane = Integer.numberOfTrailingZeros(left);
            digest.copy(chaining, WORDS, lane);
            messages.put(lane, lengthRow, 0);
        }
        return ending;
    }

    private Columns outerCode(final int live)
    {
        chaining.copy(outer, WORDS);
        kernel.compress(chaining.words(), digest.words(), 0, live);
        return chaining;
    }

    /** What the padding says of a message behind the key's block. */
    private static long bits(final int length)
    {
        return Byte.SIZE * ((long)HashLanes.BLOCK_LENGTH + length);
    }

    private void prepare(final Columns keys, final int change, final Columns prepared, final int live)
    {
        final int[] words = keys.words();
        for (int i = 0; i < LANES * BLOCK_WORDS; i++)
        {
            words[i] ^= change;
        }
        kernel.begin(prepared);
        kernel.compress(prepared.words(), words, 0, live);
    }
}
