// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.SessionSlab;

/** A view of a connection in TIME-WAIT: what is left of it, RFC 9293 3.6.1. */
final class TimeWaitRecord extends SlotView
{
    static final int LENGTH = 48;

    static final int RCV_NXT = 0;
    static final int SND_NXT = 4;
    static final int RCV_WND = 8; // as it stands in a header
    static final int HAS_TIMESTAMPS = 12;
    static final int TS_RECENT = 16;
    static final int TS_RECENT_MS = 20;
    static final int TS_OFFSET = 24;
    static final int ANSWERED = 28; // whether ANSWERED_NS counts
    static final long ANSWERED_NS = 32;
    static final int RCV_EDGE = 40;

    TimeWaitRecord(final SessionSlab slab)
    {
        super(slab);
    }
}
