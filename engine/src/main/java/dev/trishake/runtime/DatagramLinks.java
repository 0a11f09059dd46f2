// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.epoll.EpollDatagramLink;
import dev.trishake.transport.nio.NioDatagramLink;
import dev.trishake.transport.socket.SocketConfig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The links for datagrams that an engine can have: the kernel's UDP in two ways. */
public final class DatagramLinks
{
    private DatagramLinks()
    {
    }

    /**
     * {@return the kernel's UDP as this machine does it best: epoll on Linux, java.nio elsewhere}
     */
    public static DatagramLinkFactory kernel()
    {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux") ? epoll() : nio();
    }

    /**
     * {@return the kernel's UDP by Linux system calls}
     */
    public static DatagramLinkFactory epoll()
    {
        return new Native();
    }

    /**
     * {@return the kernel's UDP by java.nio}
     */
    public static DatagramLinkFactory nio()
    {
        return (agent, sharesPorts) -> new NioDatagramLink(new SocketConfig().reusePort(sharesPorts));
    }

    /**
     * {@return what to bind for so many connections of clients to a server: as many ports of the address that packets
     * to it come from}
     *
     * @param server      whom they connect to
     * @param connections at once, from each agent
     * @throws IllegalArgumentException when there is no way to the server
     */
    public static List<InetSocketAddress> clientSockets(final InetSocketAddress server, final int connections)
    {
        try (DatagramChannel channel = DatagramChannel.open())
        {
            channel.connect(server); // sends nothing, finds the way
            final InetAddress from = ((InetSocketAddress)channel.getLocalAddress()).getAddress();
            return Collections.nCopies(connections, new InetSocketAddress(from, 0));
        }
        catch (final IOException ex)
        {
            throw new IllegalArgumentException("there is no way to " + server.getAddress().getHostAddress() +
                ": look at this machine's routes", ex);
        }
    }

    /** Makes links that make system calls. */
    private static final class Native implements DatagramLinkFactory
    {
        @Override
        public DatagramLink create(final int agent, final boolean sharesPorts)
        {
            return new EpollDatagramLink(new SocketConfig().reusePort(sharesPorts));
        }

        @Override
        public boolean needsNativeAccess()
        {
            return true;
        }
    }
}
