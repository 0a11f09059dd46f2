// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import org.agrona.concurrent.status.AtomicCounter;

/** What a handler has of its agent; used on the agent's thread only. */
public interface AgentContext
{
    /**
     * {@return the agent's number, from 0}
     */
    int agent();

    /**
     * {@return the time of this duty cycle, in nanoseconds of the engine's clock}
     */
    long nowNs();

    /**
     * {@return the session, good until the next call of this method, or null when it is gone or another agent's}
     *
     * @param handle of a session
     */
    Session session(long handle);

    /**
     * Begins to open a connection.
     *
     * @param link     which of the engine's stream links, or of its datagrams with GQUIC, in the order of the
     *                 configuration
     * @param protocol to speak over it
     * @param tuple    both sides; a local address or port of 0 is chosen, see {@link
     *                 dev.trishake.transport.StreamLink#connect}
     * @return the session's handle, positive, or a negative {@link dev.trishake.transport.StreamResult}
     */
    long connect(int link, Protocol protocol, FourTuple tuple);

    /**
     * {@return a counter of this agent's in the engine's file, which is 0} For {@link SessionHandler#onStart} only.
     *
     * @param label its name, the same on each agent: {@link Engine#counters} adds them up
     */
    AtomicCounter counter(String label);
}
