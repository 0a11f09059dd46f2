// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.transport.packet.NetDevice;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** serve --gquic and dial gquic, over the kernel's UDP, with a PKI of their own. */
class GquicToolsTest
{
    private static final String DATE = "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d server ";

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

    private static String identity(final String kind)
    {
        return String.format("--cert %1$s/gquic_%2$s_chain.crt --key %1$s/gquic_%2$s.key", pki, kind);
    }

    private void dial(final String options, final int exitCode, final String... expected)
    {
        final String trust = options.contains("--insecure") || options.contains("--ca") ? "" :
            " --ca " + pki + "/gquic_ca.crt";
        final int found = run("dial gquic 127.0.0.1:4433 --scalar " + options + trust);
        for (final String line : expected)
        {
            assertTrue(out.toString().lines().toList().contains(line), () -> options + ":\n" + out + err);
        }
        assertEquals(exitCode, found, () -> options + ":\n" + out + err);
    }

    @Test
    void shouldServeAndDial() throws Throwable
    {
        InNamespace.run(() ->
        {
            new NetDevice("lo").up();
            final Process serve = EngineToolsTest.serve(
                "--gquic 127.0.0.1:4433 --scalar --echo --threads 2 " + identity("ecdsa"));
            try (BufferedReader reader = serve.inputReader())
            {
                assertEquals("ready gquic 127.0.0.1:4433", reader.readLine());
                dial("-n 20 --concurrency 4 --echo hello --sni localhost", 0, "ok=20 fail=0",
                    "version Q044, AESG, C255, 3 CHLOs: 20", "peer O=TLCP Test,CN=localhost");
                dial("-n 3 --version Q043 --aead CC20 --echo hello", 0, "version Q043, CC20, C255, 3 CHLOs: 3");
                dial("-n 3 --version Q039 --exchange P256 --insecure", 0, "version Q039, AESG, P256, 3 CHLOs: 3",
                    "ok=3 fail=0");
                dial("-n 3 --resume --echo hello", 0, "version Q044, AESG, C255, 1 CHLO, resumed: 2",
                    "version Q044, AESG, C255, 3 CHLOs: 1", "ok=3 fail=0");
                dial("-n 3 --zero-rtt --echo hello", 0, "version Q044, AESG, C255, 1 CHLO, resumed, 0-RTT data: 2",
                    "version Q044, AESG, C255, 3 CHLOs, 0-RTT data: 1", "ok=3 fail=0", "peer O=TLCP Test,CN=localhost");
                dial("-n 2 --zero-rtt --echo hello --exchange P256 --version Q039 --aead CC20", 0,
                    "version Q039, CC20, P256, 1 CHLO, resumed, 0-RTT data: 1", "ok=2 fail=0");
                dial("-n 1 --sni other.example", 1, "ok=0 fail=1", "we sent PROOF_INVALID (42) 1",
                    "refused: the certificate of O=TLCP Test,CN=localhost is not for other.example");
                dial("-n 1 --ca " + pki + "/ca.crt", 1, "ok=0 fail=1", "we sent PROOF_INVALID (42) 1");
                dial("-n 200 --concurrency 32 --resume", 0, "ok=200 fail=0");
                final List<String> lines = EngineToolsTest.terminate(serve, reader);
                assertEquals(0, serve.exitValue());
                assertTrue(lines.stream().anyMatch(line -> line.startsWith("CryptoGquicSignOperations")),
                    lines::toString);
            }
            finally
            {
                serve.destroyForcibly();
            }
        });
    }

