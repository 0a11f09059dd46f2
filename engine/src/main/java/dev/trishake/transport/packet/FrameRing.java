// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import org.agrona.concurrent.AtomicBuffer;

/**
 * A TPACKET_V2 receive ring: places of one length, each the kernel's or ours by its status, and each ours at once.
 *
 * <pre>
 *  struct tpacket2_hdr, struct sockaddr_ll
 *  0   status: 0 the kernel's, bit 0 ours
 *  4   length on the wire
 *  8   length captured
 *  12  offset of the link header, a short
 *  42  type of the frame (for us, to others)
 * </pre>
 *
 * <p>All in the machine's byte order.
 */
final class FrameRing implements ReceiveRing
{
    static final int STATUS_OFFSET = 0;
    static final int LENGTH_OFFSET = 4;
    static final int CAPTURED_OFFSET = 8;
    static final int HEADER_OFFSET = 12;
    static final int TYPE_OFFSET = 42;

    private static final int TP_STATUS_KERNEL = 0;
    private static final int TP_STATUS_USER = 1;

    private final AtomicBuffer memory;
    private final int frameLength;
    private final int end;
    private int frame;

    FrameRing(final AtomicBuffer memory, final int frameLength)
    {
        this.memory = memory;
        this.frameLength = frameLength;
        end = memory.capacity() / frameLength * frameLength;
    }

    @Override
    public boolean next()
    {
        return (memory.getIntVolatile(frame + STATUS_OFFSET) & TP_STATUS_USER) != 0;
    }

    @Override
    public void release()
    {
        memory.putIntOrdered(frame + STATUS_OFFSET, TP_STATUS_KERNEL);
        frame += frameLength;
        if (frame == end)
        {
            frame = 0;
        }
    }

    @Override
    public AtomicBuffer buffer()
    {
        return memory;
    }

    @Override
    public int offset()
    {
        return frame + memory.getChar(frame + HEADER_OFFSET);
    }

    @Override
    public int length()
    {
        return memory.getInt(frame + CAPTURED_OFFSET);
    }

    @Override
    public boolean isWhole()
    {
        return memory.getInt(frame + CAPTURED_OFFSET) == memory.getInt(frame + LENGTH_OFFSET);
    }

    @Override
    public int status()
    {
        return memory.getInt(frame + STATUS_OFFSET);
    }

    @Override
    public int packetType()
    {
        return memory.getByte(frame + TYPE_OFFSET);
    }
}
