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
import dev.trishake.wire.tcp.TcpOption;
import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes segments with their IP headers and checksums, one record of the outbox each. */
final class SegmentWriter
{
    /** Room that {@link #holdReply} keeps: any segment without data. */
    static final int MAX_REPLY_LENGTH = Ipv6Flyweight.HEADER_LENGTH + TcpHeaderFlyweight.MAX_LENGTH;

    /** What {@link #claim} answers when the outbox is full. */
    static final int NO_ROOM = -1;

    private final Ipv4Encoder ipv4 = new Ipv4Encoder();
    private final Ipv6Encoder ipv6 = new Ipv6Encoder();
    private final TcpHeaderEncoder header = new TcpHeaderEncoder();
    private final TcpOptionsEncoder options = new TcpOptionsEncoder();
    private final UnsafeBuffer optionBytes = new UnsafeBuffer(new byte[TcpOption.MAX_OPTIONS_LENGTH]);
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
    TcpOptionsEncoder options()
    {
        return options.init(optionBytes, 0);
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
        final int optionsLength = options.finish();
        final int headerLength = TcpHeaderFlyweight.MIN_LENGTH + optionsLength;
        final int index = claim(ipLength + headerLength + dataLength);
        if (index == NO_ROOM)
        {
            counters.increment(TcpCounter.OUTPUT_DEFERRED);
            return false;
        }
        final MutableDirectBuffer buffer = outbox.buffer();
        header.init(buffer, index + ipLength)
            .srcPort(tuple.localPort()).dstPort(tuple.remotePort())
            .seq(seq)
            .ack(ack)
            .flags(flags, optionsLength)
            .window(window);
        for (int i = 0; i < optionsLength; i += Integer.BYTES)
        {
            buffer.putInt(header.optionsOffset() + i, optionBytes.getInt(i));
        }
        if (dataLength > 0)
        {
            buffers.read(data, dataPosition, buffer, index + ipLength + headerLength, dataLength);
        }
        finish(tuple, isIpv4, index, headerLength + dataLength);
        outbox.commit(index);
        counters.increment(TcpCounter.OUT_SEGS);
        if ((flags & TcpFlags.RST) != 0)
        {
            counters.increment(TcpCounter.OUT_RSTS);
        }
        return true;
    }

    private void finish(final FourTuple tuple, final boolean isIpv4, final int index, final int length)
    {
        final MutableDirectBuffer buffer = outbox.buffer();
        if (isIpv4)
        {
            final int local = (int)tuple.localLow();
            final int remote = (int)tuple.remoteLow();
            header.finish(Checksum.pseudoHeader(local, remote, IpProtocol.TCP, length), length);
            ipv4.init(buffer, index).protocol(IpProtocol.TCP).source(local).destination(remote).finish(length);
        }
        else
        {
            header.finish(
                Checksum.pseudoHeader(
                    tuple.localHigh(), tuple.localLow(), tuple.remoteHigh(), tuple.remoteLow(), IpProtocol.TCP, length),
                length);
            ipv6.init(buffer, index)
                .protocol(IpProtocol.TCP)
                .source(tuple.localHigh(), tuple.localLow())
                .destination(tuple.remoteHigh(), tuple.remoteLow())
                .finish(length);
        }
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
