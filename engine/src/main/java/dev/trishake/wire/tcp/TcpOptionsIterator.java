// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.wire.Words;
import org.agrona.DirectBuffer;

/**
 * Walks over TCP options in the order in which they stand, RFC 9293 3.2.
 *
 * <pre>
 * +------+          +------+--------+---------------------+
 * | 0, 1 |    or    | kind | length |  length - 2 bytes   |
 * +------+          +------+--------+---------------------+
 * </pre>
 *
 * <p>The walk ends behind an end-of-list option, at the end of the options, or at an option whose length is less than 2
 * or leads past that end: that one is {@link #isMalformed()} and nothing behind it is looked at. Every step goes on by
 * at least one byte.
 */
public final class TcpOptionsIterator
{
    /** What {@link #strideAt} says of an option whose length can't be. */
    static final int MALFORMED = -1;

    private static final int LENGTH_OFFSET = 1;

    private DirectBuffer buffer;
    private int position;
    private int limit;
    private int offset;
    private int kind;
    private int length;
    private boolean malformed;

    /**
     * Begins a walk.
     *
     * @param buffer where the options are
     * @param offset where they begin
     * @param length of them all, 0 or more
     * @return this
     */
    public TcpOptionsIterator wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        buffer.boundsCheck(offset, length);
        this.buffer = buffer;
        this.position = offset;
        this.limit = offset + length;
        this.malformed = false;
        return this;
    }

    /**
     * {@return true when there is one more option: the accessors speak of it}
     */
    public boolean next()
    {
        if (position >= limit)
        {
            return false;
        }
        offset = position;
        kind = buffer.getByte(position) & 0xff;
        final long address = buffer.addressOffset() + position;
        final int stride = strideAt(buffer.byteArray(), address, limit - position, kind);
        if (stride == MALFORMED)
        {
            malformed = true;
            length = position + LENGTH_OFFSET < limit ? buffer.getByte(position + LENGTH_OFFSET) & 0xff : 0;
            position = limit;
        }
        else
        {
            length = stride;
            position = kind == TcpOption.EOL ? limit : position + stride;
        }
        return true;
    }

    /** {@return the length of the option at a place, or {@link #MALFORMED}; the one home of the rule above} */
    static int strideAt(final byte[] array, final long address, final int room, final int kind)
    {
        if (kind <= TcpOption.NOP)
        {
            return 1;
        }
        if (room < TcpOption.HEAD_LENGTH)
        {
            return MALFORMED;
        }
        final int length = Words.getByte(array, address + LENGTH_OFFSET);
        return length >= TcpOption.HEAD_LENGTH && length <= room ? length : MALFORMED;
    }

    /**
     * {@return the option's kind, 0 to 255, see {@link TcpOption}}
     */
    public int kind()
    {
        return kind;
    }

    /**
     * {@return where the option begins in the buffer: its kind byte}
     */
    public int offset()
    {
        return offset;
    }

    /**
     * {@return length of the option, kind and length bytes included: 1 for kinds 0 and 1, else as its length byte says,
     * and 0 where that byte is missing}
     */
    public int length()
    {
        return length;
    }

    /**
     * {@return true when this, the last option, has a length that can't be: only its kind and length may be looked at}
     */
    public boolean isMalformed()
    {
        return malformed;
    }
}
