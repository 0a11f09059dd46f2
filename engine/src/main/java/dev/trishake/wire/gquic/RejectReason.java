// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

/**
 * Why a CHLO was answered with REJ, gQUIC 15: what RREJ lists, for people who look at traces.
 */
public final class RejectReason
{
    /** The client nonce could not be checked. */
    public static final int CLIENT_NONCE_UNKNOWN = 1;
    /** The client nonce is malformed. */
    public static final int CLIENT_NONCE_INVALID = 2;
    /** The client nonce was seen before. */
    public static final int CLIENT_NONCE_NOT_UNIQUE = 3;
    /** The client nonce has another orbit. */
    public static final int CLIENT_NONCE_INVALID_ORBIT = 4;
    /** The client nonce has another time. */
    public static final int CLIENT_NONCE_INVALID_TIME = 5;
    /** The server nonce can't be opened. */
    public static final int SERVER_NONCE_DECRYPTION = 8;
    /** The server nonce is malformed. */
    public static final int SERVER_NONCE_INVALID = 9;
    /** The server nonce was seen before. */
    public static final int SERVER_NONCE_NOT_UNIQUE = 10;
    /** The server nonce is too old. */
    public static final int SERVER_NONCE_INVALID_TIME = 11;
    /** The CHLO is inchoate. */
    public static final int INCHOATE = 12;
    /** There is no such server config. */
    public static final int UNKNOWN_CONFIG = 13;
    /** The source-address token is missing or malformed. */
    public static final int TOKEN_INVALID = 14;
    /** The source-address token can't be opened. */
    public static final int TOKEN_DECRYPTION = 15;
    /** The source-address token has something else in it. */
    public static final int TOKEN_PARSE = 16;
    /** The source-address token is of another address. */
    public static final int TOKEN_DIFFERENT_IP = 17;
    /** The source-address token is from the future. */
    public static final int TOKEN_CLOCK_SKEW = 18;
    /** The source-address token is too old. */
    public static final int TOKEN_EXPIRED = 19;
    /** The server wants its nonce back. */
    public static final int SERVER_NONCE_REQUIRED = 20;
    /** XLCT is of another leaf. */
    public static final int CERTIFICATE_MISMATCH = 21;

    private RejectReason()
    {
    }
}
