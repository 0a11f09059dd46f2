// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.aead.GhashLanes;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * SM4-GCM (RFC 8998 with SP 800-38D; nonces of 96 bits, tags of 128) over the texts of up to sixteen sessions side by
 * side, each sealed or opened under its own key.
 *
 * <p>Keys and nonces are copied; additional data and texts are noted and stay as they are until {@link #run()}, which
 * writes the results. Input and output are the same range or don't overlap. A text whose tag is wrong is not opened:
 * its output stays as it was. Time depends on lengths, and on whether a tag was right once that is decided. {@link
 * #run()} leaves nothing of keys and texts behind.
 */
public final class Sm4GcmBatch
{
    /** How many texts one run can take. */
    public static final int LANES = Sm4Lanes.LANES;

    /** Octets of a key. */
    public static final int KEY_LENGTH = Sm4Lanes.BLOCK_LENGTH;

    /** Octets of a nonce. */
    public static final int NONCE_LENGTH = 12;

    /** Octets of a tag. */
    public static final int TAG_LENGTH = 16;

    private static final int BLOCK_LENGTH = Sm4Lanes.BLOCK_LENGTH;
    private static final int TAG_COUNTER = 1;
    private static final int TEXT_COUNTER = 2;

    private final Sm4Lanes cipher;
    private final GhashLanes ghash;
    private final Sm4Batch counterMode;

    // a block for each lane
    private final byte[] keys = new byte[BLOCK_LENGTH * LANES];
    private final byte[] blocks = new byte[BLOCK_LENGTH * LANES];
    private final byte[] masks = new byte[BLOCK_LENGTH * LANES];
    private final UnsafeBuffer keyBuffer = new UnsafeBuffer(keys);
    private final UnsafeBuffer blockBuffer = new UnsafeBuffer(blocks);
    private final UnsafeBuffer maskBuffer = new UnsafeBuffer(masks);
    private final UnsafeBuffer counters = new UnsafeBuffer(new byte[BLOCK_LENGTH * LANES]);

    private final boolean[] sealing = new boolean[LANES];
    private final boolean[] succeeded = new boolean[LANES];
    private final DirectBuffer[] additions = new DirectBuffer[LANES];
    private final int[] additionOffsets = new int[LANES];
    private final int[] additionLengths = new int[LANES];
    private final DirectBuffer[] inputs = new DirectBuffer[LANES];
    private final int[] inputOffsets = new int[LANES];
    private final MutableDirectBuffer[] outputs = new MutableDirectBuffer[LANES];
    private final int[] outputOffsets = new int[LANES];
    private final int[] lengths = new int[LANES];
    private int size;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels vectors or scalar code
     */
    public Sm4GcmBatch(final Kernels kernels)
    {
        cipher = kernels.create(Sm4Lanes.KERNEL);
        ghash = kernels.create(GhashLanes.KERNEL);
        counterMode = new Sm4Batch(kernels);
    }

    /**
     * {@return how many texts there are}
     */
    public int size()
    {
        return size;
    }

    /**
     * Begins a text: {@link #seal} or {@link #open} follows.
     *
     * @param key         holds the key of {@link #KEY_LENGTH} octets
     * @param keyOffset   where it begins
     * @param nonce       holds the nonce of {@link #NONCE_LENGTH} octets
     * @param nonceOffset where it begins
     * @param aad         holds the additional authenticated data
     * @param aadOffset   where it begins
     * @param aadLength   of it, at least 0
     * @return the text's number
     */
    public int add(
        final DirectBuffer key, final int keyOffset, final DirectBuffer nonce, final int nonceOffset,
        final DirectBuffer aad, final int aadOffset, final int aadLength)
    {
        assert size < LANES : "full";

        final int lane = size++;
        keyBuffer.putBytes(BLOCK_LENGTH * lane, key, keyOffset, KEY_LENGTH);
        counters.putBytes(BLOCK_LENGTH * lane, nonce, nonceOffset, NONCE_LENGTH);
        additions[lane] = aad;
        additionOffsets[lane] = aadOffset;
        additionLengths[lane] = aadLength;
        return lane;
    }

    /**
     * Says that the text begun last is to be sealed.
     *
     * @param in        holds the plaintext
     * @param inOffset  where it begins
     * @param length    of it, at least 0
     * @param out       where ciphertext and tag are written, {@code length + TAG_LENGTH} octets
     * @param outOffset where they begin
     */
    public void seal(
        final DirectBuffer in, final int inOffset, final int length,
        final MutableDirectBuffer out, final int outOffset)
    {
        text(true, in, inOffset, length, out, outOffset);
    }

    /**
     * Says that the text begun last is to be opened.
     *
     * @param in        holds ciphertext and tag
     * @param inOffset  where they begin
     * @param length    of both; less than a tag's fails
     * @param out       where the plaintext is written, {@code length - TAG_LENGTH} octets
     * @param outOffset where it begins
     */
    public void open(
        final DirectBuffer in, final int inOffset, final int length,
        final MutableDirectBuffer out, final int outOffset)
    {
        text(false, in, inOffset, length - TAG_LENGTH, out, outOffset);
    }

    /** Does all texts added. */
    public void run()
    {
        if (size == 0)
        {
            return;
        }
        hashKeysAndMasks();
        cryptTexts(true);
        hash();
        for (int lane = 0; lane < size; lane++)
        {
            finish(lane);
        }
        cryptTexts(false);
        ghash.wipe();
        ConstantTime.wipe(keyBuffer, 0, keys.length);
        ConstantTime.wipe(blockBuffer, 0, blocks.length);
        ConstantTime.wipe(maskBuffer, 0, masks.length);
    }

    /**
     * {@return whether a text was sealed, or was opened because its tag was right}
     *
     * @param lane the text's number
     */
    public boolean succeeded(final int lane)
    {
        return succeeded[lane];
    }

    /** Forgets all texts and begins anew. */
    public void clear()
    {
        ConstantTime.wipe(keyBuffer, 0, keys.length);
        ConstantTime.wipe(counters, 0, BLOCK_LENGTH * LANES);
        Arrays.fill(additions, 0, size, null);
        Arrays.fill(inputs, 0, size, null);
        Arrays.fill(outputs, 0, size, null);
        size = 0;
    }

    private void text(
        final boolean toSeal, final DirectBuffer in, final int inOffset, final int length,
        final MutableDirectBuffer out, final int outOffset)
    {
        final int lane = size - 1;
        sealing[lane] = toSeal;
        succeeded[lane] = toSeal;
        inputs[lane] = in;
        inputOffsets[lane] = inOffset;
        outputs[lane] = out;
        outputOffsets[lane] = outOffset;
        lengths[lane] = length;
    }

    /** SP 800-38D 7.1: H is the encrypted zero block, and the tag's mask the encrypted first counter block. */
    private void hashKeysAndMasks()
    {
        cipher.expandKeys(keys, 0);
        blockBuffer.setMemory(0, blocks.length, (byte)0);
        cipher.crypt(blocks);
        ghash.init(blocks);
        setCounters(TAG_COUNTER);
        maskBuffer.putBytes(0, counters, 0, masks.length);
        cipher.crypt(masks);
        cipher.wipe();
    }

    private void setCounters(final int counter)
    {
        for (int lane = 0; lane < LANES; lane++)
        {
            counters.putInt(BLOCK_LENGTH * lane + NONCE_LENGTH, counter, BIG_ENDIAN);
        }
    }

    private void cryptTexts(final boolean toSeal)
    {
        setCounters(TEXT_COUNTER);
        for (int lane = 0; lane < size; lane++)
        {
            if (sealing[lane] == toSeal && succeeded[lane])
            {
                final int at = BLOCK_LENGTH * lane;
                counterMode.addCtr(keyBuffer, at, counters, at, inputs[lane], inputOffsets[lane], lengths[lane],
                    outputs[lane], outputOffsets[lane]);
            }
        }
        counterMode.run();
        counterMode.clear();
    }

    /** GHASH over additional data, ciphertext and the lengths of both, in all lanes. */
    private void hash()
    {
        int live = size == 0 ? 0 : -1 >>> (Integer.SIZE - size);
        for (int block = 0; live != 0; block++)
        {
            for (int left = live; left != 0; left &= left - 1)
            {
                final int lane = Integer.numberOfTrailingZeros(left);
                live &= fill(lane, block) ? -1 : ~(1 << lane);
            }
            if (live != 0)
            {
                ghash.update(blocks, live);
            }
        }
        ghash.result(blocks);
    }

    /** {@return whether a lane's hash has been given another block; false when it has had all} */
    private boolean fill(final int lane, final int block)
    {
        final int ofAddition = blocksOf(additionLengths[lane]);
        final int ofText = blocksOf(Math.max(0, lengths[lane]));
        if (block < ofAddition)
        {
            copy(lane, additions[lane], additionOffsets[lane], additionLengths[lane], block);
        }
        else if (block < ofAddition + ofText)
        {
            final DirectBuffer ciphertext = sealing[lane] ? outputs[lane] : inputs[lane];
            copy(lane, ciphertext, sealing[lane] ? outputOffsets[lane] : inputOffsets[lane], lengths[lane],
                block - ofAddition);
        }
        else if (block == ofAddition + ofText)
        {
            blockBuffer.putLong(BLOCK_LENGTH * lane, (long)additionLengths[lane] << 3, BIG_ENDIAN);
            blockBuffer.putLong(BLOCK_LENGTH * lane + Long.BYTES, (long)lengths[lane] << 3, BIG_ENDIAN);
        }
        return block <= ofAddition + ofText;
    }

    private static int blocksOf(final int length)
    {
        return (length + BLOCK_LENGTH - 1) / BLOCK_LENGTH;
    }

    /** Copies a block to its lane, with zeros behind the end. */
    private void copy(final int lane, final DirectBuffer from, final int offset, final int length, final int block)
    {
        final int at = BLOCK_LENGTH * lane;
        final int copied = Math.min(BLOCK_LENGTH, length - BLOCK_LENGTH * block);
        from.getBytes(offset + BLOCK_LENGTH * block, blocks, at, copied);
        Arrays.fill(blocks, at + copied, at + BLOCK_LENGTH, (byte)0);
    }

    /** The lane's tag is the masked hash: it is written, or compared. */
    private void finish(final int lane)
    {
        final int at = BLOCK_LENGTH * lane;
        for (int i = at; i < at + TAG_LENGTH; i += Long.BYTES)
        {
            blockBuffer.putLong(i, blockBuffer.getLong(i) ^ maskBuffer.getLong(i));
        }
        if (sealing[lane])
        {
            outputs[lane].putBytes(outputOffsets[lane] + lengths[lane], blockBuffer, at, TAG_LENGTH);
        }
        else
        {
            succeeded[lane] = lengths[lane] >= 0 && ConstantTime.equal(
                blockBuffer, at, inputs[lane], inputOffsets[lane] + lengths[lane], TAG_LENGTH);
        }
    }
}
