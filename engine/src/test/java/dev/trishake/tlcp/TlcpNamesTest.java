// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.Outcome;
import dev.trishake.crypto.Kernels;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.wire.OctetWriter;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.ExtensionType;
import dev.trishake.wire.tlcp.ExtensionsEncoder;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import dev.trishake.wire.tlcp.ServerHelloDecoder;
import dev.trishake.wire.tlcp.ServerHelloEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import static dev.trishake.tlcp.TlcpHandshakeTest.GCM;
import static dev.trishake.tlcp.TlcpHandshakeTest.establish;
import static dev.trishake.tlcp.TlcpHandshakeTest.exchange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The names in hellos: server_name (RFC 6066 3) picks the identity, ALPN (RFC 7301) the application's protocol. */
class TlcpNamesTest
{
    private static final String[] NAMES = {"a.example", "*.b.example", "x.b.example", "*.x.b.example"};

    /** What the server's answer had in its hello. */
    private final ServerHelloDecoder answer = new ServerHelloDecoder();

    private TlcpPair pair(final TlcpConfig client, final TlcpConfig server)
    {
        final TlcpPair pair = new TlcpPair(client, server, Kernels.scalar());
        pair.server.tamper = bytes ->
        {
            if (bytes[0] == ContentType.HANDSHAKE && bytes[5] == HandshakeType.SERVER_HELLO)
            {
                final byte[] hello = RecordList.split(bytes).getFirst();
                answer.wrap(new UnsafeBuffer(hello), hello.length - RecordList.bodyLength(hello),
                    RecordList.bodyLength(hello));
            }
            return bytes;
        };
        return pair;
    }

    /** A server with an identity by name that differs from the default one. */
    private static TlcpConfig named(final int suite, final TlcpIdentity byName)
    {
        final TlcpConfig config = TlcpPair.serverConfig(suite);
        for (final String name : NAMES)
        {
            config.credentials(name, TestIdentity.credentials(byName));
        }
        return config;
    }

