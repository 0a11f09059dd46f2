// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.CryptoQueue;
import dev.trishake.core.DatagramCore;
import dev.trishake.transport.DatagramSteering;

import java.util.List;

/**
 * A core over datagrams with all that an agent needs to drive it.
 *
 * @param core        the machine, of this agent alone
 * @param queue       to which it posts
 * @param kinds       of operations, by their numbers in the queue
 * @param connections of the core, which are sessions then; null where it has none
 */
public record DatagramProtocol(DatagramCore core, CryptoQueue queue, List<CryptoKind> kinds, Connections connections)
{
    /**
     * A core without connections: it answers datagrams, and the handler hears nothing of it.
     *
     * @param core  the machine, of this agent alone
     * @param queue to which it posts
     * @param kinds of operations, by their numbers in the queue
     */
    public DatagramProtocol(final DatagramCore core, final CryptoQueue queue, final List<CryptoKind> kinds)
    {
        this(core, queue, kinds, null);
    }

    /** Makes an agent's core. */
    @FunctionalInterface
    public interface Factory
    {
        /**
         * {@return a new core}
         *
         * @param agent  number, from 0
         * @param agents how many there are
         * @param nowNs  the time to begin with
         */
        DatagramProtocol create(int agent, int agents, long nowNs);

        /**
         * {@return whether each socket is one connection's of our own, at most, instead of everybody's}: a client's
         * sockets are not shared by agents.
         */
        default boolean isClient()
        {
            return false;
        }

        /**
         * {@return how datagrams are shared out so that each agent has all of a connection's; null where any agent may
         * answer any of them}
         *
         * @param agents      how many
         * @param multiplier0 secret and odd
         * @param multiplier1 secret and odd
         */
        default DatagramSteering steering(final int agents, final int multiplier0, final int multiplier1)
        {
            return null;
        }
    }
}
