// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpEvents;
import dev.trishake.transport.Link;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/**
 * One TCP core behind one link, and the application on top of it, driven by the thread that calls
 * {@link #doWork}.
 *
 * <pre>
 *  link ─poll─► ingress ─► TcpCore ─► outbox = egress ─flush─► link
 *                           │ ▲
 *                       Application
 * </pre>
 */
final class TcpAgent
{
    private static final int RING_CAPACITY = 1 << 20;
    private static final int LIMIT = 256;
    private static final long NS_PER_MS = 1_000_000;

    private final Link link;
    private final TcpCore core;
    private final Application application;
    private final OneToOneRingBuffer ingress = ring();
    private final OneToOneRingBuffer egress = ring();
    private final Outbox outbox = Outbox.withoutHandles(egress);
    private final ControlledMessageHandler toCore = this::toCore;
    private long nowNs;

    /** What uses the core. */
    interface Application extends TcpEvents
    {
        /**
         * Called once, before anything happens.
         *
         * @param core   to use from now on
         * @param outbox to give to the core
         * @param nowNs  the time
         */
        void begin(TcpCore core, Outbox outbox, long nowNs);

        /**
         * Does what no event asks for.
         *
         * @param nowNs the time
         * @return work done; 0 lets the agent wait
         */
        int doWork(long nowNs);
    }

    TcpAgent(final Link link, final TcpConfig config, final Application application)
    {
        this(link, config, application, System.nanoTime());
    }

    TcpAgent(final Link link, final TcpConfig config, final Application application, final long nowNs)
    {
        this.link = link;
        this.application = application;
        this.nowNs = nowNs;
        core = new TcpCore(config, application, nowNs);
        application.begin(core, outbox, nowNs);
    }

    TcpCore core()
    {
        return core;
    }

    /** {@return work done, at this time by the clock} */
    int doWork()
    {
        return doWork(System.nanoTime());
    }

    /** {@return work done} */
    int doWork(final long timeNs)
    {
        nowNs = timeNs;
        int work = link.poll(ingress, nowNs, LIMIT);
        drain(ingress, toCore);
        work += core.onTimers(nowNs, LIMIT, outbox);
        work += application.doWork(nowNs);
        work += link.flush(egress, nowNs, 2 * LIMIT);
        return work;
    }

    /**
     * Waits for a packet of its link or a timer; not at all while a ring holds something.
     *
     * @param await     the link's waiting, for so many milliseconds
     * @param maxWaitNs up to this long
     */
    void idle(final IntConsumer await, final long maxWaitNs)
    {
        if (ingress.size() + egress.size() > 0)
        {
            Thread.onSpinWait();
            return;
        }
        final long waitNs = Math.min(maxWaitNs, core.nextDeadlineNs() - System.nanoTime());
        if (waitNs > 0)
        {
            await.accept((int)((waitNs + NS_PER_MS - 1) / NS_PER_MS));
        }
    }

    private Action toCore(final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        return core.onPacket(buffer, index, length, nowNs, outbox) == Outcome.BACK_PRESSURED ?
            Action.ABORT : Action.CONTINUE;
    }

    /** One read of Agrona's ends where the ring wraps, so there are two. */
    private static void drain(final OneToOneRingBuffer ring, final ControlledMessageHandler handler)
    {
        ring.controlledRead(handler);
        ring.controlledRead(handler);
    }

    private static OneToOneRingBuffer ring()
    {
        return new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)));
    }
}
