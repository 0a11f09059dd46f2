// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.CryptoQueue;
import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.hash.SipHash;
import dev.trishake.crypto.sm.Sm2KeyPairs;
import dev.trishake.wire.OctetWriter;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CertificateType;
import dev.trishake.wire.tlcp.CertificateVerifyDecoder;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ClientHelloDecoder;
import dev.trishake.wire.tlcp.ClientKeyExchangeDecoder;
import dev.trishake.wire.tlcp.ExtensionType;
import dev.trishake.wire.tlcp.ExtensionsDecoder;
import dev.trishake.wire.tlcp.ExtensionsEncoder;
import dev.trishake.wire.tlcp.HandshakeEncoder;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.ServerHelloEncoder;
import dev.trishake.wire.tlcp.Sm2CiphertextDer;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

import static dev.trishake.tlcp.TlcpStep.fault;

/** The server's side of the handshake. */
final class TlcpServerHandshake extends TlcpHandshake
{
    private static final UnsafeBuffer CERTIFICATE_TYPES =
        new UnsafeBuffer(new byte[] {CertificateType.RSA_SIGN, CertificateType.ECDSA_SIGN});

    private static final long NS_PER_SECOND = 1_000_000_000;

    private final ClientHelloDecoder clientHello = new ClientHelloDecoder();
    private final ClientKeyExchangeDecoder clientKeyExchange;
    private final CertificateVerifyDecoder certificateVerify = new CertificateVerifyDecoder();
    private final Sm2CiphertextDer ciphertext;
    private final ServerHelloEncoder serverHello = new ServerHelloEncoder();
    private final Sm2KeyPairs ephemeral;
    private final ServerResumption resumption;

    TlcpServerHandshake(
        final TlcpMemory memory, final TlcpSession session, final CryptoQueue queue, final Entropy entropy,
        final ServerResumption resumption, final Sm2KeyPairs ephemeral)
    {
        super(memory, session, queue, entropy);
        this.resumption = resumption;
        this.ephemeral = ephemeral;
        clientKeyExchange = new ClientKeyExchangeDecoder(config.strictness);
        ciphertext = new Sm2CiphertextDer(config.strictness);
    }

    @Override
    int onMessage(final int type, final long nowNs)
    {
        return switch (type)
        {
            case HandshakeType.CLIENT_HELLO -> onClientHello(nowNs);
            case HandshakeType.CERTIFICATE -> onCertificate();
            case HandshakeType.CLIENT_KEY_EXCHANGE -> onClientKeyExchange();
            case HandshakeType.CERTIFICATE_VERIFY -> onCertificateVerify();
            default -> fault(Alert.UNEXPECTED_MESSAGE);
        };
    }

    private int onClientHello(final long nowNs)
    {
        if (!clientHello.wrap(messages(), bodyOffset(), bodyLength()))
        {
            return fault(Alert.DECODE_ERROR);
        }
        if (clientHello.version() != Tlcp.VERSION)
        {
            return fault(Alert.PROTOCOL_VERSION);
        }
        if (!clientHello.offersNullCompression())
        {
            return fault(Alert.ILLEGAL_PARAMETER);
        }
        final int alert = onExtensions();
        if (alert != Alert.NONE)
        {
            return fault(alert);
        }
        session.memory().putBytes(session.at(TlcpSession.CLIENT_RANDOM), messages(), clientHello.randomOffset(),
            Tlcp.RANDOM_LENGTH);
        drawRandom(TlcpSession.SERVER_RANDOM, Tlcp.RANDOM_LENGTH);
        if (resumption.hasTicket(clientHello))
        {
            final ExtensionsDecoder extensions = clientHello.extensions();
            session.set(TlcpSession.TICKET_OFFSET,
                extensions.offset(ExtensionType.SESSION_TICKET) - memory.messagesOffset(session));
            session.set(TlcpSession.TICKET_LENGTH, extensions.length(ExtensionType.SESSION_TICKET));
            return post(TlcpCore.TICKETS, TlcpStep.TICKET_OPENED);
        }
        return begin(resumption.resume(session, messages(), clientHello, nowNs));
    }

