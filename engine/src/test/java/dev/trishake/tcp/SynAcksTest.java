// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.Outbox;
import dev.trishake.session.FourTuple;
import dev.trishake.support.Exhaustive;
import dev.trishake.support.Seeded;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpOptionsDecoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A patched copy against what is written field by field: the whole ring, octet for octet. */
class SynAcksTest
{
    private static final int MSS = 1460;
    private static final int WINDOW = 65279;
    private static final int WINDOW_SCALE = 8;
    private static final int[] EDGES = {0, 1, -1, 0x0000_ffff, 0xffff_0000, Integer.MIN_VALUE};

    private final UnsafeBuffer patchedRing = ring();
    private final UnsafeBuffer writtenRing = ring();
    private final SegmentWriter patching = writer(patchedRing);
    private final SegmentWriter writing = writer(writtenRing);
    private final SynAcks synAcks = new SynAcks(patching, MSS, WINDOW_SCALE, WINDOW);
    private final FourTuple tuple = new FourTuple().localIpv4(0x0a090002, 80).remoteIpv4(0x0a090001, 1025);

    @Test
    void shouldWriteWhatTheWriterWritesForAllOptionsAndEdges()
    {
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final int set = all.choose(8);
            final int seq = EDGES[all.choose(EDGES.length)];
            final int ack = EDGES[all.choose(EDGES.length)];
            final int tsVal = EDGES[all.choose(EDGES.length)];
            final int tsEcr = EDGES[all.choose(EDGES.length)];
            assertSame(set, seq, ack, tsVal, tsEcr);
        }
        assertEquals(8 * 6 * 6 * 6 * 6, all.count());
    }

    @Test
    void shouldWriteWhatTheWriterWritesForAllPeers()
    {
        Seeded.forEach(5000, (final SplittableRandom random) ->
        {
            tuple.localIpv4(random.nextInt(), random.nextInt(0x10000))
                .remoteIpv4(random.nextInt(), random.nextInt(0x10000));
            assertSame(random.nextInt(8), random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt());
        });
    }

    @Test
    void shouldSayWhenThereIsNoRoom()
    {
        final UnsafeBuffer tiny = new UnsafeBuffer(
            ByteBuffer.allocateDirect(1024 + RingBufferDescriptor.TRAILER_LENGTH));
        final SegmentWriter writer = writer(tiny);
        final SynAcks few = new SynAcks(writer, MSS, WINDOW_SCALE, WINDOW);
        int written = 0;
        while (few.write(tuple, 1, 2, true, true, 3, 4, true))
        {
            written++;
        }
        assertTrue(written >= 11 && written <= 13, "of 80 octets in 1024: " + written);
        assertFalse(few.write(tuple, 1, 2, true, true, 3, 4, true));
    }

    private void assertSame(final int set, final int seq, final int ack, final int tsVal, final int tsEcr)
    {
        final boolean sack = (set & 1) != 0;
        final boolean timestamps = (set & 2) != 0;
        final boolean windowScale = (set & 4) != 0;
        assertTrue(synAcks.write(tuple, seq, ack, sack, timestamps, tsVal, tsEcr, windowScale));
        writing.options().syn(
            MSS, sack, timestamps, tsVal, tsEcr, windowScale ? WINDOW_SCALE : TcpOptionsDecoder.NO_WINDOW_SCALE);
        assertTrue(writing.write(tuple, TcpFlags.SYN | TcpFlags.ACK, seq, ack, WINDOW));
        if (writtenRing.compareTo(patchedRing) != 0)
        {
            for (int i = 0; i < writtenRing.capacity(); i++)
            {
                assertEquals(writtenRing.getByte(i), patchedRing.getByte(i), "set " + set + ", octet " + i);
            }
        }
        empty(writtenRing);
        empty(patchedRing);
    }

    private static UnsafeBuffer ring()
    {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(1024 + RingBufferDescriptor.TRAILER_LENGTH));
    }

    private static SegmentWriter writer(final UnsafeBuffer ring)
    {
        final SegmentWriter writer = new SegmentWriter(new BufferPool(1, 4096), new TcpCounters());
        writer.outbox(new Outbox(new OneToOneRingBuffer(ring)));
        return writer;
    }

    private static void empty(final UnsafeBuffer ring)
    {
        ring.setMemory(0, ring.capacity(), (byte)0);
    }
}
