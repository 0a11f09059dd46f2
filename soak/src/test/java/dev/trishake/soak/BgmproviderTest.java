// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.tongsuo.OurPeer;
import dev.trishake.soak.tongsuo.TongsuoPeers;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.wire.tlcp.CipherSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * All that bgmprovider can do on TLCP, live and in both roles: what its side saw, then what ours did. Names are not
 * among it: it neither sends nor reads server_name on TLCP.
 */
@Tag("full")
class BgmproviderTest
{
    private static final int GCM = CipherSuite.ECC_SM4_GCM_SM3;
    private static final int CBC = CipherSuite.ECC_SM4_CBC_SM3;
    private static final int MEGABYTE = 1 << 20;
    private static final int TIMES = 150;
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path pki;

    private static Bgmprovider peer;
    /** Of authorities that nobody knows. */
    private static Path foreign;
    /** Of authorities with the names of those that are known. */
    private static Path feigned;
    /** Of yesterday. */
    private static Path expired;

    @BeforeAll
    static void start() throws Exception
    {
        peer = new Bgmprovider();
        TongsuoPeers.makePki(pki, "Peers", "localhost", Duration.ZERO);
        foreign = TongsuoPeers.makePki(pki.resolve("foreign"), "Foreign", "other.example", Duration.ZERO);
        feigned = TongsuoPeers.makePki(pki.resolve("feigned"), "Peers", "localhost", Duration.ZERO);
        expired = TongsuoPeers.makePki(pki.resolve("expired"), "Peers", "localhost", Duration.ofDays(2));
    }

    @AfterAll
    static void stop() throws Exception
    {
        if (peer != null)
        {
            peer.close();
        }
    }

    /**
     * {@return what a refusal of ours looks like: who still writes when we have closed does not read our alert, because
     * the kernel resets a connection whose octets nobody reads}
     */
    private static String refused(final String alert, final String seen)
    {
        return seen.matches(", (Broken pipe|Connection reset).*") ?
            ", Received fatal alert: " + alert + seen.substring(seen.indexOf(" | ")) : seen;
    }

    private static String refusal(final String alert)
    {
        return ", Received fatal alert: " + alert + " | wrote " + alert;
    }

    /** {@return what its client saw of a server of ours, and what that saw} */
    private static String dial(final OurPeer server, final int suite, final Path trusted, final String options)
        throws Exception
    {
        peer.dial(server.port(), "suites=" + CipherSuite.name(suite) + " trust=" + trusted + " " + options);
        return peer.next() + " | " + server.session();
    }

    private static String dial(final OurPeer server, final int suite, final String options) throws Exception
    {
        return dial(server, suite, pki, options);
    }

    /** {@return what its server saw of a client of ours, which is closed, and what that saw} */
    private static String serve(final int suite, final Path trusted, final String options, final OurPeer client)
        throws Exception
    {
        try (client)
        {
            client.connect(peer.serve("suites=" + CipherSuite.name(suite) + " trust=" + trusted + " " + options),
                HELLO);
            return peer.next() + " | " + client.session();
        }
    }

    private static OurPeer client(final String name, final String serverName, final int suite) throws Exception
    {
        return OurPeer.client(pki, name, serverName, () -> OurPeer.config().suites(suite));
    }

