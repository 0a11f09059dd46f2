// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** Writes an IPv6 header without extension headers; laid out as {@link Ipv6Flyweight} shows. */
public final class Ipv6Encoder
{
    /** The hop limit that hosts send with, RFC 1700. */
    public static final int DEFAULT_HOP_LIMIT = 64;

    private static final int VERSION_SHIFT = 28;
    private static final int TRAFFIC_CLASS_SHIFT = 20;

    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Begins a header: traffic class 0, flow label 0, {@link #DEFAULT_HOP_LIMIT}. Protocol, addresses and
     * {@link #finish} must follow.
     *
     * @param buffer where to
     * @param offset where it begins, {@link Ipv6Flyweight#HEADER_LENGTH} bytes
     * @return this
     */
    public Ipv6Encoder init(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        return classAndFlow(0, 0).hopLimit(DEFAULT_HOP_LIMIT);
    }

    /**
     * {@return this, with traffic class and flow label written}
     *
     * @param trafficClass DSCP in the high 6 bits, ECN in the low 2
     * @param flowLabel    20 bits
     */
    public Ipv6Encoder classAndFlow(final int trafficClass, final int flowLabel)
    {
        assert trafficClass >>> 8 == 0 && flowLabel >>> TRAFFIC_CLASS_SHIFT == 0 : "traffic class or flow label";
        buffer.putInt(
            offset + Ipv6Flyweight.VERSION_OFFSET,
            Ipv6Flyweight.VERSION << VERSION_SHIFT | trafficClass << TRAFFIC_CLASS_SHIFT | flowLabel,
            BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the next header written}
     *
     * @param protocol see {@link IpProtocol}
     */
    public Ipv6Encoder protocol(final int protocol)
    {
        buffer.putByte(offset + Ipv6Flyweight.NEXT_HEADER_OFFSET, (byte)protocol);
        return this;
    }

    /**
     * {@return this, with the hop limit written}
     *
     * @param hopLimit 1 to 255; NDP wants 255 (RFC 4861 7.1)
     */
    public Ipv6Encoder hopLimit(final int hopLimit)
    {
        buffer.putByte(offset + Ipv6Flyweight.HOP_LIMIT_OFFSET, (byte)hopLimit);
        return this;
    }

    /**
     * {@return this, with the source address written}
     *
     * @param high half
     * @param low  half
     */
    public Ipv6Encoder source(final long high, final long low)
    {
        buffer.putLong(offset + Ipv6Flyweight.SOURCE_OFFSET, high, BIG_ENDIAN);
        buffer.putLong(offset + Ipv6Flyweight.SOURCE_OFFSET + Long.BYTES, low, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the destination address written}
     *
     * @param high half
     * @param low  half
     */
    public Ipv6Encoder destination(final long high, final long low)
    {
        buffer.putLong(offset + Ipv6Flyweight.DESTINATION_OFFSET, high, BIG_ENDIAN);
        buffer.putLong(offset + Ipv6Flyweight.DESTINATION_OFFSET + Long.BYTES, low, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return where the payload begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + Ipv6Flyweight.HEADER_LENGTH;
    }

    /**
     * Writes what depends on the rest: the payload length.
     *
     * @param payloadLength 0 to 65535
     * @return length of the whole packet
     */
    public int finish(final int payloadLength)
    {
        assert payloadLength >>> 16 == 0 : "payload too long: " + payloadLength;
        buffer.putShort(offset + Ipv6Flyweight.PAYLOAD_LENGTH_OFFSET, (short)payloadLength, BIG_ENDIAN);
        return Ipv6Flyweight.HEADER_LENGTH + payloadLength;
    }
}
