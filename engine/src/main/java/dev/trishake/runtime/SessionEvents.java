// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.LongArrayQueue;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * What happens to sessions, for an application on a thread of its own: a handler that writes it into a ring, and the
 * other end of that ring. One for each agent; polled by one thread.
 *
 * <pre>
 * SessionEvents events = new SessionEvents(1024, 1 &lt;&lt; 20);
 * Engine engine = Engine.launch(config, events.handler());
 * while (...) events.poll(reader, 100);
 * </pre>
 *
 * <p>Nothing is lost. Room for all that can still happen to a session, its bytes aside, is kept from the moment that it
 * is accepted: while there is none, connections wait in the accept queue. Bytes that find no room stay with their
 * session, and its peer is slowed down.
 */
public final class SessionEvents
{
    private static final int ACCEPTED = 1;
    private static final int ESTABLISHED = 2;
    private static final int DATA = 3;
    private static final int END = 4;
    private static final int CLOSED = 5;
    private static final int FAILED = 6;
    private static final int CONNECTING = 7;
    private static final int RESET = 8;

    /** A record's type is the event and, above its low bits, the number of the stream that it is about. */
    private static final int STREAM_SHIFT = 4;
    private static final int EVENT_MASK = (1 << STREAM_SHIFT) - 1;

    /** Record: session's handle, then a word: parameters, reason or correlation ID; or the bytes. */
    private static final int HANDLE_OFFSET = 0;
    private static final int WORD_OFFSET = 8;
    private static final int BYTES_OFFSET = 8;
    private static final int EVENT_LENGTH = 16;
    /** With Agrona's header. */
    private static final int EVENT_SPACE = 24;
    /** Accepted or connecting, established, and its end. */
    private static final int EVENTS_PER_SESSION = 3;

    private final OneToOneRingBuffer ring;
    private final Writer writer;
    private final Dispatcher dispatcher = new Dispatcher();
    private final int sessions;
    private final int reservedPerSession;

    /** Reads events, on the application's thread. */
    public interface Reader
    {
        /**
         * A connection was accepted.
         *
         * @param session its handle
         */
        default void onAccepted(final long session)
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
         * The handshake is done.
         *
         * @param session    its handle
         * @param parameters what was agreed on
         */
        default void onEstablished(final long session, final long parameters)
        {
        }

        /**
         * Bytes have come.
         *
         * @param session its handle
         * @param buffer  where they are, until this method returns
         * @param offset  where they begin
         * @param length  how many
         */
        void onData(long session, DirectBuffer buffer, int offset, int length);

        /**
         * Bytes have come on one of a session's streams.
         *
         * @param session its handle
         * @param stream  its number, not 0
         * @param buffer  where they are, until this method returns
         * @param offset  where they begin
         * @param length  how many
         */
        default void onData(
            final long session, final int stream, final DirectBuffer buffer, final int offset, final int length)
        {
            onData(session, buffer, offset, length);
        }

        /**
         * The peer has ended its side.
         *
         * @param session its handle
         */
        default void onEnd(final long session)
        {
        }

        /**
         * The peer has ended its side of one of a session's streams.
         *
         * @param session its handle
         * @param stream  its number, not 0
         */
        default void onEnd(final long session, final int stream)
        {
            onEnd(session);
        }

        /**
         * The peer has given one of a session's streams up.
         *
         * @param session its handle
         * @param stream  its number
         * @param error   the peer's reason, of its application
         */
        default void onReset(final long session, final int stream, final int error)
        {
            onEnd(session, stream);
        }

        /**
         * The session has ended in an orderly way.
         *
         * @param session its handle
         */
        default void onClosed(final long session)
        {
        }

        /**
         * The session has failed.
         *
         * @param session its handle
         * @param reason  {@link Failure}
         */
        default void onFailed(final long session, final int reason)
        {
        }
    }

    /**
     * Allocates all that this will ever use, for sessions of one stream each.
     *
     * @param sessions   of the agent at once, at most
     * @param ringLength bytes, a power of two; at least half of it should be left for data
     */
    public SessionEvents(final int sessions, final int ringLength)
    {
        this(sessions, 1, ringLength);
    }

    /**
     * Allocates all that this will ever use.
     *
     * @param sessions   of the agent at once, at most
     * @param streams    of a session at once, at most: as many as the protocol is configured for
     * @param ringLength bytes, a power of two; at least half of it should be left for data
     */
    public SessionEvents(final int sessions, final int streams, final int ringLength)
    {
        reservedPerSession = (EVENTS_PER_SESSION + streams) * EVENT_SPACE; // a stream's slot is free when both ended
        if ((long)sessions * reservedPerSession > ringLength / 2)
        {
            throw new IllegalArgumentException("ringLength must be at least " + 2L * reservedPerSession +
                " bytes for each session: " + ringLength + " for " + sessions);
        }
        this.sessions = sessions;
        this.ring = Rings.ofCapacity(ringLength);
        this.writer = new Writer();
    }

    /**
     * {@return the handler that writes; for one agent}
     */
    public SessionHandler handler()
    {
        return writer;
    }