    @Test
    void shouldTellWhatItSeesInTheLinesOfQuicGo() throws Throwable
    {
        final Path keys = pki.resolve("keys");
        InNamespace.run(() ->
        {
            new NetDevice("lo").up();
            final Process serve = EngineToolsTest.serve(
                "--gquic 127.0.0.1:4433 --scalar --trace --versions Q039 --keylog " + keys + " " + identity("rsa"));
            try (BufferedReader reader = serve.inputReader())
            {
                assertTrue(reader.readLine().startsWith("the secrets of all connections go to " + keys));
                assertEquals("ready gquic 127.0.0.1:4433", reader.readLine());
                dial("-n 1 --trace", 0, "version Q039 (negotiated), AESG, C255, 3 CHLOs: 1", "ok=1 fail=0");
                assertTrue(out.toString().contains("client Got SHLO:"), out::toString);
                final List<String> lines = EngineToolsTest.terminate(serve, reader);
                final List<String> expected = List.of(
                    DATE + "Serving new connection: 0x[0-9a-f]+, version gQUIC 39 from 127.0.0.1:\\d+",
                    DATE + "Creating new session. Destination Connection ID: 0x[0-9a-f]+, Source Connection ID: 0x.*",
                    DATE + "<- Reading packet 0x1 \\(\\d+ bytes\\) for connection 0x[0-9a-f]+, unencrypted",
                    DATE + "\tPublic Header\\{ConnectionID: .*",
                    DATE + "\tQueueing ACK because the first packet should be acknowledged.",
                    DATE + "\t<- &wire.StreamFrame\\{StreamID: 1, FinBit: false, Offset: 0x0, Data length: 0x.*",
                    DATE + "Got CHLO:",
                    "\tSNI : \"localhost\"",
                    DATE + "Sending REJ :",
                    "\tSTK : \".*",
                    DATE + "Got CHLO:",
                    DATE + "Sending REJ :",
                    "\tPROF: \".*",
                    DATE + "Got CHLO:",
                    DATE + "Creating AEAD for secure encryption.",
                    DATE + "Creating AEAD for forward-secure encryption.",
                    DATE + "Sending SHLO:");
                assertEquals(2, Files.readAllLines(keys).size());
                int next = 0;
                for (final String line : lines)
                {
                    next += next < expected.size() && Pattern.matches(expected.get(next), line) ? 1 : 0;
                }
                final int found = next;
                assertEquals(expected.size(), found,
                    () -> "no " + expected.get(found) + " in\n" + String.join("\n", lines));
            }
            finally
            {
                serve.destroyForcibly();
            }
        });
    }

    private void fails(final String commandLine, final String sentence)
    {
        assertEquals(2, run(commandLine));
        assertTrue(err.toString().trim().lines().count() == 1 && err.toString().contains(sentence), err::toString);
    }

    @Test
    void shouldSayWhatIsWrongInOneSentence()
    {
        final String dial = "dial gquic 127.0.0.1:4433 --ca " + pki + "/gquic_ca.crt";
        fails("serve --gquic 4433", "--gquic needs --cert and --key; 'pki' makes some for tests");
        fails("serve --tcp 80 " + identity("ecdsa"), "--cert, --key and --trace are for --gquic");
        fails("serve --gquic 4433 " + identity("ecdsa").replace("ecdsa.key", "none.key"), "none.key");
        fails("serve --gquic 4433 --cert " + pki + "/gquic_ecdsa_chain.crt --key " + pki + "/gquic_rsa.key",
            "does not belong to the private key");
        fails("serve --gquic 4433 --cert " + pki + "/server_sign.crt --key " + pki + "/server_sign.key",
            "neither of RSA nor on P-256");
        fails("serve --gquic 4433 --versions Q044,Q044 " + identity("rsa"), "each version once");
        fails("serve --gquic 4433 --gquic 4433 " + identity("rsa"), "each port once");
        fails("serve --gquic 192.0.2.1:4433 --scalar " + identity("rsa"), "no interface of this machine");
        fails("serve --gquic 4433 --handshakes-per-prefix -1 " + identity("rsa"), "handshakesPerPrefix must be 0 to");
        fails("dial gquic 127.0.0.1:4433", "give --ca, or --insecure");
        fails("dial gquic 127.0.0.1:4433 --ca " + pki + "/none.crt", "none.crt");
        fails(dial + " --zero-rtt", "--zero-rtt needs --echo");
        fails(dial + " --threads 2", "a dialer has one thread");
        fails(dial + " --concurrency 0", "--concurrency from 1");
        fails(dial + " --tun tun0 --address 10.9.0.1/24 --engine-address 10.9.0.2", "gQUIC needs the kernel's UDP");
        assertEquals(2, run(dial + " --version Q099"));
        assertTrue(err.toString().contains("'Q099' is none of Q044, Q043, Q039"), err::toString);
        assertEquals(2, run("serve --gquic 99999"));
    }
}
