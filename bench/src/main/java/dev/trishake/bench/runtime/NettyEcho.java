// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.runtime;

import dev.trishake.bench.UnavailableException;
import dev.trishake.transport.linux.Cpus;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Netty's epoll, a listener and an event loop for each thread as the engine has them, and a handler that echoes. */
final class NettyEcho implements EchoServer
{
    private static final int BACKLOG = 1024;
    private static final long PATIENCE_S = 5;

    private final List<EventLoopGroup> groups = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    NettyEcho(final int loops)
    {
        if (!Epoll.isAvailable())
        {
            throw new UnavailableException("Netty's native epoll does not load: " +
                Epoll.unavailabilityCause().getMessage());
        }
        final AtomicInteger number = new AtomicInteger();
        for (int i = 0; i < loops; i++)
        {
            final ThreadFactory factory = task -> thread(task, number.getAndIncrement());
            final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, factory, EpollIoHandler.newFactory());
            groups.add(group);
            final Channel listener = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(EpollChannelOption.SO_REUSEPORT, loops > 1)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Initializer())
                .bind(address)
                .syncUninterruptibly()
                .channel();
            address = (InetSocketAddress)listener.localAddress();
        }
    }

    private Thread thread(final Runnable task, final int number)
    {
        final Thread thread = Thread.ofPlatform().name("netty-echo-" + number).daemon().unstarted(() ->
        {
            Cpus.pin(EchoServer.cpu(number));
            task.run();
        });
        threads.add(thread);
        return thread;
    }

    @Override
    public InetSocketAddress address()
    {
        return address;
    }

    @Override
    public List<Thread> threads()
    {
        return threads;
    }

    @Override
    public void close()
    {
        groups.forEach(group -> group.shutdownGracefully(0, PATIENCE_S, TimeUnit.SECONDS).syncUninterruptibly());
    }

    /** One handler a connection, as people have it. */
    private static final class Initializer extends ChannelInitializer<Channel>
    {
        @Override
        protected void initChannel(final Channel channel)
        {
            channel.pipeline().addLast(new Echo());
        }
    }

    /** Sends back what comes. */
    private static final class Echo extends ChannelInboundHandlerAdapter
    {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // what a handler writes; nobody waits for it
        public void channelRead(final ChannelHandlerContext context, final Object message)
        {
            context.writeAndFlush(message);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // a close that fails has nobody to tell
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
        {
            context.close(); // the client's reset
        }
    }
}
