// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import org.agrona.concurrent.UnsafeBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The headers that sendmmsg(2) and recvmmsg(2) take, one {@code struct mmsghdr} a message, each with one piece of
 * memory, and if asked for with an address and control data.
 *
 * <pre>
 *  struct mmsghdr                               struct iovec
 *  0        8       16       24       32         0        8
 * +--------+-------+--------+--------+          +--------+--------+
 * | name   |length | iov    | count  |          | base   | length |
 * +--------+-------+--------+--------+          +--------+--------+
 *  32       40      48       56       64
 * +--------+-------+--------+--------+
 * | control|length | flags  | bytes  |
 * +--------+-------+--------+--------+
 * </pre>
 *
 * <p>The kernel writes lengths and flags of what it has received, so {@link #reset} comes before each receive.
 */
public final class MessageBatch
{
    /** Flag of a received message: it was longer than its memory, and is cut off. */
    public static final int MSG_TRUNC = 0x20;

    private static final int HEADER_LENGTH = 64;
    private static final int NAME_OFFSET = 0;
    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int VECTOR_OFFSET = 16;
    private static final int VECTOR_COUNT_OFFSET = 24;
    private static final int CONTROL_OFFSET = 32;
    private static final int CONTROL_LENGTH_OFFSET = 40;
    private static final int FLAGS_OFFSET = 48;
    private static final int BYTES_OFFSET = 56;
    private static final int VECTOR_LENGTH = 16;
    private static final int BASE_OFFSET = 0;
    private static final int BASE_LENGTH_OFFSET = 8;

    private final int vectors;
    private final int names;
    private final int nameLength;
    private final int controls;
    private final int controlLength;
    private final MemorySegment segment;
    private final MemorySegment[] nameSegments;
    private final UnsafeBuffer memory;

    /**
     * Allocates headers.
     *
     * @param capacity      how many messages
     * @param nameLength    room for the address of each, 0 for none; a multiple of 4
     * @param controlLength room for the control data of each, 0 for none; a multiple of 8
     */
    public MessageBatch(final int capacity, final int nameLength, final int controlLength)
    {
        this.nameLength = nameLength;
        this.controlLength = controlLength;
        vectors = capacity * HEADER_LENGTH;
        controls = vectors + capacity * VECTOR_LENGTH;
        names = controls + capacity * controlLength;
        segment = Arena.ofAuto().allocate(names + (long)capacity * nameLength, Long.BYTES);
        memory = new UnsafeBuffer(segment.address(), (int)segment.byteSize());
        nameSegments = new MemorySegment[capacity];
        for (int i = 0; i < capacity; i++)
        {
            final int header = i * HEADER_LENGTH;
            nameSegments[i] = segment.asSlice(nameIndex(i), nameLength);
            memory.putLong(header + VECTOR_OFFSET, address(vectors + i * VECTOR_LENGTH));
            memory.putLong(header + VECTOR_COUNT_OFFSET, 1);
            memory.putLong(header + NAME_OFFSET, nameLength == 0 ? Libc.NULL : address(nameIndex(i)));
            memory.putLong(header + CONTROL_OFFSET, controlLength == 0 ? Libc.NULL : address(controlIndex(i)));
            reset(i);
        }
    }

    /**
     * {@return the address of a header, for the calls}
     *
     * @param index of the message
     */
    public long header(final int index)
    {
        return address(index * HEADER_LENGTH);
    }

    /**
     * Says where a message is or goes.
     *
     * @param index   of the message
     * @param address of its bytes
     * @param length  of them, or of the room
     */
    public void payload(final int index, final long address, final int length)
    {
        final int vector = vectors + index * VECTOR_LENGTH;
        memory.putLong(vector + BASE_OFFSET, address);
        memory.putLong(vector + BASE_LENGTH_OFFSET, length);
    }

    /**
     * Makes a header ready to receive: all the room for address and control data.
     *
     * @param index of the message
     */
    public void reset(final int index)
    {
        nameLength(index, nameLength);
        controlLength(index, controlLength);
        memory.putInt(index * HEADER_LENGTH + FLAGS_OFFSET, 0);
    }

    /**
     * Sets the length of an address.
     *
     * @param index  of the message
     * @param length 0 for none
     */
    public void nameLength(final int index, final int length)
    {
        memory.putInt(index * HEADER_LENGTH + NAME_LENGTH_OFFSET, length);
    }

    /**
     * Sets the length of control data.
     *
     * @param index  of the message
     * @param length 0 for none
     */
    public void controlLength(final int index, final int length)
    {
        memory.putLong(index * HEADER_LENGTH + CONTROL_LENGTH_OFFSET, length);
    }

    /**
     * {@return length of the control data, as received}
     *
     * @param index of the message
     */
    public int controlLength(final int index)
    {
        return (int)memory.getLong(index * HEADER_LENGTH + CONTROL_LENGTH_OFFSET);
    }

    /**
     * {@return flags of a received message, like {@link #MSG_TRUNC}}
     *
     * @param index of the message
     */
    public int flags(final int index)
    {
        return memory.getInt(index * HEADER_LENGTH + FLAGS_OFFSET);
    }

    /**
     * {@return how many bytes were received or sent}
     *
     * @param index of the message
     */
    public int bytes(final int index)
    {
        return memory.getInt(index * HEADER_LENGTH + BYTES_OFFSET);
    }

    /**
     * {@return a message's address, for {@link SocketAddressCodec}}
     *
     * @param index of the message
     */
    public MemorySegment name(final int index)
    {
        return nameSegments[index];
    }

    /**
     * {@return where a message's control data is in {@link #memory()}}
     *
     * @param index of the message
     */
    public int controlIndex(final int index)
    {
        return controls + index * controlLength;
    }

    /**
     * {@return the memory of headers, addresses and control data, good while this batch is reachable}
     */
    public UnsafeBuffer memory()
    {
        return memory;
    }

    private int nameIndex(final int index)
    {
        return names + index * nameLength;
    }

    private long address(final int index)
    {
        return memory.addressOffset() + index;
    }
}
