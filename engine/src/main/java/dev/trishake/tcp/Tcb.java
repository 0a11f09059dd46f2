// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.EventHistory;
import dev.trishake.session.SessionSlab;

/**
 * A view of a connection's slot: its transmission control block, RFC 9293 3.3.1. Its variables are words at the offsets
 * below, with the RFC's names; all are 0 in a fresh slot.
 */
final class Tcb extends SlotView
{
    static final int LENGTH = 256;

    // state; who has it
    private static final int STATE = 0;
    private static final int FLAGS = 4;
    static final int LISTENER = 8; // + 1 while it is in the accept queue
    static final int NEXT_ACCEPTED = 12; // slot + 1 of the one behind in the accept queue
    static final int REASON = 16; // a TcpResult: why it is CLOSED

    // send sequence variables
    static final int ISS = 20;
    static final int SND_UNA = 24;
    /** What is sent next: after a timeout behind SND.NXT of the RFC, which is SND_MAX. */
    static final int SND_NXT = 28;
    static final int SND_MAX = 32;
    static final int SND_WND = 36;
    static final int SND_WL1 = 40;
    static final int SND_WL2 = 44;
    static final int MAX_SND_WND = 48;
    static final int SND_SHIFT = 52;
    static final int SND_MSS = 56; // of data, options taken off

    // receive sequence variables
    static final int IRS = 60;
    static final int RCV_NXT = 64;
    static final int RCV_EDGE = 68; // RCV.NXT + RCV.WND: the furthest that was ever told
    static final int RCV_SHIFT = 72;
    static final int LAST_ACK_SENT = 76;

    // timestamps
    static final int TS_RECENT = 80;
    static final int TS_RECENT_MS = 84;
    static final int TS_OFFSET = 88;

    // timeouts, RFC 6298
    static final int SRTT_US = 92;
    static final int RTTVAR_US = 96;
    static final int RTO_US = 100;
    static final int BACKOFFS = 104;
    static final int RTT_SEQ = 108;
    static final long RTT_NS = 112;

    // congestion, RFC 5681 and 6582
    static final int CWND = 120;
    static final int SSTHRESH = 124;
    static final int DUP_ACKS = 128;
    static final int RECOVER = 132;

    // buffers: a number + 1, where the first byte is, how many there are
    static final int SND_BUFFER = 136;
    static final int SND_FIRST = 140;
    static final int SND_LEN = 144;
    static final int RCV_BUFFER = 148;
    static final int RCV_FIRST = 152;
    static final int RCV_LEN = 156;

    // reassembly
    static final int FIN_SEQ = 160;
    static final int RANGE_COUNT = 164;
    static final int NEWEST_RANGE = 168;
    static final int QUICK_ACKS = 172;
    static final int RANGES = 176; // MAX_RANGES times first, end
    static final int MAX_RANGES = 4;

    static final int PROBES = 208;
    static final int MTU_MSS = 212; // what path MTU discovery left, 0: nothing said
    static final long RECEIVED_NS = 216;
    static final long CHALLENGED_NS = 224;
    private static final int HISTORY = 232;
    static final int PEER_MSS = 248;

    static final int TIMESTAMPS = 1;
    static final int SACK = 1 << 1;
    static final int USER_CLOSED = 1 << 2;
    static final int FIN_QUEUED = 1 << 3;
    static final int FIN_SENT = 1 << 4;
    static final int FIN_RECEIVED = 1 << 5;
    static final int FIN_REMEMBERED = 1 << 6; // FIN_SEQ is the number of a FIN that came out of order
    static final int ACK_NOW = 1 << 7;
    static final int ACK_DELAYED = 1 << 8;
    static final int RTT_TIMED = 1 << 9;
    static final int RECOVERING = 1 << 10;
    static final int KEEP_ALIVE = 1 << 11;
    static final int CHALLENGED = 1 << 12; // CHALLENGED_NS counts
    static final int WRITABLE_WANTED = 1 << 13;
    static final int SYN_RETRANSMITTED = 1 << 14;
    static final int WINDOW_SCALING = 1 << 15;
    static final int PROBING = 1 << 16; // the retransmission timer probes a closed window

    // events of the history beside the states, which are code + 1
    static final byte RETRANSMITTED = 32;
    static final byte CHALLENGED_EVENT = 33;
    static final byte RESET_RECEIVED = 34;
    static final byte RESET_SENT = 35;
    static final byte ICMP_RECEIVED = 36;

    private final TcpCounters counters;

    Tcb(final SessionSlab slab, final TcpCounters counters)
    {
        super(slab);
        this.counters = counters;
    }

    @Override
    Tcb wrap(final int slot)
    {
        super.wrap(slot);
        return this;
    }

    /** The generation's highest bit is left out, so that handles are positive. */
    long handle()
    {
        return slab.handle(slot()) & Long.MAX_VALUE;
    }

    /** The slot of a handle, or NULL_SLOT. */
    static int resolve(final SessionSlab slab, final long handle)
    {
        final int slot = (int)handle;
        return handle > 0 && slot >= 0 && slot < slab.capacity() && slab.isLive(slot) &&
            (slab.handle(slot) & Long.MAX_VALUE) == handle ? slot : SessionSlab.NULL_SLOT;
    }

    void add(final int variable, final int value)
    {
        set(variable, get(variable) + value);
    }

    boolean is(final int flag)
    {
        return (get(FLAGS) & flag) != 0;
    }

    void raise(final int flag)
    {
        set(FLAGS, get(FLAGS) | flag);
    }

    void clear(final int flag)
    {
        set(FLAGS, get(FLAGS) & ~flag);
    }

    TcpState state()
    {
        return TcpState.of(get(STATE));
    }

    boolean in(final TcpState state)
    {
        return get(STATE) == state.code();
    }

    /** The only writer of the state. */
    void transition(final TcpState next)
    {
        if (next == TcpState.CLOSED)
        {
            switch (state())
            {
                case SYN_SENT, SYN_RECEIVED -> counters.increment(TcpCounter.ATTEMPT_FAILS);
                case ESTABLISHED, CLOSE_WAIT -> counters.increment(TcpCounter.ESTAB_RESETS);
                default ->
                {
                }
            }
        }
        set(STATE, next.code());
        record((byte)(next.code() + 1));
    }

    void record(final byte event)
    {
        EventHistory.record(address() + HISTORY, event);
    }

    /** Numbers sent and not acknowledged. */
    int inFlight()
    {
        return get(SND_MAX) - get(SND_UNA);
    }

    int rcvWnd()
    {
        return get(RCV_EDGE) - get(RCV_NXT);
    }

    boolean isFinAcked()
    {
        return is(FIN_SENT) && get(SND_UNA) == get(SND_MAX);
    }

    String history()
    {
        return EventHistory.format(slab.memory(), slab.offset(slot()) + HISTORY, Tcb::word);
    }

    private static String word(final byte event)
    {
        return switch (event)
        {
            case RETRANSMITTED -> "retransmitted";
            case CHALLENGED_EVENT -> "challenged";
            case RESET_RECEIVED -> "reset-received";
            case RESET_SENT -> "reset-sent";
            case ICMP_RECEIVED -> "icmp-received";
            default -> TcpState.of(event - 1).name();
        };
    }
}
