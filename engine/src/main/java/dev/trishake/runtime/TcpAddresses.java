// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.tcp.TcpConfig;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** Addresses as the JDK has them and as a four-tuple does: two halves, IPv4 mapped, any address 0. */
final class TcpAddresses
{
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;

    private final boolean[] areIpv4;
    private final long[] highs;
    private final long[] lows;

    TcpAddresses(final List<InetAddress> own)
    {
        areIpv4 = new boolean[own.size()];
        highs = own.stream().mapToLong(TcpAddresses::high).toArray();
        lows = own.stream().mapToLong(TcpAddresses::low).toArray();
        for (int i = 0; i < areIpv4.length; i++)
        {
            areIpv4[i] = own.get(i) instanceof Inet4Address;
        }
    }

    static long high(final InetAddress address)
    {
        return address instanceof Inet4Address ? 0 : ByteBuffer.wrap(address.getAddress()).getLong();
    }

    static long low(final InetAddress address)
    {
        if (address.isAnyLocalAddress())
        {
            return 0;
        }
        final ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address ? IPV4_MAPPED | Integer.toUnsignedLong(octets.getInt()) :
            octets.getLong(Long.BYTES);
    }

    void addTo(final TcpConfig config)
    {
        for (int i = 0; i < highs.length; i++)
        {
            config.address(highs[i], lows[i]);
        }
    }

    /** Puts our first address of the peer's family where a tuple has none. */
    void complete(final FourTuple tuple)
    {
        if ((tuple.localHigh() | tuple.localLow()) != 0)
        {
            return;
        }
        final boolean isIpv4 = tuple.remoteHigh() == 0 && tuple.remoteLow() >>> 32 == IPV4_MAPPED >>> 32;
        for (int i = 0; i < highs.length; i++)
        {
            if (areIpv4[i] == isIpv4)
            {
                tuple.local(highs[i], lows[i], tuple.localPort());
                return;
            }
        }
    }
}
