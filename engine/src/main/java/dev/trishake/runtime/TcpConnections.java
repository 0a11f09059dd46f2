// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.SlotQueue;
import dev.trishake.tcp.TcpEvents;
import dev.trishake.tcp.TcpResult;

/**
 * What a {@link TcpStreamLink} knows of its connections, by the core's slots, and which of them want a turn because the
 * core said so.
 */
final class TcpConnections implements TcpEvents
{
    static final int NO_SLOT = -1;

    /** Bits of a connection. */
    static final int OPEN_TOLD = 1;
    static final int END_TOLD = 1 << 1;
    /** Our side has ended. */
    static final int SHUT = 1 << 2;
    /** Its input credit was 0. */
    static final int PAUSED = 1 << 3;
    /** Its user was told less than half of the output buffer. */
    static final int WATCHED = 1 << 4;
    /** The core has no connection any more; the reason says why. */
    static final int ENDED = 1 << 5;
    /** Its user is gone, and the RST has found no room yet. */
    static final int ABORTING = 1 << 6;

    SlotQueue ready;
    /** Those that found no send buffer: no event says that one has come back. */
    SlotQueue starved;
    long[] handles;
    int[] bits;
    int[] reasons;
    private TcpListeners listeners;
    private int open;

    void wire(final TcpListeners newListeners, final int capacity)
    {
        listeners = newListeners;
        ready = new SlotQueue(capacity);
        starved = new SlotQueue(capacity);
        handles = new long[capacity];
        bits = new int[capacity];
        reasons = new int[capacity];
    }

    boolean isFull()
    {
        return open == handles.length;
    }

    void begin(final long handle, final int initialBits)
    {
        final int slot = (int)handle;
        handles[slot] = handle;
        bits[slot] = initialBits;
        open++;
    }

    void forget(final int slot)
    {
        handles[slot] = 0;
        bits[slot] = 0;
        open--;
    }

    boolean has(final int slot, final int bit)
    {
        return (bits[slot] & bit) != 0;
    }

    boolean hasAll(final int slot, final int all)
    {
        return (bits[slot] & all) == all;
    }

    /** {@return whether it has ended in another way than in order} */
    boolean hasFailed(final int slot)
    {
        return has(slot, ENDED) && reasons[slot] != TcpResult.OK;
    }

    /** {@return the slot of a handle, or -1 when it is not good any more} */
    int slot(final long handle)
    {
        final int slot = (int)handle;
        return handle > 0 && slot >= 0 && slot < handles.length && handles[slot] == handle ? slot : NO_SLOT;
    }

    @Override
    public void onAcceptable(final int listener, final long nowNs)
    {
        listeners.setAcceptable(listener, true);
    }

    @Override
    public void onEstablished(final long handle, final long nowNs)
    {
        wake(handle);
    }

    @Override
    public void onReadable(final long handle, final long nowNs)
    {
        wake(handle);
    }

    @Override
    public void onWritable(final long handle, final long nowNs)
    {
        wake(handle);
    }

    @Override
    public void onClosed(final long handle, final int reason, final long nowNs)
    {
        final int slot = slot(handle);
        if (slot != NO_SLOT)
        {
            bits[slot] |= ENDED;
            reasons[slot] = reason;
            ready.add(slot);
        }
    }

    private void wake(final long handle)
    {
        final int slot = slot(handle);
        if (slot != NO_SLOT)
        {
            ready.add(slot);
        }
    }
}
