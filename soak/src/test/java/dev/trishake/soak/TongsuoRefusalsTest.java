// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.tongsuo.OurPeer;
import dev.trishake.soak.tongsuo.TongsuoConnection;
import dev.trishake.soak.tongsuo.TongsuoContext;
import dev.trishake.soak.tongsuo.TongsuoPeers;
import dev.trishake.soak.tongsuo.TongsuoServer;
import dev.trishake.soak.tongsuo.TongsuoServer.Conversation;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.wire.tlcp.CipherSuite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * Who is refused, by whom, and what both sides are told, live with Tongsuo's own libssl: each case says what its side
 * saw, the alerts that it read and wrote, and what ours saw.
 */
@Tag("full")
class TongsuoRefusalsTest
{
    private static final int GCM = CipherSuite.ECC_SM4_GCM_SM3;
    private static final int CBC = CipherSuite.ECC_SM4_CBC_SM3;
    private static final String BYES = " [read warning 0, write warning 0]";

    @TempDir
    private static Path pki;

    private static TongsuoPeers peers;
    /** Of authorities that nobody knows. */
    private static Path foreign;
    /** Of authorities with the names of those that are known. */
    private static Path feigned;
    /** Of yesterday. */
    private static Path expired;

    @BeforeAll
    static void load() throws Exception
    {
        peers = TongsuoPeers.in(pki);
        foreign = TongsuoPeers.makePki(pki.resolve("foreign"), "Foreign", "localhost", Duration.ZERO);
        feigned = TongsuoPeers.makePki(pki.resolve("feigned"), "Peers", "localhost", Duration.ZERO);
        expired = TongsuoPeers.makePki(pki.resolve("expired"), "Peers", "localhost", Duration.ofDays(2));
    }

    /** {@return what a client of Tongsuo's sees of a server of ours, its alerts, and what the server saw} */
    private static String dial(final TongsuoContext client, final OurPeer server)
        throws IOException, InterruptedException
    {
        try (client)
        {
            String seen;
            try
            {
                seen = TongsuoPeers.greet(client, server, null).agreed();
            }
            catch (final IOException ex)
            {
                seen = ex.getMessage();
            }
            return seen + " " + client.alerts() + " | " + server.session();
        }
    }

    /** {@return what a server of Tongsuo's sees of a client of ours, its alerts, and what the client saw} */
    private static String serve(final TongsuoContext context, final OurPeer client, final Conversation conversation)
        throws IOException, InterruptedException
    {
        try (client; TongsuoServer server = new TongsuoServer(context, conversation))
        {
            client.connect(server.port(), TongsuoPeers.HELLO);
            return server.next() + " " + context.alerts() + " | " + client.session();
        }
    }

    private static OurPeer client(final String name, final String serverName, final int suite) throws Exception
    {
        return OurPeer.client(pki, name, serverName, () -> OurPeer.config().suites(suite));
    }

