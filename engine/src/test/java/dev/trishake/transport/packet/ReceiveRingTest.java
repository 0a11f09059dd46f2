// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The kernel's part is played by hand. */
class ReceiveRingTest
{
    private static final int BLOCK_LENGTH = 1024;
    private static final int FRAME_LENGTH = 256;
    private static final int DATA_OFFSET = 80;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(4 * FRAME_LENGTH));
    private final UnsafeBuffer blocks = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * BLOCK_LENGTH));

    private void putFrame(final int place, final int captured, final int length)
    {
        final int frame = place * FRAME_LENGTH;
        memory.putInt(frame + FrameRing.LENGTH_OFFSET, length);
        memory.putInt(frame + FrameRing.CAPTURED_OFFSET, captured);
        memory.putChar(frame + FrameRing.HEADER_OFFSET, (char)DATA_OFFSET);
        memory.putByte(frame + FrameRing.TYPE_OFFSET, (byte)place);
        memory.putInt(frame + FrameRing.STATUS_OFFSET, 1 | ReceiveRing.TP_STATUS_CSUMNOTREADY);
    }

    private void putBlock(final int block, final int... lengths)
    {
        final int start = block * BLOCK_LENGTH;
        int frame = 48;
        blocks.putInt(start + BlockRing.FIRST_OFFSET, frame);
        blocks.putInt(start + BlockRing.COUNT_OFFSET, lengths.length);
        for (final int length : lengths)
        {
            blocks.putInt(start + frame + BlockRing.NEXT_OFFSET, 128);
            blocks.putInt(start + frame + BlockRing.CAPTURED_OFFSET, length);
            blocks.putInt(start + frame + BlockRing.LENGTH_OFFSET, length);
            blocks.putChar(start + frame + BlockRing.HEADER_OFFSET, (char)DATA_OFFSET);
            frame += 128;
        }
        blocks.putInt(start + BlockRing.STATUS_OFFSET, 1);
    }

    @Test
    void shouldReadPlacesInTheirOrderAndComeRound()
    {
        final FrameRing ring = new FrameRing(memory, FRAME_LENGTH);
        assertFalse(ring.next());
        for (int i = 0; i < 10; i++)
        {
            putFrame(i % 4, 60 + i, i == 7 ? 1500 : 60 + i);
            assertTrue(ring.next());
            assertTrue(ring.next(), "the same until it is released");
            assertEquals(i % 4 * FRAME_LENGTH + DATA_OFFSET, ring.offset());
            assertEquals(60 + i, ring.length());
            assertEquals(i != 7, ring.isWhole());
            assertEquals(i % 4, ring.packetType());
            assertTrue((ring.status() & ReceiveRing.TP_STATUS_CSUMNOTREADY) != 0);
            ring.release();
            assertEquals(0, memory.getInt(i % 4 * FRAME_LENGTH), "it is the kernel's again");
            assertFalse(ring.next());
        }
    }

    @Test
    void shouldReadBlocksInTheirOrderAndGiveThemBackWhole()
    {
        final BlockRing ring = new BlockRing(blocks, BLOCK_LENGTH, 2);
        assertFalse(ring.next());
        putBlock(0, 60, 61, 62);
        putBlock(1);
        for (int i = 0; i < 3; i++)
        {
            assertTrue(ring.next());
            assertEquals(60 + i, ring.length());
            assertEquals(48 + 128 * i + DATA_OFFSET, ring.offset());
            assertTrue(ring.isWhole());
            assertEquals(1, blocks.getInt(BlockRing.STATUS_OFFSET));
            ring.release();
        }
        assertEquals(0, blocks.getInt(BlockRing.STATUS_OFFSET));
        assertFalse(ring.next(), "an empty block is given back");
        assertEquals(0, blocks.getInt(BLOCK_LENGTH + BlockRing.STATUS_OFFSET));
        putBlock(0, 99);
        assertTrue(ring.next());
        assertEquals(99, ring.length());
    }
}
