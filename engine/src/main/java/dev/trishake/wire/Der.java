// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The distinguished encoding rules (ITU-T X.690 clause 10) over the cursors, as far as signatures, ciphertexts and keys
 * need them.
 *
 * <pre>
 * +-----+--------------------------+----------+
 * | tag | length                   | content  |     length: 00..7f
 * +-----+--------------------------+----------+             81 80..ff
 *                                                           82 0100..ffff
 *                                                           83 010000..ffffff
 * </pre>
 *
 * <p>Strict: one-byte tags, lengths of at most {@link #MAX_LENGTH} in their shortest form, integers in their shortest
 * form and not negative. What is not so fails the reader it was read from; see {@link OctetReader}. Every element is
 * looked at in place, nothing recurs.
 */
public final class Der
{
    /** Tag of INTEGER. */
    public static final int INTEGER = 0x02;

    /** Tag of BIT STRING. */
    public static final int BIT_STRING = 0x03;

    /** Tag of OCTET STRING. */
    public static final int OCTET_STRING = 0x04;

    /** Tag of OBJECT IDENTIFIER. */
    public static final int OBJECT_IDENTIFIER = 0x06;

    /** Tag of SEQUENCE. */
    public static final int SEQUENCE = 0x30;

    /** Longest content that is read or written. */
    public static final int MAX_LENGTH = 0xff_ffff;

    private static final int TAG_NUMBER_MASK = 0x1f;
    private static final int LONG_FORM = 0x80;
    private static final int MAX_LENGTH_OCTETS = 3;

    private Der()
    {
    }

    /**
     * {@return the tag of the next element without reading it; -1 when nothing remains}
     *
     * @param in the reader
     */
    public static int peekTag(final OctetReader in)
    {
        return in.remaining() == 0 ? -1 : in.buffer().getByte(in.offset()) & 0xff;
    }

    /**
     * Reads an element.
     *
     * @param in      the reader
     * @param tag     which it must have
     * @param content reads its content afterwards; nothing, and failed, when there is no such element
     * @return true when there was one
     */
    public static boolean read(final OctetReader in, final int tag, final OctetReader content)
    {
        if (in.u8() != tag)
        {
            in.fail();
        }
        return in.range(content, readLength(in));
    }

    /**
     * Reads a SEQUENCE.
     *
     * @param in       the reader
     * @param children reads its elements afterwards
     * @return true when there was one
     */
    public static boolean readSequence(final OctetReader in, final OctetReader children)
    {
        return read(in, SEQUENCE, children);
    }

    /**
     * Reads an OCTET STRING.
     *
     * @param in      the reader
     * @param content reads its octets afterwards
     * @return true when there was one
     */
    public static boolean readOctetString(final OctetReader in, final OctetReader content)
    {
        return read(in, OCTET_STRING, content);
    }

    /**
     * Reads a BIT STRING of whole octets.
     *
     * @param in      the reader
     * @param content reads its octets afterwards
     * @return true when there was one, without unused bits
     */
    public static boolean readBitString(final OctetReader in, final OctetReader content)
    {
        if (read(in, BIT_STRING, content))
        {
            // X.690 8.6.2: the first octet counts the unused bits of the last one
            final int unusedBits = content.u8();
            if (unusedBits != 0 || content.failed())
            {
                content.fail();
                in.fail();
            }
        }
        return !in.failed();
    }

    /**
     * Reads an INTEGER that is 0 or more into a field of fixed width, big-endian.
     *
     * @param in     the reader
     * @param field  where to; unchanged on failure
     * @param offset where it begins
     * @param width  of the field, 1 or more
     * @return true when there was one that fits, in its shortest form (X.690 8.3.2)
     */
    public static boolean readUnsigned(
        final OctetReader in, final MutableDirectBuffer field, final int offset, final int width)
    {
        return readInteger(in, field, offset, width, false);
    }

    /**
     * Reads an INTEGER like {@link #readUnsigned}, or one as long as the field whose first bit is set: X.690 8.3.3
     * makes it negative, and some write a number's octets without asking.
     *
     * @param in     the reader
     * @param field  where to; unchanged on failure
     * @param offset where it begins
     * @param width  of the field, 1 or more
     * @return true when there was one
     */
    public static boolean readMagnitude(
        final OctetReader in, final MutableDirectBuffer field, final int offset, final int width)
    {
        return readInteger(in, field, offset, width, true);
    }

    private static boolean readInteger(
        final OctetReader in, final MutableDirectBuffer field, final int offset, final int width,
        final boolean maySignBeMissing)
    {
        if (in.u8() != INTEGER)
        {
            in.fail();
        }
        int length = readLength(in);
        int at = in.skip(length);
        if (at < 0)
        {
            return false;
        }
        final DirectBuffer buffer = in.buffer();
        if (length == 0 || (buffer.getByte(at) < 0 && !(maySignBeMissing && length == width)))
        {
            in.fail();
            return false;
        }
        if (buffer.getByte(at) == 0 && length > 1)
        {
            at++;
            length--;
            if (buffer.getByte(at) >= 0)
            {
                in.fail();
                return false;
            }
        }
        if (length > width)
        {
            in.fail();
            return false;
        }
        field.setMemory(offset, width - length, (byte)0);
        field.putBytes(offset + width - length, buffer, at, length);
        return true;
    }

    /**
     * Reads an OBJECT IDENTIFIER that must be a certain one.
     *
     * @param in         the reader
     * @param identifier where the encoded identifier is, without tag and length
     * @param offset     where it begins
     * @param length     of it
     * @return true when there was this one; another one fails the reader
     */
    public static boolean readObjectIdentifier(
        final OctetReader in, final DirectBuffer identifier, final int offset, final int length)
    {
        if (in.u8() != OBJECT_IDENTIFIER || readLength(in) != length)
        {
            in.fail();
        }
        final int at = in.skip(length);
        if (at < 0)
        {
            return false;
        }
        final DirectBuffer buffer = in.buffer();
        for (int i = 0; i < length; i++)
        {
            if (buffer.getByte(at + i) != identifier.getByte(offset + i))
            {
                in.fail();
                return false;
            }
        }
        return true;
    }

    /**
     * Steps over an element of any tag.
     *
     * @param in the reader
     * @return true when there was a whole one
     */
    public static boolean skip(final OctetReader in)
    {
        if ((in.u8() & TAG_NUMBER_MASK) == TAG_NUMBER_MASK)
        {
            in.fail(); // X.690 8.1.2.4: a tag of several octets
        }
        return in.skip(readLength(in)) >= 0;
    }

    /**
     * Begins an element.
     *
     * @param out the writer
     * @param tag one byte
     * @return mark for {@link #end}; elements nest
     */
    public static int begin(final OctetWriter out, final int tag)
    {
        out.u8(tag);
        return out.beginVector8();
    }

    /**
     * Ends an element: writes its length before it, and moves the content when that takes more than one byte.
     *
     * @param out  the writer
     * @param mark of the innermost element that has not ended
     */
    public static void end(final OctetWriter out, final int mark)
    {
        if (out.failed())
        {
            return;
        }
        final int at = out.contentOffset(mark);
        final int length = out.offset() - at;
        if (length < LONG_FORM)
        {
            out.endVector(mark);
            return;
        }
        if (length > MAX_LENGTH)
        {
            out.fail();
            return;
        }
        final int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + Byte.SIZE - 1) / Byte.SIZE;
        if (out.skip(octets) < 0)
        {
            return;
        }
        final MutableDirectBuffer buffer = out.buffer();
        buffer.putBytes(at + octets, buffer, at, length);
        buffer.putByte(at - 1, (byte)(LONG_FORM | octets));
        for (int i = 0; i < octets; i++)
        {
            buffer.putByte(at + i, (byte)(length >>> ((octets - 1 - i) * Byte.SIZE)));
        }
    }

    /**
     * Writes an INTEGER of 0 or more from a field of fixed width, big-endian, in its shortest form.
     *
     * @param out    the writer
     * @param field  where it is; its value may be had from the time this takes
     * @param offset where it begins
     * @param width  of the field, 1 or more
     */
    public static void writeUnsigned(
        final OctetWriter out, final DirectBuffer field, final int offset, final int width)
    {
        int zeros = 0;
        while (zeros < width - 1 && field.getByte(offset + zeros) == 0)
        {
            zeros++;
        }
        final int mark = begin(out, INTEGER);
        if (field.getByte(offset + zeros) < 0)
        {
            out.u8(0); // X.690 8.3.3: two's complement, a set first bit would make it negative
        }
        out.bytes(field, offset + zeros, width - zeros);
        end(out, mark);
    }

    /**
     * Writes an element whose content is at hand.
     *
     * @param out    the writer
     * @param tag    one byte, like {@link #OCTET_STRING}
     * @param source where the content is
     * @param offset where it begins
     * @param length of it
     */
    public static void write(
        final OctetWriter out, final int tag, final DirectBuffer source, final int offset, final int length)
    {
        final int mark = begin(out, tag);
        out.bytes(source, offset, length);
        end(out, mark);
    }

    /** {@return the length, fails the reader and returns 0 when it is not in its shortest form or too long} */
    private static int readLength(final OctetReader in)
    {
        final int first = in.u8();
        if (first < LONG_FORM)
        {
            return first;
        }
        final int octets = first & ~LONG_FORM;
        if (octets == 0 || octets > MAX_LENGTH_OCTETS)
        {
            in.fail(); // X.690 10.1: the indefinite form is not distinguished
            return 0;
        }
        int length = 0;
        for (int i = 0; i < octets; i++)
        {
            length = length << 8 | in.u8();
        }
        if (length < LONG_FORM || length >>> ((octets - 1) * Byte.SIZE) == 0)
        {
            in.fail();
        }
        return length;
    }
}
