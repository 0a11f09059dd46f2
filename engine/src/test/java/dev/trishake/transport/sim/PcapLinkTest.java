// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.support.Allocation;
import dev.trishake.transport.Link;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PcapLinkTest
{
    private static final long EPOCH_NS = 1_700_000_000_000_000_000L;

    @TempDir
    private Path folder;

    private final OneToOneRingBuffer egress = RingPackets.ring();
    private final OneToOneRingBuffer ingress = RingPackets.ring();

    @Test
    void shouldRecordWhatPassesAndReplayItAtTheSamePace() throws IOException
    {
        final ByteArrayOutputStream file = new ByteArrayOutputStream();
        final LoopbackLink near = LoopbackLink.pair(Link.LINKTYPE_RAW, RingPackets.CAPACITY);
        final PcapRecordingLink recording = new PcapRecordingLink(near,
            new PcapWriter(Channels.newChannel(file), PcapFormat.of(PcapLinkType.RAW)), EPOCH_NS, 1500);
        final byte[] out = HexFormat.of().parseHex("4500000000");
        final byte[] in = HexFormat.of().parseHex("6000000000");
        RingPackets.put(egress, out);
        assertEquals(1, recording.flush(egress, 5_000, 10));
        near.peer().poll(ingress, 0, 10);
        assertEquals(List.of("4500000000"), RingPackets.takeAll(ingress));
        RingPackets.put(egress, in);
        near.peer().flush(egress, 0, 10);
        assertEquals(1, recording.poll(ingress, 8_000, 10));
        assertEquals(List.of("6000000000"), RingPackets.takeAll(ingress));
        assertEquals(Link.LINKTYPE_RAW, recording.linkType());
        recording.close();
        recording.close();

        final PcapReader times = PcapReader.wrap(file.toByteArray(), "record");
        assertTrue(times.next());
        assertEquals(EPOCH_NS + 5_000, times.timeNs());
        assertTrue(times.next());
        assertEquals(EPOCH_NS + 8_000, times.timeNs());

        final PcapReplayLink replay = new PcapReplayLink(PcapReader.wrap(file.toByteArray(), "record"), true);
        assertEquals(1, replay.poll(ingress, 100, 10));
        assertEquals(0, replay.poll(ingress, 3_099, 10));
        assertFalse(replay.ended());
        assertEquals(1, replay.poll(ingress, 3_100, 10));
        assertEquals(0, replay.poll(ingress, 3_100, 10));
        assertTrue(replay.ended());
        assertEquals(List.of("4500000000", "6000000000"), RingPackets.takeAll(ingress));
        replay.close();
        assertEquals(0, replay.poll(ingress, 9_999, 10));
    }

    @Test
    void shouldTakeLinkHeadersOffUnlessTheFileIsEthernet() throws IOException
    {
        final PcapFormat sll = new PcapFormat(ByteOrder.BIG_ENDIAN, false, PcapLinkType.LINUX_SLL, 65535);
        final byte[] ip = HexFormat.of().parseHex("00000001000602000000000100000800" + "45aabb");
        final byte[] arp = HexFormat.of().parseHex("00000001000602000000000100000806" + "0001");
        final PcapReplayLink raw = new PcapReplayLink(PcapReader.wrap(PcapTest.file(sll, ip, arp, ip), "sll"), false);
        assertEquals(Link.LINKTYPE_RAW, raw.linkType());
        assertEquals(3, raw.poll(ingress, 0, 10));
        assertEquals(List.of("45aabb", "45aabb"), RingPackets.takeAll(ingress));
        assertEquals(1, raw.skipped());

        final byte[] frame = HexFormat.of().parseHex("ffffffffffff" + "020000000001" + "0806" + "0001");
        final PcapReplayLink ethernet = new PcapReplayLink(
            PcapReader.wrap(PcapTest.file(PcapFormat.of(PcapLinkType.ETHERNET), frame), "ethernet"), false);
        assertEquals(Link.LINKTYPE_ETHERNET, ethernet.linkType());
        assertEquals(1, ethernet.poll(ingress, 0, 10));
        assertEquals(List.of("ffffffffffff02000000000108060001"), RingPackets.takeAll(ingress));
    }

    @Test
    void shouldSkipAndCountWhatIsIncompleteOrTooLongAndWaitForRoom() throws IOException
    {
        final PcapFormat cut = new PcapFormat(ByteOrder.BIG_ENDIAN, false, PcapLinkType.RAW, 100);
        final byte[] whole = new byte[100];
        whole[0] = 0x45;
        final byte[] long_ = new byte[101];
        final PcapReplayLink replay = new PcapReplayLink(
            PcapReader.wrap(PcapTest.file(cut, long_, whole, whole, whole), "cut"), false);
        final OneToOneRingBuffer small = Rings.ofCapacity(256);
        final OneToOneRingBuffer tiny = Rings.ofCapacity(128);
        assertEquals(2, replay.poll(tiny, 0, 2), "the cut one, and one that is too long for the ring");
        assertEquals(2, replay.skipped());
        final OneToOneRingBuffer one = Rings.ofCapacity(1024);
        while (one.write(Link.PACKET, new UnsafeBuffer(whole), 0, 100))
        {
            // fill it
        }
        assertEquals(0, replay.poll(one, 0, 10));
        RingPackets.takeAll(one);
        assertEquals(2, replay.poll(one, 0, 10));
        assertEquals(2, replay.skipped());
        assertEquals(0, small.size());

        RingPackets.put(egress, whole);
        assertEquals(1, replay.flush(egress, 0, 10));
        assertEquals(1, replay.dropped());
    }

    @Test
    void shouldAllocateNothingWhileRecording() throws IOException
    {
        final LoopbackLink near = LoopbackLink.pair(Link.LINKTYPE_RAW, RingPackets.CAPACITY);
        final PcapWriter writer = PcapWriter.create(folder.resolve("a.pcap"), PcapFormat.of(PcapLinkType.RAW));
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[60]);
        final int[] count = new int[1];
        final MessageHandler counter = (msgTypeId, buffer, index, length) -> count[0]++;
        try (PcapRecordingLink link = new PcapRecordingLink(near, writer, EPOCH_NS, 1500))
        {
            Allocation.assertNone(5_000, () ->
            {
                count[0] = 0;
                final long before = writer.written();
                for (int i = 0; i < 2_500; i++)
                {
                    egress.write(Link.PACKET, packet, 0, 60);
                    link.flush(egress, i, 8);
                    near.peer().poll(ingress, i, 8);
                    near.peer().flush(ingress, i, 8);
                    link.poll(ingress, i, 8);
                    ingress.read(counter, 8);
                ingress.read(counter, 8);
                }
                return count[0] == 2_500 ? writer.written() - before : count[0];
            });
        }
        assertNull(writer.failure());
    }
}
