// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** Writes a UDP header; laid out as {@link UdpFlyweight} shows. */
public final class UdpEncoder
{
    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Begins a header; ports, payload and then {@link #finish} must follow.
     *
     * @param buffer where to
     * @param offset where it begins, {@link UdpFlyweight#HEADER_LENGTH} bytes
     * @return this
     */
    public UdpEncoder init(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * {@return this, with the source port written}
     *
     * @param srcPort its low 16 bits count
     */
    public UdpEncoder srcPort(final int srcPort)
    {
        buffer.putShort(offset + UdpFlyweight.SRC_PORT_OFFSET, (short)srcPort, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the destination port written}
     *
     * @param dstPort its low 16 bits count
     */
    public UdpEncoder dstPort(final int dstPort)
    {
        buffer.putShort(offset + UdpFlyweight.DST_PORT_OFFSET, (short)dstPort, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return where the payload begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + UdpFlyweight.HEADER_LENGTH;
    }

    /**
     * Writes what depends on the rest: length and checksum.
     *
     * @param pseudoHeader  its sum, for the datagram's length
     * @param payloadLength 0 to 65527, already in its place
     * @return length of the datagram
     */
    public int finish(final int pseudoHeader, final int payloadLength)
    {
        final int length = UdpFlyweight.HEADER_LENGTH + payloadLength;
        assert payloadLength >= 0 && length <= 0xffff : "payload too long: " + payloadLength;
        buffer.putShort(offset + UdpFlyweight.LENGTH_OFFSET, (short)length, BIG_ENDIAN);
        buffer.putShort(offset + UdpFlyweight.CHECKSUM_OFFSET, (short)0);
        final int checksum = Checksum.complement(pseudoHeader + Checksum.sum(buffer, offset, length));
        // RFC 768: a checksum of 0 is sent as all ones, its equal, because 0 means that there is none
        buffer.putShort(offset + UdpFlyweight.CHECKSUM_OFFSET, (short)(checksum == 0 ? 0xffff : checksum), BIG_ENDIAN);
        return length;
    }
}
