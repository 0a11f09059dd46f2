// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.tlcp.CertificateDecoder;
import dev.trishake.wire.tlcp.CertificateRequestDecoder;
import dev.trishake.wire.tlcp.CertificateType;
import dev.trishake.wire.tlcp.CertificateVerifyDecoder;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ClientHelloDecoder;
import dev.trishake.wire.tlcp.ClientKeyExchangeDecoder;
import dev.trishake.wire.tlcp.ExtensionType;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.NewSessionTicketDecoder;
import dev.trishake.wire.tlcp.ServerHelloDecoder;
import dev.trishake.wire.tlcp.ServerKeyExchangeDecoder;
import dev.trishake.wire.tlcp.Strictness;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.DirectBuffer;

/** The fields of TLCP's handshake messages, a line each, in the standard's names. */
final class TlcpFields
{
    private static final String INDENT = "            ";
    private static final int MAX_NAMES = 64;

    private final HexGroups groups = new HexGroups(INDENT);
    private final ClientHelloDecoder clientHello = new ClientHelloDecoder();
    private final ServerHelloDecoder serverHello = new ServerHelloDecoder();
    private final CertificateDecoder certificates = new CertificateDecoder();
    private final CertificateRequestDecoder request = new CertificateRequestDecoder();
    private final CertificateVerifyDecoder verify = new CertificateVerifyDecoder();
    private final NewSessionTicketDecoder ticket = new NewSessionTicketDecoder();
    private final ServerKeyExchangeDecoder serverKeyExchange = new ServerKeyExchangeDecoder(Strictness.TOLERANT);
    private final ClientKeyExchangeDecoder clientKeyExchange = new ClientKeyExchangeDecoder(Strictness.TOLERANT);

    /** {@return the last ClientHello} */
    ClientHelloDecoder clientHello()
    {
        return clientHello;
    }

    /** {@return the last ServerHello} */
    ServerHelloDecoder serverHello()
    {
        return serverHello;
    }

    /** {@return how many certificates the last Certificate had} */
    int certificateCount()
    {
        return certificates.count();
    }

    /** Appends a whole message's fields; false when it is malformed, which is said. */
    boolean append(
        final StringBuilder out, final DirectBuffer buffer, final int offset, final int length, final boolean ecdhe)
    {
        final int type = buffer.getByte(offset) & 0xff;
        final int body = offset + 4;
        final int bodyLength = length - 4;
        groups.wrap(out, buffer, offset, length).line().group(1).group(3)
            .is("type ").append(HandshakeType.name(type)).append(", length ").append(bodyLength);
        final boolean formed = switch (type)
        {
            case HandshakeType.CLIENT_HELLO -> clientHello.wrap(buffer, body, bodyLength) && clientHello(buffer);
            case HandshakeType.SERVER_HELLO -> serverHello.wrap(buffer, body, bodyLength) && serverHello(buffer);
            case HandshakeType.CERTIFICATE -> certificates.wrap(buffer, body, bodyLength) && certificates();
            case HandshakeType.SERVER_KEY_EXCHANGE -> ecdhe ?
                serverKeyExchange.wrapEcdhe(buffer, body, bodyLength) && ecdheParams() && signature() :
                serverKeyExchange.wrapEcc(buffer, body, bodyLength) && signature();
            case HandshakeType.CERTIFICATE_REQUEST -> request.wrap(buffer, body, bodyLength) && request(buffer);
            case HandshakeType.CLIENT_KEY_EXCHANGE -> ecdhe ?
                clientKeyExchange.wrapEcdhe(buffer, body, bodyLength) && vectorLength() && ecdheParams() :
                clientKeyExchange.wrapEcc(buffer, body, bodyLength) && ciphertext();
            case HandshakeType.CERTIFICATE_VERIFY -> verify.wrap(buffer, body, bodyLength) && signature();
            case HandshakeType.NEW_SESSION_TICKET -> ticket.wrap(buffer, body, bodyLength) && ticket();
            case HandshakeType.FINISHED -> bodyLength == Tlcp.VERIFY_DATA_LENGTH && verifyData();
            default -> true;
        };
        groups.rest(formed ? "more" : "malformed");
        return formed;
    }

    /** Appends the content of a ChangeCipherSpec record. */
    void appendChangeCipherSpec(
        final StringBuilder out, final DirectBuffer buffer, final int offset, final int length)
    {
        groups.wrap(out, buffer, offset, length).line().group(1).is("type");
        groups.rest("malformed");
    }

