// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

/**
 * Where one side of a handshake stands: which message, in the standard's names, it has written or read last. Beside
 * each is what OpenSSL and Tongsuo call it.
 */
public enum TlcpState
{
    /** Nothing was sent or received. */
    BEFORE(0, "TLS_ST_BEFORE"),

    /** The client has written ClientHello. */
    CLIENT_WROTE_CLIENT_HELLO(1, "TLS_ST_CW_CLNT_HELLO"),

    /** The client has read ServerHello. */
    CLIENT_READ_SERVER_HELLO(2, "TLS_ST_CR_SRVR_HELLO"),

    /** The client has read Certificate. */
    CLIENT_READ_CERTIFICATE(3, "TLS_ST_CR_CERT"),

    /** The client has read ServerKeyExchange. */
    CLIENT_READ_SERVER_KEY_EXCHANGE(4, "TLS_ST_CR_KEY_EXCH"),

    /** The client has read CertificateRequest. */
    CLIENT_READ_CERTIFICATE_REQUEST(5, "TLS_ST_CR_CERT_REQ"),

    /** The client has read ServerHelloDone. */
    CLIENT_READ_SERVER_HELLO_DONE(6, "TLS_ST_CR_SRVR_DONE"),

    /** The client has written Certificate. */
    CLIENT_WROTE_CERTIFICATE(7, "TLS_ST_CW_CERT"),

    /** The client has written ClientKeyExchange. */
    CLIENT_WROTE_CLIENT_KEY_EXCHANGE(8, "TLS_ST_CW_KEY_EXCH"),

    /** The client has written CertificateVerify. */
    CLIENT_WROTE_CERTIFICATE_VERIFY(9, "TLS_ST_CW_CERT_VRFY"),

    /** The client has written ChangeCipherSpec. */
    CLIENT_WROTE_CHANGE_CIPHER_SPEC(10, "TLS_ST_CW_CHANGE"),

    /** The client has written Finished. */
    CLIENT_WROTE_FINISHED(11, "TLS_ST_CW_FINISHED"),

    /** The client has read NewSessionTicket. */
    CLIENT_READ_NEW_SESSION_TICKET(12, "TLS_ST_CR_SESSION_TICKET"),

    /** The client has read ChangeCipherSpec. */
    CLIENT_READ_CHANGE_CIPHER_SPEC(13, "TLS_ST_CR_CHANGE"),

    /** The client has read Finished. */
    CLIENT_READ_FINISHED(14, "TLS_ST_CR_FINISHED"),

    /** The server has read ClientHello. */
    SERVER_READ_CLIENT_HELLO(15, "TLS_ST_SR_CLNT_HELLO"),

    /** The server has written ServerHello. */
    SERVER_WROTE_SERVER_HELLO(16, "TLS_ST_SW_SRVR_HELLO"),

    /** The server has written Certificate. */
    SERVER_WROTE_CERTIFICATE(17, "TLS_ST_SW_CERT"),

    /** The server has written ServerKeyExchange. */
    SERVER_WROTE_SERVER_KEY_EXCHANGE(18, "TLS_ST_SW_KEY_EXCH"),

    /** The server has written CertificateRequest. */
    SERVER_WROTE_CERTIFICATE_REQUEST(19, "TLS_ST_SW_CERT_REQ"),

    /** The server has written ServerHelloDone. */
    SERVER_WROTE_SERVER_HELLO_DONE(20, "TLS_ST_SW_SRVR_DONE"),

    /** The server has read Certificate. */
    SERVER_READ_CERTIFICATE(21, "TLS_ST_SR_CERT"),

    /** The server has read ClientKeyExchange. */
    SERVER_READ_CLIENT_KEY_EXCHANGE(22, "TLS_ST_SR_KEY_EXCH"),

    /** The server has read CertificateVerify. */
    SERVER_READ_CERTIFICATE_VERIFY(23, "TLS_ST_SR_CERT_VRFY"),

    /** The server has read ChangeCipherSpec. */
    SERVER_READ_CHANGE_CIPHER_SPEC(24, "TLS_ST_SR_CHANGE"),

    /** The server has read Finished. */
    SERVER_READ_FINISHED(25, "TLS_ST_SR_FINISHED"),

    /** The server has written NewSessionTicket. */
    SERVER_WROTE_NEW_SESSION_TICKET(26, "TLS_ST_SW_SESSION_TICKET"),

    /** The server has written ChangeCipherSpec. */
    SERVER_WROTE_CHANGE_CIPHER_SPEC(27, "TLS_ST_SW_CHANGE"),

    /** The server has written Finished. */
    SERVER_WROTE_FINISHED(28, "TLS_ST_SW_FINISHED"),

    /** Both Finished have been exchanged: application data may flow. */
    ESTABLISHED(29, "TLS_ST_OK");

    private static final TlcpState[] ALL = values();

    private final int code;
    private final String openSslName;

    TlcpState(final int code, final String openSslName)
    {
        this.code = code;
        this.openSslName = openSslName;
    }

    /**
     * {@return the state with this code}
     *
     * @param code as {@link #code()} tells it
     */
    public static TlcpState of(final int code)
    {
        return ALL[code];
    }

    /**
     * {@return the number by which sessions keep it, from 0 in their order}
     */
    public int code()
    {
        return code;
    }

    /**
     * {@return the name in OpenSSL's {@code OSSL_HANDSHAKE_STATE}, like {@code TLS_ST_SR_CLNT_HELLO}}
     */
    public String openSslName()
    {
        return openSslName;
    }
}
