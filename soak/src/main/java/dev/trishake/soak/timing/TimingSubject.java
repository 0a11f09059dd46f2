// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

/** An operation whose time must not depend on its secret. A kernel joins by a line in {@link TimingSubjects}. */
public interface TimingSubject
{
    /**
     * {@return the name that the command line takes and the table shows, like {@code SM4/vector}}
     */
    String name();

    /**
     * {@return how many octets the secret has}
     */
    int secretLength();

    /**
     * Takes a secret, outside of the measured time.
     *
     * @param secret as many octets as it has; a copy is kept
     */
    void load(byte[] secret);

    /** Does the operation once with the secret that was loaded last. */
    void run();
}
