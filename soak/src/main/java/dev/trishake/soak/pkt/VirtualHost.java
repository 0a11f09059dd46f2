// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpEvents;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.tcp.TcpHeaderEncoder;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** The core under test with a clock that goes as the script does, and a wire whose far end is the script. */
final class VirtualHost
{
    /** packetdrill's own addresses: 192.168.0.1 is the core's, 192.0.2.1 the peer's. */
    static final int LOCAL = 0xc0a8_0001;
    static final int REMOTE = 0xc000_0201;
    /** packetdrill's ports: where scripts bind to and connect to; the peer's first own one. */
    static final int BIND_PORT = 8080;
    static final int CONNECT_PORT = 8080;
    static final int FIRST_PEER_PORT = 32768;

    private static final int TIMERS_LIMIT = 1000;
    private static final long START_NS = 1_000_000_000_000L;
    private static final long SMALLEST_STEP_NS = 1_000;
    private static final int RING_LENGTH = 1 << 21;

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(
        new UnsafeBuffer(ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    private final Outbox outbox = new Outbox(ring);
    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[1 << 16]);
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    private final MessageHandler reader;
    private final TcpCore core;
    private long nowNs = START_NS;

    VirtualHost(final TcpConfig config, final TcpEvents events)
    {
        core = new TcpCore(config, events, nowNs);
        reader = (type, buffer, index, length) ->
        {
            final Sent segment = Sent.of(
                nowNs, buffer, OutboxRecord.payloadIndex(index), OutboxRecord.payloadLength(length));
            if (segment != null)
            {
                sent.add(segment);
            }
        };
    }

    TcpCore core()
    {
        return core;
    }

    Outbox outbox()
    {
        return outbox;
    }

    /** {@return the core's clock} */
    long coreNs()
    {
        return nowNs;
    }

    /** {@return the script's clock: 0 at its first event} */
    long nowNs()
    {
        return nowNs - START_NS;
    }

    /** {@return when, on the script's clock} */
    static long scriptNs(final long coreNs)
    {
        return coreNs - START_NS;
    }

    /** {@return the next segment sent on the flow and not looked at, or null}; those of other flows are forgotten. */
    Sent poll(final Flow flow)
    {
        Sent next = sent.poll();
        while (next != null && !flow.has(next))
        {
            next = sent.poll();
        }
        return next;
    }

    /** Takes what the core has sent off the ring: after each call of it. */
    void drain()
    {
        while (ring.size() > 0) // a read may end at padding with nothing read
        {
            ring.read(reader);
        }
    }

    /**
     * Goes on to the next timer of the core.
     *
     * @param limitNs on the script's clock
     * @return false when none is due up to the limit: the clock is there then
     */
    boolean step(final long limitNs)
    {
        final long limit = Math.max(nowNs, START_NS + limitNs);
        final long deadline = core.nextDeadlineNs();
        if (deadline - limit > 0)
        {
            nowNs = limit;
            return false;
        }
        final long before = nowNs;
        nowNs = Math.max(nowNs, deadline);
        final int fired = core.onTimers(nowNs, TIMERS_LIMIT, outbox);
        drain();
        if (fired == 0 && nowNs == before && core.nextDeadlineNs() - nowNs <= 0)
        {
            nowNs = Math.min(limit, nowNs + SMALLEST_STEP_NS);
        }
        return true;
    }

    /** Gives a segment of the script to the core, its numbers already those of the wire. */
    void inject(final Flow flow, final SegmentSpec spec, final int seq, final int ack, final OptionList options)
    {
        final int tcpOffset = Ipv4Flyweight.MIN_HEADER_LENGTH;
        final int length = TcpHeaderFlyweight.MIN_LENGTH + options.length() + spec.payloadLength();
        final TcpHeaderEncoder header = new TcpHeaderEncoder().init(packet, tcpOffset)
            .srcPort(flow.remotePort)
            .dstPort(flow.localPort)
            .seq(seq)
            .ack(ack)
            .flags(spec.flags(), options.length())
            .window(spec.window())
            .urgentPointer(spec.urgentPointer());
        packet.putBytes(header.optionsOffset(), options.bytes());
        packet.setMemory(header.optionsOffset() + options.length(), spec.payloadLength(), (byte)0);
        header.finish(Checksum.pseudoHeader(REMOTE, LOCAL, IpProtocol.TCP, length), length);
        new Ipv4Encoder().init(packet, 0)
            .protocol(IpProtocol.TCP).source(REMOTE).destination(LOCAL).finish(length);
        final int outcome = core.onPacket(packet, 0, tcpOffset + length, nowNs, outbox);
        assert outcome == Outcome.DONE : Outcome.describe(outcome);
        drain();
    }

    /** {@return a tuple from our port to the port of scripts' servers} */
    static FourTuple outgoing(final int localPort)
    {
        return new FourTuple().localIpv4(LOCAL, localPort).remoteIpv4(REMOTE, CONNECT_PORT);
    }
}