    private static TlcpConfig client(final int suite, final TlcpIdentity expected)
    {
        return new TlcpConfig().sessions(4).handshakes(4).suites(suite)
            .credentials(TestIdentity.credentials(TestIdentity.CLIENT)).trust(new TestIdentity.Trust(expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3, CipherSuite.ECDHE_SM4_GCM_SM3,
        CipherSuite.ECDHE_SM4_CBC_SM3})
    void shouldShowTheIdentityThatIsAskedFor(final int suite)
    {
        // any other pair of certificates and keys does for a second identity
        final TlcpPair pair = pair(client(suite, TestIdentity.CLIENT).serverName("a.example"),
            named(suite, TestIdentity.CLIENT));
        final int slot = pair.open();
        establish(pair, slot);
        assertEquals(1, TlcpParameters.credentials(pair.server.core.parameters(slot)));
        assertEquals(0, answer.extensions().length(ExtensionType.SERVER_NAME), "the name was used");
        exchange(pair, slot);
        final TlcpPair other = pair(client(suite, TestIdentity.SERVER).serverName("c.example"),
            named(suite, TestIdentity.CLIENT));
        establish(other, other.open());
        assertEquals(0, answer.extensions().count(), "the default one");
    }

    @ParameterizedTest
    @CsvSource({
        "a.example,1", "A.eXample,1", "a.example.,0", "aa.example,0", "b.example,0", "y.b.example,2", "Y.B.EXAMPLE,2",
        "x.b.example,3", "z.x.b.example,4", "y.z.b.example,0", ".b.example,0", "*.b.example,2", "example,0",
        "192.0.2.1,0"})
    void shouldTakeWholeNamesBeforeWildcardsOfOneLabel(final String name, final int expected)
    {
        final CredentialsByName credentials = new CredentialsByName();
        credentials.setDefault(TestIdentity.credentials(TestIdentity.SERVER));
        for (final String known : NAMES)
        {
            credentials.add(known, TestIdentity.credentials(TestIdentity.CLIENT));
        }
        final byte[] octets = ("--" + name).getBytes(StandardCharsets.US_ASCII);
        assertEquals(expected, credentials.find(new UnsafeBuffer(octets), 2, octets.length - 2));
        credentials.setDefault(null);
        assertEquals(expected == 0 ? CredentialsByName.NONE : expected,
            credentials.find(new UnsafeBuffer(octets), 2, octets.length - 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", "*.", "*", "a.*.b", "a*.b", "192.0.2.1", "bücher.example", "a b.example",
        ".example", "a.example."})
    void shouldRefuseNamesThatNobodyCouldAskFor(final String name)
    {
        assertThrows(IllegalArgumentException.class, () -> new TlcpConfig().serverName(name));
        assertThrows(IllegalArgumentException.class,
            () -> new TlcpConfig().credentials(name, TestIdentity.credentials(TestIdentity.SERVER)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.example", ""})
    void shouldSayUnrecognizedNameWithoutADefault(final String name)
    {
        final TlcpPair pair = pair(client(GCM, TestIdentity.CLIENT).serverName(name.isEmpty() ? null : name),
            named(GCM, TestIdentity.CLIENT).credentials(null));
        assertAlert(pair, Alert.UNRECOGNIZED_NAME);
    }

    private static void assertAlert(final TlcpPair pair, final int alert)
    {
        final int slot = pair.open();
        pair.run();
        assertEquals(Outcome.peer(alert), pair.server.outcome[slot]);
        assertEquals(Outcome.peer(TlcpCore.RECEIVED | alert), pair.client.outcome[slot]);
    }

    /** RFC 6066 3: no resumption under another name, even where it picks the same identity. */
    @Test
    void shouldNotResumeUnderAnotherName()
    {
        final TlcpConfig server = named(GCM, TestIdentity.SERVER).resumption(16, Long.MAX_VALUE / 4);
        for (final String[] names : new String[][] {
            {"y.b.example", "y.b.example"}, {"y.b.example", "z.b.example"}, {"c.example", "d.example"},
            {null, "c.example"}, {"a.example", null}})
        {
            final TlcpConfig config =
                client(GCM, TestIdentity.SERVER).serverName(names[0]).resumption(4, Long.MAX_VALUE / 4);
            final TlcpPair pair = pair(config, server);
            final int first = pair.open();
            establish(pair, first);
            pair.close(first);
            config.serverName(names[1]); // a client's core is of one server: this one breaks the rule
            final int second = pair.open();
            establish(pair, second);
            final boolean isSame = Objects.equals(names[0], names[1]);
            assertEquals(isSame,
                TlcpParameters.isResumed(pair.server.core.parameters(second)), names[0] + " " + names[1]);
            assertFalse(isSame && answer.extensions().has(ExtensionType.SERVER_NAME),
                "no server_name in the hello that resumes");
            pair.close(second);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", emptyValue = "", textBlock = """
        # client    | server      | chosen
        h2 http/1.1 | http/1.1 h2 | http/1.1
        h2 http/1.1 | http/1.1    | http/1.1
        http/1.1    | h2 http/1.1 | http/1.1
        -           | h2          | -
        h2          | -           | -
        -           | -           | -
        """)
    void shouldAgreeOnTheProtocolThatTheServerLikesBest(
        final String ofClient, final String ofServer, final String chosen)
    {
        final String[] clients = ofClient == null ? new String[0] : ofClient.split(" ");
        final String[] servers = ofServer == null ? new String[0] : ofServer.split(" ");
        final TlcpPair pair = pair(
            TlcpPair.clientConfig(GCM).protocols(clients), TlcpPair.serverConfig(GCM).protocols(servers));
        final int slot = pair.open();
        establish(pair, slot);
        assertEquals(Arrays.asList(clients).indexOf(chosen),
            TlcpParameters.protocol(pair.client.core.parameters(slot)), "-1 is none");
        assertEquals(Arrays.asList(servers).indexOf(chosen),
            TlcpParameters.protocol(pair.server.core.parameters(slot)));
        assertEquals(chosen == null ? 0 : 1, answer.extensions().count());
        exchange(pair, slot);
    }

    @Test
    void shouldEndWhereNoProtocolIsBothSides()
    {
        assertAlert(pair(TlcpPair.clientConfig(GCM).protocols("h2", "http/1.1"),
            TlcpPair.serverConfig(GCM).protocols("http/1.0", "h")), Alert.NO_APPLICATION_PROTOCOL);
    }

    @Test
    void shouldAgreeAnewWhenResuming()
    {
        final TlcpConfig config = TlcpPair.clientConfig(GCM).protocols("h2").resumption(4, Long.MAX_VALUE / 4);
        final TlcpPair pair =
            pair(config, TlcpPair.serverConfig(GCM).protocols("http/1.1", "h2").resumption(4, Long.MAX_VALUE / 4));
        final int first = pair.open();
        establish(pair, first);
        assertEquals(1, TlcpParameters.protocol(pair.server.core.parameters(first)));
        pair.close(first);
        config.protocols("http/1.1");
        final int second = pair.open();
        establish(pair, second);
        assertTrue(TlcpParameters.isResumed(pair.server.core.parameters(second)));
        assertEquals(0, TlcpParameters.protocol(pair.server.core.parameters(second)));
    }

    /** Puts extensions into the ServerHello; the client must not even look at what follows. */
    private int afterAnswer(final TlcpConfig config, final Consumer<ExtensionsEncoder> extensions)
    {
        final TlcpPair pair = new TlcpPair(config, TlcpPair.serverConfig(GCM), Kernels.scalar());
        pair.server.tamper = bytes ->
        {
            if (bytes[5] != HandshakeType.SERVER_HELLO)
            {
                return bytes;
            }
            final List<byte[]> records = RecordList.split(bytes);
            final UnsafeBuffer hello = new UnsafeBuffer(records.getFirst());
            final byte[] fragment = new byte[512];
            final OctetWriter out = new OctetWriter();
            final ServerHelloEncoder encoder = new ServerHelloEncoder();
            extensions.accept(encoder.wrap(out.wrap(new UnsafeBuffer(fragment), 0, fragment.length))
                .random(hello, RecordHeaderFlyweight.LENGTH + 6).sessionId(hello, 0, 0).suite(GCM));
            encoder.end();
            final int[] octets = new int[out.length()];
            for (int i = 0; i < octets.length; i++)
            {
                octets[i] = fragment[i];
            }
            records.set(0, RecordList.record(ContentType.HANDSHAKE, octets));
            return RecordList.join(records);
        };
        final int slot = pair.open();
        pair.run();
        assertFalse(pair.client.isEstablished(slot));
        return Outcome.code(pair.client.outcome[slot]);
    }

    @Test
    void shouldRefuseAnswersToWhatWasNotOffered()
    {
        final UnsafeBuffer h2 = new UnsafeBuffer(new byte[] {2, 'h', '2', 2, 'h', '3'});
        final List<Consumer<ExtensionsEncoder>> all = List.of(
            extensions -> extensions.extension(ExtensionType.SERVER_NAME, h2, 0, 0),
            extensions -> extensions.extension(ExtensionType.SESSION_TICKET, h2, 0, 0),
            extensions -> extensions.protocols(h2, 0, 3),
            extensions -> extensions.supportedGroups(),
            extensions -> extensions.extension(23, h2, 0, 0));
        all.forEach(extension ->
            assertEquals(Alert.UNSUPPORTED_EXTENSION, afterAnswer(TlcpPair.clientConfig(GCM), extension)));
        final TlcpConfig asking = TlcpPair.clientConfig(GCM).serverName("a.example").protocols("h2");
        assertEquals(Alert.UNSUPPORTED_EXTENSION, afterAnswer(asking, all.get(1)));
        assertEquals(Alert.UNSUPPORTED_EXTENSION, afterAnswer(asking, all.get(3)));
        assertEquals(Alert.UNSUPPORTED_EXTENSION, afterAnswer(asking, all.get(4)));
        assertEquals(Alert.ILLEGAL_PARAMETER,
            afterAnswer(asking, extensions -> extensions.protocols(h2, 3, 3)), "a protocol that was not offered");
        assertEquals(Alert.DECODE_ERROR,
            afterAnswer(asking, extensions -> extensions.protocols(h2, 0, 6)), "two protocols");
    }

    @Test
    void shouldSendNoExtensionsUnlessConfigured()
    {
        final TlcpPair pair = pair(TlcpPair.clientConfig(GCM), TlcpPair.serverConfig(GCM));
        final int[] length = new int[1];
        pair.client.tamper = bytes ->
        {
            length[0] = bytes[5] == HandshakeType.CLIENT_HELLO ? bytes.length : length[0];
            return bytes;
        };
        pair.open();
        pair.run();
        assertEquals(5 + 4 + 2 + 32 + 1 + 2 + 2 + 2, length[0], "ends with null compression");
    }
}
