// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import org.agrona.DirectBuffer;

/**
 * A protocol over byte streams, like TLCP: it does not know what carries it. Below is a stream (a handle, which its
 * records in the outbox carry, and bytes), above is a stream again.
 *
 * <pre>
 *  above   send, shutdown      content, consume      status
 *             │                    ▲
 *          [ a session of the core: slot ]  ◄─ resume
 *             ▼                    │
 *  below   outbox: {@link #DATA}  onInput, onInputEnd
 * </pre>
 *
 * <p>After each call that returns an outcome the agent reads {@link #status}. A session lives from {@link #open} to
 * {@link #close}; the core never ends it by itself.
 */
public interface StreamCore extends SessionCore
{
    /** Type of the outbox's records: bytes for the stream below. */
    int DATA = 1;

    /** Type of a record without payload: our side of the stream below has ended. */
    int SHUTDOWN = 2;

    /** In {@link #status}: the handshake is done. */
    int ESTABLISHED = 1;

    /** In {@link #status}: the peer has ended its side of the stream above. */
    int ENDED = 1 << 1;

    /** In {@link #status}: a send was refused for want of room, and there may be room again. */
    int WRITABLE = 1 << 2;

    /** In {@link #status}: not all that is to be sent, what says that our side ends included, is on its way below. */
    int BUSY = 1 << 3;

    /**
     * Begins a session; a client sends its first flight with the first {@link #resume}.
     *
     * @param below    handle of the stream below, open
     * @param isClient whether this side begins
     * @param nowNs    the agent's time
     * @return its slot, or {@link #NULL_SLOT} at capacity
     */
    int open(long below, boolean isClient, long nowNs);

    /**
     * {@return how many bytes from below the session can take now; not 0 unless it waits}
     *
     * @param slot a live session
     */
    int inputCredit(int slot);

    /**
     * Takes all of these bytes into the session's memory, and handles what is whole.
     *
     * @param slot   a live session
     * @param buffer where they are
     * @param offset where they begin
     * @param length how many, 1 to {@link #inputCredit}
     * @param nowNs  the agent's time
     * @param outbox where output goes
     * @return {@link Outcome}
     */
    int onInput(int slot, DirectBuffer buffer, int offset, int length, long nowNs, Outbox outbox);

    /**
     * The stream below has ended.
     *
     * @param slot   a live session
     * @param nowNs  the agent's time
     * @param outbox where output goes
     * @return {@link Outcome}; PEER where the stream must not end here
     */
    int onInputEnd(int slot, long nowNs, Outbox outbox);

    /**
     * {@return {@link #ESTABLISHED}, {@link #ENDED}, {@link #WRITABLE}, {@link #BUSY}}
     *
     * @param slot a live session
     */
    int status(int slot);

    /**
     * {@return what was agreed on, in the protocol's own layout}
     *
     * @param slot an established session
     */
    long parameters(int slot);

    /**
     * {@return how many bytes of the stream above lie ready at {@link #contentOffset}}
     *
     * @param slot a live session
     */
    int contentLength(int slot);

    /**
     * {@return the memory that content lies in}
     */
    DirectBuffer contentBuffer();

    /**
     * {@return where it begins}
     *
     * @param slot a live session with content
     */
    int contentOffset(int slot);

    /**
     * Gives content back that was read; more may lie ready then, and there may be input credit again.
     *
     * @param slot   a live session
     * @param length how many bytes of it
     */
    void consume(int slot, int length);

    /**
     * Takes bytes to send.
     *
     * @param slot   an established session
     * @param buffer where they are
     * @param offset where they begin
     * @param length how many
     * @param nowNs  the agent's time
     * @param outbox where output goes
     * @return how many were taken; fewer than all means that {@link #WRITABLE} will be said
     */
    int send(int slot, DirectBuffer buffer, int offset, int length, long nowNs, Outbox outbox);

    /**
     * Ends our side of the stream above, behind what was taken; ends with {@link #SHUTDOWN} below.
     *
     * @param slot   a live session
     * @param nowNs  the agent's time
     * @param outbox where output goes
     * @return {@link Outcome#DONE}, or BACK_PRESSURED: {@link #resume} goes on
     */
    int shutdown(int slot, long nowNs, Outbox outbox);

    /**
     * Does what is no session's: wipes what is over, changes keys. The agent calls it some times a second.
     *
     * @param nowNs the agent's time
     */
    default void keepHouse(final long nowNs)
    {
    }

    /**
     * Forgets a session and wipes its memory; nothing is sent.
     *
     * @param slot a live session
     */
    void close(int slot);
}
