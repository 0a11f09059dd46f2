// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

/** Google QUIC. */
public final class GquicCore
{
    /** Kind: hashes of packets without keys. */
    static final int NULL_HASH = 0;

    /** The first kind of the handshakes' operations. */
    static final int FIRST_HANDSHAKE_KIND = 1;

    private GquicCore()
    {
    }

    /** Sees that a session goes on. */
    public int resume()
    {
        return 0;
    }

    /** Sees that a stream goes on. */
    public void resumeStream()
    {
    }
}
