// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.support.Exhaustive;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static dev.trishake.tcp.TestHost.A;
import static dev.trishake.tcp.TestHost.F;
import static dev.trishake.tcp.TestHost.R;
import static dev.trishake.tcp.TestHost.S;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Walks every state, flag set, sequence class, ack class and data through the core and asks the table each time. */
class TcpCoreExhaustiveTest
{
    private static final int PEER_WINDOW = 1000;
    private static final int IRS = 0x7fff_fff0; // so that signs change within a case
    private static final int REPLY_PATIENCE_MS = 50; // more than a delayed ACK, less than a retransmission
    private static final int MOST_FAILURES = 10;

    private final TcpRules rules = new TcpRules();
    private final TestHost host = new TestHost(TestHost.config());
    private final List<String> failures = new ArrayList<>();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[1 << 14]);

    /** What the case begins with. */
    private int listener;
    private long handle;
    private int iss;
    private int una;
    private int nxt;
    private int rcvNxt;
    private int rcvWnd;
    private boolean inFlight;

    @Test
    void shouldDoWhatTheTableSays()
    {
        final Exhaustive all = new Exhaustive();
        long judged = 0;
        while (all.next() && failures.size() < MOST_FAILURES)
        {
            final String state = TcpRules.STATES.get(all.choose(TcpRules.STATES.size()));
            final int flags = all.choose(TcpRules.FLAG_SETS);
            final String seq = TcpRules.SEQUENCES.get(all.choose(TcpRules.SEQUENCES.size()));
            final String ack = TcpRules.ACKS.get(all.choose(TcpRules.ACKS.size()));
            final int data = all.choose(2);
            enter(state);
            if (ack.equals("nxt") || ack.equals("above") || ack.equals("old") || ack.equals("tooold") ||
                (inFlight && (ack.equals("una") || nxt - una > 1)))
            {
                judge(state, flags, seq, ack, data);
                judged++;
            }
            leave();
        }
        assertEquals("", String.join("\n", failures));
        assertEquals(72_576, judged);
    }

    private void judge(final String state, final int flags, final String seq, final String ack, final int data)
    {
        final TcpRules.Rule rule = rules.find(state, flags, seq, ack, data);
        final int segSeq = rcvNxt + switch (seq)
        {
            case "below" -> -10;
            case "before" -> -1;
            case "exact" -> 0;
            case "inside" -> 5;
            case "edge" -> Math.max(rcvWnd, 10) - 1;
            case "beyond" -> Math.max(rcvWnd, 10);
            default -> 0x7000_0000;
        };
        final int segAck = switch (ack)
        {
            case "tooold" -> una - PEER_WINDOW - 1;
            case "old" -> una - 1;
            case "una" -> una;
            case "between" -> una + 1;
            case "nxt" -> nxt;
            default -> nxt + 1;
        };
        host.in(flags, segSeq, (flags & A) == 0 ? 0 : segAck, PEER_WINDOW, data);
        host.advance(REPLY_PATIENCE_MS * TestHost.MS);
        if (state.equals("SYN_SENT"))
        {
            rcvNxt = segSeq; // the first number that there is
        }
        final String got = describe(flags, segSeq, segAck, data);
        final String expected = rule.reply();
        final String next = core().state(host.tuple).name();
        final String expectedNext = expectedNext(state, rule);
        if (!got.equals(expected) || !next.equals(expectedNext))
        {
            failures.add(state + " " + TcpRules.flags(flags) + " " + seq + " " + ack + " data " + data + ": " +
                expected + " " + expectedNext + ", got " + got + " " + next + " by " + rule.line());
        }
    }

    /** What a connection that is CLOSED leaves behind is its listener, where there is one. */
    private String expectedNext(final String state, final TcpRules.Rule rule)
    {
        final String next = rule.next(state);
        return next.equals("CLOSED") && listener >= 0 ? "LISTEN" : next;
    }

    private String describe(final int flags, final int segSeq, final int segAck, final int data)
    {
        if (host.sent.isEmpty())
        {
            return "none";
        }
        final TestHost.Out out = host.out();
        if (!host.sent.isEmpty())
        {
            return "more than one: " + out + ", " + host.sent;
        }
        final int length = data + (flags & F) + ((flags & S) >> 1);
        final int taken = out.ack - rcvNxt;
        if (out.flags == R && out.seq == segAck && out.window == 0)
        {
            return "rst";
        }
        if (out.flags == (R | A) && out.seq == 0 && out.ack == segSeq + length && out.window == 0)
        {
            return "rstack";
        }
        if (out.flags == (S | A) && out.ack == synAckAck(segSeq))
        {
            return "synack";
        }
        if (out.flags == A && out.seq == nxt && taken >= 0 && taken <= 2)
        {
            return taken == 0 ? "ack" : "ack+";
        }
        return out.toString();
    }

    /** A SYN-ACK sent again acknowledges the SYN that was there first. */
    private int synAckAck(final int segSeq)
    {
        return core().state(host.tuple) == TcpState.SYN_RECEIVED && rcvNxt == IRS + 1 && nxt == iss + 1 &&
            segSeq == IRS ? IRS + 1 : segSeq + 1;
    }

    private TcpCore core()
    {
        return host.core;
    }

    private void enter(final String state)
    {
        host.nowNs += 1000 * TestHost.SECOND;
        handle = 0;
        iss = 0;
        inFlight = true;
        rcvNxt = IRS + 1;
        listener = state.equals("CLOSED") || state.equals("SYN_SENT") || state.endsWith("active") ? -1 : host.listen();
        switch (state)
        {
            case "CLOSED", "LISTEN" ->
            {
                una = 1_000_000;
                nxt = una + 2;
                rcvWnd = 1000;
            }
            case "SYN_SENT" -> connect();
            case "SYN_RECEIVED/active" ->
            {
                connect();
                host.in(S, IRS, 0, PEER_WINDOW, 0);
                rcvWnd = host.out(S | A).window;
            }
            case "SYN_RECEIVED" ->
            {
                host.in(S, IRS, 0, PEER_WINDOW, 0);
                final TestHost.Out synAck = host.out(S | A);
                iss = synAck.seq;
                una = iss;
                nxt = iss + 1;
                rcvWnd = synAck.window;
            }
            default -> open(state);
        }
        host.outNothing();
        final String plain = state.indexOf('/') < 0 ? state : state.substring(0, state.indexOf('/'));
        assertEquals(plain, core().state(host.tuple).name(), "state to begin with");
    }

    private void connect()
    {
        handle = core().connect(host.tuple, host.nowNs, host.outbox);
        host.drain();
        iss = host.out(S).seq;
        una = iss;
        nxt = iss + 1;
        rcvWnd = 1000;
    }

    private void open(final String state)
    {
        host.in(S, IRS, 0, PEER_WINDOW, 0);
        final TestHost.Out synAck = host.out(S | A);
        iss = synAck.seq;
        rcvWnd = synAck.window;
        host.in(A, IRS + 1, iss + 1, PEER_WINDOW, 0);
        handle = core().accept(listener);
        una = iss + 1;
        nxt = una;
        if (state.endsWith("full"))
        {
            fill();
        }
        final boolean peerFirst = state.equals("CLOSE_WAIT") || state.equals("LAST_ACK");
        if (peerFirst)
        {
            peerFin(nxt);
        }
        send();
        switch (state)
        {
            case "FIN_WAIT_1/closed", "LAST_ACK", "CLOSING", "TIME_WAIT", "FIN_WAIT_2/closed" -> finish(true);
            case "FIN_WAIT_1", "FIN_WAIT_2" -> finish(false);
            default ->
            {
            }
        }
        switch (state)
        {
            case "CLOSING" -> peerFin(una);
            case "FIN_WAIT_2", "FIN_WAIT_2/closed", "TIME_WAIT" ->
            {
                host.in(A, rcvNxt, nxt, PEER_WINDOW, 0);
                una = nxt;
                inFlight = false;
                if (state.equals("TIME_WAIT"))
                {
                    peerFin(nxt);
                }
            }
            default ->
            {
            }
        }
    }

    /** Ten bytes in flight. */
    private void send()
    {
        assertEquals(10, core().send(handle, scratch, 0, 10, host.nowNs, host.outbox));
        host.drain();
        assertEquals(10, host.out(A | TestHost.P).data.length);
        nxt += 10;
    }

    private void finish(final boolean wholly)
    {
        assertEquals(0, wholly ? core().close(handle, host.nowNs, host.outbox) :
            core().shutdown(handle, host.nowNs, host.outbox));
        host.drain();
        host.out(A | F);
        nxt++;
    }

    private void peerFin(final int ack)
    {
        host.in(F | A, rcvNxt, ack, PEER_WINDOW, 0);
        rcvNxt++;
        rcvWnd--;
        assertEquals(rcvNxt, host.out(A).ack);
    }

    /** Fills the receive window to the last byte. */
    private void fill()
    {
        while (rcvWnd > 0)
        {
            final int length = Math.min(rcvWnd, 1000);
            host.in(A, rcvNxt, nxt, PEER_WINDOW, length);
            rcvNxt += length;
            host.advance(REPLY_PATIENCE_MS * TestHost.MS);
            TestHost.Out out = null;
            while (!host.sent.isEmpty())
            {
                out = host.out(A);
            }
            rcvWnd = rcvNxt == out.ack ? out.window : rcvWnd;
        }
    }

    private void leave()
    {
        if (listener >= 0)
        {
            core().unlisten(listener, host.nowNs, host.outbox);
        }
        core().abort(handle, host.nowNs, host.outbox);
        for (int i = 0; i < 20 && left() > 0; i++)
        {
            host.advance(130 * TestHost.SECOND);
        }
        host.drain();
        host.sent.clear();
        assertEquals(0, left(), "something is left");
        assertEquals(TcpState.CLOSED, core().state(host.tuple));
    }

    private int left()
    {
        return core().connections() + core().halfOpen() + core().timeWaits() + core().buffersInUse();
    }
}
