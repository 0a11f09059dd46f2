// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * An ARP packet that resolves IPv4 addresses on Ethernet, RFC 826.
 *
 * <pre>
 *  0        2        4     5     6           8                 14
 * +--------+--------+-----+-----+-----------+-----------------+---------------+
 * | 1      | 0x0800 |  6  |  4  | operation | sender hardware | sender IPv4   |
 * +--------+--------+-----+-----+-----------+-----------------+---------------+
 *  18                24
 * +-----------------+---------------+
 * | target hardware | target IPv4   |   28 bytes
 * +-----------------+---------------+
 * </pre>
 */
public final class ArpFlyweight
{
    /** Length of the packet. */
    public static final int LENGTH = 28;

    /** Operation: who has the target address? */
    public static final int REQUEST = 1;

    /** Operation: the sender has the sender's address. */
    public static final int REPLY = 2;

    static final int OPERATION_OFFSET = 6;
    static final int SENDER_HARDWARE_OFFSET = 8;
    static final int SENDER_PROTOCOL_OFFSET = 14;
    static final int TARGET_HARDWARE_OFFSET = 18;
    static final int TARGET_PROTOCOL_OFFSET = 24;

    /** Hardware type 1 (Ethernet) with protocol IPv4, then their address lengths 6 and 4. */
    static final int TYPES = 1 << 16 | EtherType.IPV4;
    static final int TYPES_OFFSET = 0;
    static final int LENGTHS = MacAddress.LENGTH << 8 | Integer.BYTES;
    static final int LENGTHS_OFFSET = 4;

    private DirectBuffer buffer;
    private int offset;

    /**
     * Looks at a packet.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length what was received; more than {@link #LENGTH} is the padding of a short frame
     * @return true when it is whole and for IPv4 on Ethernet; the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < LENGTH ||
            buffer.getInt(offset + TYPES_OFFSET, BIG_ENDIAN) != TYPES ||
            buffer.getChar(offset + LENGTHS_OFFSET, BIG_ENDIAN) != LENGTHS)
        {
            return false;
        }
        this.buffer = buffer;
        this.offset = offset;
        return true;
    }

    /**
     * {@return the operation, 0 to 0xffff: {@link #REQUEST}, {@link #REPLY} or one that we don't know}
     */
    public int operation()
    {
        return buffer.getChar(offset + OPERATION_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return the sender's link-layer address}
     */
    public long senderHardware()
    {
        return MacAddress.get(buffer, offset + SENDER_HARDWARE_OFFSET);
    }

    /**
     * {@return the sender's IPv4 address}
     */
    public int senderProtocol()
    {
        return buffer.getInt(offset + SENDER_PROTOCOL_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return the target's link-layer address, meaningless in a request}
     */
    public long targetHardware()
    {
        return MacAddress.get(buffer, offset + TARGET_HARDWARE_OFFSET);
    }

    /**
     * {@return the target's IPv4 address}
     */
    public int targetProtocol()
    {
        return buffer.getInt(offset + TARGET_PROTOCOL_OFFSET, BIG_ENDIAN);
    }
}
