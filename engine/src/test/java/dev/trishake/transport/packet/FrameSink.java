// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertNotNull;

/** Frames that go out, kept for a test to look at. */
final class FrameSink implements FrameOutput
{
    final ArrayDeque<UnsafeBuffer> frames = new ArrayDeque<>();
    boolean isFull;
    boolean isQuiet;
    int count;
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 12));
    private int length;

    @Override
    public MutableDirectBuffer buffer()
    {
        return buffer;
    }

    @Override
    public int claim(final int length)
    {
        this.length = length;
        return isFull ? NO_ROOM : 2;
    }

    @Override
    public void commit()
    {
        count++;
        if (!isQuiet)
        {
            final byte[] frame = new byte[length];
            buffer.getBytes(2, frame);
            frames.add(new UnsafeBuffer(frame));
        }
    }

    UnsafeBuffer next()
    {
        final UnsafeBuffer frame = frames.poll();
        assertNotNull(frame, "no frame");
        return frame;
    }

    String nextHex()
    {
        return HexFormat.of().formatHex(next().byteArray());
    }
}
