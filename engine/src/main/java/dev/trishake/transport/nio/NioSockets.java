// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.nio;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.Acceptor;
import dev.trishake.transport.StreamResult;
import dev.trishake.transport.socket.SocketConfig;
import dev.trishake.transport.socket.Sockets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Sockets by {@code java.nio}. A selector is level-triggered: what is not wanted leaves its interest set.
 *
 * <p>Listening sockets have selectors of their own ({@link NioAcceptor}), which are asked whenever accepting is
 * possible: a selector can't be watched by another one.
 */
final class NioSockets implements Sockets
{
    private static final int MAX_MOVE = 1 << 16;

    private final SocketConfig config;
    private final Selector selector;
    private final Connection[] connections;
    private final List<Boolean> listening = new ArrayList<>();
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(MAX_MOVE);
    private final Consumer<SelectionKey> onSelected = this::onSelected;
    private Readiness readiness;

    /** What a selection key has attached: there is one a slot. */
    private static final class Connection
    {
        long handle;
        SocketChannel channel;
        SelectionKey key;
        boolean ended;
    }

    NioSockets(final SocketConfig config)
    {
        this.config = config;
        connections = new Connection[config.connections()];
        for (int i = 0; i < connections.length; i++)
        {
            connections[i] = new Connection();
        }
        try
        {
            selector = Selector.open();
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(
                "cannot make a selector (" + ex.getMessage() + "): raise the limit of descriptors or close some", ex);
        }
    }

    @Override
    public int gather(final Readiness told, final int timeoutMs)
    {
        readiness = told;
        int count = 0;
        for (int i = 0; i < listening.size(); i++)
        {
            if (listening.get(i))
            {
                told.onAcceptable(i);
            }
        }
        try
        {
            count = timeoutMs <= 0 ? selector.selectNow(onSelected) : selector.select(onSelected, timeoutMs);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("the selector is broken: close this link and make another", ex);
        }
        return count;
    }

    @Override
    public Acceptor listen(final InetSocketAddress address, final int backlog, final int listener)
    {
        final NioAcceptor acceptor =
            NioAcceptor.listen(address, backlog, config.reusePort(), config.connections());
        listening.add(true);
        return acceptor;
    }

    @Override
    public void listening(final int listener, final Acceptor acceptor, final boolean on)
    {
        listening.set(listener, on);
    }

    @Override
    public boolean adopt(final int slot, final long handle, final Acceptor acceptor, final int socket)
    {
        final SocketChannel channel = ((NioAcceptor)acceptor).channel(socket);
        try
        {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, config.noDelay());
            register(connections[slot], handle, channel, SelectionKey.OP_READ);
            return true;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    @Override
    public int connect(final int slot, final long handle, final FourTuple tuple)
    {
        SocketChannel channel = null;
        try
        {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, config.noDelay());
            if (tuple.localPort() != 0 || tuple.localLow() != 0 || tuple.localHigh() != 0)
            {
                channel.bind(SocketAddresses.of(tuple.localHigh(), tuple.localLow(), tuple.localPort()));
            }
            channel.connect(SocketAddresses.of(tuple.remoteHigh(), tuple.remoteLow(), tuple.remotePort()));
            register(connections[slot], handle, channel, SelectionKey.OP_CONNECT);
            return slot;
        }
        catch (final IOException | UnresolvedAddressException | UnsupportedAddressTypeException ex)
        {
            NioAcceptor.closeQuietly(channel);
            return result(ex);
        }
    }

    @Override
    public int finishConnect(final int slot, final int socket)
    {
        try
        {
            return connections[slot].channel.finishConnect() ? StreamResult.OK : StreamResult.BACK_PRESSURED;
        }
        catch (final IOException ex)
        {
            return result(ex);
        }
    }

    @Override
    public void localAddress(final int slot, final int socket, final FourTuple tuple)
    {
        try
        {
            SocketAddresses.local((InetSocketAddress)connections[slot].channel.getLocalAddress(), tuple);
        }
        catch (final IOException ex)
        {
            tuple.local(0, 0, 0); // closed meanwhile: the next read says so
        }
    }

    @Override
    public int error(final int slot, final int socket)
    {
        return StreamResult.RESET;
    }

