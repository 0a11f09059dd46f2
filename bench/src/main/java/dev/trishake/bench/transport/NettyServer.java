// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.bench.ServerThreads;
import dev.trishake.bench.UnavailableException;
import dev.trishake.transport.linux.Cpus;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Netty with one event loop for the listener and its connections, and a handler that closes an active channel. */
final class NettyServer implements AcceptServer
{
    private static final long PATIENCE_S = 10;

    private final Gate gate = new Gate();
    private final EventLoopGroup group;
    private final Channel listener;
    private volatile Thread thread;

    private NettyServer(
        final IoHandlerFactory ioHandler, final Class<? extends ServerChannel> type, final int cpu)
    {
        final ThreadFactory threads = task -> thread(task, cpu);
        group = new MultiThreadIoEventLoopGroup(1, threads, ioHandler);
        final CloseAtOnce closeAtOnce = new CloseAtOnce(gate);
        listener = new ServerBootstrap()
            .group(group)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childHandler(closeAtOnce)
            .bind(TcpAcceptBenchmark.LOOPBACK)
            .syncUninterruptibly()
            .channel();
        group.execute(closeAtOnce::waitForBurst);
    }

    static NettyServer nio(final int cpu)
    {
        return new NettyServer(NioIoHandler.newFactory(), NioServerSocketChannel.class, cpu);
    }

    static NettyServer epoll(final int cpu)
    {
        if (!Epoll.isAvailable())
        {
            throw new UnavailableException("Netty's native epoll does not load: " +
                Epoll.unavailabilityCause().getMessage());
        }
        return new NettyServer(EpollIoHandler.newFactory(), EpollServerSocketChannel.class, cpu);
    }

    @Override
    public InetSocketAddress address()
    {
        return (InetSocketAddress)listener.localAddress();
    }

    @Override
    public void serve(final int connections)
    {
        gate.open(connections);
    }

    @Override
    public ServerThreads.Registration register()
    {
        return ServerThreads.register(thread);
    }

    @Override
    public void close()
    {
        gate.stop();
        listener.close().syncUninterruptibly();
        group.shutdownGracefully(0, PATIENCE_S, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Thread thread(final Runnable task, final int cpu)
    {
        final Runnable pinned = () ->
        {
            Cpus.pin(cpu);
            task.run();
        };
        thread = Thread.ofPlatform().name("netty-server").daemon().unstarted(pinned);
        return thread;
    }

    /** Counts on the event loop's thread, and holds it at the gate between bursts. */
    @ChannelHandler.Sharable
    private static final class CloseAtOnce extends ChannelInboundHandlerAdapter
    {
        private final Gate gate;
        private int left;

        private CloseAtOnce(final Gate gate)
        {
            this.gate = gate;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // what a handler writes; a close that fails has nobody to tell
        public void channelActive(final ChannelHandlerContext context)
        {
            context.close();
            if (--left == 0)
            {
                gate.shut();
                waitForBurst();
            }
        }

        private void waitForBurst()
        {
            left = gate.pass();
        }
    }
}
