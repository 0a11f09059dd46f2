// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.tcp.TcpConfig;
import dev.trishake.transport.Link;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamLinkContract;
import dev.trishake.transport.sim.LoopbackLink;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Our TCP at both ends of a wire, as a stream link like any other. */
class TcpStreamLinkTest extends StreamLinkContract
{
    private static final InetAddress SERVER = InetAddress.ofLiteral("10.0.0.1");
    private static final InetAddress CLIENT = InetAddress.ofLiteral("10.0.0.2");

    private LoopbackLink wire;

    @Override
    protected StreamLink server(final StreamCredits credits)
    {
        wire = LoopbackLink.pair(Link.LINKTYPE_RAW, 1 << 20);
        return new TcpStreamLink(wire, config(1), List.of(SERVER), credits, 0);
    }

    @Override
    protected StreamLink client(final StreamCredits credits)
    {
        return new TcpStreamLink(wire.peer(), config(2), List.of(CLIENT), credits, 0);
    }

    @Override
    protected InetSocketAddress listenAddress()
    {
        return new InetSocketAddress(SERVER, 0);
    }

    @Override
    protected int manyConnections()
    {
        return 20_000;
    }

    private static TcpConfig config(final long secret)
    {
        return new TcpConfig(secret, secret).connections(CAPACITY).buffers(2 * CAPACITY).bufferLength(BUFFER_LENGTH)
            .timeWait(2048).halfOpen(256)
            .timeWaitNs(1_000_000).finTimeoutNs(1_000_000_000L);
    }
}
