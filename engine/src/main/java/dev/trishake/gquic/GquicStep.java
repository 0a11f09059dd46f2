// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

/**
 * What a handshake does when it goes on: kept in the session's memory while it waits, and what each of its methods
 * answers. Steps from {@link #FIRST} on are the handshakes' own.
 */
final class GquicStep
{
    /** Take the next message of the crypto stream. */
    static final int READ = 0;

    /** The first number that a handshake may give a step of its own. */
    static final int FIRST = 1;

    /** An answer: go on at once with the session's STEP; what was written to the crypto stream is sent meanwhile. */
    static final int GO_ON = 100;

    /** An answer: an operation was posted; {@link GquicHandshake#onStep} is called when its result is there. */
    static final int AWAIT_CRYPTO = 101;

    /** An answer: the verdict on the server's certificates is not there; the step is taken again when somebody asks. */
    static final int AWAIT_CERTIFICATE = 102;

    /** An answer: the connection fails with the session's ERROR. */
    static final int FAIL = 103;

    private GquicStep()
    {
    }
}