    /** Takes what the client says of names: which of our credentials are shown, which protocol the application has. */
    private int onExtensions()
    {
        final ExtensionsDecoder extensions = clientHello.extensions();
        final int length = extensions.hostNameLength();
        final int shown = config.credentials.find(messages(), extensions.hostNameOffset(), length);
        if (shown == CredentialsByName.NONE)
        {
            return Alert.UNRECOGNIZED_NAME;
        }
        session.set(TlcpSession.CREDENTIALS, shown);
        if (length > 0 && resumption.isOn())
        {
            // no key: who finds two names with one tag could resume his own session by either, where both show the same
            session.setLong(
                TlcpSession.SERVER_NAME, SipHash.hash24(0, 0, messages(), extensions.hostNameOffset(), length));
        }
        final int protocol = config.protocols.find(extensions);
        session.set(TlcpSession.PROTOCOL, protocol + 1);
        // RFC 7301 3.2: who has a list and finds nothing in the client's ends it; who has none ignores the client's
        return protocol == ApplicationProtocols.NONE && config.protocols.count() > 0 &&
            extensions.has(ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION) ?
            Alert.NO_APPLICATION_PROTOCOL : Alert.NONE;
    }

    /** The hello is still in the transcript, but the decoder has seen others meanwhile. */
    private int onTicketOpened(final long nowNs)
    {
        clientHello.wrap(messages(), bodyOffset(), bodyLength());
        return begin(resumption.resumeFromTicket(session, messages(), clientHello, nowNs));
    }

    private int begin(final boolean isResumed)
    {
        if (isResumed)
        {
            learn(TlcpFlights.RESUMED);
            return post(TlcpCore.KEY_SCHEDULE, TlcpStep.SCHEDULED);
        }
        final int suite = chooseSuite();
        if (suite == 0)
        {
            return fault(Alert.HANDSHAKE_FAILURE);
        }
        session.set(TlcpSession.SUITE, suite);
        if (resumption.givesTicket(clientHello))
        {
            learn(TlcpFlights.TICKET); // and no ID: one of them is enough (RFC 5077 3.4)
        }
        else
        {
            resumption.drawId(session);
        }
        if (session.isEcdhe())
        {
            ephemeral.take(session.memory(), session.at(TlcpSession.EPHEMERAL_KEY),
                session.memory(), session.at(TlcpSession.EPHEMERAL_POINT));
        }
        return post(TlcpCore.SIGN, TlcpStep.SIGNED);
    }

    /** {@return the best of our suites that the client offers, or 0; with ECDHE we must be able to check clients} */
    private int chooseSuite()
    {
        for (final int suite : config.suites)
        {
            if (clientHello.offers(suite) && (CipherSuite.isEcc(suite) || config.trust != null))
            {
                return suite;
            }
        }
        return 0;
    }

    @Override
    int onStep(final int step, final long nowNs)
    {
        return switch (step)
        {
            case TlcpStep.SIGNED -> onSigned();
            case TlcpStep.AGREED -> onAgreed();
            case TlcpStep.TICKET_OPENED -> onTicketOpened(nowNs);
            case TlcpStep.TICKET_SEALED -> onTicketSealed();
            default -> fault(Alert.INTERNAL_ERROR);
        };
    }

    /** The whole first flight, ServerHello to ServerHelloDone. */
    private int onSigned()
    {
        if (!session.is(TlcpSession.RESULT_GOOD))
        {
            return fault(Alert.INTERNAL_ERROR);
        }
        final UnsafeBuffer own = session.memory();
        final OctetWriter flight = beginFlight();
        writeServerHello();
        writeCertificate(false);
        if (session.isEcdhe())
        {
            HandshakeEncoder.ecdheServerKeyExchange(flight, own, session.at(TlcpSession.EPHEMERAL_POINT), own,
                session.at(TlcpSession.SCRATCH));
        }
        else
        {
            HandshakeEncoder.eccServerKeyExchange(flight, own, session.at(TlcpSession.SCRATCH));
        }
        if (asksForCertificates())
        {
            HandshakeEncoder.certificateRequest(flight, CERTIFICATE_TYPES, 0, CERTIFICATE_TYPES.capacity(),
                config.authorities, 0, config.authorities.capacity());
        }
        HandshakeEncoder.empty(flight, HandshakeType.SERVER_HELLO_DONE);
        return endFlight(send(TlcpStep.READ));
    }

    private boolean asksForCertificates()
    {
        return session.isEcdhe() || config.clientAuthentication != ClientAuthentication.NONE;
    }

    private boolean mustHaveCertificates()
    {
        return session.isEcdhe() || config.clientAuthentication == ClientAuthentication.NEED;
    }

    private void writeServerHello()
    {
        final ExtensionsEncoder extensions = serverHello.wrap(out)
            .random(session.memory(), session.at(TlcpSession.SERVER_RANDOM))
            .sessionId(session.memory(), session.at(TlcpSession.SESSION_ID),
                session.get(TlcpSession.SESSION_ID_LENGTH))
            .suite(session.get(TlcpSession.SUITE));
        if (session.get(TlcpSession.CREDENTIALS) != CredentialsByName.DEFAULT && !isResumed())
        {
            extensions.extension(ExtensionType.SERVER_NAME, messages(), 0, 0); // RFC 6066 3: the name was used
        }
        final int protocol = session.get(TlcpSession.PROTOCOL) - 1;
        if (protocol != ApplicationProtocols.NONE)
        {
            extensions.protocols(
                config.protocols.list(), config.protocols.offset(protocol), config.protocols.length(protocol));
        }
        if (isTicketDue())
        {
            extensions.extension(ExtensionType.SESSION_TICKET, messages(), 0, 0);
        }
        serverHello.end();
    }

