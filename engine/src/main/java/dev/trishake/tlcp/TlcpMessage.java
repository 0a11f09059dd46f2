// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.wire.tlcp.HandshakeType;

/** A message of a handshake: who sends it, and where both sides stand once it was sent and read. */
public enum TlcpMessage
{
    /** ClientHello, from the client. */
    CLIENT_HELLO(
        HandshakeType.CLIENT_HELLO, true,
        TlcpState.CLIENT_WROTE_CLIENT_HELLO, TlcpState.SERVER_READ_CLIENT_HELLO),

    /** ServerHello, from the server. */
    SERVER_HELLO(
        HandshakeType.SERVER_HELLO, false,
        TlcpState.CLIENT_READ_SERVER_HELLO, TlcpState.SERVER_WROTE_SERVER_HELLO),

    /** Certificate, from the server. */
    SERVER_CERTIFICATE(
        HandshakeType.CERTIFICATE, false,
        TlcpState.CLIENT_READ_CERTIFICATE, TlcpState.SERVER_WROTE_CERTIFICATE),

    /** ServerKeyExchange, from the server. */
    SERVER_KEY_EXCHANGE(
        HandshakeType.SERVER_KEY_EXCHANGE, false,
        TlcpState.CLIENT_READ_SERVER_KEY_EXCHANGE, TlcpState.SERVER_WROTE_SERVER_KEY_EXCHANGE),

    /** CertificateRequest, from the server. */
    CERTIFICATE_REQUEST(
        HandshakeType.CERTIFICATE_REQUEST, false,
        TlcpState.CLIENT_READ_CERTIFICATE_REQUEST, TlcpState.SERVER_WROTE_CERTIFICATE_REQUEST),

    /** ServerHelloDone, from the server. */
    SERVER_HELLO_DONE(
        HandshakeType.SERVER_HELLO_DONE, false,
        TlcpState.CLIENT_READ_SERVER_HELLO_DONE, TlcpState.SERVER_WROTE_SERVER_HELLO_DONE),

    /** Certificate, from the client. */
    CLIENT_CERTIFICATE(
        HandshakeType.CERTIFICATE, true,
        TlcpState.CLIENT_WROTE_CERTIFICATE, TlcpState.SERVER_READ_CERTIFICATE),

    /** ClientKeyExchange, from the client. */
    CLIENT_KEY_EXCHANGE(
        HandshakeType.CLIENT_KEY_EXCHANGE, true,
        TlcpState.CLIENT_WROTE_CLIENT_KEY_EXCHANGE, TlcpState.SERVER_READ_CLIENT_KEY_EXCHANGE),

    /** CertificateVerify, from the client. */
    CERTIFICATE_VERIFY(
        HandshakeType.CERTIFICATE_VERIFY, true,
        TlcpState.CLIENT_WROTE_CERTIFICATE_VERIFY, TlcpState.SERVER_READ_CERTIFICATE_VERIFY),

    /** ChangeCipherSpec, from the client. */
    CLIENT_CHANGE_CIPHER_SPEC(
        TlcpMessage.NO_HANDSHAKE_TYPE, true,
        TlcpState.CLIENT_WROTE_CHANGE_CIPHER_SPEC, TlcpState.SERVER_READ_CHANGE_CIPHER_SPEC),

    /** Finished, from the client. */
    CLIENT_FINISHED(
        HandshakeType.FINISHED, true,
        TlcpState.CLIENT_WROTE_FINISHED, TlcpState.SERVER_READ_FINISHED),

    /** NewSessionTicket, from the server. */
    NEW_SESSION_TICKET(
        HandshakeType.NEW_SESSION_TICKET, false,
        TlcpState.CLIENT_READ_NEW_SESSION_TICKET, TlcpState.SERVER_WROTE_NEW_SESSION_TICKET),

    /** ChangeCipherSpec, from the server. */
    SERVER_CHANGE_CIPHER_SPEC(
        TlcpMessage.NO_HANDSHAKE_TYPE, false,
        TlcpState.CLIENT_READ_CHANGE_CIPHER_SPEC, TlcpState.SERVER_WROTE_CHANGE_CIPHER_SPEC),

    /** Finished, from the server. */
    SERVER_FINISHED(
        HandshakeType.FINISHED, false,
        TlcpState.CLIENT_READ_FINISHED, TlcpState.SERVER_WROTE_FINISHED);

    /** Type of ChangeCipherSpec, which is no handshake message. */
    public static final int NO_HANDSHAKE_TYPE = -1;

    private static final TlcpMessage[] ALL = values();

    private final int handshakeType;
    private final boolean fromClient;
    private final TlcpState client;
    private final TlcpState server;

    TlcpMessage(
        final int handshakeType, final boolean fromClient, final TlcpState client, final TlcpState server)
    {
        this.handshakeType = handshakeType;
        this.fromClient = fromClient;
        this.client = client;
        this.server = server;
    }

    /**
     * {@return the message of a type that one side sends, or null when it sends none of that type}
     *
     * @param handshakeType see {@link HandshakeType}, or {@link #NO_HANDSHAKE_TYPE} for ChangeCipherSpec
     * @param fromClient    who sends it
     */
    public static TlcpMessage of(final int handshakeType, final boolean fromClient)
    {
        for (final TlcpMessage message : ALL)
        {
            if (message.handshakeType == handshakeType && message.fromClient == fromClient)
            {
                return message;
            }
        }
        return null;
    }

    /**
     * {@return its handshake type, or {@link #NO_HANDSHAKE_TYPE}}
     */
    public int handshakeType()
    {
        return handshakeType;
    }

    /**
     * {@return whether the client sends it}
     */
    public boolean isFromClient()
    {
        return fromClient;
    }

    /**
     * {@return whether its sender then waits for the other side, or for nothing}
     */
    public boolean endsFlight()
    {
        return this == CLIENT_HELLO || this == SERVER_HELLO_DONE || this == CLIENT_FINISHED || this == SERVER_FINISHED;
    }

    /**
     * {@return where a side stands once it has sent or read this message}
     *
     * @param atClient which side
     */
    public TlcpState state(final boolean atClient)
    {
        return atClient ? client : server;
    }
}
