// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IcmpEncoder;
import dev.trishake.wire.ip.IcmpFlyweight;
import dev.trishake.wire.ip.Icmpv6Flyweight;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Encoder;
import dev.trishake.wire.ip.Ipv6Flyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;

import static dev.trishake.tcp.TestHost.A;
import static dev.trishake.tcp.TestHost.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** ICMP about our segments, and pings: wire/tcp.md 14. */
class IcmpInputTest
{
    private final TestHost host = new TestHost(TestHost.config());
    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[2000]);

    /** An error of this type and code that quotes a segment of ours with this number. */
    private void error(final int type, final int code, final int mtu, final int seq)
    {
        final IcmpEncoder icmp = new IcmpEncoder().init(packet, 20, type).code(code);
        if (mtu > 0)
        {
            icmp.mtu(mtu);
        }
        final Ipv4Encoder quoted = new Ipv4Encoder().init(packet, icmp.payloadOffset());
        quoted.protocol(IpProtocol.TCP).source(TestHost.LOCAL).destination(TestHost.REMOTE).finish(100);
        packet.putInt(quoted.payloadOffset(), host.tuple.localPort() << 16 | host.tuple.remotePort(),
            ByteOrder.BIG_ENDIAN);
        packet.putInt(quoted.payloadOffset() + 4, seq, ByteOrder.BIG_ENDIAN);
        deliver(icmp.finish(0, 28));
    }

    private void deliver(final int icmpLength)
    {
        final int length = new Ipv4Encoder().init(packet, 0).protocol(IpProtocol.ICMP)
            .source(0x01020304).destination(TestHost.LOCAL).finish(icmpLength);
        assertEquals(Outcome.DONE, host.core.onPacket(packet, 0, length, host.nowNs, host.outbox));
    }

    @Test
    void shouldFailAnOpenOnAHardErrorInFlightOnly()
    {
        final long handle = host.core.connect(host.tuple, host.nowNs, host.outbox);
        host.drain();
        final int iss = host.out(S).seq;
        error(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.PORT_UNREACHABLE, 0, iss + 1);
        assertEquals(TcpState.SYN_SENT, host.core.state(handle), "RFC 5927 4.1");
        error(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.HOST_UNREACHABLE, 0, iss);
        assertEquals(TcpState.SYN_SENT, host.core.state(handle), "MUST-56");
        error(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.PORT_UNREACHABLE, 0, iss);
        assertEquals(TcpState.CLOSED, host.core.state(handle));
        assertEquals(TcpResult.REFUSED, host.core.receive(handle, packet, 0, 1, host.nowNs, host.outbox));
    }

    @Test
    void shouldSurviveHardErrorsOnceOpenAndMakeSegmentsSmaller()
    {
        final int listener = host.listen();
        final int una = host.open(999, 1000).seq + 1;
        final long handle = host.core.accept(listener);
        host.core.send(handle, packet, 0, 1460, host.nowNs, host.outbox);
        host.drain();
        assertEquals(1460, host.out().data.length);
        error(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.PORT_UNREACHABLE, 0, una);
        assertEquals(TcpState.ESTABLISHED, host.core.state(handle), "RFC 5927 5.2");
        error(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.FRAGMENTATION_NEEDED, 1000, una);
        host.drain();
        final TestHost.Out again = host.out();
        assertEquals(una, again.seq);
        assertEquals(960, again.data.length);
        assertEquals(500, host.out().data.length);
        error(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.FRAGMENTATION_NEEDED, 68, una);
        host.drain();
        assertEquals(552 - 40, host.out().data.length, "not smaller than that");
    }

    @Test
    void shouldForgetAHalfOpenConnectionOnAHardError()
    {
        host.listen();
        host.in(S, 999, 0, 1000, 0);
        final int iss = host.out(S | A).seq;
        error(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.PORT_UNREACHABLE, 0, iss + 5);
        assertEquals(1, host.core.halfOpen());
        error(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.PORT_UNREACHABLE, 0, iss);
        assertEquals(0, host.core.halfOpen());
    }

    @Test
    void shouldAnswerAPing()
    {
        final IcmpEncoder echo = new IcmpEncoder().init(packet, 20, IcmpFlyweight.ECHO).echo(7, 9);
        packet.putStringWithoutLengthAscii(echo.payloadOffset(), "hello");
        deliver(echo.finish(0, 5));
        final Ipv4Flyweight ip = new Ipv4Flyweight();
        final IcmpFlyweight icmp = new IcmpFlyweight();
        final int read = host.ring.read((type, buffer, index, length) ->
        {
            assertTrue(ip.wrap(
                buffer, OutboxRecord.payloadIndex(index), OutboxRecord.payloadLength(length)));
            assertTrue(ip.isChecksumValid() && ip.source() == TestHost.LOCAL && ip.destination() == 0x01020304);
            assertTrue(icmp.wrap(buffer, ip.payloadOffset(), ip.payloadLength()) && icmp.isChecksumValid());
            assertEquals(IcmpFlyweight.ECHO_REPLY, icmp.type());
            assertEquals(7, icmp.identifier());
            assertEquals(9, icmp.sequenceNumber());
            assertEquals("hello", buffer.getStringWithoutLengthAscii(icmp.payloadOffset(), icmp.payloadLength()));
        });
        assertEquals(1, read);
    }

    /** An error of ICMPv6 that quotes a segment of ours with this number. */
    private void error6(final int type, final int code, final int mtu, final int seq)
    {
        final IcmpEncoder icmp = new IcmpEncoder().init(packet, 40, type).code(code);
        if (mtu > 0)
        {
            icmp.mtu(mtu);
        }
        final Ipv6Encoder quoted = new Ipv6Encoder().init(packet, icmp.payloadOffset());
        quoted.protocol(IpProtocol.TCP).source(1, 2).destination(3, 4).finish(100);
        final int tcpOffset = icmp.payloadOffset() + 40;
        packet.putInt(tcpOffset, host.tuple.localPort() << 16 | host.tuple.remotePort(), ByteOrder.BIG_ENDIAN);
        packet.putInt(tcpOffset + 4, seq, ByteOrder.BIG_ENDIAN);
        deliver6(icmp, 48);
    }

    private void deliver6(final IcmpEncoder icmp, final int payloadLength)
    {
        final int length = IcmpFlyweight.HEADER_LENGTH + payloadLength;
        icmp.finish(Checksum.pseudoHeader(5, 6, 1, 2, IpProtocol.ICMPV6, length), payloadLength);
        final int packetLength = new Ipv6Encoder().init(packet, 0).protocol(IpProtocol.ICMPV6)
            .source(5, 6).destination(1, 2).finish(length);
        assertEquals(Outcome.DONE, host.core.onPacket(packet, 0, packetLength, host.nowNs, host.outbox));
    }

    @Test
    void shouldFailAnOpenOfIpv6OnAHardErrorInFlightOnly()
    {
        host.tuple.local(1, 2, 1024).remote(3, 4, 80);
        final long handle = host.core.connect(host.tuple, host.nowNs, host.outbox);
        host.drain();
        final int iss = host.out(S).seq;
        error6(Icmpv6Flyweight.DESTINATION_UNREACHABLE, Icmpv6Flyweight.PORT_UNREACHABLE, 0, iss + 1);
        error6(Icmpv6Flyweight.DESTINATION_UNREACHABLE, Icmpv6Flyweight.NO_ROUTE, 0, iss);
        error6(Icmpv6Flyweight.DESTINATION_UNREACHABLE, Icmpv6Flyweight.ADDRESS_UNREACHABLE, 0, iss);
        assertEquals(TcpState.SYN_SENT, host.core.state(handle));
        error6(Icmpv6Flyweight.DESTINATION_UNREACHABLE, Icmpv6Flyweight.PROHIBITED, 0, iss);
        assertEquals(TcpState.CLOSED, host.core.state(handle), "RFC 4443 3.1, RFC 5461 2");
        assertEquals(TcpResult.UNREACHABLE, host.core.receive(handle, packet, 0, 1, host.nowNs, host.outbox));
        assertEquals(1, host.core.counters().get(TcpCounter.OUT_OF_WINDOW_ICMPS));
    }

    @Test
    void shouldMakeSegmentsOfIpv6SmallerButNotBelow1280()
    {
        host.tuple.local(1, 2, 80).remote(3, 4, 1025);
        final int listener = host.listen();
        host.in(S, 999, 0, 10_000, 0, options -> options.mss(1440));
        final int una = host.out(S | A).seq + 1;
        host.in(A, 1000, una, 10_000, 0);
        host.core.send(host.core.accept(listener), packet, 0, 1440, host.nowNs, host.outbox);
        host.drain();
        assertEquals(1440, host.out().data.length);
        error6(Icmpv6Flyweight.PACKET_TOO_BIG, 0, 1400, una + 1_000_000);
        host.drain();
        host.outNothing();
        error6(Icmpv6Flyweight.PACKET_TOO_BIG, 0, 1400, una);
        host.drain();
        assertEquals(1340, host.out().data.length);
        assertEquals(100, host.out().data.length);
        error6(Icmpv6Flyweight.PACKET_TOO_BIG, 0, 68, una);
        host.drain();
        assertEquals(1220, host.out().data.length, "RFC 8201 4");
    }

    @Test
    void shouldAnswerAPingOfIpv6()
    {
        final IcmpEncoder echo = new IcmpEncoder().init(packet, 40, Icmpv6Flyweight.ECHO_REQUEST).echo(7, 9);
        packet.putStringWithoutLengthAscii(echo.payloadOffset(), "hello");
        deliver6(echo, 5);
        final Ipv6Flyweight ip = new Ipv6Flyweight();
        final Icmpv6Flyweight icmp = new Icmpv6Flyweight();
        final int read = host.ring.read((type, buffer, index, length) ->
        {
            assertTrue(ip.wrap(buffer, OutboxRecord.payloadIndex(index), OutboxRecord.payloadLength(length)));
            assertTrue(ip.sourceHigh() == 1 && ip.sourceLow() == 2 && ip.destinationHigh() == 5);
            assertTrue(icmp.wrap(buffer, ip.payloadOffset(), ip.payloadLength()));
            assertTrue(icmp.isChecksumValid(ip.pseudoHeader(ip.payloadLength())));
            assertEquals(Icmpv6Flyweight.ECHO_REPLY, icmp.type());
            assertEquals(7, icmp.identifier());
            assertEquals(9, icmp.sequenceNumber());
            assertEquals("hello", buffer.getStringWithoutLengthAscii(icmp.payloadOffset(), icmp.payloadLength()));
        });
        assertEquals(1, read);
    }

    @Test
    void shouldCountWhatIsDamaged()
    {
        host.listen();
        final int length = host.encode(S, 999, 0, 1000, new byte[0], options -> { });
        host.packet.putByte(25, (byte)(host.packet.getByte(25) ^ 1)); // of the sequence number
        assertEquals(Outcome.DONE, host.core.onPacket(host.packet, 0, length, host.nowNs, host.outbox));
        host.packet.putByte(0, (byte)0x55);
        assertEquals(Outcome.DONE, host.core.onPacket(host.packet, 0, length, host.nowNs, host.outbox));
        assertEquals(Outcome.DONE, host.core.onPacket(host.packet, 0, 0, host.nowNs, host.outbox));
        assertEquals(3, host.core.counters().get(TcpCounter.IN_ERRS));
        assertEquals(1, host.core.counters().get(TcpCounter.IN_CSUM_ERRORS), "of these, as Linux counts");
        assertEquals(0, host.core.counters().get(TcpCounter.IN_SEGS));
        assertEquals(0, host.core.halfOpen());
    }

    @Test
    void shouldIgnoreWhatIsNotForUs()
    {
        final TestHost addressed = new TestHost(TestHost.config().addressIpv4(TestHost.LOCAL));
        addressed.tuple.localIpv4(TestHost.LOCAL + 1, 80);
        addressed.in(S, 999, 0, 1000, 0);
        addressed.tuple.localIpv4(-1, 80);
        addressed.in(S, 999, 0, 1000, 0);
        addressed.tuple.localIpv4(TestHost.LOCAL, 80).remoteIpv4(0xe0000001, 1025);
        addressed.in(S, 999, 0, 1000, 0);
        addressed.tuple.remoteIpv4(TestHost.LOCAL, 1025);
        addressed.in(S, 999, 0, 1000, 0);
        addressed.tuple.remoteIpv4(TestHost.REMOTE, 0);
        addressed.in(S, 999, 0, 1000, 0);
        addressed.outNothing();
        assertEquals(5, addressed.core.counters().get(TcpCounter.IP_IN_DISCARDS));
    }
}
