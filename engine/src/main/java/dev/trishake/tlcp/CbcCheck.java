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
    private static final int MAC_WORDS = MAC_LENGTH / Long.BYTES;
    private static final int BLOCK_LENGTH = Sm3.BLOCK_LENGTH;
    private static final int MAX_PADDING = 256;
    private static final int LENGTH_OFFSET = 11;
    private static final int BIT_LENGTH_OFFSET = 56;
    private static final long EVERY_OCTET = 0x0101_0101_0101_0101L;
    private static final long END_MARK = 0x8080_8080_8080_8080L;
    private static final int INNER = 0x3636_3636;
    private static final int OUTER = 0x5c5c_5c5c;

    private final Sm3Lanes sm3;
    private final Columns chaining = new Columns(Sm3Lanes.WORDS);
    private final Columns inner = new Columns(Sm3Lanes.WORDS);
    private final Columns blocks = new Columns(Sm3Lanes.BLOCK_WORDS);
    private final Columns keys = new Columns(Sm3Lanes.BLOCK_WORDS);
    private final UnsafeBuffer headers = new UnsafeBuffer(new byte[16 * LANES]);
    private final DirectBuffer[] texts = new DirectBuffer[LANES];
    private final int[] offsets = new int[LANES];
    private final int[] lengths = new int[LANES];
    private final int[] dataLengths = new int[LANES];
    private final long[] good = new long[LANES];
    private final long[] found = new long[MAC_WORDS];
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
        keys.readDigest(lane, macKey, keyOffset);
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
        if (size == 0)
        {
            return;
        }
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
        keys.wipe();
        blocks.wipe();
        chaining.wipe();
        inner.wipe();
        Arrays.fill(found, 0L);
        Arrays.fill(texts, null);
        Arrays.fill(dataLengths, 0);
        sm3.wipe();
        size = 0;
    }

    /** Every octet that could be padding is looked at; a wrong padding counts as one octet. */
    private void checkPadding(final int lane)
    {
        final DirectBuffer text = texts[lane];
        final int end = lengths[lane];
        final int padding = text.getByte(offsets[lane] + end - 1) & 0xff;
        final long everyOctet = padding * EVERY_OCTET;
        long wrong = 0;
        for (int at = end - Math.min(MAX_PADDING, end); at < end; at += Long.BYTES)
        {
            wrong |= (text.getLong(offsets[lane] + at, BIG_ENDIAN) ^ everyOctet) & from(at, end - padding - 1);
        }
        final long right = ConstantTime.isZero(wrong) & ~ConstantTime.lessThan((long)end, padding + 1L + MAC_LENGTH);
        good[lane] = right;
        dataLengths[lane] = end - MAC_LENGTH - 1 - (padding & (int)right);
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

    private void begin(final int pad)
    {
        for (int i = 0; i < LANES * Sm3Lanes.BLOCK_WORDS; i++)
        {
            blocks.words()[i] = keys.words()[i] ^ pad;
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
        final int length = HEADER_LENGTH + dataLengths[lane];
        final long bits = (BLOCK_LENGTH + (long)length) * Byte.SIZE & isLast(length, number);
        for (int i = 0; i < BLOCK_LENGTH; i += Long.BYTES)
        {
            final int at = number * BLOCK_LENGTH + i;
            final long behind = from(at, length);
            final long mark = behind & ~from(at, length + 1) & END_MARK;
            final long end = i == BIT_LENGTH_OFFSET ? bits : 0;
            blocks.put(lane, i / Integer.BYTES, (word(lane, at) & ~behind) | mark | end);
        }
    }

    /** {@return eight octets of header and text, zeros behind them} */
    private long word(final int lane, final int at)
    {
        final int inText = at - HEADER_LENGTH;
        if (inText >= 0 && inText + Long.BYTES <= lengths[lane])
        {
            return texts[lane].getLong(offsets[lane] + inText, BIG_ENDIAN);
        }
        long word = 0;
        for (int i = at; i < at + Long.BYTES; i++)
        {
            word = word << Byte.SIZE | octet(lane, i);
        }
        return word;
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

    /**
     * {@return the mask of those octets of a word that lie at a secret place or behind it}
     *
     * @param at    where the word's first octet lies, which is the most significant
     * @param first the secret place, -2^31 + 2^16 to 2^16
     */
    private static long from(final int at, final int first)
    {
        final int distance = (first - at) & ~((first - at) >> (Integer.SIZE - 1));
        final int before = ConstantTime.select(ConstantTime.lessThan(Long.BYTES, distance), Long.BYTES, distance);
        // in two steps, because a shift by 64 would be one by 0
        return -1L >>> (before * (Byte.SIZE / 2)) >>> (before * (Byte.SIZE / 2));
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
        Arrays.fill(found, 0L);
        for (int at = begin; at < lengths[lane]; at += Long.BYTES)
        {
            final long isMac = from(at, dataLength) & ~from(at, dataLength + MAC_LENGTH);
            found[((at - begin) / Long.BYTES) & (MAC_WORDS - 1)] |=
                texts[lane].getLong(offsets[lane] + at, BIG_ENDIAN) & isMac;
        }
        final int turn = dataLength - begin;
        turnByWords(2, turn);
        turnByWords(1, turn);
        final int bits = (turn & (Long.BYTES - 1)) * Byte.SIZE;
        long difference = 0;
        for (int i = 0; i < MAC_WORDS; i++)
        {
            final long next = found[(i + 1) & (MAC_WORDS - 1)];
            // in two steps, because a shift by 64 would be one by 0
            final long mac = found[i] << bits | next >>> 1 >>> (Long.SIZE - 1 - bits);
            difference |= mac ^ chaining.pair(lane, 2 * i);
        }
        good[lane] &= ConstantTime.isZero(difference);
    }

    /** Turns the MAC by so many words where that bit of the turn in octets is set. */
    private void turnByWords(final int words, final int turn)
    {
        final long mask = ConstantTime.isNonZero((long)(turn & words * Long.BYTES));
        final long first = found[0];
        final long second = found[1];
        for (int i = 0; i < MAC_WORDS; i++)
        {
            final long next = i + words < MAC_WORDS ? found[i + words] : i + words == MAC_WORDS ? first : second;
            found[i] = ConstantTime.select(mask, next, found[i]);
        }
    }
}
