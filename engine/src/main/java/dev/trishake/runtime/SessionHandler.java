// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.DirectBuffer;

/**
 * The application: told what happens to sessions, on the agent's thread. With several agents one object is called by
 * several threads, unless each has its own ({@link Engine#launch(EngineConfig, java.util.function.IntFunction)}).
 *
 * <p>Each session given is a flyweight that is good until the method returns; its {@linkplain Session#handle() handle}
 * is good for ever. A handler that throws loses that session, which is reset, and no other.
 *
 * <p>A session ends with {@link #onClosed} or {@link #onFailed}, once, whoever has ended it.
 */
public interface SessionHandler
{
    /**
     * Called once, before anything happens.
     *
     * @param context of the agent that this handler belongs to
     */
    default void onStart(final AgentContext context)
    {
    }

    /**
     * {@return whether one more connection may be accepted} While it is not, connections wait in the accept queue, and
     * what overflows there the peer tries again.
     */
    default boolean mayAccept()
    {
        return true;
    }

    /**
     * A connection was accepted; its handshake, where it has one, begins.
     *
     * @param session of the connection
     */
    default void onAccepted(final Session session)
    {
    }

    /**
     * Answers {@link Engine#connect}.
     *
     * @param correlationId as given there
     * @param result        the session's handle, or a negative {@link dev.trishake.transport.StreamResult}
     */
    default void onConnecting(final long correlationId, final long result)
    {
    }

    /**
     * The handshake is done: data may come and go.
     *
     * @param session that says who the peer is and what was agreed on
     */
    default void onEstablished(final Session session)
    {
    }

    /**
     * Bytes have come, on {@link Session#stream()}. What is not taken stays, and the peer is slowed down; it is offered
     * again when the session can send again, if a send of it was cut short, or else after {@link Session#resume()}.
     *
     * @param session whose they are
     * @param buffer  where they are, until this method returns
     * @param offset  where they begin
     * @param length  how many
     * @return how many were taken, 0 to {@code length}
     */
    int onData(Session session, DirectBuffer buffer, int offset, int length);

    /**
     * The peer has ended its side; all that it sent was taken. Ends our side too, unless this says otherwise: the
     * session over TCP, the stream where a session has many.
     *
     * @param session that may still send
     */
    default void onEnd(final Session session)
    {
        if (session.stream() == 0)
        {
            session.close();
        }
        else
        {
            session.shutdown();
        }
    }

    /**
     * The peer has given up one of the session's streams: nothing more comes on it. Ends our side too, unless this says
     * otherwise.
     *
     * @param session that may still send
     * @param error   the peer's reason, of its application
     */
    default void onStreamReset(final Session session, final int error)
    {
        session.shutdown();
    }

    /**
     * A send was cut short, and now there is room again.
     *
     * @param session that may send
     */
    default void onWritable(final Session session)
    {
    }

    /**
     * The session has ended in an orderly way, or because the application said so.
     *
     * @param session for its last time
     */
    default void onClosed(final Session session)
    {
    }

    /**
     * The session has failed.
     *
     * @param session for its last time
     * @param reason  {@link Failure}
     */
    default void onFailed(final Session session, final int reason)
    {
    }

    /**
     * Called in each duty cycle: for what no event asks for.
     *
     * @param nowNs the agent's time
     * @return work done; 0 lets the agent idle
     */
    default int doWork(final long nowNs)
    {
        return 0;
    }
}
