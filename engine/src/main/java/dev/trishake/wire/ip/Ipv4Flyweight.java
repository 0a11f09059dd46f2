// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import dev.trishake.wire.Words;
import org.agrona.DirectBuffer;

/**
 * An IPv4 packet, RFC 791 3.1; options are stepped over.
 *
 * <pre>
 *  0               1               2               3
 * +-------+-------+---------------+-------------------------------+
 * |version|  IHL  |type of service|         total length          |  0
 * +-------+-------+---------------+-----+-------------------------+
 * |        identification         |flags|     fragment offset     |  4
 * +---------------+---------------+-----+-------------------------+
 * | time to live  |   protocol    |        header checksum        |  8
 * +---------------+---------------+-------------------------------+
 * |                        source address                         | 12
 * +---------------------------------------------------------------+
 * |                      destination address                      | 16
 * +---------------------------------------------------------------+
 * |                      options (0 to 40 bytes)                  | 20
 * +---------------------------------------------------------------+
 * </pre>
 *
 * <p>{@code wrap} checks the shape and leaves the header checksum to {@link #isChecksumValid()}: who receives from a
 * network asks it, who decodes a capture need not (captures of offloaded packets hold none).
 */
public final class Ipv4Flyweight
{
    /** Length of the header without options. */
    public static final int MIN_HEADER_LENGTH = 20;

    /** Flag: the packet must not be fragmented on its way. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** Flag: a fragment, not the last one. */
    public static final int MORE_FRAGMENTS = 0x2000;

    static final int VERSION = 4;
    static final int VERSION_IHL_OFFSET = 0;
    static final int TYPE_OF_SERVICE_OFFSET = 1;
    static final int TOTAL_LENGTH_OFFSET = 2;
    static final int IDENTIFICATION_OFFSET = 4;
    static final int FRAGMENT_OFFSET = 6;
    static final int TIME_TO_LIVE_OFFSET = 8;
    static final int PROTOCOL_OFFSET = 9;
    static final int CHECKSUM_OFFSET = 10;
    static final int SOURCE_OFFSET = 12;
    static final int DESTINATION_OFFSET = 16;

    private static final int FRAGMENT_OFFSET_MASK = 0x1fff;
    private static final int FRAGMENT_UNIT = 8;

    private byte[] array;
    private long address;
    private int offset;
    private int headerLength;
    private int payloadLength;

    /**
     * Looks at a packet.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length what was received; what is beyond the total length is the padding of a short frame
     * @return true when it is version 4 and 20 &lt;= header length &lt;= total length &lt;= received length; the
     * accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        return wrapHeader(buffer, offset, length) && totalLength() <= length;
    }

    /**
     * Looks at a packet that an ICMP error quotes: like {@link #wrap}, but it may have been cut behind its header.
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
        payloadLength = Math.min(payloadLength, length - headerLength);
        return true;
    }

    private boolean wrapHeader(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < MIN_HEADER_LENGTH)
        {
            return false;
        }
        buffer.boundsCheck(offset, length);
        final byte[] array = buffer.byteArray();
        final long address = buffer.addressOffset() + offset;
        final int versionAndIhl = Words.getByte(array, address + VERSION_IHL_OFFSET);
        final int ihl = (versionAndIhl & 0xf) << 2;
        final int totalLength = Words.getShort(array, address + TOTAL_LENGTH_OFFSET);
        if (versionAndIhl >> 4 != VERSION || ihl < MIN_HEADER_LENGTH || ihl > totalLength || ihl > length)
        {
            return false;
        }
        this.array = array;
        this.address = address;
        this.offset = offset;
        this.headerLength = ihl;
        this.payloadLength = totalLength - ihl;
        return true;
    }

    /**
     * {@return length of the header with its options, 20 to 60}
     */
    public int headerLength()
    {
        return headerLength;
    }

    /**
     * {@return the type of service byte: DSCP in its high 6 bits (RFC 2474), ECN in its low 2 (RFC 3168)}
     */
    public int typeOfService()
    {
        return Words.getByte(array, address + TYPE_OF_SERVICE_OFFSET);
    }

    /**
     * {@return length of the whole packet as its sender counted it, 20 to 65535}
     */
    public int totalLength()
    {
        return Words.getShort(array, address + TOTAL_LENGTH_OFFSET);
    }

    /**
     * {@return the identification, 0 to 0xffff}
     */
    public int identification()
    {
        return Words.getShort(array, address + IDENTIFICATION_OFFSET);
    }

    /**
     * {@return the flags in the places they have on the wire: {@link #DONT_FRAGMENT}, {@link #MORE_FRAGMENTS}, 0x8000}
     */
    public int flags()
    {
        return Words.getShort(array, address + FRAGMENT_OFFSET) & ~FRAGMENT_OFFSET_MASK;
    }

    /**
     * {@return where this fragment belongs in the unfragmented payload, in bytes, 0 to 65528}
     */
    public int fragmentOffset()
    {
        return (Words.getShort(array, address + FRAGMENT_OFFSET) & FRAGMENT_OFFSET_MASK) * FRAGMENT_UNIT;
    }

    /**
     * {@return true when this is a piece of a packet: its payload can't be looked at alone}
     */
    public boolean isFragment()
    {
        final int field = Words.getShort(array, address + FRAGMENT_OFFSET);
        return (field & (MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK)) != 0;
    }

    /**
     * {@return time to live, 0 to 255}
     */
    public int timeToLive()
    {
        return Words.getByte(array, address + TIME_TO_LIVE_OFFSET);
    }

    /**
     * {@return the payload's protocol, see {@link IpProtocol}}
     */
    public int protocol()
    {
        return Words.getByte(array, address + PROTOCOL_OFFSET);
    }

    /**
     * {@return the header checksum field}
     */
    public int checksum()
    {
        return Words.getShort(array, address + CHECKSUM_OFFSET);
    }

    /**
     * {@return true when the header checksum is right}
     */
    public boolean isChecksumValid()
    {
        return Checksum.isRawValid(Checksum.raw(array, address, headerLength));
    }

    /**
     * {@return true when the checksum of the payload, a segment or datagram, is right: it covers a pseudo header too}
     */
    public boolean isPayloadChecksumValid()
    {
        return Checksum.isRawValid(
            Checksum.raw(array, address + SOURCE_OFFSET, 2 * Integer.BYTES) +
            Checksum.raw(protocol() + payloadLength) +
            Checksum.raw(array, address + headerLength, payloadLength));
    }

    /**
     * {@return source address}
     */
    public int source()
    {
        return Words.getInt(array, address + SOURCE_OFFSET);
    }

    /**
     * {@return destination address}
     */
    public int destination()
    {
        return Words.getInt(array, address + DESTINATION_OFFSET);
    }

    /**
     * {@return where the payload begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + headerLength;
    }

    /**
     * {@return length of the payload, 0 to 65515}
     */
    public int payloadLength()
    {
        return payloadLength;
    }

    /**
     * {@return the sum of the pseudo header of this packet's segment or datagram}
     *
     * @param length of the segment or datagram
     */
    public int pseudoHeader(final int length)
    {
        return Checksum.pseudoHeader(source(), destination(), protocol(), length);
    }
}