    @Override
    public int read(
        final int slot, final int socket, final MutableDirectBuffer buffer, final int offset, final int length)
    {
        final Connection connection = connections[slot];
        try
        {
            bytes.clear().limit(Math.min(length, MAX_MOVE));
            final int count = connection.channel.read(bytes);
            if (count < 0)
            {
                connection.ended = true;
                connection.key.interestOpsAnd(~SelectionKey.OP_READ);
                return END;
            }
            buffer.putBytes(offset, bytes, 0, count);
            return count;
        }
        catch (final IOException ex)
        {
            return result(ex);
        }
    }

    @Override
    public int write(final int slot, final int socket, final DirectBuffer buffer, final int offset, final int length)
    {
        try
        {
            int taken = 0;
            int count = 1;
            while (taken < length && count > 0)
            {
                final int piece = Math.min(length - taken, MAX_MOVE);
                bytes.clear();
                buffer.getBytes(offset + taken, bytes, 0, piece);
                count = connections[slot].channel.write(bytes.position(0).limit(piece));
                taken += count;
            }
            return taken;
        }
        catch (final IOException ex)
        {
            return result(ex);
        }
    }

    @Override
    public void interest(
        final int slot, final int socket, final long handle, final boolean input, final boolean output)
    {
        final Connection connection = connections[slot];
        try
        {
            connection.key.interestOps((input && !connection.ended ? SelectionKey.OP_READ : 0) |
                (output ? SelectionKey.OP_WRITE : 0));
        }
        catch (final CancelledKeyException ex)
        {
            connection.ended = true; // its channel is closed: the next move says so
        }
    }

    @Override
    public void shutdown(final int slot, final int socket)
    {
        try
        {
            connections[slot].channel.shutdownOutput();
        }
        catch (final IOException ex)
        {
            connections[slot].ended = true; // not connected any more: the next read says so
        }
    }

    @Override
    public void resetOnClose(final int slot, final int socket)
    {
        try
        {
            connections[slot].channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        catch (final IOException ex)
        {
            connections[slot].ended = true; // nobody is there any more to be told
        }
    }

    @Override
    public void close(final int slot, final int socket, final Acceptor acceptor)
    {
        final Connection connection = connections[slot];
        if (acceptor != null)
        {
            acceptor.close(socket);
        }
        else
        {
            NioAcceptor.closeQuietly(connection.channel);
        }
        connection.channel = null;
        connection.key = null;
        connection.ended = false;
        try
        {
            selector.selectNow(); // only now is the descriptor closed, and the peer told
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("the selector is broken: close this link and make another", ex);
        }
    }

    @Override
    public void close()
    {
        NioAcceptor.closeQuietly(selector);
    }

    private void register(
        final Connection connection, final long handle, final SocketChannel channel, final int operations)
        throws IOException
    {
        connection.handle = handle;
        connection.channel = channel;
        connection.ended = false;
        connection.key = channel.register(selector, operations, connection);
    }

    private void onSelected(final SelectionKey key)
    {
        if (!key.isValid())
        {
            return;
        }
        final int ready = key.readyOps();
        final boolean writable = (ready & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0;
        if ((ready & SelectionKey.OP_WRITE) != 0)
        {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
        readiness.onReady(
            ((Connection)key.attachment()).handle, (ready & SelectionKey.OP_READ) != 0, writable, false, false);
    }

    /** java.nio has few exceptions for errno's many values, and errno's text in their messages. */
    private static int result(final Exception ex)
    {
        final String words = String.valueOf(ex.getMessage()).toLowerCase(Locale.ROOT);
        if (words.contains("timed out"))
        {
            return StreamResult.TIMED_OUT;
        }
        if (words.contains("too many open files"))
        {
            return StreamResult.NO_CAPACITY;
        }
        return switch (ex)
        {
            case BindException bind -> StreamResult.ADDRESS_IN_USE;
            case ConnectException connect ->
                words.contains("assign") ? StreamResult.ADDRESS_IN_USE : StreamResult.REFUSED;
            case NoRouteToHostException noRoute ->
                words.contains("assign") ? StreamResult.ADDRESS_IN_USE : StreamResult.UNREACHABLE;
            case UnresolvedAddressException unresolved -> StreamResult.UNREACHABLE;
            case UnsupportedAddressTypeException unsupported -> StreamResult.UNREACHABLE;
            default -> words.contains("unreachable") ? StreamResult.UNREACHABLE : StreamResult.RESET;
        };
    }
}
