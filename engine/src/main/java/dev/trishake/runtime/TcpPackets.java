// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.tcp.TcpCore;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.Link;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** The packets of a core: from its link to it, and from its outbox to the link, which reads that ring itself. */
final class TcpPackets
{
    private static final int RING_CAPACITY = 1 << 20;
    private static final int LIMIT = 256;

    private final Link link;
    private final TcpCore core;
    private final OneToOneRingBuffer in = Rings.ofCapacity(RING_CAPACITY);
    private final OneToOneRingBuffer out = Rings.ofCapacity(RING_CAPACITY);
    private final Outbox outbox = Outbox.withoutHandles(out);
    private final ControlledMessageHandler onPacketIn = this::onPacketIn;
    private long nowNs;

    TcpPackets(final Link link, final TcpCore core)
    {
        this.link = link;
        this.core = core;
    }

    Outbox outbox()
    {
        return outbox;
    }

    /** {@return packets that came} */
    int poll(final long nowNs)
    {
        this.nowNs = nowNs;
        final int count = link.poll(in, nowNs, LIMIT);
        Rings.drain(in, onPacketIn, Integer.MAX_VALUE);
        return count;
    }

    /** {@return packets that the link has taken} */
    int flush(final long nowNs)
    {
        int sent = 0;
        int taken;
        do
        {
            taken = link.flush(out, nowNs, LIMIT);
            sent += taken;
        }
        while (taken > 0 && out.size() > 0);
        return sent;
    }

    boolean isGone()
    {
        return link.isGone();
    }

    void visitCounters(final CounterVisitor visitor)
    {
        link.visitCounters(visitor);
    }

    void close()
    {
        link.close();
    }

    private Action onPacketIn(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        return core.onPacket(buffer, index, length, nowNs, outbox) == Outcome.BACK_PRESSURED ?
            Action.ABORT : Action.CONTINUE;
    }
}
