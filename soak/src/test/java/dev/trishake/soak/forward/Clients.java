// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.forward;

import dev.trishake.runtime.AgentContext;
import dev.trishake.runtime.Failure;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * TLCP clients side by side: each sends its number and then a pattern, ends its side, and reads another pattern,
 * slowly. What each has seen at its end is one line of {@link #ends}.
 */
final class Clients implements SessionHandler
{
    private static final int BITE = 3000;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int CHUNK = 16_000;

    private final int port;
    private final int count;
    private final int bytes;
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final long[] handles;
    private final int[] sent;
    private final int[] received;
    private final boolean[] ended;
    private final boolean[] hungry;
    private final UnsafeBuffer chunk = new UnsafeBuffer(new byte[CHUNK]);
    private AgentContext context;
    private int started;
    private long nextBiteNs;

    Clients(final int port, final int count, final int bytes)
    {
        this.port = port;
        this.count = count;
        this.bytes = bytes;
        handles = new long[count];
        sent = new int[count];
        received = new int[count];
        ended = new boolean[count];
        hungry = new boolean[count];
    }

    /** {@return the octet that stands at a position of a client's stream to or from it} */
    static byte pattern(final int client, final boolean fromClient, final int position)
    {
        return (byte)(position * 31 + (position >>> 8) * 17 + (position >>> 16) * 7 + client * 3 +
            (fromClient ? 0 : 101));
    }

    List<String> ends()
    {
        return ends;
    }

    @Override
    public void onStart(final AgentContext newContext)
    {
        context = newContext;
    }

    @Override
    public int doWork(final long nowNs)
    {
        int work = 0;
        if (started < count)
        {
            final FourTuple tuple = new FourTuple().local(0, 0, 0)
                .remoteIpv4(ByteBuffer.wrap(InetAddress.getLoopbackAddress().getAddress()).getInt(), port);
            final long handle = context.connect(0, Protocol.TLCP, tuple);
            if (handle > 0)
            {
                handles[started] = handle;
                context.session(handle).attachment(started);
                started++;
                work++;
            }
        }
        if (nowNs >= nextBiteNs)
        {
            nextBiteNs = nowNs + PAUSE_NS;
            for (int i = 0; i < started; i++)
            {
                final Session session = hungry[i] ? context.session(handles[i]) : null;
                if (session != null)
                {
                    hungry[i] = false;
                    session.resume();
                }
            }
        }
        return work;
    }

    @Override
    public void onEstablished(final Session session)
    {
        final int client = (int)session.attachment();
        chunk.putInt(0, client, ByteOrder.BIG_ENDIAN);
        if (session.send(chunk, 0, Integer.BYTES) != Integer.BYTES)
        {
            throw new AssertionError("four octets always fit");
        }
        send(session);
    }

    @Override
    public void onWritable(final Session session)
    {
        send(session);
    }

    private void send(final Session session)
    {
        final int client = (int)session.attachment();
        int taken = 1;
        while (sent[client] < bytes && taken > 0)
        {
            final int length = Math.min(CHUNK, bytes - sent[client]);
            for (int i = 0; i < length; i++)
            {
                chunk.putByte(i, pattern(client, true, sent[client] + i));
            }
            taken = session.send(chunk, 0, length);
            sent[client] += taken;
        }
        if (sent[client] == bytes)
        {
            session.shutdown();
        }
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        final int client = (int)session.attachment();
        if (hungry[client])
        {
            return 0;
        }
        final int taken = Math.min(length, BITE);
        for (int i = 0; i < taken; i++)
        {
            if (buffer.getByte(offset + i) != pattern(client, false, received[client] + i))
            {
                throw new AssertionError("client " + client + " got a wrong octet at " + (received[client] + i));
            }
        }
        received[client] += taken;
        hungry[client] = taken < length;
        return taken;
    }

    @Override
    public void onEnd(final Session session)
    {
        ended[(int)session.attachment()] = true;
        if (sent[(int)session.attachment()] == bytes)
        {
            session.close();
        }
    }

    @Override
    public void onClosed(final Session session)
    {
        final int client = (int)session.attachment();
        ends.add((ended[client] ? "ended after " : "closed after ") + received[client]);
    }

    @Override
    public void onFailed(final Session session, final int reason)
    {
        ends.add("failed by " + Failure.describe(reason) + " after " + received[(int)session.attachment()]);
    }
}
