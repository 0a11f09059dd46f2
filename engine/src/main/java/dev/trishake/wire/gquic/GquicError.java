// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

/**
 * Codes that end a connection, gQUIC 15 and Chromium's {@code QuicErrorCode}: those that are sent or understood here.
 */
public final class GquicError
{
    /** A broken assumption of our own. */
    public static final int INTERNAL_ERROR = 1;
    /** Data behind a stream's end. */
    public static final int STREAM_DATA_AFTER_TERMINATION = 2;
    /** The header can't be read. */
    public static final int INVALID_PACKET_HEADER = 3;
    /** A frame of an unknown type. */
    public static final int INVALID_FRAME_DATA = 4;
    /** A malformed RST_STREAM. */
    public static final int INVALID_RST_STREAM_DATA = 6;
    /** A malformed CONNECTION_CLOSE. */
    public static final int INVALID_CONNECTION_CLOSE_DATA = 7;
    /** A malformed GOAWAY. */
    public static final int INVALID_GOAWAY_DATA = 8;
    /** A malformed ACK, or one of a packet that was never sent. */
    public static final int INVALID_ACK_DATA = 9;
    /** A malformed version negotiation packet. */
    public static final int INVALID_VERSION_NEGOTIATION_PACKET = 10;
    /** A packet could not be opened. */
    public static final int DECRYPTION_FAILURE = 12;
    /** The normal end. */
    public static final int PEER_GOING_AWAY = 16;
    /** A stream ID that the peer may not use. */
    public static final int INVALID_STREAM_ID = 17;
    /** More streams than were allowed. */
    public static final int TOO_MANY_OPEN_STREAMS = 18;
    /** Ended by a public reset. */
    public static final int PUBLIC_RESET = 19;
    /** No version in common. */
    public static final int INVALID_VERSION = 20;
    /** Nothing was heard for the idle time. */
    public static final int NETWORK_IDLE_TIMEOUT = 25;
    /** The handshake failed. */
    public static final int HANDSHAKE_FAILED = 28;
    /** A handshake message whose tags do not ascend. */
    public static final int CRYPTO_TAGS_OUT_OF_ORDER = 29;
    /** A handshake message with more than 128 entries. */
    public static final int CRYPTO_TOO_MANY_ENTRIES = 30;
    /** A handshake message with an impossible length. */
    public static final int CRYPTO_INVALID_VALUE_LENGTH = 31;
    /** A handshake message when the handshake was over. */
    public static final int CRYPTO_MESSAGE_AFTER_HANDSHAKE_COMPLETE = 32;
    /** A message of another type than the one to come. */
    public static final int INVALID_CRYPTO_MESSAGE_TYPE = 33;
    /** A value that can't be. */
    public static final int INVALID_CRYPTO_MESSAGE_PARAMETER = 34;
    /** A value that is missing. */
    public static final int CRYPTO_MESSAGE_PARAMETER_NOT_FOUND = 35;
    /** An AEAD or key exchange that was not offered. */
    public static final int CRYPTO_NO_SUPPORT = 40;
    /** REJ after REJ. */
    public static final int CRYPTO_TOO_MANY_REJECTS = 41;
    /** The proof does not verify. */
    public static final int PROOF_INVALID = 42;
    /** A handshake message with a tag twice. */
    public static final int CRYPTO_DUPLICATE_TAG = 43;
    /** A message at another protection level than its own. */
    public static final int CRYPTO_ENCRYPTION_LEVEL_INCORRECT = 44;
    /** The server config has expired. */
    public static final int CRYPTO_SERVER_CONFIG_EXPIRED = 45;
    /** A malformed STREAM. */
    public static final int INVALID_STREAM_DATA = 46;
    /** A packet without frames. */
    public static final int MISSING_PAYLOAD = 48;
    /** A STREAM frame that says nothing. */
    public static final int EMPTY_STREAM_FRAME_NO_FIN = 50;
    /** Keys can't be set up. */
    public static final int CRYPTO_SYMMETRIC_KEY_SETUP_FAILED = 53;
    /** A CHLO while another is being checked. */
    public static final int CRYPTO_MESSAGE_WHILE_VALIDATING_CLIENT_HELLO = 54;
    /** Somebody between us changed the version. */
    public static final int VERSION_NEGOTIATION_MISMATCH = 55;
    /** A malformed WINDOW_UPDATE. */
    public static final int INVALID_WINDOW_UPDATE_DATA = 57;
    /** A malformed BLOCKED. */
    public static final int INVALID_BLOCKED_DATA = 58;
    /** More data than the window allowed. */
    public static final int FLOW_CONTROL_RECEIVED_TOO_MUCH_DATA = 59;
    /** A malformed STOP_WAITING. */
    public static final int INVALID_STOP_WAITING_DATA = 60;
    /** Application data without protection. */
    public static final int UNENCRYPTED_STREAM_DATA = 61;
    /** A window below the least one. */
    public static final int FLOW_CONTROL_INVALID_WINDOW = 64;
    /** The handshake took too long. */
    public static final int HANDSHAKE_TIMEOUT = 67;
    /** A stateless reject was sent. */
    public static final int CRYPTO_HANDSHAKE_STATELESS_REJECT = 72;

    private GquicError()
    {
    }

