// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.wire.ip.IcmpEncoder;
import dev.trishake.wire.ip.IcmpFlyweight;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
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
