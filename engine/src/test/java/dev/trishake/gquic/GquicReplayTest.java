// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.hash.Sha256;
import dev.trishake.support.Vectors;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every recorded handshake again, with ours in the place of either side: what was random is put where it was drawn, and
 * all else must come out as it was recorded, octet for octet.
 */
class GquicReplayTest
{
    private static final int AES = 16;

    static List<Transcripts.Connection> complete()
    {
        return Transcripts.complete();
    }

    // ---- our server

    @ParameterizedTest
    @MethodSource("complete")
    void shouldAnswerAsTheRecordedServer(final Transcripts.Connection connection)
    {
        final Transcripts.Server recorded = connection.server();
        final QuicGoTokens tokens = new QuicGoTokens(recorded.secret());
        final HandshakeRig server = server(connection, tokens);
        final int slot = server.open(connection.cid(), sessionVersion(connection));
        server.beforeOperation = kind -> putServersRandoms(connection, server, kind);

        byte[] hello = null;
        for (final Transcripts.Message message : connection.messages())
        {
            if (message.fromClient())
            {
                hello = message.bytes();
                continue;
            }
            if (message.tag() == Tag.REJ)
            {
                tokens.next.add(message.value(Tag.STK));
            }
            server.feed(slot, hello, GquicLevel.NULL);
            assertEquals(0, server.error(slot));
            assertAnswer(recorded, hello, message, server.sent(slot));
        }

        assertTrue(server.isEstablished(slot));
        assertEquals(connection.messages().size() > 2 ? 2 : 1, tokens.opened);
        assertKeys(server.session, connection, true);
    }

    private static HandshakeRig server(final Transcripts.Connection connection, final QuicGoTokens tokens)
    {
        final GquicConfig config = HandshakeRig.config().versions(versions(connection)).windows(0x8000, 0xc000);
        config.streamsPerSession = 100; // quic-go's; ours are fewer
        final ServerSettings settings = new ServerSettings(credentials(connection),
            new ServerConfigs(connection.server().config()), TestServers.tokenKeys(), new UnixTime()).asQuicGo();
        final HandshakeRig server = new HandshakeRig(config, settings, tokens, 1);
        server.nowNs = seconds(connection) * 1_000_000_000L;
        return server;
    }

    /** {@return when it was recorded: what its NONC says} */
    private static long seconds(final Transcripts.Connection connection)
    {
        return Integer.reverseBytes(new UnsafeBuffer(connection.last(Tag.CHLO).value(Tag.NONC)).getInt(0));
    }

    private static int[] versions(final Transcripts.Connection connection)
    {
        final UnsafeBuffer list = new UnsafeBuffer(connection.last(Tag.SHLO).value(Tag.VER));
        final int[] versions = new int[list.capacity() / 4];
        for (int i = 0; i < versions.length; i++)
        {
            versions[i] = Integer.reverseBytes(list.getInt(4 * i));
        }
        return versions;
    }

    private static int sessionVersion(final Transcripts.Connection connection)
    {
        return connection.name().startsWith("q044") ? GquicVersion.Q044 :
            connection.name().startsWith("q043") ? GquicVersion.Q043 : GquicVersion.Q039;
    }

    /** The recorded chain's list; RSA's proofs, which are random, come from the recording too. */
    private static GquicCredentials credentials(final Transcripts.Connection connection)
    {
        final Transcripts.Server server = connection.server();
        final UnsafeBuffer[] chain = server.chain().stream().map(UnsafeBuffer::new).toArray(UnsafeBuffer[]::new);
        final List<byte[]> proofs = new ArrayList<>();
        byte[] list = new byte[0];
        for (final Transcripts.Message message : connection.messages())
        {
            if (message.value(Tag.PROF) != null)
            {
                list = message.value(Tag.CRT);
                proofs.add(message.value(Tag.PROF));
            }
        }
        final UnsafeBuffer[] lists = {new UnsafeBuffer(list)};
        if (!server.name().equals("seed") && server.isEcdsa())
        {
            final UnsafeBuffer key = new UnsafeBuffer(new byte[P256.NUMBER_LENGTH]);
            Transcripts.put(key, 0, ((ECPrivateKey)server.privateKey()).getS());
            return GquicCredentials.ecdsa(chain, lists, key, 0);
        }
        return GquicCredentials.signedBy(chain, lists, new ProofSource()
        {
            @Override
            public int sign(
                final DirectBuffer input, final int offset, final int length, final MutableDirectBuffer signature,
                final int signatureAt)
            {
                final byte[] signed = new byte[length];
                input.getBytes(offset, signed);
                for (final byte[] proof : proofs)
                {
                    if (server.name().equals("seed") || TestServers.verifies(server, signed, proof))
                    {
                        signature.putBytes(signatureAt, proof);
                        return proof.length;
                    }
                }
                return 0;
            }
        });
    }

