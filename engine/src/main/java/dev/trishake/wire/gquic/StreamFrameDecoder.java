// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * Reads a STREAM frame, gQUIC 3.
 *
 * <pre>
 *  type        | stream ID 1..4 | offset 0, 2..8 | [length 2] | data
 *  1fdoooss      ss + 1           ooo = 0: none    d
 *  f: FIN                         else ooo + 1     not d: to the end of the packet
 * </pre>
 */
public final class StreamFrameDecoder
{
    static final int FIN_BIT = 0x40;
    static final int LENGTH_BIT = 0x20;
    static final int OFFSET_SHIFT = 2;
    static final int OFFSET_MASK = 0x07;
    static final int ID_MASK = 0x03;

    private boolean fin;
    private int streamId;
    private long byteOffset;
    private DirectBuffer buffer;
    private int dataOffset;
    private int dataLength;

    /**
     * Reads the frame behind its type octet.
     *
     * @param type octet
     * @param in   stands behind it, and behind the frame afterwards
     * @return 0, or the {@link GquicError} that the frame deserves
     */
    int read(final int type, final OctetReader in)
    {
        fin = (type & FIN_BIT) != 0;
        streamId = (int)take(in, (type & ID_MASK) + 1);
        final int offsetCode = (type >> OFFSET_SHIFT) & OFFSET_MASK;
        byteOffset = take(in, offsetCode == 0 ? 0 : offsetCode + 1);
        dataLength = (type & LENGTH_BIT) != 0 ? in.u16() : in.remaining();
        buffer = in.buffer();
        dataOffset = in.skip(dataLength);
        if (in.failed() || byteOffset < 0 || byteOffset > Long.MAX_VALUE - dataLength)
        {
            return GquicError.INVALID_STREAM_DATA;
        }
        if (streamId == 0)
        {
            return GquicError.INVALID_STREAM_ID;
        }
        return dataLength == 0 && !fin ? GquicError.EMPTY_STREAM_FRAME_NO_FIN : 0;
    }

    private static long take(final OctetReader in, final int length)
    {
        final int at = in.skip(length);
        return at < 0 ? 0 : BigEndian.get(in.buffer(), at, length);
    }

    /**
     * {@return the stream; from 2^31 on negative}
     */
    public int streamId()
    {
        return streamId;
    }

    /**
     * {@return where in the stream the data begins, 0 or more; its end is below 2^63}
     */
    public long byteOffset()
    {
        return byteOffset;
    }

    /**
     * {@return whether the stream ends behind the data}
     */
    public boolean fin()
    {
        return fin;
    }

    /**
     * {@return the buffer that holds the data}
     */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * {@return where the data begins in it}
     */
    public int dataOffset()
    {
        return dataOffset;
    }

    /**
     * {@return how many octets of data there are, 0 only with a FIN}
     */
    public int dataLength()
    {
        return dataLength;
    }
}
