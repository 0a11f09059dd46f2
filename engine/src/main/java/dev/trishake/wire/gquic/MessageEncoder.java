// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Writes a handshake message; see {@link MessageDecoder} for what it looks like. How many entries there will be is said
 * at the beginning, because values come behind the index; tags are then given in ascending order.
 *
 * <pre>
 * message.begin(buffer, offset, room, Tag.SHLO, 3)
 *     .u32(Tag.ICSL, 30).value(Tag.PUBS, key, 0, 32).value(Tag.SNO, nonce, 0, 52);
 * final int length = message.finish();
 * </pre>
 *
 * <p>A value that finds no room fails; {@link #finish()} then answers {@link #FAILED}.
 */
public final class MessageEncoder
{
    /** What {@link #finish()} answers when there was not room enough. */
    public static final int FAILED = -1;

    private final OctetWriter out = new OctetWriter();
    private int offset;
    private int count;
    private int written;
    private int lastTag;

    /**
     * Begins a message.
     *
     * @param buffer where to
     * @param offset where it begins
     * @param room   how long it may become
     * @param tag    of the message
     * @param count  how many entries it will have, 0 to {@link MessageDecoder#MAX_COUNT}
     * @return this
     */
    public MessageEncoder begin(
        final MutableDirectBuffer buffer, final int offset, final int room, final int tag, final int count)
    {
        assert count >= 0 && count <= MessageDecoder.MAX_COUNT : "no such count: " + count;
        this.offset = offset;
        this.count = count;
        written = 0;
        lastTag = 0;
        out.wrap(buffer, offset, room);
        if (out.skip(valuesOffset()) >= 0)
        {
            buffer.putInt(offset, tag, LITTLE_ENDIAN);
            buffer.putInt(offset + MessageDecoder.COUNT_OFFSET, count, LITTLE_ENDIAN);
        }
        return this;
    }

    /**
     * Writes an entry.
     *
     * @param tag    of it
     * @param source where the value is; may be null when its length is 0
     * @param from   where it begins
     * @param length of it, 0 or more
     * @return this
     */
    public MessageEncoder value(final int tag, final DirectBuffer source, final int from, final int length)
    {
        final int at = value(tag, length);
        if (at >= 0 && length > 0)
        {
            out.buffer().putBytes(at, source, from, length);
        }
        return this;
    }

    /**
     * Writes an entry whose value the caller writes in place.
     *
     * @param tag    of it
     * @param length of the value, 0 or more
     * @return where the value goes in the buffer; -1 when there is no room
     */
    public int value(final int tag, final int length)
    {
        assert written < count : "more entries than were said: " + count;
        assert written == 0 || Integer.compareUnsigned(tag, lastTag) > 0 : "tags must ascend: " + Tag.nameOf(tag);
        final int at = out.skip(length);
        if (at >= 0)
        {
            final int entry = offset + MessageDecoder.HEADER_LENGTH + MessageDecoder.ENTRY_LENGTH * written;
            out.buffer().putInt(entry, tag, LITTLE_ENDIAN);
            out.buffer().putInt(entry + Tag.LENGTH, out.length() - valuesOffset(), LITTLE_ENDIAN);
        }
        lastTag = tag;
        written++;
        return at;
    }

    /**
     * Writes an entry of four octets.
     *
     * @param tag   of it
     * @param value any number or tag
     * @return this
     */
    public MessageEncoder u32(final int tag, final int value)
    {
        final int at = value(tag, Integer.BYTES);
        if (at >= 0)
        {
            out.buffer().putInt(at, value, LITTLE_ENDIAN);
        }
        return this;
    }

    /**
     * Writes an entry of eight octets.
     *
     * @param tag   of it
     * @param value any number
     * @return this
     */
    public MessageEncoder u64(final int tag, final long value)
    {
        final int at = value(tag, Long.BYTES);
        if (at >= 0)
        {
            out.buffer().putLong(at, value, LITTLE_ENDIAN);
        }
        return this;
    }

    /**
     * Writes the PAD entry, which sorts before all others that a CHLO has and so comes first.
     *
     * @param length how many octets of it
     * @param filler each of them
     * @return this
     */
    public MessageEncoder pad(final int length, final byte filler)
    {
        final int at = value(Tag.PAD, length);
        if (at >= 0)
        {
            out.buffer().setMemory(at, length, filler);
        }
        return this;
    }

    /**
     * Ends the message.
     *
     * @return its length, or {@link #FAILED}
     */
    public int finish()
    {
        assert written == count : "fewer entries than were said: " + written + " of " + count;
        return out.failed() ? FAILED : out.length();
    }

    private int valuesOffset()
    {
        return MessageDecoder.HEADER_LENGTH + MessageDecoder.ENTRY_LENGTH * count;
    }
}
