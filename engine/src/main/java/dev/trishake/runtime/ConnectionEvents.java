// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;

/** What a core over datagrams tells of its {@link Connections}, while it handles a datagram, a result or a timer. */
public interface ConnectionEvents
{
    /**
     * {@return whether one more connection may be accepted} While it is not, what asks for one is dropped, and the peer
     * asks again.
     *
     * @param who both sides
     */
    boolean mayAccept(FourTuple who);

    /**
     * A connection was accepted; its handshake goes on.
     *
     * @param slot its
     */
    void onAccepted(int slot);

    /**
     * The connection begins to wait for somebody who tells nobody when it is done: it is resumed, and as long as that
     * answers AWAIT_CERTIFICATE once a cycle.
     *
     * @param slot of the connection
     */
    void onWaiting(int slot);

    /**
     * The handshake is done.
     *
     * @param slot of the connection
     */
    void onEstablished(int slot);

    /**
     * Bytes of a stream have come, in order. What is not taken is offered again with what comes next, or after {@link
     * Connections#resumeStream}.
     *
     * @param slot   of the connection
     * @param stream its number
     * @param buffer where they are, until this method returns
     * @param offset where they begin
     * @param length how many
     * @return how many were taken
     */
    int onStreamData(int slot, int stream, DirectBuffer buffer, int offset, int length);

    /**
     * The peer has ended its side of a stream, and all of it was taken.
     *
     * @param slot   of the connection
     * @param stream its number
     */
    void onStreamEnd(int slot, int stream);

    /**
     * The peer has given a stream up.
     *
     * @param slot   of the connection
     * @param stream its number
     * @param error  its reason, of the application
     */
    void onStreamReset(int slot, int stream, int error);

    /**
     * A send was cut short, and there is room again.
     *
     * @param slot   of the connection
     * @param stream its number
     */
    void onWritable(int slot, int stream);

    /**
     * The connection has ended; its slot may be another's as soon as this returns.
     *
     * @param slot   of the connection
     * @param reason 0 for an orderly end, else one of {@link Failure}
     */
    void onClosed(int slot, int reason);
}
