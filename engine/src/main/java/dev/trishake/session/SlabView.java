// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A record of a slab under the names that its class gives its fields: a view that is moved from slot to slot, so that
 * no session is an object. A field is an offset; those whose offset is an {@code int} have 32 bits, those whose offset
 * is a {@code long} have 64. Flags have one word, at the same place in all records.
 */
public abstract class SlabView
{
    /** Where the word of flags is: behind a first word that is the record's own. */
    protected static final int FLAGS = 4;

    private final SessionSlab slab;
    private final UnsafeBuffer memory;
    private int slot = SessionSlab.NULL_SLOT;
    private int base;

    /**
     * A view of no record yet.
     *
     * @param slab whose records it shows
     */
    protected SlabView(final SessionSlab slab)
    {
        this.slab = slab;
        this.memory = slab.memory();
    }

    /**
     * Moves to another record.
     *
     * @param newSlot of the slab, or {@link SessionSlab#NULL_SLOT} for none
     */
    protected final void turnTo(final int newSlot)
    {
        slot = newSlot;
        base = newSlot < 0 ? 0 : slab.offset(newSlot);
    }

    /**
     * {@return the slot that is looked at}
     */
    public final int slot()
    {
        return slot;
    }

    /**
     * {@return the handle of the session in it}
     */
    public final long handle()
    {
        return slab.handle(slot);
    }

    /**
     * {@return the memory of all records}
     */
    public final UnsafeBuffer memory()
    {
        return memory;
    }

    /**
     * {@return where in the memory a field of this record is}
     *
     * @param offset in the record
     */
    public final int at(final int offset)
    {
        return base + offset;
    }

    /**
     * {@return a field of 32 bits}
     *
     * @param offset in the record
     */
    public final int get(final int offset)
    {
        return memory.getInt(base + offset);
    }

    /**
     * Sets a field of 32 bits.
     *
     * @param offset in the record
     * @param value  any
     */
    public final void set(final int offset, final int value)
    {
        memory.putInt(base + offset, value);
    }

    /**
     * {@return a field of 64 bits}
     *
     * @param offset in the record
     */
    public final long get(final long offset)
    {
        return memory.getLong(base + (int)offset);
    }

    /**
     * Sets a field of 64 bits.
     *
     * @param offset in the record
     * @param value  any
     */
    public final void set(final long offset, final long value)
    {
        memory.putLong(base + (int)offset, value);
    }

    /**
     * {@return whether one of these flags is raised}
     *
     * @param flags one or more
     */
    public final boolean is(final int flags)
    {
        return (get(FLAGS) & flags) != 0;
    }

    /**
     * Raises flags.
     *
     * @param flags one or more
     */
    public final void raise(final int flags)
    {
        set(FLAGS, get(FLAGS) | flags);
    }

    /**
     * Takes flags back.
     *
     * @param flags one or more
     */
    public final void clear(final int flags)
    {
        set(FLAGS, get(FLAGS) & ~flags);
    }
}
