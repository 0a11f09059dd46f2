// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.transport.packet.NetDevice;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** serve --tlcp and dial tlcp, over the kernel's sockets, with a PKI of their own. */
class TlcpToolsTest
{
    @TempDir
    private static Path pki;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String commandLine)
    {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Soak.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
            .execute(commandLine.split(" "));
    }

    @BeforeAll
    static void makePki()
    {
        assertEquals(0, Soak.commandLine().setOut(new PrintWriter(new StringWriter())).execute("pki", pki.toString()));
    }

    private void dial(final String options, final int exitCode, final String... expected)
    {
        dialAt("127.0.0.1:4433", options, exitCode, expected);
    }

    private void dialAt(final String server, final String options, final int exitCode, final String... expected)
    {
        final int found = run("dial tlcp " + server + " --ca " + pki + "/ca.crt " + options);
        for (final String line : expected)
        {
            assertTrue(out.toString().lines().toList().contains(line), () -> options + ":\n" + out + err);
        }
        assertEquals(exitCode, found, () -> options + ":\n" + out + err);
    }

    private static String identity(final String name)
    {
        return String.format("--sign-cert %1$s/%2$s_sign.crt --sign-key %1$s/%2$s_sign.key --enc-cert " +
            "%1$s/%2$s_enc.crt --enc-key %1$s/%2$s_enc.key --chain %1$s/subca.crt", pki, name);
    }

    @Test
    void shouldServeAndDial() throws Throwable
    {
        InNamespace.run(() ->
        {
            new NetDevice("lo").up();
            try (ServeHere serve = ServeHere.start("--scalar --tlcp 127.0.0.1:4433 --echo --resumption 64 " +
                identity("server") + " --client-ca " + pki + "/ca.crt --client-auth want --raw-certificate-verify"))
            {
                assertEquals("ready tlcp 127.0.0.1:4433", serve.readLine());
                dial("-n 20 --concurrency 4 --echo hello", 0, "suite ECC_SM4_GCM_SM3: 20", "ok=20 fail=0",
                    "peer C=CN,O=TLCP Test,OU=TLCP,CN=localhost");
                for (final String timed : List.of("SYN to SYN-ACK", "  ClientHello to ServerHello",
                    "  ServerHello to our Finished", "  our Finished to the server's", "SYN to Finished"))
                {
                    assertTrue(
                        out.toString().lines().anyMatch(line -> line.matches(timed + ": p50 [0-9.,]+ us, p90.*")),
                        out::toString);
                }
                dial("-n 3 --suites ECC_SM4_CBC_SM3 --echo hello", 0, "suite ECC_SM4_CBC_SM3: 3", "ok=3 fail=0");
                dial("-n 3 --resume --echo hello", 0, "suite ECC_SM4_GCM_SM3, resumed: 2", "ok=3 fail=0");
                dial("-n 3 --suites e011 --echo hello " + identity("client"), 0,
                    "suite ECDHE_SM4_CBC_SM3, client authenticated: 3", "ok=3 fail=0");
                dial("-n 3 --suites e051 " + identity("client"), 0,
                    "suite ECDHE_SM4_GCM_SM3, client authenticated: 3", "ok=3 fail=0");
                dial("-n 1 --suites e013 --raw-certificate-verify --echo hello " + identity("client"), 0,
                    "suite ECC_SM4_CBC_SM3, client authenticated: 1", "ok=1 fail=0");
                dial("-n 1 --suites e051", 1, "ok=0 fail=1", "we sent handshake_failure (40) 1");
                dial("-n 1 --name other.example", 1, "ok=0 fail=1", "we sent bad_certificate (42) 1");
                assertTrue(out.toString().contains("refused: the signing certificate of C=CN,O=TLCP Test,OU=TLCP," +
                    "CN=localhost is not for other.example"), out::toString);
                assertEquals(0, run("dial tlcp localhost:4433 --scalar -n 1 --echo hello"), err::toString);
                assertTrue(out.toString().contains("CN=localhost (not checked)"), out::toString);
                final List<String> lines = serve.stop();
                assertEquals(0, serve.exitCode());
                assertTrue(lines.stream().anyMatch(line -> line.startsWith("CryptoTlcpSignOperations")),
                    lines::toString);
            }
        });
    }

    @Test
    void shouldChooseByNameAndProtocolAndLogSecrets(@TempDir final Path folder) throws Throwable
    {
        assertEquals(0, run("pki " + folder + " --host other.example --organization Other"));
        final String other = "--sni *.example=" + String.join(",", List.of(folder + "/server_sign.crt",
            folder + "/server_sign.key", folder + "/server_enc.crt", folder + "/server_enc.key",
            folder + "/subca.crt"));
        InNamespace.run(() ->
        {
            new NetDevice("lo").up();
            try (ServeHere serve = ServeHere.start("--scalar --tlcp 127.0.0.1:4433 --echo --alpn http/1.1,h2 " +
                other + " --keylog " + folder + "/server.log " + identity("server")))
            {
                assertEquals("the secrets of all connections go to " + folder + "/server.log: whoever has it can read" +
                    " them", serve.readLine());
                assertEquals("ready tlcp 127.0.0.1:4433", serve.readLine());
                dial("-n 3 --alpn h2 --echo hello --keylog " + folder + "/client.log", 0,
                    "suite ECC_SM4_GCM_SM3, protocol h2: 3", "peer C=CN,O=TLCP Test,OU=TLCP,CN=localhost");
                assertEquals(0, run("dial tlcp 127.0.0.1:4433 --sni other.example --name other.example --ca " +
                    folder + "/ca.crt -n 2 --keylog " + folder + "/client.log"), () -> out + "" + err);
                assertTrue(out.toString().contains("peer C=CN,O=Other,OU=TLCP,CN=other.example"), out::toString);
                serve.stop();
                assertEquals(0, serve.exitCode());
            }
        });
        final List<String> lines = Files.readAllLines(folder.resolve("client.log"));
        assertEquals(5, lines.size(), "appended");
        assertEquals(lines, Files.readAllLines(folder.resolve("server.log")));
        assertTrue(lines.stream().allMatch(line -> line.matches("CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}")),
            lines::toString);
        assertEquals("rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("server.log"))));
    }

    @Test
    void shouldServeAndDialOverTun() throws Throwable
    {
        InNamespace.run(() ->
        {
            new NetDevice("lo").up();
            final String tun = " --tun tsk0 --address 10.9.0.1/24 --engine-address 10.9.0.2 ";
            try (ServeHere serve = ServeHere.start("--scalar --tlcp 4433 --echo" + tun + identity("server") +
                " --client-ca " + pki + "/ca.crt --client-auth want"))
            {
                assertEquals("ready tlcp 10.9.0.2:4433", serve.readLine());
                dialAt("10.9.0.2:4433", "-n 8 --concurrency 4 --echo hello", 0, "ok=8 fail=0"); // by the kernel's TCP
                dialAt("10.9.0.2:4433", "-n 2 --suite e011 --echo hello " + identity("client"), 0,
                    "suite ECDHE_SM4_CBC_SM3, client authenticated: 2", "ok=2 fail=0");
                final List<String> lines = serve.stop();
                assertTrue(lines.stream().anyMatch(line -> line.matches("TcpPassiveOpens +10")), lines::toString);
            }
        });
    }

    @Tag("full")
    @Test
    void shouldDialOverTun() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (ServeHere serve = ServeHere.start("--scalar --tlcp 4433 --echo " + identity("server")))
            {
                assertEquals("ready tlcp 0.0.0.0:4433", serve.readLine());
                dialAt("10.9.0.1:4433", "-n 5 --concurrency 2 --echo hello --tun tsk0 --address 10.9.0.1/24 " +
                    "--engine-address 10.9.0.2", 0, "ok=5 fail=0");
                serve.stop();
            }
        });
    }

    @Test
    void shouldServeAndDialOverAnInterface() throws Throwable
    {
        InNamespace.run(() ->
        {
            EngineToolsTest.ip("link add tskv0 type veth peer name tskv1");
            EngineToolsTest.ip("link set tskv0 up");
            EngineToolsTest.ip("link set tskv1 up");
            EngineToolsTest.ip("addr add 10.8.0.1/24 dev tskv0");
            try (ServeHere serve = ServeHere.start("--scalar --packet tskv1 --address 10.8.0.1/24 " +
                "--engine-address 10.8.0.2 --tlcp 4433 --echo " + identity("server")))
            {
                assertEquals("ready tlcp 10.8.0.2:4433", serve.readLine());
                dialAt("10.8.0.2:4433", "-n 5 --concurrency 2 --echo hello", 0, "ok=5 fail=0"); // by the kernel's TCP
                dialAt("10.8.0.2:4433", "-n 5 --suite e013 --echo hello --packet tskv0 --address 10.8.0.1/24 " +
                    "--engine-address 10.8.0.3", 0, "ok=5 fail=0"); // our TCP on both sides
                final List<String> lines = serve.stop();
                assertTrue(lines.stream().anyMatch(line -> line.matches("TcpPassiveOpens +10")), lines::toString);
            }
        });
    }

    @Test
    void shouldForwardToABackEnd() throws Throwable
    {
        InNamespace.run(() ->
        {
            new NetDevice("lo").up();
            try (ServeHere serve = ServeHere.start("--scalar --tlcp 127.0.0.1:4433 --forward 127.0.0.1:7 " +
                "--tcp 8080 --host 127.0.0.1 " + identity("server")))
            {
                assertEquals("ready tcp 127.0.0.1:8080", serve.readLine());
                assertEquals("ready tlcp 127.0.0.1:4433", serve.readLine());
                dial("-n 3 --echo hello", 1, "ok=0 fail=3", "CLOSED_BY_SERVER 3"); // nobody listens there
                try (ServeHere backEnd = ServeHere.start("--tcp 127.0.0.1:7 --echo"))
                {
                    assertEquals("ready tcp 127.0.0.1:7", backEnd.readLine());
                    dial("-n 50 --concurrency 8 --echo hello", 0, "ok=50 fail=0");
                    assertEquals(0, run("dial tcp 127.0.0.1:8080 -n 5"), "plain TCP is passed on too");
                    backEnd.stop();
                }
                final List<String> lines = serve.stop();
                assertEquals(0, serve.exitCode());
                assertTrue(lines.stream().anyMatch(line -> line.matches("ForwardUnreachable +3")), lines::toString);
                assertTrue(lines.stream().anyMatch(line -> line.matches("ForwardConnected +5[0-9]")), lines::toString);
            }
        });
    }

    @Test
    void shouldSayWhatIsWrong()
    {
        assertEquals(2, run("serve --tlcp 4433"));
        assertEquals("--tlcp needs --sign-cert, --sign-key, --enc-cert and --enc-key; 'pki' makes some for tests",
            err.toString().trim());
        assertEquals(2, run("serve --tlcp 4433 --sign-cert x"));
        assertEquals(2, run("serve --tlcp 4433 " + identity("server") + " --client-auth need"));
        assertEquals(2, run("serve --tlcp 4433 " + identity("server").replace("server_sign.key", "none.key")));
        assertTrue(err.toString().contains("none.key"), err::toString);
        assertEquals(2, run("dial tlcp 127.0.0.1:4433 --ca " + pki + "/none.crt"));
        assertEquals(2, run("dial tlcp 127.0.0.1:4433 --ca " + pki + "/ca.crt --suites e0ff"));
        assertEquals(2, run("dial tlcp nowhere.invalid:4433"));
        assertTrue(err.toString().contains("'nowhere.invalid' is no address, and no host of that name is known"),
            err::toString);
        assertEquals(2, run("serve --echo"));
        assertEquals(2, run("serve --tlcp 4433 --echo --forward 127.0.0.1:80 " + identity("server")));
        assertEquals(2, run("serve --tlcp 4433 --forward 80 " + identity("server")));
        assertEquals(2, run("serve --tlcp 127.0.0.1:0 " + identity("server")));
        assertEquals(2, run("serve --tlcp 4433 --sni a.example=x,y " + identity("server")));
        assertEquals(2, run("serve --tlcp 4433 --keylog /nowhere/at/all " + identity("server")));
        assertTrue(err.toString().startsWith("the key log can't be written: /nowhere/at"), err::toString);
        assertEquals(2, run("serve --tlcp 4433 --tcp 4433 " + identity("server")));
    }
}
