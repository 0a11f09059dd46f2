// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.support.Allocation;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.transport.Link;
import dev.trishake.transport.StreamRecord;
import dev.trishake.transport.epoll.EpollStreamLink;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.sim.LoopbackLink;
import dev.trishake.transport.socket.SocketConfig;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** An agent's thread allocates nothing for a connection that is opened, echoes and is closed, whatever carries it. */
class AgentAllocationTest
{
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final int CAPACITY = 64;
    private static final int ROUND = 32;
    private static final int AT_ONCE = 2;
    private static final int PATIENCE = 1_000_000;

    private final RecordingHandler handler = new RecordingHandler();
    private final long[] connections = new long[AT_ONCE];
    private AgentRig rig;

    private void assertNone()
    {
        handler.isQuiet = true;
        handler.isEcho = true;
        rig.peers.isQuiet = true;
        Allocation.assertNone(ROUND, this::round);
        assertEquals(0, rig.errors.size(), rig.errors::toString);
        rig.close();
    }

    private long round()
    {
        final int before = handler.established;
        for (int i = 0; i < ROUND; i += AT_ONCE)
        {
            final long bytes = rig.peers.bytes;
            final int opened = rig.peers.opened;
            for (int j = 0; j < AT_ONCE; j++)
            {
                connections[j] = rig.peers.connectToServer();
            }
            turnUntil(opened + AT_ONCE, 0, false);
            for (int j = 0; j < AT_ONCE; j++)
            {
                rig.peers.send(connections[j], HELLO);
            }
            turnUntil(0, bytes + (long)AT_ONCE * HELLO.length, false);
            for (int j = 0; j < AT_ONCE; j++)
            {
                rig.peers.tell((j & 1) == 0 ? StreamRecord.ABORT : StreamRecord.CLOSE, connections[j]);
            }
            turnUntil(0, 0, true);
        }
        return (long)handler.established - before;
    }

    private void turnUntil(final int opened, final long bytes, final boolean isGone)
    {
        for (int i = 0; i < PATIENCE; i++)
        {
            if (rig.peers.opened >= opened && rig.peers.bytes >= bytes &&
                (!isGone || (rig.link().active() == 0 && rig.peers.link.active() == 0)))
            {
                return;
            }
            rig.turn();
        }
        throw new IllegalStateException("stuck");
    }

    @Test
    void shouldAllocateNothingOverEpoll()
    {
        assumeTrue(Libc.SUPPORTED, "Linux is needed");
        final SocketConfig config = new SocketConfig().connections(CAPACITY).outputBuffers(CAPACITY);
        rig = new AgentRig(Links.epoll(config), credits -> new EpollStreamLink(config, credits),
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), handler);
        assertNone();
    }

    @Test
    void shouldAllocateNothingOverOurTcp()
    {
        final LoopbackLink wire = LoopbackLink.pair(Link.LINKTYPE_RAW, 1 << 20);
        final InetAddress ours = InetAddress.ofLiteral("10.0.0.1");
        rig = new AgentRig(Links.tcp(agent -> wire, () -> config(1), List.of(ours)),
            credits -> new TcpStreamLink(
                wire.peer(), config(2), List.of(InetAddress.ofLiteral("10.0.0.2")), credits, 0),
            new InetSocketAddress(ours, 0), handler);
        assertNone();
    }

    private static TcpConfig config(final long secret)
    {
        return new TcpConfig(secret, secret).connections(CAPACITY).buffers(2 * CAPACITY).bufferLength(1 << 14)
            .timeWait(2048).halfOpen(256).timeWaitNs(1_000_000).finTimeoutNs(1_000_000_000L);
    }
}
