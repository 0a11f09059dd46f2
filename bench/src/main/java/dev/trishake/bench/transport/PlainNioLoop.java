// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;

/** A selector server as people write it: select, walk the selected keys, accept one connection a ready key. */
final class PlainNioLoop implements LoopServer.Loop
{
    private final Selector selector;
    private final ServerSocketChannel listener;

    PlainNioLoop(final InetSocketAddress address) throws IOException
    {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.configureBlocking(false);
        listener.bind(address, AcceptServer.BACKLOG);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    @Override
    public InetSocketAddress address() throws IOException
    {
        return (InetSocketAddress)listener.getLocalAddress();
    }

    @Override
    public void take(final int connections) throws IOException
    {
        int taken = 0;
        while (taken < connections)
        {
            selector.select();
            final Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
            while (keys.hasNext())
            {
                final SelectionKey key = keys.next();
                keys.remove();
                if (key.isAcceptable())
                {
                    final SocketChannel channel = ((ServerSocketChannel)key.channel()).accept();
                    if (channel != null)
                    {
                        channel.configureBlocking(false);
                        channel.close();
                        taken++;
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException
    {
        selector.close();
        listener.close();
    }
}
