// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.FourTuple;
import dev.trishake.wire.Words;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderEncoder;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOptionWords;
import dev.trishake.wire.tcp.TcpOptionsDecoder;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * SYN-ACKs over IPv4, the one segment that a flood makes us send by the million. All that never changes was written and
 * summed beforehand, once for each set of options; a copy gets addresses, ports, numbers, timestamps and checksums.
 * {@link SegmentWriter} would write the same octets, which a test compares.
 */
final class SynAcks
{
    private static final int SACK = 1;
    private static final int TIMESTAMPS = 1 << 1;
    private static final int WINDOW_SCALE = 1 << 2;
    private static final int SETS = 1 << 3;
    private static final int STRIDE = 64;
    private static final long LOW_32 = 0xffff_ffffL;

    private static final int TCP_OFFSET = Ipv4Flyweight.MIN_HEADER_LENGTH;
    private static final int IP_CHECKSUM_OFFSET = 10;
    private static final int SOURCE_OFFSET = 12;
    private static final int PORTS_OFFSET = TCP_OFFSET;
    private static final int SEQ_OFFSET = TCP_OFFSET + 4;
    private static final int ACK_OFFSET = TCP_OFFSET + 8;
    private static final int CHECKSUM_OFFSET = TCP_OFFSET + 16;
    private static final int TS_VAL_OFFSET = TCP_OFFSET + TcpHeaderFlyweight.MIN_LENGTH + 8;
    private static final int TS_ECR_OFFSET = TS_VAL_OFFSET + 4;

    private final SegmentWriter writer;
    private final UnsafeBuffer prepared = new UnsafeBuffer(ByteBuffer.allocateDirect(SETS * STRIDE));
    private final int[] lengths = new int[SETS];
    private final long[] ipSums = new long[SETS];
    private final long[] sums = new long[SETS];

    SynAcks(final SegmentWriter writer, final int mss, final int windowScale, final int window)
    {
        this.writer = writer;
        final TcpOptionWords options = new TcpOptionWords();
        for (int set = 0; set < SETS; set++)
        {
            final int offset = set * STRIDE;
            options.clear().syn(
                mss, (set & SACK) != 0, (set & TIMESTAMPS) != 0, 0, 0,
                (set & WINDOW_SCALE) != 0 ? windowScale : TcpOptionsDecoder.NO_WINDOW_SCALE);
            final int length = TcpHeaderFlyweight.MIN_LENGTH + options.length();
            Ipv4Encoder.write(prepared, offset, IpProtocol.TCP, 0, 0, length);
            lengths[set] = TCP_OFFSET + length;
            ipSums[set] = ~Words.getShort(null, prepared.addressOffset() + offset + IP_CHECKSUM_OFFSET) & 0xffff;
            sums[set] = Checksum.pseudoHeader(0, 0, IpProtocol.TCP, length) +
                TcpHeaderEncoder.write(
                    prepared, offset + TCP_OFFSET, 0, 0, 0, 0, TcpFlags.SYN | TcpFlags.ACK, options.length(), window) +
                options.write(prepared, offset + TCP_OFFSET + TcpHeaderFlyweight.MIN_LENGTH);
        }
    }

    /** Writes one; as {@link SegmentWriter#write}. */
    boolean write(
        final FourTuple tuple, final int seq, final int ack, final boolean sack, final boolean timestamps,
        final int tsVal, final int tsEcr, final boolean windowScale)
    {
        final int set = (sack ? SACK : 0) | (timestamps ? TIMESTAMPS : 0) | (windowScale ? WINDOW_SCALE : 0);
        final int index = writer.claimSegment(lengths[set]);
        if (index == SegmentWriter.NO_ROOM)
        {
            return false;
        }
        patch(writer.claimed(index, lengths[set]), set, tuple, seq, ack, timestamps, tsVal, tsEcr);
        writer.commitSegment(index);
        return true;
    }

    private void patch(
        final long at, final int set, final FourTuple tuple, final int seq, final int ack, final boolean timestamps,
        final int tsVal, final int tsEcr)
    {
        final long addresses = tuple.addressesIpv4();
        final int ports = tuple.ports();
        final long addressSum = (addresses >>> Integer.SIZE) + (addresses & LOW_32);
        long sum = sums[set] + addressSum + (ports & LOW_32) + (seq & LOW_32) + (ack & LOW_32);
        copy(prepared.addressOffset() + (long)set * STRIDE, at, lengths[set]);
        Words.putShort(null, at + IP_CHECKSUM_OFFSET, ~Checksum.fold(ipSums[set] + addressSum));
        Words.putLong(null, at + SOURCE_OFFSET, addresses);
        Words.putInt(null, at + PORTS_OFFSET, ports);
        Words.putInt(null, at + SEQ_OFFSET, seq);
        Words.putInt(null, at + ACK_OFFSET, ack);
        if (timestamps)
        {
            Words.putInt(null, at + TS_VAL_OFFSET, tsVal);
            Words.putInt(null, at + TS_ECR_OFFSET, tsEcr);
            sum += (tsVal & LOW_32) + (tsEcr & LOW_32);
        }
        Words.putInt(null, at + CHECKSUM_OFFSET, ~Checksum.fold(sum) << 16);
    }

    /** Copies 48 octets and what is beyond; the last 4 may be too many: records of the outbox end at multiples of 8. */
    private static void copy(final long from, final long to, final int length)
    {
        copyWord(from, to);
        copyWord(from + 8, to + 8);
        copyWord(from + 16, to + 16);
        copyWord(from + 24, to + 24);
        copyWord(from + 32, to + 32);
        copyWord(from + 40, to + 40);
        if (length > 48)
        {
            copyWord(from + 48, to + 48);
        }
        if (length > 56)
        {
            copyWord(from + 56, to + 56);
        }
    }

    private static void copyWord(final long from, final long to)
    {
        UnsafeApi.putLong(to, UnsafeApi.getLong(from));
    }
}
