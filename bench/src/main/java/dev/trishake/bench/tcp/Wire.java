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
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * A server core between two rings, and the least that can be its peers: 4,096 of them, whose segments were made
 * beforehand, with the options of Linux. A SYN is copied into the ring as it is; in a later segment numbers, flags and
 * echoed timestamp are patched, and its checksum with them (RFC 1624). Of the core's answers the peers read sequence
 * number and timestamp.
 *
 * <p>Where nothing but the core and its rings is to be timed, segments are patched while nobody looks and put on the
 * ring later, see {@link #stage}: what the core will answer is known from another one, made with the same secret.
 */
final class Wire
{
    /** How many segments go into a ring before its reader's turn comes. */
    static final int BATCH = 64;
    static final int PEERS = 4096;
    static final int SYN_LENGTH = 60;

    private static final int SEGMENT_LENGTH = 52;
    private static final int STRIDE = 64;
    private static final int SERVER = 0x0a090002;
    private static final int SERVER_PORT = 80;
    private static final int WINDOW = 65535;
    private static final int RING_LENGTH = 1 << 16;

    private static final int TCP_OFFSET = Ipv4Flyweight.MIN_HEADER_LENGTH;
    private static final int SEQ_OFFSET = TCP_OFFSET + 4;
    private static final int ACK_OFFSET = TCP_OFFSET + 8;
    private static final int FLAGS_OFFSET = TCP_OFFSET + 12;
    private static final int CHECKSUM_OFFSET = TCP_OFFSET + 16;
    private static final int TS_ECR_OFFSET = TCP_OFFSET + TcpHeaderFlyweight.MIN_LENGTH + 8;
    private static final int SYN_ACK_TS_VAL_OFFSET = TCP_OFFSET + TcpHeaderFlyweight.MIN_LENGTH + 8;

    final TcpCore core;
    final int listener;
    final OneToOneRingBuffer ingress = ring();
    final OneToOneRingBuffer egress = ring();
    final Outbox outbox = new Outbox(egress);
    final UnsafeBuffer syns = new UnsafeBuffer(ByteBuffer.allocateDirect(PEERS * STRIDE));
    long nowNs = 1L << 40;
    /** What the core has answered since {@link #exchange} began: how many segments, and a SYN-ACK's two numbers. */
    int answers;
    final int[] seqs = new int[BATCH];
    final int[] tsVals = new int[BATCH];

    private final UnsafeBuffer staged = new UnsafeBuffer(ByteBuffer.allocateDirect(BATCH * STRIDE));
    private final UnsafeBuffer segments = new UnsafeBuffer(ByteBuffer.allocateDirect(PEERS * STRIDE));
    private final Ipv4Encoder ipv4 = new Ipv4Encoder();
    private final TcpHeaderEncoder header = new TcpHeaderEncoder();
    private final TcpOptionsEncoder options = new TcpOptionsEncoder();
    private final MessageHandler toCore;
    private final MessageHandler toStub;
    private final MessageHandler fromCore;

    Wire(final TcpConfig config)
    {
        core = new TcpCore(config, TcpEvents.NONE, nowNs);
        listener = core.listen(0, 0, SERVER_PORT, 1 << 12);
        for (int peer = 0; peer < PEERS; peer++)
        {
            peer(peer, 0x0b000000 + peer * 7919, 1024 + peer, peer * 0x9e3779b9);
        }
        toCore = (type, buffer, index, length) -> core.onPacket(buffer, index, length, nowNs, outbox);
        toStub = (type, buffer, index, length) ->
        {
            if (length == SYN_LENGTH)
            {
                egress.write(type, syns, 0, OutboxRecord.PAYLOAD_OFFSET + length);
            }
        };
        fromCore = (type, buffer, index, length) ->
        {
            final int payload = OutboxRecord.payloadIndex(index);
            seqs[answers] = buffer.getInt(payload + SEQ_OFFSET, BIG_ENDIAN);
            tsVals[answers] = buffer.getInt(payload + SYN_ACK_TS_VAL_OFFSET, BIG_ENDIAN);
            answers++;
        };
    }

    static TcpConfig config()
    {
        return new TcpConfig(0x5eed_0001, 0x5eed_0002)
            .connections(PEERS).halfOpen(PEERS).timeWait(PEERS).buffers(64)
            .resetsPerSecond(Integer.MAX_VALUE).cookieChecksPerSecond(Integer.MAX_VALUE);
    }

    private static OneToOneRingBuffer ring()
    {
        return new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    /** Makes a peer anew: its SYN, and the segment that all others are patched from, an ACK of number 0. */
    void peer(final int peer, final int address, final int port, final int seq)
    {
        final int offset = peer * STRIDE;
        header.init(syns, offset + TCP_OFFSET);
        options.init(syns, header.optionsOffset()).syn(1460, true, true, port, 0, 7);
        encode(syns, offset, address, port, TcpFlags.SYN, seq);
        header.init(segments, offset + TCP_OFFSET);
        options.init(segments, header.optionsOffset()).nop().nop().timestamps(port + 1, 0);
        encode(segments, offset, address, port, TcpFlags.ACK, seq + 1);
    }

    private void encode(
        final UnsafeBuffer buffer, final int offset, final int address, final int port, final int flags, final int seq)
    {
        final int optionsLength = options.finish();
        final int length = TcpHeaderFlyweight.MIN_LENGTH + optionsLength;
        header.srcPort(port).dstPort(SERVER_PORT).seq(seq).ack(0).flags(flags, optionsLength).window(WINDOW);
        header.finish(Checksum.pseudoHeader(address, SERVER, IpProtocol.TCP, length), length);
        ipv4.init(buffer, offset).protocol(IpProtocol.TCP).source(address).destination(SERVER).finish(length);
    }

    int synOffset(final int peer)
    {
        return peer * STRIDE;
    }

    /** Puts a peer's SYN on the ring to the core. */
    void syn(final int peer)
    {
        ingress.write(TcpCore.PACKET, syns, peer * STRIDE, SYN_LENGTH);
    }

    /** Puts another segment on it, so many numbers behind the SYN. */
    void segment(final int peer, final int flags, final int behind, final int ack, final int tsEcr)
    {
        final int index = ingress.tryClaim(TcpCore.PACKET, SEGMENT_LENGTH);
        patch(ingress.buffer(), index, peer, flags, behind, ack, tsEcr);
        ingress.commit(index);
    }

    /** Makes such a segment without putting it on the ring. */
    void stage(final int number, final int peer, final int ack, final int tsEcr)
    {
        patch(staged, number * STRIDE, peer, TcpFlags.ACK, 1, ack, tsEcr);
    }

    /** Puts all of them on it. */
    void putStaged()
    {
        for (int i = 0; i < BATCH; i++)
        {
            ingress.write(TcpCore.PACKET, staged, i * STRIDE, SEGMENT_LENGTH);
        }
    }

    private void patch(
        final MutableDirectBuffer buffer, final int index, final int peer, final int flags, final int behind,
        final int ack, final int tsEcr)
    {
        buffer.putBytes(index, segments, peer * STRIDE, SEGMENT_LENGTH);
        final int seq = buffer.getInt(index + SEQ_OFFSET, BIG_ENDIAN);
        int checksum = buffer.getShort(index + CHECKSUM_OFFSET, BIG_ENDIAN) & 0xffff;
        checksum = Checksum.update32(checksum, 0, ack);
        checksum = Checksum.update32(checksum, 0, tsEcr);
        buffer.putInt(index + ACK_OFFSET, ack, BIG_ENDIAN);
        buffer.putInt(index + TS_ECR_OFFSET, tsEcr, BIG_ENDIAN);
        if (behind != 1)
        {
            checksum = Checksum.update32(checksum, seq, seq - 1 + behind);
            buffer.putInt(index + SEQ_OFFSET, seq - 1 + behind, BIG_ENDIAN);
        }
        if (flags != TcpFlags.ACK)
        {
            final int before = buffer.getShort(index + FLAGS_OFFSET, BIG_ENDIAN);
            final int after = (before & ~TcpFlags.ALL) | flags;
            checksum = Checksum.update16(checksum, before, after);
            buffer.putShort(index + FLAGS_OFFSET, (short)after, BIG_ENDIAN);
        }
        buffer.putShort(index + CHECKSUM_OFFSET, (short)checksum, BIG_ENDIAN);
    }

    /** Lets the core read its ring, then the peers read what it has answered. */
    void exchange()
    {
        while (ingress.size() > 0)
        {
            ingress.read(toCore, BATCH);
        }
        answers = 0;
        while (egress.size() > 0)
        {
            egress.read(fromCore, BATCH);
        }
    }

    /** The same with nobody behind the rings: a SYN comes back as it is, other segments are lost. */
    void exchangeWithStub()
    {
        while (ingress.size() > 0)
        {
            ingress.read(toStub, BATCH);
        }
        answers = 0;
        while (egress.size() > 0)
        {
            egress.read(fromCore, BATCH);
        }
    }

    /** Forgets what the core has answered, all at once: nothing reads it. */
    void dropAnswers()
    {
        egress.buffer().putLongRelease(
            egress.capacity() + RingBufferDescriptor.HEAD_POSITION_OFFSET, egress.producerPosition());
    }

    /** Connections from a batch of peers: SYNs, SYN-ACKs, ACKs, accept. */
    void open(final int firstPeer, final long[] handles)
    {
        synAll(firstPeer);
        exchange();
        ackAll(firstPeer);
        exchange();
        for (int i = 0; i < BATCH; i++)
        {
            handles[i] = core.accept(listener);
        }
    }

    void synAll(final int firstPeer)
    {
        for (int i = 0; i < BATCH; i++)
        {
            syn(firstPeer + i);
        }
    }

    void ackAll(final int firstPeer)
    {
        for (int i = 0; i < BATCH; i++)
        {
            segment(firstPeer + i, TcpFlags.ACK, 1, seqs[i] + 1, tsVals[i]);
        }
    }
}
