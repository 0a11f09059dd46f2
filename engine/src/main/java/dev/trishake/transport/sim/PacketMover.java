// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.Link;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** Moves packets from ring to ring until the second is full; a packet that fits into none is dropped and counted. */
final class PacketMover implements ControlledMessageHandler
{
    private final PacketTap tap;
    private OneToOneRingBuffer target;
    private long nowNs;
    private long dropped;

    /** What sees each packet that has been moved. */
    @FunctionalInterface
    interface PacketTap
    {
        void onPacket(long nowNs, MutableDirectBuffer buffer, int offset, int length);
    }

    PacketMover()
    {
        this((nowNs, buffer, offset, length) ->
        {
        });
    }

    PacketMover(final PacketTap tap)
    {
        this.tap = tap;
    }

    int move(final OneToOneRingBuffer source, final OneToOneRingBuffer target, final long nowNs, final int limit)
    {
        this.target = target;
        this.nowNs = nowNs;
        return Rings.drain(source, this, limit);
    }

    int drop(final OneToOneRingBuffer source, final int limit)
    {
        this.target = null;
        return Rings.drain(source, this, limit);
    }

    long dropped()
    {
        return dropped;
    }

    @Override
    public Action onMessage(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        if (target == null || msgTypeId != Link.PACKET || length > target.maxMsgLength())
        {
            dropped++;
            return Action.CONTINUE;
        }
        if (!target.write(Link.PACKET, buffer, index, length))
        {
            return Action.ABORT;
        }
        tap.onPacket(nowNs, buffer, index, length);
        return Action.CONTINUE;
    }
}
