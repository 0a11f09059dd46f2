// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;

/**
 * A session as its handler sees it: a flyweight over the agent's memory, moved from session to session. Used on the
 * agent's thread, where it was given.
 *
 * <p>Over TCP a session has one stream each way, whose number is 0. A session of gQUIC may have many, whose numbers
 * those of the protocol are; there 0 stands for the session's own stream, the first that either side has used, which a
 * first send opens. So who wants one stream of bytes need not ask what carries it.
 */
public final class Session
{
    private final SessionHost host;
    private int slot;
    private int stream;

    Session(final SessionHost host)
    {
        this.host = host;
    }

    Session wrap(final int newSlot)
    {
        return wrap(newSlot, 0);
    }

    Session wrap(final int newSlot, final int newStream)
    {
        slot = newSlot;
        stream = newStream;
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
        return host.handle(slot);
    }

    /**
     * {@return what it speaks}
     */
    public Protocol protocol()
    {
        return host.protocol(slot);
    }

    /**
     * {@return whether this side has opened the connection}
     */
    public boolean isClient()
    {
        return host.isClient(slot);
    }

    /**
     * {@return whether the handshake is done}
     */
    public boolean isEstablished()
    {
        return host.isEstablished(slot);
    }

    /**
     * {@return what was agreed on, in the protocol's own layout; 0 for TCP}
     */
    public long parameters()
    {
        return host.parameters(slot);
    }

    /**
     * Reads who the two sides are.
     *
     * @param tuple set to both addresses and ports
     */
    public void tuple(final FourTuple tuple)
    {
        host.tuple(slot, tuple);
    }

    /**
     * {@return what the application has attached, 0 at first}
     */
    public long attachment()
    {
        return host.attachment(slot);
    }

    /**
     * Attaches a number: an index, a handle, a state.
     *
     * @param value any
     */
    public void attachment(final long value)
    {
        host.attachment(slot, value);
    }

    /**
     * {@return the stream that this call of the handler is about; 0 over TCP, and where it is about none}
     */
    public int stream()
    {
        return stream;
    }

    /**
     * Opens one more stream, which the peer learns of by what is sent on it.
     *
     * @return its number, or -1 where there can be no more just now, or no more than one
     */
    public int openStream()
    {
        return host.openStream(slot);
    }

    /**
     * Takes bytes to send on the stream that this call is about.
     *
     * @param buffer where they are
     * @param offset where they begin
     * @param length how many
     * @return how many were taken; fewer than all where the peer does not read or the agent is busy: then
     * {@link SessionHandler#onWritable} comes; 0 too where nothing can be sent any more
     */
    public int send(final DirectBuffer buffer, final int offset, final int length)
    {
        return host.send(slot, stream, buffer, offset, length);
    }

    /**
     * Takes bytes to send on a stream.
     *
     * @param whichStream its number
     * @param buffer      where they are
     * @param offset      where they begin
     * @param length      how many
     * @return how many were taken, as {@link #send(DirectBuffer, int, int)} does
     */
    public int send(final int whichStream, final DirectBuffer buffer, final int offset, final int length)
    {
        return host.send(slot, whichStream, buffer, offset, length);
    }

    /** Ends our side of the stream that this call is about, behind what was taken; the peer's side goes on. */
    public void shutdown()
    {
        host.shutdown(slot, stream);
    }

    /**
     * Ends our side of a stream behind what was taken; the peer's side goes on.
     *
     * @param whichStream its number
     */
    public void shutdown(final int whichStream)
    {
        host.shutdown(slot, whichStream);
    }

    /** Ends the session: what was taken is still sent, nothing more comes but {@link SessionHandler#onClosed}. */
    public void close()
    {
        host.close(slot);
    }

    /** Resets the connection at once; nothing more comes but {@link SessionHandler#onClosed}. */
    public void abort()
    {
        host.abort(slot);
    }

    /** Says that bytes which were not taken can be offered again; they are in the next duty cycle. */
    public void resume()
    {
        host.resume(slot, stream);
    }
}