    /**
     * {@return the error's name, like {@code PROOF_INVALID}; {@code UNKNOWN} for others}
     *
     * @param error any number
     */
    public static String name(final int error)
    {
        return switch (error)
        {
            case 0 -> "NO_ERROR";
            case INTERNAL_ERROR -> "INTERNAL_ERROR";
            case STREAM_DATA_AFTER_TERMINATION -> "STREAM_DATA_AFTER_TERMINATION";
            case INVALID_PACKET_HEADER -> "INVALID_PACKET_HEADER";
            case INVALID_FRAME_DATA -> "INVALID_FRAME_DATA";
            case INVALID_RST_STREAM_DATA -> "INVALID_RST_STREAM_DATA";
            case INVALID_CONNECTION_CLOSE_DATA -> "INVALID_CONNECTION_CLOSE_DATA";
            case INVALID_GOAWAY_DATA -> "INVALID_GOAWAY_DATA";
            case INVALID_ACK_DATA -> "INVALID_ACK_DATA";
            case INVALID_VERSION_NEGOTIATION_PACKET -> "INVALID_VERSION_NEGOTIATION_PACKET";
            case DECRYPTION_FAILURE -> "DECRYPTION_FAILURE";
            case PEER_GOING_AWAY -> "PEER_GOING_AWAY";
            case INVALID_STREAM_ID -> "INVALID_STREAM_ID";
            case TOO_MANY_OPEN_STREAMS -> "TOO_MANY_OPEN_STREAMS";
            case PUBLIC_RESET -> "PUBLIC_RESET";
            case INVALID_VERSION -> "INVALID_VERSION";
            case NETWORK_IDLE_TIMEOUT -> "NETWORK_IDLE_TIMEOUT";
            case HANDSHAKE_FAILED -> "HANDSHAKE_FAILED";
            case CRYPTO_TAGS_OUT_OF_ORDER -> "CRYPTO_TAGS_OUT_OF_ORDER";
            case CRYPTO_TOO_MANY_ENTRIES -> "CRYPTO_TOO_MANY_ENTRIES";
            case CRYPTO_INVALID_VALUE_LENGTH -> "CRYPTO_INVALID_VALUE_LENGTH";
            case CRYPTO_MESSAGE_AFTER_HANDSHAKE_COMPLETE -> "CRYPTO_MESSAGE_AFTER_HANDSHAKE_COMPLETE";
            case INVALID_CRYPTO_MESSAGE_TYPE -> "INVALID_CRYPTO_MESSAGE_TYPE";
            case INVALID_CRYPTO_MESSAGE_PARAMETER -> "INVALID_CRYPTO_MESSAGE_PARAMETER";
            case CRYPTO_MESSAGE_PARAMETER_NOT_FOUND -> "CRYPTO_MESSAGE_PARAMETER_NOT_FOUND";
            case CRYPTO_NO_SUPPORT -> "CRYPTO_NO_SUPPORT";
            case CRYPTO_TOO_MANY_REJECTS -> "CRYPTO_TOO_MANY_REJECTS";
            case PROOF_INVALID -> "PROOF_INVALID";
            case CRYPTO_DUPLICATE_TAG -> "CRYPTO_DUPLICATE_TAG";
            case CRYPTO_ENCRYPTION_LEVEL_INCORRECT -> "CRYPTO_ENCRYPTION_LEVEL_INCORRECT";
            case CRYPTO_SERVER_CONFIG_EXPIRED -> "CRYPTO_SERVER_CONFIG_EXPIRED";
            case INVALID_STREAM_DATA -> "INVALID_STREAM_DATA";
            case MISSING_PAYLOAD -> "MISSING_PAYLOAD";
            case EMPTY_STREAM_FRAME_NO_FIN -> "EMPTY_STREAM_FRAME_NO_FIN";
            case CRYPTO_SYMMETRIC_KEY_SETUP_FAILED -> "CRYPTO_SYMMETRIC_KEY_SETUP_FAILED";
            case CRYPTO_MESSAGE_WHILE_VALIDATING_CLIENT_HELLO -> "CRYPTO_MESSAGE_WHILE_VALIDATING_CLIENT_HELLO";
            case VERSION_NEGOTIATION_MISMATCH -> "VERSION_NEGOTIATION_MISMATCH";
            case INVALID_WINDOW_UPDATE_DATA -> "INVALID_WINDOW_UPDATE_DATA";
            case INVALID_BLOCKED_DATA -> "INVALID_BLOCKED_DATA";
            case FLOW_CONTROL_RECEIVED_TOO_MUCH_DATA -> "FLOW_CONTROL_RECEIVED_TOO_MUCH_DATA";
            case INVALID_STOP_WAITING_DATA -> "INVALID_STOP_WAITING_DATA";
            case UNENCRYPTED_STREAM_DATA -> "UNENCRYPTED_STREAM_DATA";
            case FLOW_CONTROL_INVALID_WINDOW -> "FLOW_CONTROL_INVALID_WINDOW";
            case HANDSHAKE_TIMEOUT -> "HANDSHAKE_TIMEOUT";
            case CRYPTO_HANDSHAKE_STATELESS_REJECT -> "CRYPTO_HANDSHAKE_STATELESS_REJECT";
            default -> "UNKNOWN";
        };
    }
}
