// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * An Ethernet II frame without its check sequence; VLAN tags (IEEE 802.1Q, 802.1ad) are stepped over.
 *
 * <pre>
 *  0             6             12       14
 * +-------------+-------------+--------+----------------+
 * | destination |   source    |  type  |    payload     |
 * +-------------+-------------+--------+----------------+
 *
 *  0             6             12       14    16      18
 * +-------------+-------------+--------+-----+--------+---------+
 * | destination |   source    | 0x8100 | tag |  type  | payload |    at most MAX_TAGS times
 * +-------------+-------------+--------+-----+--------+---------+
 * </pre>
 */
public final class EthernetFlyweight
{
    /** Length of the header without tags. */
    public static final int HEADER_LENGTH = 14;

    /** Length of one VLAN tag. */
    public static final int TAG_LENGTH = 4;

    /** Tags that are stepped over (a provider's and a customer's): what has more keeps a tag's type as its type. */
    public static final int MAX_TAGS = 2;

    static final int DESTINATION_OFFSET = 0;
    static final int SOURCE_OFFSET = 6;
    static final int TYPE_OFFSET = 12;

    private static final int VLAN_ID_MASK = 0xfff;

    private DirectBuffer buffer;
    private int offset;
    private int length;
    private int tagCount;

    /**
     * Looks at a frame.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length what was received of it
     * @return true when its header and tags are whole; the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < HEADER_LENGTH)
        {
            return false;
        }
        int tags = 0;
        while (tags < MAX_TAGS && isTag(buffer.getChar(offset + TYPE_OFFSET + tags * TAG_LENGTH, BIG_ENDIAN)))
        {
            tags++;
            if (length < HEADER_LENGTH + tags * TAG_LENGTH)
            {
                return false;
            }
        }
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        this.tagCount = tags;
        return true;
    }

    /**
     * {@return the destination's link-layer address}
     */
    public long destination()
    {
        return MacAddress.get(buffer, offset + DESTINATION_OFFSET);
    }

    /**
     * {@return the source's link-layer address}
     */
    public long source()
    {
        return MacAddress.get(buffer, offset + SOURCE_OFFSET);
    }

    /**
     * {@return number of VLAN tags, 0 to {@link #MAX_TAGS}}
     */
    public int tagCount()
    {
        return tagCount;
    }

    /**
     * {@return a tag's VLAN identifier, 0 to 4095}
     *
     * @param index of the tag, 0 is the outermost; less than {@link #tagCount()}
     */
    public int vlanId(final int index)
    {
        assert index >= 0 && index < tagCount : "no such tag: " + index;
        return buffer.getChar(offset + HEADER_LENGTH + index * TAG_LENGTH, BIG_ENDIAN) & VLAN_ID_MASK;
    }

    /**
     * {@return the type behind the tags, see {@link EtherType}; less than 0x600 is an IEEE 802.3 length}
     */
    public int etherType()
    {
        return buffer.getChar(offset + TYPE_OFFSET + tagCount * TAG_LENGTH, BIG_ENDIAN);
    }

    /**
     * {@return where the payload begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + HEADER_LENGTH + tagCount * TAG_LENGTH;
    }

    /**
     * {@return length of the payload, with the padding of a short frame}
     */
    public int payloadLength()
    {
        return length - HEADER_LENGTH - tagCount * TAG_LENGTH;
    }

    private static boolean isTag(final int type)
    {
        return type == EtherType.VLAN || type == EtherType.SERVICE_VLAN;
    }
}
