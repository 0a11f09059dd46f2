// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outcome;
import dev.trishake.transport.StreamResult;

/**
 * Why a session has failed: one {@code int}. Negative numbers are those of {@link StreamResult}, small ones are the
 * agent's own, large ones a core's {@link Outcome}, whose category says whether the peer was wrong or we.
 */
public final class Failure
{
    /** The handshake took too long. */
    public static final int HANDSHAKE_TIMEOUT = 1;

    /** Nothing came and went for too long. */
    public static final int IDLE_TIMEOUT = 2;

    /** The handler threw: the exception is in the error log. */
    public static final int HANDLER_ERROR = 3;

    /** The core had no slot left. */
    public static final int NO_CAPACITY = 4;

    /** Too many handshakes from one source prefix at once. */
    public static final int PREFIX_LIMIT = 5;

    /** The engine was closed and would not wait any longer. */
    public static final int ENGINE_CLOSED = 6;

    private Failure()
    {
    }

    /**
     * {@return the reason as a person reads it}. Allocates: for messages only.
     *
     * @param reason any
     */
    public static String describe(final int reason)
    {
        return switch (reason)
        {
            case HANDSHAKE_TIMEOUT -> "HANDSHAKE_TIMEOUT";
            case IDLE_TIMEOUT -> "IDLE_TIMEOUT";
            case HANDLER_ERROR -> "HANDLER_ERROR";
            case NO_CAPACITY -> "NO_CAPACITY";
            case PREFIX_LIMIT -> "PREFIX_LIMIT";
            case ENGINE_CLOSED -> "ENGINE_CLOSED";
            default -> reason <= 0 ? StreamResult.describe(reason) : Outcome.describe(reason);
        };
    }
}
