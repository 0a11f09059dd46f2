// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

/**
 * One kind of heavy work, done for many sessions at once: a kernel of {@code crypto.lanes} and where its inputs and
 * results lie in a core's sessions. Inputs never leave session memory; results are stored there before the session goes
 * on, so a flight that is refused then is not computed twice.
 *
 * <p>Never throws: a wrong input (a signature that does not verify) is a result like another.
 */
public interface CryptoOperation
{
    /** Most sessions that any operation takes side by side. */
    int MAX_LANES = 16;

    /**
     * {@return how many sessions one call takes side by side, 1 to {@link #MAX_LANES}}
     */
    int lanes();

    /**
     * Computes for each of these sessions, and stores the results in their memory.
     *
     * @param slots of live sessions, which all wait for this operation, each once
     * @param count how many, 1 to {@link #lanes()}
     * @param nowNs the agent's time
     */
    void execute(int[] slots, int count, long nowNs);
}
