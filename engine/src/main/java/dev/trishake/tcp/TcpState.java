// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** The states of a connection, RFC 9293 3.3.2. */
public enum TcpState
{
    /** No connection. */
    CLOSED(0),
    /** Waiting for any peer's SYN. */
    LISTEN(1),
    /** SYN sent, waiting for the peer's. */
    SYN_SENT(2),
    /** Both SYNs seen, ours not acknowledged. */
    SYN_RECEIVED(3),
    /** Open both ways. */
    ESTABLISHED(4),
    /** Our FIN sent, not acknowledged. */
    FIN_WAIT_1(5),
    /** Our FIN acknowledged, waiting for the peer's. */
    FIN_WAIT_2(6),
    /** The peer's FIN received, ours not sent. */
    CLOSE_WAIT(7),
    /** Both FINs sent, ours not acknowledged: simultaneous close. */
    CLOSING(8),
    /** The peer's FIN came first, ours is sent and not acknowledged. */
    LAST_ACK(9),
    /** Both closed, waiting for old segments to die. */
    TIME_WAIT(10);

    private static final TcpState[] ALL = values();

    private final int code;

    TcpState(final int code)
    {
        this.code = code;
    }

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
        return code;
    }
}
