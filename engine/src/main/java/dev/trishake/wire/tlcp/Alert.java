// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * An alert: level and description, the codes of TLS with those that TLCP adds.
 *
 * <pre>
 * +-------+-------------+
 * | level | description |     level: 1 warning, 2 fatal
 * +-------+-------------+
 * </pre>
 *
 * <p>Where the engine says which alert to send, {@link #NONE} says that there is nothing to complain of.
 */
public final class Alert
{
    /** No alert; not a code on the wire. */
    public static final int NONE = -1;

    /** Length of an alert. */
    public static final int LENGTH = 2;

    /** Level: the connection goes on. */
    public static final int WARNING = 1;

    /** Level: the connection ends. */
    public static final int FATAL = 2;

    /** The sender will send nothing more. */
    public static final int CLOSE_NOTIFY = 0;

    /** A message out of its place. */
    public static final int UNEXPECTED_MESSAGE = 10;

    /** MAC, tag or padding is wrong; never says which. */
    public static final int BAD_RECORD_MAC = 20;

    /** Reserved: would tell an attacker what failed. */
    public static final int DECRYPTION_FAILED = 21;

    /** A record is longer than any may be. */
    public static final int RECORD_OVERFLOW = 22;

    /** There is no compression, so never sent. */
    public static final int DECOMPRESSION_FAILURE = 30;

    /** No common parameters, or a certificate is missing. */
    public static final int HANDSHAKE_FAILURE = 40;

    /** A certificate is damaged or its signature wrong. */
    public static final int BAD_CERTIFICATE = 42;

    /** A certificate of a kind that can't be used. */
    public static final int UNSUPPORTED_CERTIFICATE = 43;

    /** A certificate was revoked. */
    public static final int CERTIFICATE_REVOKED = 44;

    /** A certificate is not valid now. */
    public static final int CERTIFICATE_EXPIRED = 45;

    /** A certificate can't be accepted for another reason. */
    public static final int CERTIFICATE_UNKNOWN = 46;

    /** A field has a value that can't be. */
    public static final int ILLEGAL_PARAMETER = 47;

    /** No anchor for the chain. */
    public static final int UNKNOWN_CA = 48;

    /** The certificate is good, its owner is not let in. */
    public static final int ACCESS_DENIED = 49;

    /** A message has not the form it must have. */
    public static final int DECODE_ERROR = 50;

    /** A signature, a decryption or Finished is wrong. */
    public static final int DECRYPT_ERROR = 51;

    /** Not TLCP 1.1. */
    public static final int PROTOCOL_VERSION = 70;

    /** The suites offered are too weak; GmSSL sends it where others send 40. */
    public static final int INSUFFICIENT_SECURITY = 71;

    /** Not the peer's fault. */
    public static final int INTERNAL_ERROR = 80;

    /** The user broke off. */
    public static final int USER_CANCELED = 90;

    /** A warning: there will be no new handshake. */
    public static final int NO_RENEGOTIATION = 100;

    /** The server answered an extension that was not offered. */
    public static final int UNSUPPORTED_EXTENSION = 110;

    /** RFC 6066. */
    public static final int CERTIFICATE_UNOBTAINABLE = 111;

    /** No identity for the host name. */
    public static final int UNRECOGNIZED_NAME = 112;

    /** RFC 6066. */
    public static final int BAD_CERTIFICATE_STATUS_RESPONSE = 113;

    /** RFC 6066. */
    public static final int BAD_CERTIFICATE_HASH_VALUE = 114;

    /** RFC 4279. */
    public static final int UNKNOWN_PSK_IDENTITY = 115;

    /** No common protocol, RFC 7301. */
    public static final int NO_APPLICATION_PROTOCOL = 120;

    /** GM/T 0024. */
    public static final int UNSUPPORTED_SITE2SITE = 200;

    /** GM/T 0024. */
    public static final int NO_AREA = 201;

    /** GM/T 0024. */
    public static final int UNSUPPORTED_AREATYPE = 202;

    /** GM/T 0024. */
    public static final int BAD_IBCPARAM = 203;

    /** GM/T 0024. */
    public static final int UNSUPPORTED_IBCPARAM = 204;

    /** GM/T 0024. */
    public static final int IDENTITY_NEED = 205;

    private static final int DESCRIPTION_OFFSET = 1;

    private Alert()
    {
    }

    /**
     * {@return whether a record's content is an alert: two bytes, a level that there is}
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length of it
     */
    public static boolean isValid(final DirectBuffer buffer, final int offset, final int length)
    {
        return length == LENGTH && (level(buffer, offset) == WARNING || level(buffer, offset) == FATAL);
    }

    /**
     * {@return the level, {@link #WARNING} or {@link #FATAL}}
     *
     * @param buffer where the alert is, after {@link #isValid}
     * @param offset where it begins
     */
    public static int level(final DirectBuffer buffer, final int offset)
    {
        return buffer.getByte(offset) & 0xff;
    }

    /**
     * {@return the description, 0 to 255}
     *
     * @param buffer where the alert is, after {@link #isValid}
     * @param offset where it begins
     */
    public static int description(final DirectBuffer buffer, final int offset)
    {
        return buffer.getByte(offset + DESCRIPTION_OFFSET) & 0xff;
    }

    /**
     * Writes an alert.
     *
     * @param buffer      where to
     * @param offset      where it begins
     * @param level       {@link #WARNING} or {@link #FATAL}
     * @param description 0 to 255
     * @return {@link #LENGTH}
     */
    public static int encode(
        final MutableDirectBuffer buffer, final int offset, final int level, final int description)
    {
        buffer.putByte(offset, (byte)level);
        buffer.putByte(offset + DESCRIPTION_OFFSET, (byte)description);
        return LENGTH;
    }

    /**
     * {@return the level with which the engine sends a description}
     *
     * @param description 0 to 255
     */
    public static int levelOf(final int description)
    {
        return switch (description)
        {
            case CLOSE_NOTIFY, USER_CANCELED, NO_RENEGOTIATION -> WARNING;
            default -> FATAL;
        };
    }

    /**
     * {@return the standard's name of a description, or {@code unknown}}
     *
     * @param description 0 to 255
     */
    public static String name(final int description)
    {
        return switch (description)
        {
            case CLOSE_NOTIFY -> "close_notify";
            case UNEXPECTED_MESSAGE -> "unexpected_message";
            case BAD_RECORD_MAC -> "bad_record_mac";
            case DECRYPTION_FAILED -> "decryption_failed";
            case RECORD_OVERFLOW -> "record_overflow";
            case DECOMPRESSION_FAILURE -> "decompression_failure";
            case HANDSHAKE_FAILURE -> "handshake_failure";
            case BAD_CERTIFICATE -> "bad_certificate";
            case UNSUPPORTED_CERTIFICATE -> "unsupported_certificate";
            case CERTIFICATE_REVOKED -> "certificate_revoked";
            case CERTIFICATE_EXPIRED -> "certificate_expired";
            case CERTIFICATE_UNKNOWN -> "certificate_unknown";
            case ILLEGAL_PARAMETER -> "illegal_parameter";
            case UNKNOWN_CA -> "unknown_ca";
            case ACCESS_DENIED -> "access_denied";
            case DECODE_ERROR -> "decode_error";
            case DECRYPT_ERROR -> "decrypt_error";
            case PROTOCOL_VERSION -> "protocol_version";
            case INSUFFICIENT_SECURITY -> "insufficient_security";
            case INTERNAL_ERROR -> "internal_error";
            case USER_CANCELED -> "user_canceled";
            case NO_RENEGOTIATION -> "no_renegotiation";
            case UNSUPPORTED_EXTENSION -> "unsupported_extension";
            case CERTIFICATE_UNOBTAINABLE -> "certificate_unobtainable";
            case UNRECOGNIZED_NAME -> "unrecognized_name";
            case BAD_CERTIFICATE_STATUS_RESPONSE -> "bad_certificate_status_response";
            case BAD_CERTIFICATE_HASH_VALUE -> "bad_certificate_hash_value";
            case UNKNOWN_PSK_IDENTITY -> "unknown_psk_identity";
            case NO_APPLICATION_PROTOCOL -> "no_application_protocol";
            case UNSUPPORTED_SITE2SITE -> "unsupported_site2site";
            case NO_AREA -> "no_area";
            case UNSUPPORTED_AREATYPE -> "unsupported_areatype";
            case BAD_IBCPARAM -> "bad_ibcparam";
            case UNSUPPORTED_IBCPARAM -> "unsupported_ibcparam";
            case IDENTITY_NEED -> "identity_need";
            default -> "unknown";
        };
    }
}
