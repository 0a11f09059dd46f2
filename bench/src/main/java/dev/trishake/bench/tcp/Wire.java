// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tcp;

import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpEvents;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderEncoder;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;

/** A server core between two rings, and the least client that can talk to it: it writes segments, and reads ISNs. */
final class Wire
{
    static final int SYN_LENGTH = 60;
    static final int ACK_LENGTH = 40;
    static final int WINDOW = 65535;

    private static final int SERVER = 0x0a090002;
    private static final int RING_LENGTH = 1 << 16;
    private static final int BATCH = 64;

    final TcpCore core;
    final int listener;
    final OneToOneRingBuffer ingress = ring();
    final OneToOneRingBuffer egress = ring();
    final Outbox outbox = new Outbox(egress);
    long nowNs = 1L << 40;
    /** Of the last segment that the core has sent. */
    int lastSeq;
    int lastFlags;

    private final Ipv4Encoder ipv4 = new Ipv4Encoder();
    private final TcpHeaderEncoder header = new TcpHeaderEncoder();
    private final TcpOptionsEncoder options = new TcpOptionsEncoder();
    private final TcpHeaderFlyweight answer = new TcpHeaderFlyweight();
    private final MessageHandler toCore;
    private final MessageHandler fromCore;

    Wire(final TcpConfig config)
    {
        core = new TcpCore(config, TcpEvents.NONE, nowNs);
        listener = core.listen(0, 0, 80, 1 << 12);
        toCore = (type, buffer, index, length) -> core.onPacket(buffer, index, length, nowNs, outbox);
        fromCore = (type, buffer, index, length) ->
        {
            answer.wrap(
                buffer, OutboxRecord.payloadIndex(index) + Ipv4Flyweight.MIN_HEADER_LENGTH,
                OutboxRecord.payloadLength(length) - Ipv4Flyweight.MIN_HEADER_LENGTH);
            lastSeq = answer.seq();
            lastFlags = answer.flags();
        };
    }

    static TcpConfig config()
    {
        return new TcpConfig(0x5eed_0001, 0x5eed_0002)
            .connections(4096).halfOpen(4096).timeWait(4096).buffers(64)
            .resetsPerSecond(Integer.MAX_VALUE).cookieChecksPerSecond(Integer.MAX_VALUE);
    }

    private static OneToOneRingBuffer ring()
    {
        return new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    /** Writes a segment, with the options of Linux's SYN when it is one; returns the packet's length. */
    int encode(
        final UnsafeBuffer buffer, final int offset, final int address, final int port, final int flags, final int seq,
        final int ack)
    {
        header.init(buffer, offset + Ipv4Flyweight.MIN_HEADER_LENGTH)
            .srcPort(port).dstPort(80).seq(seq).ack(ack).window(WINDOW);
        int optionsLength = 0;
        if ((flags & TcpFlags.SYN) != 0)
        {
            optionsLength = options.init(buffer, header.optionsOffset()).syn(1460, true, true, 1, 0, 7).finish();
        }
        header.flags(flags, optionsLength);
        final int length = TcpHeaderFlyweight.MIN_LENGTH + optionsLength;
        header.finish(Checksum.pseudoHeader(address, SERVER, IpProtocol.TCP, length), length);
        return ipv4.init(buffer, offset).protocol(IpProtocol.TCP).source(address).destination(SERVER).finish(length);
    }

    /** Puts a segment on the ring to the core. */
    void put(final int address, final int port, final int flags, final int seq, final int ack)
    {
        final int length = (flags & TcpFlags.SYN) != 0 ? SYN_LENGTH : ACK_LENGTH;
        final int index = ingress.tryClaim(TcpCore.PACKET, length);
        encode((UnsafeBuffer)ingress.buffer(), index, address, port, flags, seq, ack);
        ingress.commit(index);
    }

    /** Lets the core read its ring, and reads what it answers. */
    void exchange()
    {
        while (ingress.size() > 0)
        {
            ingress.read(toCore, BATCH);
        }
        while (egress.size() > 0)
        {
            egress.read(fromCore, BATCH);
        }
    }

    /** A connection from this peer: SYN, SYN-ACK, ACK, accept; its handle. */
    long open(final int address, final int port, final int seq)
    {
        put(address, port, TcpFlags.SYN, seq, 0);
        exchange();
        put(address, port, TcpFlags.ACK, seq + 1, lastSeq + 1);
        exchange();
        return core.accept(listener);
    }
}
