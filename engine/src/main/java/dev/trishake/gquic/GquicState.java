// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

/**
 * Where one side of a handshake stands: what it has sent or read last, gQUIC 7. There may be several rounds of CHLO and
 * REJ.
 */
public enum GquicState
{
    /** Nothing was sent or received. */
    IDLE(0),

    /** The client has sent a CHLO without keys: it asks for the server's config. */
    CLIENT_SENT_INCHOATE_CHLO(1),

    /** The client has read REJ. */
    CLIENT_READ_REJ(2),

    /** The client has sent a full CHLO: it has the initial keys. */
    CLIENT_SENT_FULL_CHLO(3),

    /** The client has read SHLO. */
    CLIENT_READ_SHLO(4),

    /** The server has read a CHLO. */
    SERVER_READ_CHLO(5),

    /** The server has sent REJ. */
    SERVER_SENT_REJ(6),

    /** The server has sent SHLO: it has all keys. */
    SERVER_SENT_SHLO(7),

    /** Both sides have forward-secure keys, and this side knows it. */
    FORWARD_SECURE(8),

    /** CONNECTION_CLOSE is to be sent, or was read. */
    CLOSING(9);

    private static final GquicState[] ALL = values();

    private final int code;

    GquicState(final int code)
    {
        this.code = code;
    }

    /**
     * {@return the state with this code}
     *
     * @param code as {@link #code()} tells it
     */
    public static GquicState of(final int code)
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
}