    private int onCertificate()
    {
        if (!certificates.wrap(messages(), bodyOffset(), bodyLength()))
        {
            return fault(Alert.DECODE_ERROR);
        }
        if (certificates.count() == 0)
        {
            return mustHaveCertificates() ? fault(Alert.HANDSHAKE_FAILURE) : TlcpStep.READ;
        }
        learn(TlcpFlights.CLIENT_CERTIFICATE);
        return onCertificates();
    }

    private int onClientKeyExchange()
    {
        return session.isEcdhe() ? onEcdheClientKeyExchange() : onEccClientKeyExchange();
    }

    /** What is wrong inside of the ciphertext is not said: the session goes on with random octets. */
    private int onEccClientKeyExchange()
    {
        if (!clientKeyExchange.wrapEcc(messages(), bodyOffset(), bodyLength()))
        {
            return fault(Alert.DECODE_ERROR);
        }
        drawRandom(TlcpSession.PRE_MASTER, Tlcp.PRE_MASTER_SECRET_LENGTH);
        if (!ciphertext.decode(messages(), clientKeyExchange.ciphertextOffset(),
            clientKeyExchange.ciphertextLength(), session.memory(), session.at(TlcpSession.SCRATCH),
            Tlcp.PRE_MASTER_SECRET_LENGTH))
        {
            // no point of the curve: its decryption fails and takes as long
            ConstantTime.wipe(session.memory(), session.at(TlcpSession.SCRATCH), TlcpSession.SCRATCH_LENGTH);
        }
        return post(TlcpCore.DECRYPT, TlcpStep.AGREED);
    }

    private int onEcdheClientKeyExchange()
    {
        if (!clientKeyExchange.wrapEcdhe(messages(), bodyOffset(), bodyLength()))
        {
            return fault(Alert.DECODE_ERROR);
        }
        takePoint(clientKeyExchange.pointOffset());
        return post(TlcpCore.AGREE, TlcpStep.AGREED);
    }

    /** An ephemeral point that is none is public, and so is that it was refused. */
    private int onAgreed()
    {
        return session.isEcdhe() && !session.is(TlcpSession.RESULT_GOOD) ?
            fault(Alert.ILLEGAL_PARAMETER) : post(TlcpCore.KEY_SCHEDULE, TlcpStep.SCHEDULED);
    }

    private int onCertificateVerify()
    {
        return certificateVerify.wrap(messages(), bodyOffset(), bodyLength()) ?
            verify(certificateVerify.signatureOffset(), certificateVerify.signatureLength()) :
            fault(Alert.DECODE_ERROR);
    }

    @Override
    int onScheduled()
    {
        if (!isResumed())
        {
            return TlcpStep.READ;
        }
        beginFlight();
        writeServerHello();
        final int step = endFlight(TlcpStep.READ);
        return step < 0 ? step : post(TlcpCore.FINISHED, TlcpStep.FINISH);
    }

    @Override
    int onPeerFinished()
    {
        if (isResumed())
        {
            return TlcpStep.ESTABLISH;
        }
        return isTicketDue() ?
            post(TlcpCore.TICKETS, TlcpStep.TICKET_SEALED) : post(TlcpCore.FINISHED, TlcpStep.FINISH);
    }

    /** A ticket was promised: where there is none it has no octets (RFC 5077 3.3). */
    private int onTicketSealed()
    {
        HandshakeEncoder.newSessionTicket(beginFlight(), resumption.ticketLifetimeNs() / NS_PER_SECOND,
            session.memory(), session.at(TlcpSession.SCRATCH),
            session.is(TlcpSession.RESULT_GOOD) ? TicketsOperation.TICKET_LENGTH : 0);
        final int step = endFlight(TlcpStep.READ);
        return step < 0 ? step : post(TlcpCore.FINISHED, TlcpStep.FINISH);
    }

    @Override
    void remember(final long nowNs)
    {
        resumption.remember(session, nowNs);
    }

    @Override
    void forget()
    {
        resumption.forget(session);
    }

    @Override
    int afterOwnFinished()
    {
        return isResumed() ? TlcpStep.READ : TlcpStep.ESTABLISH;
    }
}
