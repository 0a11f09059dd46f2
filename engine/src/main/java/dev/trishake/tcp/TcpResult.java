// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** What calls of {@link TcpCore} answer when they do not answer a handle or a number of bytes: negative codes. */
public final class TcpResult
{
    /** Done. */
    public static final int OK = 0;

    /** No such handle: the connection is gone, its user has closed it. */
    public static final int CLOSED = -1;

    /** The peer has closed and everything before that was received. */
    public static final int END_OF_STREAM = -2;

    /** The peer reset the connection: ECONNRESET. */
    public static final int RESET = -3;

    /** The peer refused the connection: ECONNREFUSED. */
    public static final int REFUSED = -4;

    /** The peer did not answer: ETIMEDOUT. */
    public static final int TIMED_OUT = -5;

    /** ICMP said that there is no way to the peer: EHOSTUNREACH. */
    public static final int UNREACHABLE = -6;

    /** Not open yet. */
    public static final int NOT_CONNECTED = -7;

    /** Our side is shut down already: EPIPE. */
    public static final int SHUT_DOWN = -8;

    /** Address and port, or the four-tuple, are in use: EADDRINUSE. */
    public static final int ADDRESS_IN_USE = -9;

    /** What this needs is used up: connections, listeners, ports. */
    public static final int NO_CAPACITY = -10;

    /** The outbox is full and nothing was changed: call again once there is room. */
    public static final int BACK_PRESSURED = -11;

    private TcpResult()
    {
    }

    /**
     * {@return the code's name}
     *
     * @param code any result
     */
    public static String describe(final long code)
    {
        return switch ((int)Math.max(code, BACK_PRESSURED))
        {
            case CLOSED -> "CLOSED";
            case END_OF_STREAM -> "END_OF_STREAM";
            case RESET -> "RESET";
            case REFUSED -> "REFUSED";
            case TIMED_OUT -> "TIMED_OUT";
            case UNREACHABLE -> "UNREACHABLE";
            case NOT_CONNECTED -> "NOT_CONNECTED";
            case SHUT_DOWN -> "SHUT_DOWN";
            case ADDRESS_IN_USE -> "ADDRESS_IN_USE";
            case NO_CAPACITY -> "NO_CAPACITY";
            case BACK_PRESSURED -> "BACK_PRESSURED";
            default -> "OK";
        };
    }
}
