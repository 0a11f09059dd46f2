// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.crypto.Kernels;
import dev.trishake.identity.IdentityLoader;
import dev.trishake.identity.PeerName;
import dev.trishake.identity.TestPki;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.session.FourTuple;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.tlcp.TlcpParameters;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** TLCP over the kernel's sockets: a server with two agents, between which the kernel spreads connections. */
class TlcpProtocolTest
{
    private static final int CONNECTIONS = 24;
    private static final long LIFETIME_NS = 60_000_000_000L;

    @TempDir
    static Path folder;
    private static TlcpIdentity identity;
    private static TlcpTrust trust;

    @BeforeAll
    static void makePki() throws Exception
    {
        final Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        new TestPki(new TestPki.Contents("Trishake", List.of("a.example"), "client", yesterday, Duration.ofDays(30),
            "password"), new SecureRandom()).write(folder);
        identity = new IdentityLoader()
            .signing(folder.resolve("server_sign.crt"), folder.resolve("server_sign.key"))
            .encryption(folder.resolve("server_enc.crt"), folder.resolve("server_enc.key"))
            .chain(folder.resolve("subca.crt")).load(Instant.now());
        trust = TlcpTrust.load(TlcpTrust.Order.ANY, folder.resolve("ca.crt"));
    }

    /** One connection after the other, to the end of each. */
    private static final class Client implements SessionHandler
    {
        private final FourTuple tuple = new FourTuple();
        private final InetSocketAddress server;
        final List<Long> parameters = new CopyOnWriteArrayList<>();
        final List<String> failures = new CopyOnWriteArrayList<>();
        private AgentContext context;
        private boolean isOpen;
        private int left = CONNECTIONS;
        volatile boolean isDone;

        Client(final InetSocketAddress server)
        {
            this.server = server;
        }

        @Override
        public void onStart(final AgentContext newContext)
        {
            context = newContext;
        }

        @Override
        public int doWork(final long nowNs)
        {
            isDone = !isOpen && left == 0;
            if (isOpen || left == 0)
            {
                return 0;
            }
            left--;
            tuple.local(0, 0, 0).remote(0, TcpAddresses.low(server.getAddress()), server.getPort());
            isOpen = context.connect(0, Protocol.TLCP, tuple) > 0;
            return 1;
        }

        @Override
        public void onEstablished(final Session session)
        {
            parameters.add(session.parameters());
            session.close();
        }

        @Override
        public int onData(
            final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            return length;
        }

        @Override
        public void onClosed(final Session session)
        {
            isOpen = false;
        }

        @Override
        public void onFailed(final Session session, final int reason)
        {
            failures.add(Failure.describe(reason));
            isOpen = false;
        }
    }

    private static EngineConfig config()
    {
        return new EngineConfig().link(Links.nio(256)).drainTimeoutNs(200_000_000).inputBuffers(256)
            .ringLength(1 << 18);
    }

    private static TlcpConfig tlcp(final boolean tickets)
    {
        return new TlcpConfig().sessions(64).handshakes(64).resumption(tickets ? 0 : 64, LIFETIME_NS)
            .tickets(tickets ? LIFETIME_NS : 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(60)
    void shouldResumeWhateverAgentAConnectionComesTo(final boolean tickets)
    {
        final AtomicIntegerArray served = new AtomicIntegerArray(2);
        try (TlcpProtocol servers = TlcpProtocol.server(
            Kernels.scalar(), () -> tlcp(tickets).protocols("h2"), null, null).identity("*.example", identity);
            Engine server = Engine.launch(config().agents(2).protocol(Protocol.TLCP, servers).listen(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), Protocol.TLCP, 64), agent ->
                new RecordingHandler()
                {
                    @Override
                    public void onEstablished(final Session session)
                    {
                        served.incrementAndGet(agent);
                    }
                });
            TlcpProtocol clients = TlcpProtocol.client(Kernels.scalar(),
                () -> tlcp(tickets).resumption(4, LIFETIME_NS).serverName("a.example").protocols("http/1.1", "h2"),
                null, trust, PeerName.of("a.example")))
        {
            final Client client = new Client(server.localAddress(0));
            try (Engine engine = Engine.launch(config().protocol(Protocol.TLCP, clients), client))
            {
                while (!client.isDone)
                {
                    LockSupport.parkNanos(1_000_000);
                }
                assertEquals(1, engine.agents());
            }
            assertEquals(List.of(), client.failures);
            assertEquals(CONNECTIONS, client.parameters.size());
            assertTrue(served.get(0) > 0 && served.get(1) > 0, served::toString);
            for (int i = 0; i < CONNECTIONS; i++)
            {
                assertEquals(i > 0, TlcpParameters.isResumed(client.parameters.get(i)), "connection " + i);
                assertEquals(1, TlcpParameters.protocol(client.parameters.get(i)), "h2");
            }
        }
    }
}
