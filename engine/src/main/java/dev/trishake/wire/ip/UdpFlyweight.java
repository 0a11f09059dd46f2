// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * A UDP datagram, RFC 768.
 *
 * <pre>
 *  0               1               2               3
 * +-------------------------------+-------------------------------+
 * |          source port          |       destination port        |  0
 * +-------------------------------+-------------------------------+
 * |            length             |           checksum            |  4
 * +-------------------------------+-------------------------------+
 * </pre>
 */
public final class UdpFlyweight
{
    /** Length of the header. */
    public static final int HEADER_LENGTH = 8;

    static final int SRC_PORT_OFFSET = 0;
    static final int DST_PORT_OFFSET = 2;
    static final int LENGTH_OFFSET = 4;
    static final int CHECKSUM_OFFSET = 6;

    private DirectBuffer buffer;
    private int offset;
    private int payloadLength;

    /**
     * Looks at a datagram.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length what was received: the IP packet's payload
     * @return true when 8 &lt;= its length field &lt;= received length; the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        return wrapHeader(buffer, offset, length) && HEADER_LENGTH + payloadLength <= length;
    }

    /**
     * Looks at a datagram that an ICMP error quotes: like {@link #wrap}, but it may have been cut behind its header.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length what is left of it
     * @return true when its header is whole; {@link #payloadLength()} is then what is left of its payload
     */
    public boolean wrapQuoted(final DirectBuffer buffer, final int offset, final int length)
    {
        if (!wrapHeader(buffer, offset, length))
        {
            return false;
        }
        payloadLength = Math.min(payloadLength, length - HEADER_LENGTH);
        return true;
    }

    private boolean wrapHeader(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < HEADER_LENGTH)
        {
            return false;
        }
        this.buffer = buffer;
        this.offset = offset;
        this.payloadLength = buffer.getChar(offset + LENGTH_OFFSET, BIG_ENDIAN) - HEADER_LENGTH;
        return payloadLength >= 0;
    }

    /**
     * {@return source port, 0 to 65535}
     */
    public int srcPort()
    {
        return buffer.getChar(offset + SRC_PORT_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return destination port, 0 to 65535}
     */
    public int dstPort()
    {
        return buffer.getChar(offset + DST_PORT_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return the length field: header and payload, 8 to 65535}
     */
    public int length()
    {
        return buffer.getChar(offset + LENGTH_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return the checksum field; 0 means that the sender computed none, which IPv6 does not allow (RFC 8200 8.1)}
     */
    public int checksum()
    {
        return buffer.getChar(offset + CHECKSUM_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return true when there is a checksum and it is right}
     *
     * @param pseudoHeader its sum, for {@link #length()}; of a datagram that is whole
     */
    public boolean isChecksumValid(final int pseudoHeader)
    {
        return checksum() != 0 &&
            Checksum.isValid(pseudoHeader + Checksum.sum(buffer, offset, HEADER_LENGTH + payloadLength));
    }

    /**
     * {@return where the payload begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + HEADER_LENGTH;
    }

    /**
     * {@return length of the payload, 0 to 65527}
     */
    public int payloadLength()
    {
        return payloadLength;
    }
}
