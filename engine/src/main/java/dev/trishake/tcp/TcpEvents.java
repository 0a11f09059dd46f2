// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/**
 * Is told what happened to connections, on the thread that calls the core, after the packet or timer that caused it has
 * been handled: every method may call the core. All of it can be polled instead; {@link #NONE} tells nobody.
 */
public interface TcpEvents
{
    /** Tells nobody. */
    TcpEvents NONE = new TcpEvents()
    {
    };

    /**
     * A connection waits in a listener's accept queue.
     *
     * @param listener its number
     * @param nowNs    the time given to the core
     */
    default void onAcceptable(final int listener, final long nowNs)
    {
    }

    /**
     * A connection that we opened is open.
     *
     * @param handle of the connection
     * @param nowNs  the time given to the core
     */
    default void onEstablished(final long handle, final long nowNs)
    {
    }

    /**
     * There are bytes to receive, or the end of the stream.
     *
     * @param handle of the connection
     * @param nowNs  the time given to the core
     */
    default void onReadable(final long handle, final long nowNs)
    {
    }

    /**
     * There is room again in a send buffer that was full.
     *
     * @param handle of the connection
     * @param nowNs  the time given to the core
     */
    default void onWritable(final long handle, final long nowNs)
    {
    }

    /**
     * The connection has ended; unless its user has closed it, the handle is good until then.
     *
     * @param handle of the connection
     * @param reason {@link TcpResult#OK} after an orderly close, else RESET, REFUSED, TIMED_OUT or UNREACHABLE
     * @param nowNs  the time given to the core
     */
    default void onClosed(final long handle, final int reason, final long nowNs)
    {
    }
}
