// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.SlotQueue;
import org.agrona.DirectBuffer;

/**
 * What users ask of their connections: at any time, also from inside of the handler, so it works on views of its own,
 * only changes memory, and leaves the rest to the session's turn.
 */
final class GquicStreamCalls
{
    private final GquicSession session;
    private final StreamRecord record;
    private final Streams streams;
    private final StreamSender sender;
    private final SlotQueue pending;

    GquicStreamCalls(final GquicMemory memory, final SlotQueue pending)
    {
        this.pending = pending;
        session = memory.view();
        record = memory.streamView();
        streams = new Streams(memory, session, record);
        sender = new StreamSender(memory, session, record, streams);
    }

    /** {@return the view, laid over a connection} */
    GquicSession view(final int slot)
    {
        return session.wrap(slot);
    }

    int openStream(final int slot)
    {
        session.wrap(slot);
        return session.is(GquicSession.CLOSED) ? -1 : streams.openOwn();
    }

    int send(
        final int slot, final int streamId, final DirectBuffer buffer, final int offset, final int length,
        final boolean fin)
    {
        session.wrap(slot);
        if (session.is(GquicSession.CLOSED))
        {
            return 0;
        }
        pending.add(slot);
        return sender.give(streamId, buffer, offset, length, fin);
    }

    void resumeStream(final int slot, final int streamId)
    {
        session.wrap(slot);
        if (!session.is(GquicSession.CLOSED) && streams.find(streamId) >= 0)
        {
            record.raise(StreamRecord.RESUME_DUE);
            pending.add(slot);
        }
    }

    void resumeStreams(final int slot)
    {
        session.wrap(slot);
        for (int index = streams.first(); index >= 0; index = record.get(StreamRecord.NEXT) - 1)
        {
            record.wrap(index).raise(StreamRecord.RESUME_DUE);
            pending.add(slot);
        }
    }

    /** {@return whether all that was given to any stream is acknowledged, its end too} */
    boolean isAllAcked(final int slot)
    {
        session.wrap(slot);
        boolean isAllAcked = true;
        for (int index = streams.first(); index >= 0 && isAllAcked; index = record.get(StreamRecord.NEXT) - 1)
        {
            record.wrap(index);
            isAllAcked = record.is(StreamRecord.RESET_SENT) ||
                (record.get(StreamRecord.ACKED) == record.get(StreamRecord.END) &&
                record.is(StreamRecord.FIN_GIVEN) == record.is(StreamRecord.FIN_ACKED));
        }
        return isAllAcked || session.is(GquicSession.CLOSED);
    }

    void close(final int slot, final int error)
    {
        session.wrap(slot);
        session.fail(error, GquicSession.CLOSE_DUE);
        pending.add(slot);
    }
}
