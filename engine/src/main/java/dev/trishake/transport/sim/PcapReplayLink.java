// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.Link;
import dev.trishake.wire.ip.EtherType;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.io.IOException;

/**
 * A link whose input is a capture file. An Ethernet file gives Ethernet frames; all others give IP packets, their link
 * header taken off. What is flushed is dropped and counted.
 *
 * <p>Skipped and counted: packets of which the file has only a part, and in files other than Ethernet what isn't IP.
 */
public final class PcapReplayLink implements Link
{
    private final PcapReader reader;
    private final boolean paced;
    private final boolean ethernet;
    private final PacketMover flushed = new PacketMover();
    private boolean started;
    private boolean pending;
    private boolean ended;
    private boolean closed;
    private long fileToAgentNs;
    private long skipped;

    /**
     * Begins a replay.
     *
     * @param reader where packets come from; closed with this link
     * @param paced  true to keep the recorded distances in the agent's time, counted from the first poll; false to give
     *               packets as fast as they are polled
     */
    public PcapReplayLink(final PcapReader reader, final boolean paced)
    {
        this.reader = reader;
        this.paced = paced;
        this.ethernet = reader.format().linkType() == PcapLinkType.ETHERNET;
    }

    /**
     * {@return true when the file has no more packets; {@link PcapReader#problem()} says whether it ended early}
     */
    public boolean ended()
    {
        return ended;
    }

    /**
     * {@return packets of the file that were incomplete, not IP or too long for the ring}
     */
    public long skipped()
    {
        return skipped;
    }

    /**
     * {@return packets that were flushed into nothing}
     */
    public long dropped()
    {
        return flushed.dropped();
    }

    @Override
    public int linkType()
    {
        return ethernet ? LINKTYPE_ETHERNET : LINKTYPE_RAW;
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long nowNs, final int limit)
    {
        int handled = 0;
        while (!closed && handled < limit && advance() && isDue(nowNs) && deliver(ingress))
        {
            pending = false;
            handled++;
        }
        return handled;
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long nowNs, final int limit)
    {
        return closed ? 0 : flushed.drop(egress, limit);
    }

    @Override
    public void close()
    {
        closed = true;
        try
        {
            reader.close();
        }
        catch (final IOException ex)
        {
            // a file that was only read: nothing can be lost
        }
    }

    /** {@return true when a packet waits in the reader} */
    private boolean advance()
    {
        if (!pending && !ended)
        {
            pending = reader.next();
            ended = !pending;
        }
        return pending;
    }

    private boolean isDue(final long nowNs)
    {
        if (!started)
        {
            started = true;
            fileToAgentNs = nowNs - reader.timeNs();
        }
        return !paced || reader.timeNs() + fileToAgentNs <= nowNs;
    }

    /** {@return false when the ring is full; a packet that can't be delivered at all is skipped} */
    private boolean deliver(final OneToOneRingBuffer ingress)
    {
        final int offset = ethernet ? reader.offset() : reader.networkOffset();
        final int length = reader.offset() + reader.capturedLength() - offset;
        if (reader.capturedLength() < reader.originalLength() ||
            length > ingress.maxMsgLength() ||
            (!ethernet && reader.etherType() != EtherType.IPV4 && reader.etherType() != EtherType.IPV6))
        {
            skipped++;
            return true;
        }
        return ingress.write(PACKET, reader.buffer(), offset, length);
    }
}
