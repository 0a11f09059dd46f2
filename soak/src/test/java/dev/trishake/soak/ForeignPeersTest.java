// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.identity.TestPki;
import dev.trishake.soak.tongsuo.OurPeer;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.tlcp.TlcpConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Live, on loopback, with Java implementations of TLCP that others wrote. Maven puts their jars beside the classes,
 * never on our class path; one of them needs a JDK 17. {@link BgmproviderTest} asks more of that one.
 */
class ForeignPeersTest
{
    private static final Path GMSSE = Path.of("target/peers/gmsse");
    private static final int TRIES = 4;
    private static final List<String> SUITES =
        List.of("ECC_SM4_CBC_SM3", "ECC_SM4_GCM_SM3", "ECDHE_SM4_CBC_SM3", "ECDHE_SM4_GCM_SM3");

    @TempDir
    private static Path pki;

    /** Both ways in one JVM of its own, which is what takes time. */
    private static Bgmprovider peer;

    private final StringWriter out = new StringWriter();

    @BeforeAll
    static void makePki() throws Exception
    {
        peer = new Bgmprovider();
        new TestPki(new TestPki.Contents("Peers", List.of("localhost"), "client", Instant.now().minusSeconds(60),
            Duration.ofDays(1), "123456"), new SecureRandom()).write(pki);
    }

    @AfterAll
    static void stop() throws IOException
    {
        peer.close();
    }

    private static TlcpConfig askingAndResuming()
    {
        return OurPeer.config().clientAuthentication(ClientAuthentication.WANT)
            .resumption(16, TimeUnit.HOURS.toNanos(1));
    }

    @Test
    void shouldServeAndDialBgmprovider() throws Exception
    {
        try (OurPeer server = OurPeer.server(pki, ForeignPeersTest::askingAndResuming))
        {
            for (final String suite : SUITES)
            {
                serve(server, suite, " own=" + pki + "/client", " authenticated");
            }
            serve(server, "ECC_SM4_GCM_SM3", "", "");
        }
        final int port =
            peer.serve("trust=" + pki + " own=" + pki + "/server auth=want suites=" + String.join(",", SUITES));
        for (final String suite : SUITES)
        {
            dial(port, suite, " --sign-cert " + pki + "/client_sign.crt --sign-key " + pki +
                "/client_sign.key --enc-cert " + pki + "/client_enc.crt --enc-key " + pki +
                "/client_enc.key --chain " + pki + "/subca.crt", " peer client", ", client authenticated");
        }
        dial(port, "ECC_SM4_CBC_SM3", "", "", "");
    }

    private static void serve(
        final OurPeer server, final String suite, final String own, final String authenticated) throws Exception
    {
        peer.dial(server.port(), "times=2 name=localhost suites=" + suite + " trust=" + pki + own);
        for (final String resumed : List.of("", " resumed"))
        {
            assertEquals(suite + " peer localhost 5 bye", peer.next());
            assertEquals(suite + resumed + authenticated + ", end, closed", server.session());
        }
    }

    private void dial(
        final int port, final String suite, final String own, final String name, final String authenticated)
        throws IOException
    {
        out.getBuffer().setLength(0);
        final int exitCode = Soak.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out)).execute(
            ("dial tlcp 127.0.0.1:" + port + " --ca " + pki + "/ca.crt --name localhost -n 2 --resume --echo hello " +
                "--suite " + suite + own).split(" "));
        assertEquals(0, exitCode, out::toString);
        final List<String> lines = out.toString().lines().toList();
        assertTrue(lines.containsAll(List.of("ok=2 fail=0", "suite " + suite + authenticated + ": 1",
            "suite " + suite + ", resumed" + authenticated + ": 1")), out::toString);
        assertEquals(Collections.nCopies(2, suite + name + " 5 bye"), List.of(peer.next(), peer.next()));
    }

    /** It does not know CertificateRequest. */
    @Test
    void shouldServeGmsse() throws Exception
    {
        assumeTrue(Files.isDirectory(GMSSE), "Maven has not copied the peers' jars to " + GMSSE);
        List<String> lines = List.of();
        // of some hundred ciphertexts it can't write one, and says so: a number that begins with nine bits alike
        for (int i = 0; i < TRIES && (i == 0 || lines.toString().contains("malformed integer")); i++)
        {
            try (OurPeer server = OurPeer.server(pki, OurPeer::config))
            {
                lines = greetByGmsse(server.port());
                if (lines.size() == 2)
                {
                    assertTrue(server.session().startsWith("ECC_SM4_CBC_SM3, "));
                    assertTrue(server.session().startsWith("ECC_SM4_CBC_SM3, "));
                }
            }
        }
        assertEquals(Collections.nCopies(2, "ECC-SM2-WITH-SM4-SM3 hello"), lines);
    }

    private static List<String> greetByGmsse(final int port) throws Exception
    {
        try (GmsseClient client = new GmsseClient(GMSSE))
        {
            return List.of(client.echo(port, pki, "hello"), client.echo(port, pki, "hello"));
        }
        catch (final RuntimeException | IOException ex)
        {
            return List.of(ex.toString());
        }
    }
}
