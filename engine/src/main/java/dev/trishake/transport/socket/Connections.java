// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.socket;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.transport.Acceptor;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * What a link knows of its connections: a slot each, and four lists of them.
 *
 * <pre>
 *  0          4          8          12         16         20         24
 * +----------+----------+----------+----------+----------+----------+
 * | socket   | flags    | listener | reason   | buffer+1 | begins   |
 * +----------+----------+----------+----------+----------+----------+
 *  24         28         32              40      48        56        64    72                        112
 * +----------+----------+---------------+-------+---------+---------+-----+------------------------+
 * | waiting  |          | deadline, ns  | ready | closing | granted |starv| tuple                  |
 * +----------+----------+---------------+-------+---------+---------+-----+------------------------+
 * </pre>
 */
final class Connections
{
    static final int SOCKET = 0;
    static final int LISTENER = 8;
    static final int REASON = 12;
    static final int BUFFER = 16;
    static final int HEAD = 20;
    static final int WAITING = 24;

    /** Flag: we open it, and it is not open yet. */
    static final int CONNECTING = 1;
    /** Flag: there may be something to read. */
    static final int READABLE = 1 << 1;
    /** Flag: the system says that it takes bytes again. */
    static final int WRITABLE = 1 << 2;
    /** Flag: the system says that there is an error. */
    static final int FAILED = 1 << 3;
    /** Flag: the system says that the peer has ended, behind what there is to read. */
    static final int PEER_ENDING = 1 << 4;
    /** Flag: END has been told. */
    static final int ENDED = 1 << 5;
    /** Flag: the user has ended its side; FIN goes when all before it is written. */
    static final int SHUT = 1 << 6;
    /** Flag: FIN has gone. */
    static final int FIN_SENT = 1 << 7;
    /** Flag: the socket took less than it was given, and waits to be writable. */
    static final int BLOCKED = 1 << 8;
    /** Flag: the user was told of little output credit, and waits for WRITABLE. */
    static final int WANTS_CREDIT = 1 << 13;
    /** Flag: WRITABLE is to be told. */
    static final int OWES_WRITABLE = 1 << 9;
    /** Flag: the user has closed it, and bytes are still to be written. */
    static final int CLOSING = 1 << 10;
    /** Flag: the connection is no more, {@link #REASON} is to be told. */
    static final int DEAD = 1 << 11;
    /** Flag: input credit was 0. */
    static final int PAUSED = 1 << 12;

    /** {@link #LISTENER} of a connection that we opened. */
    static final int CONNECTED = -1;

    private static final int FLAGS = 4;
    private static final int DEADLINE = 32;
    private static final int READY = 40;
    private static final int CLOSINGS = 48;
    private static final int GRANTED = 56;
    private static final int STARVED = 64;
    private static final int TUPLE = 72;
    private static final int STRIDE = 128;

    final SessionSlab slab;
    final OutputBuffers buffers;
    final Sockets sockets;
    final List<Acceptor> acceptors = new ArrayList<>();
    /** Something can be done for them. */
    final SlotList ready;
    /** {@link #CLOSING}, in the order of their deadlines. */
    final SlotList closing;
    /** Have an output buffer that is empty: until the egress ring is, bytes may come for it. */
    final SlotList granted;
    /** Wait for an output buffer. */
    final SlotList starved;
    private final UnsafeBuffer memory;

    Connections(final SocketConfig config, final Sockets sockets)
    {
        this.sockets = sockets;
        slab = new SessionSlab(config.connections, STRIDE);
        buffers = new OutputBuffers(config.outputBuffers(), config.outputBufferLength);
        memory = slab.memory();
        ready = new SlotList(slab, READY);
        closing = new SlotList(slab, CLOSINGS);
        granted = new SlotList(slab, GRANTED);
        starved = new SlotList(slab, STARVED);
    }

    /** {@return the slot of a new connection, NULL_SLOT when there is none} */
    int acquire(final int listener)
    {
        final int slot = slab.acquire();
        if (slot != SessionSlab.NULL_SLOT)
        {
            set(slot, LISTENER, listener);
        }
        return slot;
    }

    /** Closes a connection's socket and forgets it. */
    void release(final int slot)
    {
        ready.remove(slot);
        closing.remove(slot);
        granted.remove(slot);
        starved.remove(slot);
        releaseBuffer(slot);
        final int listener = get(slot, LISTENER);
        sockets.close(slot, get(slot, SOCKET), listener == CONNECTED ? null : acceptors.get(listener));
        slab.release(slot);
    }

    /** Gives an output buffer back, to the connection that has waited longest for one. */
    void releaseBuffer(final int slot)
    {
        final int buffer = get(slot, BUFFER) - 1;
        if (buffer == OutputBuffers.NONE)
        {
            return;
        }
        set(slot, BUFFER, 0);
        set(slot, HEAD, 0);
        set(slot, WAITING, 0);
        buffers.release(buffer);
        final int next = starved.first();
        if (next != SessionSlab.NULL_SLOT)
        {
            starved.remove(next);
            credit(next);
        }
    }

    /** There is output credit for a connection that waits for it. */
    void credit(final int slot)
    {
        if (is(slot, WANTS_CREDIT))
        {
            off(slot, WANTS_CREDIT);
            on(slot, OWES_WRITABLE);
            ready.add(slot);
        }
    }

    /** The connection is no more: its user will be told why, and that is all that will happen to it. */
    void die(final int slot, final int reason)
    {
        if (!is(slot, DEAD))
        {
            on(slot, DEAD);
            set(slot, REASON, reason);
            ready.add(slot);
        }
    }

    /** {@return what names the connection; positive} */
    long handle(final int slot)
    {
        return slab.handle(slot) & Long.MAX_VALUE;
    }

    /** {@return the slot of a connection, NULL_SLOT when it is gone} */
    int resolve(final long handle)
    {
        final int slot = (int)handle;
        return handle > 0 && slot >= 0 && slot < slab.capacity() && slab.isLive(slot) && handle(slot) == handle ?
            slot : SessionSlab.NULL_SLOT;
    }

    /** {@return the slot of a connection that its user has not closed, NULL_SLOT when there is none} */
    int resolveOpen(final long handle)
    {
        final int slot = resolve(handle);
        return slot == SessionSlab.NULL_SLOT || is(slot, CLOSING) ? SessionSlab.NULL_SLOT : slot;
    }

    int get(final int slot, final int field)
    {
        return memory.getInt(slab.offset(slot) + field);
    }

    void set(final int slot, final int field, final int value)
    {
        memory.putInt(slab.offset(slot) + field, value);
    }

    /** {@return whether one of these flags is on} */
    boolean is(final int slot, final int flags)
    {
        return (get(slot, FLAGS) & flags) != 0;
    }

    void on(final int slot, final int flags)
    {
        set(slot, FLAGS, get(slot, FLAGS) | flags);
    }

    void off(final int slot, final int flags)
    {
        set(slot, FLAGS, get(slot, FLAGS) & ~flags);
    }

    long deadlineNs(final int slot)
    {
        return memory.getLong(slab.offset(slot) + DEADLINE);
    }

    void deadlineNs(final int slot, final long deadlineNs)
    {
        memory.putLong(slab.offset(slot) + DEADLINE, deadlineNs);
    }

    void tuple(final int slot, final FourTuple tuple)
    {
        tuple.store(memory, slab.offset(slot) + TUPLE);
    }

    void loadTuple(final int slot, final FourTuple tuple)
    {
        tuple.load(memory, slab.offset(slot) + TUPLE);
    }
}
