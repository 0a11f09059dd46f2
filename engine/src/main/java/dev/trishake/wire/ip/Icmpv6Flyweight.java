// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * An ICMPv6 message, RFC 4443; {@link NdpFlyweight} reads those of neighbour discovery.
 *
 * <pre>
 *  0               1               2               3
 * +---------------+---------------+-------------------------------+
 * |     type      |     code      |           checksum            |  0
 * +---------------+---------------+-------------------------------+
 * |   echo: identifier            |   echo: sequence number       |  4
 * |   packet too big: MTU         (other errors: unused)          |
 * +-------------------------------+-------------------------------+
 * |   echo: data; error: the packet that caused it, perhaps cut   |  8
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class Icmpv6Flyweight
{
    /** Length of the part before data or quoted packet. */
    public static final int HEADER_LENGTH = 8;

    /** Type: destination unreachable; the code says how. */
    public static final int DESTINATION_UNREACHABLE = 1;

    /** Type: packet too big. */
    public static final int PACKET_TOO_BIG = 2;

    /** Type: time exceeded. */
    public static final int TIME_EXCEEDED = 3;

    /** Type: parameter problem. */
    public static final int PARAMETER_PROBLEM = 4;

    /** Type: echo request. */
    public static final int ECHO_REQUEST = 128;

    /** Type: echo reply. */
    public static final int ECHO_REPLY = 129;

    /** Type: neighbour solicitation, RFC 4861 4.3. */
    public static final int NEIGHBOR_SOLICITATION = 135;

    /** Type: neighbour advertisement, RFC 4861 4.4. */
    public static final int NEIGHBOR_ADVERTISEMENT = 136;

    /** Code of {@link #DESTINATION_UNREACHABLE}: no route. */
    public static final int NO_ROUTE = 0;

    /** Code of {@link #DESTINATION_UNREACHABLE}: administratively prohibited. */
    public static final int PROHIBITED = 1;

    /** Code of {@link #DESTINATION_UNREACHABLE}: address. */
    public static final int ADDRESS_UNREACHABLE = 3;

    /** Code of {@link #DESTINATION_UNREACHABLE}: port. */
    public static final int PORT_UNREACHABLE = 4;

    private static final int FIRST_INFORMATIONAL = 128;
    private static final int MTU_OFFSET = 4;

    private DirectBuffer buffer;
    private int offset;
    private int length;

    /**
     * Looks at a message.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length of the IP packet's payload
     * @return true when it has its first 8 bytes; the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < HEADER_LENGTH)
        {
            return false;
        }
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        return true;
    }

    /**
     * {@return the type, 0 to 255}
     */
    public int type()
    {
        return buffer.getByte(offset + IcmpFlyweight.TYPE_OFFSET) & 0xff;
    }

    /**
     * {@return the code, 0 to 255}
     */
    public int code()
    {
        return buffer.getByte(offset + IcmpFlyweight.CODE_OFFSET) & 0xff;
    }

    /**
     * {@return true when this quotes a packet, see {@link Ipv6Flyweight#wrapQuoted}; such a message is never answered
     * with another error (RFC 4443 2.4)}
     */
    public boolean isError()
    {
        return type() < FIRST_INFORMATIONAL;
    }

    /**
     * {@return the checksum field}
     */
    public int checksum()
    {
        return buffer.getChar(offset + IcmpFlyweight.CHECKSUM_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return true when the checksum is right}
     *
     * @param pseudoHeader its sum, for this message's length
     */
    public boolean isChecksumValid(final int pseudoHeader)
    {
        return Checksum.isValid(pseudoHeader + Checksum.sum(buffer, offset, length));
    }

    /**
     * {@return an echo's identifier, 0 to 65535}
     */
    public int identifier()
    {
        return buffer.getChar(offset + IcmpFlyweight.IDENTIFIER_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return an echo's sequence number, 0 to 65535}
     */
    public int sequenceNumber()
    {
        return buffer.getChar(offset + IcmpFlyweight.SEQUENCE_NUMBER_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return the MTU that a {@link #PACKET_TOO_BIG} tells; one beyond an {@code int} is {@link Integer#MAX_VALUE}}
     */
    public int mtu()
    {
        final int mtu = buffer.getInt(offset + MTU_OFFSET, BIG_ENDIAN);
        return mtu < 0 ? Integer.MAX_VALUE : mtu;
    }

    /**
     * {@return where an echo's data or an error's quoted packet begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + HEADER_LENGTH;
    }

    /**
     * {@return length of an echo's data or an error's quoted packet}
     */
    public int payloadLength()
    {
        return length - HEADER_LENGTH;
    }
}
