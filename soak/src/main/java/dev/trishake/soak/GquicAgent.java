// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.runtime.Connections;
import dev.trishake.runtime.DatagramProtocol;
import dev.trishake.session.SlotQueue;
import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.DatagramRecord;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;

/** A core over datagrams and its link, turned by their user: an engine's agent without a thread or a clock. */
final class GquicAgent
{
    private static final int RING_LENGTH = 1 << 20;
    private static final int LIMIT = 256;

    private final DatagramProtocol parts;
    private final DatagramCore core;
    private final DatagramLink link;
    private final OneToOneRingBuffer ingress = ring();
    private final OneToOneRingBuffer egress = ring();
    private final Outbox outbox = new Outbox(egress);
    private final SlotQueue runnable;
    private final ControlledMessageHandler onRecord = this::onRecord;
    private final int[] lanes = new int[CryptoOperation.MAX_LANES];
    private final long[] handles = new long[CryptoOperation.MAX_LANES];
    private long nowNs;

    GquicAgent(final DatagramProtocol parts, final DatagramLink link)
    {
        this.parts = parts;
        this.link = link;
        core = parts.core();
        runnable = new SlotQueue(core.capacity());
    }

    private static OneToOneRingBuffer ring()
    {
        return new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    Connections connections()
    {
        return parts.connections();
    }

    /** {@return work done} */
    int doWork(final long newNowNs)
    {
        nowNs = newNowNs;
        int work = runnable.size();
        for (int turns = work; turns > 0; turns--)
        {
            final int slot = runnable.remove();
            if (core.handle(slot) != 0)
            {
                resume(slot);
            }
        }
        work += link.poll(ingress, nowNs, LIMIT);
        ingress.controlledRead(onRecord, LIMIT);
        ingress.controlledRead(onRecord, LIMIT); // one read ends where the ring wraps
        work += crypto();
        work += core.onTimers(nowNs, LIMIT, outbox);
        return work + link.flush(egress, nowNs, 4 * LIMIT);
    }

    private ControlledMessageHandler.Action onRecord(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int outcome = core.onDatagram(DatagramRecord.socket(buffer, index), buffer,
            index + DatagramRecord.TUPLE_OFFSET, length - DatagramRecord.TUPLE_OFFSET, nowNs, outbox);
        return Outcome.category(outcome) == Outcome.BACK_PRESSURED ?
            ControlledMessageHandler.Action.ABORT : ControlledMessageHandler.Action.CONTINUE;
    }

    private void resume(final int slot)
    {
        final int category = Outcome.category(core.resume(slot, nowNs, outbox));
        if (category == Outcome.BACK_PRESSURED || category == Outcome.AWAIT_CERTIFICATE)
        {
            runnable.add(slot);
        }
    }

    /** {@return operations done}: until none is left. */
    private int crypto()
    {
        int all = 0;
        int before;
        do
        {
            before = all;
            for (int kind = 0; kind < parts.kinds().size(); kind++)
            {
                while (parts.queue().size(kind) > 0)
                {
                    all += batch(kind, parts.kinds().get(kind).operation());
                }
            }
        }
        while (all > before);
        return all;
    }

    private int batch(final int kind, final CryptoOperation operation)
    {
        final int count = parts.queue().take(kind, core, lanes, operation.lanes());
        if (count > 0)
        {
            operation.execute(lanes, count, nowNs);
        }
        for (int i = 0; i < count; i++)
        {
            handles[i] = core.handle(lanes[i]);
        }
        for (int i = 0; i < count; i++)
        {
            if (core.handle(lanes[i]) == handles[i])
            {
                resume(lanes[i]);
            }
        }
        return count;
    }

    /** A waiting connection has its turn in each cycle. */
    void wake(final int slot)
    {
        runnable.add(slot);
    }
}
