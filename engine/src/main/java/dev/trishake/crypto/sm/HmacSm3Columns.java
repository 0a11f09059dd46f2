// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.Kernels;

/**
 * HMAC-SM3 in sixteen lanes, each under a key of its own, where a lane's next message is made of what it has come to.
 * Keys, messages and codes are columns and stay columns.
 *
 * <pre>
 *   prepare(keys, live);
 *   begin();                      // a message in each lane
 *   block(message, row, live);    // one of its blocks, padded as behind the key's block
 *   end(lanes);                   // these lanes' messages are over
 *   code(live);
 * </pre>
 */
final class HmacSm3Columns
{
    private static final int LANES = Columns.LANES;
    private static final int WORDS = Sm3Lanes.WORDS;
    private static final int BLOCK_WORDS = Sm3Lanes.BLOCK_WORDS;
    private static final int IPAD = 0x36363636;
    private static final int OPAD = 0x5c5c5c5c;
    private static final int ALL = (1 << LANES) - 1;

    private final Sm3Lanes kernel;
    private final Columns inner = new Columns(WORDS); // chaining values behind the block key ^ ipad
    private final Columns outer = new Columns(WORDS); // and behind key ^ opad
    private final Columns chaining = new Columns(WORDS);
    private final Columns digest = new Columns(BLOCK_WORDS); // the block that a digest makes behind a key's block

    HmacSm3Columns(final Kernels kernels)
    {
        kernel = kernels.create(Sm3Lanes.KERNEL);
        digest.fill(WORDS, Sm3.PADDING << (Integer.SIZE - Byte.SIZE));
        digest.fill(BLOCK_WORDS - 1, bits(Sm3.DIGEST_LENGTH));
    }

    /** {@return how many blocks a message of so many octets is behind the key's} */
    static int blocks(final int length)
    {
        return (length + 1 + Sm3.LENGTH_LENGTH + Sm3.BLOCK_LENGTH - 1) / Sm3.BLOCK_LENGTH;
    }

    /** {@return the length that the padding of a message of so many octets says} */
    static int bits(final int length)
    {
        return Byte.SIZE * (Sm3.BLOCK_LENGTH + length);
    }

    /**
     * Prepares keys.
     *
     * @param keys the blocks that they make with octets of 0 behind them; they are overwritten
     */
    void prepare(final Columns keys, final int live)
    {
        prepare(keys, IPAD, inner, live);
        prepare(keys, IPAD ^ OPAD, outer, live);
    }

    /** Begins a message in each lane. */
    void begin()
    {
        chaining.copy(inner, WORDS);
    }

    /** Takes the blocks from a row on. */
    void block(final Columns messages, final int row, final int live)
    {
        kernel.compress(chaining.words(), messages.words(), LANES * row, live);
    }

    /** What these lanes have come to is the digest of their messages. */
    void end(final int lanes)
    {
        if (lanes == ALL)
        {
            digest.copy(chaining, WORDS);
        }
        else
        {
            for (int left = lanes; left != 0; left &= left - 1)
            {
                digest.copy(chaining, WORDS, Integer.numberOfTrailingZeros(left));
            }
        }
    }

    /** {@return the codes of the messages that have ended, in the first eight rows; until anything else is done} */
    Columns code(final int live)
    {
        chaining.copy(outer, WORDS);
        kernel.compress(chaining.words(), digest.words(), 0, live);
        return chaining;
    }

    /** {@return the codes of messages that are as long as a code, in the first eight rows} */
    Columns code(final Columns messages, final int live)
    {
        begin();
        digest.copy(messages, WORDS);
        kernel.compress(chaining.words(), digest.words(), 0, live);
        end(ALL);
        return code(live);
    }

    void wipe()
    {
        inner.wipe();
        outer.wipe();
        chaining.wipe();
        digest.copy(chaining, WORDS);
        kernel.wipe();
    }

    private void prepare(final Columns keys, final int change, final Columns prepared, final int live)
    {
        final int[] words = keys.words();
        for (int i = 0; i < LANES * BLOCK_WORDS; i++)
        {
            words[i] ^= change;
        }
        Sm3Block.begin(prepared);
        kernel.compress(prepared.words(), words, 0, live);
    }
}
