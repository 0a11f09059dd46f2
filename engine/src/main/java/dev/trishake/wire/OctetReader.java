// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * The cursor that reads variable-length structures, in network order; the shape of BoringSSL's {@code CBS}.
 *
 * <p>A read that asks for more than remains fails: it answers 0, nothing remains from then on, and the reader stays
 * {@link #failed()}. So a decoder reads all its fields and asks once, at the end; what it read before the failure must
 * not be used without asking. Loops over {@link #remaining()} end by themselves.
 */
public final class OctetReader
{
    private static final int MAX_VECTOR_8 = 0xff;
    private static final int MAX_VECTOR_16 = 0xffff;
    private static final int MAX_VECTOR_24 = 0xff_ffff;

    private DirectBuffer buffer;
    private int offset;
    private int limit;
    private boolean failed;

    /**
     * Begins to read a range, and forgets an earlier failure.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length of it, 0 or more
     * @return this
     */
    public OctetReader wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        assert length >= 0 && offset >= 0 && offset <= buffer.capacity() - length : "range is outside of the buffer";
        this.buffer = buffer;
        this.offset = offset;
        this.limit = offset + length;
        this.failed = false;
        return this;
    }

    /**
     * {@return 8 bits, 0 to 0xff}
     */
    public int u8()
    {
        final int at = take(1);
        return at < 0 ? 0 : buffer.getByte(at) & 0xff;
    }

    /**
     * {@return 16 bits, 0 to 0xffff}
     */
    public int u16()
    {
        final int at = take(2);
        return at < 0 ? 0 : buffer.getChar(at, BIG_ENDIAN);
    }

    /**
     * {@return 24 bits, 0 to 0xffffff}
     */
    public int u24()
    {
        final int at = take(3);
        return at < 0 ? 0 : (buffer.getByte(at) & 0xff) << 16 | buffer.getChar(at + 1, BIG_ENDIAN);
    }

    /**
     * {@return 32 bits, 0 to 0xffffffff}
     */
    public long u32()
    {
        final int at = take(4);
        return at < 0 ? 0 : buffer.getInt(at, BIG_ENDIAN) & 0xffff_ffffL;
    }

    /**
     * {@return 64 bits; those from 2^63 on are negative}
     */
    public long u64()
    {
        final int at = take(8);
        return at < 0 ? 0 : buffer.getLong(at, BIG_ENDIAN);
    }

    /**
     * Copies bytes; none when so many do not remain.
     *
     * @param destination where to
     * @param at          where they begin there
     * @param length      how many, 0 or more
     * @return this
     */
    public OctetReader bytes(final MutableDirectBuffer destination, final int at, final int length)
    {
        final int from = take(length);
        if (from >= 0)
        {
            destination.putBytes(at, buffer, from, length);
        }
        return this;
    }

    /**
     * Steps over bytes.
     *
     * @param length how many, 0 or more
     * @return where they begin in the buffer, so that they can be looked at in place; -1 when so many do not remain
     */
    public int skip(final int length)
    {
        return take(length);
    }

    /**
     * Reads a vector of 0 to 255 bytes behind an 8-bit length.
     *
     * @param content reads the vector afterwards; nothing, and failed, when there is no whole one
     * @return true when there was a whole one
     */
    public boolean vector8(final OctetReader content)
    {
        return vector(u8(), content, 0, MAX_VECTOR_8);
    }

    /**
     * Reads a vector behind an 8-bit length, with bounds as in TLS's {@code opaque id<min..max>}.
     *
     * @param content reads the vector afterwards; nothing, and failed, when there is no whole one within the bounds
     * @param min     least length
     * @param max     greatest length
     * @return true when there was a whole one within the bounds
     */
    public boolean vector8(final OctetReader content, final int min, final int max)
    {
        return vector(u8(), content, min, max);
    }

    /**
     * Reads a vector of 0 to 65535 bytes behind a 16-bit length.
     *
     * @param content reads the vector afterwards; nothing, and failed, when there is no whole one
     * @return true when there was a whole one
     */
    public boolean vector16(final OctetReader content)
    {
        return vector(u16(), content, 0, MAX_VECTOR_16);
    }

    /**
     * Reads a vector behind a 16-bit length, with bounds.
     *
     * @param content reads the vector afterwards; nothing, and failed, when there is no whole one within the bounds
     * @param min     least length
     * @param max     greatest length
     * @return true when there was a whole one within the bounds
     */
    public boolean vector16(final OctetReader content, final int min, final int max)
    {
        return vector(u16(), content, min, max);
    }

    /**
     * Reads a vector of 0 to 16777215 bytes behind a 24-bit length.
     *
     * @param content reads the vector afterwards; nothing, and failed, when there is no whole one
     * @return true when there was a whole one
     */
    public boolean vector24(final OctetReader content)
    {
        return vector(u24(), content, 0, MAX_VECTOR_24);
    }

    /**
     * Reads a vector behind a 24-bit length, with bounds.
     *
     * @param content reads the vector afterwards; nothing, and failed, when there is no whole one within the bounds
     * @param min     least length
     * @param max     greatest length
     * @return true when there was a whole one within the bounds
     */
    public boolean vector24(final OctetReader content, final int min, final int max)
    {
        return vector(u24(), content, min, max);
    }

    /**
     * Takes bytes out as a range of their own.
     *
     * @param content reads them afterwards; nothing, and failed, when so many do not remain
     * @param length  how many, 0 or more
     * @return true when so many remained
     */
    public boolean range(final OctetReader content, final int length)
    {
        assert content != this : "a reader can't be its own content";
        final int at = take(length);
        content.buffer = buffer;
        content.offset = Math.max(at, 0);
        content.limit = at < 0 ? content.offset : at + length;
        content.failed = at < 0;
        return at >= 0;
    }

    /**
     * {@return how many bytes remain, 0 after a failure}
     */
    public int remaining()
    {
        return limit - offset;
    }

    /**
     * {@return where the next byte is in the buffer; means nothing after a failure}
     */
    public int offset()
    {
        return offset;
    }

    /**
     * {@return the buffer that is read}
     */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * {@return true when a read has asked for more than remained, or {@link #fail} was called}
     */
    public boolean failed()
    {
        return failed;
    }

    /**
     * {@return true when all was read and nothing has failed: how a decoder ends whose structure has no more fields}
     */
    public boolean isComplete()
    {
        return !failed && offset == limit;
    }

    /**
     * Makes this reader fail, because what it read can't be.
     */
    public void fail()
    {
        failed = true;
        offset = limit;
    }

    private boolean vector(final int length, final OctetReader content, final int min, final int max)
    {
        if (length < min || length > max)
        {
            fail();
        }
        return range(content, length);
    }

    /** {@return where the bytes begin, or -1 after a failure, old or new} */
    private int take(final int length)
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
}
