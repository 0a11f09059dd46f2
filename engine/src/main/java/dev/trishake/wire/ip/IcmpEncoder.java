// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Writes an ICMP or ICMPv6 message; laid out as {@link IcmpFlyweight} and {@link Icmpv6Flyweight} show. The two differ
 * in their type numbers, and in that ICMPv6's checksum covers a pseudo header.
 */
public final class IcmpEncoder
{
    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Begins a message of code 0 with zeros for its second word.
     *
     * @param buffer where to
     * @param offset where it begins, 8 bytes and the payload
     * @param type   see {@link IcmpFlyweight} and {@link Icmpv6Flyweight}
     * @return this
     */
    public IcmpEncoder init(final MutableDirectBuffer buffer, final int offset, final int type)
    {
        this.buffer = buffer;
        this.offset = offset;
        buffer.putInt(offset + IcmpFlyweight.TYPE_OFFSET, type << 24, BIG_ENDIAN);
        return word(0);
    }

    /**
     * {@return this, with the code written}
     *
     * @param code meaning depends on the type
     */
    public IcmpEncoder code(final int code)
    {
        buffer.putByte(offset + IcmpFlyweight.CODE_OFFSET, (byte)code);
        return this;
    }

    /**
     * {@return this, with an echo's identifier and sequence number written}
     *
     * @param identifier     16 bits
     * @param sequenceNumber 16 bits
     */
    public IcmpEncoder echo(final int identifier, final int sequenceNumber)
    {
        return word(identifier << 16 | (sequenceNumber & 0xffff));
    }

    /**
     * {@return this, with the MTU written of a "fragmentation needed" or a "packet too big"}
     *
     * @param mtu 0 to 65535
     */
    public IcmpEncoder mtu(final int mtu)
    {
        assert mtu >>> 16 == 0 : "MTU out of range: " + mtu;
        return word(mtu);
    }

    /**
     * {@return where data or quoted packet begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + IcmpFlyweight.HEADER_LENGTH;
    }

    /**
     * Writes the checksum.
     *
     * @param pseudoHeader  ICMPv6: its sum, for the length of this message; ICMP: 0
     * @param payloadLength already in its place
     * @return length of the message
     */
    public int finish(final int pseudoHeader, final int payloadLength)
    {
        final int length = IcmpFlyweight.HEADER_LENGTH + payloadLength;
        buffer.putShort(offset + IcmpFlyweight.CHECKSUM_OFFSET, (short)0);
        final int checksum = Checksum.complement(pseudoHeader + Checksum.sum(buffer, offset, length));
        buffer.putShort(offset + IcmpFlyweight.CHECKSUM_OFFSET, (short)checksum, BIG_ENDIAN);
        return length;
    }

    private IcmpEncoder word(final int word)
    {
        buffer.putInt(offset + IcmpFlyweight.IDENTIFIER_OFFSET, word, BIG_ENDIAN);
        return this;
    }
}
