// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpResult;
import dev.trishake.transport.ListenException;

import java.net.InetSocketAddress;
import java.util.Arrays;

/** Where a core listens, by the core's numbers, and whose accept queue may hold something. */
final class TcpListeners
{
    private static final int FIRST_CHOSEN_PORT = 32_768;
    private static final int LAST_CHOSEN_PORT = 60_999;

    private final TcpCore core;
    private InetSocketAddress[] addresses = new InetSocketAddress[0];
    private boolean[] acceptable = new boolean[0];
    private int nextPort = FIRST_CHOSEN_PORT;

    TcpListeners(final TcpCore core)
    {
        this.core = core;
    }

    int open(final InetSocketAddress address, final int backlog)
    {
        if (address.isUnresolved())
        {
            throw ListenException.unresolved(address);
        }
        int port = address.getPort();
        int listener = listen(address, port == 0 ? nextPort : port, backlog);
        while (port == 0 && listener == TcpResult.ADDRESS_IN_USE && nextPort < LAST_CHOSEN_PORT)
        {
            nextPort++;
            listener = listen(address, nextPort, backlog);
        }
        port = port == 0 ? nextPort : port;
        if (listener < 0)
        {
            throw listener == TcpResult.ADDRESS_IN_USE ? ListenException.addressInUse(address) :
                ListenException.other(address, TcpResult.describe(listener));
        }
        if (listener >= addresses.length)
        {
            addresses = Arrays.copyOf(addresses, listener + 1);
            acceptable = Arrays.copyOf(acceptable, listener + 1);
        }
        addresses[listener] = new InetSocketAddress(address.getAddress(), port);
        return listener;
    }

    private int listen(final InetSocketAddress address, final int port, final int backlog)
    {
        return core.listen(
            TcpAddresses.high(address.getAddress()), TcpAddresses.low(address.getAddress()), port, backlog);
    }

    int count()
    {
        return addresses.length;
    }

    InetSocketAddress address(final int listener)
    {
        return addresses[listener];
    }

    void setAcceptable(final int listener, final boolean value)
    {
        acceptable[listener] = value;
    }

    boolean isAcceptable(final int listener)
    {
        return acceptable[listener];
    }
}
