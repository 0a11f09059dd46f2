// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.report;

/** Who is told how far a trial is, and may end it. */
public interface Watch
{
    /**
     * Something has happened.
     *
     * @param fraction of the trial that is over, 0 to 1
     * @param what     in a few words
     */
    void tell(double fraction, String what);

    /** {@return whether the user wants to end} */
    boolean wantsToStop();
}
