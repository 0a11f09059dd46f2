// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * A neighbour solicitation or advertisement, RFC 4861 4.3 and 4.4.
 *
 * <pre>
 *  0               1               2               3
 * +---------------+---------------+-------------------------------+
 * |  135 or 136   |       0       |           checksum            |  0
 * +---------------+---------------+-------------------------------+
 * |R S O|                   reserved                              |  4   flags of an advertisement only
 * +---------------------------------------------------------------+
 * |                   target address (16 bytes)                   |  8
 * +---------------+---------------+-------------------------------+
 * | option type   | length / 8    | ...                           | 24
 * +---------------+---------------+-------------------------------+
 * </pre>
 *
 * <p>What the IP header must say (hop limit 255, who may be the destination: RFC 4861 7.1) and the checksum
 * ({@link Icmpv6Flyweight#isChecksumValid}) are for the caller to check.
 */
public final class NdpFlyweight
{
    /** Length without options. */
    public static final int MIN_LENGTH = 24;

    /** Length with the one option that {@link NdpEncoder} writes. */
    public static final int LENGTH_WITH_LINK_LAYER_ADDRESS = 32;

    /** Flag of an advertisement: the sender is a router. */
    public static final int ROUTER = 0x8000_0000;

    /** Flag of an advertisement: it answers a solicitation. */
    public static final int SOLICITED = 0x4000_0000;

    /** Flag of an advertisement: it overrides a cached address. */
    public static final int OVERRIDE = 0x2000_0000;

    static final int FLAGS_OFFSET = 4;
    static final int TARGET_OFFSET = 8;
    static final int OPTIONS_OFFSET = 24;

    /** Option of a solicitation: the source's link-layer address. */
    static final int SOURCE_LINK_LAYER_ADDRESS = 1;

    /** Option of an advertisement: the target's link-layer address. */
    static final int TARGET_LINK_LAYER_ADDRESS = 2;

    static final int OPTION_UNIT = 8;
    static final int OPTION_VALUE_OFFSET = 2;

    private static final int FLAGS = ROUTER | SOLICITED | OVERRIDE;

    private DirectBuffer buffer;
    private int offset;
    private int linkLayerAddressOffset;

    /**
     * Looks at an ICMPv6 message.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length of the IP packet's payload
     * @return true when it is a solicitation or an advertisement of code 0 whose options are whole and none is empty
     * (RFC 4861 7.1.1, 7.1.2); the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < MIN_LENGTH || buffer.getByte(offset + IcmpFlyweight.CODE_OFFSET) != 0)
        {
            return false;
        }
        final int type = buffer.getByte(offset + IcmpFlyweight.TYPE_OFFSET) & 0xff;
        final int wanted;
        switch (type)
        {
            case Icmpv6Flyweight.NEIGHBOR_SOLICITATION -> wanted = SOURCE_LINK_LAYER_ADDRESS;
            case Icmpv6Flyweight.NEIGHBOR_ADVERTISEMENT -> wanted = TARGET_LINK_LAYER_ADDRESS;
            default ->
            {
                return false;
            }
        }

        int addressOffset = 0;
        int index = OPTIONS_OFFSET;
        while (index < length)
        {
            final int optionLength = length - index < OPTION_UNIT ?
                0 : (buffer.getByte(offset + index + 1) & 0xff) * OPTION_UNIT;
            if (optionLength == 0 || optionLength > length - index)
            {
                return false;
            }
            if (optionLength == OPTION_UNIT && buffer.getByte(offset + index) == wanted)
            {
                addressOffset = index + OPTION_VALUE_OFFSET;
            }
            index += optionLength;
        }

        this.buffer = buffer;
        this.offset = offset;
        this.linkLayerAddressOffset = addressOffset;
        return true;
    }

    /**
     * {@return true for a solicitation, false for an advertisement}
     */
    public boolean isSolicitation()
    {
        return (buffer.getByte(offset) & 0xff) == Icmpv6Flyweight.NEIGHBOR_SOLICITATION;
    }

    /**
     * {@return an advertisement's flags: {@link #ROUTER}, {@link #SOLICITED}, {@link #OVERRIDE}}
     */
    public int flags()
    {
        return buffer.getInt(offset + FLAGS_OFFSET, BIG_ENDIAN) & FLAGS;
    }

    /**
     * {@return the upper half of the target address}
     */
    public long targetHigh()
    {
        return buffer.getLong(offset + TARGET_OFFSET, BIG_ENDIAN);
    }

    /**
     * {@return the lower half of the target address}
     */
    public long targetLow()
    {
        return buffer.getLong(offset + TARGET_OFFSET + Long.BYTES, BIG_ENDIAN);
    }

    /**
     * {@return true when there is the option with the solicitation's source's or the advertisement's target's address}
     */
    public boolean hasLinkLayerAddress()
    {
        return linkLayerAddressOffset != 0;
    }

    /**
     * {@return that address; only where {@link #hasLinkLayerAddress()}}
     */
    public long linkLayerAddress()
    {
        assert hasLinkLayerAddress() : "no link-layer address";
        return MacAddress.get(buffer, offset + linkLayerAddressOffset);
    }
}
