// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.SessionSlab;

/** A view of a half-open connection: a SYN that was answered and is remembered. Never a whole TCB: RFC 4987 3.5. */
final class HalfOpen extends SlotView
{
    static final int LENGTH = 64;

    static final int IRS = 0;
    static final int ISS = 4;
    static final int PEER_MSS = 8;
    static final int PEER_SHIFT = 12; // or NO_WINDOW_SCALE
    static final int FLAGS = 16;
    static final int TS_RECENT = 20;
    static final int TS_FIRST = 24; // first and last TSval of our SYN-ACKs
    static final int TS_LAST = 28;
    static final int TS_OFFSET = 32;
    static final int TIMEOUTS = 36;
    static final int LISTENER = 40;
    static final long CREATED_NS = 48;
    static final long ANSWERED_NS = 56;

    static final int SACK = 1;
    static final int TIMESTAMPS = 1 << 1;
    static final int ANSWERED = 1 << 2; // ANSWERED_NS counts

    HalfOpen(final SessionSlab slab)
    {
        super(slab);
    }

    boolean is(final int flag)
    {
        return (get(FLAGS) & flag) != 0;
    }

    void raise(final int flag)
    {
        set(FLAGS, get(FLAGS) | flag);
    }
}
