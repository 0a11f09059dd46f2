// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.support.Vectors;
import dev.trishake.wire.Frames;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.EthernetFlyweight;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The frames of seed 002 and of a Linux kernel, read and written. */
class TcpVectorTest
{
    private final TcpHeaderFlyweight tcp = new TcpHeaderFlyweight();
    private final TcpOptionsDecoder options = new TcpOptionsDecoder();
    private final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
    private final Ipv6Flyweight ipv6 = new Ipv6Flyweight();

    @Test
    void shouldReadA1()
    {
        final UnsafeBuffer packet = Frames.seed("A1");
        assertTrue(ipv6.wrap(packet, 0, packet.capacity()));
        assertEquals(IpProtocol.TCP, ipv6.protocol());
        assertEquals(0, ipv6.sourceHigh());
        assertEquals(1, ipv6.sourceLow());
        assertEquals(1, ipv6.destinationLow());
        assertTrue(tcp.wrap(packet, ipv6.payloadOffset(), ipv6.payloadLength()));
        assertTrue(tcp.isChecksumValid(ipv6.pseudoHeader(ipv6.payloadLength())));
        assertA(64512, 0xa78ef313, 16324);
    }

    @Test
    void shouldReadA2()
    {
        final UnsafeBuffer packet = Frames.seed("A2");
        assertTrue(ipv6.wrap(packet, 0, packet.capacity()));
        assertTrue(tcp.wrap(packet, ipv6.payloadOffset(), ipv6.payloadLength()));
        assertTrue(tcp.isChecksumValid(ipv6.pseudoHeader(ipv6.payloadLength())));
        assertEquals(80, tcp.srcPort());
        assertEquals(64512, tcp.dstPort());
        assertEquals(0, tcp.seq());
        assertEquals(0xa78ef313 + 1, tcp.ack());
        assertEquals(TcpFlags.RST | TcpFlags.ACK, tcp.flags());
        assertEquals(0, tcp.window());
        assertEquals(0, tcp.optionsLength());
        assertEquals(0, tcp.segmentLength());
    }

    @Test
    void shouldReadA3()
    {
        final UnsafeBuffer packet = Frames.seed("A3");
        assertTrue(ipv4.wrap(packet, 0, packet.capacity()));
        assertTrue(ipv4.isChecksumValid());
        assertFalse(ipv4.isFragment());
        assertEquals(0x7f000001, ipv4.source());
        assertTrue(tcp.wrap(packet, ipv4.payloadOffset(), ipv4.payloadLength()));
        assertTrue(tcp.isChecksumValid(ipv4.pseudoHeader(ipv4.payloadLength())));
        assertA(64513, 0x41258bcc, 16344);
    }

    private void assertA(final int srcPort, final int seq, final int mss)
    {
        assertEquals(srcPort, tcp.srcPort());
        assertEquals(80, tcp.dstPort());
        assertEquals(seq, tcp.seq());
        assertEquals(TcpFlags.SYN, tcp.flags());
        assertEquals(65535, tcp.window());
        assertEquals(44, tcp.dataOffset());
        assertEquals(0, tcp.payloadLength());
        assertEquals(1, tcp.segmentLength());
        assertTrue(options.parse(Frames.seed(mss == 16324 ? "A1" : "A3"),
            tcp.optionsOffset(), tcp.optionsLength()));
        assertEquals(mss, options.mss());
        assertEquals(6, options.windowScale());
        assertTrue(options.hasTimestamps());
        assertEquals(1088656957, options.tsVal());
        assertEquals(0, options.tsEcr());
        assertTrue(options.sackPermitted());
    }

    @Test
    void shouldReadB78()
    {
        final UnsafeBuffer frame = wrapB("B78");
        assertEquals(8067, tcp.srcPort());
        assertEquals(49153, tcp.dstPort());
        assertEquals(292421888, tcp.seq());
        assertEquals(0x002, tcp.flags());
        assertEquals(64240, tcp.window());
        assertTrue(options.parse(frame, tcp.optionsOffset(), tcp.optionsLength()));
        assertEquals(1460, options.mss());
        assertEquals(8, options.windowScale());
        assertTrue(options.sackPermitted());
        assertFalse(options.hasTimestamps());
    }

