// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.CryptoQueue;
import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.sm.Sm2KeyPairs;
import dev.trishake.wire.OctetWriter;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CertificateRequestDecoder;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ClientHelloEncoder;
import dev.trishake.wire.tlcp.ExtensionType;
import dev.trishake.wire.tlcp.ExtensionsDecoder;
import dev.trishake.wire.tlcp.ExtensionsEncoder;
import dev.trishake.wire.tlcp.HandshakeEncoder;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.NewSessionTicketDecoder;
import dev.trishake.wire.tlcp.ServerHelloDecoder;
import dev.trishake.wire.tlcp.ServerKeyExchangeDecoder;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

import static dev.trishake.tlcp.TlcpStep.fault;
import static java.nio.ByteOrder.BIG_ENDIAN;

/** The client's side of the handshake. */
final class TlcpClientHandshake extends TlcpHandshake
{
    private final ClientHelloEncoder clientHello = new ClientHelloEncoder();
    private final ServerHelloDecoder serverHello = new ServerHelloDecoder();
    private final ServerKeyExchangeDecoder serverKeyExchange;
    private final CertificateRequestDecoder certificateRequest = new CertificateRequestDecoder();
    private final Sm2KeyPairs ephemeral;
    private final UnsafeBuffer suites;
    private final ClientResumption resumption;
    private final NewSessionTicketDecoder newSessionTicket = new NewSessionTicketDecoder();

    TlcpClientHandshake(
        final TlcpMemory memory, final TlcpSession session, final CryptoQueue queue, final Entropy entropy,
        final ClientResumption resumption, final Sm2KeyPairs ephemeral)
    {
        super(memory, session, queue, entropy);
        this.resumption = resumption;
        this.ephemeral = ephemeral;
        serverKeyExchange = new ServerKeyExchangeDecoder(config.strictness);
        suites = offered(config);
    }

    /** ECDHE needs certificates of ours: who has none offers its suites only if there are no others. */
    private static UnsafeBuffer offered(final TlcpConfig config)
    {
        final UnsafeBuffer offered = new UnsafeBuffer(new byte[Short.BYTES * config.suites.length]);
        int length = 0;
        for (final int suite : config.suites)
        {
            if (CipherSuite.isEcc(suite) || config.credentials.ofClient() != null)
            {
                offered.putShort(length, (short)suite, BIG_ENDIAN);
                length += Short.BYTES;
            }
        }
        if (length > 0)
        {
            return new UnsafeBuffer(offered, 0, length);
        }
        for (int i = 0; i < config.suites.length; i++)
        {
            offered.putShort(Short.BYTES * i, (short)config.suites[i], BIG_ENDIAN);
        }
        return offered;
    }

    private boolean offers(final int suite)
    {
        for (int at = 0; at < suites.capacity(); at += Short.BYTES)
        {
            if (suites.getChar(at, BIG_ENDIAN) == suite)
            {
                return true;
            }
        }
        return false;
    }

    int start(final long nowNs)
    {
        drawRandom(TlcpSession.CLIENT_RANDOM, Tlcp.RANDOM_LENGTH);
        resumption.offer(session, nowNs);
        final ExtensionsEncoder extensions = clientHello.wrap(beginFlight())
            .random(session.memory(), session.at(TlcpSession.CLIENT_RANDOM))
            .sessionId(session.memory(), session.at(TlcpSession.SESSION_ID),
                session.get(TlcpSession.SESSION_ID_LENGTH))
            .suites(suites, 0, suites.capacity());
        if (asksForName())
        {
            extensions.hostName(config.serverName, 0, config.serverName.capacity());
        }
        if (offersProtocols())
        {
            extensions.protocols(config.protocols.list(), 0, config.protocols.list().capacity());
        }
        if (resumption.asksForTickets())
        {
            extensions.extension(ExtensionType.SESSION_TICKET, resumption.memory(), resumption.ticketOffset(),
                resumption.ticketLength());
        }
        clientHello.end();
        return endFlight(send(TlcpStep.READ));
    }

    private boolean asksForName()
    {
        return config.serverName.capacity() > 0;
    }

    private boolean offersProtocols()
    {
        return config.protocols.count() > 0;
    }

