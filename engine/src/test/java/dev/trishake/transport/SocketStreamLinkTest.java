// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.epoll.EpollStreamLink;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.socket.SocketConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What links over kernel sockets do beyond the contract, seen with epoll. */
@Timeout(60)
class SocketStreamLinkTest
{
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int BUFFER_LENGTH = 1 << 14;

    private final List<StreamHost> hosts = new ArrayList<>();
    private final FourTuple tuple = new FourTuple();
    private long nowNs = 1;

    @BeforeEach
    void needsLinux()
    {
        assumeTrue(Libc.SUPPORTED, "Linux's system calls");
    }

    @AfterEach
    void closeLinks()
    {
        hosts.forEach(host -> host.link.close());
    }

    private static SocketConfig config()
    {
        return new SocketConfig().connections(64).outputBufferLength(BUFFER_LENGTH);
    }

    private StreamHost host(final SocketConfig config)
    {
        final StreamHost host = new StreamHost(credits -> new EpollStreamLink(config, credits));
        hosts.add(host);
        return host;
    }

    private long connect(final StreamHost client, final int port)
    {
        tuple.local(0, 0, 0).remoteIpv4(0x7f00_0001, port);
        return client.link.connect(tuple, nowNs);
    }

    private void turn()
    {
        nowNs += 100_000;
        hosts.forEach(host -> host.doWork(nowNs));
    }

    private void until(final String what, final BooleanSupplier isSo)
    {
        final long patienceNs = System.nanoTime() + 10_000_000_000L;
        while (!isSo.getAsBoolean())
        {
            turn();
            assertTrue(System.nanoTime() - patienceNs < 0, () -> "in vain: " + what);
        }
    }

    private static int listen(final StreamHost host, final InetSocketAddress address)
    {
        return host.link.localAddress(host.link.listen(address, 64)).getPort();
    }

    @Test
    void shouldShareAPortAmongLinks()
    {
        final StreamHost one = host(config().reusePort(true));
        final StreamHost two = host(config().reusePort(true));
        final StreamHost client = host(config());
        final int port = listen(one, new InetSocketAddress(LOOPBACK, 0));
        listen(two, new InetSocketAddress(LOOPBACK, port));
        for (int i = 0; i < 64; i++)
        {
            assertTrue(connect(client, port) > 0);
        }
        until("all accepted", () -> one.opened + two.opened == 64);
        assertTrue(one.opened > 0 && two.opened > 0, one.opened + " and " + two.opened);
    }

    @Test
    void shouldAcceptThoseWhoHaveSpoken()
    {
        final StreamHost server = host(config().deferAcceptS(30));
        final StreamHost client = host(config());
        final int port = listen(server, new InetSocketAddress(LOOPBACK, 0));
        final long silent = connect(client, port);
        final long handle = connect(client, port);
        until("open at the client", () -> client.opened == 2);
        for (int i = 0; i < 50; i++)
        {
            turn();
        }
        assertEquals(0, server.opened);
        client.send(handle, new byte[] {1, 2, 3});
        until("data", () -> server.bytes == 3);
        assertEquals(1, server.opened);
        assertTrue(silent > 0);
    }