    @Test
    void shouldReadB80()
    {
        final UnsafeBuffer frame = wrapB("B80");
        assertEquals(254688666, tcp.seq());
        assertEquals(292421889, tcp.ack());
        assertEquals(0x012, tcp.flags());
        assertEquals(4380, tcp.window());
        assertTrue(options.parse(frame, tcp.optionsOffset(), tcp.optionsLength()));
        assertEquals(1460, options.mss());
        assertEquals(2, options.windowScale());
        assertTrue(options.sackPermitted());
    }

    @Test
    void shouldReadB81InAPaddedFrame()
    {
        final UnsafeBuffer frame = wrapB("B81");
        assertEquals(60, frame.capacity());
        assertEquals(292421889, tcp.seq());
        assertEquals(254688667, tcp.ack());
        assertEquals(0x010, tcp.flags());
        assertEquals(65536, tcp.window() << 8);
        assertEquals(0, tcp.payloadLength());
        assertEquals(0, tcp.segmentLength());
    }

    @Test
    void shouldReadB82()
    {
        final UnsafeBuffer frame = wrapB("B82");
        assertEquals(259, frame.capacity());
        assertEquals(292421889, tcp.seq());
        assertEquals(0x018, tcp.flags());
        assertEquals(205, tcp.payloadLength());
        assertEquals(205, tcp.segmentLength());
        assertEquals(292422094, tcp.seq() + tcp.segmentLength());
        assertEquals("GET /upnpdevicedesc.xml HTTP/1.1\r\n",
            frame.getStringWithoutLengthAscii(tcp.payloadOffset(), 34));
    }

    private UnsafeBuffer wrapB(final String name)
    {
        final UnsafeBuffer frame = Frames.seed(name);
        final EthernetFlyweight ethernet = new EthernetFlyweight();
        assertTrue(ethernet.wrap(frame, 0, frame.capacity()));
        assertTrue(ipv4.wrap(frame, ethernet.payloadOffset(), ethernet.payloadLength()));
        assertTrue(ipv4.isChecksumValid());
        assertTrue(tcp.wrap(frame, ipv4.payloadOffset(), ipv4.payloadLength()));
        assertTrue(tcp.isChecksumValid(ipv4.pseudoHeader(ipv4.payloadLength())));
        return frame;
    }

    @Test
    void shouldWriteTheSynThatMacOsSent()
    {
        final byte[] expected = Frames.SEED.get("A1");
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[expected.length]);
        packet.setMemory(0, packet.capacity(), (byte)0x5a);
        packet.putBytes(0, expected, 0, 40);

        final TcpHeaderEncoder encoder = new TcpHeaderEncoder().init(packet, 40);
        final TcpOptionsEncoder list = new TcpOptionsEncoder().init(packet, encoder.optionsOffset());
        list.mss(16324).nop().windowScale(6).nop().nop().timestamps(1088656957, 0).sackPermitted().eol();
        encoder.srcPort(64512).dstPort(80).seq(0xa78ef313).ack(0).flags(TcpFlags.SYN, list.finish()).window(65535)
            .finish(Checksum.pseudoHeader(0, 1, 0, 1, IpProtocol.TCP, 44), 44);

