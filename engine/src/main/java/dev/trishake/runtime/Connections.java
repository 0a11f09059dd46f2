// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.CounterVisitor;
import org.agrona.DirectBuffer;

/**
 * The connections of a core over datagrams, as the sessions of its agent need them. They are the core's slots from 0
 * on, and the core begins and ends them itself: it tells its {@link ConnectionEvents}.
 *
 * <p>All of this may be called at any time, also from within an event: it changes memory, and what is to be sent goes
 * when the core has its turn, in the same cycle or the next.
 */
public interface Connections
{
    /**
     * {@return most connections at once}
     */
    int capacity();

    /**
     * Sets who is told, once, before anything happens.
     *
     * @param events of the agent
     */
    void events(ConnectionEvents events);

    /**
     * Begins a connection as a client.
     *
     * @param socket that is this connection's alone
     * @param tuple  both sides
     * @param nowNs  the agent's time
     * @return its slot, or -1 where there is none
     */
    int connect(long socket, FourTuple tuple, long nowNs);

    /**
     * {@return the number of a new stream, or -1 while the peer lets us have no more}
     *
     * @param slot a live connection
     */
    int openStream(int slot);

    /**
     * Takes bytes to send on a stream.
     *
     * @param slot   a live connection
     * @param stream its number
     * @param buffer where they are
     * @param offset where they begin
     * @param length how many
     * @return how many were taken; fewer than all: {@link ConnectionEvents#onWritable} will come
     */
    int send(int slot, int stream, DirectBuffer buffer, int offset, int length);

    /**
     * {@return how many bytes {@link #send} takes on a stream of which nothing is under way, at least}
     */
    int sendCapacity();

    /**
     * {@return whether all that was taken on any stream of the connection has reached the peer}
     *
     * @param slot a live connection
     */
    boolean isAllSent(int slot);

    /**
     * Ends our side of a stream, behind what was taken.
     *
     * @param slot   a live connection
     * @param stream its number
     */
    void shutdown(int slot, int stream);

    /**
     * Offers again what was not taken.
     *
     * @param slot   a live connection
     * @param stream its number, 0 for all of the connection
     */
    void resumeStream(int slot, int stream);

    /**
     * Ends a connection and says so to its peer; {@link ConnectionEvents#onClosed} follows. What has not reached the
     * peer is lost.
     *
     * @param slot   a live connection
     * @param reason 0: the application wants it so; else why it has failed, one of {@link Failure}
     */
    void close(int slot, int reason);

    /**
     * {@return what was agreed on, in the protocol's own layout}
     *
     * @param slot an established connection
     */
    long parameters(int slot);

    /**
     * Reads who the two sides are now.
     *
     * @param slot  a live connection
     * @param tuple set to both addresses and ports
     */
    void tuple(int slot, FourTuple tuple);

    /**
     * Visits what the core counts; the same counters in the same order at each call.
     *
     * @param visitor takes them
     */
    void visitCounters(CounterVisitor visitor);
}
