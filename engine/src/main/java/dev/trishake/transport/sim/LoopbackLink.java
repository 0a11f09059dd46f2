// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.Link;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * A wire with two ends: what one end flushes, the other polls, in order and unchanged.
 *
 * <pre>
 *  egress ring ─flush─► [ end A ] ═══ ring ═══► [ end B ] ─poll─► ingress ring
 *  ingress ring ◄─poll─ [       ] ◄══ ring ════ [       ] ◄─flush─ egress ring
 * </pre>
 *
 * <p>Nothing is lost: while the other end's ring is full, packets stay in the egress ring. Only a packet longer than
 * an eighth of the capacity (Agrona's largest record), a record of another type, and what is sent to a closed end is
 * dropped and counted. Each end may be on a thread of its own.
 */
public final class LoopbackLink implements Link
{
    private final int linkType;
    private final OneToOneRingBuffer inbox;
    private final PacketMover polled = new PacketMover();
    private final PacketMover flushed = new PacketMover();
    private LoopbackLink peer;
    private volatile boolean closed;

    private LoopbackLink(final int linkType, final int capacity)
    {
        this.linkType = linkType;
        this.inbox = Rings.ofCapacity(capacity);
    }

    /**
     * {@return one end; the other is its {@link #peer()}}
     *
     * @param linkType {@link Link#LINKTYPE_RAW} or {@link Link#LINKTYPE_ETHERNET}
     * @param capacity bytes under way in one direction, a power of two
     */
    public static LoopbackLink pair(final int linkType, final int capacity)
    {
        final LoopbackLink one = new LoopbackLink(linkType, capacity);
        final LoopbackLink two = new LoopbackLink(linkType, capacity);
        one.peer = two;
        two.peer = one;
        return one;
    }

    /**
     * {@return the other end}
     */
    public LoopbackLink peer()
    {
        return peer;
    }

    /**
     * {@return packets of this end that were too long for a ring, of a wrong type, or sent to a closed end}
     */
    public long dropped()
    {
        return polled.dropped() + flushed.dropped();
    }

    @Override
    public int linkType()
    {
        return linkType;
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        return closed ? 0 : polled.move(inbox, ingress, nowNs, limit);
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        if (closed)
        {
            return 0;
        }
        return peer.closed ? flushed.drop(egress, limit) : flushed.move(egress, peer.inbox, nowNs, limit);
    }

    @Override
    public void close()
    {
        closed = true;
    }
}
