// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

/**
 * What names a session in the whole engine: positive, and good for no later session.
 *
 * <pre>
 *  63 62                      32 31       24 23                0
 * +--+--------------------------+-----------+-------------------+
 * |0 |        generation        |   agent   |       slot        |
 * +--+--------------------------+-----------+-------------------+
 * </pre>
 */
final class SessionHandle
{
    private static final int AGENT_SHIFT = 24;
    private static final int SLOT_MASK = (1 << AGENT_SHIFT) - 1;
    private static final long SIGN = Long.MIN_VALUE;

    private SessionHandle()
    {
    }

    /** {@return the handle of what an agent's slab calls so} */
    static long of(final long slabHandle, final int agent)
    {
        return (slabHandle | (long)agent << AGENT_SHIFT) & ~SIGN;
    }

    static int agent(final long handle)
    {
        return (int)handle >>> AGENT_SHIFT;
    }

    static int slot(final long handle)
    {
        return (int)handle & SLOT_MASK;
    }

    /** {@return whether any session can have this handle} */
    static boolean isPossible(final long handle)
    {
        return handle >>> Integer.SIZE != 0 && handle > 0;
    }
}
