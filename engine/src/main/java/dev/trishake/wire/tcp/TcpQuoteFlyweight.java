// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * The first 8 bytes of a TCP header, all that an ICMP error surely quotes of the segment that caused it (RFC 792); laid
 * out as {@link TcpHeaderFlyweight} shows. RFC 5927 4.1: check that the sequence number is in flight.
 */
public final class TcpQuoteFlyweight
{
    /** Length of what is read. */
    public static final int LENGTH = 8;

    private DirectBuffer buffer;
    private int offset;

    /**
     * Looks at a quoted segment.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length what is left of it
     * @return true when there are at least {@link #LENGTH} bytes; the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < LENGTH)
        {
            return false;
        }
        this.buffer = buffer;
        this.offset = offset;
        return true;
    }

    /**
     * {@return source port: ours, 0 to 65535}
     */
    public int srcPort()
    {
        return buffer.getChar(offset + TcpHeaderFlyweight.SRC_PORT_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return destination port: the peer's, 0 to 65535}
     */
    public int dstPort()
    {
        return buffer.getChar(offset + TcpHeaderFlyweight.DST_PORT_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return sequence number}
     */
    public int seq()
    {
        return buffer.getInt(offset + TcpHeaderFlyweight.SEQ_OFFSET, BIG_ENDIAN);
    }
}
