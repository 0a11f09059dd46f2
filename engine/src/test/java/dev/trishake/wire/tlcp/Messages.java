// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.Enclosed;
import dev.trishake.wire.OctetReader;
import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** All decoders behind one method, and all encoders: what was decoded is written again. */
final class Messages
{
    private static final int[] EXTENSIONS = {
        ExtensionType.SERVER_NAME, ExtensionType.TRUSTED_CA_KEYS, ExtensionType.STATUS_REQUEST,
        ExtensionType.SUPPORTED_GROUPS, ExtensionType.SIGNATURE_ALGORITHMS,
        ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION, ExtensionType.SESSION_TICKET, ExtensionType.CLIENT_ID};

    private final ClientHelloDecoder clientHello = new ClientHelloDecoder();
    private final ServerHelloDecoder serverHello = new ServerHelloDecoder();
    private final CertificateDecoder certificates = new CertificateDecoder();
    private final CertificateRequestDecoder request = new CertificateRequestDecoder();
    private final CertificateVerifyDecoder verify = new CertificateVerifyDecoder();
    private final NewSessionTicketDecoder ticket = new NewSessionTicketDecoder();
    private final ServerKeyExchangeDecoder serverKeyExchange;
    private final ClientKeyExchangeDecoder clientKeyExchange;
    private final Sm2SignatureDer signatures = new Sm2SignatureDer();
    private final Sm2CiphertextDer ciphertexts;
    private final ClientHelloEncoder clientHelloEncoder = new ClientHelloEncoder();
    private final ServerHelloEncoder serverHelloEncoder = new ServerHelloEncoder();
    private final OctetReader names = new OctetReader();
    private final OctetReader name = new OctetReader();
    private final UnsafeBuffer fixed = new UnsafeBuffer(new byte[256]);
    private int end;

    Messages(final Strictness strictness)
    {
        serverKeyExchange = new ServerKeyExchangeDecoder(strictness);
        clientKeyExchange = new ClientKeyExchangeDecoder(strictness);
        ciphertexts = new Sm2CiphertextDer(strictness);
    }

    /** {@return whether the decoder of a type takes a body} */
    boolean wrap(final int type, final boolean ecdhe, final DirectBuffer buffer, final int offset, final int length)
    {
        end = offset + length;
        return switch (type)
        {
            case HandshakeType.HELLO_REQUEST, HandshakeType.SERVER_HELLO_DONE -> length == 0;
            case HandshakeType.CLIENT_HELLO -> clientHello.wrap(buffer, offset, length);
            case HandshakeType.SERVER_HELLO -> serverHello.wrap(buffer, offset, length);
            case HandshakeType.NEW_SESSION_TICKET -> ticket.wrap(buffer, offset, length);
            case HandshakeType.CERTIFICATE -> certificates.wrap(buffer, offset, length);
            case HandshakeType.SERVER_KEY_EXCHANGE -> ecdhe ?
                serverKeyExchange.wrapEcdhe(buffer, offset, length) : serverKeyExchange.wrapEcc(buffer, offset, length);
            case HandshakeType.CERTIFICATE_REQUEST -> request.wrap(buffer, offset, length);
            case HandshakeType.CERTIFICATE_VERIFY -> verify.wrap(buffer, offset, length);
            case HandshakeType.CLIENT_KEY_EXCHANGE -> ecdhe ?
                clientKeyExchange.wrapEcdhe(buffer, offset, length) : clientKeyExchange.wrapEcc(buffer, offset, length);
            case HandshakeType.FINISHED -> length == Tlcp.VERIFY_DATA_LENGTH;
            default -> throw new IllegalArgumentException("no such message: " + type);
        };
    }

