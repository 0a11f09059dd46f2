// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.util.function.Consumer;

import static dev.trishake.tcp.TestHost.A;
import static dev.trishake.tcp.TestHost.F;
import static dev.trishake.tcp.TestHost.P;
import static dev.trishake.tcp.TestHost.R;
import static dev.trishake.tcp.TestHost.S;
import static dev.trishake.tcp.TestHost.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a SYN cookie vouches for, for how long, and to whom: wire/tcp.md 8. */
class SynCookiesTest
{
    private static final int IRS = 999;
    private static final int PEER_TIME = 200;

    private static TcpConfig config()
    {
        return TestHost.config().synCookies(SynCookieMode.ALWAYS).cookieChecksPerSecond(Integer.MAX_VALUE);
    }

    private static TestHost host()
    {
        final TestHost host = new TestHost(config());
        host.listen();
        return host;
    }

    private static TestHost.Out syn(final TestHost host, final boolean timestamps, final int mss, final int shift)
    {
        host.in(S, IRS, 0, 65535, 0, options -> options.syn(mss, true, timestamps, PEER_TIME, 0, shift));
        return host.out(S | A);
    }

    private static int tsVal(final TestHost.Out synAck)
    {
        return new UnsafeBuffer(synAck.optionBytes).getInt(8, ByteOrder.BIG_ENDIAN);
    }

