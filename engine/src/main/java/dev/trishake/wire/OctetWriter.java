// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * The cursor that writes variable-length structures, in network order; the shape of BoringSSL's {@code CBB}.
 *
 * <p>A write that finds no room fails, and so does a vector that is longer than its prefix can say: nothing is written
 * from then on and the writer stays {@link #failed()}. So an encoder writes all its fields and asks once, at the end.
 *
 * <pre>
 * final int extensions = out.beginVector16();
 * out.u16(type);
 * final int name = out.beginVector16();
 * out.bytes(names, nameOffset, nameLength);
 * out.endVector(name);
 * out.endVector(extensions);
 * </pre>
 */
public final class OctetWriter
{
    /** Longest range that can be written: a mark holds a position and the width of a prefix. */
    public static final int MAX_LENGTH = (1 << 29) - 1;

    private static final int FAILED_MARK = -1;
    private static final int WIDTH_BITS = 2;
    private static final int WIDTH_MASK = (1 << WIDTH_BITS) - 1;

    private MutableDirectBuffer buffer;
    private int start;
    private int offset;
    private int limit;
    private boolean failed;

    /**
     * Begins to write a range, and forgets an earlier failure.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length room, 0 to {@link #MAX_LENGTH}
     * @return this
     */
    public OctetWriter wrap(final MutableDirectBuffer buffer, final int offset, final int length)
    {
        assert length >= 0 && length <= MAX_LENGTH : "no such length: " + length;
        assert offset >= 0 && offset <= buffer.capacity() - length : "range is outside of the buffer";
        this.buffer = buffer;
        this.start = offset;
        this.offset = offset;
        this.limit = offset + length;
        this.failed = false;
        return this;
    }

    /**
     * {@return this, with 8 bits written}
     *
     * @param value 0 to 0xff
     */
    public OctetWriter u8(final int value)
    {
        assert value >>> 8 == 0 : "value out of range: " + value;
        final int at = skip(1);
        if (at >= 0)
        {
            buffer.putByte(at, (byte)value);
        }
        return this;
    }

    /**
     * {@return this, with 16 bits written}
     *
     * @param value 0 to 0xffff
     */
    public OctetWriter u16(final int value)
    {
        assert value >>> 16 == 0 : "value out of range: " + value;
        final int at = skip(2);
        if (at >= 0)
        {
            buffer.putShort(at, (short)value, BIG_ENDIAN);
        }
        return this;
    }

    /**
     * {@return this, with 24 bits written}
     *
     * @param value 0 to 0xffffff
     */
    public OctetWriter u24(final int value)
    {
        assert value >>> 24 == 0 : "value out of range: " + value;
        final int at = skip(3);
        if (at >= 0)
        {
            buffer.putByte(at, (byte)(value >>> 16));
            buffer.putShort(at + 1, (short)value, BIG_ENDIAN);
        }
        return this;
    }

    /**
     * {@return this, with 32 bits written}
     *
     * @param value 0 to 0xffffffff
     */
    public OctetWriter u32(final long value)
    {
        assert value >>> 32 == 0 : "value out of range: " + value;
        final int at = skip(4);
        if (at >= 0)
        {
            buffer.putInt(at, (int)value, BIG_ENDIAN);
        }
        return this;
    }

    /**
     * {@return this, with 64 bits written}
     *
     * @param value any
     */
    public OctetWriter u64(final long value)
    {
        final int at = skip(8);
        if (at >= 0)
        {
            buffer.putLong(at, value, BIG_ENDIAN);
        }
        return this;
    }

    /**
     * {@return this, with bytes written; none when there is no room for all}
     *
     * @param source where they are
     * @param from   where they begin there
     * @param length how many, 0 or more
     */
    public OctetWriter bytes(final DirectBuffer source, final int from, final int length)
    {
        final int at = skip(length);
        if (at >= 0)
        {
            buffer.putBytes(at, source, from, length);
        }
        return this;
    }

    /**
     * Steps over bytes that the caller writes in place.
     *
     * @param length how many, 0 or more
     * @return where they begin in the buffer; -1 when there is no room for them
     */
    public int skip(final int length)
    {
        if (failed || length < 0 || length > limit - offset)
        {
            fail();
            return -1;
        }
        final int at = offset;
        offset += length;
        return at;
    }

    /**
     * Begins a vector behind an 8-bit length.
     *
     * @return mark for {@link #endVector}, which writes the length; vectors nest
     */
    public int beginVector8()
    {
        return beginVector(1);
    }

    /**
     * Begins a vector behind a 16-bit length.
     *
     * @return mark for {@link #endVector}
     */
    public int beginVector16()
    {
        return beginVector(2);
    }

    /**
     * Begins a vector behind a 24-bit length.
     *
     * @return mark for {@link #endVector}
     */
    public int beginVector24()
    {
        return beginVector(3);
    }

    /**
     * Ends a vector: writes its length before it. Fails when its prefix can't say that length.
     *
     * @param mark of the innermost vector that has not ended
     * @return this
     */
    public OctetWriter endVector(final int mark)
    {
        if (failed)
        {
            return this;
        }
        final int width = mark & WIDTH_MASK;
        final int content = contentOffset(mark);
        final int at = content - width;
        final int length = offset - content;
        assert width != 0 && length >= 0 : "no such mark: " + mark;
        if (length >>> (width * Byte.SIZE) != 0)
        {
            fail();
            return this;
        }
        switch (width)
        {
            case 1 -> buffer.putByte(at, (byte)length);
            case 2 -> buffer.putShort(at, (short)length, BIG_ENDIAN);
            default ->
            {
                buffer.putByte(at, (byte)(length >>> 16));
                buffer.putShort(at + 1, (short)length, BIG_ENDIAN);
            }
        }
        return this;
    }

    /**
     * {@return how many bytes were written, those of the failed write not}
     */
    public int length()
    {
        return offset - start;
    }

    /**
     * {@return room that remains}
     */
    public int remaining()
    {
        return limit - offset;
    }

    /**
     * {@return where the next byte goes in the buffer}
     */
    public int offset()
    {
        return offset;
    }

    /**
     * {@return the buffer that is written}
     */
    public MutableDirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * {@return true when something found no room, a vector was too long for its prefix, or {@link #fail} was called}
     */
    public boolean failed()
    {
        return failed;
    }

    /**
     * Makes this writer fail, because what should be written can't be.
     */
    public void fail()
    {
        failed = true;
    }

    /** {@return where the content begins of a vector that has not ended} */
    int contentOffset(final int mark)
    {
        return start + (mark >> WIDTH_BITS) + (mark & WIDTH_MASK);
    }

    private int beginVector(final int width)
    {
        final int at = skip(width);
        return at < 0 ? FAILED_MARK : (at - start) << WIDTH_BITS | width;
    }
}
