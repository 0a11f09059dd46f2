// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.SessionSlab;
import org.agrona.UnsafeApi;

/**
 * A view of a slot of a slab: variables are words at constant offsets in it. The slot is checked when it is wrapped and
 * the offsets are less than its length, so no access checks again. The offset of a word of 64 bits is a long, so that
 * the compiler picks the right accessor.
 */
abstract class SlotView
{
    final SessionSlab slab;
    private int slot;
    private long base;

    SlotView(final SessionSlab slab)
    {
        this.slab = slab;
    }

    SlotView wrap(final int slot)
    {
        this.slot = slot;
        this.base = slab.address(slot);
        return this;
    }

    final int slot()
    {
        return slot;
    }

    final long address()
    {
        return base;
    }

    final int get(final int variable)
    {
        return UnsafeApi.getInt(base + variable);
    }

    final void set(final int variable, final int value)
    {
        UnsafeApi.putInt(base + variable, value);
    }

    final long get(final long variable)
    {
        return UnsafeApi.getLong(base + variable);
    }

    final void set(final long variable, final long value)
    {
        UnsafeApi.putLong(base + variable, value);
    }
}
