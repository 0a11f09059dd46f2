// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.nio;

import dev.trishake.transport.PeerAddress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Reads the address that the channel keeps, once a connection and only if the handler asks. */
final class NioPeerAddress implements PeerAddress
{
    private static final long IPV4_MAPPED_PREFIX = 0xffff_0000_0000L;

    private SocketChannel channel;
    private boolean known;
    private boolean ipv4;
    private long high;
    private long low;
    private int port;

    void of(final SocketChannel channel)
    {
        this.channel = channel;
    }

    @Override
    public boolean isKnown()
    {
        ask();
        return known;
    }

    @Override
    public boolean isIpv4()
    {
        ask();
        return ipv4;
    }

    @Override
    public long high()
    {
        ask();
        return high;
    }

    @Override
    public long low()
    {
        ask();
        return low;
    }

    @Override
    public int port()
    {
        ask();
        return port;
    }

    private void ask()
    {
        if (channel == null)
        {
            return;
        }

        final InetSocketAddress address = remoteAddress();
        channel = null;
        known = address != null;
        final byte[] octets = known ? address.getAddress().getAddress() : new byte[2 * Long.BYTES];
        ipv4 = octets.length == Integer.BYTES;
        final ByteBuffer reader = ByteBuffer.wrap(octets);
        high = ipv4 ? 0 : reader.getLong();
        low = ipv4 ? IPV4_MAPPED_PREFIX | Integer.toUnsignedLong(reader.getInt()) : reader.getLong();
        port = known ? address.getPort() : 0;
    }

    private InetSocketAddress remoteAddress()
    {
        try
        {
            return (InetSocketAddress)channel.getRemoteAddress();
        }
        catch (final IOException ex)
        {
            return null; // closed meanwhile: not known
        }
    }
}
