// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

/** Whether a server asks for its clients' certificates. With an ECDHE suite it always does, and must have them. */
public enum ClientAuthentication
{
    /** It does not ask. */
    NONE,

    /** It asks, and goes on with a client that has none. */
    WANT,

    /** It asks, and ends the handshake with handshake_failure when the client has none. */
    NEED
}
