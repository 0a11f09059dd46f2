// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import dev.trishake.wire.Words;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** Writes an IPv4 header without options; laid out as {@link Ipv4Flyweight} shows. */
public final class Ipv4Encoder
{
    /** The time to live that hosts send with, RFC 1700. */
    public static final int DEFAULT_TIME_TO_LIVE = 64;

    private static final int VERSION_IHL = Ipv4Flyweight.VERSION << 4 | Ipv4Flyweight.MIN_HEADER_LENGTH >> 2;

    private static final long LOW_32 = 0xffff_ffffL;

    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Writes a whole header at once, with what {@link #init} sets; its checksum is made of the words and not of what
     * was written, which is not in the cache yet.
     *
     * @param buffer        where to
     * @param offset        where it begins, {@link Ipv4Flyweight#MIN_HEADER_LENGTH} bytes
     * @param protocol      see {@link IpProtocol}
     * @param source        address
     * @param destination   address
     * @param payloadLength 0 to 65515
     */
    public static void write(
        final MutableDirectBuffer buffer,
        final int offset,
        final int protocol,
        final int source,
        final int destination,
        final int payloadLength)
    {
        final int totalLength = Ipv4Flyweight.MIN_HEADER_LENGTH + payloadLength;
        assert payloadLength >= 0 && totalLength <= 0xffff : "payload too long: " + payloadLength;
        buffer.boundsCheck(offset, Ipv4Flyweight.MIN_HEADER_LENGTH);
        final byte[] array = buffer.byteArray();
        final long address = buffer.addressOffset() + offset;
        final long lengthWord = (long)VERSION_IHL << 24 | totalLength;
        final long protocolWord = (long)DEFAULT_TIME_TO_LIVE << 24 | (long)protocol << 16;
        final int sum = Checksum.fold(
            lengthWord + Ipv4Flyweight.DONT_FRAGMENT + protocolWord + (source & LOW_32) + (destination & LOW_32));
        Words.putLong(array, address, lengthWord << Integer.SIZE | Ipv4Flyweight.DONT_FRAGMENT);
        Words.putLong(
            array, address + Ipv4Flyweight.TIME_TO_LIVE_OFFSET,
            (protocolWord | (~sum & 0xffff)) << Integer.SIZE | (source & LOW_32));
        Words.putInt(array, address + Ipv4Flyweight.DESTINATION_OFFSET, destination);
    }

    /**
     * Begins a header: type of service 0, identification 0, {@link Ipv4Flyweight#DONT_FRAGMENT} (atomic: RFC 6864 4.1),
     * {@link #DEFAULT_TIME_TO_LIVE}. Protocol, addresses and then {@link #finish} must follow.
     *
     * @param buffer where to
     * @param offset where it begins, {@link Ipv4Flyweight#MIN_HEADER_LENGTH} bytes
     * @return this
     */
    public Ipv4Encoder init(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        buffer.putInt(offset, VERSION_IHL << 24, BIG_ENDIAN);
        buffer.putInt(offset + Ipv4Flyweight.IDENTIFICATION_OFFSET, Ipv4Flyweight.DONT_FRAGMENT, BIG_ENDIAN);
        buffer.putInt(offset + Ipv4Flyweight.TIME_TO_LIVE_OFFSET, DEFAULT_TIME_TO_LIVE << 24, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the type of service written}
     *
     * @param typeOfService DSCP in the high 6 bits, ECN in the low 2
     */
    public Ipv4Encoder typeOfService(final int typeOfService)
    {
        buffer.putByte(offset + Ipv4Flyweight.TYPE_OF_SERVICE_OFFSET, (byte)typeOfService);
        return this;
    }

    /**
     * {@return this, with the identification written}
     *
     * @param identification its low 16 bits count
     */
    public Ipv4Encoder identification(final int identification)
    {
        buffer.putShort(offset + Ipv4Flyweight.IDENTIFICATION_OFFSET, (short)identification, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the flags written and a fragment offset of 0}
     *
     * @param flags {@link Ipv4Flyweight#DONT_FRAGMENT} or 0
     */
    public Ipv4Encoder flags(final int flags)
    {
        buffer.putShort(offset + Ipv4Flyweight.FRAGMENT_OFFSET, (short)flags, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the time to live written}
     *
     * @param timeToLive 1 to 255
     */
    public Ipv4Encoder timeToLive(final int timeToLive)
    {
        buffer.putByte(offset + Ipv4Flyweight.TIME_TO_LIVE_OFFSET, (byte)timeToLive);
        return this;
    }

    /**
     * {@return this, with the protocol written}
     *
     * @param protocol see {@link IpProtocol}
     */
    public Ipv4Encoder protocol(final int protocol)
    {
        buffer.putByte(offset + Ipv4Flyweight.PROTOCOL_OFFSET, (byte)protocol);
        return this;
    }

    /**
     * {@return this, with the source address written}
     *
     * @param source address
     */
    public Ipv4Encoder source(final int source)
    {
        buffer.putInt(offset + Ipv4Flyweight.SOURCE_OFFSET, source, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the destination address written}
     *
     * @param destination address
     */
    public Ipv4Encoder destination(final int destination)
    {
        buffer.putInt(offset + Ipv4Flyweight.DESTINATION_OFFSET, destination, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return where the payload begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + Ipv4Flyweight.MIN_HEADER_LENGTH;
    }

    /**
     * Writes what depends on the rest: total length and header checksum.
     *
     * @param payloadLength 0 to 65515
     * @return total length
     */
    public int finish(final int payloadLength)
    {
        final int totalLength = Ipv4Flyweight.MIN_HEADER_LENGTH + payloadLength;
        assert payloadLength >= 0 && totalLength <= 0xffff : "payload too long: " + payloadLength;
        buffer.putShort(offset + Ipv4Flyweight.TOTAL_LENGTH_OFFSET, (short)totalLength, BIG_ENDIAN);
        buffer.putShort(offset + Ipv4Flyweight.CHECKSUM_OFFSET, (short)0);
        final int sum = Checksum.sum(buffer, offset, Ipv4Flyweight.MIN_HEADER_LENGTH);
        buffer.putShort(offset + Ipv4Flyweight.CHECKSUM_OFFSET, (short)Checksum.complement(sum), BIG_ENDIAN);
        return totalLength;
    }
}
