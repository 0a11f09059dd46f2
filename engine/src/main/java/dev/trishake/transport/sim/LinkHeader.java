// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.EthernetFlyweight;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * Finds the network header of a captured packet behind whatever stands before it.
 *
 * <pre>
 *  NULL        0 address family, 4 bytes in the file's order          network header at  4
 *  ETHERNET    0 destination, 6 source, 12 EtherType                  network header at 14, or behind VLAN tags
 *  LINUX_SLL   0 packet type, 2 ARPHRD, 4 address .. 14 protocol      network header at 16
 *  LINUX_SLL2  0 protocol, 2 0, 4 interface, 8 ARPHRD, 10 .. address  network header at 20
 * </pre>
 */
final class LinkHeader
{
    /** Smaller values are the length of an IEEE 802.3 frame. */
    private static final int MIN_ETHER_TYPE = 0x0600;

    private static final int NULL_LENGTH = 4;
    private static final int SLL_LENGTH = 16;
    private static final int SLL2_LENGTH = 20;

    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private int etherType;
    private int networkOffset;

    int etherType()
    {
        return etherType;
    }

    int networkOffset()
    {
        return networkOffset;
    }

    void locate(final PcapFormat format, final DirectBuffer buffer, final int offset, final int length)
    {
        switch (format.linkType())
        {
            case NULL -> locateNull(format.order(), buffer, offset, length);
            case ETHERNET -> locateEthernet(buffer, offset, length);
            case RAW -> locateRaw(buffer, offset, length);
            case LINUX_SLL -> locateAt(buffer, offset, length, SLL_LENGTH, SLL_LENGTH - 2);
            case LINUX_SLL2 -> locateAt(buffer, offset, length, SLL2_LENGTH, 0);
        }
    }

    private void locateNull(final ByteOrder order, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < NULL_LENGTH)
        {
            unknown(offset);
            return;
        }
        final int family = buffer.getInt(offset, order);
        // a file that another machine has copied may have the family in the other order
        etherType = switch ((family & 0xffff_0000) == 0 ? family : Integer.reverseBytes(family))
        {
            case 2 -> EtherType.IPV4;
            case 10, 24, 28, 30 -> EtherType.IPV6;   // AF_INET6 of Linux, of NetBSD and OpenBSD, FreeBSD, macOS
            default -> PcapReader.NO_ETHER_TYPE;
        };
        networkOffset = offset + NULL_LENGTH;
    }

    private void locateRaw(final DirectBuffer buffer, final int offset, final int length)
    {
        networkOffset = offset;
        etherType = switch (length == 0 ? 0 : (buffer.getByte(offset) & 0xff) >>> 4)
        {
            case 4 -> EtherType.IPV4;
            case 6 -> EtherType.IPV6;
            default -> PcapReader.NO_ETHER_TYPE;
        };
    }

    private void locateEthernet(final DirectBuffer buffer, final int offset, final int length)
    {
        if (!ethernet.wrap(buffer, offset, length))
        {
            unknown(offset);
            return;
        }
        networkOffset = ethernet.payloadOffset();
        etherType = ethernet.etherType();
        if (etherType < MIN_ETHER_TYPE)
        {
            etherType = PcapReader.NO_ETHER_TYPE;
        }
    }

    private void locateAt(
        final DirectBuffer buffer, final int offset, final int length, final int headerLength, final int typeOffset)
    {
        if (length < headerLength)
        {
            unknown(offset);
            return;
        }
        etherType = buffer.getShort(offset + typeOffset, ByteOrder.BIG_ENDIAN) & 0xffff;
        networkOffset = offset + headerLength;
    }

    private void unknown(final int offset)
    {
        etherType = PcapReader.NO_ETHER_TYPE;
        networkOffset = offset;
    }
}
