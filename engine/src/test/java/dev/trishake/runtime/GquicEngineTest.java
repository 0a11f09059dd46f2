// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outcome;
import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.gquic.GquicParameters;
import dev.trishake.identity.GquicIdentity;
import dev.trishake.identity.GquicTrust;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.PeerName;
import dev.trishake.session.FourTuple;
import dev.trishake.transport.linux.Libc;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Engines that speak gQUIC with each other over the kernel's UDP on loopback. */
@Timeout(60)
class GquicEngineTest
{
    private static final String HOST = "gquic.test";
    private static final String HOST_OF_LEAF = "localhost";
    private static final int[] ALL = {GquicVersion.Q044, GquicVersion.Q043, GquicVersion.Q039};
    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    private static final UnsafeBuffer TEXT =
        new UnsafeBuffer("hello, world".getBytes(StandardCharsets.US_ASCII));
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final List<Long> parameters = new CopyOnWriteArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<Long> served = new CopyOnWriteArrayList<>();
    private final SessionHandler echo = new SessionHandler()
    {
        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            served.add(session.parameters());
            return session.send(buffer, offset, length);
        }
    };
    private Engine server;

    @AfterEach
    void close() throws Exception
    {
        for (final AutoCloseable one : opened)
        {
            one.close();
        }
        assertEquals(List.of(), errors);
    }

    static Path pki(final String name)
    {
        try
        {
            return Path.of(Objects.requireNonNull(
                GquicEngineTest.class.getResource("/vectors/gquic/pki/" + name)).toURI());
        }
        catch (final URISyntaxException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    static GquicIdentity identity(final String name) throws IdentityException
    {
        return GquicIdentity.load(pki(name + ".chain.pem"), pki(name + ".key"), null, Instant.now());
    }

    private static DatagramLinkFactory link(final String name)
    {
        return name.equals("nio") ? DatagramLinks.nio() : DatagramLinks.epoll();
    }

    private void serve(final String link, final String identity, final int agents, final int... versions)
        throws IdentityException
    {
        final GquicProtocol gquic = GquicProtocol.server(
            Kernels.scalar(), () -> new GquicConfig().versions(versions), identity(identity));
        server = Engine.launch(new EngineConfig().agents(agents).drainTimeoutNs(500_000_000)
            .errorHandler(errors::add).datagrams(link(link), List.of(LOOPBACK), gquic), echo);
        opened.add(0, gquic);
        opened.add(0, server);
    }

    /** Opens connections one after the other, sends a text over each, and closes it once it is back. */
    private final class Client implements SessionHandler
    {
        private final int wanted;
        private final boolean isEarly;
        private final FourTuple to = new FourTuple();
        private AgentContext context;
        private int begun;
        private int open;

        Client(final int wanted, final boolean isEarly)
        {
            this.wanted = wanted;
            this.isEarly = isEarly;
            final byte[] octets = server.localAddress(0).getAddress().getAddress();
            to.remoteIpv4(new UnsafeBuffer(octets).getInt(0, ByteOrder.BIG_ENDIAN),
                server.localAddress(0).getPort());
        }

        @Override
        public void onStart(final AgentContext newContext)
        {
            context = newContext;
        }

        @Override
        public int doWork(final long nowNs)
        {
            if (begun == wanted || open > 0)
            {
                return 0;
            }
            begun++;
            open++;
            final long handle = context.connect(0, Protocol.GQUIC, to.local(0, 0, 0));
            assertTrue(handle > 0);
            if (isEarly)
            {
                context.session(handle).send(TEXT, 0, TEXT.capacity());
            }
            return 1;
        }

        @Override
        public void onEstablished(final Session session)
        {
            parameters.add(session.parameters());
            if (!isEarly)
            {
                assertEquals(TEXT.capacity(), session.send(TEXT, 0, TEXT.capacity()));
            }
        }

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            final String text = buffer.getStringWithoutLengthAscii(offset, length);
            ends.add(text);
            session.close();
            return length;
        }

        @Override
        public void onClosed(final Session session)
        {
            open--;
        }

        @Override
        public void onFailed(final Session session, final int reason)
        {
            open--;
            ends.add(Failure.describe(reason));
        }
    }

    private void dial(
        final String link, final int count, final GquicTrust trust, final PeerName name, final boolean isEarly,
        final int... versions)
    {
        final GquicProtocol gquic = GquicProtocol.client(
            Kernels.scalar(), () -> new GquicConfig().versions(versions), trust, HOST, name);
        final Engine client = Engine.launch(new EngineConfig().drainTimeoutNs(500_000_000).errorHandler(errors::add)
            .datagrams(link(link), DatagramLinks.clientSockets(server.localAddress(0), 4), gquic),
            new Client(count, isEarly));
        opened.add(0, gquic);
        opened.add(0, client);
        await(() -> ends.size() >= count);
    }

    private static void await(final BooleanSupplier condition)
    {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - startNs < PATIENCE_NS)
        {
            LockSupport.parkNanos(200_000);
        }
    }

    private static GquicTrust trust() throws IdentityException
    {
        return GquicTrust.load(pki("ca.pem"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldShakeHandsAndEcho(final String link) throws IdentityException
    {
        serve(link, "ecdsa", 1, ALL);
        dial(link, 3, trust(), PeerName.ANY, false, GquicVersion.Q044);
        assertEquals(Collections.nCopies(3, "hello, world"), ends);
        assertEquals(3, GquicParameters.hellos(parameters.getFirst()));
        assertEquals(GquicVersion.Q044, GquicParameters.version(parameters.getFirst()));
        assertTrue(GquicParameters.has(parameters.getLast(), GquicParameters.RESUMED));
        assertEquals(1, GquicParameters.hellos(parameters.getLast()));
    }

    @Test
    void shouldSpeakEveryVersion() throws IdentityException
    {
        serve("epoll", "ecdsa", 1, ALL);
        for (final int version : ALL)
        {
            ends.clear();
            parameters.clear();
            dial("epoll", 2, trust(), PeerName.of(HOST_OF_LEAF), false, version);
            assertEquals(Collections.nCopies(2, "hello, world"), ends);
            assertEquals(version, GquicParameters.version(parameters.getFirst()));
            assertFalse(GquicParameters.has(parameters.getFirst(), GquicParameters.NEGOTIATED));
        }
    }

    @Test
    void shouldAgreeOnAVersion() throws IdentityException
    {
        serve("epoll", "ecdsa", 1, GquicVersion.Q039);
        dial("epoll", 1, trust(), PeerName.ANY, false, GquicVersion.Q044, GquicVersion.Q039);
        assertEquals(List.of("hello, world"), ends);
        assertEquals(GquicVersion.Q039, GquicParameters.version(parameters.getFirst()));
        assertTrue(GquicParameters.has(parameters.getFirst(), GquicParameters.NEGOTIATED));
        ends.clear();
        dial("epoll", 1, trust(), PeerName.ANY, false, GquicVersion.Q044);
        assertEquals(List.of(Failure.describe(Outcome.peer(GquicError.INVALID_VERSION))), ends);
    }

    @Test
    void shouldProveItselfWithRsa() throws IdentityException
    {
        serve("epoll", "rsa", 1, ALL);
        dial("epoll", 2, trust(), PeerName.ANY, false, ALL);
        assertEquals(Collections.nCopies(2, "hello, world"), ends);
        assertEquals(1, server.counters().get("CryptoGquicRsaSignOperations"));
    }

    @Test
    void shouldSendDataBeforeTheHandshakeIsDone() throws IdentityException
    {
        serve("epoll", "ecdsa", 1, ALL);
        dial("epoll", 2, trust(), PeerName.ANY, true, ALL);
        assertEquals(Collections.nCopies(2, "hello, world"), ends);
        assertTrue(GquicParameters.has(parameters.getLast(), GquicParameters.ZERO_RTT));
        assertTrue(GquicParameters.has(parameters.getLast(), GquicParameters.RESUMED));
        assertTrue(GquicParameters.has(served.getLast(), GquicParameters.ZERO_RTT), "the server knows it too");
    }

    @Test
    void shouldTrustNobodyElse() throws IdentityException
    {
        serve("epoll", "ecdsa", 1, ALL);
        final String invalid = Failure.describe(Outcome.peer(GquicError.PROOF_INVALID));
        dial("epoll", 1, GquicTrust.load(pki("self.pem")), PeerName.ANY, false, ALL);
        assertEquals(List.of(invalid), ends);
        ends.clear();
        dial("epoll", 2, trust(), PeerName.of("other.example"), false, ALL);
        assertEquals(List.of(invalid, invalid), ends);
        ends.clear();
        dial("epoll", 1, GquicTrust.insecure(), PeerName.of("other.example"), false, ALL);
        assertEquals(List.of("hello, world"), ends);
    }

    @Test
    void shouldServeOnSeveralAgents() throws IdentityException
    {
        assumeTrue(Libc.SUPPORTED, "sockets that share a port");
        serve("nio", "ecdsa", 3, ALL); // which no kernel steers
        dial("epoll", 30, trust(), PeerName.ANY, false, ALL);
        assertEquals(Collections.nCopies(30, "hello, world"), ends);
        assertEquals(29, parameters.stream().filter(each -> GquicParameters.has(each, GquicParameters.RESUMED)).count(),
            "configs and tokens are everybody's");
        final Map<String, Long> counters = server.counters();
        assertTrue(counters.get("DatagramsForwarded") > 0, counters::toString);
        assertEquals(30, counters.get("SessionsEstablished"));
    }

    @Test
    void shouldTellPeersThatItDrains() throws IdentityException
    {
        serve("epoll", "ecdsa", 1, ALL);
        final List<String> heard = new CopyOnWriteArrayList<>();
        final GquicProtocol gquic =
            GquicProtocol.client(Kernels.scalar(), GquicConfig::new, trust(), HOST, PeerName.ANY);
        final Engine client = Engine.launch(new EngineConfig().datagrams(
            link("epoll"), DatagramLinks.clientSockets(server.localAddress(0), 1), gquic), new SessionHandler()
        {
            @Override
            public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
            {
                return length;
            }

            @Override
            public void onEstablished(final Session session)
            {
                heard.add("ESTABLISHED");
            }

            @Override
            public void onClosed(final Session session)
            {
                heard.add("CLOSED");
            }
        });
        opened.add(0, gquic);
        opened.add(0, client);
        final FourTuple to = new FourTuple().remoteIpv4(0x7f00_0001, server.localAddress(0).getPort());
        client.connect(0, 0, Protocol.GQUIC, to, 1);
        await(() -> heard.size() == 1);
        server.close();
        await(() -> heard.size() == 2);
        assertEquals(List.of("ESTABLISHED", "CLOSED"), heard);
    }
}