    /** Says all that the decoder of a type says of a body. */
    boolean tell(
        final int type,
        final boolean ecdhe,
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final Enclosed.Facts facts)
    {
        if (!facts.add("formed", wrap(type, ecdhe, buffer, offset, length)))
        {
            return false;
        }
        switch (type)
        {
            case HandshakeType.CLIENT_HELLO -> tellClientHello(buffer, offset, facts);
            case HandshakeType.SERVER_HELLO -> tellServerHello(buffer, offset, facts);
            case HandshakeType.NEW_SESSION_TICKET ->
            {
                facts.add("lifetime", ticket.lifetimeSeconds());
                range(facts, buffer, offset, ticket.ticketOffset(), ticket.ticketLength());
            }
            case HandshakeType.CERTIFICATE ->
            {
                for (int i = 0; i < certificates.count(); i++)
                {
                    range(facts, buffer, offset, certificates.offset(i), certificates.length(i));
                }
            }
            case HandshakeType.SERVER_KEY_EXCHANGE ->
            {
                range(facts, buffer, offset, serverKeyExchange.signatureOffset(), serverKeyExchange.signatureLength());
                if (ecdhe)
                {
                    range(facts, buffer, offset, serverKeyExchange.paramsOffset(), Tlcp.ECDHE_PARAMS_LENGTH);
                    range(facts, buffer, offset, serverKeyExchange.pointOffset(), Tlcp.POINT_LENGTH - 1);
                }
                facts.add("der", signatures.decode(buffer, serverKeyExchange.signatureOffset(),
                    serverKeyExchange.signatureLength(), fixed, 0));
            }
            case HandshakeType.CERTIFICATE_REQUEST ->
            {
                range(facts, buffer, offset, request.typesOffset(), request.typeCount());
                range(facts, buffer, offset, request.authoritiesOffset(), request.authoritiesLength());
                request.authorities(names);
                for (int i = 0; i < request.authorityCount(); i++)
                {
                    facts.add("whole", names.vector16(name));
                    range(facts, buffer, offset, name.offset(), name.remaining());
                }
                facts.add("end", names.isComplete() ? 1 : 0);
            }
            case HandshakeType.CERTIFICATE_VERIFY ->
            {
                range(facts, buffer, offset, verify.signatureOffset(), verify.signatureLength());
                facts.add("der", signatures.decode(
                    buffer, verify.signatureOffset(), verify.signatureLength(), fixed, 0));
            }
            case HandshakeType.CLIENT_KEY_EXCHANGE -> tellClientKeyExchange(ecdhe, buffer, offset, facts);
            default -> facts.add("length", length);
        }
        return true;
    }

    private void tellClientHello(final DirectBuffer buffer, final int offset, final Enclosed.Facts facts)
    {
        facts.add("version", clientHello.version());
        range(facts, buffer, offset, clientHello.randomOffset(), Tlcp.RANDOM_LENGTH);
        range(facts, buffer, offset, clientHello.sessionIdOffset(), clientHello.sessionIdLength());
        range(facts, buffer, offset, clientHello.suitesOffset(), 2 * clientHello.suiteCount());
        range(facts, buffer, offset, clientHello.compressionOffset(), clientHello.compressionCount());
        facts.add("null", clientHello.offersNullCompression());
        facts.add("offers", clientHello.offers(CipherSuite.ECC_SM4_CBC_SM3));
        facts.add("last", clientHello.suite(clientHello.suiteCount() - 1));
        tell(clientHello.extensions(), facts, buffer, offset);
    }

    private void tellServerHello(final DirectBuffer buffer, final int offset, final Enclosed.Facts facts)
    {
        facts.add("version", serverHello.version()).add("suite", serverHello.suite());
        facts.add("compression", serverHello.compression());
        range(facts, buffer, offset, serverHello.randomOffset(), Tlcp.RANDOM_LENGTH);
        range(facts, buffer, offset, serverHello.sessionIdOffset(), serverHello.sessionIdLength());
        tell(serverHello.extensions(), facts, buffer, offset);
    }

