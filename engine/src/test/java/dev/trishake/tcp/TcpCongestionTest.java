// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static dev.trishake.tcp.TestHost.A;
import static dev.trishake.tcp.TestHost.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How much is under way at once, and which window counts: RFC 5681, 6582, 9293 3.8.6 and 3.10.7.4. */
class TcpCongestionTest
{
    private static final int IRS = 999;
    private static final int MSS = 1460;
    private static final int WINDOW = 30_000; // scaled by 128

    private final TestHost host = new TestHost(TestHost.config().bufferLength(1 << 17));
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[1 << 17]);
    private final int listener = host.listen();
    private long handle;
    private int una;

    private void open()
    {
        una = host.open(IRS, WINDOW).seq + 1;
        handle = host.core.accept(listener);
    }

    /** Sends as much as there is room for; returns how many segments came out. */
    private int fill()
    {
        host.core.send(handle, scratch, 0, scratch.capacity(), host.nowNs, host.outbox);
        host.drain();
        return took();
    }

    private int took()
    {
        final int segments = host.sent.size();
        host.sent.clear();
        return segments;
    }

    private int ack(final int segments)
    {
        una += segments * MSS;
        host.in(A, IRS + 1, una, WINDOW, 0);
        return took();
    }

    @Test
    void shouldBeginWithTenSegmentsAndDoubleEachRoundTrip()
    {
        open();
        assertEquals(10, fill(), "RFC 6928");
        int sent = 0;
        for (int i = 0; i < 10; i++)
        {
            sent += ack(1);
        }
        assertEquals(20, sent, "two for each that is acknowledged");
        assertEquals(3, ack(2), "one ACK of two opens by one segment: RFC 5681 3.1");
    }

    @Test
    void shouldHalveAfterATimeoutAndThenGrowSlowly()
    {
        open();
        assertEquals(10, fill());
        host.advance(210 * MS);
        assertEquals(1, took(), "one segment");
        assertEquals(2, ack(1), "slow start");
        assertEquals(2, ack(1));
        assertEquals(2, ack(1));
        assertEquals(2, ack(1), "until half of the ten");
        assertEquals(1, ack(1), "then one more in a round trip: RFC 5681 3.1");
        assertEquals(1, ack(1));
    }

    @Test
    void shouldHalveAfterALossThatDuplicatesShow()
    {
        open();
        assertEquals(10, fill());
        for (int i = 0; i < 3; i++)
        {
            host.in(A, IRS + 1, una, WINDOW, 0);
        }
        assertEquals(1, took(), "the lost one");
        int more = 0;
        for (int i = 0; i < 6; i++)
        {
            host.in(A, IRS + 1, una, WINDOW, 0);
            more += took();
        }
        assertEquals(4, more, "5 + 3 + 6 are allowed, ten are out: RFC 5681 3.2");
        final int after = ack(14);
        assertTrue(after >= 1 && after <= 5, "half of what was under way: " + after);
    }

    @Test
    void shouldBelieveTheWindowOfTheNewestSegmentOnly()
    {
        una = host.open(IRS, 1000).seq + 1;
        handle = host.core.accept(listener);
        host.core.send(handle, scratch, 0, 10, host.nowNs, host.outbox);
        host.drain();
        took();
        host.in(A, IRS + 1, una + 10, 8, 0);
        host.in(A, IRS + 1, una, 1000, 0); // was sent before, came after
        host.core.send(handle, scratch, 0, 5000, host.nowNs, host.outbox);
        host.drain();
        assertEquals(8 << 7, host.out(A).data.length, "RFC 9293 3.10.7.4: SND.WL1, SND.WL2");
        host.outNothing();
    }

    @Test
    void shouldTellTheNewestRangeFirstAndAllOthersOnce()
    {
        open();
        host.in(A, IRS + 101, una, WINDOW, 100);
        host.in(A, IRS + 301, una, WINDOW, 100);
        host.in(A, IRS + 501, una, WINDOW, 100);
        took();
        host.in(A, IRS + 401, una, WINDOW, 50);
        assertEquals("0101051a" + "00000514000005aa" + "0000044c000004b0" + "000005dc00000640",
            Vectors.hex(host.out(A).optionBytes), "RFC 2018 4");
    }

    @Test
    void shouldNeverTakeBackAWindowThatItGave()
    {
        open();
        int edge = IRS + 1 + (host.in(A, IRS + 1, una, WINDOW, 1).out(A).window << 8);
        int seq = IRS + 2;
        for (int i = 0; i < 200; i++)
        {
            final int length = 1 + i * 37 % 1400;
            host.in(A, seq, una, WINDOW, length);
            seq += length;
            host.advance(42 * MS);
            while (!host.sent.isEmpty())
            {
                final TestHost.Out ack = host.out(A);
                final int now = ack.ack + (ack.window << 8);
                assertTrue(now - edge >= -256, "RFC 9293 3.8.6: more than scaling loses, " + (edge - now));
                edge = Seq.max(edge, now);
            }
            if (i % 3 == 0)
            {
                host.core.receive(handle, scratch, 0, 100, host.nowNs, host.outbox);
                host.drain();
            }
        }
    }
}
