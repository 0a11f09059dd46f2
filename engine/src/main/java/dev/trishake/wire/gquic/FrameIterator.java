// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * Walks the frames of a packet's plaintext, gQUIC 3. Each is checked whole before its type is answered.
 *
 * <pre>
 * frames.wrap(buffer, offset, length, header.numberLength());
 * int type = frames.next();
 * while (type &gt; FrameIterator.END)                    // PADDING is stepped over
 * {
 *     switch (type) { case FrameType.STREAM: ... frames.stream() ... }
 *     type = frames.next();
 * }
 * if (type == FrameIterator.MALFORMED) { ... frames.error() ... }
 * </pre>
 */
public final class FrameIterator
{
    /** There are no more frames. */
    public static final int END = 0;

    /** The next frame is none: see {@link #error()}. The iterator stays here. */
    public static final int MALFORMED = -1;

    private final OctetReader in = new OctetReader();
    private final StreamFrameDecoder stream = new StreamFrameDecoder();
    private final AckFrameDecoder ack = new AckFrameDecoder();
    private int numberLength;
    private int error;

    private int streamId;
    private long byteOffset;
    private int errorCode;
    private int reasonOffset;
    private int reasonLength;
    private long unackedDelta;

    /**
     * Begins with the first frame.
     *
     * @param buffer       where the plaintext is
     * @param offset       where it begins
     * @param length       of it, 0 or more
     * @param numberLength octets of the packet number in the packet's header: as wide is STOP_WAITING's delta
     */
    public void wrap(final DirectBuffer buffer, final int offset, final int length, final int numberLength)
    {
        in.wrap(buffer, offset, length);
        this.numberLength = numberLength;
        error = 0;
    }

    /**
     * Reads the next frame that is not PADDING.
     *
     * @return its type, see {@link FrameType}; {@link #END} or {@link #MALFORMED}
     */
    public int next()
    {
        if (error != 0)
        {
            return MALFORMED;
        }
        int octet = FrameType.PADDING;
        while (octet == FrameType.PADDING && in.remaining() > 0)
        {
            octet = in.u8();
        }
        if (octet == FrameType.PADDING)
        {
            return END;
        }
        final int type = FrameType.of(octet);
        error = switch (type)
        {
            case FrameType.STREAM -> stream.read(octet, in);
            case FrameType.ACK -> ack.read(octet, in);
            case FrameType.RST_STREAM -> readRstStream();
            case FrameType.CONNECTION_CLOSE -> readReason(false, GquicError.INVALID_CONNECTION_CLOSE_DATA);
            case FrameType.GOAWAY -> readReason(true, GquicError.INVALID_GOAWAY_DATA);
            case FrameType.WINDOW_UPDATE -> readWindowUpdate();
            case FrameType.BLOCKED -> readBlocked();
            case FrameType.STOP_WAITING -> readStopWaiting();
            case FrameType.PING -> 0;
            default -> GquicError.INVALID_FRAME_DATA;
        };
        return error == 0 ? type : MALFORMED;
    }

    private int readRstStream()
    {
        streamId = (int)in.u32();
        byteOffset = in.u64();
        errorCode = (int)in.u32();
        return in.failed() || byteOffset < 0 ? GquicError.INVALID_RST_STREAM_DATA : 0;
    }

    private int readReason(final boolean goAway, final int malformed)
    {
        errorCode = (int)in.u32();
        streamId = goAway ? (int)in.u32() : 0;
        reasonLength = in.u16();
        reasonOffset = in.skip(reasonLength);
        return in.failed() ? malformed : 0;
    }

    private int readWindowUpdate()
    {
        streamId = (int)in.u32();
        byteOffset = in.u64();
        return in.failed() || byteOffset < 0 ? GquicError.INVALID_WINDOW_UPDATE_DATA : 0;
    }

    private int readBlocked()
    {
        streamId = (int)in.u32();
        return in.failed() ? GquicError.INVALID_BLOCKED_DATA : 0;
    }

    private int readStopWaiting()
    {
        final int at = in.skip(numberLength);
        unackedDelta = at < 0 ? 0 : BigEndian.get(in.buffer(), at, numberLength);
        return in.failed() ? GquicError.INVALID_STOP_WAITING_DATA : 0;
    }

    /**
     * {@return the {@link GquicError} of a malformed frame, else 0}
     */
    public int error()
    {
        return error;
    }

    /**
     * {@return the STREAM frame, after {@link #next} has answered its type}
     */
    public StreamFrameDecoder stream()
    {
        return stream;
    }

    /**
     * {@return the ACK frame, after {@link #next} has answered its type}
     */
    public AckFrameDecoder ack()
    {
        return ack;
    }

    /**
     * {@return the stream of RST_STREAM, WINDOW_UPDATE (0: the connection), BLOCKED, and the last good one of GOAWAY}
     */
    public int streamId()
    {
        return streamId;
    }

    /**
     * {@return the offset of RST_STREAM and WINDOW_UPDATE, 0 or more}
     */
    public long byteOffset()
    {
        return byteOffset;
    }

    /**
     * {@return the code of RST_STREAM, CONNECTION_CLOSE and GOAWAY}
     */
    public int errorCode()
    {
        return errorCode;
    }

    /**
     * {@return where the reason of CONNECTION_CLOSE or GOAWAY begins in the buffer; it may hold anything}
     */
    public int reasonOffset()
    {
        return reasonOffset;
    }

    /**
     * {@return how many octets the reason has}
     */
    public int reasonLength()
    {
        return reasonLength;
    }

    /**
     * {@return STOP_WAITING's delta: the least number that the sender still waits for is the packet's less this}
     */
    public long unackedDelta()
    {
        return unackedDelta;
    }
}
