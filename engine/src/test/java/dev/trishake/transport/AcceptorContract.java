// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What every acceptor does, on real sockets. */
@Timeout(120)
public abstract class AcceptorContract
{
    protected static final InetSocketAddress ANY_PORT = address("127.0.0.1", 0);
    protected static final int LOST = Acceptor.LOST;
    protected static final int EXHAUSTED = Acceptor.EXHAUSTED;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int BACKLOG = 128;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Integer> connections = new ArrayList<>();
    private final AcceptHandler keep = (connection, peer) -> connections.add(connection);
    private long descriptorsBefore;

    protected abstract Acceptor listen(InetSocketAddress address, int backlog, boolean reusePort);

    @BeforeEach
    void openWhatTheJdkKeepsOpen() throws Exception
    {
        // the JDK keeps a few descriptors for itself once sockets have been used: not ours to count
        final Acceptor acceptor = acceptor(ANY_PORT);
        connect(acceptor);
        acceptor.poll((connection, peer) -> acceptor.close(connection), 0, 1);
        closeAll();
        descriptorsBefore = descriptors();
    }

    @AfterEach
    void shouldLeaveNoDescriptor() throws Exception
    {
        closeAll();
        assertEquals(descriptorsBefore, descriptors(), "descriptors after the test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldHandOverConnectionsWithTheirPeers(final String host) throws Exception
    {
        final Acceptor acceptor = acceptor(hostOrSkip(host));
        assertTrue(acceptor.localAddress().getPort() > 0);
        assertEquals(InetAddress.ofLiteral(host), acceptor.localAddress().getAddress());

        final Socket client = connect(acceptor);
        assertTrue(acceptor.await(1000));
        assertEquals(1, acceptor.poll((connection, peer) ->
        {
            connections.add(connection);
            assertPeer(client, peer);
            assertPeer(client, peer);
        }, 0, 10));
        assertEquals(1, acceptor.accepted());
        final long attempts = acceptor.attempts();
        assertEquals(0, acceptor.poll(keep, 0, 10));
        assertEquals(attempts, acceptor.attempts(), "attempts on an empty queue");
    }

    @Test
    void shouldTakeIpv4OnAnIpv6Wildcard() throws Exception
    {
        hostOrSkip("::1");
        final Acceptor acceptor = acceptor(address("::", 0));
        final int port = acceptor.localAddress().getPort();
        final Socket ipv4 = connect(address("127.0.0.1", port));
        final Socket ipv6 = connect(address("::1", port));
        final List<Socket> clients = new ArrayList<>(List.of(ipv4, ipv6));
        assertEquals(2, acceptor.poll((connection, peer) ->
        {
            connections.add(connection);
            assertPeer(clients.removeFirst(), peer);
        }, 0, 10));
    }

    @Test
    void shouldTakeConnectionsThatWereResetInTheQueue() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        connect(acceptor).close(); // lingers 0 seconds: a reset
        final Socket client = connect(acceptor);
        final boolean[] known = new boolean[2];
        final int[] ports = new int[2];
        final int taken = acceptor.poll((connection, peer) ->
        {
            ports[connections.size()] = peer.port();
            known[connections.size()] = peer.isKnown();
            connections.add(connection);
        }, 0, 10);
        assertEquals(2, taken);
        assertTrue(known[1]);
        assertEquals(client.getLocalPort(), ports[1]);
        assertEquals(known[0], ports[0] != 0);
    }

    @Test
    void shouldHonourTheBatchLimit() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        for (int i = 0; i < 10; i++)
        {
            connect(acceptor);
        }
        assertEquals(0, acceptor.poll(keep, 0, 0));
        assertEquals(4, acceptor.poll(keep, 0, 4));
        assertTrue(acceptor.await(1000), "the rest still ends a wait");
        assertEquals(4, acceptor.poll(keep, 0, 4));
        assertTrue(acceptor.await(0), "the rest still ends a wait");
        assertEquals(2, acceptor.poll(keep, 0, 4));
        assertFalse(acceptor.await(0));
        assertEquals(0, acceptor.poll(keep, 0, 4));
        assertEquals(10, connections.size());
        assertEquals(10, connections.stream().distinct().count());
    }

