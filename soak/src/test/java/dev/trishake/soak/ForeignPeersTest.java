// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.Kernels;
import dev.trishake.identity.IdentityLoader;
import dev.trishake.identity.TestPki;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.tlcp.TlcpParameters;
import dev.trishake.wire.tlcp.CipherSuite;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Live, on loopback, with Java implementations of TLCP that others wrote. Maven puts their jars beside the classes,
 * never on our class path; one of them needs a JDK 17.
 */
class ForeignPeersTest
{
    private static final Path JARS = Path.of("target/peers");
    private static final Path SOURCE = Path.of("src/test/resources/peers/BishengPeer.java");
    private static final int PATIENCE_S = 60;
    private static final int TRIES = 4;
    private static final List<String> SUITES =
        List.of("ECC_SM4_CBC_SM3", "ECC_SM4_GCM_SM3", "ECDHE_SM4_CBC_SM3", "ECDHE_SM4_GCM_SM3");

    /** What bgmprovider reaches for in the JDK. */
    private static final List<String> OPENED = List.of(
        "sun.security.ssl", "sun.security.util", "sun.security.x509", "sun.security.provider",
        "sun.security.provider.certpath", "sun.security.internal.spec", "sun.security.internal.interfaces",
        "sun.security.validator", "sun.security.action", "sun.security.jca", "sun.security.pkcs",
        "sun.security.pkcs12", "sun.security.timestamp", "sun.net.util", "sun.util.logging", "jdk.internal.misc",
        "jdk.internal.access");

    @TempDir
    private static Path pki;

    private final StringWriter out = new StringWriter();

    @BeforeAll
    static void makePki() throws Exception
    {
        new TestPki(new TestPki.Contents("Peers", List.of("localhost"), "client", Instant.now().minusSeconds(60),
            Duration.ofDays(1), "123456"), new SecureRandom()).write(pki);
    }

    /** A JDK 17 that was named, or stands where systems put them. */
    private static Path java17()
    {
        final List<Path> homes = new ArrayList<>();
        Stream.of("JAVA17_HOME", "JAVA_HOME").map(System::getenv).filter(home -> home != null).map(Path::of)
            .forEach(homes::add);
        for (final Path folder : List.of(Path.of("/usr/lib/jvm"), Path.of("/opt"),
            Path.of(System.getProperty("java.home")).getParent(), Path.of(System.getProperty("user.home"), ".jdks")))
        {
            try (Stream<Path> found = Files.list(folder))
            {
                found.sorted().forEach(homes::add);
            }
            catch (final IOException ex)
            {
                // no such place
            }
        }
        final Optional<Path> home = homes.stream().filter(ForeignPeersTest::isJdk17).findFirst();
        assumeTrue(home.isPresent(), "no JDK 17 was found: set JAVA17_HOME");
        return home.orElseThrow().resolve("bin/java");
    }

