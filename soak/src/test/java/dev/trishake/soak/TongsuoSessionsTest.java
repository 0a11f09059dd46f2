// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.tongsuo.OurPeer;
import dev.trishake.soak.tongsuo.TongsuoConnection;
import dev.trishake.soak.tongsuo.TongsuoContext;
import dev.trishake.soak.tongsuo.TongsuoPeers;
import dev.trishake.soak.tongsuo.TongsuoPeers.Greeting;
import dev.trishake.soak.tongsuo.TongsuoPki;
import dev.trishake.soak.tongsuo.TongsuoServer;
import dev.trishake.soak.tongsuo.TongsuoServer.Conversation;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.wire.tlcp.CipherSuite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** What sessions with Tongsuo's own libssl do once they are there, and how they go on, live and in both roles. */
@Tag("full")
class TongsuoSessionsTest
{
    private static final int GCM = CipherSuite.ECC_SM4_GCM_SM3;
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final int MEGABYTE = 1 << 20;
    private static final int PIECE = 1 << 16;
    private static final int FRAGMENT = 512;
    private static final int TIMES = 300;
    private static final int HALF = 100_000;

    @TempDir
    private static Path pki;

    private static TongsuoPeers peers;
    private static Path other;

    @BeforeAll
    static void load() throws Exception
    {
        peers = TongsuoPeers.in(pki);
        other = TongsuoPeers.makePki(pki.resolve("other"), "Others", "other.example", Duration.ZERO);
    }

