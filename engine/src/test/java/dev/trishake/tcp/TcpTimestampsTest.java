// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.function.Consumer;

import static dev.trishake.tcp.TestHost.A;
import static dev.trishake.tcp.TestHost.F;
import static dev.trishake.tcp.TestHost.MS;
import static dev.trishake.tcp.TestHost.P;
import static dev.trishake.tcp.TestHost.R;
import static dev.trishake.tcp.TestHost.S;
import static dev.trishake.tcp.TestHost.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Timestamps: what is echoed, what is too old, what reopens a TIME-WAIT; RFC 7323, RFC 6191, wire/tcp.md 1, 6, 10. */
class TcpTimestampsTest
{
    private static final int IRS = 999;
    private static final int THEIRS = 5000;
    private static final int TS_VAL = 4; // behind two NOPs and the option's head
    private static final int TS_ECR = 8;

    private final TestHost host = new TestHost(TestHost.config());
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[1 << 14]);
    private final int listener = host.listen();
    private long handle;
    private int una;
    private int ours;

    private static Consumer<TcpOptionsEncoder> timestamps(final int value, final int echo)
    {
        return options -> options.nop().nop().timestamps(value, echo);
    }

    private static int option(final TestHost.Out out, final int offset)
    {
        return new UnsafeBuffer(out.optionBytes).getInt(offset, ByteOrder.BIG_ENDIAN);
    }

    private TestHost.Out syn()
    {
        host.in(S, IRS, 0, 1000, 0, options -> options.syn(1460, true, true, THEIRS, 0, 7));
        final TestHost.Out synAck = host.out(S | A);
        ours = option(synAck, 8); // behind MSS and SACK-permitted
        una = synAck.seq + 1;
        return synAck;
    }

    private void open()
    {
        syn();
        host.in(A, IRS + 1, una, 1000, 0, timestamps(THEIRS + 1, ours));
        handle = host.core.accept(listener);
        assertTrue(handle > 0);
    }

    private void timeWait()
    {
        open();
        host.core.close(handle, host.nowNs, host.outbox);
        host.drain();
        host.out(F | A);
        host.in(F | A, IRS + 1, una + 1, 1000, 0, timestamps(THEIRS + 10, ours));
        host.out(A);
        assertEquals(TcpState.TIME_WAIT, host.core.state(host.tuple));
    }

    private void synAgain(final int seq, final int theirs)
    {
        host.in(S, seq, 0, 1000, 0, options -> options.syn(1460, true, true, theirs, 0, 7));
    }

    @Test
    void shouldEchoTheTimestampOfTheSegmentThatItsLastAckWasFor()
    {
        open();
        host.in(A, IRS + 101, una, 1000, 10, timestamps(THEIRS + 7, ours));
        assertEquals(THEIRS + 1, option(host.out(A), TS_ECR), "RFC 7323 4.3: out of order, so not this one");
        host.in(A, IRS + 1, una, 1000, 100, timestamps(THEIRS + 3, ours));
        assertEquals(THEIRS + 3, option(host.out(A), TS_ECR));
        host.in(A, IRS + 1, una, 1000, 100, timestamps(THEIRS + 2, ours));
        assertEquals(1, host.core.counters().get(TcpCounter.PAWS_ESTAB));
        assertEquals(THEIRS + 3, option(host.out(A), TS_ECR), "nor does it go back");
    }

    @Test
    void shouldTakeSegmentsThatHaveLostTheirTimestampAsLinuxDoes()
    {
        open();
        host.in(P | A, IRS + 1, una, 1000, 10);
        assertEquals(IRS + 11, host.out(A).ack);
    }

    @Test
    void shouldForgetATimestampAfter24Days()
    {
        open();
        host.advance(23L * 24 * 3600 * SECOND);
        host.in(P | A, IRS + 1, una, 1000, 10, timestamps(THEIRS - 5, ours));
        assertEquals(IRS + 1, host.out(A).ack, "PAWS");
        host.advance(25L * 3600 * SECOND);
        host.in(P | A, IRS + 1, una, 1000, 10, timestamps(THEIRS - 5, ours));
        assertEquals(IRS + 11, host.out(A).ack, "RFC 7323 5.5");
    }

    @Test
    void shouldRefuseAnEchoThatItNeverSent()
    {
        syn();
        host.advance(SECOND + 5 * MS).advance(2 * SECOND + 5 * MS);
        host.out(S | A);
        final int last = option(host.out(S | A), 8);
        assertTrue(last - ours >= 3000);
        for (final int echo : new int[]{ours - 1, last + 1})
        {
            host.in(A, IRS + 1, una, 1000, 0, timestamps(THEIRS + 1, echo));
            assertEquals(una, host.out(A).seq, "as if it were out of the window");
        }
        host.in(A, IRS + 1, una, 1000, 0, timestamps(THEIRS - 1, ours));
        host.out(A); // PAWS
        assertEquals(2, host.core.counters().get(TcpCounter.TSECR_REJECTED));
        assertEquals(TcpState.SYN_RECEIVED, host.core.state(host.tuple));
        host.in(A, IRS + 1, una, 1000, 0, timestamps(THEIRS + 1, ours + 1000));
        assertEquals(TcpState.ESTABLISHED, host.core.state(host.tuple));
    }

    @Test
    void shouldReopenATimeWaitForALaterTimestamp()
    {
        timeWait();
        synAgain(IRS - 500, THEIRS + 11);
        assertEquals(una + 1 + 65537, host.out(S | A).seq, "RFC 6191 2: an earlier number, a later time");
        assertEquals(0, host.core.timeWaits());
        assertEquals(1, host.core.counters().get(TcpCounter.TIME_WAIT_RECYCLED));
    }

    @Test
    void shouldNotReopenATimeWaitForAnythingOld()
    {
        timeWait();
        synAgain(IRS - 500, THEIRS + 10);
        assertEquals(una + 1, host.out(A).seq, "the same time, an earlier number");
        synAgain(IRS + 500, THEIRS + 9);
        assertEquals(una + 1, host.out(A).seq, "a later number, but PAWS");
        host.in(S, IRS - 500, 0, 1000, 0);
        assertEquals(una + 1, host.out(A).seq, "no time, an earlier number");
        assertEquals(TcpState.TIME_WAIT, host.core.state(host.tuple));
        host.in(S, IRS + 500, 0, 1000, 0);
        host.out(S | A); // no time, a later number
    }

    @Test
    void shouldNeitherReopenNorRestartATimeWaitForAnOldSyn()
    {
        timeWait();
        host.advance(40 * SECOND);
        synAgain(IRS - 500, THEIRS + 10);
        host.out(A);
        host.advance(21 * SECOND);
        assertEquals(0, host.core.timeWaits(), "it ended when it would have");
    }

    @Test
    void shouldRestartATimeWaitForTheFinOnceMore()
    {
        timeWait();
        host.advance(40 * SECOND);
        host.in(F | A, IRS + 1, una + 1, 1000, 0, timestamps(THEIRS + 11, ours));
        host.out(A);
        host.advance(40 * SECOND);
        assertEquals(1, host.core.timeWaits());
        host.advance(21 * SECOND);
        assertEquals(0, host.core.timeWaits());
    }

    /** RFC 6298 3, Karn: without timestamps nobody knows which of two copies was acknowledged. */
    @Test
    void shouldNotMeasureRoundTripsOfWhatWasSentTwice()
    {
        una = host.open(IRS, 10_000).seq + 1;
        handle = host.core.accept(listener);
        host.core.send(handle, scratch, 0, 10, host.nowNs, host.outbox);
        host.drain();
        host.out(P | A);
        host.advance(210 * MS);
        host.out(P | A); // again
        host.advance(150 * MS);
        host.in(A, IRS + 1, una + 10, 10_000, 0);
        host.core.send(handle, scratch, 0, 10, host.nowNs, host.outbox);
        host.drain();
        host.out(P | A);
        host.advance(210 * MS);
        assertEquals(una + 10, host.out(P | A).seq, "the timeout is still that of the handshake");
    }

    /** With timestamps everybody does. */
    @Test
    void shouldMeasureRoundTripsByTheEcho()
    {
        open();
        host.core.send(handle, scratch, 0, 10, host.nowNs, host.outbox);
        host.drain();
        host.out(P | A);
        host.advance(210 * MS);
        final int second = option(host.out(P | A), TS_VAL);
        host.advance(300 * MS);
        host.in(A, IRS + 1, una + 10, 1000, 0, timestamps(THEIRS + 2, second));
        host.core.send(handle, scratch, 0, 10, host.nowNs, host.outbox);
        host.drain();
        host.out(P | A);
        host.advance(210 * MS);
        host.outNothing(); // 300 ms are in the mean by an eighth, in the variance by a quarter: 337 ms
        host.advance(140 * MS);
        assertEquals(una + 10, host.out(P | A).seq);
    }

    @Test
    void shouldTakeAResetWhateverItsTimestampSays()
    {
        open();
        host.in(R, IRS + 1, 0, 0, 0, timestamps(1, 0));
        assertEquals(TcpState.LISTEN, host.core.state(host.tuple));
    }
}
