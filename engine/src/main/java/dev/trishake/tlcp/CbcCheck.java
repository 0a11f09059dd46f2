// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm3Block;
import dev.trishake.crypto.sm.Sm3Lanes;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Takes decrypted CBC fragments apart, of up to sixteen sessions side by side: is the padding right, and is the MAC?
 *
 * <pre>
 * data || HMAC-SM3(key, sequence 8 || type 1 || 01 01 || length of data 2 || data) || padding || length of padding
 * </pre>
 *
 * <p>How long the data is, is secret until the MAC was right: otherwise the time taken would say whether the padding
 * was, and that decrypts records for who can ask often enough (Vaudenay 2002, "Lucky Thirteen" 2013). So the hash runs
 * over as many blocks as the longest data would have, keeps the chaining value of the block that turns out to be the
 * last, and the MAC is moved out of the text by a rotation whose every step touches every octet. All that the time
 * depends on is the fragments' lengths. A wrong padding counts as one octet, as in RFC 5246 6.2.3.2.
 */
final class CbcCheck
{
    /** Fragments at once. */
    static final int LANES = Sm3Lanes.LANES;

    /** Shortest text: a MAC and padding up to three whole blocks. */
    static final int MIN_LENGTH = 48;

    /** Octets of the authenticated header before the length of the data. */
    static final int HEADER_LENGTH = 13;

    private static final int MAC_LENGTH = Sm3.DIGEST_LENGTH;
    private static final int BLOCK_LENGTH = Sm3.BLOCK_LENGTH;
    private static final int MAX_PADDING = 256;
    private static final int LENGTH_OFFSET = 11;
    private static final int BIT_LENGTH_OFFSET = 56;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private final Sm3Lanes sm3;
    private final Columns chaining = new Columns(Sm3Lanes.WORDS);
    private final Columns inner = new Columns(Sm3Lanes.WORDS);
    private final Columns blocks = new Columns(Sm3Lanes.BLOCK_WORDS);
    private final byte[] octets = new byte[BLOCK_LENGTH];
    private final UnsafeBuffer block = new UnsafeBuffer(octets);
    private final byte[] keys = new byte[BLOCK_LENGTH * LANES];
    private final UnsafeBuffer headers = new UnsafeBuffer(new byte[16 * LANES]);
    private final DirectBuffer[] texts = new DirectBuffer[LANES];
    private final int[] offsets = new int[LANES];
    private final int[] lengths = new int[LANES];
    private final int[] dataLengths = new int[LANES];
    private final long[] good = new long[LANES];
    private final byte[] found = new byte[MAC_LENGTH];
    private final byte[] turned = new byte[MAC_LENGTH];
    private int size;

    CbcCheck(final Kernels kernels)
    {
        sm3 = kernels.create(Sm3Lanes.KERNEL);
    }

    /**
     * Adds a text; it stays as it is until {@link #run()}.
     *
     * @param macKey    holds the MAC key, 32 octets; copied
     * @param keyOffset where it begins
     * @param sequence  number of the record
     * @param type      content type
     * @param version   protocol version
     * @param text      holds the decrypted text
     * @param offset    where it begins
     * @param length    of it, at least {@link #MIN_LENGTH}
     * @return its lane
     */
    int add(
        final DirectBuffer macKey, final int keyOffset, final long sequence, final int type, final int version,
        final DirectBuffer text, final int offset, final int length)
    {
        final int lane = size++;
        macKey.getBytes(keyOffset, keys, BLOCK_LENGTH * lane, MAC_LENGTH);
        headers.putLong(16 * lane, sequence, BIG_ENDIAN);
        headers.putByte(16 * lane + Long.BYTES, (byte)type);
        headers.putShort(16 * lane + Long.BYTES + 1, (short)version, BIG_ENDIAN);
        texts[lane] = text;
        offsets[lane] = offset;
        lengths[lane] = length;
        return lane;
    }

