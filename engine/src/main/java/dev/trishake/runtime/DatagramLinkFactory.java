// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.DatagramLink;

/** Makes each agent's link for datagrams; {@link DatagramLinks} has the usual ones. */
@FunctionalInterface
public interface DatagramLinkFactory
{
    /**
     * Makes a link at launch, on its agent's thread; what this throws {@link Engine#launch} throws.
     *
     * @param agent       number, from 0
     * @param sharesPorts whether other agents bind the same addresses
     * @return a new link, this agent's alone
     */
    DatagramLink create(int agent, boolean sharesPorts);

    /**
     * {@return whether the links make system calls by themselves}
     */
    default boolean needsNativeAccess()
    {
        return false;
    }
}