    private static boolean isJdk17(final Path home)
    {
        try
        {
            return Files.isExecutable(home.resolve("bin/javac")) && Files.readAllLines(home.resolve("release"))
                .stream().anyMatch(line -> line.startsWith("JAVA_VERSION=\"17."));
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private static Path jars(final String of)
    {
        final Path folder = JARS.resolve(of);
        assumeTrue(Files.isDirectory(folder), "Maven has not copied the peers' jars to " + folder);
        return folder;
    }

    /** Starts a JVM that is bgmprovider's server at once, and its client when it is told to. */
    private static Process bgmprovider() throws IOException
    {
        final List<String> command = new ArrayList<>();
        command.add(java17().toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        OPENED.forEach(name ->
        {
            command.add("--add-exports=java.base/" + name + "=ALL-UNNAMED");
            command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
        });
        command.addAll(List.of("-cp", jars("bgmprovider") + "/*", SOURCE.toString(), pki.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Echoes, and notes what was agreed on. */
    private static final class Echo implements SessionHandler
    {
        private final List<String> agreed = new CopyOnWriteArrayList<>();

        @Override
        public void onEstablished(final Session session)
        {
            final long parameters = session.parameters();
            agreed.add(CipherSuite.name(TlcpParameters.suite(parameters)) +
                (TlcpParameters.isResumed(parameters) ? " resumed" : ""));
        }

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            return session.send(buffer, offset, length);
        }
    }

    /** An echo server of ours with something to say to its clients' users. */
    @FunctionalInterface
    private interface Visit
    {
        List<String> to(int port) throws Exception;
    }

    /** {@return what a peer's client says of an echo server of ours, which runs meanwhile} */
    private static List<String> serve(final Echo echo, final Supplier<TlcpConfig> config, final Visit client)
        throws Exception
    {
        try (TlcpProtocol protocol = TlcpProtocol.server(Kernels.scalar(), config,
            new IdentityLoader().signing(pki.resolve("server_sign.crt"), pki.resolve("server_sign.key"))
                .encryption(pki.resolve("server_enc.crt"), pki.resolve("server_enc.key"))
                .chain(pki.resolve("subca.crt")).load(Instant.now()),
            TlcpTrust.load(TlcpTrust.Order.ANY, pki.resolve("ca.crt")));
            Engine engine = Engine.launch(new EngineConfig().link(Links.kernel(16))
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Protocol.TLCP, 16)
                .protocol(Protocol.TLCP, protocol).countersFile(pki.resolve("counters")), echo))
        {
            return client.to(engine.localAddress(0).getPort());
        }
    }

    private static TlcpConfig plain()
    {
        return new TlcpConfig().sessions(16).handshakes(16);
    }

    private static TlcpConfig askingAndResuming()
    {
        return plain().clientAuthentication(ClientAuthentication.WANT).resumption(16, TimeUnit.HOURS.toNanos(1));
    }

    /** Both ways in one JVM of its own, which is what takes time. */
    @Test
    void shouldServeAndDialBgmprovider() throws Exception
    {
        final Process peer = bgmprovider();
        try (BufferedReader reader = peer.inputReader(StandardCharsets.UTF_8))
        {
            final String ready = reader.readLine();
            assertTrue(ready != null && ready.startsWith("ready "), ready);
            try (BufferedWriter writer = peer.outputWriter(StandardCharsets.UTF_8))
            {
                serveBgmprovider(reader, writer);
                dialBgmprovider(ready.substring("ready ".length()));
            }
            assertTrue(peer.waitFor(PATIENCE_S, TimeUnit.SECONDS));
        }
        finally
        {
            peer.destroyForcibly();
        }
    }

    private static void serveBgmprovider(final BufferedReader reader, final BufferedWriter writer) throws Exception
    {
        final List<String> suites = new ArrayList<>();
        SUITES.forEach(suite -> suites.add(suite.startsWith("ECDHE") ? suite + "+auth" : suite));
        suites.add("ECC_SM4_GCM_SM3+auth");
        final List<String> expected = new ArrayList<>();
        SUITES.forEach(suite -> expected.addAll(Collections.nCopies(2, suite + " hello")));
        expected.addAll(Collections.nCopies(2, "ECC_SM4_GCM_SM3 hello"));
        final Echo echo = new Echo();
        assertEquals(expected, serve(echo, ForeignPeersTest::askingAndResuming, port ->
        {
            writer.write(port + " hello " + String.join(" ", suites) + "\n");
            writer.flush();
            final List<String> lines = new ArrayList<>();
            while (lines.size() < expected.size())
            {
                lines.add(reader.readLine());
            }
            return lines;
        }));
        assertEquals(expected.stream().map(line -> line.replace(" hello", "")).toList(),
            echo.agreed.stream().map(line -> line.replace(" resumed", "")).toList());
        assertEquals(5, echo.agreed.stream().filter(line -> line.endsWith(" resumed")).count(),
            () -> "the second session of each kind is resumed: " + echo.agreed);
    }

    private void dialBgmprovider(final String port)
    {
        for (final String suite : SUITES)
        {
            dial(port, suite + " --sign-cert " + pki + "/client_sign.crt --sign-key " + pki +
                "/client_sign.key --enc-cert " + pki + "/client_enc.crt --enc-key " + pki +
                "/client_enc.key --chain " + pki + "/subca.crt", "suite " + suite, ", client authenticated");
        }
        dial(port, "ECC_SM4_CBC_SM3", "suite ECC_SM4_CBC_SM3", "");
    }

    /** Twice: the second session is resumed. */
    private void dial(final String port, final String suite, final String agreed, final String authenticated)
    {
        out.getBuffer().setLength(0);
        final int exitCode = Soak.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out)).execute(
            ("dial tlcp 127.0.0.1:" + port + " --ca " + pki + "/ca.crt --name localhost -n 2 --resume --echo hello " +
                "--suite " + suite).split(" "));
        assertEquals(0, exitCode, out::toString);
        final List<String> lines = out.toString().lines().toList();
        assertTrue(lines.containsAll(List.of("ok=2 fail=0", agreed + authenticated + ": 1",
            agreed + ", resumed" + authenticated + ": 1")), out::toString);
    }

    /** It does not know CertificateRequest. */
    @Test
    void shouldServeGmsse() throws Exception
    {
        final Path folder = jars("gmsse");
        List<String> lines = List.of();
        // of some hundred ciphertexts it can't write one, and says so: a number that begins with nine bits alike
        for (int i = 0; i < TRIES && (i == 0 || lines.toString().contains("malformed integer")); i++)
        {
            final Echo echo = new Echo();
            lines = serve(echo, ForeignPeersTest::plain, port -> greetByGmsse(folder, port));
            if (lines.size() == 2)
            {
                assertEquals(Collections.nCopies(2, "ECC_SM4_CBC_SM3"), echo.agreed);
            }
        }
        assertEquals(Collections.nCopies(2, "ECC-SM2-WITH-SM4-SM3 hello"), lines);
    }

    private static List<String> greetByGmsse(final Path folder, final int port) throws Exception
    {
        try (GmsseClient client = new GmsseClient(folder))
        {
            return List.of(client.echo(port, pki, "hello"), client.echo(port, pki, "hello"));
        }
        catch (final RuntimeException | IOException ex)
        {
            return List.of(ex.toString());
        }
    }
}
