// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.FourTuple;
import dev.trishake.support.Vectors;
import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import static dev.trishake.tcp.TestHost.A;
import static dev.trishake.tcp.TestHost.F;
import static dev.trishake.tcp.TestHost.P;
import static dev.trishake.tcp.TestHost.R;
import static dev.trishake.tcp.TestHost.S;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The traces of wire/tcp.md section 16 with their raw numbers: A and B are seed 002's captures, C seed 003's rules. */
class TcpVectorTest
{
    private final TestHost host = new TestHost(TestHost.config());

    private static Consumer<TcpOptionsEncoder> raw(final String hex)
    {
        // a list is whole once it is written: what is not known here is written as it stands, two bytes a time
        final byte[] bytes = Vectors.hex(hex);
        return options ->
        {
            int at = 0;
            while (at < bytes.length)
            {
                switch (bytes[at])
                {
                    case 0 ->
                    {
                        options.eol();
                        return;
                    }
                    case 1 -> options.nop();
                    case 2 -> options.mss((bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff));
                    case 3 -> options.windowScale(bytes[at + 2]);
                    case 4 -> options.sackPermitted();
                    default -> options.timestamps(
                        new UnsafeBuffer(bytes).getInt(at + 2, ByteOrder.BIG_ENDIAN),
                        new UnsafeBuffer(bytes).getInt(at + 6, ByteOrder.BIG_ENDIAN));
                }
                at += bytes[at] == 1 ? 1 : bytes[at + 1];
            }
        };
    }

    @Test
    void shouldRefuseAsTheSeedsIpv6LoopbackDid()
    {
        host.tuple.local(0, 1, 80).remote(0, 1, 64512);
        final String options = "02043fc40103030601 01080a40e3963d00000000 04020000".replace(" ", "");
        host.in(S, 0xa78ef313, 0, 65535, new byte[0], raw(options));
        final TestHost.Out reset = host.out(R | A);
        assertEquals(0, reset.seq);
        assertEquals((int)2811163412L, reset.ack);
        assertEquals(0, reset.window);
        assertEquals(0, reset.optionBytes.length);
        host.outNothing();
    }

    @Test
    void shouldAnswerTheSeedsIpv4LoopbackSyn()
    {
        host.listen();
        host.tuple.localIpv4(0x7f000001, 80).remoteIpv4(0x7f000001, 64513);
        host.in(S, 0x41258bcc, 0, 65535, new byte[0], raw("02043fd801030306 0101080a40e3963d0000000004020000"));
        final TestHost.Out synAck = host.out(S | A);
        assertEquals(1092979661, synAck.ack);
        final UnsafeBuffer options = new UnsafeBuffer(synAck.optionBytes);
        assertEquals(1088656957, options.getInt(12, ByteOrder.BIG_ENDIAN), "TSecr");
        assertEquals("020405b40402080a", Vectors.hex(synAck.optionBytes).substring(0, 16));
        assertEquals("01030308", Vectors.hex(synAck.optionBytes).substring(32));
    }

