// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import org.agrona.concurrent.AtomicBuffer;

/**
 * A TPACKET_V3 receive ring: blocks, each the kernel's or ours by its status, in which frames are chained.
 *
 * <pre>
 *  block                                          frame: struct tpacket3_hdr, struct sockaddr_ll
 *  0   version                                    0   offset of the next frame
 *  8   status: 0 the kernel's, bit 0 ours         12  length captured
 *  12  number of frames                           16  length on the wire
 *  16  offset of the first frame                  20  status
 *  48  ...                                        24  offset of the link header, a short
 *                                                 58  type of the frame (for us, to others)
 * </pre>
 *
 * <p>A block is handed over when it is full, or when a timer of a millisecond has found frames in it, and a kernel of
 * 250 Hz has milliseconds of 4: that is what it costs a handshake. All in the machine's byte order.
 */
final class BlockRing implements ReceiveRing
{
    static final int STATUS_OFFSET = 8;
    static final int COUNT_OFFSET = 12;
    static final int FIRST_OFFSET = 16;
    static final int NEXT_OFFSET = 0;
    static final int CAPTURED_OFFSET = 12;
    static final int LENGTH_OFFSET = 16;
    static final int FRAME_STATUS_OFFSET = 20;
    static final int HEADER_OFFSET = 24;
    static final int TYPE_OFFSET = 58;

    private static final int TP_STATUS_KERNEL = 0;
    private static final int TP_STATUS_USER = 1;

    private final AtomicBuffer memory;
    private final int blockLength;
    private final int blockCount;
    private int block;
    private int left;
    private int frame;

    BlockRing(final AtomicBuffer memory, final int blockLength, final int blockCount)
    {
        this.memory = memory;
        this.blockLength = blockLength;
        this.blockCount = blockCount;
    }

    @Override
    public boolean next()
    {
        while (left == 0)
        {
            final int start = block * blockLength;
            if ((memory.getIntVolatile(start + STATUS_OFFSET) & TP_STATUS_USER) == 0)
            {
                return false;
            }
            left = memory.getInt(start + COUNT_OFFSET);
            frame = start + memory.getInt(start + FIRST_OFFSET);
            if (left == 0)
            {
                giveBack();
            }
        }
        return true;
    }

    @Override
    public void release()
    {
        left--;
        if (left == 0)
        {
            giveBack();
        }
        else
        {
            frame += memory.getInt(frame + NEXT_OFFSET);
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
        return memory.getInt(frame + FRAME_STATUS_OFFSET);
    }

    @Override
    public int packetType()
    {
        return memory.getByte(frame + TYPE_OFFSET);
    }

    private void giveBack()
    {
        memory.putIntOrdered(block * blockLength + STATUS_OFFSET, TP_STATUS_KERNEL);
        block = block + 1 == blockCount ? 0 : block + 1;
    }
}
