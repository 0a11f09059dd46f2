// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

/**
 * How long the body of each handshake message may be, in bytes.
 *
 * @param clientHello        of ClientHello
 * @param serverHello        of ServerHello
 * @param certificate        of Certificate, CertificateRequest and CertificateStatus
 * @param serverKeyExchange  of ServerKeyExchange
 * @param clientKeyExchange  of ClientKeyExchange
 * @param certificateVerify  of CertificateVerify
 * @param newSessionTicket   of NewSessionTicket
 * @param finished           of Finished
 */
public record MessageLimits(
    int clientHello,
    int serverHello,
    int certificate,
    int serverKeyExchange,
    int clientKeyExchange,
    int certificateVerify,
    int newSessionTicket,
    int finished)
{
    /** What {@link #of} says of a type that is none. */
    public static final int NO_SUCH_MESSAGE = -1;

    /**
     * OpenSSL's, as the seed prints them; CertificateVerify and NewSessionTicket, which it does not print, fill one
     * record at most. HelloRequest and ServerHelloDone are always empty.
     */
    public static final MessageLimits DEFAULT = new MessageLimits(
        131_396, 20_000, 102_400, 102_400, 2048,
        RecordHeaderFlyweight.MAX_PLAINTEXT_LENGTH, RecordHeaderFlyweight.MAX_PLAINTEXT_LENGTH, 64);

    /**
     * {@return these limits, lowered where a message would not fit into a buffer}
     *
     * @param bufferLength bytes that a message with its header may take
     */
    public MessageLimits within(final int bufferLength)
    {
        final int most = bufferLength - HandshakeHeaderFlyweight.LENGTH;
        return new MessageLimits(
            Math.min(clientHello, most),
            Math.min(serverHello, most),
            Math.min(certificate, most),
            Math.min(serverKeyExchange, most),
            Math.min(clientKeyExchange, most),
            Math.min(certificateVerify, most),
            Math.min(newSessionTicket, most),
            Math.min(finished, most));
    }

    /**
     * {@return the limit of a message, or {@link #NO_SUCH_MESSAGE}}
     *
     * @param handshakeType see {@link HandshakeType}
     */
    public int of(final int handshakeType)
    {
        return switch (handshakeType)
        {
            case HandshakeType.HELLO_REQUEST, HandshakeType.SERVER_HELLO_DONE -> 0;
            case HandshakeType.CLIENT_HELLO -> clientHello;
            case HandshakeType.SERVER_HELLO -> serverHello;
            case HandshakeType.NEW_SESSION_TICKET -> newSessionTicket;
            case HandshakeType.CERTIFICATE,
                HandshakeType.CERTIFICATE_REQUEST,
                HandshakeType.CERTIFICATE_STATUS -> certificate;
            case HandshakeType.SERVER_KEY_EXCHANGE -> serverKeyExchange;
            case HandshakeType.CERTIFICATE_VERIFY -> certificateVerify;
            case HandshakeType.CLIENT_KEY_EXCHANGE -> clientKeyExchange;
            case HandshakeType.FINISHED -> finished;
            default -> NO_SUCH_MESSAGE;
        };
    }
}
