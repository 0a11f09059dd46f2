// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.support.Scale;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.transport.Link;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamLinkContract;
import dev.trishake.transport.epoll.EpollStreamLink;
import dev.trishake.transport.packet.OwnNamespace;
import dev.trishake.transport.packet.VethPair;
import dev.trishake.transport.socket.SocketConfig;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Our TCP over a real packet link, and the kernel's TCP at the other end of it. */
@ExtendWith(OwnNamespace.class)
abstract class KernelPeerContract extends StreamLinkContract
{
    private final boolean isOursServer;
    private final boolean isIpv4;

    /**
     * For one role.
     *
     * @param isOursServer whether ours is the server, else the client
     * @param isIpv4       whether they speak IPv4, else IPv6
     */
    KernelPeerContract(final boolean isOursServer, final boolean isIpv4)
    {
        this.isOursServer = isOursServer;
        this.isIpv4 = isIpv4;
    }

    /** {@return the link to the kernel, whose addresses are those of {@link VethPair}} */
    abstract Link link() throws Exception;

    @Override
    protected final StreamLink server(final StreamCredits credits)
    {
        return isOursServer ? ours(credits) : kernels(credits);
    }

    @Override
    protected final StreamLink client(final StreamCredits credits)
    {
        return isOursServer ? kernels(credits) : ours(credits);
    }

    @Override
    protected final InetSocketAddress listenAddress()
    {
        return new InetSocketAddress(address(isOursServer), isOursServer ? 80 : 0);
    }

    private InetAddress address(final boolean isOurs)
    {
        if (isIpv4)
        {
            return isOurs ? VethPair.ENGINE_4 : VethPair.KERNEL_4;
        }
        return isOurs ? VethPair.ENGINE_6 : VethPair.KERNEL_6;
    }

    @Override
    protected int manyConnections()
    {
        return Scale.pick(4_000, 20_000);
    }

    private StreamLink ours(final StreamCredits credits)
    {
        try
        {
            return new TcpStreamLink(link(), new TcpConfig(1, 2)
                .connections(CAPACITY).buffers(2 * CAPACITY).bufferLength(BUFFER_LENGTH).timeWait(2048).halfOpen(256)
                .timeWaitNs(1_000_000).finTimeoutNs(1_000_000_000L), List.of(address(true)), credits, 0);
        }
        catch (final Exception ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static StreamLink kernels(final StreamCredits credits)
    {
        return new EpollStreamLink(
            new SocketConfig().connections(CAPACITY).outputBufferLength(BUFFER_LENGTH), credits);
    }
}
