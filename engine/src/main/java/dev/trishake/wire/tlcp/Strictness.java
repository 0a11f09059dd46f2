// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

/** How much of what peers do beside the standard a decoder lets pass. */
public enum Strictness
{
    /** The standard's form alone. */
    STRICT,

    /** What known peers send and no security hangs on. */
    TOLERANT
}
