// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Writes neighbour solicitations and advertisements with their link-layer address option; laid out as
 * {@link NdpFlyweight} shows, {@link NdpFlyweight#LENGTH_WITH_LINK_LAYER_ADDRESS} bytes.
 */
public final class NdpEncoder
{
    private static final int OPTION_LENGTH_OFFSET = 1;

    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Writes all of a solicitation but its checksum.
     *
     * @param buffer     where to
     * @param offset     where it begins
     * @param targetHigh address whose owner is asked
     * @param targetLow  its lower half
     * @param source     link-layer address of the one who asks
     * @return this
     */
    public NdpEncoder solicitation(
        final MutableDirectBuffer buffer,
        final int offset,
        final long targetHigh,
        final long targetLow,
        final long source)
    {
        init(buffer, offset, Icmpv6Flyweight.NEIGHBOR_SOLICITATION, 0);
        return body(targetHigh, targetLow, NdpFlyweight.SOURCE_LINK_LAYER_ADDRESS, source);
    }

    /**
     * Writes all of an advertisement but its checksum.
     *
     * @param buffer     where to
     * @param offset     where it begins
     * @param flags      {@link NdpFlyweight#ROUTER}, {@link NdpFlyweight#SOLICITED}, {@link NdpFlyweight#OVERRIDE}
     * @param targetHigh address that is advertised
     * @param targetLow  its lower half
     * @param target     its link-layer address
     * @return this
     */
    public NdpEncoder advertisement(
        final MutableDirectBuffer buffer,
        final int offset,
        final int flags,
        final long targetHigh,
        final long targetLow,
        final long target)
    {
        init(buffer, offset, Icmpv6Flyweight.NEIGHBOR_ADVERTISEMENT, flags);
        return body(targetHigh, targetLow, NdpFlyweight.TARGET_LINK_LAYER_ADDRESS, target);
    }

    /**
     * Writes the checksum.
     *
     * @param pseudoHeader its sum, for {@link NdpFlyweight#LENGTH_WITH_LINK_LAYER_ADDRESS}
     * @return length of the message
     */
    public int finish(final int pseudoHeader)
    {
        final int length = NdpFlyweight.LENGTH_WITH_LINK_LAYER_ADDRESS;
        final int checksum = Checksum.complement(pseudoHeader + Checksum.sum(buffer, offset, length));
        buffer.putShort(offset + IcmpFlyweight.CHECKSUM_OFFSET, (short)checksum, BIG_ENDIAN);
        return length;
    }

    private void init(final MutableDirectBuffer buffer, final int offset, final int type, final int flags)
    {
        this.buffer = buffer;
        this.offset = offset;
        buffer.putInt(offset + IcmpFlyweight.TYPE_OFFSET, type << 24, BIG_ENDIAN);
        buffer.putInt(offset + NdpFlyweight.FLAGS_OFFSET, flags, BIG_ENDIAN);
    }

    private NdpEncoder body(final long targetHigh, final long targetLow, final int option, final long address)
    {
        final int optionOffset = offset + NdpFlyweight.OPTIONS_OFFSET;
        buffer.putLong(offset + NdpFlyweight.TARGET_OFFSET, targetHigh, BIG_ENDIAN);
        buffer.putLong(offset + NdpFlyweight.TARGET_OFFSET + Long.BYTES, targetLow, BIG_ENDIAN);
        buffer.putByte(optionOffset, (byte)option);
        buffer.putByte(optionOffset + OPTION_LENGTH_OFFSET, (byte)1);
        MacAddress.put(buffer, optionOffset + NdpFlyweight.OPTION_VALUE_OFFSET, address);
        return this;
    }
}
