// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import dev.trishake.wire.Words;
import org.agrona.DirectBuffer;

/**
 * An IPv6 packet, RFC 8200 3; extension headers are stepped over. There is no header checksum.
 *
 * <pre>
 *  0               1               2               3
 * +-------+---------------+---------------------------------------+
 * |version| traffic class |              flow label               |  0
 * +-------+---------------+-------+---------------+---------------+
 * |        payload length         |  next header  |   hop limit   |  4
 * +-------------------------------+---------------+---------------+
 * |                     source address (16 bytes)                 |  8
 * +---------------------------------------------------------------+
 * |                  destination address (16 bytes)               | 24
 * +---------------------------------------------------------------+
 * |        extension headers: next header, length / 8 - 1, ...    | 40
 * +---------------------------------------------------------------+
 * </pre>
 *
 * <p>{@code wrap} steps over hop-by-hop options (where they may stand: first), routing headers and destination options,
 * {@link #MAX_EXTENSION_HEADERS} at most; {@link #protocol()} is where it stopped, so that a fragment, or a chain
 * longer than any honest one, shows as a protocol that nobody serves. Jumbograms (RFC 2675) are not supported.
 */
public final class Ipv6Flyweight
{
    /** Length of the header without extension headers. */
    public static final int HEADER_LENGTH = 40;

    /** All that RFC 8200 4.1 wants a sender to use before the upper layer: one each, destination options twice. */
    public static final int MAX_EXTENSION_HEADERS = 4;

    static final int VERSION = 6;
    static final int VERSION_OFFSET = 0;
    static final int PAYLOAD_LENGTH_OFFSET = 4;
    static final int NEXT_HEADER_OFFSET = 6;
    static final int HOP_LIMIT_OFFSET = 7;
    static final int SOURCE_OFFSET = 8;
    static final int DESTINATION_OFFSET = 24;

    private static final int EXTENSION_NEXT_HEADER_OFFSET = 0;
    private static final int EXTENSION_LENGTH_OFFSET = 1;
    private static final int EXTENSION_UNIT = 8;
    private static final int FLOW_LABEL_MASK = 0xf_ffff;

    private byte[] array;
    private long address;
    private int offset;
    private int protocol;
    private int payloadOffset;
    private int payloadLength;

    /**
     * Looks at a packet.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length what was received; what is beyond the payload length is the padding of a short frame
     * @return true when it is version 6, whole, and so are the extension headers that are stepped over; the accessors
     * are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        return wrapHeader(buffer, offset, length) &&
            payloadLength <= length - HEADER_LENGTH &&
            stepOverExtensionHeaders();
    }

    /**
     * Looks at a packet that an ICMPv6 error quotes: like {@link #wrap}, but its payload may have been cut.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length what is left of it
     * @return true when its headers are whole; {@link #payloadLength()} is then what is left of its payload
     */
    public boolean wrapQuoted(final DirectBuffer buffer, final int offset, final int length)
    {
        if (!wrapHeader(buffer, offset, length))
        {
            return false;
        }
        payloadLength = Math.min(payloadLength, length - HEADER_LENGTH);
        return stepOverExtensionHeaders();
    }

