// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * SM4 in the modes ECB, CBC and CTR over the texts of up to sixteen sessions side by side, each with a key, a mode and
 * a direction of its own.
 *
 * <p>A lane does one block at a time. CBC encryption needs each block before the next one, so its text has one lane;
 * the other modes' texts are cut into pieces as long as lanes are free, and a lone long text has all sixteen.
 *
 * <p>Keys and initial values are copied, texts are noted: they stay as they are until {@link #run()}, which writes the
 * results. Input and output are the same range or don't overlap. Time depends on modes and lengths only. {@link #run()}
 * leaves nothing of keys and texts behind.
 */
public final class Sm4Batch
{
    /** How many texts one run can take. */
    public static final int LANES = Sm4Lanes.LANES;

    /** Octets of a key. */
    public static final int KEY_LENGTH = Sm4Lanes.BLOCK_LENGTH;

    /** Octets of a block. */
    public static final int BLOCK_LENGTH = Sm4Lanes.BLOCK_LENGTH;

    private static final int WORDS = BLOCK_LENGTH / Long.BYTES;
    private static final int ECB_ENCRYPT = 0;
    private static final int ECB_DECRYPT = 1;
    private static final int CBC_ENCRYPT = 2;
    private static final int CBC_DECRYPT = 3;
    private static final int CTR = 4;

    private final Sm4Lanes kernel;
    private final byte[] keys = new byte[KEY_LENGTH * LANES];
    private final UnsafeBuffer keyBuffer = new UnsafeBuffer(keys);
    private final byte[] blocks = new byte[BLOCK_LENGTH * LANES];
    private final UnsafeBuffer blockBuffer = new UnsafeBuffer(blocks);

    // of each text
    private final int[] modes = new int[LANES];
    private final UnsafeBuffer initialValues = new UnsafeBuffer(new byte[BLOCK_LENGTH * LANES]);
    private final DirectBuffer[] inputs = new DirectBuffer[LANES];
    private final int[] inputOffsets = new int[LANES];
    private final MutableDirectBuffer[] outputs = new MutableDirectBuffer[LANES];
    private final int[] outputOffsets = new int[LANES];
    private final int[] lengths = new int[LANES];
    private int size;

    // of each lane: its text, the blocks that it does, and what its next block is combined with
    private final int[] texts = new int[LANES];
    private final int[] nexts = new int[LANES];
    private final int[] ends = new int[LANES];
    private final long[] chains = new long[WORDS * LANES];

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels vectors or scalar code
     */
    public Sm4Batch(final Kernels kernels)
    {
        kernel = kernels.create(Sm4Lanes.KERNEL);
    }

    /**
     * {@return how many texts there are}
     */
    public int size()
    {
        return size;
    }

    /**
     * Adds a text whose blocks are encrypted each for itself. The parameters are those of every mode.
     *
     * @param key       holds the key of {@link #KEY_LENGTH} octets
     * @param keyOffset where it begins
     * @param in        holds the text
     * @param inOffset  where it begins
     * @param length    of it, a multiple of {@link #BLOCK_LENGTH}; in CTR any
     * @param out       where the result is written, as long as the text
     * @param outOffset where it begins
     * @return the text's number
     */
    public int addEcbEncryption(
        final DirectBuffer key, final int keyOffset,
        final DirectBuffer in, final int inOffset, final int length,
        final MutableDirectBuffer out, final int outOffset)
    {
        return add(ECB_ENCRYPT, key, keyOffset, in, inOffset, length, out, outOffset);
    }

    /**
     * Adds a text whose blocks are decrypted each for itself.
     *
     * @param key       holds the key of {@link #KEY_LENGTH} octets
     * @param keyOffset where it begins
     * @param in        holds the text
     * @param inOffset  where it begins
     * @param length    of it, a multiple of {@link #BLOCK_LENGTH}
     * @param out       where the result is written, as long as the text
     * @param outOffset where it begins
     * @return the text's number
     */
    public int addEcbDecryption(
        final DirectBuffer key, final int keyOffset,
        final DirectBuffer in, final int inOffset, final int length,
        final MutableDirectBuffer out, final int outOffset)
    {
        return add(ECB_DECRYPT, key, keyOffset, in, inOffset, length, out, outOffset);
    }

    /**
     * Adds a text that is encrypted in CBC.
     *
     * @param key       holds the key of {@link #KEY_LENGTH} octets
     * @param keyOffset where it begins
     * @param iv        holds the initial value of {@link #BLOCK_LENGTH} octets
     * @param ivOffset  where it begins
     * @param in        holds the text
     * @param inOffset  where it begins
     * @param length    of it, a multiple of {@link #BLOCK_LENGTH}
     * @param out       where the result is written, as long as the text
     * @param outOffset where it begins
     * @return the text's number
     */
    public int addCbcEncryption(
        final DirectBuffer key, final int keyOffset, final DirectBuffer iv, final int ivOffset,
        final DirectBuffer in, final int inOffset, final int length,
        final MutableDirectBuffer out, final int outOffset)
    {
        initialValues.putBytes(BLOCK_LENGTH * size, iv, ivOffset, BLOCK_LENGTH);
        return add(CBC_ENCRYPT, key, keyOffset, in, inOffset, length, out, outOffset);
    }

    /**
     * Adds a text that is decrypted in CBC.
     *
     * @param key       holds the key of {@link #KEY_LENGTH} octets
     * @param keyOffset where it begins
     * @param iv        holds the initial value of {@link #BLOCK_LENGTH} octets
     * @param ivOffset  where it begins
     * @param in        holds the text
     * @param inOffset  where it begins
     * @param length    of it, a multiple of {@link #BLOCK_LENGTH}
     * @param out       where the result is written, as long as the text
     * @param outOffset where it begins
     * @return the text's number
     */
    public int addCbcDecryption(
        final DirectBuffer key, final int keyOffset, final DirectBuffer iv, final int ivOffset,
        final DirectBuffer in, final int inOffset, final int length,
        final MutableDirectBuffer out, final int outOffset)
    {
        initialValues.putBytes(BLOCK_LENGTH * size, iv, ivOffset, BLOCK_LENGTH);
        return add(CBC_DECRYPT, key, keyOffset, in, inOffset, length, out, outOffset);
    }

    /**
     * Adds a text that is encrypted or decrypted in CTR: block i is added to the encrypted number {@code counter + i}.
     *
     * @param key           holds the key of {@link #KEY_LENGTH} octets
     * @param keyOffset     where it begins
     * @param counter       holds the first counter block of {@link #BLOCK_LENGTH} octets, a big-endian number
     * @param counterOffset where it begins
     * @param in            holds the text
     * @param inOffset      where it begins
     * @param length        of it, at least 0
     * @param out           where the result is written, as long as the text
     * @param outOffset     where it begins
     * @return the text's number
     */
    public int addCtr(
        final DirectBuffer key, final int keyOffset, final DirectBuffer counter, final int counterOffset,
        final DirectBuffer in, final int inOffset, final int length,
        final MutableDirectBuffer out, final int outOffset)
    {
        initialValues.putBytes(BLOCK_LENGTH * size, counter, counterOffset, BLOCK_LENGTH);
        return add(CTR, key, keyOffset, in, inOffset, length, out, outOffset);
    }

    /** Does all texts added. */
    public void run()
    {
        if (size == 0)
        {
            return;
        }
        final int lanes = assignLanes();
        int live = 0;
        int decrypting = 0;
        for (int lane = 0; lane < lanes; lane++)
        {
            live |= nexts[lane] < ends[lane] ? 1 << lane : 0;
            decrypting |= isDecryption(modes[texts[lane]]) ? 1 << lane : 0;
        }
        if (live != 0)
        {
            kernel.expandKeys(keys, decrypting);
        }
        while (live != 0)
        {
            for (int left = live; left != 0; left &= left - 1)
            {
                fill(Integer.numberOfTrailingZeros(left));
            }
            kernel.crypt(blocks);
            for (int left = live; left != 0; left &= left - 1)
            {
                final int lane = Integer.numberOfTrailingZeros(left);
                store(lane);
                nexts[lane]++;
                live &= nexts[lane] < ends[lane] ? -1 : ~(1 << lane);
            }
        }
        ConstantTime.wipe(keyBuffer, 0, keys.length);
        ConstantTime.wipe(blockBuffer, 0, blocks.length);
        Arrays.fill(chains, 0);
        kernel.wipe();
    }

    /** Forgets all texts and begins anew. */
    public void clear()
    {
        ConstantTime.wipe(keyBuffer, 0, keys.length);
        ConstantTime.wipe(initialValues, 0, BLOCK_LENGTH * size);
        Arrays.fill(inputs, 0, size, null);
        Arrays.fill(outputs, 0, size, null);
        size = 0;
    }

    private int add(
        final int mode, final DirectBuffer key, final int keyOffset,
        final DirectBuffer in, final int inOffset, final int length,
        final MutableDirectBuffer out, final int outOffset)
    {
        assert size < LANES : "full";
        assert length >= 0 && (mode == CTR || length % BLOCK_LENGTH == 0) : "length=" + length;

        final int text = size++;
        modes[text] = mode;
        keyBuffer.putBytes(KEY_LENGTH * text, key, keyOffset, KEY_LENGTH);
        inputs[text] = in;
        inputOffsets[text] = inOffset;
        outputs[text] = out;
        outputOffsets[text] = outOffset;
        lengths[text] = length;
        return text;
    }

    private static boolean isDecryption(final int mode)
    {
        return mode == ECB_DECRYPT || mode == CBC_DECRYPT;
    }

    /** {@return how many lanes are used: each text gets one, and free lanes get halves of what others have to do} */
    private int assignLanes()
    {
        for (int lane = 0; lane < size; lane++)
        {
            texts[lane] = lane;
            nexts[lane] = 0;
            ends[lane] = (lengths[lane] + BLOCK_LENGTH - 1) / BLOCK_LENGTH;
        }
        int lanes = size;
        int longest = longestLane(lanes);
        while (lanes < LANES && longest >= 0)
        {
            final int half = (nexts[longest] + ends[longest] + 1) / 2;
            texts[lanes] = texts[longest];
            nexts[lanes] = half;
            ends[lanes] = ends[longest];
            ends[longest] = half;
            keyBuffer.putBytes(KEY_LENGTH * lanes, keyBuffer, KEY_LENGTH * texts[lanes], KEY_LENGTH);
            lanes++;
            longest = longestLane(lanes);
        }
        for (int lane = 0; lane < lanes; lane++)
        {
            startChain(lane);
        }
        return lanes;
    }

    /** The lane with the most blocks to do among those whose text can be cut, or -1 where there is nothing to cut. */
    private int longestLane(final int lanes)
    {
        int longest = -1;
        int most = 1;
        for (int lane = 0; lane < lanes; lane++)
        {
            if (modes[texts[lane]] != CBC_ENCRYPT && ends[lane] - nexts[lane] > most)
            {
                longest = lane;
                most = ends[lane] - nexts[lane];
            }
        }
        return longest;
    }

    /** The initial value, or the block before the lane's first one, which another lane may overwrite later. */
    private void startChain(final int lane)
    {
        final int text = texts[lane];
        final boolean first = modes[text] != CBC_DECRYPT || nexts[lane] == 0;
        final DirectBuffer before = first ? initialValues : inputs[text];
        final int at = first ? BLOCK_LENGTH * text : inputOffsets[text] + BLOCK_LENGTH * (nexts[lane] - 1);
        chains[WORDS * lane] = before.getLong(at);
        chains[WORDS * lane + 1] = before.getLong(at + Long.BYTES);
    }

    /** Writes what a lane encrypts or decrypts next to its place among the blocks. */
    private void fill(final int lane)
    {
        final int text = texts[lane];
        final int block = BLOCK_LENGTH * lane;
        if (modes[text] == CTR)
        {
            final long low = Long.reverseBytes(chains[WORDS * lane + 1]);
            final long sum = low + nexts[lane];
            final long carry = ConstantTime.lessThan(sum, low) & 1;
            blockBuffer.putLong(block, Long.reverseBytes(chains[WORDS * lane]) + carry, BIG_ENDIAN);
            blockBuffer.putLong(block + Long.BYTES, sum, BIG_ENDIAN);
        }
        else
        {
            final DirectBuffer in = inputs[text];
            final int at = inputOffsets[text] + BLOCK_LENGTH * nexts[lane];
            final long chained = modes[text] == CBC_ENCRYPT ? -1L : 0L;
            blockBuffer.putLong(block, in.getLong(at) ^ (chains[WORDS * lane] & chained));
            blockBuffer.putLong(
                block + Long.BYTES, in.getLong(at + Long.BYTES) ^ (chains[WORDS * lane + 1] & chained));
        }
    }

    /** Writes what has become of a lane's block to the output. */
    private void store(final int lane)
    {
        final int text = texts[lane];
        final int block = BLOCK_LENGTH * lane;
        final int done = BLOCK_LENGTH * nexts[lane];
        final long first = blockBuffer.getLong(block);
        final long second = blockBuffer.getLong(block + Long.BYTES);
        switch (modes[text])
        {
            case CBC_ENCRYPT ->
            {
                chains[WORDS * lane] = first;
                chains[WORDS * lane + 1] = second;
                put(text, done, first, second);
            }
            case CBC_DECRYPT ->
            {
                final long chain0 = chains[WORDS * lane];
                final long chain1 = chains[WORDS * lane + 1];
                chains[WORDS * lane] = inputs[text].getLong(inputOffsets[text] + done);
                chains[WORDS * lane + 1] = inputs[text].getLong(inputOffsets[text] + done + Long.BYTES);
                put(text, done, first ^ chain0, second ^ chain1);
            }
            case CTR ->
            {
                if (lengths[text] - done >= BLOCK_LENGTH)
                {
                    put(text, done, first ^ inputs[text].getLong(inputOffsets[text] + done),
                        second ^ inputs[text].getLong(inputOffsets[text] + done + Long.BYTES));
                }
                else
                {
                    addTail(text, block, done);
                }
            }
            default -> put(text, done, first, second);
        }
    }

    private void put(final int text, final int done, final long first, final long second)
    {
        outputs[text].putLong(outputOffsets[text] + done, first);
        outputs[text].putLong(outputOffsets[text] + done + Long.BYTES, second);
    }

    private void addTail(final int text, final int block, final int done)
    {
        for (int i = done; i < lengths[text]; i++)
        {
            final int octet = inputs[text].getByte(inputOffsets[text] + i) ^ blocks[block + i - done];
            outputs[text].putByte(outputOffsets[text] + i, (byte)octet);
        }
    }
}
