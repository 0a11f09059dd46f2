// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.TlcpConnections.Connection;
import dev.trishake.crypto.sm.TlcpConnections.Message;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.support.Vectors;
import dev.trishake.wire.tlcp.CertificateDecoder;
import dev.trishake.wire.tlcp.CertificateVerifyDecoder;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ClientHelloDecoder;
import dev.trishake.wire.tlcp.ClientKeyExchangeDecoder;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeHeaderFlyweight;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.RecordHeaderEncoder;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import dev.trishake.wire.tlcp.ServerHelloDecoder;
import dev.trishake.wire.tlcp.ServerKeyExchangeDecoder;
import dev.trishake.wire.tlcp.Sm2CiphertextDer;
import dev.trishake.wire.tlcp.Sm2SignatureDer;
import dev.trishake.wire.tlcp.Strictness;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * One side of a recorded connection, played by our core. What the recorded side drew at random (randoms, IDs, points,
 * signatures, ciphertexts) is put into the session's memory in place of what the core drew; all else the core works out
 * itself, and it must come to what was recorded.
 */
final class TlcpReplay
{
    private static final int HEADER = HandshakeHeaderFlyweight.LENGTH;
    private static final long TICKET_LIFETIME_NS = 3_600_000_000_000L;

    final TlcpCore core;
    final TlcpSession session;
    final int slot;
    final List<String> sentMessages = new ArrayList<>();
    final ByteArrayOutputStream content = new ByteArrayOutputStream();
    int outcome;
    /** What the key log was told, in Tongsuo's form. */
    final List<String> keyLog = new ArrayList<>();
    /** The Finished that this side has sealed. */
    byte[] ownFinished;

