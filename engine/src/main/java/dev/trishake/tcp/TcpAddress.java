// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** How addresses are held: 128 bits in two halves, an IPv4 address IPv4-mapped, RFC 4291 2.5.5.2. */
final class TcpAddress
{
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;
    private static final long IPV4_MASK = 0xffff_ffffL;
    private static final int IPV4_BROADCAST = -1;
    private static final int IPV4_MULTICAST = 0xe;
    private static final int IPV6_MULTICAST = 0xff;

    private TcpAddress()
    {
    }

    static long mapped(final int address)
    {
        return IPV4_MAPPED | (address & IPV4_MASK);
    }

    /** Whether one host can have this address: not unspecified, not multicast, not broadcast. */
    static boolean isUnicast(final long high, final long low)
    {
        if (high == 0 && (low & ~IPV4_MASK) == IPV4_MAPPED)
        {
            final int address = (int)low;
            return address != 0 && address != IPV4_BROADCAST && address >>> 28 != IPV4_MULTICAST;
        }
        return (high | low) != 0 && high >>> 56 != IPV6_MULTICAST;
    }
}
