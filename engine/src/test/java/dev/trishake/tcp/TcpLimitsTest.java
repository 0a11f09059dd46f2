// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.trishake.tcp.TestHost.A;
import static dev.trishake.tcp.TestHost.F;
import static dev.trishake.tcp.TestHost.MS;
import static dev.trishake.tcp.TestHost.P;
import static dev.trishake.tcp.TestHost.R;
import static dev.trishake.tcp.TestHost.S;
import static dev.trishake.tcp.TestHost.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What happens at the ends of memory, of patience and of what may be sent in a second: wire/tcp.md 5, 6, 9, 10. */
class TcpLimitsTest
{
    private static final int IRS = 999;

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[1 << 14]);

    private static void syn(final TestHost host, final int port)
    {
        host.tuple.remoteIpv4(TestHost.REMOTE, port);
        host.in(S, IRS, 0, 65535, 0, options -> options.syn(1460, true, false, 0, 0, 7));
    }

    @Test
    void shouldKeepTheLastQuarterOfTheRecordsWhereThereAreNoCookies()
    {
        final TestHost host = new TestHost(TestHost.config().halfOpen(8).synCookies(SynCookieMode.OFF));
        host.core.listen(0, 0, 80, 100);
        for (int i = 0; i < 20; i++)
        {
            syn(host, 2000 + i);
        }
        assertEquals(7, host.core.halfOpen(), "of eight: Linux drops when less than a quarter is free");
        assertEquals(13, host.core.counters().get(TcpCounter.LISTEN_DROPS));
    }

    @Test
    void shouldAnswerSynsByCookieWhenAllRecordsAreInUse()
    {
        final TestHost host = new TestHost(TestHost.config().halfOpen(8));
        host.core.listen(0, 0, 80, 100);
        for (int i = 0; i < 20; i++)
        {
            syn(host, 2000 + i);
        }
        assertEquals(8, host.core.halfOpen());
        assertEquals(20, host.sent.size());
        assertEquals(12, host.core.counters().get(TcpCounter.SYNCOOKIES_SENT));
    }

    @Test
    void shouldSendTheSynAckOnceInHalfASecondHoweverOftenTheSynComes()
    {
        final TestHost host = new TestHost(TestHost.config().invalidRateLimitNs(500 * MS));
        host.listen();
        for (int i = 0; i < 10; i++)
        {
            syn(host, 2000);
        }
        assertEquals(2, host.sent.size(), "the first, and one of nine");
        host.sent.clear();
        host.advance(501 * MS);
        syn(host, 2000);
        host.out(S | A);
        assertEquals(8, host.core.counters().get(TcpCounter.ACK_SKIPPED));
    }

    @Test
    void shouldRestartTheTimerOfTheSynAckWithTheSyn()
    {
        final TestHost host = new TestHost(TestHost.config());
        host.listen();
        syn(host, 2000);
        host.advance(900 * MS);
        syn(host, 2000);
        host.sent.clear();
        host.advance(900 * MS);
        host.outNothing();
        host.advance(110 * MS);
        host.out(S | A);
    }

    @Test
    void shouldAnswerSoManySegmentsWithoutConnectionInASecondOnly()
    {
        final TestHost host = new TestHost(TestHost.config().resetsPerSecond(5));
        for (int i = 0; i < 20; i++)
        {
            host.in(A, 1, 2, 1000, 0);
        }
        assertEquals(5, host.sent.size());
        assertEquals(15, host.core.counters().get(TcpCounter.RSTS_LIMITED));
        host.sent.clear();
        host.advance(2 * SECOND);
        host.in(A, 1, 2, 1000, 0);
        host.out(R);
    }

    @Test
    void shouldChallengeAboutAsOftenAsAllowedAndNeverTellHowOften()
    {
        final TestHost host = new TestHost(TestHost.config().challengeAckLimit(100));
        host.listen();
        host.open(IRS, 1000);
        long most = 0;
        long least = Long.MAX_VALUE;
        for (int second = 0; second < 20; second++)
        {
            host.advance(2 * SECOND);
            final long before = host.core.counters().get(TcpCounter.CHALLENGE_ACK);
            for (int i = 0; i < 500; i++)
            {
                host.in(S, 5_000_000, 0, 1000, 0);
            }
            host.sent.clear();
            final long challenges = host.core.counters().get(TcpCounter.CHALLENGE_ACK) - before;
            most = Math.max(most, challenges);
            least = Math.min(least, challenges);
        }
        assertTrue(least >= 50 && most < 150, least + " to " + most + ": half to three halves, as Linux");
        assertTrue(most > least, "CVE-2016-5696: a number that is always the same is a side channel");
    }

    @Test
    void shouldCloseAtOnceWhereNoTimeWaitIsLeft()
    {
        final TestHost host = new TestHost(TestHost.config().timeWait(1));
        final int listener = host.listen();
        for (int port = 2000; port < 2003; port++)
        {
            syn(host, port);
            final int iss = host.out(S | A).seq;
            host.in(A, IRS + 1, iss + 1, 1000, 0);
            host.core.close(host.core.accept(listener), host.nowNs, host.outbox);
            host.drain();
            host.out(F | A);
            host.in(F | A, IRS + 1, iss + 2, 1000, 0);
            host.out(A);
        }
        assertEquals(1, host.core.timeWaits());
        assertEquals(0, host.core.connections());
        assertEquals(2, host.core.counters().get(TcpCounter.TIME_WAIT_OVERFLOW));
    }

    @Test
    void shouldNotOpenMoreConnectionsThanThereIsRoomFor()
    {
        final TestHost host = new TestHost(TestHost.config().connections(2));
        final int listener = host.listen();
        for (int port = 2000; port < 2003; port++)
        {
            syn(host, port);
            host.in(A, IRS + 1, host.out(S | A).seq + 1, 1000, 0);
        }
        assertEquals(2, host.core.connections());
        assertEquals(1, host.core.halfOpen(), "the third waits");
        assertEquals(1, host.core.counters().get(TcpCounter.CONNECTIONS_EXHAUSTED));
        final TestHost.Out none = host.sent.poll();
        assertEquals(null, none);
        host.core.abort(host.core.accept(listener), host.nowNs, host.outbox);
        host.drain();
        host.out(R | A);
        host.advance(SECOND + 5 * MS);
        host.in(A, IRS + 1, host.out(S | A).seq + 1, 1000, 0);
        assertEquals(TcpState.ESTABLISHED, host.core.state(host.tuple), "its next ACK is a new chance");
    }

    @Test
    void shouldDropDataWhileNoBufferIsLeftAndTakeItLater()
    {
        final TestHost host = new TestHost(TestHost.config().buffers(1));
        final int listener = host.listen();
        final int first = host.open(IRS, 1000).seq + 1;
        final long handle = host.core.accept(listener);
        host.in(P | A, IRS + 1, first, 1000, 10);
        host.out(A);
        host.tuple.remoteIpv4(TestHost.REMOTE, 2000);
        final int second = host.open(IRS, 1000).seq + 1;
        host.in(P | A, IRS + 1, second, 1000, 10);
        host.outNothing(); // as if it had been lost
        assertEquals(1, host.core.counters().get(TcpCounter.RCV_Q_DROP));
        assertEquals(10, host.core.receive(handle, scratch, 0, 100, host.nowNs, host.outbox));
        host.in(P | A, IRS + 1, second, 1000, 10);
        assertEquals(IRS + 11, host.out(A).ack, "taken");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 47, 48, 100})
    void shouldNotSendByteByByteBecauseThePeerSaysSo(final int mss)
    {
        final TestHost host = new TestHost(TestHost.config());
        final int listener = host.listen();
        host.in(S, IRS, 0, 65535, 0, options -> options.mss(mss));
        host.in(A, IRS + 1, host.out(S | A).seq + 1, 10_000, 0);
        host.core.send(host.core.accept(listener), scratch, 0, 400, host.nowNs, host.outbox);
        host.drain();
        assertEquals(Math.max(48, mss), host.out(A).data.length);
    }

    @Test
    void shouldBeginWithThreeSecondsAndOneSegmentWhenTheSynAckWasLost()
    {
        final TestHost host = new TestHost(TestHost.config());
        final int listener = host.listen();
        syn(host, 2000);
        host.advance(SECOND + 5 * MS);
        host.out(S | A);
        host.in(A, IRS + 1, host.out(S | A).seq + 1, 1000, 0);
        host.core.send(host.core.accept(listener), scratch, 0, 10_000, host.nowNs, host.outbox);
        host.drain();
        assertEquals(1, host.sent.size(), "RFC 5681 3.1");
        final TestHost.Out data = host.out(A);
        host.advance(2990 * MS);
        host.outNothing();
        host.advance(20 * MS);
        assertEquals(data.seq, host.out(A).seq, "RFC 6298 5.7");
    }

    @Test
    void shouldGiveBackTheSendBufferWithTheConnectionNotOnlyWithItsHandle()
    {
        final TestHost host = new TestHost(TestHost.config());
        final int listener = host.listen();
        host.open(IRS, 1000);
        final long handle = host.core.accept(listener);
        host.core.send(handle, scratch, 0, 100, host.nowNs, host.outbox);
        host.drain();
        assertEquals(1, host.core.buffersInUse());
        host.in(R, IRS + 1, 0, 0, 0);
        assertEquals(0, host.core.buffersInUse(), "nobody will send that any more");
        assertEquals(1, host.core.connections(), "its user has not looked yet");
        assertEquals(TcpResult.RESET, host.core.send(handle, scratch, 0, 1, host.nowNs, host.outbox));
        host.core.close(handle, host.nowNs, host.outbox);
        assertEquals(0, host.core.connections());
    }

    @Test
    void shouldEndFinWait2WithoutAUserInTime()
    {
        final TestHost host = new TestHost(TestHost.config().finTimeoutNs(20 * SECOND));
        final int listener = host.listen();
        final int una = host.open(IRS, 1000).seq + 1;
        final long handle = host.core.accept(listener);
        host.core.close(handle, host.nowNs, host.outbox);
        host.drain();
        host.out(F | A);
        host.in(A, IRS + 1, una + 1, 1000, 0);
        assertEquals(TcpState.FIN_WAIT_2, host.core.state(host.tuple));
        host.advance(19 * SECOND);
        assertEquals(1, host.core.connections());
        host.advance(2 * SECOND);
        assertEquals(0, host.core.connections());
    }
}
