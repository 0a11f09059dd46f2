// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.Link;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * One direction of a {@link FaultyLink}: a bounded pool of packets under way, ordered by when they are due. The caller
 * sees its counters only.
 */
public final class FaultLane
{
    private final Faults faults;
    private final SplittableRandom random;
    private final int maxPacketLength;
    private final int stride;
    private final UnsafeBuffer packets;
    private final int[] lengths;
    private final long[] dueNs;
    private final long[] sequences;
    private final int[] free;
    private final int[] heap;
    private final ControlledMessageHandler onPacket = this::onPacket;

    private int freeCount;
    private int waiting;
    private long nextSequence;
    private long lastDueNs = Long.MIN_VALUE;
    private long nowNs;

    private long admitted;
    private long lost;
    private long duplicated;
    private long reordered;
    private long corrupted;
    private long dropped;

    FaultLane(final Faults faults, final long seed, final int maxPackets, final int maxPacketLength)
    {
        if (maxPackets < 2)
        {
            throw new IllegalArgumentException("a packet and its duplicate need room: maxPackets=" + maxPackets);
        }
        this.faults = faults;
        this.random = new SplittableRandom(seed);
        this.maxPacketLength = maxPacketLength;
        this.stride = BitUtil.align(maxPacketLength, BitUtil.SIZE_OF_LONG);
        this.packets = new UnsafeBuffer(ByteBuffer.allocateDirect(Math.multiplyExact(maxPackets, stride)));
        this.lengths = new int[maxPackets];
        this.dueNs = new long[maxPackets];
        this.sequences = new long[maxPackets];
        this.heap = new int[maxPackets];
        this.free = new int[maxPackets];
        this.freeCount = maxPackets;
        for (int i = 0; i < maxPackets; i++)
        {
            free[i] = maxPackets - 1 - i;
        }
    }

    /**
     * {@return packets that have come into the lane, lost ones too, duplicates not}
     */
    public long admitted()
    {
        return admitted;
    }

    /**
     * {@return packets lost on purpose}
     */
    public long lost()
    {
        return lost;
    }

    /**
     * {@return packets that go on twice}
     */
    public long duplicated()
    {
        return duplicated;
    }

    /**
     * {@return packets held back so that others may overtake them}
     */
    public long reordered()
    {
        return reordered;
    }

    /**
     * {@return packets that had a bit flipped}
     */
    public long corrupted()
    {
        return corrupted;
    }

    /**
     * {@return packets dropped because they were too long for the lane or the next ring, or no packets}
     */
    public long dropped()
    {
        return dropped;
    }

    /**
     * {@return packets under way now}
     */
    public int waiting()
    {
        return waiting;
    }

    /**
     * {@return when the next packet is due, so that a simulated clock can jump there; {@link Long#MAX_VALUE} when none
     * is under way}
     */
    public long nextDueNs()
    {
        return waiting == 0 ? Long.MAX_VALUE : dueNs[heap[0]];
    }

    int admit(final OneToOneRingBuffer source, final long nowNs, final int limit)
    {
        this.nowNs = nowNs;
        return Rings.drain(source, onPacket, limit);
    }

    int release(final OneToOneRingBuffer target, final long nowNs, final int limit)
    {
        int moved = 0;
        while (waiting > 0 && moved < limit && dueNs[heap[0]] <= nowNs)
        {
            final int slot = heap[0];
            if (lengths[slot] > target.maxMsgLength())
            {
                dropped++;
            }
            else if (target.write(Link.PACKET, packets, slot * stride, lengths[slot]))
            {
                moved++;
            }
            else
            {
                break;
            }
            removeFirst();
        }
        return moved;
    }

    private ControlledMessageHandler.Action onPacket(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        if (msgTypeId != Link.PACKET || length > maxPacketLength)
        {
            dropped++;
            return ControlledMessageHandler.Action.CONTINUE;
        }
        if (freeCount < 2)
        {
            return ControlledMessageHandler.Action.ABORT;
        }

        // always six draws in this order, so that a packet's fate depends on its number and not on its neighbours'
        final boolean isLost = happens(faults.lossPpm());
        final boolean isDuplicated = happens(faults.duplicatePpm());
        final boolean isReordered = happens(faults.reorderPpm());
        final boolean isCorrupted = happens(faults.corruptPpm());
        final int bit = (int)below(8L * length);
        final long jitterNs = below(faults.jitterNs() + 1);

        admitted++;
        if (isLost)
        {
            lost++;
            return ControlledMessageHandler.Action.CONTINUE;
        }

        final long due = due(isReordered, jitterNs);
        final int slot = add(buffer, index, length, due);
        if (isCorrupted && length > 0)
        {
            corrupted++;
            final int at = slot * stride + (bit >>> 3);
            packets.putByte(at, (byte)(packets.getByte(at) ^ 1 << (bit & 7)));
        }
        if (isDuplicated)
        {
            duplicated++;
            add(buffer, index, length, due);
        }
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private long due(final boolean isReordered, final long jitterNs)
    {
        final long inOrderNs = Math.max(lastDueNs, nowNs + faults.delayNs() + jitterNs);
        if (isReordered)
        {
            reordered++;
            return inOrderNs + faults.reorderNs();
        }
        lastDueNs = inOrderNs;
        return inOrderNs;
    }

    private boolean happens(final int ppm)
    {
        return below(Faults.MILLION) < ppm;
    }

    private long below(final long bound)
    {
        return Math.unsignedMultiplyHigh(random.nextLong(), bound);
    }

    private int add(final MutableDirectBuffer buffer, final int index, final int length, final long due)
    {
        final int slot = free[--freeCount];
        packets.putBytes(slot * stride, buffer, index, length);
        lengths[slot] = length;
        dueNs[slot] = due;
        sequences[slot] = nextSequence++;

        int at = waiting++;
        while (at > 0 && isBefore(slot, heap[(at - 1) >>> 1]))
        {
            heap[at] = heap[(at - 1) >>> 1];
            at = (at - 1) >>> 1;
        }
        heap[at] = slot;
        return slot;
    }

    private void removeFirst()
    {
        free[freeCount++] = heap[0];
        final int last = heap[--waiting];
        int at = 0;
        int child = 1;
        while (child < waiting)
        {
            if (child + 1 < waiting && isBefore(heap[child + 1], heap[child]))
            {
                child++;
            }
            if (!isBefore(heap[child], last))
            {
                break;
            }
            heap[at] = heap[child];
            at = child;
            child = 2 * at + 1;
        }
        heap[at] = last;
    }

    private boolean isBefore(final int one, final int two)
    {
        return dueNs[one] < dueNs[two] || (dueNs[one] == dueNs[two] && sequences[one] < sequences[two]);
    }
}
