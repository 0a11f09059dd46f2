// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The records of sessions over datagrams, 64 bytes each, by their core's slots: what the agent knows of them.
 *
 * <pre>
 *  0            8             16             24     28      32       36       40     44   64
 *  +------------+-------------+--------------+------+-------+--------+--------+------+----+
 *  |   handle   | attachment  | last activity| bits | own   | socket | prefix | debt |    |
 *  | 0: nobody  |  (user's)   |              |      | stream|        |        |      |    |
 *  +------------+-------------+--------------+------+-------+--------+--------+------+----+
 * </pre>
 */
final class DatagramFields
{
    static final int ESTABLISHED = 1;
    static final int CLIENT = 1 << 1;
    /** The user is gone, and the core was told. */
    static final int CLOSING = 1 << 2;
    /** The handler knows that the session has ended, or never knew that it began. */
    static final int TOLD = 1 << 3;
    /** Counted among its source prefix's handshakes. */
    static final int COUNTED = 1 << 4;
    /** The user is gone; what it gave is still under way, and then the session is CLOSING. */
    static final int LEAVING = 1 << 5;

    private static final int STRIDE = 64;
    private static final int HANDLE_OFFSET = 0;
    private static final int ATTACHMENT_OFFSET = 8;
    private static final int ACTIVE_NS_OFFSET = 16;
    private static final int BITS_OFFSET = 24;
    private static final int OWN_STREAM_OFFSET = 28;
    private static final int SOCKET_OFFSET = 32;
    private static final int PREFIX_OFFSET = 36;
    private static final int DEBT_OFFSET = 40;

    private final UnsafeBuffer memory;

    DatagramFields(final int capacity)
    {
        memory = new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(Math.max(1, capacity) * STRIDE, BitUtil.CACHE_LINE_LENGTH));
    }

    void begin(final int slot, final long handle)
    {
        memory.setMemory(slot * STRIDE, STRIDE, (byte)0);
        memory.putLong(slot * STRIDE + HANDLE_OFFSET, handle);
    }

    void end(final int slot)
    {
        memory.setMemory(slot * STRIDE, STRIDE, (byte)0);
    }

    /** {@return what names the session, 0 when there is none} */
    long handle(final int slot)
    {
        return memory.getLong(slot * STRIDE + HANDLE_OFFSET);
    }

    boolean has(final int slot, final int bit)
    {
        return (memory.getInt(slot * STRIDE + BITS_OFFSET) & bit) != 0;
    }

    void raise(final int slot, final int bit)
    {
        memory.putInt(slot * STRIDE + BITS_OFFSET, memory.getInt(slot * STRIDE + BITS_OFFSET) | bit);
    }

    void clear(final int slot, final int bit)
    {
        memory.putInt(slot * STRIDE + BITS_OFFSET, memory.getInt(slot * STRIDE + BITS_OFFSET) & ~bit);
    }

    long attachment(final int slot)
    {
        return memory.getLong(slot * STRIDE + ATTACHMENT_OFFSET);
    }

    void attachment(final int slot, final long value)
    {
        memory.putLong(slot * STRIDE + ATTACHMENT_OFFSET, value);
    }

    long activeNs(final int slot)
    {
        return memory.getLong(slot * STRIDE + ACTIVE_NS_OFFSET);
    }

    void activeNs(final int slot, final long nowNs)
    {
        memory.putLong(slot * STRIDE + ACTIVE_NS_OFFSET, nowNs);
    }

    /** {@return the stream that 0 stands for, 0 while there is none} */
    int ownStream(final int slot)
    {
        return memory.getInt(slot * STRIDE + OWN_STREAM_OFFSET);
    }

    void ownStream(final int slot, final int stream)
    {
        memory.putInt(slot * STRIDE + OWN_STREAM_OFFSET, stream);
    }

    int socket(final int slot)
    {
        return memory.getInt(slot * STRIDE + SOCKET_OFFSET);
    }

    void socket(final int slot, final int socket)
    {
        memory.putInt(slot * STRIDE + SOCKET_OFFSET, socket);
    }

    int prefix(final int slot)
    {
        return memory.getInt(slot * STRIDE + PREFIX_OFFSET);
    }

    void prefix(final int slot, final int index)
    {
        memory.putInt(slot * STRIDE + PREFIX_OFFSET, index);
    }

    int debt(final int slot)
    {
        return memory.getInt(slot * STRIDE + DEBT_OFFSET);
    }

    void debt(final int slot, final int length)
    {
        memory.putInt(slot * STRIDE + DEBT_OFFSET, length);
    }
}
