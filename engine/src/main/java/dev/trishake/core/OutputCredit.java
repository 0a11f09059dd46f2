// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

/**
 * How much output what lies below a core takes for one connection: asked and told by the {@link Outbox}, answered by
 * the agent, which knows the link.
 */
public interface OutputCredit
{
    /**
     * {@return how many octets can be claimed now for this connection; 0 when it is gone}
     *
     * @param handle of the connection below
     */
    int outputCredit(long handle);

    /**
     * Takes note of octets that were claimed.
     *
     * @param handle of the connection below
     * @param length of the payload
     */
    void onClaimed(long handle, int length);
}
