// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.gquic.GquicLevel;
import dev.trishake.support.Vectors;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.Recordings;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The seed's log from the bytes of its conversation; the other frames in the words of the same program. */
class GquicLogTest
{
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long SEED_NS = Instant.parse("2019-07-01T21:26:02Z").getEpochSecond() * NS_PER_SECOND;
    private static final long CID = 0x88c1677a196380a8L;

    private final StringBuilder out = new StringBuilder();

    @Test
    void shouldPrintTheSeedsLog()
    {
        final List<Recordings.Message> seed =
            Recordings.messages().stream().filter(message -> message.name().startsWith("seed")).toList();
        assertEquals(6, seed.size());
        final GquicLog log = GquicLog.dated(ZoneOffset.UTC, true).at(SEED_NS);
        log.serving(out, CID, GquicVersion.Q044, "127.0.0.1:33356");
        final UnsafeBuffer header = new UnsafeBuffer(Vectors.hex("ff513034345088c1677a196380a800000001"));
        final UnsafeBuffer frames = new UnsafeBuffer(Vectors.hex("8001" + seed.getFirst().hex()));
        log.packet(out, false, CID, GquicLevel.NULL, 1, header, 0, header.capacity(), frames, 0, frames.capacity());
        for (int i = 0; i < seed.size(); i++)
        {
            if (i == 5)
            {
                log.keys(out, GquicLevel.INITIAL);
                log.keys(out, GquicLevel.FORWARD_SECURE);
            }
            log.message(out, !seed.get(i).fromClient(), seed.get(i).buffer(), 0, seed.get(i).bytes().length);
        }
        log.serving(out, CID, GquicVersion.Q044, "127.0.0.1:33356");
        final String text = new String(Vectors.bytes("gquic/seed-log.txt"), StandardCharsets.UTF_8);
        assertEquals(text.substring(text.indexOf('\n') + 1), out.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        4001004801 00             | &wire.AckFrame{LargestAcked: 0x1, LowestAcked: 0x1, DelayTime: 72µs}
        6007004301 01 0105 00     | &wire.AckFrame{LargestAcked: 0x7, LowestAcked: 0x1, \
        AckRanges: {{Largest: 0x7, Smallest: 0x7}, {Largest: 0x5, Smallest: 0x1}}, DelayTime: 67µs}
        0600000000                | &wire.StopWaitingFrame{LeastUnacked: 0x9}
        0600000002                | &wire.StopWaitingFrame{LeastUnacked: 0x7}
        07                        | &wire.PingFrame{}
        020000001000000000        | -
        0200000010 0003 627965    | &wire.ConnectionCloseFrame{ErrorCode:0x10, ReasonPhrase:"bye"}
        0300000010 00000003 0000  | &wire.GoawayFrame{ErrorCode:0x10, LastGoodStream:0x3, ReasonPhrase:""}
        0400000000 000000000000c000 | &wire.MaxDataFrame{ByteOffset:0xc000}
        0400000003 0000000000008000 | &wire.MaxStreamDataFrame{StreamID:0x3, ByteOffset:0x8000}
        0500000000                | &wire.BlockedFrame{Offset:0x0}
        0500000005                | &wire.StreamBlockedFrame{StreamID:0x5, Offset:0x0}
        0100000003 0000000000000010 0001002a | &wire.RstStreamFrame{StreamID:0x3, ErrorCode:0x2a, ByteOffset:0x10}
        c403001061                | &wire.StreamFrame{StreamID: 3, FinBit: true, Offset: 0x10, Data length: 0x1, \
        Offset + Data length: 0x11}
        """)
    void shouldWriteFramesAsQuicGoDoes(final String hex, final String words)
    {
        final UnsafeBuffer frames = new UnsafeBuffer(Vectors.hex(hex));
        final UnsafeBuffer header = new UnsafeBuffer(Vectors.hex("ff513034345088c1677a196380a800000009"));
        GquicLog.dated(ZoneOffset.UTC, true)
            .packet(out, false, CID, GquicLevel.NULL, 9, header, 0, header.capacity(), frames, 0, frames.capacity());
        final List<String> lines = out.toString().lines().toList();
        if (!words.equals("-"))
        {
            assertEquals("1970/01/01 00:00:00 server \t<- " + words, lines.getLast());
            assertEquals(4, lines.size());
        }
        else
        {
            assertEquals("1970/01/01 00:00:00 server \t<- &wire.ConnectionCloseFrame{ErrorCode:0x10, " +
                "ReasonPhrase:\"\"}", lines.get(3));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        fd513034340588c1677a196380a800000002 | 2 | server | Long Header{Type: Handshake, DestConnectionID: (empty), \
        SrcConnectionID: 0x88c1677a196380a8, PacketNumber: 0x2, PacketNumberLen: 4, Version: gQUIC 44}
        fc513034340588c1677a196380a800000003000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f | 3 | \
        server | Long Header{Type: 0-RTT Protected, DestConnectionID: (empty), SrcConnectionID: 0x88c1677a196380a8, \
        PacketNumber: 0x3, PacketNumberLen: 4, Diversification Nonce: \
        0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, Version: gQUIC 44}
        310004 | 4 | server | Short Header{DestConnectionID: (empty), PacketNumber: 0x4, PacketNumberLen: 2, \
        KeyPhase: 0}
        3288c1677a196380a800010004 | 65540 | client | Short Header{DestConnectionID: 0x88c1677a196380a8, \
        PacketNumber: 0x10004, PacketNumberLen: 4, KeyPhase: 0}
        1988c1677a196380a8513033390001 | 1 | client | Public Header{ConnectionID: 0x88c1677a196380a8, \
        PacketNumber: 0x1, PacketNumberLen: 2, Version: gQUIC 39, DiversificationNonce: []byte(nil)}
        0c88c1677a196380a8000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f05 | 5 | server | \
        Public Header{ConnectionID: 0x88c1677a196380a8, PacketNumber: 0x5, PacketNumberLen: 1, Version: (unset), \
        DiversificationNonce: []byte{0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf, \
        0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f}}
        """)
    void shouldWriteHeadersAsQuicGoDoes(
        final String hex, final long number, final String sender, final String words)
    {
        final UnsafeBuffer header = new UnsafeBuffer(Vectors.hex(hex));
        final UnsafeBuffer frames = new UnsafeBuffer(new byte[] {7});
        // seen by the other side
        GquicLog.dated(ZoneOffset.UTC, sender.equals("client")).packet(out, false, CID, GquicLevel.FORWARD_SECURE,
            number, header, 0, header.capacity(), frames, 0, 1);
        final List<String> lines = out.toString().lines().toList();
        final String side = sender.equals("client") ? "server" : "client";
        assertEquals("1970/01/01 00:00:00 " + side + " <- Reading packet 0x" + Long.toHexString(number) + " (" +
            (header.capacity() + 13) + " bytes) for connection 0x88c1677a196380a8, forward-secure", lines.get(0));
        assertEquals("1970/01/01 00:00:00 " + side + " \t" + words, lines.get(1));
    }

    @Test
    void shouldSayThatTheFirstPacketIsAcknowledgedUntilItIs()
    {
        final GquicLog log = GquicLog.dated(ZoneOffset.UTC, true);
        final UnsafeBuffer fromClient = new UnsafeBuffer(Vectors.hex("3188c1677a196380a80001"));
        final UnsafeBuffer fromServer = new UnsafeBuffer(Vectors.hex("310001"));
        final UnsafeBuffer ping = new UnsafeBuffer(new byte[] {7});
        final UnsafeBuffer ack = new UnsafeBuffer(Vectors.hex("400100480100"));
        for (int i = 0; i < 2; i++)
        {
            log.packet(out, false, CID, GquicLevel.FORWARD_SECURE, 1, fromClient, 0, 11, ping, 0, 1);
            log.packet(out, true, CID, GquicLevel.FORWARD_SECURE, 1, fromServer, 0, 3, i == 0 ? ping : ack, 0,
                i == 0 ? 1 : 6);
            log.packet(out, false, CID + 1, GquicLevel.FORWARD_SECURE, 1, fromClient, 0, 11, ping, 0, 1);
        }
        log.packet(out, false, CID, GquicLevel.FORWARD_SECURE, 1, fromClient, 0, 11, ping, 0, 1);
        assertEquals(4, out.toString().lines().filter(line -> line.contains("Queueing ACK")).count());
        assertEquals(1, out.toString().lines().filter(line -> line.endsWith("\t-> &wire.PingFrame{}")).count());
    }

    @Test
    void shouldSayWhichFrameIsMalformed()
    {
        final UnsafeBuffer frames = new UnsafeBuffer(Vectors.hex("07080000"));
        final UnsafeBuffer header = new UnsafeBuffer(Vectors.hex("310001"));
        GquicLog.dated(ZoneOffset.UTC, false).packet(
            out, false, CID, GquicLevel.FORWARD_SECURE, 1, header, 0, 3, frames, 0, 4);
        assertEquals("1970/01/01 00:00:00 client \t<- malformed, error 4", out.toString().lines().toList().getLast());
    }
}
