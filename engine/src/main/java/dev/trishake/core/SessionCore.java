// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

/**
 * What the agent asks of every core whose sessions wait: for the crypto queue, for room, for a certificate's verdict.
 *
 * <p>Never throws, never waits, allocates nothing after construction.
 */
public interface SessionCore
{
    /** No slot: the core is at capacity. */
    int NULL_SLOT = -1;

    /**
     * {@return slots: most sessions at once}
     */
    int capacity();

    /**
     * {@return what names the session in a slot and no later one there; 0 when none lives}
     *
     * @param slot 0 to {@link #capacity()} - 1
     */
    long handle(int slot);

    /**
     * Goes on with a session whose result is there, or whose flight was refused: sends what it has to and handles the
     * input that came meanwhile.
     *
     * @param slot   a live session
     * @param nowNs  the agent's time
     * @param outbox where output goes
     * @return {@link Outcome}
     */
    int resume(int slot, long nowNs, Outbox outbox);
}
