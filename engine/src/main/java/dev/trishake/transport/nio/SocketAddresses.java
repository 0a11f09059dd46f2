// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.nio;

import dev.trishake.session.FourTuple;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Addresses as the JDK has them, from and to numbers. Allocates. */
final class SocketAddresses
{
    private SocketAddresses()
    {
    }

    /** {@return the address; IPv4 where it is IPv4-mapped} */
    static InetSocketAddress of(final long high, final long low, final int port)
    {
        try
        {
            return new InetSocketAddress(InetAddress.getByAddress(
                ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array()), port);
        }
        catch (final UnknownHostException ex)
        {
            throw new AssertionError("16 bytes are always an address", ex);
        }
    }

    /** Sets our side of a tuple. */
    static void local(final InetSocketAddress address, final FourTuple tuple)
    {
        final ByteBuffer octets = ByteBuffer.wrap(address.getAddress().getAddress());
        if (octets.capacity() == Integer.BYTES)
        {
            tuple.localIpv4(octets.getInt(), address.getPort());
        }
        else
        {
            tuple.local(octets.getLong(), octets.getLong(), address.getPort());
        }
    }

    /** Sets the peer's side of a tuple. */
    static void remote(final InetSocketAddress address, final FourTuple tuple)
    {
        final ByteBuffer octets = ByteBuffer.wrap(address.getAddress().getAddress());
        if (octets.capacity() == Integer.BYTES)
        {
            tuple.remoteIpv4(octets.getInt(), address.getPort());
        }
        else
        {
            tuple.remote(octets.getLong(), octets.getLong(), address.getPort());
        }
    }
}
