// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

/** Slots that want a turn, each once, first come first served. */
final class LoopbackReadyList
{
    private final int[] slots;
    private final boolean[] isIn;
    private int first;
    private int size;

    LoopbackReadyList(final int capacity)
    {
        slots = new int[capacity];
        isIn = new boolean[capacity];
    }

    int size()
    {
        return size;
    }

    void add(final int slot)
    {
        if (!isIn[slot])
        {
            isIn[slot] = true;
            slots[(first + size++) % slots.length] = slot;
        }
    }

    int remove()
    {
        final int slot = slots[first];
        first = (first + 1) % slots.length;
        size--;
        isIn[slot] = false;
        return slot;
    }
}