    private static byte[] pattern(final int length)
    {
        final byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    private static TlcpConfig resuming(final boolean byTicket)
    {
        return byTicket ? OurPeer.config().tickets(HOUR_NS) : OurPeer.config().resumption(4, HOUR_NS);
    }

    // ---- data

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldEchoMegabytesAndCrumbs(final int suite) throws Exception
    {
        final byte[] data = pattern(MEGABYTE);
        try (OurPeer server = OurPeer.server(pki, () -> OurPeer.config().fragmentLength(1 << 14));
            TongsuoContext client = peers.client(suite);
            TongsuoConnection connection = TongsuoPeers.connect(client, server).handshake())
        {
            for (int at = 0; at < MEGABYTE; at += PIECE) // more at once would wait for who waits for us
            {
                final byte[] piece = Arrays.copyOfRange(data, at, at + PIECE);
                connection.write(piece);
                assertArrayEquals(piece, connection.read(PIECE));
            }
            final ByteArrayOutputStream crumbs = new ByteArrayOutputStream();
            for (int i = 0; i < 1000; i++)
            {
                final byte[] crumb = Arrays.copyOf(data, 1 + i % 40);
                connection.write(crumb);
                crumbs.writeBytes(crumb);
            }
            assertArrayEquals(crumbs.toByteArray(), connection.read(crumbs.size()));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldHaveMegabytesEchoed(final int suite) throws Exception
    {
        final byte[] data = pattern(MEGABYTE);
        for (final int fragmentLength : new int[] {1 << 14, 1 << 10})
        {
            try (TongsuoServer server = new TongsuoServer(peers.server(suite), Conversation.ECHO);
                OurPeer client = OurPeer.client(pki, "client", "localhost",
                    () -> OurPeer.config().suites(suite).fragmentLength(fragmentLength)))
            {
                client.connect(server.port(), data);
                assertEquals(CipherSuite.name(suite) + " authenticated, end, closed", client.session());
                assertArrayEquals(data, client.received());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldEchoToWhoHasEndedItsSide(final int suite) throws Exception
    {
        final byte[] data = pattern(HALF);
        try (OurPeer server = OurPeer.server(pki, OurPeer::config);
            TongsuoContext client = peers.client(suite);
            TongsuoConnection connection = TongsuoPeers.connect(client, server).handshake())
        {
            connection.write(data);
            connection.shutdown();
            assertArrayEquals(data, connection.read(HALF + 1), "all of it, then close_notify");
            assertEquals(List.of("write warning 0", "read warning 0"), client.alerts());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldReadOnOnceItHasEndedItsSide(final int suite) throws Exception
    {
        final byte[] data = pattern(HALF);
        try (TongsuoServer server = new TongsuoServer(peers.server(suite), connection ->
            {
                final byte[] all = connection.read(HALF + 1); // up to close_notify
                connection.write(all);
                connection.shutdown();
            });
            OurPeer client = OurPeer.client(pki, "client", "localhost", () -> OurPeer.config().suites(suite)))
        {
            client.connect(server.port(), data, true);
            assertEquals(CipherSuite.name(suite) + " authenticated, end, closed", client.session());
            assertArrayEquals(data, client.received());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldTakeMessagesInPieces(final int suite) throws Exception
    {
        final byte[] data = pattern(PIECE);
        try (OurPeer server = OurPeer.server(pki,
            () -> OurPeer.config().clientAuthentication(ClientAuthentication.NEED));
            TongsuoContext client = peers.client(suite).fragmentLength(FRAGMENT);
            TongsuoConnection connection = TongsuoPeers.connect(client, server).handshake())
        {
            connection.write(data);
            assertArrayEquals(data, connection.read(PIECE));
        }
        try (TongsuoServer server = new TongsuoServer(peers.server(suite).fragmentLength(FRAGMENT), Conversation.ECHO);
            OurPeer client = OurPeer.client(pki, "client", "localhost", () -> OurPeer.config().suites(suite)))
        {
            client.connect(server.port(), data);
            assertEquals(CipherSuite.name(suite) + " authenticated, end, closed", client.session());
            assertArrayEquals(data, client.received());
        }
    }

    @Test
    void shouldNotOfferWhatItCanNotDo() throws Exception
    {
        try (TongsuoServer server = new TongsuoServer(peers.server(CipherSuite.ECDHE_SM4_GCM_SM3, GCM)
            .preferringItsOwn(), Conversation.ECHO))
        {
            for (final String name : new String[] {"client", null})
            {
                try (OurPeer client = OurPeer.client(pki, name, "localhost", OurPeer::config))
                {
                    client.connect(server.port(), TongsuoPeers.HELLO);
                    assertEquals(name == null ? "ECC_SM4_GCM_SM3, end, closed" :
                        "ECDHE_SM4_GCM_SM3 authenticated, end, closed", client.session());
                }
            }
        }
    }

    @Test
    void shouldIgnoreWhatItDoesNotKnow() throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, OurPeer::config);
            TongsuoContext client = peers.stranger(GCM);
            TongsuoConnection connection =
                TongsuoPeers.connect(client, server).serverName("www.localhost").askingForMore().handshake())
        {
            connection.write(TongsuoPeers.HELLO);
            assertArrayEquals(TongsuoPeers.HELLO, connection.read(TongsuoPeers.HELLO.length));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldSayThatTheStreamWasCutOff(final int suite) throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, OurPeer::config); TongsuoContext client = peers.client(suite))
        {
            TongsuoPeers.connect(client, server).handshake().close();
            assertEquals(CipherSuite.name(suite) + (CipherSuite.isEcdhe(suite) ? " authenticated" : "") +
                ", no close_notify", server.session());
        }
    }

    // ---- how sessions go on

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldResumeTongsuosSessionsWhileItKnowsThem(final int suite) throws Exception
    {
        for (final boolean byTicket : List.of(false, true))
        {
            try (TongsuoContext client = peers.client(suite))
            {
                if (!byTicket)
                {
                    client.withoutTickets();
                }
                final Greeting first;
                final String agreed = TongsuoPeers.name(suite) + " peer localhost hello bye";
                final String resumed = TongsuoPeers.name(suite) + " resumed peer localhost hello bye";
                try (OurPeer server = OurPeer.server(pki, () -> resuming(byTicket)))
                {
                    first = TongsuoPeers.greet(client, server, null);
                    assertEquals(agreed, first.agreed());
                    assertEquals(byTicket, first.hasTicket());
                    final Greeting second = TongsuoPeers.greet(client, server, first);
                    assertEquals(resumed, second.agreed());
                    assertEquals(resumed, TongsuoPeers.greet(client, server, second).agreed(), "and again");
                    assertEquals(resumed, TongsuoPeers.greet(client, server, first).agreed(), "and from the first");
                }
                try (OurPeer server = OurPeer.server(pki, () -> resuming(byTicket)))
                {
                    assertEquals(agreed, TongsuoPeers.greet(client, server, first).agreed(), "a server that is new");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldGoOnFromTongsuosSessionsAndBeginAnewWithStrangers(final int suite) throws Exception
    {
        for (final boolean byTicket : List.of(false, true))
        {
            final TongsuoContext[] contexts = {peers.server(suite), peers.server(suite)};
            if (!byTicket)
            {
                Arrays.stream(contexts).forEach(TongsuoContext::withoutTickets);
            }
            try (OurPeer client = OurPeer.client(pki, "client", "localhost", () -> resuming(byTicket).suites(suite)))
            {
                String resumed = "";
                for (final TongsuoContext context : contexts)
                {
                    try (TongsuoServer server = new TongsuoServer(context, Conversation.ECHO))
                    {
                        for (int i = 0; i < 3; i++)
                        {
                            client.connect(server.port(), TongsuoPeers.HELLO);
                            assertEquals(TongsuoPeers.name(suite) + resumed + " peer client", server.next());
                            assertEquals(
                                CipherSuite.name(suite) + resumed + " authenticated, end, closed", client.session());
                            resumed = " resumed";
                        }
                        resumed = "";
                    }
                }
            }
        }
    }

    /** One in 500 signatures and ciphertexts has a number that is an octet shorter than most. */
    @Test
    void shouldShakeHandsWithNumbersOfAnyLength() throws Exception
    {
        try (OurPeer server = OurPeer.server(pki,
            () -> OurPeer.config().clientAuthentication(ClientAuthentication.NEED));
            TongsuoContext theirClient = peers.client(GCM);
            TongsuoServer theirServer = new TongsuoServer(peers.server(GCM), Conversation.ECHO);
            OurPeer client =
                OurPeer.client(pki, "client", "localhost", () -> OurPeer.config().suites(GCM)))
        {
            for (int i = 0; i < TIMES; i++)
            {
                assertEquals(TongsuoPeers.name(GCM) + " peer localhost hello bye",
                    TongsuoPeers.greet(theirClient, server, null).agreed());
                assertEquals("ECC_SM4_GCM_SM3 authenticated, end, closed", server.session());
                client.connect(theirServer.port(), TongsuoPeers.HELLO);
                assertEquals("ECC_SM4_GCM_SM3 authenticated, end, closed", client.session());
            }
        }
    }

    // ---- certificates

    @ParameterizedTest
    @EnumSource
    void shouldReadTheCertificatesAndKeysThatTongsuoMakes(final TongsuoPki.Form form, @TempDir final Path folder)
        throws Exception
    {
        TongsuoPki.write(folder, form, "localhost");
        for (final int suite : new int[] {GCM, CipherSuite.ECDHE_SM4_CBC_SM3})
        {
            final String agreed = CipherSuite.name(suite) + " authenticated, end, closed";
            try (OurPeer server = OurPeer.server(folder,
                () -> OurPeer.config().clientAuthentication(ClientAuthentication.NEED));
                TongsuoContext client = peers.stranger(suite, folder).identity(folder, "client"))
            {
                assertEquals(TongsuoPeers.name(suite) + " peer localhost hello bye",
                    TongsuoPeers.greet(client, server, null).agreed());
                assertEquals(agreed, server.session());
            }
            final TongsuoContext context = peers.server(TongsuoContext.VERIFY_PEER, folder, suite);
            try (TongsuoServer server = new TongsuoServer(context.identity(folder, "server"), Conversation.ECHO);
                OurPeer client =
                    OurPeer.client(folder, "client", "localhost", () -> OurPeer.config().suites(suite)))
            {
                client.connect(server.port(), TongsuoPeers.HELLO);
                assertEquals(agreed, client.session());
                assertEquals(TongsuoPeers.name(suite) + " peer client", server.next());
            }
        }
    }

    // ---- names

    @Test
    void shouldShowTongsuoTheCertificatesOfTheNameItAsksFor() throws Exception
    {
        final var identity = OurPeer.identity(other, "server");
        try (OurPeer server = OurPeer.server(pki, () -> OurPeer.config().tickets(HOUR_NS), pki,
            protocol -> protocol.identity("other.example", identity)))
        {
            for (final String name : List.of("localhost", "other.example"))
            {
                try (TongsuoContext client = peers.stranger(GCM, name.equals("localhost") ? pki : other);
                    TongsuoConnection connection =
                        TongsuoPeers.connect(client, server).serverName(name).peerName(name).handshake();
                    TongsuoConnection again = TongsuoPeers.connect(client, server).serverName(name)
                        .resume(connection.session()).handshake();
                    TongsuoConnection elsewhere = TongsuoPeers.connect(client, server)
                        .serverName("www.localhost")
                        .resume(connection.session()))
                {
                    assertEquals(TongsuoPeers.name(GCM) + " peer " + name, connection.agreed());
                    assertEquals(TongsuoPeers.name(GCM) + " resumed peer " + name, again.agreed());
                    if (name.equals("localhost"))
                    {
                        assertEquals(TongsuoPeers.name(GCM) + " peer localhost", elsewhere.handshake().agreed(),
                            "RFC 6066 3: not under another name");
                    }
                }
            }
        }
    }

    @Test
    void shouldAskTongsuoForAName() throws Exception
    {
        try (TongsuoContext named = peers.server(GCM).identity(other, "server");
            TongsuoServer server = new TongsuoServer(peers.server(GCM).named(named), Conversation.ECHO))
        {
            for (final String name : List.of("localhost", "other.example"))
            {
                try (OurPeer client = OurPeer.client(name.equals("localhost") ? pki : other, null, name,
                    () -> OurPeer.config().suites(GCM).serverName(name).tickets(HOUR_NS)))
                {
                    client.connect(server.port(), TongsuoPeers.HELLO);
                    assertEquals("ECC_SM4_GCM_SM3, end, closed", client.session());
                    client.connect(server.port(), TongsuoPeers.HELLO);
                    assertEquals("ECC_SM4_GCM_SM3 resumed, end, closed", client.session());
                }
            }
        }
    }

    /** A warning comes before its ServerHello, and the default certificates do. */
    @Test
    void shouldGoOnAfterAWarningThatTheNameIsUnknown() throws Exception
    {
        final TongsuoContext context = peers.server(GCM);
        try (TongsuoServer server = new TongsuoServer(context.named(context), Conversation.ECHO);
            OurPeer client = OurPeer.client(pki, null, "localhost",
                () -> OurPeer.config().suites(GCM).serverName("www.localhost")))
        {
            client.connect(server.port(), TongsuoPeers.HELLO);
            assertEquals("ECC_SM4_GCM_SM3, end, closed", client.session());
            assertEquals("write warning 112", context.alerts().getFirst());
        }
    }

    @ParameterizedTest
    @CsvSource({"http/1.1, 0", "h2, 1"})
    void shouldAgreeOnAProtocol(final String protocol, final int index) throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, () -> OurPeer.config().protocols("http/1.1", "h2"));
            TongsuoContext client = peers.stranger(GCM).protocol(protocol))
        {
            assertEquals(TongsuoPeers.name(GCM) + " peer localhost " + protocol + " hello bye",
                TongsuoPeers.greet(client, server, null).agreed());
            assertEquals("ECC_SM4_GCM_SM3 protocol " + index + ", end, closed", server.session());
        }
        try (TongsuoServer server = new TongsuoServer(peers.server(GCM).protocol(protocol), Conversation.ECHO);
            OurPeer client = OurPeer.client(pki, null, "localhost",
                () -> OurPeer.config().suites(GCM).protocols("http/1.1", "h2")))
        {
            client.connect(server.port(), TongsuoPeers.HELLO);
            assertEquals("ECC_SM4_GCM_SM3 protocol " + index + ", end, closed", client.session());
            assertEquals(TongsuoPeers.name(GCM) + " " + protocol, server.next());
        }
    }

    @Test
    void shouldEndWithoutACommonProtocol() throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, () -> OurPeer.config().protocols("http/1.1", "h2"));
            TongsuoContext client = peers.stranger(GCM).protocol("smtp"))
        {
            assertThrows(IOException.class, () -> TongsuoPeers.greet(client, server, null));
            assertEquals(List.of("read fatal 120"), client.alerts());
            assertEquals("wrote no_application_protocol", server.session());
        }
        try (TongsuoServer server = new TongsuoServer(peers.server(GCM).protocol("smtp"), Conversation.ECHO);
            OurPeer client = OurPeer.client(pki, null, "localhost",
                () -> OurPeer.config().suites(GCM).protocols("http/1.1", "h2")))
        {
            client.connect(server.port(), TongsuoPeers.HELLO);
            assertEquals("read no_application_protocol", client.session());
        }
    }
}
