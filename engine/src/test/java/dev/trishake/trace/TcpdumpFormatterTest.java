// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TcpdumpFormatterTest
{
    private static TcpdumpFormatter named()
    {
        return new TcpdumpFormatter(ZoneOffset.UTC, false, false);
    }

    private static TcpdumpFormatter numeric()
    {
        return new TcpdumpFormatter(ZoneOffset.UTC, true, false);
    }

    @Test
    void shouldPrintTheSeedsLines()
    {
        assertEquals("""
            14:42:56.005364 IP6 localhost.64512 > localhost.http: Flags [S], seq 2811163411, win 65535, \
            options [mss 16324,nop,wscale 6,nop,nop,TS val 1088656957 ecr 0,sackOK,eol], length 0
            14:42:56.005380 IP6 localhost.http > localhost.64512: Flags [R.], seq 0, ack 2811163412, win 0, length 0
            14:42:56.005446 IP localhost.64513 > localhost.http: Flags [S], seq 1092979660, win 65535, \
            options [mss 16344,nop,wscale 6,nop,nop,TS val 1088656957 ecr 0,sackOK,eol], length 0
            """, String.join("\n", Captures.lines(named(), "seed-002-a.pcap")) + "\n");
    }

    @Test
    void shouldPrintNumbersOnly()
    {
        assertEquals("14:42:56.005380 IP6 ::1.80 > ::1.64512: Flags [R.], seq 0, ack 2811163412, win 0, length 0",
            Captures.lines(numeric(), "seed-002-a.pcap").get(1));
        assertEquals("127.0.0.1.64513 > 127.0.0.1.80:",
            Captures.lines(numeric(), "seed-002-a.pcap").get(2).substring(19, 50));
    }

    @Test
    void shouldPrintTheSeedsWiresharkFramesInTcpdumpsWords()
    {
        // as tcpdump 4.99.3 prints them with -S
        assertEquals("""
            15:00:02.910150 IP 192.168.22.53.8067 > 192.168.22.44.49153: Flags [S], seq 292421888, win 64240, \
            options [mss 1460,nop,wscale 8,nop,nop,sackOK], length 0
            15:00:02.911000 IP 192.168.22.53.50000 > 239.255.255.250.1900: UDP, length 101
            15:00:02.913607 IP 192.168.22.44.49153 > 192.168.22.53.8067: Flags [S.], seq 254688666, ack 292421889, \
            win 4380, options [mss 1460,nop,nop,sackOK,nop,wscale 2], length 0
            15:00:02.913681 IP 192.168.22.53.8067 > 192.168.22.44.49153: Flags [.], ack 254688667, win 256, length 0
            15:00:02.913884 IP 192.168.22.53.8067 > 192.168.22.44.49153: Flags [P.], seq 292421889:292422094, \
            ack 254688667, win 256, length 205
            """, String.join("\n", Captures.lines(named(), "seed-002-b.pcap").subList(77, 82)) + "\n");
    }

    @Test
    void shouldPrintRelativeNumbers()
    {
        // as tcpdump 4.99.3 prints them without -S: what has no ACK stays absolute
        final List<String> lines =
            Captures.lines(new TcpdumpFormatter(ZoneOffset.UTC, true, true), "seed-002-b.pcap");
        assertEquals("""
            15:00:02.910150 IP 192.168.22.53.8067 > 192.168.22.44.49153: Flags [S], seq 292421888, win 64240, \
            options [mss 1460,nop,wscale 8,nop,nop,sackOK], length 0
            15:00:02.913607 IP 192.168.22.44.49153 > 192.168.22.53.8067: Flags [S.], seq 254688666, ack 292421889, \
            win 4380, options [mss 1460,nop,nop,sackOK,nop,wscale 2], length 0
            15:00:02.913681 IP 192.168.22.53.8067 > 192.168.22.44.49153: Flags [.], ack 1, win 256, length 0
            15:00:02.913884 IP 192.168.22.53.8067 > 192.168.22.44.49153: Flags [P.], seq 1:206, ack 1, win 256, \
            length 205
            """, lines.get(77) + "\n" + String.join("\n", lines.subList(79, 82)) + "\n");
    }

    @Test
    void shouldSayWhatTcpdumpSays()
    {
        final List<String> expected = Vectors.lines("tcp/words-tcpdump.txt");
        final List<String> lines = Captures.lines(numeric(), "words.pcap");
        for (int i = 0; i < expected.size(); i++)
        {
            assertEquals(expected.get(i), lines.get(i), "packet " + i);
        }
        assertEquals(expected.size(), lines.size());
    }

    @Test
    void shouldPrintTheTimeOfDayOfItsZone()
    {
        final StringBuilder line = new StringBuilder();
        final Packet packet = new Packet().wrap(
            1_607_179_376_000_001_999L, Packet.UNKNOWN, new UnsafeBuffer(new byte[0]), 0, 0, 60, 74);
        new TcpdumpFormatter(ZoneId.of("Asia/Shanghai"), false, false).append(line, packet);
        assertEquals("22:42:56.000001 unknown network protocol, length 74", line.toString());
        line.setLength(0);
        new TcpdumpFormatter(ZoneId.of("America/St_Johns"), false, false).append(line, packet);
        assertEquals("11:12:56.000001 unknown network protocol, length 74", line.toString());
    }

    @Test
    void shouldPrintTheAccurateEcnFlag()
    {
        // e for AE, as tcpdump prints since 4.99.5
        final byte[] segment = Vectors.hex("04d2162e" + "000003e8" + "00000000" + "51c2" + "01f4" + "00000000");
        final byte[] packet = new byte[20 + segment.length];
        System.arraycopy(Vectors.hex("450000280007000040060000" + "0a000001" + "0a000002"), 0, packet, 0, 20);
        System.arraycopy(segment, 0, packet, 20, segment.length);
        final StringBuilder line = new StringBuilder();
        numeric().append(line,
            new Packet().wrap(0, 0x0800, new UnsafeBuffer(packet), 0, packet.length, packet.length, packet.length));
        assertEquals("00:00:00.000000 IP 10.0.0.1.1234 > 10.0.0.2.5678: Flags [SEWe], seq 1000, win 500, length 0",
            line.toString());
    }
}