    private boolean wrapHeader(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < HEADER_LENGTH)
        {
            return false;
        }
        buffer.boundsCheck(offset, length);
        final byte[] array = buffer.byteArray();
        final long address = buffer.addressOffset() + offset;
        if (Words.getByte(array, address + VERSION_OFFSET) >> 4 != VERSION)
        {
            return false;
        }
        this.array = array;
        this.address = address;
        this.offset = offset;
        this.protocol = Words.getByte(array, address + NEXT_HEADER_OFFSET);
        this.payloadOffset = offset + HEADER_LENGTH;
        this.payloadLength = Words.getShort(array, address + PAYLOAD_LENGTH_OFFSET);
        return true;
    }

    private boolean stepOverExtensionHeaders()
    {
        for (int i = 0; i < MAX_EXTENSION_HEADERS && isExtensionHeader(protocol, i == 0); i++)
        {
            if (payloadLength < EXTENSION_UNIT)
            {
                return false;
            }
            final int units = Words.getByte(array, address + payloadOffset - offset + EXTENSION_LENGTH_OFFSET);
            final int headerLength = (1 + units) * EXTENSION_UNIT;
            if (headerLength > payloadLength)
            {
                return false;
            }
            protocol = Words.getByte(array, address + payloadOffset - offset + EXTENSION_NEXT_HEADER_OFFSET);
            payloadOffset += headerLength;
            payloadLength -= headerLength;
        }
        return true;
    }

    private static boolean isExtensionHeader(final int nextHeader, final boolean isFirst)
    {
        return switch (nextHeader)
        {
            case IpProtocol.HOP_BY_HOP -> isFirst; // RFC 8200 4.1: elsewhere it is not to be recognised
            case IpProtocol.ROUTING, IpProtocol.DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    /**
     * {@return the traffic class: DSCP in its high 6 bits, ECN in its low 2}
     */
    public int trafficClass()
    {
        return Words.getInt(array, address) >>> 20 & 0xff;
    }

    /**
     * {@return the flow label, 20 bits}
     */
    public int flowLabel()
    {
        return Words.getInt(array, address) & FLOW_LABEL_MASK;
    }

    /**
     * {@return hop limit, 0 to 255}
     */
    public int hopLimit()
    {
        return Words.getByte(array, address + HOP_LIMIT_OFFSET);
    }

    /**
     * {@return the upper half of the source address}
     */
    public long sourceHigh()
    {
        return Words.getLong(array, address + SOURCE_OFFSET);
    }

    /**
     * {@return the lower half of the source address}
     */
    public long sourceLow()
    {
        return Words.getLong(array, address + SOURCE_OFFSET + Long.BYTES);
    }

    /**
     * {@return the upper half of the destination address}
     */
    public long destinationHigh()
    {
        return Words.getLong(array, address + DESTINATION_OFFSET);
    }

    /**
     * {@return the lower half of the destination address}
     */
    public long destinationLow()
    {
        return Words.getLong(array, address + DESTINATION_OFFSET + Long.BYTES);
    }

    /**
     * {@return the payload's protocol behind the extension headers that were stepped over, see {@link IpProtocol}}
     */
    public int protocol()
    {
        return protocol;
    }

    /**
     * {@return true when this has a fragment header, also where it is the only fragment (RFC 6946)}
     */
    public boolean isFragment()
    {
        return protocol == IpProtocol.FRAGMENT;
    }

    /**
     * {@return where the payload begins in the buffer, behind the extension headers that were stepped over}
     */
    public int payloadOffset()
    {
        return payloadOffset;
    }

    /**
     * {@return length of the payload without the extension headers that were stepped over, 0 to 65535}
     */
    public int payloadLength()
    {
        return payloadLength;
    }

    /**
     * {@return true when the checksum of the payload, a segment, datagram or message, is right: it covers a pseudo
     * header too, see {@link #pseudoHeader}}
     */
    public boolean isPayloadChecksumValid()
    {
        return Checksum.isRawValid(
            Checksum.raw(array, address + SOURCE_OFFSET, 4 * Long.BYTES) +
            Checksum.raw(protocol) + Checksum.raw(payloadLength) +
            Checksum.raw(array, address + payloadOffset - offset, payloadLength));
    }

    /**
     * {@return the sum of the pseudo header of this packet's segment, datagram or message}
     *
     * <p>A routing header that has segments left would put its last address here (RFC 8200 8.1); an end point only sees
     * packets that have arrived, where it is the destination.
     *
     * @param length of the segment, datagram or message
     */
    public int pseudoHeader(final int length)
    {
        return Checksum.pseudoHeader(
            sourceHigh(), sourceLow(), destinationHigh(), destinationLow(), protocol, length);
    }
}
