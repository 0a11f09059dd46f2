// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.nio;

import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.DatagramLinkContract;
import dev.trishake.transport.socket.SocketConfig;

class NioDatagramLinkTest extends DatagramLinkContract
{
    @Override
    protected DatagramLink server()
    {
        return new NioDatagramLink(new SocketConfig());
    }

    @Override
    protected DatagramLink client()
    {
        return server();
    }

    @Override
    protected boolean allocatesNothing()
    {
        return false; // the JDK does: addresses
    }
}
