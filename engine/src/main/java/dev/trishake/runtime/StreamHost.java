// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;

/** Sessions over streams as their views see them: each has one stream, and its number is 0. */
final class StreamHost implements SessionHost
{
    private static final int NO_STREAM = -1;

    private final StreamSessions sessions;

    StreamHost(final StreamSessions sessions)
    {
        this.sessions = sessions;
    }

    @Override
    public long handle(final int slot)
    {
        return sessions.handle(slot);
    }

    @Override
    public Protocol protocol(final int slot)
    {
        return sessions.protocol(slot);
    }

    @Override
    public boolean isClient(final int slot)
    {
        return sessions.fields.has(slot, SessionFields.CLIENT);
    }

    @Override
    public boolean isEstablished(final int slot)
    {
        return sessions.fields.has(slot, SessionFields.ESTABLISHED);
    }

    @Override
    public long parameters(final int slot)
    {
        return sessions.fields.parameters(slot);
    }

    @Override
    public void tuple(final int slot, final FourTuple tuple)
    {
        sessions.fields.tuple(slot, tuple);
    }

    @Override
    public long attachment(final int slot)
    {
        return sessions.fields.attachment(slot);
    }

    @Override
    public void attachment(final int slot, final long value)
    {
        sessions.fields.attachment(slot, value);
    }

    @Override
    public int openStream(final int slot)
    {
        return NO_STREAM;
    }

    @Override
    public int send(
        final int slot, final int stream, final DirectBuffer buffer, final int offset, final int length)
    {
        return stream == 0 ? sessions.output.send(slot, buffer, offset, length) : 0;
    }

    @Override
    public void shutdown(final int slot, final int stream)
    {
        if (stream == 0)
        {
            sessions.output.shutdown(slot);
        }
    }

    @Override
    public void resume(final int slot, final int stream)
    {
        sessions.resume(slot);
    }

    @Override
    public void close(final int slot)
    {
        sessions.close(slot);
    }

    @Override
    public void abort(final int slot)
    {
        sessions.abort(slot);
    }

    @Override
    public int resolve(final long handle)
    {
        return sessions.resolve(handle);
    }

    @Override
    public void onSend(
        final long handle, final int stream, final DirectBuffer buffer, final int offset, final int length)
    {
        sessions.output.onSend(handle, buffer, offset, length);
    }
}
