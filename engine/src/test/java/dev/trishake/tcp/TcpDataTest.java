// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;

import static dev.trishake.tcp.TestHost.A;
import static dev.trishake.tcp.TestHost.F;
import static dev.trishake.tcp.TestHost.MS;
import static dev.trishake.tcp.TestHost.P;
import static dev.trishake.tcp.TestHost.R;
import static dev.trishake.tcp.TestHost.S;
import static dev.trishake.tcp.TestHost.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Data on an open connection: reassembly, retransmission, windows, keepalive, timestamps: wire/tcp.md 1, 9, 13, 14. */
class TcpDataTest
{
    private static final int IRS = 999;
    private static final int MSS = 1460;

    private final TestHost host = new TestHost(TestHost.config());
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[1 << 14]);
    private final int listener = host.listen();
    private long handle;
    private int una;

    private void open(final int window)
    {
        una = host.open(IRS, window).seq + 1;
        handle = host.core.accept(listener);
    }

    private int send(final int length)
    {
        final int taken = host.core.send(handle, scratch, 0, length, host.nowNs, host.outbox);
        host.drain();
        return taken;
    }

    private int receive(final int length)
    {
        final int count = host.core.receive(handle, scratch, 0, length, host.nowNs, host.outbox);
        host.drain();
        return count;
    }

    @Test
    void shouldPutTogetherWhatComesOutOfOrderAndTellWithSack()
    {
        open(1000);
        host.in(A, 1100, una, 1000, 100);
        assertEquals("0101050a0000044c000004b0", Vectors.hex(host.out(A).optionBytes));
        host.in(A, 1300, una, 1000, 100);
        assertEquals("01010512000005140000057800000" + "44c000004b0", Vectors.hex(host.out(A).optionBytes));
        assertEquals(0, receive(1000));
        host.in(A, 1200, una, 1000, 100);
        assertEquals("0101050a0000044c00000578", Vectors.hex(host.out(A).optionBytes), "joined");
        host.in(A, 1000, una, 1000, 100);
        final TestHost.Out ack = host.out(A);
        assertEquals(1400, ack.ack);
        assertEquals(0, ack.optionBytes.length);
        assertEquals(400, receive(1000));
        for (int i = 0; i < 400; i++)
        {
            assertEquals((byte)(1000 + i), scratch.getByte(i));
        }
        assertEquals(0, host.core.buffersInUse());
    }

    @Test
    void shouldTakeAFinThatCameBeforeTheData()
    {
        open(1000);
        host.in(F | A, 1100, una, 1000, 0);
        assertEquals(1000, host.out(A).ack);
        host.in(A, 1000, una, 1000, 100);
        assertEquals(1101, host.out(A).ack);
        assertEquals(TcpState.CLOSE_WAIT, host.core.state(handle));
        assertEquals(100, receive(1000));
        assertEquals(TcpResult.END_OF_STREAM, receive(1000));
    }

    @Test
    void shouldSendAgainAfterTheTimeoutAndDoubleIt()
    {
        open(1000);
        send(100);
        final int seq = host.out(P | A).seq;
        long waitMs = 200;
        for (int i = 0; i < 4; i++)
        {
            host.advance((waitMs - 1) * MS);
            host.outNothing();
            host.advance(3 * MS);
            assertEquals(seq, host.out(P | A).seq, "after " + waitMs + " ms");
            waitMs *= 2;
        }
        host.in(A, 1000, una + 100, 1000, 0);
        host.advance(100 * SECOND);
        host.outNothing();
    }

    @Test
    void shouldGiveBackItsBufferOnceDataAndFinAreAcknowledged()
    {
        open(1000);
        send(100);
        host.out(P | A);
        host.core.shutdown(handle, host.nowNs, host.outbox);
        host.drain();
        assertEquals(una + 100, host.out(F | A).seq);
        assertEquals(1, host.core.buffersInUse());
        host.in(A, 1000, una + 101, 1000, 0);
        assertEquals(TcpState.FIN_WAIT_2, host.core.state(handle));
        assertEquals(0, host.core.buffersInUse());
        host.advance(100 * SECOND);
        host.outNothing();
        assertEquals(TcpState.FIN_WAIT_2, host.core.state(handle), "no limit while there is a user");
        host.core.close(handle, host.nowNs, host.outbox);
        host.advance(61 * SECOND);
        assertEquals(TcpState.LISTEN, host.core.state(host.tuple));
    }

    @Test
    void shouldEndAKeepAliveWithItsUser()
    {
        open(1000);
        host.core.keepAlive(handle, true, host.nowNs);
        host.core.close(handle, host.nowNs, host.outbox);
        host.drain();
        host.out(F | A);
        host.advance(7300 * SECOND);
        assertEquals(TcpState.FIN_WAIT_1, host.core.state(host.tuple), "its FIN is only sent again");
    }

    @Test
    void shouldGiveUpAfterTooManyTimeouts()
    {
        open(1000);
        send(100);
        for (int i = 0; i < 40; i++)
        {
            host.advance(121 * SECOND);
        }
        assertEquals(1 + 15, host.sent.size());
        assertEquals(TcpResult.TIMED_OUT, receive(10));
        assertEquals(TcpResult.OK, host.core.close(handle, host.nowNs, host.outbox));
        assertEquals(0, host.core.connections() + host.core.buffersInUse());
    }

    @Test
    void shouldSendTheLostSegmentAgainAtTheThirdDuplicate()
    {
        open(1000);
        send(10 * MSS);
        assertEquals(10, host.sent.size());
        host.sent.clear();
        host.in(A, 1000, una, 1000, 0).in(A, 1000, una, 1000, 0);
        host.outNothing();
        host.in(A, 1000, una, 1000, 0);
        final TestHost.Out again = host.out(A);
        assertEquals(una, again.seq);
        assertEquals(MSS, again.data.length);
        host.in(A, 1000, una + 3 * MSS, 1000, 0);
        assertEquals(una + 3 * MSS, host.out(A).seq, "a partial ACK shows the next one lost");
        host.in(A, 1000, una + 10 * MSS, 1000, 0);
        assertEquals(1, host.core.counters().get(TcpCounter.FAST_RETRANS));
        assertEquals(0, host.core.buffersInUse());
    }

    @Test
    void shouldDelayAcknowledgmentsOnceTheStartIsOver()
    {
        open(1000);
        int seq = 1000;
        for (int i = 0; i < Receiver.QUICK_ACKS; i++)
        {
            host.in(A, seq, una, 1000, 10);
            seq += 10;
            host.out(A);
        }
        host.in(A, seq, una, 1000, 10);
        host.outNothing();
        host.advance(42 * MS);
        assertEquals(seq + 10, host.out(A).ack);
        host.in(A, seq + 10, una, 1000, 10).in(A, seq + 20, una, 1000, 10);
        assertEquals(seq + 30, host.out(A).ack, "every second segment at once");
        host.in(A, seq + 30, una, 1000, 10);
        send(5);
        assertEquals(seq + 40, host.out(P | A).ack, "with data");
        host.advance(100 * MS);
        host.outNothing();
    }

    @Test
    void shouldProbeAClosedWindowForAsLongAsThePeerAnswers()
    {
        open(1000);
        host.in(A, 1000, una, 0, 0);
        assertEquals(100, send(100));
        host.outNothing();
        for (int i = 0; i < 30; i++)
        {
            host.advance(121 * SECOND);
            final TestHost.Out probe = host.out(A);
            assertEquals(una - 1, probe.seq);
            host.in(A, 1000, una, 0, 0);
        }
        host.in(A, 1000, una, 50, 0);
        final TestHost.Out data = host.out(P | A);
        assertEquals(100, data.data.length, "50 << 7 is open");
    }

    @Test
    void shouldStopThePeerWhenTheBufferIsFullAndTellItWhenThereIsRoom()
    {
        open(1000);
        int seq = 1000;
        TestHost.Out ack = null;
        do
        {
            final int room = ack == null ? 1000 : Math.min(1000, ack.window << 8);
            host.in(A, seq, una, 1000, room);
            seq += room;
            host.advance(42 * MS);
            while (!host.sent.isEmpty())
            {
                ack = host.out(A);
            }
            assertEquals(seq, ack.ack);
        }
        while (ack.window > 0);
        assertTrue(seq - 1000 > 15_000 && seq - 1000 <= 1 << 14);
        host.in(A, seq + 256, una, 1000, 1);
        assertEquals(seq, host.out(A).ack, "nothing more is taken");
        assertEquals(100, receive(100));
        host.outNothing();
        receive(8192);
        assertTrue(host.out(A).window << 8 >= 8192, "the window is open again");
    }

    @Test
    void shouldDropOldTimestampsButNotResets()
    {
        host.in(S, IRS, 0, 1000, 0, options -> options.syn(1460, true, true, 5000, 0, 7));
        final TestHost.Out synAck = host.out(S | A);
        final int ours = new UnsafeBuffer(synAck.optionBytes).getInt(8, ByteOrder.BIG_ENDIAN);
        host.in(A, IRS + 1, synAck.seq + 1, 1000, 0, options -> options.nop().nop().timestamps(5001, ours));
        host.outNothing();
        host.in(A, IRS + 1, synAck.seq + 1, 1000, 10, options -> options.nop().nop().timestamps(4999, ours));
        assertEquals(IRS + 1, host.out(A).ack);
        assertEquals(1, host.core.counters().get(TcpCounter.PAWS_ESTAB));
        host.in(A, IRS + 1, synAck.seq + 1, 1000, 10, options -> options.nop().nop().timestamps(5001, ours));
        final TestHost.Out ack = host.out(A);
        assertEquals(IRS + 11, ack.ack);
        assertEquals(5001, new UnsafeBuffer(ack.optionBytes).getInt(8, ByteOrder.BIG_ENDIAN));
        host.in(R, IRS + 11, 0, 0, 0, options -> options.nop().nop().timestamps(1, 0));
        handle = host.core.accept(listener);
        assertEquals(10, receive(100));
        assertEquals(TcpResult.RESET, receive(100), "a reset before it was accepted");
    }

    @Test
    void shouldProbeASilentPeerAndGiveItUp()
    {
        open(1000);
        assertEquals(TcpResult.OK, host.core.keepAlive(handle, true, host.nowNs));
        host.advance(7199 * SECOND);
        host.outNothing();
        for (int i = 0; i < 9; i++)
        {
            host.advance(76 * SECOND);
            assertEquals(una - 1, host.out(A).seq);
        }
        host.advance(76 * SECOND);
        host.out(R | A);
        assertEquals(TcpResult.TIMED_OUT, receive(1));
    }

    @Test
    void shouldResetWhenClosedWithUnreadData()
    {
        open(1000);
        host.in(P | A, 1000, una, 1000, 10);
        host.out(A);
        assertEquals(TcpResult.OK, host.core.close(handle, host.nowNs, host.outbox));
        host.drain();
        final TestHost.Out reset = host.out(R | A);
        assertEquals(una, reset.seq);
        assertEquals(0, host.core.connections() + host.core.buffersInUse());
        assertEquals(TcpResult.CLOSED, receive(1));
    }

    @Test
    void shouldLimitAnswersToUnacceptableSegments()
    {
        final TestHost limited = new TestHost(TestHost.config().invalidRateLimitNs(500 * MS));
        limited.listen();
        final int ack = limited.open(IRS, 1000).seq + 1;
        for (int i = 0; i < 10; i++)
        {
            limited.in(S, 5_000_000, 0, 1000, 0);
        }
        assertEquals(1, limited.sent.size());
        limited.sent.clear();
        limited.advance(501 * MS).in(A, 900, ack, 1000, 0);
        assertEquals(1000, limited.out(A).ack);
    }

    @Test
    void shouldReuseATimeWaitForANewerSynAndItsIsnGoesOn()
    {
        open(1000);
        host.core.close(handle, host.nowNs, host.outbox);
        host.drain();
        host.out(F | A);
        host.in(F | A, 1000, una + 1, 1000, 0);
        host.out(A);
        assertEquals(1, host.core.timeWaits());
        host.in(S, 5000, 0, 1000, 0);
        assertEquals(una + 1 + 65537, host.out(S | A).seq, "K(p18)");
        assertEquals(0, host.core.timeWaits());
    }

    @Test
    void shouldChangeNothingWhenTheOutboxIsFull()
    {
        open(1000);
        final int stuffed = 127; // 8 KiB packets until nothing fits
        int claimed = 0;
        while (host.outbox.reserve(0, 1, 8192))
        {
            host.outbox.commit(host.outbox.claim(stuffed, 8192));
            claimed++;
        }
        while (host.outbox.reserve(0, 1, 8))
        {
            host.outbox.commit(host.outbox.claim(stuffed, 8));
        }
        assertTrue(claimed > 10);
        final int length = host.encode(P | A, 1000, una, 1000, new byte[10], options -> { });
        assertEquals(Outcome.BACK_PRESSURED,
            host.core.onPacket(host.packet, 0, length, host.nowNs, host.outbox));
        assertEquals(10, host.core.send(handle, scratch, 0, 10, host.nowNs, host.outbox), "taken all the same");
        assertEquals(TcpResult.BACK_PRESSURED, host.core.abort(handle, host.nowNs, host.outbox));
        assertEquals(TcpResult.BACK_PRESSURED, host.core.connect(
            new FourTuple().localIpv4(TestHost.LOCAL, 0).remoteIpv4(TestHost.REMOTE, 99),
            host.nowNs, host.outbox));
        while (host.ring.size() > 0)
        {
            host.ring.read((type, buffer, index, ignored) -> { });
        }
        host.advance(1);
        assertEquals(10, host.out(P | A).data.length, "sent at the next call of onTimers");
        assertEquals(Outcome.DONE,
            host.core.onPacket(host.packet, 0, length, host.nowNs, host.outbox));
        host.drain();
        assertEquals(1010, host.out(A).ack);
    }
}
