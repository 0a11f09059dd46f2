// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One end of a connection of a {@link LoopbackStreamLink}, with the bytes that it has sent and the other not read. */
final class LoopbackConnection
{
    final int slot;
    final FourTuple tuple = new FourTuple();
    private final FourTuple swapped = new FourTuple();
    private final UnsafeBuffer memory;
    private final int offset;
    private final int capacity;

    long handle;
    LoopbackConnection peer;
    int length;
    private int first;

    boolean isOpen;
    /** Its user has ended this side. */
    boolean isShut;
    /** Its user knows that the other side has ended. */
    boolean isEndTold;
    /** Its user is gone: it lives until the other end has read everything. */
    boolean isUserClosed;
    /** Input credit was 0. */
    boolean isPaused;
    /** Its user was told less than half of the output buffer. */
    boolean isWatched;
    /** CLOSED is the next record. */
    boolean isEnding;
    int reason;

    LoopbackConnection(final int slot, final UnsafeBuffer memory, final int offset, final int capacity)
    {
        this.slot = slot;
        this.memory = memory;
        this.offset = offset;
        this.capacity = capacity;
    }

    void begin(final long handle, final FourTuple tuple)
    {
        this.handle = handle;
        this.tuple.local(tuple.localHigh(), tuple.localLow(), tuple.localPort())
            .remote(tuple.remoteHigh(), tuple.remoteLow(), tuple.remotePort());
    }

    void clear()
    {
        handle = 0;
        peer = null;
        length = 0;
        first = 0;
        isOpen = false;
        isShut = false;
        isEndTold = false;
        isUserClosed = false;
        isPaused = false;
        isWatched = false;
        isEnding = false;
    }

    boolean isReleased()
    {
        return handle == 0;
    }

    FourTuple swapped()
    {
        return swapped.local(tuple.remoteHigh(), tuple.remoteLow(), tuple.remotePort())
            .remote(tuple.localHigh(), tuple.localLow(), tuple.localPort());
    }

    void end(final int reason)
    {
        this.reason = reason;
        isEnding = true;
        peer = null;
    }

    boolean hasInput()
    {
        return peer != null && peer.length > 0 && !isPaused;
    }

    boolean hasEnd()
    {
        return peer != null && peer.length == 0 && peer.isShut && !isEndTold;
    }

    boolean takesData()
    {
        return isOpen && !isShut && !isEnding;
    }

    /** Whether nobody is there any more to read what this end sends. */
    boolean isOtherGone()
    {
        return peer == null ? isEndTold : peer.isUserClosed;
    }

    int room()
    {
        return capacity - length;
    }

    void write(final DirectBuffer source, final int sourceOffset, final int count)
    {
        final int start = (first + length) & (capacity - 1);
        final int toEnd = Math.min(count, capacity - start);
        memory.putBytes(offset + start, source, sourceOffset, toEnd);
        memory.putBytes(offset, source, sourceOffset + toEnd, count - toEnd);
        length += count;
    }

    void read(final MutableDirectBuffer target, final int targetOffset, final int count)
    {
        final int toEnd = Math.min(count, capacity - first);
        target.putBytes(targetOffset, memory, offset + first, toEnd);
        target.putBytes(targetOffset + toEnd, memory, offset, count - toEnd);
        first = (first + count) & (capacity - 1);
        length -= count;
    }
}