    private void tellClientKeyExchange(
        final boolean ecdhe, final DirectBuffer buffer, final int offset, final Enclosed.Facts facts)
    {
        if (ecdhe)
        {
            facts.add("vector", clientKeyExchange.isVectorForm());
            range(facts, buffer, offset, clientKeyExchange.pointOffset(), Tlcp.POINT_LENGTH - 1);
        }
        else
        {
            range(facts, buffer, offset, clientKeyExchange.ciphertextOffset(), clientKeyExchange.ciphertextLength());
            facts.add("der", ciphertexts.decode(buffer, clientKeyExchange.ciphertextOffset(),
                clientKeyExchange.ciphertextLength(), fixed, 0, Tlcp.PRE_MASTER_SECRET_LENGTH));
        }
    }

    private static void tell(
        final ExtensionsDecoder extensions, final Enclosed.Facts facts, final DirectBuffer buffer, final int offset)
    {
        facts.add("unknown", extensions.hasUnknown());
        for (final int type : EXTENSIONS)
        {
            if (facts.add("has", extensions.has(type)))
            {
                range(facts, buffer, offset, extensions.offset(type), extensions.length(type));
            }
        }
        if (extensions.hostNameLength() > 0)
        {
            range(facts, buffer, offset, extensions.hostNameOffset(), extensions.hostNameLength());
        }
        facts.add("h2", extensions.hasProtocol(new UnsafeBuffer(new byte[] {'h', '2'}), 0, 2));
        facts.add("sm2", extensions.lists(ExtensionType.SUPPORTED_GROUPS, Tlcp.CURVE_SM2));
        facts.add("0704", extensions.lists(ExtensionType.SIGNATURE_ALGORITHMS, 0x0704));
    }

    private static void range(
        final Enclosed.Facts facts, final DirectBuffer buffer, final int offset, final int at, final int length)
    {
        long sum = length;
        for (int i = 0; i < length; i++)
        {
            sum = sum * 31 + buffer.getByte(at + i);
        }
        facts.add("at", length == 0 ? 0 : at - offset).add("sum", sum);
    }

    /** {@return whether the encoders would write what was wrapped last so; only hellos have other forms} */
    boolean isCanonical(final int type)
    {
        return switch (type)
        {
            case HandshakeType.CLIENT_HELLO -> clientHello.version() == Tlcp.VERSION &&
                clientHello.compressionCount() == 1 && clientHello.offersNullCompression() &&
                clientHello.compressionOffset() + 1 == end;
            case HandshakeType.SERVER_HELLO -> serverHello.version() == Tlcp.VERSION &&
                serverHello.compression() == Tlcp.NULL_COMPRESSION &&
                serverHello.sessionIdOffset() + serverHello.sessionIdLength() + 3 == end;
            default -> true;
        };
    }

    /**
     * Writes what was wrapped last, from the fields that were read; DER is taken apart and put together again.
     *
     * @return false when its DER is none, or the writer has failed
     */
    boolean write(
        final int type, final boolean ecdhe, final DirectBuffer buffer, final int offset, final OctetWriter out)
    {
        final boolean written = switch (type)
        {
            case HandshakeType.CLIENT_HELLO -> writeClientHello(buffer, out);
            case HandshakeType.SERVER_HELLO -> writeServerHello(buffer, out);
            case HandshakeType.CERTIFICATE -> writeCertificates(buffer, out);
            case HandshakeType.SERVER_KEY_EXCHANGE -> writeServerKeyExchange(ecdhe, buffer, out);
            case HandshakeType.CERTIFICATE_VERIFY -> writeCertificateVerify(buffer, out);
            case HandshakeType.CLIENT_KEY_EXCHANGE -> writeClientKeyExchange(ecdhe, buffer, out);
            case HandshakeType.NEW_SESSION_TICKET ->
            {
                HandshakeEncoder.newSessionTicket(
                    out, ticket.lifetimeSeconds(), buffer, ticket.ticketOffset(), ticket.ticketLength());
                yield true;
            }
            case HandshakeType.CERTIFICATE_REQUEST ->
            {
                HandshakeEncoder.certificateRequest(
                    out, buffer, request.typesOffset(), request.typeCount(),
                    buffer, request.authoritiesOffset(), request.authoritiesLength());
                yield true;
            }
            case HandshakeType.FINISHED ->
            {
                HandshakeEncoder.finished(out, buffer, offset);
                yield true;
            }
            default ->
            {
                HandshakeEncoder.empty(out, type);
                yield true;
            }
        };
        return written && !out.failed();
    }

