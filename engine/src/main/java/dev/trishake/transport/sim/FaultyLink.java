// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.Link;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * A link with faults by seed around a good one: loss, duplication, reordering, corruption and delay, each direction
 * with its own.
 *
 * <pre>
 *  egress ─flush─► [ outbound lane ] ─► link.flush ... link.poll ─► [ inbound lane ] ─poll─► ingress
 * </pre>
 *
 * <p>The same seed and the same calls with the same packets give the same outcome. The fate of the n-th packet
 * of a direction depends on the seed, n and its length only, not on how calls cut the traffic. Memory is bounded: a
 * lane holds {@code maxPackets}; while it is full, packets stay where they are, so that every loss was asked for.
 *
 * <p>{@link #flush} returns what it took from the egress ring; delayed packets go on in later calls, also when it
 * is empty, so it must be called every cycle.
 */
public final class FaultyLink implements Link
{
    private final Link link;
    private final FaultLane inbound;
    private final FaultLane outbound;
    private final OneToOneRingBuffer arrived;
    private final OneToOneRingBuffer leaving;

    /**
     * Puts faults around a link.
     *
     * @param link            what is decorated; closed with this one
     * @param inboundFaults   what happens to polled packets
     * @param outboundFaults  what happens to flushed packets
     * @param seed            where all chance comes from
     * @param maxPackets      most packets that a lane holds, at least 2
     * @param maxPacketLength longest packet; longer ones are dropped and counted
     */
    public FaultyLink(
        final Link link,
        final Faults inboundFaults,
        final Faults outboundFaults,
        final long seed,
        final int maxPackets,
        final int maxPacketLength)
    {
        this.link = link;
        this.inbound = new FaultLane(inboundFaults, seed, maxPackets, maxPacketLength);
        this.outbound = new FaultLane(outboundFaults, ~seed, maxPackets, maxPacketLength);
        this.arrived = Rings.forPackets(maxPacketLength);
        this.leaving = Rings.forPackets(maxPacketLength);
    }

    /**
     * {@return the lane of polled packets, for its counters}
     */
    public FaultLane inbound()
    {
        return inbound;
    }

    /**
     * {@return the lane of flushed packets, for its counters}
     */
    public FaultLane outbound()
    {
        return outbound;
    }

    @Override
    public int linkType()
    {
        return link.linkType();
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        link.poll(arrived, nowNs, limit);
        inbound.admit(arrived, nowNs, limit);
        return inbound.release(ingress, nowNs, limit);
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        final int taken = outbound.admit(egress, nowNs, limit);
        outbound.release(leaving, nowNs, limit);
        link.flush(leaving, nowNs, limit);
        return taken;
    }

    @Override
    public void close()
    {
        link.close();
    }
}
