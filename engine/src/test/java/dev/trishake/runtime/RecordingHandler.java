// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.DirectBuffer;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told; echoes, takes nothing, or throws, as it is told to. */
class RecordingHandler implements SessionHandler
{
    final List<String> events = new ArrayList<>();
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AgentContext context;
    boolean isEcho;
    boolean isQuiet;
    boolean isDeaf;
    boolean mayAccept = true;
    boolean keepsOpenAtEnd;
    String throwsAt = "";
    long last;
    int established;
    int failed;
    int closed;

    @Override
    public void onStart(final AgentContext newContext)
    {
        context = newContext;
    }

    @Override
    public boolean mayAccept()
    {
        return mayAccept;
    }

    @Override
    public void onAccepted(final Session session)
    {
        event("ACCEPTED", session);
    }

    @Override
    public void onConnecting(final long correlationId, final long result)
    {
        last = result;
        events.add("CONNECTING " + correlationId + " " + (result > 0 ? "OK" : Failure.describe((int)result)));
    }

    @Override
    public void onEstablished(final Session session)
    {
        established++;
        event("ESTABLISHED", session);
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        if (throwsAt.equals("DATA"))
        {
            throw new IllegalStateException("planted");
        }
        if (isDeaf)
        {
            return 0;
        }
        if (isEcho)
        {
            return session.send(buffer, offset, length);
        }
        if (!isQuiet)
        {
            final byte[] octets = new byte[length];
            buffer.getBytes(offset, octets);
            bytes.writeBytes(octets);
        }
        return length;
    }

    @Override
    public void onEnd(final Session session)
    {
        event("END", session);
        if (!keepsOpenAtEnd)
        {
            SessionHandler.super.onEnd(session);
        }
    }

    @Override
    public void onWritable(final Session session)
    {
        event("WRITABLE", session);
    }

    @Override
    public void onClosed(final Session session)
    {
        closed++;
        event("CLOSED", session);
    }

    @Override
    public void onFailed(final Session session, final int reason)
    {
        failed++;
        if (!isQuiet)
        {
            event("FAILED " + Failure.describe(reason), session);
        }
    }

    private void event(final String what, final Session session)
    {
        last = session.handle();
        if (!isQuiet)
        {
            events.add(what);
        }
        if (throwsAt.equals(what))
        {
            throw new IllegalStateException("planted");
        }
    }
}
