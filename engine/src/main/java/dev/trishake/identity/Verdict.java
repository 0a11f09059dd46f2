// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import java.time.Instant;

/** What is said of the certificates that a peer has shown; immutable. */
public sealed interface Verdict permits TrustVerdict, GquicVerdict
{
    /**
     * {@return whether the certificates are trusted}
     */
    boolean isTrusted();

    /**
     * {@return the peer's subject, or a sentence that says why it is refused}
     */
    String sentence();

    /**
     * {@return from when all certificates on the way to the anchors are valid}
     */
    Instant validFrom();

    /**
     * {@return until when all certificates on the way to the anchors are valid}
     */
    Instant validUntil();
}
