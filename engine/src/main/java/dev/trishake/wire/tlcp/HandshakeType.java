// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

/** Types of handshake messages. */
public final class HandshakeType
{
    /** The server wishes that the client begins anew; empty. */
    public static final int HELLO_REQUEST = 0;

    /** The client's first message. */
    public static final int CLIENT_HELLO = 1;

    /** The server's choice. */
    public static final int SERVER_HELLO = 2;

    /** A ticket to resume with, RFC 5077: outside the standard, sent by Tongsuo and Kona. */
    public static final int NEW_SESSION_TICKET = 4;

    /** Signing certificate, encryption certificate, chain. */
    public static final int CERTIFICATE = 11;

    /** Always sent, for the ECC suites too. */
    public static final int SERVER_KEY_EXCHANGE = 12;

    /** The server wants the client's certificates. */
    public static final int CERTIFICATE_REQUEST = 13;

    /** The server's flight is over; empty. */
    public static final int SERVER_HELLO_DONE = 14;

    /** The client's signature over the transcript. */
    public static final int CERTIFICATE_VERIFY = 15;

    /** The encrypted pre-master secret (ECC) or the client's ephemeral point (ECDHE). */
    public static final int CLIENT_KEY_EXCHANGE = 16;

    /** The first protected message of either side. */
    public static final int FINISHED = 20;

    /** A stapled OCSP response: outside the standard, Tongsuo only. */
    public static final int CERTIFICATE_STATUS = 22;

    private HandshakeType()
    {
    }

    /**
     * {@return the standard's name, or {@code Unknown}}
     *
     * @param type 0 to 255
     */
    public static String name(final int type)
    {
        return switch (type)
        {
            case HELLO_REQUEST -> "HelloRequest";
            case CLIENT_HELLO -> "ClientHello";
            case SERVER_HELLO -> "ServerHello";
            case NEW_SESSION_TICKET -> "NewSessionTicket";
            case CERTIFICATE -> "Certificate";
            case SERVER_KEY_EXCHANGE -> "ServerKeyExchange";
            case CERTIFICATE_REQUEST -> "CertificateRequest";
            case SERVER_HELLO_DONE -> "ServerHelloDone";
            case CERTIFICATE_VERIFY -> "CertificateVerify";
            case CLIENT_KEY_EXCHANGE -> "ClientKeyExchange";
            case FINISHED -> "Finished";
            case CERTIFICATE_STATUS -> "CertificateStatus";
            default -> "Unknown";
        };
    }
}
