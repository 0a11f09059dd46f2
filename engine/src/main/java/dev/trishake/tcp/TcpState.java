// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** The states of a connection, RFC 9293 3.3.2. */
public enum TcpState
{
    /** No connection. */
    CLOSED,
    /** Waiting for any peer's SYN. */
    LISTEN,
    /** SYN sent, waiting for the peer's. */
    SYN_SENT,
    /** Both SYNs seen, ours not acknowledged. */
    SYN_RECEIVED,
    /** Open both ways. */
    ESTABLISHED,
    /** Our FIN sent, not acknowledged. */
    FIN_WAIT_1,
    /** Our FIN acknowledged, waiting for the peer's. */
    FIN_WAIT_2,
    /** The peer's FIN received, ours not sent. */
    CLOSE_WAIT,
    /** Both FINs sent, ours not acknowledged: simultaneous close. */
    CLOSING,
    /** The peer's FIN came first, ours is sent and not acknowledged. */
    LAST_ACK,
    /** Both closed, waiting for old segments to die. */
    TIME_WAIT;

    private static final TcpState[] ALL = values();

    /**
     * {@return the state with this code}
     *
     * @param code as {@link #code()} tells it
     */
    public static TcpState of(final int code)
    {
        return ALL[code];
    }

    /**
     * {@return a number that stays the same, 0 to 10}
     */
    public int code()
    {
        return ordinal();
    }
}