    /** Checks all texts added. */
    void run()
    {
        final int live = (1 << size) - 1;
        int blockCount = 0;
        for (int lane = 0; lane < size; lane++)
        {
            checkPadding(lane);
            blockCount = Math.max(blockCount, blockCount(lane));
        }
        begin(INNER);
        compress(live);
        for (int number = 0; number < blockCount; number++)
        {
            int hashing = 0;
            for (int lane = 0; lane < size; lane++)
            {
                if (number < blockCount(lane))
                {
                    hashing |= 1 << lane;
                    fill(lane, number);
                }
            }
            compress(hashing);
            for (int lane = 0; lane < size; lane++)
            {
                keepIfLast(lane, number);
            }
        }
        begin(OUTER);
        compress(live);
        fillWithInner();
        compress(live);
        for (int lane = 0; lane < size; lane++)
        {
            compareMac(lane);
        }
    }

    /** {@return whether padding and MAC of a lane were right} */
    boolean succeeded(final int lane)
    {
        return good[lane] != 0;
    }

    /** {@return octets of data; means something only where {@link #succeeded}} */
    int dataLength(final int lane)
    {
        return dataLengths[lane];
    }

    /** Wipes what the lanes have left. */
    void clear()
    {
        Arrays.fill(keys, (byte)0);
        Arrays.fill(octets, (byte)0);
        blocks.wipe();
        chaining.wipe();
        inner.wipe();
        Arrays.fill(found, (byte)0);
        Arrays.fill(turned, (byte)0);
        Arrays.fill(texts, null);
        Arrays.fill(dataLengths, 0);
        sm3.wipe();
        size = 0;
    }

    /** Every octet that could be padding is looked at; a wrong padding counts as one octet. */
    private void checkPadding(final int lane)
    {
        final DirectBuffer text = texts[lane];
        final int last = offsets[lane] + lengths[lane] - 1;
        final int padding = text.getByte(last) & 0xff;
        int right = ~ConstantTime.lessThan(lengths[lane], padding + 1 + MAC_LENGTH);
        final int most = Math.min(MAX_PADDING, lengths[lane]);
        for (int i = 1; i < most; i++)
        {
            final int octet = text.getByte(last - i) & 0xff;
            final int isPadding = ConstantTime.lessThan(i, padding + 1);
            right &= ~(isPadding & ~ConstantTime.equal(octet, padding));
        }
        good[lane] = right;
        dataLengths[lane] = lengths[lane] - MAC_LENGTH - 1 - (padding & right);
        headers.putShort(16 * lane + LENGTH_OFFSET, (short)dataLengths[lane], BIG_ENDIAN);
    }

    /** {@return how many blocks the longest data could take: public} */
    private int blockCount(final int lane)
    {
        final int longest = HEADER_LENGTH + lengths[lane] - MAC_LENGTH - 1;
        return blockCountOf(longest);
    }

    private static int blockCountOf(final int length)
    {
        return (length + 1 + Long.BYTES + BLOCK_LENGTH - 1) / BLOCK_LENGTH;
    }

    private void begin(final byte pad)
    {
        for (int lane = 0; lane < size; lane++)
        {
            for (int i = 0; i < BLOCK_LENGTH; i++)
            {
                octets[i] = (byte)(keys[BLOCK_LENGTH * lane + i] ^ pad);
            }
            blocks.readBlock(lane, 0, block, 0);
        }
        Sm3Block.begin(chaining);
    }

    private void compress(final int live)
    {
        sm3.compress(chaining.words(), blocks.words(), 0, live);
    }