    @Test
    void shouldAcceptInOneCycleAllThatWaitAskingForEach()
    {
        final StreamHost server = host(config());
        final StreamHost client = host(config());
        final int port = listen(server, new InetSocketAddress(LOOPBACK, 0));
        server.acceptCredit = 0;
        for (int i = 0; i < 5; i++)
        {
            assertTrue(connect(client, port) > 0);
        }
        until("in the queue", () -> client.opened == 5);
        server.acceptCredit = 1; // at a time
        server.link.resumeAccepting();
        server.doWork(nowNs);
        assertEquals(5, server.opened);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void shouldTellToWhichAddressAConnectionCame(final String any)
    {
        final StreamHost server = host(config());
        final StreamHost client = host(config());
        final int port = listen(server, new InetSocketAddress(InetAddress.ofLiteral(any), 0));
        tuple.local(0, 0, 0).remoteIpv4(0x7f00_0003, port);
        assertTrue(client.link.connect(tuple, nowNs) > 0);
        until("open", () -> server.opened == 1 && client.opened == 1);
        assertEquals(new FourTuple().localIpv4(0x7f00_0003, 0).localLow(), server.lastTuple.localLow());
        assertEquals(0, server.lastTuple.localHigh());
        assertEquals(port, server.lastTuple.localPort());
        assertEquals(client.lastTuple.localLow(), server.lastTuple.remoteLow());
    }

    @Test
    void shouldConnectFromTheAddressAndPortThatItIsTold()
    {
        final StreamHost server = host(config());
        final StreamHost client = host(config());
        final int port = listen(server, new InetSocketAddress(LOOPBACK, 0));
        tuple.localIpv4(0x7f00_0009, 0).remoteIpv4(0x7f00_0001, port);
        assertTrue(client.link.connect(tuple, nowNs) > 0);
        until("open", () -> server.opened == 1);
        assertEquals(new FourTuple().localIpv4(0x7f00_0009, 0).localLow(), server.lastTuple.remoteLow());
        tuple.localIpv4(0x7f00_0009, server.lastTuple.remotePort()).remoteIpv4(0x7f00_0001, port);
        assertEquals(StreamResult.ADDRESS_IN_USE, client.link.connect(tuple, nowNs), "twice the same");
        tuple.localIpv4(0x0808_0808, 0).remoteIpv4(0x7f00_0001, port);
        assertEquals(StreamResult.ADDRESS_IN_USE, client.link.connect(tuple, nowNs), "not one of ours");
    }

    /** The descriptors of a listener that is closed are given to others at once. */
    @Test
    void shouldLeaveTheDescriptorsOfAClosedListenerAlone()
    {
        final StreamHost subject = host(config());
        final StreamHost peer = host(config());
        final int port = listen(peer, new InetSocketAddress(LOOPBACK, 0));
        final int gone = subject.link.listen(new InetSocketAddress(LOOPBACK, 0), 64);
        subject.link.unlisten(gone, nowNs);
        final long one = connect(subject, port);
        final long two = connect(subject, port);
        subject.link.unlisten(gone, nowNs);
        until("open", () -> peer.opened == 2 && subject.opened == 2);
        subject.send(one, new byte[] {1});
        subject.send(two, new byte[] {2});
        until("data of both", () -> peer.bytes == 2);
    }

    @Test
    void shouldLetConnectionsWaitForAnOutputBuffer()
    {
        final StreamHost server = host(config().outputBuffers(1));
        final StreamHost client = host(config());
        final int port = listen(server, new InetSocketAddress(LOOPBACK, 0));
        client.inputCredit = 0;
        connect(client, port);
        until("open", () -> server.opened == 1);
        final long slow = server.lastHandle;
        connect(client, port);
        until("open", () -> server.opened == 2);
        final long other = server.lastHandle;
        while (server.link.outputCredit(slow) > 0)
        {
            server.send(slow, new byte[server.link.outputCredit(slow)]);
            turn();
        }
        assertEquals(0, server.link.outputCredit(other), "the other one has the only buffer");
        turn();
        assertEquals(0, server.writables);
        client.inputCredit = Integer.MAX_VALUE;
        until("WRITABLE of both", () ->
        {
            resumeAll(client);
            return server.writables == 2;
        });
        assertEquals(BUFFER_LENGTH, server.link.outputCredit(other));
    }

    private static void resumeAll(final StreamHost host)
    {
        for (long slot = 0; slot < 64; slot++)
        {
            host.link.resume(1L << 32 | slot); // the first life of each
        }
    }

    @Test
    void shouldResetAClosedConnectionWhosePeerDoesNotRead()
    {
        final StreamHost server = host(config().closeTimeoutNs(1_000_000_000L));
        final StreamHost client = host(config());
        final int port = listen(server, new InetSocketAddress(LOOPBACK, 0));
        client.inputCredit = 0;
        connect(client, port);
        until("open", () -> server.opened == 1 && client.opened == 1);
        while (server.link.outputCredit(server.lastHandle) > 0)
        {
            server.send(server.lastHandle, new byte[server.link.outputCredit(server.lastHandle)]);
            turn();
        }
        server.tell(StreamRecord.CLOSE, server.lastHandle);
        turn();
        assertEquals(1, server.link.active(), "its last bytes are not written");
        final long closedAtNs = nowNs;
        until("the peer's reset", () -> client.closed == 1);
        assertEquals(0, server.link.active());
        assertTrue(nowNs - closedAtNs >= 1_000_000_000L - 200_000, "too soon: " + (nowNs - closedAtNs));
        assertEquals(StreamResult.RESET, client.lastReason);
    }
}
