// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams that wait: for the hash of their NULL protection, in or out, or for keys.
 *
 * <pre>
 *  0          4         8          12      16          24       32      72
 * +----------+---------+----------+-------+-----------+--------+-------+------------------------+
 * | outgoing | length  | header   | next  | verified  | socket | tuple | datagram               |
 * +----------+---------+----------+-------+-----------+--------+-------+------------------------+
 * </pre>
 */
final class PacketSlots
{
    /** No slot. */
    static final int NONE = SessionSlab.NULL_SLOT;

    /** Octets between header and plaintext: the hash. */
    static final int HASH_LENGTH = 12;

    private static final int OUTGOING = 0;
    private static final int LENGTH = 4;
    private static final int HEADER_LENGTH = 8;
    private static final int NEXT = 12; // slot, + 1
    private static final int VERIFIED = 16;
    private static final int SOCKET = 24;
    private static final int TUPLE = 32;
    private static final int DATAGRAM = TUPLE + FourTuple.LENGTH;
    private static final int STRIDE = (DATAGRAM + GquicConfig.MAX_DATAGRAM_LENGTH + 63) & -64;

    private final SessionSlab slab;
    private final UnsafeBuffer memory;

    PacketSlots(final int count)
    {
        slab = new SessionSlab(count, STRIDE);
        memory = slab.memory();
    }

    /** {@return a slot for a datagram that comes by a socket, or leaves by it; NONE when all are taken} */
    int take(final long socket)
    {
        final int slot = slab.acquire();
        if (slot != NONE)
        {
            memory.putLong(slab.offset(slot) + SOCKET, socket);
        }
        return slot;
    }

    /** Fills a slot with a datagram that came; its stored tuple precedes it. */
    void fill(final int slot, final DirectBuffer buffer, final int tupleOffset, final int length)
    {
        memory.putBytes(slab.offset(slot) + TUPLE, buffer, tupleOffset, FourTuple.LENGTH + length);
        memory.putInt(slab.offset(slot) + LENGTH, length);
    }

    void release(final int slot)
    {
        slab.release(slot);
    }

    boolean hasFree()
    {
        return slab.active() < slab.capacity();
    }

    int active()
    {
        return slab.active();
    }

    /** {@return what names this packet and no later one in its slot; 0 without one} */
    long handle(final int slot)
    {
        return slab.isLive(slot) ? slab.handle(slot) : 0;
    }

    UnsafeBuffer memory()
    {
        return memory;
    }

    long socket(final int slot)
    {
        return memory.getLong(slab.offset(slot) + SOCKET);
    }

    /** {@return where the stored tuple begins, the datagram right behind it} */
    int tuple(final int slot)
    {
        return slab.offset(slot) + TUPLE;
    }

    int datagram(final int slot)
    {
        return slab.offset(slot) + DATAGRAM;
    }

    int length(final int slot)
    {
        return memory.getInt(slab.offset(slot) + LENGTH);
    }

    int headerLength(final int slot)
    {
        return memory.getInt(slab.offset(slot) + HEADER_LENGTH);
    }

    /** Says where the hash stands in a datagram. */
    void headerLength(final int slot, final int headerLength)
    {
        memory.putInt(slab.offset(slot) + HEADER_LENGTH, headerLength);
    }

    boolean isOutgoing(final int slot)
    {
        return memory.getInt(slab.offset(slot) + OUTGOING) != 0;
    }

    /** Makes a datagram one that is to be sent. */
    void outgoing(final int slot, final int length)
    {
        memory.putInt(slab.offset(slot) + OUTGOING, 1);
        memory.putInt(slab.offset(slot) + LENGTH, length);
    }

    boolean isVerified(final int slot)
    {
        return memory.getInt(slab.offset(slot) + VERIFIED) != 0;
    }

    void verified(final int slot)
    {
        memory.putInt(slab.offset(slot) + VERIFIED, 1);
    }

    /** {@return the next one in a list, or NONE} */
    int next(final int slot)
    {
        return memory.getInt(slab.offset(slot) + NEXT) - 1;
    }

    void next(final int slot, final int next)
    {
        memory.putInt(slab.offset(slot) + NEXT, next + 1);
    }
}
