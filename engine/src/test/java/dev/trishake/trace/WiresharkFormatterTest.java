// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Vectors;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class WiresharkFormatterTest
{
    @Test
    void shouldPrintTheSeedsFrames()
    {
        final List<String> lines = Captures.lines(new WiresharkFormatter(), "seed-002-b.pcap");
        assertEquals(82, lines.size());
        assertEquals("78\t2.660150\t192.168.22.53\t192.168.22.44\tTCP\t66\t\t" +
            "8067 → 49153 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 WS=256 SACK_PERM=1", lines.get(77));
        assertEquals("80\t2.663607\t192.168.22.44\t192.168.22.53\tTCP\t66\t\t" +
            "49153 → 8067 [SYN, ACK] Seq=0 Ack=1 Win=4380 Len=0 MSS=1460 SACK_PERM=1 WS=4", lines.get(79));
        assertEquals("81\t2.663681\t192.168.22.53\t192.168.22.44\tTCP\t54\t\t" +
            "8067 → 49153 [ACK] Seq=1 Ack=1 Win=65536 Len=0", lines.get(80));
        assertEquals("82\t2.663884\t192.168.22.53\t192.168.22.44\tHTTP\t259\t\t" +
            "GET /upnpdevicedesc.xml HTTP/1.1", lines.get(81));
    }

    @Test
    void shouldPrintTheSeedsRefusalOverLoopback()
    {
        assertEquals(List.of(
            "1\t0.000000\t::1\t::1\tTCP\t88\t\t64512 → 80 [SYN] Seq=0 Win=65535 Len=0 MSS=16324 WS=64 " +
            "TSval=1088656957 TSecr=0 SACK_PERM=1",
            "2\t0.000016\t::1\t::1\tTCP\t64\t\t80 → 64512 [RST, ACK] Seq=1 Ack=1 Win=0 Len=0",
            "3\t0.000082\t127.0.0.1\t127.0.0.1\tTCP\t68\t\t64513 → 80 [SYN] Seq=0 Win=65535 Len=0 MSS=16344 WS=64 " +
            "TSval=1088656957 TSecr=0 SACK_PERM=1"),
            Captures.lines(new WiresharkFormatter(), "seed-002-a.pcap"));
    }

    @Test
    void shouldFollowConversationsAsTsharkDoes()
    {
        final List<String> expected = Vectors.lines("tcp/conversations-wireshark.txt");
        assertEquals(expected, Captures.lines(new WiresharkFormatter(), "conversations.pcap"));
    }

    @Test
    void shouldBeginAnewWhenPortsAreUsedAgain()
    {
        final byte[] once = Vectors.bytes("tcp/conversations.pcap");
        final WiresharkFormatter formatter = new WiresharkFormatter();
        final String syn = Captures.lines(formatter, once).getFirst();
        final byte[] again = once.clone();
        again[24 + 16 + 14 + 20 + 4] ^= 0x55;
        final String secondSyn = Captures.lines(formatter, again).getFirst();
        assertEquals(syn.substring(syn.indexOf("40000")), secondSyn.substring(secondSyn.indexOf("40000")));
    }

    @Test
    void shouldPrintWhatIsNotTcp()
    {
        final List<String> lines = Captures.lines(new WiresharkFormatter(), "seed-002-b.pcap");
        assertEquals("1\t0.000000\t192.168.22.53\t239.255.255.250\tUDP\t143\t\t50000 → 1900 Len=101", lines.get(0));
        assertEquals("3\t0.068000\t02:00:00:00:00:53\tBroadcast\tARP\t42\t\t" +
            "Who has 192.168.22.44? Tell 192.168.22.53", lines.get(2));
        assertEquals("4\t0.102000\t02:00:00:00:00:44\t02:00:00:00:00:53\tARP\t42\t\t" +
            "192.168.22.44 is at 02:00:00:00:00:44", lines.get(3));
    }
}
