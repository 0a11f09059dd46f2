// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.SessionSlab;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All memory of a core: connections, the messages of those that are in their handshake, records of streams, packets
 * that wait.
 */
final class GquicMemory
{
    final GquicConfig config;
    final GquicCounters counters = new GquicCounters();
    final SessionSlab sessions;
    /** Messages of a handshake: what came, then what goes out; neither ever moves. */
    final SessionSlab handshakes;

    GquicMemory(final GquicConfig config)
    {
        this.config = config;
        sessions = new SessionSlab(config.sessions, GquicSession.STRIDE);
        handshakes = new SessionSlab(
            Math.min(config.handshakes, config.sessions), config.cryptoInLength + config.cryptoOutLength);
    }

    /** {@return a view of its own; each operation has one a lane} */
    GquicSession view()
    {
        return new GquicSession(sessions);
    }

    /** {@return where handshake messages are} */
    UnsafeBuffer messages()
    {
        return handshakes.memory();
    }

    boolean hasMessages(final GquicSession session)
    {
        return session.get(GquicSession.CRYPTO_BUFFER) != 0;
    }

    /** {@return where in {@link #messages()} begins what came} */
    int inOffset(final GquicSession session)
    {
        return handshakes.offset(session.get(GquicSession.CRYPTO_BUFFER) - 1);
    }

    /** {@return where in {@link #messages()} begins what goes out} */
    int outOffset(final GquicSession session)
    {
        return inOffset(session) + config.cryptoInLength;
    }

    boolean takeMessages(final GquicSession session)
    {
        final int buffer = handshakes.acquire();
        session.set(GquicSession.CRYPTO_BUFFER, buffer + 1);
        return buffer != SessionSlab.NULL_SLOT;
    }

    /** Wipes the messages and gives their buffer back; does nothing without one. */
    void releaseMessages(final GquicSession session)
    {
        final int buffer = session.get(GquicSession.CRYPTO_BUFFER) - 1;
        if (buffer >= 0)
        {
            handshakes.release(buffer);
            session.set(GquicSession.CRYPTO_BUFFER, 0);
        }
    }
}