        assertFalse(list.failed());
        assertEquals(Vectors.hex(expected), Vectors.hex(packet.byteArray()));
    }

    @Test
    void shouldWriteTheSynAckThatLinuxSent()
    {
        final UnsafeBuffer frame = Frames.linux("syn-ack");
        assertTrue(ipv4.wrap(frame, 14, frame.capacity() - 14));
        assertTrue(tcp.wrap(frame, ipv4.payloadOffset(), ipv4.payloadLength()));
        assertTrue(options.parse(frame, tcp.optionsOffset(), tcp.optionsLength()));
        assertEquals(1360, options.mss());
        assertTrue(options.sackPermitted());
        assertTrue(options.hasTimestamps());
        assertEquals(10, options.windowScale());
        assertEquals(TcpFlags.SYN | TcpFlags.ACK, tcp.flags());
        assertEquals(40, tcp.dataOffset());

        final UnsafeBuffer written = new UnsafeBuffer(new byte[frame.capacity()]);
        written.setMemory(0, written.capacity(), (byte)0x5a);
        written.putBytes(0, frame, 0, 34);
        final TcpHeaderEncoder encoder = new TcpHeaderEncoder().init(written, 34);
        final TcpOptionsEncoder list = new TcpOptionsEncoder().init(written, encoder.optionsOffset());
        list.syn(1360, true, true, options.tsVal(), options.tsEcr(), 10);
        encoder.srcPort(8080).dstPort(tcp.dstPort()).seq(tcp.seq()).ack(tcp.ack()).window(tcp.window())
            .flags(TcpFlags.SYN | TcpFlags.ACK, list.finish())
            .finish(ipv4.pseudoHeader(40), 40);
        assertEquals(Vectors.hex(frame.byteArray()), Vectors.hex(written.byteArray()));
    }

    @Test
    void shouldTellPartialFromCompleteChecksums()
    {
        assertChecksum("syn-partial", false, true);
        assertChecksum("data-partial", false, true);
        assertChecksum("syn-ack", true, false);
        assertChecksum("data", true, false);
        assertChecksum("fin-ack", true, false);
        assertChecksum6("syn-partial-6", false, true);
        assertChecksum6("syn-ack-6", true, false);
    }

    private void assertChecksum(final String name, final boolean complete, final boolean partial)
    {
        final UnsafeBuffer frame = Frames.linux(name);
        assertTrue(ipv4.wrap(frame, 14, frame.capacity() - 14));
        assertTrue(tcp.wrap(frame, ipv4.payloadOffset(), ipv4.payloadLength()));
        assertEquals(complete, tcp.isChecksumValid(ipv4.pseudoHeader(ipv4.payloadLength())), name);
        assertEquals(partial, tcp.isChecksumPartial(ipv4.pseudoHeader(ipv4.payloadLength())), name);
    }

    private void assertChecksum6(final String name, final boolean complete, final boolean partial)
    {
        final UnsafeBuffer frame = Frames.linux(name);
        assertTrue(ipv6.wrap(frame, 14, frame.capacity() - 14));
        assertTrue(tcp.wrap(frame, ipv6.payloadOffset(), ipv6.payloadLength()));
        assertEquals(complete, tcp.isChecksumValid(ipv6.pseudoHeader(ipv6.payloadLength())), name);
        assertEquals(partial, tcp.isChecksumPartial(ipv6.pseudoHeader(ipv6.payloadLength())), name);
    }

    @Test
    void shouldWriteOptionsInLinuxOrder()
    {
        assertEquals("020405b40402080a0102030405060708" + "01030307",
            syn(1460, true, true, 0x01020304, 0x05060708, 7));
        assertEquals("020405b401010402" + "01030302", syn(1460, true, false, 0, 0, 2));
        assertEquals("020405b40101080a0102030405060708",
            syn(1460, false, true, 0x01020304, 0x05060708, TcpOptionsDecoder.NO_WINDOW_SCALE));
        assertEquals("02040218", syn(536, false, false, 0, 0, TcpOptionsDecoder.NO_WINDOW_SCALE));
    }

    private static String syn(
        final int mss, final boolean sack, final boolean timestamps, final int tsVal, final int tsEcr, final int scale)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[TcpOption.MAX_OPTIONS_LENGTH]);
        final TcpOptionsEncoder encoder = new TcpOptionsEncoder().init(buffer, 0);
        final byte[] bytes = new byte[encoder.syn(mss, sack, timestamps, tsVal, tsEcr, scale).finish()];
        buffer.getBytes(0, bytes);
        return Vectors.hex(bytes);
    }
}