    @Test
    void shouldWaitNoLongerThanAsked() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        final long startNs = System.nanoTime();
        assertFalse(acceptor.await(30));
        final long elapsedNs = System.nanoTime() - startNs;
        assertTrue(elapsedNs >= 29_000_000, "waited " + elapsedNs + " ns");
    }

    @Test
    void shouldEndItsWaitWhenAConnectionComes() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        final Thread client = Thread.ofPlatform().start(() ->
        {
            try
            {
                Thread.sleep(20);
                connect(acceptor);
            }
            catch (final IOException | InterruptedException ex)
            {
                throw new IllegalStateException(ex);
            }
        });
        assertTrue(acceptor.await(20_000));
        assertEquals(1, acceptor.poll(keep, 0, 10));
        client.join();
    }

    @Test
    void shouldSharePortWithReusePort() throws Exception
    {
        final Acceptor one = opened(listen(ANY_PORT, BACKLOG, true));
        final Acceptor two = opened(listen(one.localAddress(), BACKLOG, true));
        assertEquals(one.localAddress(), two.localAddress());
        for (int i = 0; i < 64; i++)
        {
            connect(one);
        }
        final int ofOne = one.poll((connection, peer) -> one.close(connection), 0, 100);
        final int ofTwo = two.poll((connection, peer) -> two.close(connection), 0, 100);
        assertEquals(64, ofOne + ofTwo);
        assertTrue(ofOne > 0 && ofTwo > 0, ofOne + " and " + ofTwo);
    }

    @Test
    void shouldListenAgainBesideConnectionsInTimeWait() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        final Socket client = connect(acceptor);
        acceptor.poll((connection, peer) -> acceptor.close(connection), 0, 1);
        assertEquals(-1, client.getInputStream().read());
        client.setSoLinger(false, 0);
        client.close();
        acceptor.close();
        acceptor(acceptor.localAddress());
    }

    @Test
    void shouldQueueNoMoreThanTheBacklog() throws Exception
    {
        final int backlog = 4;
        final Acceptor acceptor = opened(listen(ANY_PORT, backlog, false));
        final List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < 4 * backlog; i++)
        {
            final SocketChannel client = opened(SocketChannel.open());
            client.configureBlocking(false);
            client.connect(acceptor.localAddress());
            clients.add(client);
        }
        // Linux lets one more in than the backlog says; a SYN that finds the queue full is dropped and sent again
        final int taken = acceptor.poll(keep, 0, 100);
        assertTrue(taken >= backlog && taken <= backlog + 1, "in the queue: " + taken);
        int connected = 0;
        for (final SocketChannel client : clients)
        {
            connected += client.finishConnect() ? 1 : 0;
        }
        assertEquals(taken, connected);
    }

    @Test
    void shouldSayWhatToDoWhenThePortIsInUse() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        final ListenException ex =
            assertThrows(ListenException.class, () -> listen(acceptor.localAddress(), BACKLOG, false));
        assertEquals("cannot listen on 127.0.0.1:" + acceptor.localAddress().getPort() +
            ": the port is in use; stop the process that has it, choose another port," +
            " or let all that listen there set SO_REUSEPORT", ex.getMessage());
    }

    @Test
    void shouldSayWhatToDoWhenTheAddressIsNotOurs()
    {
        final InetSocketAddress elsewhere = address("192.0.2.1", 4433); // RFC 5737
        final ListenException ex = assertThrows(ListenException.class, () -> listen(elsewhere, BACKLOG, false));
        assertEquals("cannot listen on 192.0.2.1:4433: no interface of this machine has that address;" +
            " use one that it has, 0.0.0.0 or ::", ex.getMessage());
    }

    @Test
    void shouldSayWhatToDoWhenTheHostIsUnknown()
    {
        final InetSocketAddress unknown = InetSocketAddress.createUnresolved("nowhere.invalid", 4433);
        final ListenException ex = assertThrows(ListenException.class, () -> listen(unknown, BACKLOG, false));
        assertEquals("cannot listen on nowhere.invalid:4433: the host name has no address;" +
            " use one of this machine's addresses, 0.0.0.0 or ::", ex.getMessage());
        assertThrows(IllegalArgumentException.class, () -> listen(ANY_PORT, 0, false));
    }

    @Test
    void shouldSendFinWhenAConnectionIsClosed() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        final Socket client = connect(acceptor);
        acceptor.poll(keep, 0, 1);
        client.setSoTimeout(20);
        assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
        acceptor.close(connections.removeFirst());
        client.setSoTimeout(5000);
        assertEquals(-1, client.getInputStream().read());
    }

    @Test
    void shouldListenNoLongerWhenClosed() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        acceptor.close();
        acceptor.close();
        assertThrows(ConnectException.class, () -> connect(acceptor));
    }

    @Test
    void shouldFindNothingOnceClosed() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        connect(acceptor);
        connect(acceptor);
        assertEquals(1, acceptor.poll((connection, peer) ->
        {
            acceptor.close();
            acceptor.close(connection);
        }, 0, 10));

        // takes the descriptors that the closed one has given up
        final Acceptor other = acceptor(ANY_PORT);
        connect(other);
        assertFalse(acceptor.await(0));
        assertEquals(0, acceptor.poll(keep, 0, 10));
        assertEquals(1, other.poll(keep, 0, 10));
        assertEquals(1, connections.size());
        other.close(connections.removeFirst());
    }

    @Test
    void shouldLeakNoDescriptorInTenThousandConnections() throws Exception
    {
        final Acceptor acceptor = acceptor(ANY_PORT);
        final int batch = 100;
        final List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++)
        {
            for (int j = 0; j < batch; j++)
            {
                final Socket client = new Socket();
                client.setSoLinger(true, 0);
                client.connect(acceptor.localAddress());
                clients.add(client);
            }
            assertEquals(batch, acceptor.poll((connection, peer) -> acceptor.close(connection), 0, 2 * batch));
            for (final Socket client : clients)
            {
                client.close();
            }
            clients.clear();
        }
        assertEquals(10_000, acceptor.accepted());
        assertTrue(acceptor.attempts() <= 10_100, acceptor.attempts() + " attempts");
        assertEquals(0, acceptor.lost() + acceptor.pauses());
    }

    protected static void assertPeer(final Socket client, final PeerAddress peer)
    {
        final byte[] octets = client.getLocalAddress().getAddress();
        final ByteBuffer expected = ByteBuffer.wrap(octets);
        assertTrue(peer.isKnown());
        assertEquals(octets.length == 4, peer.isIpv4());
        assertEquals(client.getLocalPort(), peer.port());
        assertEquals(octets.length == 4 ? 0 : expected.getLong(), peer.high());
        assertEquals(octets.length == 4 ? 0xffff_0000_0000L | Integer.toUnsignedLong(expected.getInt()) :
            expected.getLong(), peer.low());
    }

    protected final <T extends AutoCloseable> T opened(final T resource)
    {
        synchronized (opened)
        {
            opened.add(resource);
        }
        return resource;
    }

    protected final Socket connect(final Acceptor acceptor) throws IOException
    {
        return connect(acceptor.localAddress());
    }

    private Socket connect(final InetSocketAddress address) throws IOException
    {
        final Socket client = opened(new Socket());
        client.setSoLinger(true, 0); // closed by a reset: leaves no TIME-WAIT behind
        client.connect(address, 5000);
        return client;
    }

    private Acceptor acceptor(final InetSocketAddress address)
    {
        return opened(listen(address, BACKLOG, false));
    }

    private void closeAll() throws Exception
    {
        if (!opened.isEmpty() && !connections.isEmpty())
        {
            final Acceptor acceptor = (Acceptor)opened.stream().filter(Acceptor.class::isInstance).findAny().get();
            connections.forEach(acceptor::close);
            connections.clear();
        }
        for (final AutoCloseable resource : opened)
        {
            resource.close();
        }
        opened.clear();
    }

    private static InetSocketAddress address(final String host, final int port)
    {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private static InetSocketAddress hostOrSkip(final String host)
    {
        final InetSocketAddress address = address(host, 0);
        try (Socket probe = new Socket())
        {
            probe.bind(address);
        }
        catch (final IOException ex)
        {
            assumeTrue(false, "this machine has no " + host);
        }
        return address;
    }

    private static long descriptors() throws IOException
    {
        if (!Files.isDirectory(DESCRIPTORS))
        {
            return 0;
        }
        try (Stream<Path> links = Files.list(DESCRIPTORS))
        {
            return links.count();
        }
    }
}
