// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** Writes the header of an Ethernet II frame without tags; laid out as {@link EthernetFlyweight} shows. */
public final class EthernetEncoder
{
    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Begins a header; all three fields must follow.
     *
     * @param buffer where to
     * @param offset where it begins, {@link EthernetFlyweight#HEADER_LENGTH} bytes
     * @return this
     */
    public EthernetEncoder init(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /**
     * {@return this, with the destination written}
     *
     * @param address link-layer
     */
    public EthernetEncoder destination(final long address)
    {
        MacAddress.put(buffer, offset + EthernetFlyweight.DESTINATION_OFFSET, address);
        return this;
    }

    /**
     * {@return this, with the source written}
     *
     * @param address link-layer
     */
    public EthernetEncoder source(final long address)
    {
        MacAddress.put(buffer, offset + EthernetFlyweight.SOURCE_OFFSET, address);
        return this;
    }

    /**
     * {@return this, with the type written}
     *
     * @param etherType see {@link EtherType}
     */
    public EthernetEncoder etherType(final int etherType)
    {
        buffer.putShort(offset + EthernetFlyweight.TYPE_OFFSET, (short)etherType, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return where the payload begins in the buffer}
     */
    public int payloadOffset()
    {
        return offset + EthernetFlyweight.HEADER_LENGTH;
    }
}