    private boolean writeClientHello(final DirectBuffer buffer, final OctetWriter out)
    {
        write(clientHello.extensions(), buffer, clientHelloEncoder.wrap(out)
            .random(buffer, clientHello.randomOffset())
            .sessionId(buffer, clientHello.sessionIdOffset(), clientHello.sessionIdLength())
            .suites(buffer, clientHello.suitesOffset(), 2 * clientHello.suiteCount()));
        clientHelloEncoder.end();
        return true;
    }

    private boolean writeServerHello(final DirectBuffer buffer, final OctetWriter out)
    {
        write(serverHello.extensions(), buffer, serverHelloEncoder.wrap(out)
            .random(buffer, serverHello.randomOffset())
            .sessionId(buffer, serverHello.sessionIdOffset(), serverHello.sessionIdLength())
            .suite(serverHello.suite()));
        serverHelloEncoder.end();
        return true;
    }

    private boolean writeCertificates(final DirectBuffer buffer, final OctetWriter out)
    {
        final int message = HandshakeEncoder.begin(out, HandshakeType.CERTIFICATE);
        final int list = HandshakeEncoder.beginCertificates(out);
        for (int i = 0; i < certificates.count(); i++)
        {
            HandshakeEncoder.certificate(out, buffer, certificates.offset(i), certificates.length(i));
        }
        out.endVector(list).endVector(message);
        return true;
    }

    private boolean writeServerKeyExchange(final boolean ecdhe, final DirectBuffer buffer, final OctetWriter out)
    {
        final boolean decoded = signatures.decode(
            buffer, serverKeyExchange.signatureOffset(), serverKeyExchange.signatureLength(), fixed, 0);
        if (ecdhe)
        {
            HandshakeEncoder.ecdheServerKeyExchange(out, buffer, serverKeyExchange.pointOffset(), fixed, 0);
        }
        else
        {
            HandshakeEncoder.eccServerKeyExchange(out, fixed, 0);
        }
        return decoded;
    }

    private boolean writeCertificateVerify(final DirectBuffer buffer, final OctetWriter out)
    {
        final boolean decoded =
            signatures.decode(buffer, verify.signatureOffset(), verify.signatureLength(), fixed, 0);
        HandshakeEncoder.certificateVerify(out, fixed, 0);
        return decoded;
    }

    private boolean writeClientKeyExchange(final boolean ecdhe, final DirectBuffer buffer, final OctetWriter out)
    {
        if (ecdhe)
        {
            HandshakeEncoder.ecdheClientKeyExchange(
                out, buffer, clientKeyExchange.pointOffset(), clientKeyExchange.isVectorForm());
            return true;
        }
        final boolean decoded = ciphertexts.decode(
            buffer, clientKeyExchange.ciphertextOffset(), clientKeyExchange.ciphertextLength(),
            fixed, 0, Tlcp.PRE_MASTER_SECRET_LENGTH);
        HandshakeEncoder.eccClientKeyExchange(out, fixed, 0);
        return decoded;
    }

    private static void write(
        final ExtensionsDecoder from, final DirectBuffer buffer, final ExtensionsEncoder extensions)
    {
        for (final int type : EXTENSIONS)
        {
            if (from.has(type))
            {
                if (type == ExtensionType.SERVER_NAME && from.hostNameLength() > 0)
                {
                    extensions.hostName(buffer, from.hostNameOffset(), from.hostNameLength());
                }
                else
                {
                    extensions.extension(type, buffer, from.offset(type), from.length(type));
                }
            }
        }
    }
}
