// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

/** Types of extensions; GB/T 38636 has none, GM/T 0024-2023 has some, session_ticket is outside both. */
public final class ExtensionType
{
    /** Host name, RFC 6066 3. */
    public static final int SERVER_NAME = 0;

    /** Which anchors the client trusts, RFC 6066 6. */
    public static final int TRUSTED_CA_KEYS = 3;

    /** Wish for an OCSP response, RFC 6066 8. */
    public static final int STATUS_REQUEST = 5;

    /** Curves, RFC 8422 5.1.1. */
    public static final int SUPPORTED_GROUPS = 10;

    /** Signature algorithms, RFC 5246 7.4.1.4.1; ignored on receipt, peers differ about its value for SM2. */
    public static final int SIGNATURE_ALGORITHMS = 13;

    /** ALPN, RFC 7301. */
    public static final int APPLICATION_LAYER_PROTOCOL_NEGOTIATION = 16;

    /** Tickets, RFC 5077. */
    public static final int SESSION_TICKET = 35;

    /** The client's identity, GM/T 0024-2023. */
    public static final int CLIENT_ID = 66;

    private ExtensionType()
    {
    }

    /**
     * {@return the standard's name, or {@code unknown}}
     *
     * @param type 0 to 0xffff
     */
    public static String name(final int type)
    {
        return switch (type)
        {
            case SERVER_NAME -> "server_name";
            case TRUSTED_CA_KEYS -> "trusted_ca_keys";
            case STATUS_REQUEST -> "status_request";
            case SUPPORTED_GROUPS -> "supported_groups";
            case SIGNATURE_ALGORITHMS -> "signature_algorithms";
            case APPLICATION_LAYER_PROTOCOL_NEGOTIATION -> "application_layer_protocol_negotiation";
            case SESSION_TICKET -> "session_ticket";
            case CLIENT_ID -> "client_id";
            default -> "unknown";
        };
    }
}
