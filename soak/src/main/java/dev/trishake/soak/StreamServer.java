// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outbox;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpResult;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

import java.net.InetAddress;
import java.util.List;

/** Accepts connections, echoes what comes or throws it away, and closes when the peer has. */
final class StreamServer implements TcpAgent.Application
{
    private static final int CHUNK_LENGTH = 1 << 15;

    private final List<Endpoint> endpoints;
    private final int backlog;
    private final boolean echo;
    private final UnsafeBuffer chunk = new UnsafeBuffer(new byte[CHUNK_LENGTH]);
    private final UnsafeBuffer rest = new UnsafeBuffer(0, 0);
    /** By handle: what was received and could not be sent yet. */
    private final Long2ObjectHashMap<byte[]> unsent = new Long2ObjectHashMap<>();
    private final LongArrayList again = new LongArrayList();
    private TcpCore core;
    private Outbox outbox;
    private long accepted;
    private long received;

    StreamServer(final List<Endpoint> endpoints, final int backlog, final boolean echo)
    {
        this.endpoints = endpoints;
        this.backlog = backlog;
        this.echo = echo;
    }

    long accepted()
    {
        return accepted;
    }

    long received()
    {
        return received;
    }

    @Override
    public void begin(final TcpCore core, final Outbox outbox, final long nowNs)
    {
        this.core = core;
        this.outbox = outbox;
        for (final Endpoint endpoint : endpoints)
        {
            final InetAddress address = endpoint.address();
            final int listener = core.listen(Endpoint.high(address), Endpoint.low(address), endpoint.port(), backlog);
            if (listener < 0)
            {
                throw new IllegalStateException("can't listen on " + endpoint + ": " + TcpResult.describe(listener));
            }
        }
    }

    @Override
    public void onAcceptable(final int listener, final long nowNs)
    {
        for (long handle = core.accept(listener); handle != TcpCore.NULL_HANDLE; handle = core.accept(listener))
        {
            accepted++;
            serve(handle, nowNs);
        }
    }

    @Override
    public void onReadable(final long handle, final long nowNs)
    {
        serve(handle, nowNs);
    }

    @Override
    public void onWritable(final long handle, final long nowNs)
    {
        serve(handle, nowNs);
    }

    @Override
    public void onClosed(final long handle, final int reason, final long nowNs)
    {
        close(handle, nowNs);
    }

    /** Buffers may have come back to the pool, or room to the outbox: no event says so. */
    @Override
    public int doWork(final long nowNs)
    {
        if (unsent.isEmpty())
        {
            return 0;
        }
        final long before = received;
        again.clear();
        unsent.forEachLong((handle, left) -> again.addLong(handle));
        again.forEachLong(handle -> serve(handle, nowNs));
        return (int)Math.min(Integer.MAX_VALUE, received - before);
    }

    private void serve(final long handle, final long nowNs)
    {
        final byte[] waiting = unsent.get(handle);
        if (waiting != null)
        {
            rest.wrap(waiting);
            if (!send(handle, rest, waiting.length, nowNs))
            {
                return;
            }
            unsent.remove(handle);
        }
        int length = core.receive(handle, chunk, 0, CHUNK_LENGTH, nowNs, outbox);
        while (length > 0)
        {
            received += length;
            if (echo && !send(handle, chunk, length, nowNs))
            {
                return;
            }
            length = core.receive(handle, chunk, 0, CHUNK_LENGTH, nowNs, outbox);
        }
        if (length < 0)
        {
            close(handle, nowNs);
        }
    }

    /** {@return whether all was taken}; what was not is kept. */
    private boolean send(final long handle, final UnsafeBuffer buffer, final int length, final long nowNs)
    {
        final int taken = core.send(handle, buffer, 0, length, nowNs, outbox);
        if (taken < 0)
        {
            close(handle, nowNs);
            return false;
        }
        if (taken < length)
        {
            final byte[] left = new byte[length - taken];
            buffer.getBytes(taken, left);
            unsent.put(handle, left);
        }
        return taken == length;
    }

    private void close(final long handle, final long nowNs)
    {
        if (core.close(handle, nowNs, outbox) == TcpResult.BACK_PRESSURED)
        {
            unsent.put(handle, new byte[0]); // again when the outbox has room
        }
        else
        {
            unsent.remove(handle);
        }
    }
}
