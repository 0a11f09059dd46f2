// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * An ICMP message, RFC 792.
 *
 * <pre>
 *  0               1               2               3
 * +---------------+---------------+-------------------------------+
 * |     type      |     code      |           checksum            |  0
 * +---------------+---------------+-------------------------------+
 * |   echo: identifier            |   echo: sequence number       |  4
 * |   error: unused               |   frag. needed: next-hop MTU  |
 * +-------------------------------+-------------------------------+
 * |   echo: data; error: the packet that caused it, perhaps cut   |  8
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class IcmpFlyweight
{
    /** Length of the part before data or quoted packet. */
    public static final int HEADER_LENGTH = 8;

    /** Type: echo reply. */
    public static final int ECHO_REPLY = 0;

    /** Type: destination unreachable; the code says how. */
    public static final int DESTINATION_UNREACHABLE = 3;

    /** Type: echo request. */
    public static final int ECHO = 8;

    /** Type: time exceeded. */
    public static final int TIME_EXCEEDED = 11;

    /** Type: parameter problem. */
    public static final int PARAMETER_PROBLEM = 12;

    /** Code of {@link #DESTINATION_UNREACHABLE}: network. */
    public static final int NETWORK_UNREACHABLE = 0;

    /** Code of {@link #DESTINATION_UNREACHABLE}: host. */
    public static final int HOST_UNREACHABLE = 1;

    /** Code of {@link #DESTINATION_UNREACHABLE}: protocol. */
    public static final int PROTOCOL_UNREACHABLE = 2;

    /** Code of {@link #DESTINATION_UNREACHABLE}: port. */
    public static final int PORT_UNREACHABLE = 3;

    /** Code of {@link #DESTINATION_UNREACHABLE}: fragmentation needed and DF set. */
    public static final int FRAGMENTATION_NEEDED = 4;

    static final int TYPE_OFFSET = 0;
    static final int CODE_OFFSET = 1;
    static final int CHECKSUM_OFFSET = 2;
    static final int IDENTIFIER_OFFSET = 4;
    static final int SEQUENCE_NUMBER_OFFSET = 6;
    static final int NEXT_HOP_MTU_OFFSET = 6;

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
        return buffer.getByte(offset + TYPE_OFFSET) & 0xff;
    }

    /**
     * {@return the code, 0 to 255}
     */
    public int code()
    {
        return buffer.getByte(offset + CODE_OFFSET) & 0xff;
    }

    /**
     * {@return true when this quotes a packet, see {@link Ipv4Flyweight#wrapQuoted}; such a message is never answered
     * with another error (RFC 1122 3.2.2)}
     */
    public boolean isError()
    {
        return switch (type())
        {
            case DESTINATION_UNREACHABLE, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
            default -> false;
        };
    }

    /**
     * {@return the checksum field}
     */
    public int checksum()
    {
        return buffer.getChar(offset + CHECKSUM_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return true when the checksum is right}
     */
    public boolean isChecksumValid()
    {
        return Checksum.isValid(Checksum.sum(buffer, offset, length));
    }

    /**
     * {@return an echo's identifier, 0 to 65535}
     */
    public int identifier()
    {
        return buffer.getChar(offset + IDENTIFIER_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return an echo's sequence number, 0 to 65535}
     */
    public int sequenceNumber()
    {
        return buffer.getChar(offset + SEQUENCE_NUMBER_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return the MTU that a {@link #FRAGMENTATION_NEEDED} tells, RFC 1191 4; 0 from a router older than that}
     */
    public int nextHopMtu()
    {
        return buffer.getChar(offset + NEXT_HOP_MTU_OFFSET, BIG_ENDIAN);
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
