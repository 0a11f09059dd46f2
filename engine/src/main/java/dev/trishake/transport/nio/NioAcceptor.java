// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.nio;

import dev.trishake.transport.Acceptor;
import dev.trishake.transport.ListenException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/**
 * An acceptor of {@code java.nio}: a connection is a slot in a table of channels, whose size is fixed at set-up.
 *
 * <p>A full table pauses as descriptors that have run out do. {@link #poll} selects before it accepts: an accept that
 * finds the queue empty costs several times as much (see the sibling on epoll).
 */
public final class NioAcceptor extends Acceptor
{
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final SelectionKey key;
    private final NioPeerAddress peer;
    private final SocketChannel[] channels;
    private final int[] freeSlots;
    private int freeCount;

    private NioAcceptor(
        final ServerSocketChannel listener,
        final Selector selector,
        final SelectionKey key,
        final SocketChannel[] channels,
        final int[] freeSlots,
        final NioPeerAddress peer) throws IOException
    {
        super((InetSocketAddress)listener.getLocalAddress(), peer);
        this.listener = listener;
        this.selector = selector;
        this.key = key;
        this.peer = peer;
        this.channels = channels;
        this.freeSlots = freeSlots;
        for (int slot = channels.length - 1; slot >= 0; slot--)
        {
            freeSlots[freeCount++] = slot;
        }
    }

    /**
     * {@return an acceptor that listens}
     *
     * @param address        IPv4 or IPv6; port 0 lets the system choose
     * @param backlog        length of the accept queue, at least 1; the system's limit applies
     * @param reusePort      whether other acceptors may listen there too, each with a share of the connections
     * @param maxConnections that are open at a time, at least 1
     * @throws ListenException when that can't be
     */
    public static NioAcceptor listen(
        final InetSocketAddress address, final int backlog, final boolean reusePort, final int maxConnections)
    {
        if (address.isUnresolved())
        {
            throw ListenException.unresolved(address);
        }
        if (backlog < 1 || maxConnections < 1)
        {
            throw new IllegalArgumentException(
                "backlog and maxConnections must be at least 1: " + backlog + ", " + maxConnections);
        }

        // before anything is open that would stay open if these did not fit
        final SocketChannel[] channels = new SocketChannel[maxConnections];
        final int[] freeSlots = new int[maxConnections];
        ServerSocketChannel listener = null;
        Selector selector = null;
        try
        {
            listener = ServerSocketChannel.open(address.getAddress() instanceof Inet6Address ?
                StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            listener.configureBlocking(false);
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (reusePort)
            {
                listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            listener.bind(address, backlog);
            selector = Selector.open();
            final SelectionKey key = listener.register(selector, SelectionKey.OP_ACCEPT);
            return new NioAcceptor(listener, selector, key, channels, freeSlots, new NioPeerAddress());
        }
        catch (final IOException | UnsupportedOperationException ex)
        {
            closeQuietly(selector);
            closeQuietly(listener);
            throw failure(address, ex);
        }
    }

    @Override
    protected boolean isReadable(final int timeoutMs)
    {
        try
        {
            final int ready = timeoutMs == 0 ? selector.selectNow() : selector.select(timeoutMs);
            selector.selectedKeys().clear();
            return ready > 0;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("the selector is broken: close this acceptor and listen again", ex);
        }
    }

    @Override
    protected void stopListening()
    {
        closeQuietly(selector);
        closeQuietly(listener);
    }

    /**
     * {@return the channel of a connection}
     *
     * @param connection that was handed over and not closed yet
     */
    public SocketChannel channel(final int connection)
    {
        return channels[connection];
    }

    @Override
    protected int waiting()
    {
        return isReadable(0) ? Integer.MAX_VALUE : 0;
    }

    @Override
    protected int accept()
    {
        if (freeCount == 0)
        {
            return EXHAUSTED;
        }

        final SocketChannel channel;
        try
        {
            channel = listener.accept();
        }
        catch (final IOException ex)
        {
            return EXHAUSTED; // too many open files, as a rule; the JDK goes on after ECONNABORTED by itself
        }
        if (channel == null)
        {
            return NONE_WAITING;
        }

        try
        {
            channel.configureBlocking(false);
        }
        catch (final IOException ex)
        {
            closeQuietly(channel);
            return LOST;
        }
        final int slot = freeSlots[--freeCount];
        channels[slot] = channel;
        peer.of(channel);
        return slot;
    }

    @Override
    protected void release(final int connection)
    {
        final SocketChannel channel = channels[connection];
        if (channel == null)
        {
            // its slot, given back twice, would be given to two connections
            assert false : "not open: " + connection;
            return;
        }
        closeQuietly(channel);
        channels[connection] = null;
        freeSlots[freeCount++] = connection;
    }

    @Override
    protected void interest(final boolean interested)
    {
        key.interestOps(interested ? SelectionKey.OP_ACCEPT : 0);
    }

    static RuntimeException failure(final InetSocketAddress address, final Exception ex)
    {
        if (ex instanceof UnsupportedOperationException)
        {
            return ex.getMessage() != null && ex.getMessage().contains("SO_REUSEPORT") ?
                ListenException.reusePortNotSupported(address) : ListenException.familyNotSupported(address);
        }
        // java.nio has one exception for all of bind's errors, and errno's text in its message
        final String reason = String.valueOf(ex.getMessage());
        final String words = reason.toLowerCase(Locale.ROOT);
        if (ex instanceof BindException && words.contains("in use"))
        {
            return ListenException.addressInUse(address);
        }
        if (ex instanceof BindException && words.contains("assign"))
        {
            return ListenException.addressNotAvailable(address);
        }
        if (words.contains("permission"))
        {
            return ListenException.noPermission(address);
        }
        return words.contains("too many open files") ?
            ListenException.noDescriptorLeft(address) : ListenException.other(address, '"' + reason + '"');
    }

    static void closeQuietly(final AutoCloseable resource)
    {
        try
        {
            if (resource != null)
            {
                resource.close();
            }
        }
        catch (final Exception ex)
        {
            // the descriptor is gone all the same: close(2)
        }
    }
}
