// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.SessionSlab;
import org.agrona.MutableDirectBuffer;

/** A view of a connection in TIME-WAIT: what is left of it, RFC 9293 3.6.1. */
final class TimeWaitRecord
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

    private final SessionSlab slab;
    private final MutableDirectBuffer memory;
    private int slot;
    private int base;

    TimeWaitRecord(final SessionSlab slab)
    {
        this.slab = slab;
        this.memory = slab.memory();
    }

    TimeWaitRecord wrap(final int slot)
    {
        this.slot = slot;
        this.base = slab.offset(slot);
        return this;
    }

    int slot()
    {
        return slot;
    }

    int get(final int variable)
    {
        return memory.getInt(base + variable);
    }

    void set(final int variable, final int value)
    {
        memory.putInt(base + variable, value);
    }

    long get(final long variable)
    {
        return memory.getLong(base + (int)variable);
    }

    void set(final long variable, final long value)
    {
        memory.putLong(base + (int)variable, value);
    }
}
