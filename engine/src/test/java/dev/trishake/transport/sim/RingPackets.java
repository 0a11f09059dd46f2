// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.Link;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Puts packets into rings and takes them out, for tests. */
final class RingPackets
{
    static final int CAPACITY = 1 << 16;

    private RingPackets()
    {
    }

    static OneToOneRingBuffer ring()
    {
        return Rings.ofCapacity(CAPACITY);
    }

    static void put(final OneToOneRingBuffer ring, final byte[] packet)
    {
        if (!ring.write(Link.PACKET, new UnsafeBuffer(packet), 0, packet.length))
        {
            throw new AssertionError("the ring is full");
        }
    }

    static byte[] numbered(final int number, final int length)
    {
        final byte[] packet = new byte[length];
        new UnsafeBuffer(packet).putInt(0, number);
        return packet;
    }

    static List<String> takeAll(final OneToOneRingBuffer ring)
    {
        final List<String> taken = new ArrayList<>();
        readAll(ring, (msgTypeId, buffer, index, length) ->
        {
            final byte[] packet = new byte[length];
            buffer.getBytes(index, packet);
            taken.add(HexFormat.of().formatHex(packet));
        });
        return taken;
    }

    static List<Integer> takeNumbers(final OneToOneRingBuffer ring)
    {
        final List<Integer> taken = new ArrayList<>();
        readAll(ring, (msgTypeId, buffer, index, length) -> taken.add(buffer.getInt(index)));
        return taken;
    }

    /** One read ends where the ring wraps. */
    private static void readAll(final OneToOneRingBuffer ring, final MessageHandler handler)
    {
        while (ring.size() > 0)
        {
            ring.read(handler);
        }
    }
}
