// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.gquic.GquicLevel;
import dev.trishake.gquic.GquicTap;
import dev.trishake.session.FourTuple;
import dev.trishake.trace.GquicLog;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

import java.io.PrintWriter;
import java.nio.ByteOrder;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;

/** What an agent's core sees, as lines of quic-go's log; each event's lines are printed together. */
final class GquicTrace implements GquicTap
{
    private static final long NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final PrintWriter out;
    private final GquicLog log;
    private final boolean isServer;
    private final PacketHeaderDecoder header = new PacketHeaderDecoder();
    /** By slots: packets of Q044 from a server don't say it. */
    private final Int2ObjectHashMap<Long> connectionIds = new Int2ObjectHashMap<>();
    private final StringBuilder lines = new StringBuilder();
    /** The lines of an SHLO whose keys were not told yet. */
    private final StringBuilder hello = new StringBuilder();

    GquicTrace(final PrintWriter out, final boolean isServer)
    {
        this.out = out;
        this.isServer = isServer;
        log = GquicLog.dated(ZoneId.systemDefault(), isServer);
    }

    @Override
    public void onReceived(
        final int slot, final int level, final long number, final DirectBuffer buffer, final int headerOffset,
        final int headerLength, final DirectBuffer frames, final int framesOffset, final int framesLength)
    {
        now().packet(lines, false, connectionId(slot, buffer, headerOffset, headerLength, !isServer), level, number,
            buffer, headerOffset, headerLength, frames, framesOffset, framesLength);
        print();
    }

    @Override
    public void onSent(
        final int slot, final int level, final long number, final DirectBuffer buffer, final int headerOffset,
        final int headerLength, final DirectBuffer frames, final int framesOffset, final int framesLength)
    {
        now().packet(lines, true, connectionId(slot, buffer, headerOffset, headerLength, isServer), level, number,
            buffer, headerOffset, headerLength, frames, framesOffset, framesLength);
        print();
    }

    private long connectionId(
        final int slot, final DirectBuffer buffer, final int offset, final int length, final boolean fromServer)
    {
        if (header.wrap(buffer, offset, length, !fromServer) && header.hasConnectionId())
        {
            connectionIds.put(slot, (Long)header.connectionId());
        }
        final Long known = connectionIds.get(slot);
        return known == null ? 0 : known;
    }

    @Override
    public void onMessageReceived(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        now().message(lines, false, buffer, offset, length);
        print();
    }

    @Override
    public void onMessageSent(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        now().message(lines, true, buffer, offset, length);
        if (buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN) == Tag.SHLO)
        {
            hello.append(lines); // the keys that were made for it are told behind it, quic-go tells them before
            lines.setLength(0);
        }
        print();
    }

    @Override
    public void onKeys(final int slot, final int level)
    {
        now().keys(lines, level);
        if (level == GquicLevel.FORWARD_SECURE)
        {
            lines.append(hello);
            hello.setLength(0);
        }
        print();
    }

    @Override
    public void onAccepted(final int slot, final long cid, final int version, final FourTuple tuple)
    {
        connectionIds.put(slot, (Long)cid);
        now().serving(lines, cid, version, Endpoint.ofRemote(tuple).toString());
        print();
    }

    private GquicLog now()
    {
        return log.at(System.currentTimeMillis() * NS_PER_MS);
    }

    private void print()
    {
        synchronized (out) // agents share it
        {
            out.append(lines);
            out.flush();
        }
        lines.setLength(0);
    }
}