    @Override
    int onMessage(final int type, final long nowNs)
    {
        return switch (type)
        {
            case HandshakeType.SERVER_HELLO -> onServerHello();
            case HandshakeType.CERTIFICATE -> onCertificate();
            case HandshakeType.SERVER_KEY_EXCHANGE -> onServerKeyExchange();
            case HandshakeType.CERTIFICATE_REQUEST -> onCertificateRequest();
            case HandshakeType.SERVER_HELLO_DONE -> onServerHelloDone();
            case HandshakeType.NEW_SESSION_TICKET -> onNewSessionTicket();
            default -> fault(Alert.UNEXPECTED_MESSAGE);
        };
    }

    private int onServerHello()
    {
        if (!serverHello.wrap(messages(), bodyOffset(), bodyLength()))
        {
            return fault(Alert.DECODE_ERROR);
        }
        if (serverHello.version() != Tlcp.VERSION)
        {
            return fault(Alert.PROTOCOL_VERSION);
        }
        if (serverHello.compression() != Tlcp.NULL_COMPRESSION || !offers(serverHello.suite()))
        {
            return fault(Alert.ILLEGAL_PARAMETER);
        }
        final int alert = onExtensions();
        if (alert != Alert.NONE)
        {
            return fault(alert);
        }
        session.memory().putBytes(session.at(TlcpSession.SERVER_RANDOM), messages(), serverHello.randomOffset(),
            Tlcp.RANDOM_LENGTH);
        final int wanted = session.get(TlcpSession.SUITE);
        session.set(TlcpSession.SUITE, serverHello.suite());
        if (isResumedByIt())
        {
            learn(TlcpFlights.RESUMED);
            return wanted == serverHello.suite() ?
                post(TlcpCore.KEY_SCHEDULE, TlcpStep.SCHEDULED) : fault(Alert.ILLEGAL_PARAMETER);
        }
        session.memory().putBytes(session.at(TlcpSession.SESSION_ID), messages(), serverHello.sessionIdOffset(),
            serverHello.sessionIdLength());
        session.set(TlcpSession.SESSION_ID_LENGTH, serverHello.sessionIdLength());
        return TlcpStep.READ;
    }

    /** Nothing comes that was not offered (RFC 5246 7.4.1.4); of protocols one of those that were (RFC 7301 3.1). */
    private int onExtensions()
    {
        final ExtensionsDecoder extensions = serverHello.extensions();
        final boolean hasProtocol = extensions.has(ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION);
        final boolean hasTicket = extensions.has(ExtensionType.SESSION_TICKET);
        final int offered = (asksForName() && extensions.has(ExtensionType.SERVER_NAME) ? 1 : 0) +
            (offersProtocols() && hasProtocol ? 1 : 0) + (resumption.asksForTickets() && hasTicket ? 1 : 0);
        if (extensions.count() != offered)
        {
            return Alert.UNSUPPORTED_EXTENSION;
        }
        final int protocol = config.protocols.find(extensions);
        if (hasProtocol && protocol == ApplicationProtocols.NONE)
        {
            return Alert.ILLEGAL_PARAMETER;
        }
        session.set(TlcpSession.PROTOCOL, protocol + 1);
        if (hasTicket)
        {
            learn(TlcpFlights.TICKET);
        }
        return Alert.NONE;
    }

    /** The ID that was offered comes back: a client knows by that alone. */
    private boolean isResumedByIt()
    {
        final int offered = session.get(TlcpSession.SESSION_ID_LENGTH);
        return offered > 0 && serverHello.sessionIdLength() == offered && ConstantTime.equal(messages(),
            serverHello.sessionIdOffset(), session.memory(), session.at(TlcpSession.SESSION_ID), offered);
    }

    private int onCertificate()
    {
        if (!certificates.wrap(messages(), bodyOffset(), bodyLength()))
        {
            return fault(Alert.DECODE_ERROR);
        }
        return certificates.count() < 2 ? fault(Alert.HANDSHAKE_FAILURE) : onCertificates();
    }

    private int onServerKeyExchange()
    {
        final boolean isWhole = session.isEcdhe() ?
            serverKeyExchange.wrapEcdhe(messages(), bodyOffset(), bodyLength()) :
            serverKeyExchange.wrapEcc(messages(), bodyOffset(), bodyLength());
        if (!isWhole)
        {
            return fault(Alert.DECODE_ERROR);
        }
        if (session.isEcdhe())
        {
            takePoint(serverKeyExchange.pointOffset());
        }
        return verify(serverKeyExchange.signatureOffset(), serverKeyExchange.signatureLength());
    }

    private int onCertificateRequest()
    {
        if (!certificateRequest.wrap(messages(), bodyOffset(), bodyLength()))
        {
            return fault(Alert.DECODE_ERROR);
        }
        session.raise(TlcpSession.CERTIFICATE_REQUESTED);
        return TlcpStep.READ;
    }