    @ParameterizedTest
    @EnumSource
    void shouldAskForCertificates(final ClientAuthentication policy) throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, () -> OurPeer.config().clientAuthentication(policy)))
        {
            for (final int suite : TongsuoPeers.suites())
            {
                final boolean isAsked = CipherSuite.isEcdhe(suite) || policy != ClientAuthentication.NONE;
                final String agreed =
                    TongsuoPeers.name(suite) + " peer localhost hello bye [write warning 0, read warning 0] | " +
                        CipherSuite.name(suite);
                assertEquals(agreed + (isAsked ? " authenticated" : "") + ", end, closed",
                    dial(peers.client(suite), server));
                assertEquals(
                    // it sends an empty Certificate, and then has no key to go on with
                    CipherSuite.isEcdhe(suite) ? "internal error, internal error, internal error [write fatal 80] | " +
                        "wrote handshake_failure" :
                    policy == ClientAuthentication.NEED ?
                        "sslv3 alert handshake failure [read fatal 40] | wrote handshake_failure" :
                        agreed + ", end, closed", dial(peers.stranger(suite), server));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowCertificatesWhereTheyAreAskedFor(final ClientAuthentication policy) throws Exception
    {
        final int mode = switch (policy)
        {
            case NONE -> TongsuoContext.VERIFY_NONE;
            case WANT -> TongsuoContext.VERIFY_PEER;
            case NEED -> TongsuoContext.VERIFY_PEER | TongsuoContext.VERIFY_FAIL_IF_NO_PEER_CERT;
        };
        for (final int suite : TongsuoPeers.suites())
        {
            final boolean isAsked = CipherSuite.isEcdhe(suite) || policy != ClientAuthentication.NONE;
            assertEquals(TongsuoPeers.name(suite) + (isAsked ? " peer client" : "") + BYES + " | " +
                CipherSuite.name(suite) + (isAsked ? " authenticated" : "") + ", end, closed",
                serve(peers.server(mode, pki, suite), client("client", "localhost", suite),
                    Conversation.ECHO));
            assertEquals(
                CipherSuite.isEcdhe(suite) ?
                    "sslv3 alert handshake failure [read fatal 40] | wrote handshake_failure" :
                policy == ClientAuthentication.NEED ?
                    "peer did not return a certificate, internal error [write fatal 40] | read handshake_failure" :
                    TongsuoPeers.name(suite) + BYES + " | " + CipherSuite.name(suite) + ", end, closed",
                serve(peers.server(mode, pki, suite), client(null, "localhost", suite),
                    Conversation.ECHO));
        }
    }

    @Test
    void shouldRefuseTongsuosClients() throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, () -> OurPeer.config().suites(GCM)
            .clientAuthentication(ClientAuthentication.WANT)))
        {
            assertEquals("sslv3 alert handshake failure [read fatal 40] | wrote handshake_failure",
                dial(peers.client(CBC), server), "no suite");
            assertEquals("tlsv1 alert unknown ca [read fatal 48] | wrote unknown_ca",
                dial(peers.stranger(GCM).identity(foreign, "client"), server), "whom we do not know");
            assertEquals("sslv3 alert bad certificate [read fatal 42] | wrote bad_certificate",
                dial(peers.stranger(GCM).identity(feigned, "client"), server), "who claims to be known");
            assertEquals("certificate verify failed, internal error [write fatal 48] | read unknown_ca",
                dial(peers.stranger(GCM, foreign), server), "who does not know us");
            assertEquals("certificate verify failed, internal error [write fatal 48] | read unknown_ca",
                dial(peers.stranger(GCM, feigned), server), "who knows another one of our authority's name");
            try (TongsuoContext client = peers.stranger(GCM);
                TongsuoConnection connection = TongsuoPeers.connect(client, server).peerName("other.example"))
            {
                assertThrows(IOException.class, connection::handshake);
                assertEquals(List.of("write fatal 42"), client.alerts());
                assertEquals("read bad_certificate", server.session());
            }
        }
        try (OurPeer server = OurPeer.server(pki,
            () -> OurPeer.config().clientAuthentication(ClientAuthentication.WANT), expired, protocol -> protocol))
        {
            assertEquals("sslv3 alert certificate expired [read fatal 45] | wrote certificate_expired",
                dial(peers.stranger(GCM).identity(expired, "client"), server));
        }
    }

    @Test
    void shouldBeRefusedByTongsuosServers() throws Exception
    {
        assertEquals("no shared cipher [write fatal 40] | read handshake_failure",
            serve(peers.server(CBC), client(null, "localhost", GCM), Conversation.ECHO));
        assertEquals("certificate verify failed, internal error [write fatal 48] | read unknown_ca",
            serve(peers.server(TongsuoContext.VERIFY_PEER, foreign, GCM),
                client("client", "localhost", GCM), Conversation.ECHO));
        assertEquals("sslv3 alert bad certificate [read fatal 42] | wrote bad_certificate",
            serve(peers.server(GCM), client(null, "other.example", GCM), Conversation.ECHO));
        assertEquals("tlsv1 alert unknown ca [read fatal 48] | wrote unknown_ca",
            serve(peers.server(GCM).identity(foreign, "server"), client(null, "localhost", GCM), Conversation.ECHO));
        assertEquals("sslv3 alert certificate expired [read fatal 45] | wrote certificate_expired",
            serve(peers.server(GCM).identity(expired, "server"), OurPeer.client(expired, null, "localhost",
                OurPeer::config), Conversation.ECHO));
    }

    /** OpenSSL ends a session in which its own request is refused; ours would go on. */
    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldRefuseRenegotiation(final int suite) throws Exception
    {
        final String refused = "no renegotiation [read warning 100, write fatal 40] | " + CipherSuite.name(suite);
        final String ended = (CipherSuite.isEcdhe(suite) ? " authenticated" : "") + ", read handshake_failure";
        try (OurPeer server = OurPeer.server(pki, OurPeer::config);
            TongsuoContext client = peers.client(suite);
            TongsuoConnection connection = TongsuoPeers.connect(client, server).handshake())
        {
            connection.renegotiate();
            final IOException what = assertThrows(IOException.class, connection::read);
            assertEquals(refused + ended, what.getMessage() + " " + client.alerts() + " | " + server.session());
        }
        assertEquals(refused + " authenticated, read handshake_failure", serve(peers.server(suite),
            client("client", "localhost", suite), connection ->
            {
                connection.renegotiate();
                Conversation.ECHO.with(connection);
            }));
    }

    @Test
    void shouldRefuseTls() throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, OurPeer::config))
        {
            assertEquals("wrong version number [] | wrote protocol_version", dial(peers.clientOfTls(), server));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldSayOfEachBadRecordTheSame(final int suite) throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, OurPeer::config))
        {
            for (final int length : new int[] {1, 23, 24, 63, 64, 80, 1008})
            {
                try (TongsuoContext client = peers.client(suite);
                    TongsuoConnection connection = TongsuoPeers.connect(client, server).handshake())
                {
                    final byte[] record = new byte[5 + length];
                    record[0] = 23;
                    record[1] = 1;
                    record[2] = 1;
                    record[3] = (byte)(length >>> 8);
                    record[4] = (byte)length;
                    connection.socket().getOutputStream().write(record);
                    assertThrows(IOException.class, connection::read);
                    assertEquals(List.of("read fatal 20"), client.alerts(), length + " octets");
                    assertEquals(CipherSuite.name(suite) + (CipherSuite.isEcdhe(suite) ? " authenticated" : "") +
                        ", wrote bad_record_mac", server.session());
                }
            }
        }
    }
}
