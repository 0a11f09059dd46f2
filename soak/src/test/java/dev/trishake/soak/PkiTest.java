// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.identity.GquicIdentity;
import dev.trishake.identity.GquicTrust;
import dev.trishake.identity.GquicVerdict;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.IdentityLoader;
import dev.trishake.identity.PeerName;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.identity.TrustVerdict;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What {@code pki} makes is loaded and trusted by the engine, and read by OpenSSL where there is one. */
class PkiTest
{
    private static final Path SHARED = Path.of("../engine/src/test/resources/vectors/tlcp/pki");

    @TempDir
    private static Path made;
    private static String listed;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeAll
    static void make()
    {
        final PkiTest maker = new PkiTest();
        assertEquals(0, maker.run("pki", made));
        listed = maker.out.toString();
    }

    private int run(final Object... args)
    {
        return Soak.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void shouldMakeTheFilesThatTheSharedPkiHas() throws IOException
    {
        final Set<String> files = names(made);
        assertTrue(files.containsAll(names(SHARED)), () -> "made " + files);
        assertEquals(files, listed.lines().map(line -> Path.of(line).getFileName().toString())
            .collect(Collectors.toSet()));

        final Instant now = Instant.now();
        final TlcpTrust trust = TlcpTrust.load(TlcpTrust.Order.STANDARD, made.resolve("ca.crt"));
        for (final String password : new String[] {null, "123456"})
        {
            final TlcpIdentity server = load(made, "server", password, now);
            assertTrusted(trust, server, TlcpTrust.Peer.SERVER, PeerName.of("localhost"), now);
            assertTrusted(trust, server, TlcpTrust.Peer.SERVER, PeerName.of("127.0.0.1"), now);
            assertTrusted(trust, load(made, "client", password, now), TlcpTrust.Peer.CLIENT, PeerName.ANY, now);
        }
        assertEquals("C=CN,O=TLCP Test,OU=TLCP,CN=localhost", load(made, "server", null, now).subject());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gquic_ecdsa", "gquic_rsa"})
    void shouldMakeWhatAServerOfGquicNeeds(final String name) throws IOException
    {
        final Instant now = Instant.now();
        final GquicTrust trust = GquicTrust.load(made.resolve("gquic_ca.crt"));
        for (final String file : new String[] {name + ".crt", name + "_chain.crt"})
        {
            final GquicIdentity server =
                GquicIdentity.load(made.resolve(file), made.resolve(name + ".key"), null, now);
            assertEquals(name.endsWith("rsa"), server.isRsa());
            assertEquals("O=TLCP Test,CN=localhost", server.subject());
            final DirectBuffer list = server.certificateLists().getFirst();
            for (final String host : new String[] {"localhost", "tlcp.test", "127.0.0.1"})
            {
                final GquicVerdict verdict =
                    trust.verify(list, 0, list.capacity(), null, PeerName.of(host), now);
                assertTrue(verdict.isTrusted(), verdict::toString);
            }
        }
    }

    @Test
    void shouldNameWhatIsAskedFor() throws IOException
    {
        assertEquals(0, run("pki", "--host", "gateway.test", "--host", "2001:db8::1", "--client", "alice",
            "--organization", "A, B + C", "--from", "2020-01-01T00:00:00Z", "--days", 1, folder));
        final Instant then = Instant.parse("2020-01-01T12:00:00Z");
        final TlcpTrust trust = TlcpTrust.load(TlcpTrust.Order.STANDARD, folder.resolve("ca.crt"));
        final TlcpIdentity server = load(folder, "server", null, then);
        assertTrusted(trust, server, TlcpTrust.Peer.SERVER, PeerName.of("gateway.test"), then);
        assertTrusted(trust, server, TlcpTrust.Peer.SERVER, PeerName.of("2001:db8::1"), then);
        assertEquals(42, verify(trust, server, TlcpTrust.Peer.SERVER, PeerName.of("localhost"), then).alert());
        assertEquals(45, verify(trust, server, TlcpTrust.Peer.SERVER, PeerName.of("gateway.test"),
            Instant.parse("2020-01-02T00:00:01Z")).alert());
        assertTrue(load(folder, "client", null, then).subject().endsWith("CN=alice"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --days=0       | valid for 1 to 3653 days
        --days=4000    | valid for 1 to 3653 days
        --host=a..b    | "a..b" can't be the name of a host
        --from=monday  | Invalid value for option '--from'
        """)
    void shouldRefuseWhatCanNotBe(final String option, final String sentence)
    {
        assertEquals(2, run("pki", option, folder));
        assertTrue(err.toString().contains(sentence), err.toString());
    }

    @Test
    void shouldSayThatAFolderCanNotBeMade() throws IOException
    {
        final Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(2, run("pki", file));
        assertTrue(err.toString().startsWith("the files can't be written: "), err.toString());
    }

    @Test
    void shouldBeReadByOpenSsl() throws Exception
    {
        assumeTrue(openSsl("version").startsWith("OpenSSL 3"), "an OpenSSL that knows SM2");
        // it gives SM2's default identity to one certificate of a chain only: each is verified against its issuer alone
        for (final String[] pair : new String[][] {
            {"ca", "subca"}, {"subca", "server_sign"}, {"subca", "server_enc"}, {"subca", "client_sign"}})
        {
            final String file = made.resolve(pair[1] + ".crt").toString();
            assertEquals(file + ": OK\n", openSsl("verify", "-partial_chain", "-trusted",
                made.resolve(pair[0] + ".crt").toString(), "-vfyopt", "distid:1234567812345678", file));
        }
        final String key = openSsl("pkey", "-in", made.resolve("server_enc.key").toString(), "-pubout");
        assertEquals(key, openSsl(
            "x509", "-in", made.resolve("server_enc.crt").toString(), "-noout", "-pubkey"));
        assertEquals(key, openSsl(
            "pkey", "-inform", "DER", "-in", made.resolve("server_enc.p8.der").toString(), "-pubout"));
        final String store = openSsl("pkcs12", "-in", made.resolve("client_sign.p12").toString(),
            "-passin", "pass:123456", "-nodes");
        assertEquals(4, Stream.of(store.split("-----BEGIN ", -1)).skip(1).count(), store);
    }

    private static String openSsl(final String... args) throws IOException, InterruptedException
    {
        try
        {
            final Process process = new ProcessBuilder(
                Stream.concat(Stream.of("openssl"), Stream.of(args)).toList()).redirectErrorStream(true).start();
            process.getOutputStream().close();
            final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        }
        catch (final IOException ex)
        {
            return "there is none: " + ex.getMessage();
        }
    }

    private static TlcpIdentity load(
        final Path folder, final String who, final String password, final Instant now) throws IdentityException
    {
        final boolean store = password != null;
        return new IdentityLoader()
            .signing(
                folder.resolve(who + "_sign" + (store ? ".p12" : ".crt")),
                folder.resolve(who + "_sign" + (store ? ".p12" : ".key")))
            .encryption(
                folder.resolve(who + "_enc" + (store ? ".p12" : ".crt")),
                folder.resolve(who + "_enc" + (store ? ".p12" : ".key")))
            .chain(store ? null : folder.resolve("chain.crt"))
            .password(store ? password.toCharArray() : null)
            .load(now);
    }

    private static void assertTrusted(
        final TlcpTrust trust,
        final TlcpIdentity identity,
        final TlcpTrust.Peer peer,
        final PeerName name,
        final Instant now)
    {
        final TrustVerdict verdict = verify(trust, identity, peer, name, now);
        assertTrue(verdict.isTrusted(), verdict::toString);
    }

    private static TrustVerdict verify(
        final TlcpTrust trust,
        final TlcpIdentity identity,
        final TlcpTrust.Peer peer,
        final PeerName name,
        final Instant now)
    {
        final DirectBuffer body = identity.certificateBody();
        return trust.verify(body, 0, body.capacity(), peer, name, now);
    }

    private static Set<String> names(final Path folder) throws IOException
    {
        try (Stream<Path> files = Files.list(folder))
        {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