    private int onServerHelloDone()
    {
        if (session.isEcdhe())
        {
            if (!session.is(TlcpSession.CERTIFICATE_REQUESTED) || config.credentials.ofClient() == null)
            {
                return fault(Alert.HANDSHAKE_FAILURE); // the server needs our encryption key
            }
            ephemeral.take(session.memory(), session.at(TlcpSession.EPHEMERAL_KEY),
                session.memory(), session.at(TlcpSession.EPHEMERAL_POINT));
            return post(TlcpCore.AGREE, TlcpStep.AGREED);
        }
        drawRandom(TlcpSession.PRE_MASTER, Tlcp.PRE_MASTER_SECRET_LENGTH);
        session.memory().putShort(session.at(TlcpSession.PRE_MASTER), (short)Tlcp.VERSION, BIG_ENDIAN);
        return post(TlcpCore.ENCRYPT, TlcpStep.ENCRYPTED);
    }

    private int onNewSessionTicket()
    {
        if (!newSessionTicket.wrap(messages(), bodyOffset(), bodyLength()))
        {
            return fault(Alert.DECODE_ERROR);
        }
        session.set(TlcpSession.TICKET_OFFSET, newSessionTicket.ticketOffset() - memory.messagesOffset(session));
        session.set(TlcpSession.TICKET_LENGTH, newSessionTicket.ticketLength());
        session.set(TlcpSession.TICKET_LIFETIME, (int)newSessionTicket.lifetimeSeconds());
        return TlcpStep.READ;
    }

    @Override
    int onStep(final int step, final long nowNs)
    {
        return switch (step)
        {
            case TlcpStep.AGREED, TlcpStep.ENCRYPTED -> onKeyExchanged();
            case TlcpStep.SIGNED -> onSigned();
            default -> fault(Alert.INTERNAL_ERROR);
        };
    }

    /** Certificate where it was asked for, then ClientKeyExchange. */
    private int onKeyExchanged()
    {
        if (!session.is(TlcpSession.RESULT_GOOD))
        {
            return fault(Alert.ILLEGAL_PARAMETER);
        }
        final UnsafeBuffer own = session.memory();
        final OctetWriter flight = beginFlight();
        if (session.is(TlcpSession.CERTIFICATE_REQUESTED))
        {
            writeCertificate(config.credentials.ofClient() == null);
        }
        if (session.isEcdhe())
        {
            HandshakeEncoder.ecdheClientKeyExchange(
                flight, own, session.at(TlcpSession.EPHEMERAL_POINT), config.vectorForm);
        }
        else
        {
            HandshakeEncoder.eccClientKeyExchange(flight, own, session.at(TlcpSession.SCRATCH));
        }
        final int step = endFlight(TlcpStep.READ);
        return step < 0 ? step : post(TlcpCore.KEY_SCHEDULE, TlcpStep.SCHEDULED);
    }

    @Override
    int onScheduled()
    {
        if (isResumed())
        {
            return TlcpStep.READ;
        }
        if (!session.is(TlcpSession.CERTIFICATE_REQUESTED) || config.credentials.ofClient() == null)
        {
            return post(TlcpCore.FINISHED, TlcpStep.FINISH);
        }
        learn(TlcpFlights.CLIENT_AUTH | TlcpFlights.CLIENT_CERTIFICATE);
        return post(TlcpCore.SIGN, TlcpStep.SIGNED);
    }

    private int onSigned()
    {
        if (!session.is(TlcpSession.RESULT_GOOD))
        {
            return fault(Alert.INTERNAL_ERROR);
        }
        HandshakeEncoder.certificateVerify(beginFlight(), session.memory(), session.at(TlcpSession.SCRATCH));
        final int step = endFlight(TlcpStep.READ);
        return step < 0 ? step : post(TlcpCore.FINISHED, TlcpStep.FINISH);
    }

    @Override
    int onPeerFinished()
    {
        return isResumed() ? post(TlcpCore.FINISHED, TlcpStep.FINISH) : TlcpStep.ESTABLISH;
    }

    @Override
    void remember(final long nowNs)
    {
        resumption.remember(session, messages(), memory.messagesOffset(session), nowNs);
    }

    @Override
    void forget()
    {
        resumption.wipe();
    }

    @Override
    int afterOwnFinished()
    {
        return isResumed() ? TlcpStep.ESTABLISH : TlcpStep.READ;
    }
}
