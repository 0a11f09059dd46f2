// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.CryptoQueue;
import dev.trishake.core.StreamCore;

import java.util.List;

/**
 * A core over byte streams with all that an agent needs to drive it.
 *
 * @param core  the machine, of this agent alone
 * @param queue to which it posts
 * @param kinds of operations, by their numbers in the queue
 */
public record StreamProtocol(StreamCore core, CryptoQueue queue, List<CryptoKind> kinds)
{
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
        StreamProtocol create(int agent, int agents, long nowNs);
    }
}
