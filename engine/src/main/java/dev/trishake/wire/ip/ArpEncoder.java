// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** Writes an ARP packet for IPv4 on Ethernet; laid out as {@link ArpFlyweight} shows. */
public final class ArpEncoder
{
    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Begins a packet; operation, sender and target must follow.
     *
     * @param buffer where to
     * @param offset where it begins, {@link ArpFlyweight#LENGTH} bytes
     * @return this
     */
    public ArpEncoder init(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        buffer.putInt(offset + ArpFlyweight.TYPES_OFFSET, ArpFlyweight.TYPES, BIG_ENDIAN);
        buffer.putShort(offset + ArpFlyweight.LENGTHS_OFFSET, (short)ArpFlyweight.LENGTHS, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the operation written}
     *
     * @param operation {@link ArpFlyweight#REQUEST} or {@link ArpFlyweight#REPLY}
     */
    public ArpEncoder operation(final int operation)
    {
        buffer.putShort(offset + ArpFlyweight.OPERATION_OFFSET, (short)operation, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the sender written}
     *
     * @param hardware link-layer address
     * @param protocol IPv4 address
     */
    public ArpEncoder sender(final long hardware, final int protocol)
    {
        MacAddress.put(buffer, offset + ArpFlyweight.SENDER_HARDWARE_OFFSET, hardware);
        buffer.putInt(offset + ArpFlyweight.SENDER_PROTOCOL_OFFSET, protocol, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the target written}
     *
     * @param hardware link-layer address, 0 in a request
     * @param protocol IPv4 address
     */
    public ArpEncoder target(final long hardware, final int protocol)
    {
        MacAddress.put(buffer, offset + ArpFlyweight.TARGET_HARDWARE_OFFSET, hardware);
        buffer.putInt(offset + ArpFlyweight.TARGET_PROTOCOL_OFFSET, protocol, BIG_ENDIAN);
        return this;
    }
}