    /**
     * Reads events that are there.
     *
     * @param reader takes them
     * @param limit  at most so many
     * @return how many
     */
    public int poll(final Reader reader, final int limit)
    {
        dispatcher.reader = reader;
        final int count = ring.read(dispatcher, limit);
        return count == limit ? count : count + ring.read(dispatcher, limit - count);
    }

    /** The application's end. */
    private static final class Dispatcher implements MessageHandler
    {
        private Reader reader;

        @Override
        public void onMessage(
            final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
        {
            final long handle = buffer.getLong(index + HANDLE_OFFSET);
            final int stream = msgTypeId >>> STREAM_SHIFT;
            if (stream != 0)
            {
                onStreamEvent(msgTypeId & EVENT_MASK, stream, buffer, index, length);
                return;
            }
            switch (msgTypeId)
            {
                case ACCEPTED -> reader.onAccepted(handle);
                case ESTABLISHED -> reader.onEstablished(handle, buffer.getLong(index + WORD_OFFSET));
                case DATA -> reader.onData(handle, buffer, index + BYTES_OFFSET, length - BYTES_OFFSET);
                case END -> reader.onEnd(handle);
                case CLOSED -> reader.onClosed(handle);
                case FAILED -> reader.onFailed(handle, (int)buffer.getLong(index + WORD_OFFSET));
                default -> reader.onConnecting(buffer.getLong(index + WORD_OFFSET), handle);
            }
        }

        private void onStreamEvent(
            final int event, final int stream, final DirectBuffer buffer, final int index, final int length)
        {
            final long handle = buffer.getLong(index + HANDLE_OFFSET);
            switch (event)
            {
                case DATA -> reader.onData(handle, stream, buffer, index + BYTES_OFFSET, length - BYTES_OFFSET);
                case END -> reader.onEnd(handle, stream);
                default -> reader.onReset(handle, stream, (int)buffer.getLong(index + WORD_OFFSET));
            }
        }
    }

    /** The agent's end. */
    private final class Writer implements SessionHandler
    {
        /** The attachment of a session that is among them. */
        private static final long WAITS = 1;

        /** Sessions with bytes that found no room. */
        private final LongArrayQueue waiting = new LongArrayQueue(Math.max(8, sessions), 0);
        private AgentContext context;
        private int live;

        @Override
        public void onStart(final AgentContext newContext)
        {
            context = newContext;
        }

        @Override
        public boolean mayAccept()
        {
            return live < sessions && free() >= reserved(live + 1);
        }

        private int free()
        {
            return ring.capacity() - ring.size();
        }

        /** Padding where the ring wraps is less than a record. */
        private int reserved(final int count)
        {
            return (count + 1) * reservedPerSession;
        }

        private void put(final int type, final long handle, final long word)
        {
            final int index = ring.tryClaim(type, EVENT_LENGTH);
            if (index <= 0)
            {
                throw new IllegalStateException("reserved, yet there is no room: " + type);
            }
            ring.buffer().putLong(index + HANDLE_OFFSET, handle);
            ring.buffer().putLong(index + WORD_OFFSET, word);
            ring.commit(index);
        }

        @Override
        public void onAccepted(final Session session)
        {
            live++;
            put(ACCEPTED, session.handle(), 0);
        }

        @Override
        public void onConnecting(final long correlationId, final long result)
        {
            live += result > 0 ? 1 : 0;
            put(CONNECTING, result, correlationId);
        }

        @Override
        public void onEstablished(final Session session)
        {
            put(ESTABLISHED, session.handle(), session.parameters());
        }

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            final int room = (free() - reserved(live) - EVENT_SPACE) / 2; // a record may need padding of its own length
            final int piece = Math.min(Math.min(length, room), ring.maxMsgLength() - BYTES_OFFSET);
            final int type = DATA | session.stream() << STREAM_SHIFT;
            final int index = piece <= 0 ? 0 : ring.tryClaim(type, BYTES_OFFSET + piece);
            if (index > 0)
            {
                ring.buffer().putLong(index + HANDLE_OFFSET, session.handle());
                ring.buffer().putBytes(index + BYTES_OFFSET, buffer, offset, piece);
                ring.commit(index);
            }
            final int taken = index > 0 ? piece : 0;
            if (taken < length && session.attachment() == 0)
            {
                session.attachment(WAITS);
                waiting.addLong(session.handle());
            }
            return taken;
        }

        @Override
        public void onEnd(final Session session) // the application says when our side ends
        {
            put(END | session.stream() << STREAM_SHIFT, session.handle(), 0);
        }

        @Override
        public void onStreamReset(final Session session, final int error)
        {
            put(RESET | session.stream() << STREAM_SHIFT, session.handle(), error);
        }

        @Override
        public void onClosed(final Session session)
        {
            live--;
            put(CLOSED, session.handle(), 0);
        }

        @Override
        public void onFailed(final Session session, final int reason)
        {
            live--;
            put(FAILED, session.handle(), reason);
        }

        /** Offers again what found no room, to the one that has waited longest first. */
        @Override
        public int doWork(final long nowNs)
        {
            int resumed = 0;
            for (int turns = waiting.size(); turns > 0 && free() > ring.capacity() / 2; turns--)
            {
                final Session session = context.session(waiting.pollLong());
                if (session != null)
                {
                    session.attachment(0);
                    session.resume();
                    resumed++;
                }
            }
            return resumed;
        }
    }
}