    private static void putServersRandoms(
        final Transcripts.Connection connection, final HandshakeRig server, final int kind)
    {
        final GquicSession session = server.session;
        if (kind == HandshakeOperations.X25519)
        {
            session.memory().putBytes(
                session.at(HandshakeFields.PRIVATE), connection.forwardSecure().serverPrivate());
            session.memory().putBytes(
                session.at(HandshakeFields.PUBLIC), connection.last(Tag.SHLO).value(Tag.PUBS));
            session.memory().putBytes(session.at(GquicSession.DIVERSIFICATION), connection.initial().nonce());
        }
        if (kind == HandshakeOperations.KEYS)
        {
            session.memory().putBytes(
                session.at(HandshakeFields.SERVER_NONCE), connection.last(Tag.SHLO).value(Tag.SNO));
        }
    }

    private static void assertAnswer(
        final Transcripts.Server server, final byte[] hello, final Transcripts.Message recorded, final byte[] answer)
    {
        if (!server.isEcdsa() || recorded.value(Tag.PROF) == null)
        {
            assertEquals(Vectors.hex(recorded.bytes()), Vectors.hex(answer));
            return;
        }
        final Map<String, String> expected = values(recorded.bytes());
        final Map<String, String> actual = values(answer);
        final byte[] proof = Vectors.hex(actual.remove("PROF"));
        assertNotEquals(expected.remove("PROF"), Vectors.hex(proof), "a nonce came twice");
        assertEquals(expected, actual);
        final UnsafeBuffer input = new UnsafeBuffer(new byte[ProofInput.PREFIX_LENGTH + 512]);
        final byte[] scfg = recorded.value(Tag.SCFG);
        final Sha256 sha256 = new Sha256();
        final UnsafeBuffer digest = new UnsafeBuffer(new byte[32]);
        sha256.update(new UnsafeBuffer(hello), 0, hello.length);
        sha256.finish(digest, 0);
        final int length = ProofInput.write(input, 0, digest, 0, new UnsafeBuffer(scfg), 0, scfg.length);
        assertTrue(TestServers.verifies(server, Arrays.copyOf(input.byteArray(), length), proof));
    }

