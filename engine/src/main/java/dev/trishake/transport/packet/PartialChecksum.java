// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Completes the checksums that a kernel of this machine has left to a network card that was never there: the packet has
 * not been on a wire, and its field has the sum of the pseudo-header only.
 */
final class PartialChecksum
{
    private static final int TCP_OFFSET = 16;
    private static final int UDP_OFFSET = 6;

    private final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
    private final Ipv6Flyweight ipv6 = new Ipv6Flyweight();

    /** Completes the checksum of an IP packet; {@return whether it has one that we know} */
    boolean complete(final MutableDirectBuffer buffer, final int offset, final int length)
    {
        if (length > 0 && buffer.getByte(offset) >>> 4 == 4)
        {
            return ipv4.wrap(buffer, offset, length) && !ipv4.isFragment() && complete(
                buffer, ipv4.protocol(), ipv4.payloadOffset(), ipv4.payloadLength(),
                ipv4.pseudoHeader(ipv4.payloadLength()));
        }
        return ipv6.wrap(buffer, offset, length) && !ipv6.isFragment() && complete(
            buffer, ipv6.protocol(), ipv6.payloadOffset(), ipv6.payloadLength(),
            ipv6.pseudoHeader(ipv6.payloadLength()));
    }

    private static boolean complete(
        final MutableDirectBuffer buffer, final int protocol, final int offset, final int length,
        final int pseudoHeader)
    {
        final int field = protocol == IpProtocol.TCP ? TCP_OFFSET : UDP_OFFSET;
        if ((protocol != IpProtocol.TCP && protocol != IpProtocol.UDP) || length < field + Short.BYTES)
        {
            return false;
        }
        buffer.putShort(offset + field, (short)0);
        final int checksum = Checksum.complement(pseudoHeader + Checksum.sum(buffer, offset, length));
        // RFC 768: 0 says that there is none
        buffer.putShort(
            offset + field, (short)(protocol == IpProtocol.UDP && checksum == 0 ? -1 : checksum), BIG_ENDIAN);
        return true;
    }
}
