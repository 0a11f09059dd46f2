// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

/** Where the handshakes keep what they know of a session, from {@link GquicSession#HANDSHAKE} on. */
final class HandshakeFields
{
    /** Octets of all fields, a multiple of 8. */
    static final int LENGTH = 512;

    private HandshakeFields()
    {
    }
}
