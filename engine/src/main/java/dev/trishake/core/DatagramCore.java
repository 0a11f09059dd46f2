// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import org.agrona.DirectBuffer;

/**
 * A protocol over datagrams, like gQUIC. Input is what follows the socket's number in a datagram link's record: both
 * addresses as a stored four-tuple, then the datagram; output is the same, behind the socket's number as handle. So
 * what a core claims in its outbox a link sends as it stands.
 */
public interface DatagramCore extends SessionCore
{
    /** Type of the outbox's records: a stored four-tuple and a datagram. */
    int DATAGRAM = 1;

    /**
     * Handles one datagram.
     *
     * @param socket that it came by
     * @param buffer where it is
     * @param offset where the tuple begins, the datagram right behind it
     * @param length of both
     * @param nowNs  the agent's time
     * @param outbox where answers go
     * @return {@link Outcome#DONE}, also for what is dropped; BACK_PRESSURED: nothing has changed, give it again
     */
    int onDatagram(long socket, DirectBuffer buffer, int offset, int length, long nowNs, Outbox outbox);

    /**
     * Does what is due.
     *
     * @param nowNs  the agent's time
     * @param limit  how many timers may fire
     * @param outbox where datagrams go
     * @return how many fired
     */
    int onTimers(long nowNs, int limit, Outbox outbox);
}