    private static Consumer<TcpOptionsEncoder> echo(final boolean timestamps, final int tsEcr)
    {
        return options ->
        {
            if (timestamps)
            {
                options.nop().nop().timestamps(PEER_TIME + 1, tsEcr);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldVouchForEveryBitOfTheAck(final boolean timestamps)
    {
        final TestHost host = host();
        final TestHost.Out synAck = syn(host, timestamps, 1460, 7);
        final int tsVal = timestamps ? tsVal(synAck) : 0;
        for (int bit = 0; bit < Integer.SIZE; bit++)
        {
            final int flipped = (synAck.seq + 1) ^ (1 << bit);
            host.in(A, IRS + 1, flipped, 1000, 0, echo(timestamps, tsVal));
            assertEquals(flipped, host.out(R).seq, "ack bit " + bit);
            host.in(A, (IRS + 1) ^ (1 << bit), synAck.seq + 1, 1000, 0, echo(timestamps, tsVal));
            host.out(R);
        }
        host.tuple.remoteIpv4(TestHost.REMOTE, 1026);
        host.in(A, IRS + 1, synAck.seq + 1, 1000, 0, echo(timestamps, tsVal));
        host.out(R);
        host.tuple.remoteIpv4(TestHost.REMOTE + 2, 1025);
        host.in(A, IRS + 1, synAck.seq + 1, 1000, 0, echo(timestamps, tsVal));
        host.out(R);
        assertEquals(0, host.core.connections());
        host.tuple.remoteIpv4(TestHost.REMOTE, 1025);
        host.in(A, IRS + 1, synAck.seq + 1, 1000, 0, echo(timestamps, tsVal));
        host.outNothing();
        assertEquals(1, host.core.connections(), "the right one");
    }

    @Test
    void shouldVouchForTheOptionsInTheTimestamp()
    {
        final TestHost host = host();
        final TestHost.Out synAck = syn(host, true, 1460, 7);
        for (int bits = 1; bits < 64; bits++)
        {
            host.in(A, IRS + 1, synAck.seq + 1, 1000, 0, echo(true, tsVal(synAck) ^ bits));
            host.out(R);
        }
        host.in(A, IRS + 1, synAck.seq + 1, 1000, 0);
        host.out(R); // nor is it a cookie of a SYN without timestamps
        assertEquals(64, host.core.counters().get(TcpCounter.SYNCOOKIES_FAILED));
        assertEquals(0, host.core.connections());
    }

    /** 2^-24 and 2^-29 are what the class says; what a blind sender finds must not be more. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeHardToGuess(final boolean timestamps)
    {
        final int tries = Scale.pick(1 << 18, 1 << 26);
        Seeded.forEach(1, random ->
        {
            final TestHost host = host();
            final int tsVal = timestamps ? tsVal(syn(host, true, 1460, 7)) : syn(host, false, 1460, 7).window;
            final Consumer<TcpOptionsEncoder> options = echo(timestamps, tsVal);
            int passed = 0;
            for (int i = 0; i < tries; i++)
            {
                host.in(A, random.nextInt(), random.nextInt(), 1000, 0, options);
                passed += host.sent.isEmpty() ? 1 : 0;
                host.sent.clear();
            }
            final double expected = tries * Math.pow(2, timestamps ? -29 : -24);
            assertTrue(passed <= expected + 4 * Math.sqrt(expected) + 2, passed + " of " + tries + " passed");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeGoodAtAnyHostThatHasTheKeys(final boolean timestamps)
    {
        final CookieKeys keys = new RotatingCookieKeys(3, 4, 32 * SECOND);
        final TestHost first = new TestHost(config().cookieKeys(keys));
        final TestHost second = new TestHost(new TcpConfig(5, 6).connections(4).halfOpen(4).timeWait(4).buffers(4)
            .bufferLength(1 << 14).synCookies(SynCookieMode.ALWAYS).cookieKeys(keys));
        first.listen();
        final int listener = second.listen();
        final TestHost.Out synAck = syn(first, timestamps, 1300, 7);
        second.tuple.remoteIpv4(TestHost.REMOTE, 9);
        syn(second, timestamps, 1300, 7); // it is under flood too
        second.tuple.remoteIpv4(TestHost.REMOTE, 1025);
        second.nowNs += SECOND;
        final int tsVal = timestamps ? tsVal(synAck) : 0;
        second.in(P | A, IRS + 1, synAck.seq + 1, 1000, 10, echo(timestamps, tsVal));
        final TestHost.Out ack = second.out(A);
        assertEquals(IRS + 11, ack.ack);
        if (timestamps)
        {
            final int next = new UnsafeBuffer(ack.optionBytes).getInt(4, ByteOrder.BIG_ENDIAN);
            assertTrue(next - tsVal >= 0 && next - tsVal < 1000, "the peer's PAWS must not see time go back");
        }
        final long handle = second.core.accept(listener);
        second.core.send(handle, new UnsafeBuffer(new byte[3000]), 0, 3000, second.nowNs, second.outbox);
        second.drain();
        assertEquals(timestamps ? 1300 - 12 : 1200, second.out(A).data.length, "the SYN's MSS, rounded down");
        assertTrue(!second.sent.isEmpty(), "1000 << 7 lets all out");
    }

    @Test
    void shouldTakeDataAndFinWithTheCookie()
    {
        final TestHost host = host();
        final int cookie = syn(host, false, 1460, 7).seq;
        host.in(F | P | A, IRS + 1, cookie + 1, 1000, 10);
        assertEquals(IRS + 12, host.out(A).ack);
        assertEquals(TcpState.CLOSE_WAIT, host.core.state(host.tuple));
    }

    @Test
    void shouldLoseAnAckWhenTheAcceptQueueIsFullAndTakeTheNext()
    {
        final TestHost host = new TestHost(config());
        final int listener = host.core.listen(0, 0, 80, 0);
        final int cookie = syn(host, false, 1460, 7).seq;
        host.tuple.remoteIpv4(TestHost.REMOTE, 1026);
        final int other = syn(host, false, 1460, 7).seq;
        host.in(A, IRS + 1, other + 1, 1000, 0);
        host.tuple.remoteIpv4(TestHost.REMOTE, 1025);
        host.in(A, IRS + 1, cookie + 1, 1000, 0);
        host.outNothing(); // there is no record of it: just lost
        assertEquals(1, host.core.counters().get(TcpCounter.LISTEN_OVERFLOWS));
        host.core.accept(listener);
        host.in(P | A, IRS + 1, cookie + 1, 1000, 5);
        assertEquals(IRS + 6, host.out(A).ack);
    }

    @Test
    void shouldNeverSendACookieAgain()
    {
        final TestHost host = host();
        syn(host, true, 1460, 7);
        host.advance(130 * SECOND);
        host.outNothing();
        assertEquals(0, host.core.counters().get(TcpCounter.SYN_RETRANS));
    }

    @Test
    void shouldLookAtSoManyInASecondOnly()
    {
        final TestHost host = new TestHost(config().cookieChecksPerSecond(10));
        host.listen();
        final int cookie = syn(host, false, 1460, 7).seq;
        for (int i = 2; i < 12; i++)
        {
            host.in(A, IRS + 1, cookie + i, 1000, 0);
            host.out(R);
        }
        host.in(A, IRS + 1, cookie + 1, 1000, 0);
        host.outNothing();
        assertEquals(1, host.core.counters().get(TcpCounter.SYNCOOKIES_LIMITED));
        host.advance(2 * SECOND);
        host.in(A, IRS + 1, cookie + 1, 1000, 0);
        assertEquals(TcpState.ESTABLISHED, host.core.state(host.tuple));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 3, 7, 14})
    void shouldRememberTheWindowScale(final int shift)
    {
        for (final boolean timestamps : new boolean[]{false, true})
        {
            final TestHost host = new TestHost(config());
            final int listener = host.listen();
            host.in(S, IRS, 0, 65535, 0, options ->
            {
                if (timestamps)
                {
                    options.timestamps(PEER_TIME, 0);
                }
                if (shift >= 0)
                {
                    options.windowScale(shift);
                }
                options.mss(1460);
            });
            final TestHost.Out synAck = host.out(S | A);
            host.in(A, IRS + 1, synAck.seq + 1, 100, 0, echo(timestamps, timestamps ? tsVal(synAck) : 0));
            final long handle = host.core.accept(listener);
            host.core.send(handle, new UnsafeBuffer(new byte[1 << 13]), 0, 1 << 13, host.nowNs, host.outbox);
            host.drain();
            final int told = timestamps || shift < 0 ? Math.max(0, shift) : new int[]{0, 1, 2, 2, 4, 4, 6, 7, 8, 8, 8,
                8, 8, 8, 8}[shift];
            int length = 0;
            while (!host.sent.isEmpty())
            {
                length += host.out().data.length;
            }
            assertEquals(Math.min(100 << told, 1 << 13), length, "shift " + shift + ", timestamps " + timestamps);
        }
    }
}
