// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.session.SessionSlab;
import dev.trishake.wire.tlcp.HandshakeHeaderFlyweight;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

/** All memory of a core: sessions, and the transcripts of those that are in their handshake. */
final class TlcpMemory
{
    /** Octets of both randoms, which stand side by side: the client's, then the server's. */
    static final int RANDOMS_LENGTH = 2 * Tlcp.RANDOM_LENGTH;

    final TlcpConfig config;
    final SessionSlab sessions;
    final SessionSlab transcripts;

    TlcpMemory(final TlcpConfig config)
    {
        this.config = config;
        sessions = new SessionSlab(config.sessions, TlcpSession.stride(config.fragmentLength));
        transcripts = new SessionSlab(Math.min(config.handshakes, config.sessions), config.transcriptLength);
    }

    /** {@return a view of its own; every operation and machine has one} */
    TlcpSession view()
    {
        return new TlcpSession(sessions, config.fragmentLength);
    }

    /** {@return what this side shows in a session} */
    TlcpCredentials credentials(final TlcpSession session)
    {
        return config.credentials.get(session.get(TlcpSession.CREDENTIALS));
    }

    UnsafeBuffer messages()
    {
        return transcripts.memory();
    }

    /** {@return where a session's messages begin in {@link #messages()}} */
    int messagesOffset(final TlcpSession session)
    {
        return transcripts.offset(session.get(TlcpSession.TRANSCRIPT) - 1);
    }

    /** {@return where the body of the message that is being handled begins in {@link #messages()}} */
    int bodyOffset(final TlcpSession session)
    {
        return messagesOffset(session) + session.get(TlcpSession.MESSAGE_OFFSET);
    }

    /** {@return where in the transcript the message that is being handled begins, its header included} */
    static int messageStart(final TlcpSession session)
    {
        return session.get(TlcpSession.MESSAGE_OFFSET) - HandshakeHeaderFlyweight.LENGTH;
    }

    boolean takeTranscript(final TlcpSession session)
    {
        final int transcript = transcripts.acquire();
        session.set(TlcpSession.TRANSCRIPT, transcript + 1);
        return transcript != SessionSlab.NULL_SLOT;
    }

    /** Wipes what was written of the transcript and gives it back; does nothing without one. */
    void releaseTranscript(final TlcpSession session)
    {
        final int transcript = session.get(TlcpSession.TRANSCRIPT) - 1;
        if (transcript >= 0)
        {
            ConstantTime.wipe(messages(), messagesOffset(session), session.get(TlcpSession.TRANSCRIPT_TOP));
            transcripts.releaseZeroed(transcript);
            session.set(TlcpSession.TRANSCRIPT, 0);
        }
    }

    /** Wipes what was written of a session, its transcript included, and gives it back. */
    void release(final TlcpSession session)
    {
        releaseTranscript(session);
        session.wipe();
        sessions.releaseZeroed(session.slot());
    }
}