    @Test
    void shouldBeTheServerOfTheSeedsFrames78To82()
    {
        final int listener = host.core.listen(0, 0, 8067, 8);
        host.tuple.localIpv4(0xc0a8162c, 8067).remoteIpv4(0xc0a81635, 49153);
        host.in(S, 292421888, 0, 64240, new byte[0], raw("020405b4010303080101 0402"));
        final TestHost.Out synAck = host.out(S | A);
        assertEquals(292421889, synAck.ack);
        assertEquals("020405b40101040201030308", Vectors.hex(synAck.optionBytes));
        host.in(A, 292421889, synAck.seq + 1, 256, 0);
        host.outNothing();
        final long handle = host.core.accept(listener);
        assertEquals(TcpState.ESTABLISHED, host.core.state(handle));
        final byte[] get = "GET /upnpdevicedesc.xml HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
        final byte[] request = new byte[205];
        System.arraycopy(get, 0, request, 0, get.length);
        host.in(P | A, 292421889, synAck.seq + 1, 256, request, none -> { });
        assertEquals(292422094, host.out(A).ack);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1000]);
        assertEquals(205, host.core.receive(handle, buffer, 0, 1000, host.nowNs, host.outbox));
        final byte[] received = new byte[205];
        buffer.getBytes(0, received);
        assertArrayEquals(request, received);
        // raw window 256 << 8 = 65536: so much may be in flight, as far as slow start lets it
        final int sent = host.core.send(handle, new UnsafeBuffer(new byte[16384]), 0, 16384, host.nowNs, host.outbox);
        host.drain();
        assertEquals(16384, sent);
        assertEquals(10, host.sent.size());
        assertEquals(1460, host.out(A).data.length);
    }

    @Test
    void shouldBeTheClientOfTheSeedsFrames78To82()
    {
        final FourTuple tuple = host.tuple.localIpv4(0xc0a81635, 49153).remoteIpv4(0xc0a8162c, 8067);
        final long handle = host.core.connect(tuple, host.nowNs, host.outbox);
        host.drain();
        final TestHost.Out syn = host.out(S);
        host.in(S | A, 254688666, syn.seq + 1, 4380, new byte[0], raw("020405b40101040201030302"));
        final TestHost.Out ack = host.out(A);
        assertEquals(254688667, ack.ack);
        assertEquals(syn.seq + 1, ack.seq);
        assertEquals(TcpState.ESTABLISHED, host.core.state(handle));
        host.core.send(handle, new UnsafeBuffer(new byte[10_000]), 0, 10_000, host.nowNs, host.outbox);
        host.drain();
        int bytes = 0;
        while (!host.sent.isEmpty())
        {
            bytes += host.out().data.length;
        }
        assertEquals(4380, bytes, "the SYN-ACK's window is not scaled");
    }

    @Test
    void shouldAnswerAWrongSynAckWithReset()
    {
        // seed 002: why two handshakes are not enough
        host.core.connect(host.tuple, host.nowNs, host.outbox);
        host.drain();
        final TestHost.Out syn = host.out(S);
        host.in(S | A, 5000, syn.seq + 77, 1000, 0);
        assertEquals(syn.seq + 77, host.out(R).seq);
        assertEquals(TcpState.SYN_SENT, host.core.state(host.tuple));
    }

    @Test
    void shouldCloseWithFourSegmentsAsSeed003Says()
    {
        final int listener = host.listen();
        final int y = host.open(999, 1000).seq;
        final long handle = host.core.accept(listener);
        final int u = y + 1;
        assertEquals(TcpResult.OK, host.core.close(handle, host.nowNs, host.outbox));
        host.drain();
        assertEquals(u, host.out(F | A).seq);
        assertEquals(TcpState.FIN_WAIT_1, host.core.state(host.tuple));
        host.in(A, 1000, u + 1, 1000, 0);
        assertEquals(TcpState.FIN_WAIT_2, host.core.state(host.tuple));
        host.in(F | A, 1000, u + 1, 1000, 0);
        final TestHost.Out last = host.out(A);
        assertEquals(u + 1, last.seq);
        assertEquals(1001, last.ack);
        assertEquals(TcpState.TIME_WAIT, host.core.state(host.tuple));
        host.advance(30 * TestHost.SECOND).in(F | A, 1000, u + 1, 1000, 0);
        assertEquals(1001, host.out(A).ack);
        host.advance(50 * TestHost.SECOND);
        assertEquals(TcpState.TIME_WAIT, host.core.state(host.tuple), "its FIN again starts 2MSL anew");
        host.advance(11 * TestHost.SECOND);
        assertEquals(TcpState.LISTEN, host.core.state(host.tuple));
    }

    @Test
    void shouldSendTheSynAckAgainAfter1And2And4AndSoOnAndThenForget()
    {
        host.listen();
        host.in(S, 999, 0, 1000, 0);
        final TestHost.Out first = host.out(S | A);
        long waited = 0;
        for (final int seconds : new int[]{1, 2, 4, 8, 16})
        {
            host.advance(seconds * TestHost.SECOND - 2 * TestHost.MS);
            host.outNothing();
            host.advance(4 * TestHost.MS);
            assertEquals(first.seq, host.out(S | A).seq);
            waited += seconds;
        }
        assertEquals(31, waited);
        host.advance(31 * TestHost.SECOND);
        assertEquals(TcpState.SYN_RECEIVED, host.core.state(host.tuple));
        host.advance(2 * TestHost.SECOND);
        assertEquals(TcpState.LISTEN, host.core.state(host.tuple));
        host.in(A, 1000, first.seq + 1, 1000, 0);
        assertEquals(first.seq + 1, host.out(R).seq);
        assertTrue(host.core.counters().get(TcpCounter.SYN_RETRANS) == 5);
    }
}
