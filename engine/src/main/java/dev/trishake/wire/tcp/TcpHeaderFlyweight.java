// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.wire.Words;
import dev.trishake.wire.ip.Checksum;
import org.agrona.DirectBuffer;

/**
 * A TCP segment, RFC 9293 3.1.
 *
 * <pre>
 *  0               1               2               3
 * +-------------------------------+-------------------------------+
 * |          source port          |       destination port        |  0
 * +-------------------------------+-------------------------------+
 * |                        sequence number                        |  4
 * +---------------------------------------------------------------+
 * |                     acknowledgment number                     |  8
 * +-------+-----+-----------------+-------------------------------+
 * |  data |rsrvd|A C E U A P R S F|                               |
 * | offset|     |E W C R C S S Y I|            window             | 12
 * |       |     |  R E G K H T N N|                               |
 * +-------+-----+-----------------+-------------------------------+
 * |           checksum            |        urgent pointer         | 16
 * +-------------------------------+-------------------------------+
 * |                     options (0 to 40 bytes)                   | 20
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class TcpHeaderFlyweight
{
    /** Length of the header without options. */
    public static final int MIN_LENGTH = 20;

    /** Length of the longest header, with 40 bytes of options. */
    public static final int MAX_LENGTH = 60;

    static final int SRC_PORT_OFFSET = 0;
    static final int DST_PORT_OFFSET = 2;
    static final int SEQ_OFFSET = 4;
    static final int ACK_OFFSET = 8;
    static final int DATA_OFFSET_OFFSET = 12;
    static final int FLAGS_OFFSET = 12;
    static final int WINDOW_OFFSET = 14;
    static final int CHECKSUM_OFFSET = 16;
    static final int URGENT_POINTER_OFFSET = 18;

    private DirectBuffer buffer;
    private byte[] array;
    private long address;
    private int offset;
    private int length;
    private int dataOffset;

    /**
     * Looks at a segment.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length of header and payload: the IP packet's payload
     * @return true when 20 &lt;= data offset &lt;= length; the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < MIN_LENGTH)
        {
            return false;
        }
        buffer.boundsCheck(offset, MIN_LENGTH); // and no more: a capture may have been cut behind it
        final byte[] array = buffer.byteArray();
        final long address = buffer.addressOffset() + offset;
        final int dataOffset = (Words.getByte(array, address + DATA_OFFSET_OFFSET) & 0xf0) >> 2;
        if (dataOffset < MIN_LENGTH || dataOffset > length)
        {
            return false;
        }
        this.buffer = buffer;
        this.array = array;
        this.address = address;
        this.offset = offset;
        this.length = length;
        this.dataOffset = dataOffset;
        return true;
    }

    /**
     * {@return source port, 0 to 65535}
     */
    public int srcPort()
    {
        return Words.getShort(array, address + SRC_PORT_OFFSET);
    }

    /**
     * {@return destination port, 0 to 65535}
     */
    public int dstPort()
    {
        return Words.getShort(array, address + DST_PORT_OFFSET);
    }

    /**
     * {@return sequence number, of the SYN if there is one; numbers are modulo 2^32: compare differences}
     */
    public int seq()
    {
        return Words.getInt(array, address + SEQ_OFFSET);
    }

    /**
     * {@return acknowledgment number, the next one that the sender expects; counts only with {@link TcpFlags#ACK}}
     */
    public int ack()
    {
        return Words.getInt(array, address + ACK_OFFSET);
    }

    /**
     * {@return length of the header with its options, 20 to 60}
     */
    public int dataOffset()
    {
        return dataOffset;
    }

    /**
     * {@return the control bits and the reserved ones, see {@link TcpFlags}}
     */
    public int flags()
    {
        return Words.getShort(array, address + FLAGS_OFFSET) & TcpFlags.ALL;
    }

    /**
     * {@return the window as it stands, not scaled, 0 to 65535}
     */
    public int window()
    {
        return Words.getShort(array, address + WINDOW_OFFSET);
    }

    /**
     * {@return the checksum field}
     */
    public int checksum()
    {
        return Words.getShort(array, address + CHECKSUM_OFFSET);
    }

    /**
     * {@return the urgent pointer, 0 to 65535; counts only with {@link TcpFlags#URG}}
     */
    public int urgentPointer()
    {
        return Words.getShort(array, address + URGENT_POINTER_OFFSET);
    }

    /**
     * {@return where the options begin in the buffer}
     */
    public int optionsOffset()
    {
        return offset + MIN_LENGTH;
    }

    /**
     * {@return length of the options with their padding, 0 to 40}
     */
    public int optionsLength()
    {
        return dataOffset - MIN_LENGTH;
    }

    /**
     * {@return where the payload begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + dataOffset;
    }

    /**
     * {@return length of the payload}
     */
    public int payloadLength()
    {
        return length - dataOffset;
    }

    /**
     * {@return SEG.LEN: how many sequence numbers the segment takes, its payload, SYN and FIN (RFC 9293 3.4)}
     */
    public int segmentLength()
    {
        final int flags = flags();
        return payloadLength() + (flags & TcpFlags.FIN) + ((flags & TcpFlags.SYN) >> 1);
    }

    /**
     * {@return true when the checksum is right}
     *
     * @param pseudoHeader its sum, for the length of header and payload
     */
    public boolean isChecksumValid(final int pseudoHeader)
    {
        return Checksum.isValid(pseudoHeader + Checksum.sum(buffer, offset, length));
    }

    /**
     * {@return true when the checksum field holds the pseudo header's sum alone: a kernel leaves that there when it
     * expects its network card to do the rest, so segments from a local kernel look like this}
     *
     * <p>Nothing protects such a segment's bytes, they have not left the machine. Accept it only from a link that says
     * so of the packet, or is known to carry none but local ones: anybody can send this value.
     *
     * @param pseudoHeader its sum, for the length of header and payload
     */
    public boolean isChecksumPartial(final int pseudoHeader)
    {
        return checksum() == pseudoHeader;
    }
}
