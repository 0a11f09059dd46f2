// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

import java.nio.ByteOrder;
import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Words of sixteen messages side by side, as the lanes of a hash take them: a message is a column, and word i of all
 * of them is a row, which is one vector.
 *
 * <pre>
 *   words()[16 row + lane]       a word of the lane's message, big-endian as the hashes have it
 * </pre>
 *
 * <p>Octets become columns as they are copied, so that nothing needs to be transposed; what is a column already, a
 * digest that is hashed again, stays one. One message is written at a time: {@link #begin}, {@link #append} for each of
 * its ranges, wherever they end, and {@link #mark} and {@link #end}. Time depends on lengths only.
 */
public final class Columns
{
    /** How many columns there are. */
    public static final int LANES = 16;

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long MARK = 1L << (Long.SIZE - 1);
    private static final long LOW = 0xffff_ffffL;
    private static final int PAIR = 2 * LANES;

    private final int[] words;

    // the message that is being written: where its next two words go, and those of their octets that are there
    private int next;
    private long unfinished;
    private int unfinishedBits;

    /**
     * Allocates the columns; all words are 0.
     *
     * @param rows how many words a column has, an even number
     */
    public Columns(final int rows)
    {
        words = new int[LANES * rows];
    }

    /** {@return the words, row by row} */
    public int[] words()
    {
        return words;
    }

    /**
     * Begins a message.
     *
     * @param lane its column
     * @param row  where its first word goes
     */
    public void begin(final int lane, final int row)
    {
        next = LANES * row + lane;
        unfinished = 0;
        unfinishedBits = 0;
    }

    /**
     * Appends to the message that was begun last. Octets that don't make a pair of words yet are kept for the next.
     *
     * @param range  holds what is appended
     * @param offset where it begins
     * @param length of it, at least 0
     */
    public void append(final DirectBuffer range, final int offset, final int length)
    {
        range.boundsCheck(offset, length);
        final byte[] array = range.byteArray();
        final int bits = unfinishedBits;
        long address = range.addressOffset() + offset;
        long pair = unfinished;
        int at = next;
        int left = length;
        for (; left >= Long.BYTES; left -= Long.BYTES)
        {
            final long octets = getLong(array, address);
            put(at, pair | octets >>> bits);
            pair = octets << 1 << (Long.SIZE - 1 - bits);
            at += PAIR;
            address += Long.BYTES;
        }
        next = at;
        unfinished = pair;
        if (left > 0)
        {
            appendFew(few(range, offset + length - left, left), Byte.SIZE * left);
        }
    }

    /** Appends the bit 1 and seven of 0, with which the padding of a message begins. */
    public void mark()
    {
        appendFew(MARK, Byte.SIZE);
    }

    /**
     * Ends what has been appended, and fills its column with 0.
     *
     * @param row up to here, an even number of words behind the first one
     */
    public void end(final int row)
    {
        final int end = LANES * row;
        if (unfinishedBits != 0)
        {
            putNext(unfinished);
        }
        while (next < end)
        {
            putNext(0);
        }
        unfinished = 0;
        unfinishedBits = 0;
    }

    /**
     * Writes two words of a column.
     *
     * @param lane the column
     * @param row  of the first of them
     * @param pair the first of them in its upper half
     */
    public void put(final int lane, final int row, final long pair)
    {
        put(LANES * row + lane, pair);
    }

    /**
     * {@return two words of a column, the first of them in the upper half}
     *
     * @param lane the column
     * @param row  of the first of them
     */
    public long pair(final int lane, final int row)
    {
        return pair(LANES * row + lane);
    }

    /**
     * Writes one octet of a column.
     *
     * @param lane     the column
     * @param row      where octet 0 is
     * @param position of the octet behind it
     * @param octet    its low 8 bits count
     */
    public void putOctet(final int lane, final int row, final int position, final int octet)
    {
        final int at = LANES * (row + position / Integer.BYTES) + lane;
        final int shift = Integer.SIZE - Byte.SIZE - Byte.SIZE * (position % Integer.BYTES);
        words[at] = (words[at] & ~(0xff << shift)) | (octet & 0xff) << shift;
    }

    /**
     * Reads sixteen words of a column from memory: a block.
     *
     * @param lane   the column
     * @param row    where its first word goes
     * @param in     holds them, big-endian
     * @param offset where they begin
     */
    public void readBlock(final int lane, final int row, final DirectBuffer in, final int offset)
    {
        in.boundsCheck(offset, 8 * Long.BYTES);
        final byte[] array = in.byteArray();
        final long address = in.addressOffset() + offset;
        readEight(LANES * row + lane, array, address);
        readEight(LANES * row + lane + 4 * PAIR, array, address + 4 * Long.BYTES);
    }

    /**
     * Reads a column's first eight words from memory: a digest or a chaining value.
     *
     * @param lane   the column
     * @param in     holds them, big-endian
     * @param offset where they begin
     */
    public void readDigest(final int lane, final DirectBuffer in, final int offset)
    {
        in.boundsCheck(offset, 4 * Long.BYTES);
        readEight(lane, in.byteArray(), in.addressOffset() + offset);
    }

    /**
     * Writes a column's first eight words to memory.
     *
     * @param lane   the column
     * @param out    where they go, big-endian
     * @param offset where they begin
     */
    public void writeDigest(final int lane, final MutableDirectBuffer out, final int offset)
    {
        out.boundsCheck(offset, 4 * Long.BYTES);
        final byte[] array = out.byteArray();
        final long address = out.addressOffset() + offset;
        putLong(array, address, pair(lane));
        putLong(array, address + Long.BYTES, pair(lane + PAIR));
        putLong(array, address + 2 * Long.BYTES, pair(lane + 2 * PAIR));
        putLong(array, address + 3 * Long.BYTES, pair(lane + 3 * PAIR));
    }

    /**
     * Gives all lanes the same word.
     *
     * @param row  where
     * @param word which
     */
    public void fill(final int row, final int word)
    {
        Arrays.fill(words, LANES * row, LANES * (row + 1), word);
    }

    /**
     * Copies the first rows of other columns.
     *
     * @param from others
     * @param rows how many
     */
    public void copy(final Columns from, final int rows)
    {
        System.arraycopy(from.words, 0, words, 0, LANES * rows);
    }

    /**
     * Copies the beginning of one column of others.
     *
     * @param from others
     * @param rows how many words
     * @param lane the column
     */
    public void copy(final Columns from, final int rows, final int lane)
    {
        for (int at = lane; at < LANES * rows; at += LANES)
        {
            words[at] = from.words[at];
        }
    }

    /** Makes every word 0. */
    public void wipe()
    {
        Arrays.fill(words, 0);
        unfinished = 0;
    }

    /**
     * Makes the words of the first rows 0.
     *
     * @param rows how many
     */
    public void wipe(final int rows)
    {
        Arrays.fill(words, 0, LANES * rows, 0);
    }

    /** Appends up to seven octets, or eight, that are the upper ones of a pair; the others are 0. */
    private void appendFew(final long octets, final int bits)
    {
        final int together = unfinishedBits + bits;
        final long pair = unfinished | octets >>> unfinishedBits;
        if (together < Long.SIZE)
        {
            unfinished = pair;
            unfinishedBits = together;
        }
        else
        {
            putNext(pair);
            unfinishedBits = together - Long.SIZE;
            unfinished = octets << (bits - unfinishedBits);
        }
    }

    /** {@return one to seven octets as the upper ones of a pair of words, without reading others} */
    private static long few(final DirectBuffer range, final int offset, final int length)
    {
        final int last = Long.SIZE - Byte.SIZE * length;
        if (length >= Integer.BYTES)
        {
            return (long)range.getInt(offset, BIG_ENDIAN) << Integer.SIZE |
                (range.getInt(offset + length - Integer.BYTES, BIG_ENDIAN) & LOW) << last;
        }
        final int first = Long.SIZE - Byte.SIZE;
        final int middle = length / 2;
        return (long)range.getByte(offset) << first |
            (range.getByte(offset + middle) & 0xffL) << (first - Byte.SIZE * middle) |
            (range.getByte(offset + length - 1) & 0xffL) << last;
    }

    /** Eight words: written out, as a loop that is over so soon takes three times as long. */
    private void readEight(final int at, final byte[] array, final long address)
    {
        put(at, getLong(array, address));
        put(at + PAIR, getLong(array, address + Long.BYTES));
        put(at + 2 * PAIR, getLong(array, address + 2 * Long.BYTES));
        put(at + 3 * PAIR, getLong(array, address + 3 * Long.BYTES));
    }

    /**
     * Reads without a check, in a range that was checked before, and asks whether there is an array: C2 takes an access
     * that may be about the heap or not for one to everything, after which no field is in a register.
     */
    private static long getLong(final byte[] array, final long address)
    {
        final long octets = array == null ? UnsafeApi.getLong(address) : UnsafeApi.getLong(array, address);
        return LITTLE_ENDIAN ? Long.reverseBytes(octets) : octets;
    }

    private static void putLong(final byte[] array, final long address, final long octets)
    {
        final long word = LITTLE_ENDIAN ? Long.reverseBytes(octets) : octets;
        if (array == null)
        {
            UnsafeApi.putLong(address, word);
        }
        else
        {
            UnsafeApi.putLong(array, address, word);
        }
    }

    private void putNext(final long pair)
    {
        put(next, pair);
        next += PAIR;
    }

    private long pair(final int at)
    {
        return (long)words[at] << Integer.SIZE | (words[at + LANES] & LOW);
    }

    private void put(final int at, final long pair)
    {
        words[at] = (int)(pair >>> Integer.SIZE);
        words[at + LANES] = (int)pair;
    }
}
