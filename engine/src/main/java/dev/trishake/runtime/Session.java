// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;

/**
 * A session as its handler sees it: a flyweight over the agent's memory, moved from session to session. Used on the
 * agent's thread, where it was given.
 */
public final class Session
{
    private final StreamSessions sessions;
    private int slot;

    Session(final StreamSessions sessions)
    {
        this.sessions = sessions;
    }

    Session wrap(final int newSlot)
    {
        slot = newSlot;
        return this;
    }

    int slot()
    {
        return slot;
    }

    /**
     * {@return what names this session in the whole engine, positive, and no later one}
     */
    public long handle()
    {
        return sessions.handle(slot);
    }

    /**
     * {@return what it speaks}
     */
    public Protocol protocol()
    {
        return sessions.protocol(slot);
    }

    /**
     * {@return whether this side has opened the connection}
     */
    public boolean isClient()
    {
        return sessions.fields.has(slot, SessionFields.CLIENT);
    }

    /**
     * {@return whether the handshake is done}
     */
    public boolean isEstablished()
    {
        return sessions.fields.has(slot, SessionFields.ESTABLISHED);
    }

    /**
     * {@return what was agreed on, in the protocol's own layout; 0 for TCP}
     */
    public long parameters()
    {
        return sessions.fields.parameters(slot);
    }

    /**
     * Reads who the two sides are.
     *
     * @param tuple set to both addresses and ports
     */
    public void tuple(final FourTuple tuple)
    {
        sessions.fields.tuple(slot, tuple);
    }

    /**
     * {@return what the application has attached, 0 at first}
     */
    public long attachment()
    {
        return sessions.fields.attachment(slot);
    }

    /**
     * Attaches a number: an index, a handle, a state.
     *
     * @param value any
     */
    public void attachment(final long value)
    {
        sessions.fields.attachment(slot, value);
    }

    /**
     * Takes bytes to send.
     *
     * @param buffer where they are
     * @param offset where they begin
     * @param length how many
     * @return how many were taken; fewer than all where the peer does not read or the agent is busy: then
     * {@link SessionHandler#onWritable} comes; 0 too where nothing can be sent any more
     */
    public int send(final DirectBuffer buffer, final int offset, final int length)
    {
        return sessions.send(slot, buffer, offset, length);
    }

    /** Ends our side of the stream behind what was taken; the peer's side goes on. */
    public void shutdown()
    {
        sessions.shutdown(slot);
    }

    /** Ends the session: what was taken is still sent, nothing more comes, and no handler is told. */
    public void close()
    {
        sessions.close(slot);
    }

    /** Resets the connection at once; no handler is told. */
    public void abort()
    {
        sessions.abort(slot);
    }

    /** Says that bytes which were not taken can be offered again; they are in the next duty cycle. */
    public void resume()
    {
        sessions.resume(slot);
    }
}
