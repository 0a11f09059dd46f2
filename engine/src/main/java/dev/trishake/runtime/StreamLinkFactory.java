// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;

/** Makes an agent's link. Called at launch on the agent's thread; what it throws {@link Engine#launch} throws. */
@FunctionalInterface
public interface StreamLinkFactory
{
    /**
     * {@return a new link, this agent's alone}
     *
     * @param agent   number, from 0
     * @param credits of the agent
     * @param nowNs   the time to begin with
     */
    StreamLink create(int agent, StreamCredits credits, long nowNs);
}
