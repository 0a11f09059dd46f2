// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Reads a handshake message, gQUIC 5: a map of tags to values, all of it little endian.
 *
 * <pre>
 * 0      4        6      8              16                        8 + 8 * count
 * | tag  | count  | 0    | tag | end    | tag | end    | ...      | value | value | ...
 * </pre>
 *
 * <p>Value i goes from the end of value i - 1 (of the values' beginning for the first) to its own end, which counts
 * from the values' beginning. Tags ascend strictly. The message may come in pieces: as long as it is not whole,
 * {@link #wrap} says so, and it says as early as it can that the message will never be good.
 */
public final class MessageDecoder
{
    /** What {@link #wrap} answers when more octets are needed. */
    public static final int INCOMPLETE = 0;

    /** Most entries of a message. */
    public static final int MAX_COUNT = 128;

    /** Longest message by default: what keeps a handshake inside of every peer's first window, gQUIC 3. */
    public static final int DEFAULT_MAX_LENGTH = 1 << 14;

    /** What {@link #find} answers for a tag that is not there. */
    public static final int NOT_FOUND = -1;

    static final int COUNT_OFFSET = 4;
    static final int HEADER_LENGTH = 8;
    static final int ENTRY_LENGTH = 8;

    private final int maxLength;
    private DirectBuffer buffer;
    private int offset;
    private int tag;
    private int count;
    private int length;

    /** A decoder of messages up to {@link #DEFAULT_MAX_LENGTH}. */
    public MessageDecoder()
    {
        this(DEFAULT_MAX_LENGTH);
    }

    /**
     * A decoder with a limit of its own.
     *
     * @param maxLength octets of the longest message, at least 8
     */
    public MessageDecoder(final int maxLength)
    {
        if (maxLength < HEADER_LENGTH)
        {
            throw new IllegalArgumentException("no message is so short: maxLength=" + maxLength);
        }
        this.maxLength = maxLength;
    }

    /**
     * Reads the message at the beginning of a range.
     *
     * @param buffer    where the range is
     * @param offset    where it begins
     * @param available octets that are there; what follows the message is not looked at
     * @return the message's length, {@link #INCOMPLETE}, or less than 0: the negated {@link GquicError} that the
     * message deserves. Only after a length may the accessors be used
     */
    public int wrap(final DirectBuffer buffer, final int offset, final int available)
    {
        this.buffer = buffer;
        this.offset = offset;
        count = 0;
        length = 0;
        if (available < HEADER_LENGTH)
        {
            return INCOMPLETE;
        }
        tag = buffer.getInt(offset, LITTLE_ENDIAN);
        // quic-go reads the count as four octets: padding that is not 0 is a count too high
        final int entries = buffer.getInt(offset + COUNT_OFFSET, LITTLE_ENDIAN);
        if (entries < 0 || entries > MAX_COUNT)
        {
            return -GquicError.CRYPTO_TOO_MANY_ENTRIES;
        }
        final int valuesOffset = HEADER_LENGTH + ENTRY_LENGTH * entries;
        if (valuesOffset > maxLength)
        {
            return -GquicError.CRYPTO_INVALID_VALUE_LENGTH;
        }
        final int error = checkEntries(Math.min(entries, (available - HEADER_LENGTH) / ENTRY_LENGTH), valuesOffset);
        if (error != 0)
        {
            return -error;
        }
        if (available < valuesOffset)
        {
            return INCOMPLETE;
        }
        final int total = valuesOffset + (entries == 0 ? 0 : end(entries - 1));
        if (available < total)
        {
            return INCOMPLETE;
        }
        count = entries;
        length = total;
        return total;
    }

    private int checkEntries(final int entries, final int valuesOffset)
    {
        int previousEnd = 0;
        for (int i = 0; i < entries; i++)
        {
            if (i > 0)
            {
                final int order = Integer.compareUnsigned(tag(i), tag(i - 1));
                if (order <= 0)
                {
                    return order == 0 ? GquicError.CRYPTO_DUPLICATE_TAG : GquicError.CRYPTO_TAGS_OUT_OF_ORDER;
                }
            }
            final int end = end(i);
            if (end < previousEnd || end > maxLength - valuesOffset)
            {
                return GquicError.CRYPTO_INVALID_VALUE_LENGTH;
            }
            previousEnd = end;
        }
        return 0;
    }

    /**
     * {@return the message's own tag, good as soon as 8 octets are there}
     */
    public int tag()
    {
        return tag;
    }

    /**
     * {@return how many entries there are, 0 to {@link #MAX_COUNT}}
     */
    public int count()
    {
        return count;
    }

    /**
     * {@return octets of the whole message}
     */
    public int length()
    {
        return length;
    }

    /**
     * {@return the buffer that holds the message}
     */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * {@return where the message begins in it}
     */
    public int offset()
    {
        return offset;
    }

    /**
     * {@return the index of an entry, or {@link #NOT_FOUND}}
     *
     * @param wanted its tag
     */
    public int find(final int wanted)
    {
        int low = 0;
        int high = count - 1;
        while (low <= high)
        {
            final int middle = (low + high) >>> 1;
            final int order = Integer.compareUnsigned(tag(middle), wanted);
            if (order == 0)
            {
                return middle;
            }
            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return NOT_FOUND;
    }

    /**
     * {@return whether there is an entry with this tag and this many octets}
     *
     * @param wanted   its tag
     * @param expected length of the value
     */
    public boolean has(final int wanted, final int expected)
    {
        final int index = find(wanted);
        return index != NOT_FOUND && valueLength(index) == expected;
    }

    /**
     * {@return the tag of an entry}
     *
     * @param index 0 to {@link #count()} - 1
     */
    public int tag(final int index)
    {
        return buffer.getInt(offset + HEADER_LENGTH + ENTRY_LENGTH * index, LITTLE_ENDIAN);
    }

    /**
     * {@return where the value of an entry begins in the buffer}
     *
     * @param index 0 to {@link #count()} - 1
     */
    public int valueOffset(final int index)
    {
        return offset + HEADER_LENGTH + ENTRY_LENGTH * count + (index == 0 ? 0 : end(index - 1));
    }

    /**
     * {@return octets of the value of an entry, 0 or more}
     *
     * @param index 0 to {@link #count()} - 1
     */
    public int valueLength(final int index)
    {
        return end(index) - (index == 0 ? 0 : end(index - 1));
    }

    /**
     * {@return a value of four octets as a number; the default when there is none or it has another length}
     *
     * @param wanted       its tag
     * @param defaultValue see above
     */
    public int u32(final int wanted, final int defaultValue)
    {
        final int index = find(wanted);
        return index != NOT_FOUND && valueLength(index) == Integer.BYTES ?
            buffer.getInt(valueOffset(index), LITTLE_ENDIAN) : defaultValue;
    }

    /**
     * {@return a value of eight octets as a number; the default when there is none or it has another length}
     *
     * @param wanted       its tag
     * @param defaultValue see above
     */
    public long u64(final int wanted, final long defaultValue)
    {
        final int index = find(wanted);
        return index != NOT_FOUND && valueLength(index) == Long.BYTES ?
            buffer.getLong(valueOffset(index), LITTLE_ENDIAN) : defaultValue;
    }

    /**
     * {@return where in the list of tags that is an entry's value a tag stands, or {@link #NOT_FOUND}}
     *
     * @param list   the entry's tag: AEAD, KEXS, PDMD, COPT ...
     * @param wanted the tag to look for
     */
    public int positionInList(final int list, final int wanted)
    {
        final int index = find(list);
        if (index != NOT_FOUND)
        {
            final int at = valueOffset(index);
            final int tags = valueLength(index) / Tag.LENGTH;
            for (int i = 0; i < tags; i++)
            {
                if (buffer.getInt(at + Tag.LENGTH * i, LITTLE_ENDIAN) == wanted)
                {
                    return i;
                }
            }
        }
        return NOT_FOUND;
    }

    private int end(final int index)
    {
        return buffer.getInt(offset + HEADER_LENGTH + ENTRY_LENGTH * index + Tag.LENGTH, LITTLE_ENDIAN);
    }
}
