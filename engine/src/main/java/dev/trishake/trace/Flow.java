// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * Who sends to whom: two addresses of one family and, for TCP and UDP, two ports. An IPv4 address is the low half.
 *
 * @param v6         whether the addresses are IPv6
 * @param sourceHigh upper half of the source address
 * @param sourceLow  lower half of the source address
 * @param targetHigh upper half of the destination address
 * @param targetLow  lower half of the destination address
 * @param srcPort    source port, or 0
 * @param dstPort    destination port, or 0
 */
record Flow(
    boolean v6, long sourceHigh, long sourceLow, long targetHigh, long targetLow, int srcPort, int dstPort)
{
    private static final long UNSIGNED = 0xffff_ffffL;
    private static final int IPV6_SOURCE_OFFSET = 8;
    private static final int LOCALHOST_IPV4 = 0x7f00_0001;

    static Flow of(final Ipv4Flyweight ip)
    {
        return new Flow(false, 0, ip.source() & UNSIGNED, 0, ip.destination() & UNSIGNED, 0, 0);
    }

    static Flow of(final Ipv6Flyweight ip)
    {
        return new Flow(
            true, ip.sourceHigh(), ip.sourceLow(), ip.destinationHigh(), ip.destinationLow(), 0, 0);
    }

    /** The addresses of an IPv6 header, whatever follows it. */
    static Flow ofIpv6(final DirectBuffer buffer, final int offset)
    {
        final int at = offset + IPV6_SOURCE_OFFSET;
        return new Flow(
            true,
            buffer.getLong(at, ByteOrder.BIG_ENDIAN), buffer.getLong(at + 8, ByteOrder.BIG_ENDIAN),
            buffer.getLong(at + 16, ByteOrder.BIG_ENDIAN), buffer.getLong(at + 24, ByteOrder.BIG_ENDIAN), 0, 0);
    }

    Flow withPorts(final int source, final int target)
    {
        return new Flow(v6, sourceHigh, sourceLow, targetHigh, targetLow, source, target);
    }

    Flow reversed()
    {
        return new Flow(v6, targetHigh, targetLow, sourceHigh, sourceLow, dstPort, srcPort);
    }

    /** {@return true when the other direction is the one that stands for both: it has the lower port or address} */
    boolean isReverse()
    {
        if (srcPort != dstPort)
        {
            return srcPort > dstPort;
        }
        final int high = Long.compareUnsigned(sourceHigh, targetHigh);
        return high != 0 ? high > 0 : Long.compareUnsigned(sourceLow, targetLow) > 0;
    }

    void appendSource(final StringBuilder out, final boolean numeric)
    {
        appendHost(out, numeric, sourceHigh, sourceLow);
    }

    void appendTarget(final StringBuilder out, final boolean numeric)
    {
        appendHost(out, numeric, targetHigh, targetLow);
    }

    private void appendHost(final StringBuilder out, final boolean numeric, final long high, final long low)
    {
        if (!numeric && high == 0 && low == (v6 ? 1 : LOCALHOST_IPV4))
        {
            out.append(Services.LOCALHOST);
        }
        else if (v6)
        {
            Text.appendIpv6(out, high, low);
        }
        else
        {
            Text.appendIpv4(out, (int)low);
        }
    }
}
