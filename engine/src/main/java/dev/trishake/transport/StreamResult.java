// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

/**
 * Why a connection of a {@link StreamLink} has ended or could not begin. The numbers are those of our TCP core, so that
 * kernel sockets and our own TCP say the same.
 */
public final class StreamResult
{
    /** Done; both sides have ended. */
    public static final int OK = 0;

    /** No such connection. */
    public static final int CLOSED = -1;

    /** The peer reset the connection: ECONNRESET, EPIPE. */
    public static final int RESET = -3;

    /** The peer refused the connection: ECONNREFUSED. */
    public static final int REFUSED = -4;

    /** The peer did not answer: ETIMEDOUT. */
    public static final int TIMED_OUT = -5;

    /** There is no way to the peer: EHOSTUNREACH, ENETUNREACH, ENETDOWN. */
    public static final int UNREACHABLE = -6;

    /** Address and port are in use: EADDRINUSE, EADDRNOTAVAIL. */
    public static final int ADDRESS_IN_USE = -9;

    /** What this needs is used up: slots, descriptors, memory, ports. */
    public static final int NO_CAPACITY = -10;

    /** There is no room just now: try again. */
    public static final int BACK_PRESSURED = -11;

    /** The link's user gave more than the output credit. */
    public static final int OVERRUN = -12;

    private StreamResult()
    {
    }

    /**
     * {@return the code's name}
     *
     * @param code any result
     */
    public static String describe(final int code)
    {
        return switch (code)
        {
            case CLOSED -> "CLOSED";
            case RESET -> "RESET";
            case REFUSED -> "REFUSED";
            case TIMED_OUT -> "TIMED_OUT";
            case UNREACHABLE -> "UNREACHABLE";
            case ADDRESS_IN_USE -> "ADDRESS_IN_USE";
            case NO_CAPACITY -> "NO_CAPACITY";
            case BACK_PRESSURED -> "BACK_PRESSURED";
            case OVERRUN -> "OVERRUN";
            default -> code >= 0 ? "OK" : "UNKNOWN(" + code + ")";
        };
    }
}