    private boolean isProtected;
    private final Connection connection;
    private final boolean isClient;
    private final TlcpMemory memory;
    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(
        new UnsafeBuffer(ByteBuffer.allocateDirect(TlcpPair.RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    private final Outbox outbox = new Outbox(ring);
    private final int[] lanes = new int[CryptoOperation.MAX_LANES];

    TlcpReplay(final Connection connection, final boolean isClient, final Kernels kernels)
    {
        this.connection = connection;
        this.isClient = isClient;
        core = new TlcpCore(config(), kernels, Entropy.seeded(3));
        memory = core.memory();
        session = memory.view();
        slot = core.open(1, isClient, 0);
        session.wrap(slot);
        if (isClient)
        {
            resume();
            replaceClientHello();
        }
    }

    private TlcpConfig config()
    {
        final boolean asked = message(HandshakeType.CERTIFICATE_REQUEST, false) != null;
        final Message certificate = message(HandshakeType.CERTIFICATE, isClient);
        final byte[] exchange = message(HandshakeType.CLIENT_KEY_EXCHANGE, true).octets();
        return new TlcpConfig().sessions(1).handshakes(1).suites(Integer.parseInt(connection.suite(), 16))
            .clientAuthentication(asked ? ClientAuthentication.NEED : ClientAuthentication.NONE)
            .credentials(certificate == null ? null : credentials(certificate))
            .trust(new RecordedTrust())
            .keyLog((secrets, random, master) -> keyLog.add("CLIENT_RANDOM " +
                hex(secrets, random, TlcpKeyLog.CLIENT_RANDOM_LENGTH) + " " +
                hex(secrets, master, TlcpKeyLog.MASTER_SECRET_LENGTH)))
            .tickets(message(HandshakeType.NEW_SESSION_TICKET, false) == null ? 0 : TICKET_LIFETIME_NS)
            .serverName(isClient ? "localhost" : null)
            .vectorForm(exchange.length == HEADER + 2 + Tlcp.ECDHE_PARAMS_LENGTH)
            .rawCertificateVerify(connection.name().startsWith("gmssl-"));
    }

    private TlcpCredentials credentials(final Message certificate)
    {
        final UnsafeBuffer body = new UnsafeBuffer(certificate.octets(), HEADER, certificate.octets().length - HEADER);
        final CertificateDecoder decoder = new CertificateDecoder();
        decoder.wrap(body, 0, body.capacity());
        final UnsafeBuffer keys = new UnsafeBuffer(new byte[2 * TlcpIdentity.KEY_LENGTH]);
        (isClient ? TestIdentity.CLIENT : TestIdentity.SERVER).copyPrivateKeys(keys, 0);
        return new TlcpCredentials(body, decoder.offset(CertificateDecoder.ENCRYPTION),
            decoder.length(CertificateDecoder.ENCRYPTION), keys, 0);
    }

    /** The peer's certificates are those of the PKI; a client of GmSSL shows only the signing one. */
    private final class RecordedTrust implements PeerTrust
    {
        @Override
        public int find(
            final DirectBuffer certificates, final int offset, final int length, final DirectBuffer fingerprint,
            final int fingerprintOffset, final long nowNs)
        {
            return 0;
        }

        @Override
        public int alert(final int entry)
        {
            return TRUSTED;
        }

        @Override
        public int encryptionIndex(final int entry)
        {
            return isClient || !connection.name().startsWith("gmssl-") ? CertificateDecoder.ENCRYPTION : -1;
        }

        @Override
        public void copyKeys(final int entry, final MutableDirectBuffer destination, final int offset)
        {
            destination.putBytes(
                offset, (isClient ? TestIdentity.SERVER : TestIdentity.CLIENT).publicKeys(), 0, KEYS_LENGTH);
        }
    }

    Message message(final int type, final boolean byClient)
    {
        return connection.messages().stream()
            .filter(found -> found.octets()[0] == type && found.byClient() == byClient).findFirst().orElse(null);
    }

    // ---- driving

    private void resume()
    {
        after(core.resume(slot, 0, outbox));
    }

    private void after(final int result)
    {
        outcome = result;
        while (core.contentLength(slot) > 0)
        {
            final byte[] bytes = new byte[core.contentLength(slot)];
            core.contentBuffer().getBytes(core.contentOffset(slot), bytes);
            content.writeBytes(bytes);
            core.consume(slot, bytes.length);
        }
        ring.read((type, buffer, index, length) -> onOutput(
            buffer, OutboxRecord.payloadIndex(index), OutboxRecord.payloadLength(length)));
        session.wrap(slot);
    }

    private void onOutput(final DirectBuffer buffer, final int offset, final int length)
    {
        int at = offset;
        while (at < offset + length)
        {
            final RecordHeaderFlyweight header = new RecordHeaderFlyweight();
            header.wrap(buffer, at, length);
            isProtected |= header.type() == ContentType.CHANGE_CIPHER_SPEC;
            if (header.type() == ContentType.HANDSHAKE && !isProtected)
            {
                sentMessages.add(hex(buffer, header.fragmentOffset(), header.fragmentLength()));
            }
            at += RecordHeaderFlyweight.LENGTH + header.fragmentLength();
        }
    }

    static String hex(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return Vectors.hex(bytes);
    }

    /** Gives the core a record. */
    void feed(final int type, final byte[] fragment)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[RecordHeaderFlyweight.LENGTH + fragment.length]);
        RecordHeaderEncoder.encode(buffer, 0, type, fragment.length);
        buffer.putBytes(RecordHeaderFlyweight.LENGTH, fragment);
        after(core.onInput(slot, buffer, 0, buffer.capacity(), 0, outbox));
        while (runCrypto())
        {
            resume();
        }
    }

    private boolean runCrypto()
    {
        for (int kind = 0; kind < core.kinds(); kind++)
        {
            if (core.queue().take(kind, core, lanes, 1) > 0)
            {
                session.wrap(slot);
                execute(kind);
                return true;
            }
        }
        return false;
    }

    private void execute(final int kind)
    {
        switch (kind)
        {
            case TlcpCore.SIGN ->
            {
                core.operation(kind).execute(lanes, 1, 0);
                session.wrap(slot);
                injectSignature();
            }
            case TlcpCore.ENCRYPT ->
            {
                core.operation(kind).execute(lanes, 1, 0);
                session.wrap(slot);
                put(TlcpSession.PRE_MASTER, Objects.requireNonNull(connection.value("pre_master_secret")));
                injectCiphertext();
            }
            case TlcpCore.AGREE -> injectAgreement();
            case TlcpCore.KEY_SCHEDULE -> schedule();
            case TlcpCore.RECORDS ->
            {
                if (session.is(TlcpSession.SEAL_DUE) && ownFinished == null)
                {
                    ownFinished = new byte[TlcpHandshake.FINISHED_LENGTH];
                    session.memory().getBytes(session.outputPlaintext(), ownFinished);
                }
                core.operation(kind).execute(lanes, 1, 0);
            }
            default -> core.operation(kind).execute(lanes, 1, 0);
        }
    }

    // ---- what the recorded side drew

    private void put(final int at, final byte[] bytes)
    {
        session.memory().putBytes(session.at(at), bytes);
    }

    private void replaceClientHello()
    {
        final byte[] hello = message(HandshakeType.CLIENT_HELLO, true).octets();
        replaceTranscript(List.of(hello));
        put(TlcpSession.CLIENT_RANDOM, connection.value("client_random"));
        final UnsafeBuffer buffer = new UnsafeBuffer(hello);
        final ClientHelloDecoder decoder = new ClientHelloDecoder();
        decoder.wrap(buffer, HEADER, hello.length - HEADER);
        session.memory().putBytes(
            session.at(TlcpSession.SESSION_ID), buffer, decoder.sessionIdOffset(), decoder.sessionIdLength());
        session.set(TlcpSession.SESSION_ID_LENGTH, decoder.sessionIdLength());
        sentMessages.clear();
    }

    private void replaceTranscript(final List<byte[]> messages)
    {
        int length = 0;
        for (final byte[] octets : messages)
        {
            memory.messages().putBytes(memory.messagesOffset(session) + length, octets);
            length += octets.length;
        }
        session.set(TlcpSession.TRANSCRIPT_LENGTH, length);
        session.set(TlcpSession.PARSED, length);
        session.set(TlcpSession.SENT, length);
        assertEquals(0, session.get(TlcpSession.HASHED), "nothing was hashed yet");
    }

    /** After the server's first flight was built and compared: the messages are from now on the recorded ones. */
    void replaceServerFlight()
    {
        final List<byte[]> messages = new ArrayList<>();
        for (final Message recorded : connection.messages())
        {
            messages.add(recorded.octets());
            if (recorded.octets()[0] == HandshakeType.SERVER_HELLO_DONE)
            {
                break;
            }
        }
        replaceTranscript(messages);
    }

    private void injectSignature()
    {
        final byte[] octets = message(
            isClient ? HandshakeType.CERTIFICATE_VERIFY : HandshakeType.SERVER_KEY_EXCHANGE, isClient).octets();
        final UnsafeBuffer buffer = new UnsafeBuffer(octets);
        final int offset;
        final int length;
        if (isClient)
        {
            final CertificateVerifyDecoder decoder = new CertificateVerifyDecoder();
            decoder.wrap(buffer, HEADER, octets.length - HEADER);
            offset = decoder.signatureOffset();
            length = decoder.signatureLength();
        }
        else
        {
            final ServerKeyExchangeDecoder decoder = new ServerKeyExchangeDecoder(Strictness.TOLERANT);
            if (session.isEcdhe())
            {
                decoder.wrapEcdhe(buffer, HEADER, octets.length - HEADER);
                session.memory().putBytes(
                    session.at(TlcpSession.EPHEMERAL_POINT), buffer, decoder.pointOffset(), Sm2.POINT_LENGTH);
            }
            else
            {
                decoder.wrapEcc(buffer, HEADER, octets.length - HEADER);
            }
            offset = decoder.signatureOffset();
            length = decoder.signatureLength();
            injectServerHello();
        }
        new Sm2SignatureDer().decode(buffer, offset, length, session.memory(), session.at(TlcpSession.SCRATCH));
    }

    private void injectServerHello()
    {
        put(TlcpSession.SERVER_RANDOM, connection.value("server_random"));
        final byte[] hello = message(HandshakeType.SERVER_HELLO, false).octets();
        final UnsafeBuffer buffer = new UnsafeBuffer(hello);
        final ServerHelloDecoder decoder = new ServerHelloDecoder();
        decoder.wrap(buffer, HEADER, hello.length - HEADER);
        session.memory().putBytes(
            session.at(TlcpSession.SESSION_ID), buffer, decoder.sessionIdOffset(), decoder.sessionIdLength());
        session.set(TlcpSession.SESSION_ID_LENGTH, decoder.sessionIdLength());
    }

    private void injectCiphertext()
    {
        final byte[] octets = message(HandshakeType.CLIENT_KEY_EXCHANGE, true).octets();
        final UnsafeBuffer buffer = new UnsafeBuffer(octets);
        final ClientKeyExchangeDecoder decoder = new ClientKeyExchangeDecoder(Strictness.TOLERANT);
        decoder.wrapEcc(buffer, HEADER, octets.length - HEADER);
        new Sm2CiphertextDer(Strictness.TOLERANT).decode(buffer, decoder.ciphertextOffset(),
            decoder.ciphertextLength(), session.memory(), session.at(TlcpSession.SCRATCH),
            Tlcp.PRE_MASTER_SECRET_LENGTH);
    }

    /** The ephemeral keys are not here: {@code Sm2CapturesTest} comes from them to the pre-master secret. */
    private void injectAgreement()
    {
        core.operation(TlcpCore.AGREE).execute(lanes, 1, 0);
        session.wrap(slot);
        if (isClient)
        {
            final byte[] octets = message(HandshakeType.CLIENT_KEY_EXCHANGE, true).octets();
            session.memory().putBytes(session.at(TlcpSession.EPHEMERAL_POINT), octets,
                octets.length - Sm2.POINT_LENGTH, Sm2.POINT_LENGTH);
        }
        if (connection.value("pre_master_secret") != null)
        {
            put(TlcpSession.PRE_MASTER, connection.value("pre_master_secret"));
        }
    }

    private void schedule()
    {
        final int kind = session.get(TlcpSession.KIND);
        if (connection.value("pre_master_secret") == null)
        {
            put(TlcpSession.MASTER, connection.value("master_secret"));
            session.set(TlcpSession.KIND, kind | TlcpFlights.RESUMED);
        }
        core.operation(TlcpCore.KEY_SCHEDULE).execute(lanes, 1, 0);
        session.wrap(slot);
        session.set(TlcpSession.KIND, kind);
        assertArrayEquals(connection.value("master_secret"), secret(TlcpSession.MASTER, TlcpSession.MASTER_LENGTH));
        assertArrayEquals(
            connection.value("key_block"), secret(TlcpSession.KEY_BLOCK, connection.value("key_block").length));
    }

    private byte[] secret(final int at, final int length)
    {
        final byte[] bytes = new byte[length];
        session.memory().getBytes(session.at(at), bytes);
        return bytes;
    }

    boolean isEcdhe()
    {
        return CipherSuite.isEcdhe(Integer.parseInt(connection.suite(), 16));
    }

    int category()
    {
        return Outcome.category(outcome);
    }
}
