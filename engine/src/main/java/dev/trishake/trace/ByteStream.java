// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;
import java.util.TreeMap;

/**
 * One direction of a TCP connection put in order, as far as it was captured: what comes twice is dropped, what comes
 * early waits. Bounded: when more waits than {@link #MAX_EARLY} bytes, the bytes before it are given up for lost.
 */
final class ByteStream
{
    /** Most bytes that wait for others before them. */
    static final int MAX_EARLY = 1 << 16;

    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[0]);
    private final TreeMap<Long, byte[]> early = new TreeMap<>();
    private byte[] memory = {};
    private int from;
    private int to;
    /** Sequence number of the next byte, or -1. */
    private long next = -1;
    /** How many bytes have been put in order so far. */
    private long position;
    private int earlyBytes;
    private boolean broken;

    /** Begins behind a SYN. */
    void syn(final int seq)
    {
        next = (seq + 1) & 0xffff_ffffL;
    }

    /** Takes a segment's payload; false when bytes before it are lost, and from then on. */
    boolean add(final int seq, final DirectBuffer buffer, final int offset, final int length)
    {
        if (next < 0)
        {
            next = seq & 0xffff_ffffL; // the capture began later than the connection
        }
        // where it begins behind what is there already, -2^31 to 2^31 - 1
        final int ahead = seq - (int)next;
        if (broken || length == 0 || ahead + length <= 0)
        {
            return !broken;
        }
        final byte[] payload = new byte[length];
        buffer.getBytes(offset, payload);
        early.merge(position + ahead, payload, (a, b) -> a.length >= b.length ? a : b);
        earlyBytes += length;
        drain();
        broken = earlyBytes > MAX_EARLY;
        return !broken;
    }

    private void drain()
    {
        while (!early.isEmpty() && early.firstKey() <= position)
        {
            final long at = early.firstKey();
            final byte[] payload = early.remove(at);
            final int known = (int)Math.min(payload.length, position - at);
            append(payload, known);
            position += payload.length - known;
            next = (next + payload.length - known) & 0xffff_ffffL;
        }
        earlyBytes = early.values().stream().mapToInt(payload -> payload.length).sum();
    }

    private void append(final byte[] payload, final int known)
    {
        final int more = payload.length - known;
        if (to + more > memory.length)
        {
            memory = Arrays.copyOfRange(memory, from, from + Math.max(2 * (to - from), to - from + more));
            to -= from;
            from = 0;
        }
        System.arraycopy(payload, known, memory, to, more);
        to += more;
    }

    /** {@return the bytes that were not taken yet} */
    DirectBuffer buffer()
    {
        bytes.wrap(memory, from, to - from);
        return bytes;
    }

    /** {@return how many there are} */
    int available()
    {
        return to - from;
    }

    /** Takes bytes from the front. */
    void take(final int length)
    {
        from += length;
        if (from == to)
        {
            from = 0;
            to = 0;
        }
    }
}