    private boolean clientHello(final DirectBuffer buffer)
    {
        version("client_version");
        groups.line().group(Tlcp.RANDOM_LENGTH).is("random");
        sessionId();
        groups.line();
        final int length = groups.number(2);
        groups.group(length).is("cipher_suites");
        for (int i = 0; i < Math.min(clientHello.suiteCount(), MAX_NAMES); i++)
        {
            appendSuite(groups.is(""), clientHello.suite(i));
        }
        groups.line();
        groups.group(groups.number(1)).is("compression_methods");
        extensions(buffer);
        return true;
    }

    private boolean serverHello(final DirectBuffer buffer)
    {
        version("server_version");
        groups.line().group(Tlcp.RANDOM_LENGTH).is("random");
        sessionId();
        groups.line();
        final int suite = groups.number(2);
        appendSuite(groups.is("cipher_suite "), suite);
        groups.line().group(1).is("compression_method");
        extensions(buffer);
        return true;
    }

    private boolean verifyData()
    {
        groups.line().group(Tlcp.VERIFY_DATA_LENGTH).is("verify_data");
        return true;
    }

    private void version(final String name)
    {
        groups.line().group(1).group(1).is(name);
    }

    private void sessionId()
    {
        groups.line();
        final int length = groups.number(1);
        (length == 0 ? groups : groups.group(length)).is("session_id");
    }

    private static void appendSuite(final StringBuilder out, final int suite)
    {
        out.append(CipherSuite.name(suite));
        if ("unknown".equals(CipherSuite.name(suite)))
        {
            out.append(" 0x").append(Integer.toHexString(suite));
        }
    }

    private void extensions(final DirectBuffer buffer)
    {
        if (groups.remaining() == 0)
        {
            return;
        }
        groups.line().group(2).is("extensions");
        while (groups.remaining() > 0)
        {
            groups.line();
            final int type = groups.number(2);
            final int length = groups.number(2);
            final int content = groups.offset();
            (length == 0 ? groups : groups.group(length)).is("  ").append(ExtensionType.name(type));
            if (type == ExtensionType.SERVER_NAME && length > 5)
            {
                appendText(groups.is(""), buffer, content + 5, length - 5);
            }
        }
    }

    private boolean certificates()
    {
        groups.line().group(3).is("certificate_list");
        for (int i = 0; i < certificates.count(); i++)
        {
            groups.line();
            final int length = groups.number(3);
            groups.group(length).is("certificate ").append(i).append(", ").append(length).append(" bytes")
                .append(i == CertificateDecoder.SIGNING ? ", signing" : "");
        }
        return true;
    }

    private boolean ecdheParams()
    {
        groups.line().group(1).group(2).is("curve_type, named_curve");
        groups.line().group(1).group(1).group(32).group(32).is("public: uncompressed x, y");
        return true;
    }

    private boolean vectorLength()
    {
        if (clientKeyExchange.isVectorForm())
        {
            groups.line().group(2).is("length of the parameters: the 71-byte form");
        }
        return true;
    }

    private boolean signature()
    {
        groups.line();
        final int length = groups.number(2);
        groups.group(length).is("signature, ").append(length).append(" bytes");
        return true;
    }

    private boolean ciphertext()
    {
        groups.line();
        final int length = groups.number(2);
        groups.group(length).is("encrypted pre_master_secret, ").append(length).append(" bytes");
        return true;
    }

    private boolean ticket()
    {
        groups.line();
        final long lifetimeSeconds = groups.number(4) & 0xffff_ffffL;
        groups.is("lifetime_hint ").append(lifetimeSeconds).append(" s");
        groups.line();
        final int length = groups.number(2);
        groups.group(length).is("ticket, ").append(length).append(" bytes");
        return true;
    }

    private boolean request(final DirectBuffer buffer)
    {
        groups.line();
        final int count = groups.number(1);
        groups.group(count).is("certificate_types");
        for (int i = 0; i < Math.min(count, MAX_NAMES); i++)
        {
            groups.is(CertificateType.name(buffer.getByte(request.typesOffset() + i) & 0xff));
        }
        groups.line().group(2).is("certificate_authorities, ").append(request.authorityCount());
        for (int i = 0; i < Math.min(request.authorityCount(), MAX_NAMES); i++)
        {
            groups.line();
            groups.group(groups.number(2)).is("name ").append(i);
        }
        return true;
    }

    private static void appendText(
        final StringBuilder out, final DirectBuffer buffer, final int offset, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            final int octet = buffer.getByte(offset + i) & 0xff;
            out.append(octet > ' ' && octet <= '~' ? (char)octet : '.');
        }
    }
}