    private static Map<String, String> values(final byte[] bytes)
    {
        final MessageDecoder message = new MessageDecoder();
        assertEquals(bytes.length, message.wrap(new UnsafeBuffer(bytes), 0, bytes.length));
        final Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < message.count(); i++)
        {
            final int from = message.valueOffset(i);
            values.put(Tag.nameOf(message.tag(i)),
                Vectors.hex(Arrays.copyOfRange(bytes, from, from + message.valueLength(i))));
        }
        return values;
    }

    /** The keys of packets, by which their schedules begin, and their IVs are what was recorded. */
    private static void assertKeys(
        final GquicSession session, final Transcripts.Connection connection, final boolean isServer)
    {
        final byte[] initial = connection.initial().output();
        final byte[] diversified = connection.initial().diversified();
        final byte[] forward = connection.forwardSecure().output();
        assertKey(session, isServer ? GquicSession.KEYS_INITIAL_READ : GquicSession.KEYS_INITIAL_WRITE,
            initial, 0, initial, 2 * AES);
        assertKey(session, isServer ? GquicSession.KEYS_INITIAL_WRITE : GquicSession.KEYS_INITIAL_READ,
            diversified, 0, diversified, AES);
        assertKey(session, isServer ? GquicSession.KEYS_FORWARD_READ : GquicSession.KEYS_FORWARD_WRITE,
            forward, 0, forward, 2 * AES);
        assertKey(session, isServer ? GquicSession.KEYS_FORWARD_WRITE : GquicSession.KEYS_FORWARD_READ,
            forward, AES, forward, 2 * AES + 4);
    }

    private static void assertKey(
        final GquicSession session, final int at, final byte[] key, final int keyAt, final byte[] iv, final int ivAt)
    {
        final byte[] actual = new byte[AES];
        session.memory().getBytes(session.at(at), actual);
        assertArrayEquals(Arrays.copyOfRange(key, keyAt, keyAt + AES), actual);
        final byte[] actualIv = new byte[Protection.IV_LENGTH];
        session.memory().getBytes(session.at(at) + Protection.IV_OFFSET, actualIv);
        assertArrayEquals(Arrays.copyOfRange(iv, ivAt, ivAt + Protection.IV_LENGTH), actualIv);
    }

    /** The seed's server has no secrets that we know: its config has our private key, its proof is the recorded one. */
    @Test
    void shouldAnswerTheSeedsClient()
    {
        final Transcripts.Connection seed =
            Transcripts.all().stream().filter(each -> each.name().equals("seed")).findAny().orElseThrow();
        final byte[] scfg = seed.messages().get(1).value(Tag.SCFG);
        final UnsafeBuffer secrets = new UnsafeBuffer(new byte[ServerConfig.SECRETS_LENGTH]);
        final Transcripts.Message config = new Transcripts.Message(false, scfg);
        secrets.putBytes(0, config.value(Tag.SCID));
        secrets.putBytes(16, config.value(Tag.OBIT));
        secrets.putLong(24, -1L);
        final ServerSettings settings = new ServerSettings(credentials(seed), new ServerConfigs(
            new ServerConfig(secrets, 0, new int[] {Tag.AESG}, new int[] {Tag.C255})), TestServers.tokenKeys(),
            new UnixTime()).asQuicGo();
        final QuicGoTokens tokens = new QuicGoTokens(new byte[0]);
        final HandshakeRig server = new HandshakeRig(HandshakeRig.config(), settings, tokens, 1);
        final int slot = server.open(1, GquicVersion.Q044);
        final List<List<String>> answers = new ArrayList<>();
        for (int i = 0; i < seed.messages().size(); i += 2)
        {
            tokens.next.add(i == 4 ? new byte[0] : seed.messages().get(i + 1).value(Tag.STK));
            server.feed(slot, seed.messages().get(i).bytes(), GquicLevel.NULL);
            assertEquals(0, server.error(slot));
            final byte[] answer = server.sent(slot);
            final Map<String, String> expected = values(seed.messages().get(i + 1).bytes());
            final Map<String, String> actual = values(answer);
            answers.add(List.of(Tag.nameOf(new UnsafeBuffer(answer).getInt(0))));
            assertEquals(new ArrayList<>(expected.keySet()), new ArrayList<>(actual.keySet()));
            for (final String fixed : List.of("STK", "SVID", "PROF", "CRT\u00ff"))
            {
                assertEquals(expected.get(fixed), actual.get(fixed), fixed);
            }
        }
        assertEquals(List.of(List.of("REJ"), List.of("REJ"), List.of("SHLO")), answers);
        assertTrue(server.isEstablished(slot));
    }

    // ---- our client

    /** One client goes through all connections of a recording, so that it knows what the later ones begin with. */
    @ParameterizedTest
    @MethodSource("clients")
    void shouldGoOnAsTheRecordedClient(final List<Transcripts.Connection> connections)
    {
        final Transcripts.Server server = connections.get(0).server();
        final TestServers.Trust trust = new TestServers.Trust(server);
        final ClientSettings settings = new ClientSettings(trust, new UnixTime(), "localhost");
        final boolean negotiates = connections.get(0).name().startsWith("vn-");
        final int first = connections.get(0).name().startsWith("vn-44") ? GquicVersion.Q044 :
            connections.get(0).name().startsWith("vn-43") ? GquicVersion.Q043 : sessionVersion(connections.get(0));
        final GquicConfig config = HandshakeRig.config().windows(0x8000, 0xc000).versions(first);
        config.streamsPerSession = 100;
        final HandshakeRig client = new HandshakeRig(config, settings, 1);
        for (final Transcripts.Connection connection : connections)
        {
            client.nowNs = seconds(connection) * 1_000_000_000L;
            final int slot = client.open(connection.cid(), sessionVersion(connection));
            if (negotiates)
            {
                client.session.raise(GquicSession.NEGOTIATED);
                final int[] labels = versions(connection);
                client.session.set(GquicSession.LABEL_COUNT, labels.length);
                for (int i = 0; i < labels.length; i++)
                {
                    client.session.set(GquicSession.LABELS + 4 * i, labels[i]);
                }
            }
            replay(client, slot, connection, negotiates);
            assertTrue(client.isEstablished(slot));
            assertKeys(client.session, connection, false);
        }
    }

    static List<List<Transcripts.Connection>> clients()
    {
        final Map<String, List<Transcripts.Connection>> byServer = new LinkedHashMap<>();
        Transcripts.complete().forEach(connection ->
            byServer.computeIfAbsent(connection.server().name(), name -> new ArrayList<>()).add(connection));
        return new ArrayList<>(byServer.values());
    }

    private static void replay(
        final HandshakeRig client, final int slot, final Transcripts.Connection connection, final boolean negotiates)
    {
        final byte[][] recorded = new byte[1][];
        client.beforeOperation = kind ->
        {
            final GquicSession session = client.session;
            final int work = session.get(HandshakeFields.WORK);
            if (kind == HandshakeOperations.X25519 && work == HandshakeFields.INITIAL)
            {
                session.memory().putBytes(
                    session.at(HandshakeFields.PRIVATE), connection.initial().clientPrivate());
                session.memory().putBytes(session.at(HandshakeFields.PUBLIC), connection.initial().clientPublic());
                session.memory().putBytes(
                    session.at(HandshakeFields.SALT), connection.last(Tag.CHLO).value(Tag.NONC));
            }
            if (kind == HandshakeOperations.KEYS && work == HandshakeFields.INITIAL)
            {
                replaceHello(client, recorded[0], negotiates);
            }
        };
        recorded[0] = connection.messages().get(0).bytes();
        client.start(slot);
        for (int i = 0; i < connection.messages().size(); i += 2)
        {
            client.session.wrap(slot);
            if (i + 2 < connection.messages().size())
            {
                replaceHello(client, connection.messages().get(i).bytes(), negotiates);
                recorded[0] = connection.messages().get(i + 2).bytes();
            }
            else
            {
                assertTrue(client.session.is(GquicSession.HAS_INITIAL_WRITE));
                client.nonce(slot, connection.initial().nonce());
            }
            final Transcripts.Message answer = connection.messages().get(i + 1);
            client.feed(slot, answer.bytes(), answer.tag() == Tag.SHLO ? GquicLevel.INITIAL : GquicLevel.NULL);
            assertEquals(0, client.error(slot));
        }
    }

    /** Compares what our client wrote with what was recorded and puts that in its place: proofs and keys cover it. */
    private static void replaceHello(final HandshakeRig client, final byte[] recorded, final boolean negotiates)
    {
        final GquicSession session = client.session;
        final int at = session.get(HandshakeFields.HELLO_OFFSET);
        final byte[] own = new byte[session.get(HandshakeFields.HELLO_LENGTH)];
        client.memory.messages().getBytes(at, own);
        final Map<String, String> expected = values(recorded);
        final Map<String, String> actual = values(own);
        // we have no common certificates to tell of, say always which version we like best, and which chain we know
        for (final String differs : List.of("PAD", "CCS", "CCRT"))
        {
            expected.remove(differs);
            actual.remove(differs);
        }
        if (!negotiates)
        {
            expected.remove("VER");
            actual.remove("VER");
        }
        assertEquals(expected, actual);
        assertEquals(1040, own.length);
        client.memory.messages().putBytes(at, recorded);
        session.set(HandshakeFields.HELLO_LENGTH, recorded.length);
        session.set(GquicSession.CRYPTO_OUT_LENGTH, at + recorded.length - client.memory.outOffset(session));
    }
}
