// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;

/** Makes each agent's link; {@link Links} has the usual ones. */
@FunctionalInterface
public interface StreamLinkFactory
{
    /**
     * Makes a link at launch, on its agent's thread; what this throws {@link Engine#launch} throws.
     *
     * @param agent   number, from 0
     * @param agents  how many there are
     * @param credits of the agent
     * @param nowNs   the time to begin with
     * @return a new link, this agent's alone
     */
    StreamLink create(int agent, int agents, StreamCredits credits, long nowNs);

    /**
     * {@return whether the links make system calls by themselves}
     */
    default boolean needsNativeAccess()
    {
        return false;
    }
}
