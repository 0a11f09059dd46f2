// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
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
import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A core on a bench: segments in by hand, segments out as they stand, time as told. */
final class TestHost
{
    static final int LOCAL = 0x0a090002;
    static final int REMOTE = 0x0a090001;
    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;
    static final int F = TcpFlags.FIN;
    static final int S = TcpFlags.SYN;
    static final int R = TcpFlags.RST;
    static final int P = TcpFlags.PSH;
    static final int A = TcpFlags.ACK;

    final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
        ByteBuffer.allocateDirect((1 << 20) + RingBufferDescriptor.TRAILER_LENGTH)));
    final Outbox outbox = new Outbox(ring);
    final TcpCore core;
    final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
    final ArrayDeque<Out> sent = new ArrayDeque<>();
    final FourTuple tuple = new FourTuple().localIpv4(LOCAL, 80).remoteIpv4(REMOTE, 1025);
    long nowNs = 1_000 * SECOND;

    private final Ipv4Encoder ipv4 = new Ipv4Encoder();
    private final Ipv6Encoder ipv6 = new Ipv6Encoder();
    private final TcpHeaderEncoder header = new TcpHeaderEncoder();
    private final TcpOptionsEncoder options = new TcpOptionsEncoder();
    private final MessageHandler reader = (type, buffer, index, length) -> sent.add(new Out(
        buffer, OutboxRecord.payloadIndex(index), OutboxRecord.payloadLength(length)));

    TestHost(final TcpConfig config)
    {
        this(config, TcpEvents.NONE);
    }

    TestHost(final TcpConfig config, final TcpEvents events)
    {
        core = new TcpCore(config, events, nowNs);
    }

    /** Small, without rate limits, so that every rule shows. */
    static TcpConfig config()
    {
        return new TcpConfig(0x0123_4567_89ab_cdefL, 0xfedc_ba98_7654_3210L)
            .connections(64).halfOpen(64).timeWait(64).buffers(64).bufferLength(1 << 14).listeners(4)
            .invalidRateLimitNs(0).resetsPerSecond(Integer.MAX_VALUE);
    }

    int listen()
    {
        return core.listen(0, 0, 80, 8);
    }

    /** A segment from the peer of {@link #tuple}. */
    TestHost in(final int flags, final int seq, final int ack, final int window, final int dataLength)
    {
        return in(flags, seq, ack, window, dataLength, none -> { });
    }

    TestHost in(
        final int flags, final int seq, final int ack, final int window, final int dataLength,
        final Consumer<TcpOptionsEncoder> appendOptions)
    {
        final byte[] data = new byte[dataLength];
        for (int i = 0; i < dataLength; i++)
        {
            data[i] = (byte)(seq + i);
        }
        return in(flags, seq, ack, window, data, appendOptions);
    }

    TestHost in(
        final int flags, final int seq, final int ack, final int window, final byte[] data,
        final Consumer<TcpOptionsEncoder> appendOptions)
    {
        assertEquals(Outcome.DONE, core.onPacket(
            packet, 0, encode(flags, seq, ack, window, data, appendOptions), nowNs, outbox));
        drain();
        return this;
    }

    /** Writes the packet to {@link #packet}; returns its length. */
    int encode(
        final int flags, final int seq, final int ack, final int window, final byte[] data,
        final Consumer<TcpOptionsEncoder> appendOptions)
    {
        final boolean isIpv4 = tuple.isIpv4();
        final int ipLength = isIpv4 ? Ipv4Flyweight.MIN_HEADER_LENGTH : Ipv6Flyweight.HEADER_LENGTH;
        header.init(packet, ipLength).srcPort(tuple.remotePort()).dstPort(tuple.localPort())
            .seq(seq).ack(ack).window(window);
        options.init(packet, header.optionsOffset());
        appendOptions.accept(options);
        final int optionsLength = options.finish();
        header.flags(flags, optionsLength);
        final int length = TcpHeaderFlyweight.MIN_LENGTH + optionsLength + data.length;
        packet.putBytes(header.optionsOffset() + optionsLength, data);
        if (isIpv4)
        {
            final int remote = (int)tuple.remoteLow();
            final int local = (int)tuple.localLow();
            header.finish(Checksum.pseudoHeader(remote, local, IpProtocol.TCP, length), length);
            ipv4.init(packet, 0).protocol(IpProtocol.TCP).source(remote).destination(local).finish(length);
        }
        else
        {
            header.finish(Checksum.pseudoHeader(
                tuple.remoteHigh(), tuple.remoteLow(), tuple.localHigh(), tuple.localLow(), IpProtocol.TCP, length),
                length);
            ipv6.init(packet, 0).protocol(IpProtocol.TCP).source(tuple.remoteHigh(), tuple.remoteLow())
                .destination(tuple.localHigh(), tuple.localLow()).finish(length);
        }
        return ipLength + length;
    }

    void drain()
    {
        while (ring.size() > 0) // a read may end at padding with nothing read
        {
            ring.read(reader);
            assertTrue(sent.size() < 1_000_000, "endless output");
        }
    }

    TestHost advance(final long ns)
    {
        nowNs += ns;
        while (core.onTimers(nowNs, 1_000, outbox) > 0)
        {
            drain();
        }
        drain();
        return this;
    }

    /** The next segment that the core has sent. */
    Out out()
    {
        final Out out = sent.poll();
        assertNotNull(out, "nothing was sent");
        return out;
    }

    /** The next segment that the core has sent, which has these flags. */
    Out out(final int flags)
    {
        final Out out = out();
        assertEquals(TcpRules.flags(flags), TcpRules.flags(out.flags), "flags of " + out);
        return out;
    }

    void outNothing()
    {
        assertEquals(null, sent.poll());
    }

    /** A passive open without timestamps: the accepted handle; ISS is in the returned segment. */
    Out open(final int irs, final int window)
    {
        in(S, irs, 0, window, 0, options -> options.syn(1460, true, false, 0, 0, 7));
        final Out synAck = out(S | A);
        in(A, irs + 1, synAck.seq + 1, window, 0);
        return synAck;
    }

    /** A segment that the core has sent, checked. */
    static final class Out
    {
        final int flags;
        final int seq;
        final int ack;
        final int window;
        final byte[] optionBytes;
        final byte[] data;
        final byte[] bytes;

        Out(final MutableDirectBuffer buffer, final int index, final int length)
        {
            bytes = new byte[length];
            buffer.getBytes(index, bytes);
            final UnsafeBuffer copy = new UnsafeBuffer(bytes);
            final TcpHeaderFlyweight header = new TcpHeaderFlyweight();
            final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
            final Ipv6Flyweight ipv6 = new Ipv6Flyweight();
            if (bytes[0] >> 4 == 4)
            {
                assertTrue(ipv4.wrap(copy, 0, length) && ipv4.isChecksumValid() && ipv4.totalLength() == length);
                assertTrue(header.wrap(copy, ipv4.payloadOffset(), ipv4.payloadLength()));
                assertTrue(header.isChecksumValid(ipv4.pseudoHeader(ipv4.payloadLength())));
            }
            else
            {
                assertTrue(ipv6.wrap(copy, 0, length));
                assertTrue(header.wrap(copy, ipv6.payloadOffset(), ipv6.payloadLength()));
                assertTrue(header.isChecksumValid(ipv6.pseudoHeader(ipv6.payloadLength())));
            }
            flags = header.flags();
            seq = header.seq();
            ack = header.ack();
            window = header.window();
            optionBytes = new byte[header.optionsLength()];
            copy.getBytes(header.optionsOffset(), optionBytes);
            data = new byte[header.payloadLength()];
            copy.getBytes(header.payloadOffset(), data);
        }

        @Override
        public String toString()
        {
            return TcpRules.flags(flags) + " seq " + Integer.toUnsignedString(seq) + " ack " +
                Integer.toUnsignedString(ack) + " win " + window + " data " + data.length;
        }
    }
}
