// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

/** Application streams. */
final class Streams
{
    static final int MAX_PER_SESSION = 64;

    private Streams()
    {
    }
}
