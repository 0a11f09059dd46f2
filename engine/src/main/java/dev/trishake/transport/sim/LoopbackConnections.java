// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.session.SessionSlab;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The connections of one end of a {@link LoopbackStreamLink}. */
final class LoopbackConnections
{
    private final SessionSlab slots;
    private final LoopbackConnection[] connections;

    LoopbackConnections(final int capacity, final int bufferLength)
    {
        slots = new SessionSlab(capacity, Long.BYTES);
        connections = new LoopbackConnection[capacity];
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity * bufferLength));
        Arrays.setAll(connections, i -> new LoopbackConnection(i, memory, i * bufferLength, bufferLength));
    }

    int capacity()
    {
        return connections.length;
    }

    int active()
    {
        return slots.active();
    }

    boolean areAllInUse()
    {
        return slots.active() == slots.capacity();
    }

    LoopbackConnection get(final int slot)
    {
        return connections[slot];
    }

    /** {@return one with a new handle, or null} The generation's highest bit is left out: handles are positive. */
    LoopbackConnection acquire()
    {
        final int slot = slots.acquire();
        if (slot == SessionSlab.NULL_SLOT)
        {
            return null;
        }
        connections[slot].handle = slots.handle(slot) & Long.MAX_VALUE;
        return connections[slot];
    }

    void release(final LoopbackConnection connection)
    {
        connection.clear();
        slots.release(connection.slot);
    }

    /** {@return the connection with this handle, or null when it is gone} */
    LoopbackConnection resolve(final long handle)
    {
        final int slot = (int)handle;
        return handle > 0 && slot >= 0 && slot < connections.length && connections[slot].handle == handle ?
            connections[slot] : null;
    }
}
