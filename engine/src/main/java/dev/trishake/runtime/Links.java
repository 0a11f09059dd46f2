// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.tcp.TcpConfig;
import dev.trishake.transport.Link;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.epoll.EpollStreamLink;
import dev.trishake.transport.nio.NioStreamLink;
import dev.trishake.transport.socket.SocketConfig;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** The stream links that an engine can have: the kernel's TCP in two ways, and our own over packets. */
public final class Links
{
    /** Of slow connections; those of others are empty. */
    private static final int MAX_OUTPUT_BUFFERS = 4096;

    private Links()
    {
    }

    /**
     * {@return the kernel's TCP as this machine does it best: epoll on Linux, java.nio elsewhere}
     *
     * @param connections of each agent at once
     */
    public static StreamLinkFactory kernel(final int connections)
    {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux") ?
            epoll(connections) : nio(connections);
    }

    /**
     * {@return the kernel's TCP by epoll; ports are shared where there are several agents}
     *
     * @param connections of each agent at once
     */
    public static StreamLinkFactory epoll(final int connections)
    {
        return new Native((agent, agents, credits, nowNs) ->
            new EpollStreamLink(shared(connections, agents), credits));
    }

    /**
     * {@return the kernel's TCP by epoll}
     *
     * @param config of each agent's sockets; must share ports where there are several agents
     */
    public static StreamLinkFactory epoll(final SocketConfig config)
    {
        return new Native((agent, agents, credits, nowNs) -> new EpollStreamLink(config, credits));
    }

    /**
     * {@return the kernel's TCP by java.nio; ports are shared where there are several agents}
     *
     * @param connections of each agent at once
     */
    public static StreamLinkFactory nio(final int connections)
    {
        return (agent, agents, credits, nowNs) -> new NioStreamLink(shared(connections, agents), credits);
    }

    /**
     * {@return the kernel's TCP by java.nio}
     *
     * @param config of each agent's sockets; must share ports where there are several agents
     */
    public static StreamLinkFactory nio(final SocketConfig config)
    {
        return (agent, agents, credits, nowNs) -> new NioStreamLink(config, credits);
    }

    /**
     * {@return our own TCP over packets}
     *
     * @param packets   makes each agent's packet link, like a queue of a TUN device
     * @param config    makes each agent's configuration, without addresses
     * @param addresses ours
     */
    public static StreamLinkFactory tcp(
        final IntFunction<Link> packets, final Supplier<TcpConfig> config, final List<InetAddress> addresses)
    {
        return new Native((agent, agents, credits, nowNs) ->
            new TcpStreamLink(packets.apply(agent), config.get(), addresses, credits, nowNs));
    }

    private static SocketConfig shared(final int connections, final int agents)
    {
        return new SocketConfig().connections(connections)
            .outputBuffers(Math.min(connections, MAX_OUTPUT_BUFFERS)).reusePort(agents > 1);
    }

    /** A factory whose links make system calls. */
    private record Native(StreamLinkFactory factory) implements StreamLinkFactory
    {
        @Override
        public StreamLink create(final int agent, final int agents, final StreamCredits credits, final long nowNs)
        {
            return factory.create(agent, agents, credits, nowNs);
        }

        @Override
        public boolean needsNativeAccess()
        {
            return true;
        }
    }
}
