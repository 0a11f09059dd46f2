// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.Outbox;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Encoder;
import dev.trishake.wire.ip.Ipv6Flyweight;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderEncoder;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOptionWords;
import org.agrona.MutableDirectBuffer;

/** Writes segments with their IP headers and checksums, one record of the outbox each. */
final class SegmentWriter
{
    /** Room that {@link #holdReply} keeps: any segment without data. */
    static final int MAX_REPLY_LENGTH = Ipv6Flyweight.HEADER_LENGTH + TcpHeaderFlyweight.MAX_LENGTH;

    /** What {@link #claim} answers when the outbox is full. */
    static final int NO_ROOM = -1;

    private final Ipv6Encoder ipv6 = new Ipv6Encoder();
    private final TcpOptionWords options = new TcpOptionWords();
    private final BufferPool buffers;
    private final TcpCounters counters;
    private Outbox outbox;
    private boolean held;

    SegmentWriter(final BufferPool buffers, final TcpCounters counters)
    {
        this.buffers = buffers;
        this.counters = counters;
    }

    /** Where segments go until told otherwise. */
    void outbox(final Outbox outbox)
    {
        this.outbox = outbox;
    }

    /** Makes sure that the next segment without data finds room; {@link #endReply} must follow. */
    boolean holdReply()
    {
        held = outbox.reserve(0, 1, MAX_REPLY_LENGTH);
        return held;
    }

    void endReply()
    {
        if (held)
        {
            outbox.release();
            held = false;
        }
    }

    /** The options of the next segment, still none. */
    TcpOptionWords options()
    {
        return options.clear();
    }

    /** Writes a segment without data; what {@link #options} holds after options(). */
    boolean write(
        final FourTuple tuple, final int flags, final int seq, final int ack, final int window)
    {
        return write(tuple, flags, seq, ack, window, BufferPool.NONE, 0, 0);
    }

    /**
     * Writes a segment.
     *
     * @return false when the outbox has no room: nothing was written
     */
    boolean write(
        final FourTuple tuple, final int flags, final int seq, final int ack, final int window,
        final int data, final int dataPosition, final int dataLength)
    {
        final boolean isIpv4 = tuple.isIpv4();
        final int ipLength = isIpv4 ? Ipv4Flyweight.MIN_HEADER_LENGTH : Ipv6Flyweight.HEADER_LENGTH;
        final int headerLength = TcpHeaderFlyweight.MIN_LENGTH + options.length();
        final int length = headerLength + dataLength;
        final int index = claimSegment(ipLength + length);
        if (index == NO_ROOM)
        {
            return false;
        }
        final MutableDirectBuffer buffer = outbox.buffer();
        final int offset = index + ipLength;
        long sum = isIpv4 ? writeIpv4(tuple, buffer, index, length) : writeIpv6(tuple, buffer, index, length);
        sum += TcpHeaderEncoder.write(
            buffer, offset, tuple.localPort(), tuple.remotePort(), seq, ack, flags, options.length(), window);
        sum += options.write(buffer, offset + TcpHeaderFlyweight.MIN_LENGTH);
        if (dataLength > 0)
        {
            buffers.read(data, dataPosition, buffer, offset + headerLength, dataLength);
            sum += Checksum.sum(buffer, offset + headerLength, dataLength);
        }
        TcpHeaderEncoder.writeChecksum(buffer, offset, sum);
        commitSegment(index);
        if ((flags & TcpFlags.RST) != 0)
        {
            counters.increment(TcpCounter.OUT_RSTS);
        }
        return true;
    }

    /** {@return the sum of the pseudo header of the segment behind it} */
    private static int writeIpv4(
        final FourTuple tuple, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int local = (int)tuple.localLow();
        final int remote = (int)tuple.remoteLow();
        Ipv4Encoder.write(buffer, index, IpProtocol.TCP, local, remote, length);
        return Checksum.pseudoHeader(local, remote, IpProtocol.TCP, length);
    }

    /** {@return the sum of the pseudo header of the segment behind it} */
    private int writeIpv6(final FourTuple tuple, final MutableDirectBuffer buffer, final int index, final int length)
    {
        ipv6.init(buffer, index)
            .protocol(IpProtocol.TCP)
            .source(tuple.localHigh(), tuple.localLow())
            .destination(tuple.remoteHigh(), tuple.remoteLow())
            .finish(length);
        return Checksum.pseudoHeader(
            tuple.localHigh(), tuple.localLow(), tuple.remoteHigh(), tuple.remoteLow(), IpProtocol.TCP, length);
    }

    /** Claims room for a segment, whose packet has this length; NO_ROOM is counted. */
    int claimSegment(final int length)
    {
        final int index = claim(length);
        if (index == NO_ROOM)
        {
            counters.increment(TcpCounter.OUTPUT_DEFERRED);
        }
        return index;
    }

    /** {@return the address of a packet that was claimed: the outbox is never on the heap} */
    long claimed(final int index, final int length)
    {
        outbox.buffer().boundsCheck(index, length);
        return outbox.buffer().addressOffset() + index;
    }

    void commitSegment(final int index)
    {
        outbox.commit(index);
        counters.increment(TcpCounter.OUT_SEGS);
    }

    /** Claims room for a packet; a reply's room that is kept is used, or given up when it is too small. */
    int claim(final int length)
    {
        final boolean fits = held && length <= MAX_REPLY_LENGTH;
        if (!fits)
        {
            endReply();
            if (length > outbox.maxLength() || !outbox.reserve(0, 1, length))
            {
                return NO_ROOM;
            }
        }
        held = false;
        return outbox.claim(TcpCore.PACKET, length);
    }

    /** {@return where claimed packets are} */
    MutableDirectBuffer buffer()
    {
        return outbox.buffer();
    }

    void commit(final int index)
    {
        outbox.commit(index);
    }
}