    private static String own(final Path folder, final String name)
    {
        return "own=" + folder + "/" + name + " ";
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldEchoAMegabyte(final int suite) throws Exception
    {
        final String name = CipherSuite.name(suite);
        try (OurPeer server = OurPeer.server(pki, OurPeer::config))
        {
            assertEquals(name + " peer localhost 1048576 bye | " + name +
                (CipherSuite.isEcdhe(suite) ? " authenticated" : "") + ", end, closed",
                dial(server, suite, own(pki, "client") + "bytes=" + MEGABYTE));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.trishake.soak.tongsuo.TongsuoPeers#suites")
    void shouldHaveAMegabyteEchoed(final int suite) throws Exception
    {
        final byte[] data = new byte[MEGABYTE];
        new Random(suite).nextBytes(data);
        final int port = peer.serve("suites=" + CipherSuite.name(suite) + " auth=need trust=" + pki + " " +
            own(pki, "server"));
        try (OurPeer client = client("client", "localhost", suite))
        {
            for (final boolean endsAtOnce : new boolean[] {false, true})
            {
                client.connect(port, data, endsAtOnce);
                assertEquals(CipherSuite.name(suite) + " peer client 1048576 bye", peer.next());
                assertEquals(CipherSuite.name(suite) + " authenticated, end, closed", client.session());
                assertArrayEquals(data, client.received());
            }
        }
    }

    /** One in 256 coordinates and numbers of a signature is shorter than 32 octets. */
    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECDHE_SM4_GCM_SM3})
    void shouldShakeHandsWithNumbersOfAnyLength(final int suite) throws Exception
    {
        final String options =
            "auth=need times=" + TIMES + " suites=" + CipherSuite.name(suite) + " trust=" + pki + " ";
        try (OurPeer server = OurPeer.server(pki,
            () -> OurPeer.config().clientAuthentication(ClientAuthentication.NEED));
            OurPeer client = client("client", "localhost", suite))
        {
            peer.dial(server.port(), options + own(pki, "client"));
            for (int i = 0; i < TIMES; i++)
            {
                assertEquals(CipherSuite.name(suite) + " peer localhost 5 bye", peer.next());
                assertEquals(CipherSuite.name(suite) + " authenticated, end, closed", server.session());
            }
            final int port = peer.serve(options + own(pki, "server"));
            for (int i = 0; i < TIMES; i++)
            {
                client.connect(port, HELLO);
                assertEquals(CipherSuite.name(suite) + " authenticated, end, closed", client.session());
                assertEquals(CipherSuite.name(suite) + " peer client 5 bye", peer.next());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAskForCertificates(final ClientAuthentication policy) throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, () -> OurPeer.config().clientAuthentication(policy)))
        {
            for (final int suite : TongsuoPeers.suites())
            {
                final String name = CipherSuite.name(suite);
                final boolean isAsked = CipherSuite.isEcdhe(suite) || policy != ClientAuthentication.NONE;
                assertEquals(name + " peer localhost 5 bye | " + name + (isAsked ? " authenticated" : "") +
                    ", end, closed", dial(server, suite, own(pki, "client")));
                final String seen = dial(server, suite, "");
                if (CipherSuite.isEcdhe(suite))
                {
                    // it sends an empty Certificate, and then has no key to go on with
                    assertEquals(", No sufficient sm2 key agreement parameters negotiated | wrote handshake_failure",
                        seen);
                }
                else if (policy == ClientAuthentication.NEED)
                {
                    assertEquals(refusal("handshake_failure"), refused("handshake_failure", seen));
                }
                else
                {
                    assertEquals(name + " peer localhost 5 bye | " + name + ", end, closed", seen);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowCertificatesWhereTheyAreAskedFor(final ClientAuthentication policy) throws Exception
    {
        for (final int suite : TongsuoPeers.suites())
        {
            final String name = CipherSuite.name(suite);
            final String asking = own(pki, "server") + "auth=" + policy.name().toLowerCase(Locale.ROOT);
            final boolean isAsked = CipherSuite.isEcdhe(suite) || policy != ClientAuthentication.NONE;
            assertEquals(name + (isAsked ? " peer client" : "") + " 5 bye | " + name +
                (isAsked ? " authenticated" : "") + ", end, closed",
                serve(suite, pki, asking, client("client", "localhost", suite)));
            final String seen = serve(suite, pki, asking, client(null, "localhost", suite));
            assertEquals(
                CipherSuite.isEcdhe(suite) ? refusal("handshake_failure") :
                policy == ClientAuthentication.NEED ? ", Empty server certificate chain | read bad_certificate" :
                    name + " 5 bye | " + name + ", end, closed", refused("handshake_failure", seen));
        }
    }

    @Test
    void shouldRefuseItsClients() throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, BgmproviderTest::asking))
        {
            assertRefusal("handshake_failure", dial(server, CBC, ""), "no suite");
            assertRefusal("unknown_ca", dial(server, GCM, own(foreign, "client")), "whom we do not know");
            assertRefusal("bad_certificate", dial(server, GCM, own(feigned, "client")), "who claims to be known");
        }
        try (OurPeer server = OurPeer.server(pki, BgmproviderTest::asking, expired, protocol -> protocol))
        {
            assertRefusal("certificate_expired", dial(server, GCM, own(expired, "client")), "of yesterday");
        }
    }

    private static TlcpConfig asking()
    {
        return OurPeer.config().suites(GCM).clientAuthentication(ClientAuthentication.WANT);
    }

    private static void assertRefusal(final String alert, final String seen, final String what)
    {
        assertEquals(refusal(alert), refused(alert, seen), what);
    }

    @Test
    void shouldRefuseItsServers() throws Exception
    {
        assertRefusal("unknown_ca", serve(GCM, pki, own(foreign, "server"), client(null, "other.example", GCM)),
            "whom we do not know");
        assertRefusal("bad_certificate", serve(GCM, pki, own(feigned, "server"), client(null, "localhost", GCM)),
            "who claims to be known");
        assertRefusal("certificate_expired", serve(GCM, pki, own(expired, "server"),
            OurPeer.client(expired, null, "localhost", () -> OurPeer.config().suites(GCM))), "of yesterday");
        assertRefusal("bad_certificate", serve(GCM, pki, own(pki, "server"), client(null, "other.example", GCM)),
            "not whom we want");
    }

    @Test
    void shouldBeRefused() throws Exception
    {
        final String stranger = ", unable to find valid certification path to requested target | " +
            "read certificate_unknown";
        try (OurPeer server = OurPeer.server(foreign, OurPeer::config))
        {
            assertEquals(stranger, dial(server, GCM, ""), "who does not know us");
            assertEquals(", No subject alternative DNS name matching localhost found. | read certificate_unknown",
                dial(server, GCM, foreign, "name=localhost"), "who wants another");
            assertEquals("ECC_SM4_GCM_SM3 peer other.example 5 bye | ECC_SM4_GCM_SM3, end, closed",
                dial(server, GCM, foreign, "name=other.example"), "who wants us");
        }
        assertEquals(stranger, serve(GCM, foreign, own(pki, "server") + "auth=need",
            client("client", "localhost", GCM)), "who does not know us");
        assertEquals(", no cipher suites in common | read handshake_failure",
            serve(CBC, pki, own(pki, "server"), client(null, "localhost", GCM)), "no suite");
    }

    @Test
    void shouldAgreeOnAProtocol() throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, () -> OurPeer.config().protocols("http/1.1", "h2")))
        {
            assertEquals("ECC_SM4_GCM_SM3 peer localhost h2 5 bye | ECC_SM4_GCM_SM3 protocol 1, end, closed",
                dial(server, GCM, "alpn=smtp,h2"));
            assertRefusal("no_application_protocol", dial(server, GCM, "alpn=smtp"), "none in common");
        }
        assertEquals("ECC_SM4_GCM_SM3 http/1.1 5 bye | ECC_SM4_GCM_SM3 protocol 0, end, closed",
            serve(GCM, pki, own(pki, "server") + "alpn=smtp,http/1.1", offering()));
        assertEquals(", No matching application layer protocol values | read no_application_protocol",
            serve(GCM, pki, own(pki, "server") + "alpn=smtp", offering()));
    }

    private static OurPeer offering() throws Exception
    {
        return OurPeer.client(pki, null, "localhost",
            () -> OurPeer.config().suites(GCM).serverName("localhost").protocols("http/1.1", "h2"));
    }
}
