// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of an agent's sessions of one kind: one direct buffer of equal slots, allocated once and never grown.
 *
 * <pre>
 *  memory                                            a handle
 * +--------+--------+--------+--     --+            63            32 31             0
 * | slot 0 | slot 1 | slot 2 |   ...   |           +----------------+----------------+
 * +--------+--------+--------+--     --+           |   generation   |      slot      |
 *  0        stride   2*stride                      +----------------+----------------+
 * </pre>
 *
 * <p>A session is a slot (an {@code int}, good while it lives) and a handle (a {@code long}, good for ever: once the
 * session is gone its handle resolves to nothing). A slot's generation counts acquires and releases, so it is odd
 * exactly while the slot lives: a handle has an odd generation, and {@code 0L} is none. An old handle resolves again
 * only in the one of 2<sup>31</sup> later lives of its slot that has the same generation. Handles are neither secret
 * nor random: they never leave the process.
 *
 * <p>Slots are reused last in, first out, so that a lightly loaded agent works on the few slots that its caches hold.
 * Memory is zeroed when it is released, so an acquired slot is all zeros and no secret outlives its session.
 */
public final class SessionSlab
{
    /** No slot: the slab is full, the handle is stale, the table does not know the tuple. */
    public static final int NULL_SLOT = -1;

    private final int stride;
    private final UnsafeBuffer memory;
    private final int[] generations;
    private final int[] free;
    private int freeCount;

    /**
     * Allocates all that this slab will ever use.
     *
     * @param capacity number of slots, at least 1
     * @param stride   length of a slot, a positive multiple of 8
     * @throws IllegalArgumentException when the slots do not fit into one buffer of 2 GiB less 65 bytes
     */
    public SessionSlab(final int capacity, final int stride)
    {
        if (stride < 1 || (stride & (Long.BYTES - 1)) != 0)
        {
            throw new IllegalArgumentException("stride must be a positive multiple of 8: " + stride);
        }
        this.stride = stride;
        memory = Memory.allocate("session slab", Memory.checkCapacity(capacity), stride);
        generations = new int[capacity];
        free = new int[capacity];
        for (int i = 0; i < capacity; i++)
        {
            free[i] = capacity - 1 - i;
        }
        freeCount = capacity;
    }

    /**
     * {@return a slot of zeros that is the caller's until it releases it, or {@link #NULL_SLOT} at capacity}
     */
    public int acquire()
    {
        if (freeCount == 0)
        {
            return NULL_SLOT;
        }
        final int slot = free[--freeCount];
        generations[slot]++;
        return slot;
    }

    /**
     * Zeroes a slot and gives it back; its handle never resolves again. To release a slot that does not live is the
     * caller's error, and ignored without assertions: on the free list twice, it would be given to two sessions.
     *
     * @param slot a live slot
     */
    public void release(final int slot)
    {
        if (!isLive(slot))
        {
            assert false : "released but not live: " + slot;
            return;
        }
        Memory.wipe(address(slot), stride);
        giveBack(slot);
    }

    /**
     * Gives a slot back as {@link #release} does, but for zeroing it: for who has written little of a long one, and
     * has zeroed that.
     *
     * @param slot a live slot, all of whose memory is zero
     */
    public void releaseZeroed(final int slot)
    {
        if (!isLive(slot))
        {
            assert false : "released but not live: " + slot;
            return;
        }
        assert isZero(slot) : "released with memory that is not zero: " + slot;
        giveBack(slot);
    }

    private void giveBack(final int slot)
    {
        generations[slot]++;
        free[freeCount++] = slot;
    }

    private boolean isZero(final int slot)
    {
        for (int i = 0; i < stride; i += Long.BYTES)
        {
            if (memory.getLong(offset(slot) + i) != 0)
            {
                return false;
            }
        }
        return true;
    }

    /**
     * {@return whether the slot is acquired and not released}
     *
     * @param slot 0 to capacity - 1
     */
    public boolean isLive(final int slot)
    {
        return (generations[slot] & 1) != 0;
    }

    /**
     * {@return what names this session, and no later one in the same slot; never 0}
     *
     * @param slot a live slot
     */
    public long handle(final int slot)
    {
        assert isLive(slot) : "a handle of a slot that is not live: " + slot;
        return (long)generations[slot] << 32 | slot;
    }

    /**
     * {@return the slot of the session with this handle, or {@link #NULL_SLOT} when it is gone or never was}
     *
     * @param handle any value whatever
     */
    public int resolve(final long handle)
    {
        final int slot = (int)handle;
        final int generation = (int)(handle >>> 32);
        return slot >= 0 && slot < generations.length && generations[slot] == generation && (generation & 1) != 0 ?
            slot : NULL_SLOT;
    }

    /**
     * {@return where the slot begins in {@link #memory()}}
     *
     * @param slot 0 to capacity - 1
     */
    public int offset(final int slot)
    {
        assert slot >= 0 && slot < generations.length : "no such slot: " + slot;
        return slot * stride;
    }

    /**
     * {@return the address of a slot: what a view reads and writes there without a check must lie inside the stride}.
     * It is good as long as somebody holds the slab.
     *
     * @param slot 0 to capacity - 1
     */
    public long address(final int slot)
    {
        final int offset = offset(slot);
        memory.boundsCheck(offset, stride);
        return memory.addressOffset() + offset;
    }

    /**
     * {@return the memory of all slots; it begins at a cache line}
     */
    public UnsafeBuffer memory()
    {
        return memory;
    }

    /**
     * {@return the number of live slots}
     */
    public int active()
    {
        return generations.length - freeCount;
    }

    /**
     * {@return the number of slots}
     */
    public int capacity()
    {
        return generations.length;
    }

    /**
     * {@return the length of a slot}
     */
    public int stride()
    {
        return stride;
    }
}
