// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NextHopsTest
{
    private static final long OURS = 0x0200_0000_0002L;
    private static final long PEER = 0x0200_0000_0001L;
    private static final long ROUTER = 0x0200_0000_00feL;
    private static final int OUR_IPV4 = 0x0a09_0002;
    private static final int PEER_IPV4 = 0x0a09_0001;
    private static final int ROUTER_IPV4 = 0x0a09_00fe;
    private static final int FAR_IPV4 = 0x0808_0808;

    private final FrameSink sink = new FrameSink();
    private final Neighbours neighbours = new Neighbours(64, 1);
    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));
    private final NextHops nextHops = hops(AddressPrefix.ipv4(ROUTER_IPV4));

    private NextHops hops(final long gateway)
    {
        final AddressPrefix[] own = {AddressPrefix.of(InetAddress.ofLiteral("10.9.0.2"), 32)};
        return new NextHops(
            new AddressPrefix[] {AddressPrefix.of(InetAddress.ofLiteral("10.9.0.2"), 24)}, 0, 0, gateway, OURS, 1500,
            neighbours, new NeighbourDiscovery(own, OURS, true, neighbours, sink), sink);
    }

    private boolean send(final NextHops hops, final int to, final int length, final long nowNs)
    {
        packet.putByte(0, (byte)0x45);
        packet.putInt(12, OUR_IPV4, ByteOrder.BIG_ENDIAN);
        packet.putInt(16, to, ByteOrder.BIG_ENDIAN);
        packet.putByte(length - 1, (byte)length);
        return hops.send(packet, 0, length, nowNs);
    }

    private static Map<String, Long> counters(final NextHops hops)
    {
        final Map<String, Long> counters = new TreeMap<>();
        hops.visitCounters(counters::put);
        return counters;
    }

    private void assertFrame(final long to, final int length)
    {
        final String frame = sink.nextHex();
        assertEquals(String.format("%012x%012x0800", to, OURS), frame.substring(0, 28));
        assertEquals(2 * (14 + length), frame.length());
        assertEquals(String.format("%02x", length & 0xff), frame.substring(frame.length() - 2));
    }

    @Test
    void shouldSendToWhoeverIsKnown()
    {
        neighbours.observe(0, AddressPrefix.ipv4(FAR_IPV4), ROUTER, 0); // the way it came
        send(nextHops, FAR_IPV4, 40, 0);
        assertFrame(ROUTER, 40);
        neighbours.confirm(0, AddressPrefix.ipv4(PEER_IPV4), PEER, 0);
        send(nextHops, PEER_IPV4, 41, 0);
        assertFrame(PEER, 41);
        neighbours.confirm(0, AddressPrefix.ipv4(ROUTER_IPV4), ROUTER, 0);
        send(nextHops, FAR_IPV4 + 1, 42, 0);
        assertFrame(ROUTER, 42);
        assertEquals(0, nextHops.pending());
    }

    @Test
    void shouldAskForAnAddressAndKeepTheLastPacket()
    {
        send(nextHops, PEER_IPV4, 40, 0);
        send(nextHops, PEER_IPV4, 41, 0);
        assertEquals(1, sink.frames.size());
        assertTrue(sink.nextHex().startsWith("ffffffffffff"));
        nextHops.onTimers(1);
        assertEquals(0, sink.frames.size());
        neighbours.confirm(0, AddressPrefix.ipv4(PEER_IPV4), PEER, 2);
        nextHops.onTimers(2);
        assertFrame(PEER, 41);
        assertEquals(0, nextHops.pending());
        assertEquals(1, counters(nextHops).get("LinkUnresolved"), "the one before");
    }

    @Test
    void shouldAskTheRouterForThoseWhoAreFar()
    {
        send(nextHops, FAR_IPV4, 40, 0);
        assertTrue(sink.nextHex().endsWith("0a0900fe"));
        neighbours.confirm(0, AddressPrefix.ipv4(ROUTER_IPV4), ROUTER, 2);
        nextHops.onTimers(2);
        assertFrame(ROUTER, 40);
    }

    @Test
    void shouldGiveUpAfterThreeRequests()
    {
        send(nextHops, PEER_IPV4, 40, 0);
        for (long nowNs = 0; nowNs < 10 * NextHops.RETRANSMIT_NS; nowNs += NextHops.RETRANSMIT_NS / 4)
        {
            nextHops.onTimers(nowNs);
        }
        assertEquals(NextHops.MAX_REQUESTS, sink.frames.size());
        assertEquals(0, nextHops.pending());
        assertEquals(1, counters(nextHops).get("LinkUnresolved"));
    }

    @Test
    void shouldAskThoseItKnowsWhetherTheyAreStillThere()
    {
        neighbours.confirm(0, AddressPrefix.ipv4(PEER_IPV4), PEER, 0);
        final long laterNs = Neighbours.REACHABLE_NS / 2 + 1;
        send(nextHops, PEER_IPV4, 40, laterNs);
        send(nextHops, PEER_IPV4, 41, laterNs);
        assertTrue(sink.nextHex().startsWith("ffffffffffff"));
        assertFrame(PEER, 40);
        assertFrame(PEER, 41);
    }

    @Test
    void shouldCountWhatCannotGo()
    {
        final NextHops alone = hops(0);
        assertEquals(NextHops.TAKEN, send(alone, FAR_IPV4, 40, 0));
        assertEquals(1, counters(alone).get("LinkNoRoute"));
        assertEquals(NextHops.TAKEN, alone.send(packet, 0, 19, 0));
        packet.putByte(0, (byte)0x60);
        assertEquals(NextHops.TAKEN, alone.send(packet, 0, 39, 0));
        packet.putByte(0, (byte)0x15);
        assertEquals(NextHops.TAKEN, alone.send(packet, 0, 60, 0));
        assertEquals(3, counters(alone).get("LinkMalformed"));
        for (int i = 0; i < 100; i++)
        {
            send(nextHops, PEER_IPV4 + 100 + i, 40, 0);
        }
        assertEquals(64, nextHops.pending(), "so many are asked for at a time");
        assertEquals(36, counters(nextHops).get("LinkUnresolved"));
        send(hops(0), PEER_IPV4, 1501, 0);
    }

    @Test
    void shouldLeavePacketsWhereTheyAreWhileThereIsNoRoom()
    {
        neighbours.confirm(0, AddressPrefix.ipv4(PEER_IPV4), PEER, 0);
        sink.isFull = true;
        assertEquals(NextHops.NO_ROOM, send(nextHops, PEER_IPV4, 40, 0));
        sink.isFull = false;
        assertEquals(NextHops.TAKEN, send(nextHops, PEER_IPV4, 40, 0));
        assertFrame(PEER, 40);
    }
}
