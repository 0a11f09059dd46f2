// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.Link;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Writes every packet that passes a link, in both directions, to a capture file. Polled packets are recorded when they
 * have reached the ingress ring, flushed ones when they are handed to the link. A full disk stops the record, not the
 * traffic: see {@link PcapWriter#failure()}.
 */
public final class PcapRecordingLink implements Link
{
    private final Link link;
    private final PcapWriter writer;
    private final PacketMover polled;
    private final PacketMover flushed;
    private final OneToOneRingBuffer arrived;
    private final OneToOneRingBuffer leaving;

    /**
     * Puts a record around a link.
     *
     * @param link            what is decorated; closed with this one
     * @param writer          where packets go, of the link's type; closed with this one
     * @param epochNs         nanoseconds since 1970 at the agent's time 0: what is added to {@code nowNs}
     * @param maxPacketLength longest packet; longer ones are dropped and counted
     */
    public PcapRecordingLink(
        final Link link, final PcapWriter writer, final long epochNs, final int maxPacketLength)
    {
        this.link = link;
        this.writer = writer;
        final PacketMover.PacketTap tap =
            (nowNs, buffer, offset, length) -> writer.write(epochNs + nowNs, buffer, offset, length);
        this.polled = new PacketMover(tap);
        this.flushed = new PacketMover(tap);
        this.arrived = Rings.forPackets(maxPacketLength);
        this.leaving = Rings.forPackets(maxPacketLength);
    }

    /**
     * {@return packets that were too long for a ring, or of a wrong type}
     */
    public long dropped()
    {
        return polled.dropped() + flushed.dropped();
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
        return polled.move(arrived, ingress, nowNs, limit);
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        final int taken = flushed.move(egress, leaving, nowNs, limit);
        link.flush(leaving, nowNs, limit);
        return taken;
    }

    @Override
    public void close()
    {
        link.close();
        writer.close();
    }
}
