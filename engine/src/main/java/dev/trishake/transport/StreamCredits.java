// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

/**
 * How much a {@link StreamLink} may bring: its user's answer, asked within {@link StreamLink#poll}. Never throws.
 */
public interface StreamCredits
{
    /**
     * {@return how many bytes of a connection its user can take now; 0 pauses it until {@link StreamLink#resume}} Asked
     * right before bytes are read, and what was granted is used by the next record of the connection or not at all.
     *
     * @param handle of the connection, open
     */
    int inputCredit(long handle);

    /**
     * {@return how many connections the user can take now; 0 leaves them in the accept queue until
     * {@link StreamLink#resumeAccepting}}
     *
     * @param listener as {@link StreamLink#listen} returned
     */
    int acceptCredit(int listener);
}
