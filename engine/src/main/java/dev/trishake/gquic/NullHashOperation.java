// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoOperation;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.hash.Fnv1a128Batch;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Hashes of packets without keys, gQUIC 4: the low 96 bits of FNV-1a-128 of header, plaintext and the sender's side,
 * checked in packets that came, written into those that go out.
 */
final class NullHashOperation implements CryptoOperation
{
    private static final UnsafeBuffer CLIENT = new UnsafeBuffer("Client".getBytes(StandardCharsets.US_ASCII));
    private static final UnsafeBuffer SERVER = new UnsafeBuffer("Server".getBytes(StandardCharsets.US_ASCII));

    private final PacketSlots packets;
    private final int firstSlot;
    private final UnsafeBuffer self;
    private final UnsafeBuffer peer;
    private final Fnv1a128Batch fnv;

    /**
     * Allocates the scratch.
     *
     * @param packets   holds them
     * @param firstSlot the core's slot of the first one
     * @param isClient  which side this is
     * @param kernels   which implementation
     */
    NullHashOperation(final PacketSlots packets, final int firstSlot, final boolean isClient, final Kernels kernels)
    {
        this.packets = packets;
        this.firstSlot = firstSlot;
        self = isClient ? CLIENT : SERVER;
        peer = isClient ? SERVER : CLIENT;
        fnv = new Fnv1a128Batch(kernels);
    }

    @Override
    public int lanes()
    {
        return Fnv1a128Batch.LANES;
    }

    @Override
    public void execute(final int[] slots, final int count, final long nowNs)
    {
        for (int i = 0; i < count; i++)
        {
            add(slots[i] - firstSlot);
        }
        fnv.run();
        for (int i = 0; i < count; i++)
        {
            take(slots[i] - firstSlot, i);
        }
        fnv.clear();
    }

    private void add(final int packet)
    {
        final int datagram = packets.datagram(packet);
        final int headerLength = packets.headerLength(packet);
        final int text = headerLength + PacketSlots.HASH_LENGTH;
        final UnsafeBuffer sender = packets.isOutgoing(packet) ? self : peer;
        fnv.add(packets.memory(), datagram, headerLength);
        fnv.append(packets.memory(), datagram + text, packets.length(packet) - text);
        fnv.append(sender, 0, sender.capacity());
    }

    private void take(final int packet, final int lane)
    {
        final UnsafeBuffer memory = packets.memory();
        final int at = packets.datagram(packet) + packets.headerLength(packet);
        if (packets.isOutgoing(packet))
        {
            memory.putLong(at, fnv.low(lane), LITTLE_ENDIAN);
            memory.putInt(at + Long.BYTES, (int)fnv.high(lane), LITTLE_ENDIAN);
        }
        else if (memory.getLong(at, LITTLE_ENDIAN) == fnv.low(lane) &&
            memory.getInt(at + Long.BYTES, LITTLE_ENDIAN) == (int)fnv.high(lane))
        {
            packets.verified(packet);
        }
    }
}