    /** A block of header and data, where the end of the data, the 1 bit behind it and the length are secret. */
    private void fill(final int lane, final int number)
    {
        final int first = number * BLOCK_LENGTH;
        final int length = HEADER_LENGTH + dataLengths[lane];
        final int shortest = HEADER_LENGTH + Math.max(0, lengths[lane] - MAC_LENGTH - MAX_PADDING);
        if (first >= HEADER_LENGTH && first + BLOCK_LENGTH <= shortest)
        {
            blocks.readBlock(lane, 0, texts[lane], offsets[lane] + first - HEADER_LENGTH);
            return;
        }
        for (int i = 0; i < BLOCK_LENGTH; i++)
        {
            final int at = first + i;
            final int octet = octet(lane, at) & ConstantTime.lessThan(at, length);
            octets[i] = (byte)(octet | (0x80 & ConstantTime.equal(at, length)));
        }
        final long isLast = isLast(length, number);
        final long bits = (BLOCK_LENGTH + (long)length) * Byte.SIZE;
        block.putLong(BIT_LENGTH_OFFSET, block.getLong(BIT_LENGTH_OFFSET, BIG_ENDIAN) | (bits & isLast), BIG_ENDIAN);
        blocks.readBlock(lane, 0, block, 0);
    }

    private int octet(final int lane, final int at)
    {
        if (at < HEADER_LENGTH)
        {
            return headers.getByte(16 * lane + at) & 0xff;
        }
        final int inText = at - HEADER_LENGTH;
        return inText < lengths[lane] ? texts[lane].getByte(offsets[lane] + inText) & 0xff : 0;
    }

    /** {@return the mask of whether a message of this length ends in this block; the division is by a power of 2} */
    private static long isLast(final int length, final int number)
    {
        return ConstantTime.equal((long)blockCountOf(length) - 1, number);
    }

    private void keepIfLast(final int lane, final int number)
    {
        final int mask = (int)isLast(HEADER_LENGTH + dataLengths[lane], number);
        final int[] digests = inner.words();
        for (int at = lane; at < LANES * Sm3Lanes.WORDS; at += LANES)
        {
            digests[at] = ConstantTime.select(mask, chaining.words()[at], digests[at]);
        }
    }

    private void fillWithInner()
    {
        blocks.wipe();
        blocks.copy(inner, Sm3Lanes.WORDS);
        blocks.fill(Sm3Lanes.WORDS, 0x80000000);
        blocks.fill(Sm3Lanes.BLOCK_WORDS - 1, (BLOCK_LENGTH + MAC_LENGTH) * Byte.SIZE);
    }

    /** Gathers the MAC from wherever the data ends, and compares it. */
    private void compareMac(final int lane)
    {
        final int begin = Math.max(0, lengths[lane] - MAC_LENGTH - MAX_PADDING);
        final int dataLength = dataLengths[lane];
        Arrays.fill(found, (byte)0);
        for (int at = begin; at < lengths[lane]; at++)
        {
            final int isMac =
                ~ConstantTime.lessThan(at, dataLength) & ConstantTime.lessThan(at, dataLength + MAC_LENGTH);
            found[(at - begin) & (MAC_LENGTH - 1)] |= (byte)(texts[lane].getByte(offsets[lane] + at) & isMac);
        }
        final int turn = (dataLength - begin) & (MAC_LENGTH - 1);
        for (int step = 1; step < MAC_LENGTH; step <<= 1)
        {
            final int mask = ConstantTime.isNonZero(turn & step);
            for (int i = 0; i < MAC_LENGTH; i++)
            {
                turned[i] = (byte)ConstantTime.select(mask, found[(i + step) & (MAC_LENGTH - 1)], found[i]);
            }
            System.arraycopy(turned, 0, found, 0, MAC_LENGTH);
        }
        int difference = 0;
        for (int i = 0; i < MAC_LENGTH; i++)
        {
            final int word = chaining.words()[(i / Integer.BYTES) * LANES + lane];
            final int expected = word >>> (Byte.SIZE * (Integer.BYTES - 1 - i % Integer.BYTES));
            difference |= (found[i] ^ expected) & 0xff;
        }
        good[lane] &= ConstantTime.isZero(difference);
    }
}
