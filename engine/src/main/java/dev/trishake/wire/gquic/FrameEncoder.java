// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Writes frames one behind the other into a packet's plaintext, gQUIC 3, each field as short as its value allows.
 *
 * <p>A frame that finds no room fails; nothing is written from then on, see {@link #failed()}.
 */
public final class FrameEncoder
{
    private static final int MAX_ID_LENGTH = 4;

    private final OctetWriter out = new OctetWriter();
    private int blockLength;

    /**
     * Begins with the first frame.
     *
     * @param buffer where to
     * @param offset where the plaintext begins
     * @param length room for it
     * @return this
     */
    public FrameEncoder wrap(final MutableDirectBuffer buffer, final int offset, final int length)
    {
        out.wrap(buffer, offset, length);
        return this;
    }

    /**
     * {@return octets of a STREAM frame before its data}
     *
     * @param streamId       of the stream
     * @param byteOffset     where the data begins in it, 0 or more
     * @param explicitLength whether the frame says how long it is
     */
    public static int streamOverhead(final int streamId, final long byteOffset, final boolean explicitLength)
    {
        return 1 + idLength(streamId) + offsetLength(byteOffset) + (explicitLength ? Short.BYTES : 0);
    }

    /**
     * Writes a STREAM frame.
     *
     * @param streamId       of the stream, not 0
     * @param byteOffset     where the data begins in it, 0 or more
     * @param fin            whether the stream ends behind the data
     * @param explicitLength whether the frame says how long it is; without, it must be the packet's last
     * @param source         where the data is
     * @param from           where it begins
     * @param length         of it, 0 to 65535; 0 only with a FIN
     * @return this
     */
    public FrameEncoder stream(
        final int streamId, final long byteOffset, final boolean fin, final boolean explicitLength,
        final DirectBuffer source, final int from, final int length)
    {
        final int at = streamInPlace(streamId, byteOffset, fin, explicitLength, length);
        if (at >= 0)
        {
            out.buffer().putBytes(at, source, from, length);
        }
        return this;
    }

    /**
     * Writes a STREAM frame whose data the caller writes in place.
     *
     * @param streamId       of the stream, not 0
     * @param byteOffset     where the data begins in it, 0 or more
     * @param fin            whether the stream ends behind the data
     * @param explicitLength whether the frame says how long it is; without, it must be the packet's last
     * @param length         of the data, 0 to 65535; 0 only with a FIN
     * @return where the data goes in the buffer; -1 when there is no room
     */
    public int streamInPlace(
        final int streamId, final long byteOffset, final boolean fin, final boolean explicitLength, final int length)
    {
        assert streamId != 0 && byteOffset >= 0 && (length > 0 || fin) : "no such frame";
        final int idLength = idLength(streamId);
        final int offsetLength = offsetLength(byteOffset);
        final int offsetCode = offsetLength == 0 ? 0 : offsetLength - 1;
        out.u8(FrameType.STREAM | (fin ? StreamFrameDecoder.FIN_BIT : 0) |
            (explicitLength ? StreamFrameDecoder.LENGTH_BIT : 0) |
            (offsetCode << StreamFrameDecoder.OFFSET_SHIFT) | (idLength - 1));
        number(streamId & 0xffff_ffffL, idLength);
        number(byteOffset, offsetLength);
        if (explicitLength)
        {
            out.u16(length);
        }
        return out.skip(length);
    }

    /**
     * Begins an ACK frame; blocks and {@link #endAck} follow.
     *
     * @param largest     packet number that was received
     * @param delayUs     microseconds since it was received
     * @param firstBlock  how many numbers were received in a row down from the largest, it included
     * @param blockCount  how many blocks will follow, 0 to 255: one for each {@link #ackBlock}
     * @param longestBlock length of the longest of all blocks, the first included
     * @return this
     */
    public FrameEncoder beginAck(
        final long largest, final long delayUs, final long firstBlock, final int blockCount, final long longestBlock)
    {
        assert firstBlock >= 1 && firstBlock <= largest && longestBlock >= firstBlock : "no such block";
        final int largestLength = ackWidth(largest);
        blockLength = ackWidth(longestBlock);
        out.u8(FrameType.ACK | (blockCount > 0 ? AckFrameDecoder.BLOCKS_BIT : 0) |
            ((largestLength / 2) << AckFrameDecoder.LARGEST_SHIFT) | (blockLength / 2));
        number(largest, largestLength);
        out.u16(UFloat16.encode(delayUs));
        if (blockCount > 0)
        {
            out.u8(blockCount);
        }
        number(firstBlock, blockLength);
        return this;
    }

    /**
     * Writes a block of an ACK frame.
     *
     * @param gap    how many numbers are missing above it, 1 to 255; more need blocks of length 0 in between
     * @param length how many numbers were received, 0 or more
     * @return this
     */
    public FrameEncoder ackBlock(final int gap, final long length)
    {
        out.u8(gap);
        number(length, blockLength);
        return this;
    }

    /**
     * Ends an ACK frame: no timestamps.
     *
     * @return this
     */
    public FrameEncoder endAck()
    {
        out.u8(0);
        return this;
    }

    /**
     * Writes a STOP_WAITING frame, Q039 and Q043 only.
     *
     * @param unackedDelta the packet's number less the least one that is still waited for
     * @param numberLength octets of the packet number in the packet's header
     * @return this
     */
    public FrameEncoder stopWaiting(final long unackedDelta, final int numberLength)
    {
        out.u8(FrameType.STOP_WAITING);
        number(unackedDelta, numberLength);
        return this;
    }

    /**
     * Writes a PING frame.
     *
     * @return this
     */
    public FrameEncoder ping()
    {
        out.u8(FrameType.PING);
        return this;
    }

    /**
     * Writes PADDING frames.
     *
     * @param count how many, an octet each
     * @return this
     */
    public FrameEncoder padding(final int count)
    {
        final int at = out.skip(count);
        if (at >= 0)
        {
            out.buffer().setMemory(at, count, (byte)FrameType.PADDING);
        }
        return this;
    }

    /**
     * Writes a RST_STREAM frame.
     *
     * @param streamId   of the stream
     * @param byteOffset where it ends, 0 or more
     * @param errorCode  why
     * @return this
     */
    public FrameEncoder rstStream(final int streamId, final long byteOffset, final int errorCode)
    {
        out.u8(FrameType.RST_STREAM).u32(streamId & 0xffff_ffffL).u64(byteOffset).u32(errorCode & 0xffff_ffffL);
        return this;
    }

    /**
     * Writes a CONNECTION_CLOSE frame.
     *
     * @param errorCode see {@link GquicError}
     * @param reason    text for a person; may be null when its length is 0
     * @param from      where it begins
     * @param length    of it, 0 to 65535
     * @return this
     */
    public FrameEncoder connectionClose(
        final int errorCode, final DirectBuffer reason, final int from, final int length)
    {
        out.u8(FrameType.CONNECTION_CLOSE).u32(errorCode & 0xffff_ffffL).u16(length);
        if (length > 0)
        {
            out.bytes(reason, from, length);
        }
        return this;
    }

    /**
     * Writes a GOAWAY frame without a reason.
     *
     * @param errorCode      see {@link GquicError}
     * @param lastGoodStream the last stream that was dealt with
     * @return this
     */
    public FrameEncoder goAway(final int errorCode, final int lastGoodStream)
    {
        out.u8(FrameType.GOAWAY).u32(errorCode & 0xffff_ffffL).u32(lastGoodStream & 0xffff_ffffL).u16(0);
        return this;
    }

    /**
     * Writes a WINDOW_UPDATE frame.
     *
     * @param streamId   of the stream, 0 for the connection
     * @param byteOffset up to where may be sent
     * @return this
     */
    public FrameEncoder windowUpdate(final int streamId, final long byteOffset)
    {
        out.u8(FrameType.WINDOW_UPDATE).u32(streamId & 0xffff_ffffL).u64(byteOffset);
        return this;
    }

    /**
     * Writes a BLOCKED frame.
     *
     * @param streamId of the stream, 0 for the connection
     * @return this
     */
    public FrameEncoder blocked(final int streamId)
    {
        out.u8(FrameType.BLOCKED).u32(streamId & 0xffff_ffffL);
        return this;
    }

    /**
     * {@return octets of the frames so far}
     */
    public int length()
    {
        return out.length();
    }

    /**
     * {@return room that remains}
     */
    public int remaining()
    {
        return out.remaining();
    }

    /**
     * {@return whether a frame found no room}
     */
    public boolean failed()
    {
        return out.failed();
    }

    private void number(final long value, final int length)
    {
        final int at = out.skip(length);
        if (at >= 0)
        {
            BigEndian.put(out.buffer(), at, value, length);
        }
    }

    private static int idLength(final int streamId)
    {
        return Math.min(BigEndian.lengthOf(streamId & 0xffff_ffffL), MAX_ID_LENGTH);
    }

    private static int offsetLength(final long byteOffset)
    {
        return byteOffset == 0 ? 0 : Math.max(2, BigEndian.lengthOf(byteOffset));
    }

    /** Packet numbers and block lengths of ACK frames have 1, 2, 4 or 6 octets. */
    private static int ackWidth(final long value)
    {
        final int length = BigEndian.lengthOf(value);
        return length == 1 ? 1 : length + (length & 1);
    }
}
