// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.session.SlotQueue;
import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.DatagramRecord;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * A datagram link with its rings, and the core that they are for. What the core claims the link sends as it stands.
 *
 * <pre>
 *  link ─poll─► ingress ─► core ─► outbox = egress ─flush─► link
 * </pre>
 *
 * <p>Sessions whose flight was refused, and those whose crypto is done, have their turn before the next datagrams come.
 */
final class DatagramPort
{
    private static final int TIMERS_LIMIT = 1024;

    private final DatagramLink link;
    private final DatagramCore core;
    private final CryptoRunner runner;
    private final OneToOneRingBuffer ingress;
    private final OneToOneRingBuffer egress;
    private final Outbox outbox;
    private final SlotQueue runnable;
    private final int limit;
    private final ControlledMessageHandler onRecord = this::onRecord;
    private final CryptoRunner.Resumer resumer = this::resume;
    private long nowNs;

    DatagramPort(
        final DatagramLink link, final DatagramProtocol parts, final EngineConfig config,
        final CounterAllocator counters)
    {
        this.link = link;
        this.core = parts.core();
        this.limit = config.pollLimit();
        runner = new CryptoRunner(core, parts.queue(), parts.kinds(), config.cryptoBatchesPerCycle(), counters);
        ingress = Rings.ofCapacity(config.ringLength());
        egress = Rings.ofCapacity(config.ringLength());
        outbox = new Outbox(egress);
        runnable = new SlotQueue(core.capacity());
    }

    DatagramLink link()
    {
        return link;
    }

    /** {@return work done} A datagram that the core can't answer now stays in the ring, and the link keeps the next. */
    int poll(final long newNowNs)
    {
        nowNs = newNowNs;
        final int turns = runnable.size();
        for (int i = 0; i < turns; i++)
        {
            final int slot = runnable.remove();
            if (core.handle(slot) != 0)
            {
                resume(slot, nowNs);
            }
        }
        final int work = turns + link.poll(ingress, nowNs, limit);
        Rings.drain(ingress, onRecord, Integer.MAX_VALUE);
        return work + runner.run(nowNs, resumer) + core.onTimers(nowNs, TIMERS_LIMIT, outbox);
    }

    /** {@return datagrams that the link has taken} */
    int flush(final long newNowNs)
    {
        return link.flush(egress, newNowNs, limit);
    }

    private void resume(final int slot, final long timeNs)
    {
        if (Outcome.category(core.resume(slot, timeNs, outbox)) == Outcome.BACK_PRESSURED)
        {
            runnable.add(slot);
        }
    }

    private Action onRecord(final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int outcome = core.onDatagram(DatagramRecord.socket(buffer, index), buffer,
            index + DatagramRecord.TUPLE_OFFSET, length - DatagramRecord.TUPLE_OFFSET, nowNs, outbox);
        return Outcome.category(outcome) == Outcome.BACK_PRESSURED ? Action.ABORT : Action.CONTINUE;
    }
}
