// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Echoes with the kernel's TCP: what our own listener is measured against. */
final class EchoServer implements Runnable, AutoCloseable
{
    private static final int BUFFER_LENGTH = 4096;

    private final ServerSocketChannel listener;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private volatile boolean closed;

    /** Listens, in the network namespace of the calling thread. */
    EchoServer(final InetSocketAddress address, final int backlog) throws IOException
    {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(address, backlog);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    @Override
    public void run()
    {
        try
        {
            while (!closed)
            {
                selector.select();
                for (final SelectionKey key : selector.selectedKeys())
                {
                    if (key.isAcceptable())
                    {
                        accept();
                    }
                    else
                    {
                        echo((SocketChannel)key.channel());
                    }
                }
                selector.selectedKeys().clear();
            }
            for (final SelectionKey key : selector.keys())
            {
                key.channel().close();
            }
            selector.close();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void accept() throws IOException
    {
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept())
        {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    private void echo(final SocketChannel channel) throws IOException
    {
        try
        {
            if (channel.read(buffer.clear()) < 0)
            {
                channel.close();
                return;
            }
            channel.write(buffer.flip()); // lines are short: they fit
        }
        catch (final IOException ex)
        {
            channel.close(); // reset by its client
        }
    }

    @Override
    public void close()
    {
        closed = true;
        selector.wakeup();
    }
}
