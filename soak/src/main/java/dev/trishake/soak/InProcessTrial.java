// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.flood.Addresses;
import dev.trishake.soak.flood.Measurement;
import dev.trishake.soak.flood.Plan;
import dev.trishake.soak.flood.Proc;
import dev.trishake.soak.flood.SynWriter;
import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.Watch;
import dev.trishake.tcp.SynCookieMode;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCounter;
import dev.trishake.transport.Link;
import dev.trishake.transport.sim.LoopbackLink;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One listener under one flood, ring to ring in virtual time: needs no privilege, and what happens follows from the
 * seed. A packet takes a step each way; the listener is as fast as it must be, and how fast it is, is measured.
 *
 * <pre>
 *  SynWriter ───────┐
 *                   ├─► wire ─► TcpAgent, StreamServer
 *  InProcessClients ┘      ◄─
 * </pre>
 */
final class InProcessTrial
{
    private static final long STEP_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long START_NS = TimeUnit.SECONDS.toNanos(1_000);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int WIRE_LENGTH = 1 << 20;
    private static final int MOST_AT_ONCE = 1 << 14;
    private static final int CLIENTS = 1 << 14;
    private static final int CLIENT_BUFFERS = 4096;
    private static final int CLIENT_BUFFER_LENGTH = 4096;

    private final Plan plan;
    private final Watch watch;
    private final LoopbackLink server = LoopbackLink.pair(Link.LINKTYPE_RAW, WIRE_LENGTH);
    private final LoopbackLink outside = server.peer();
    private final OneToOneRingBuffer flood = new OneToOneRingBuffer(new UnsafeBuffer(
        ByteBuffer.allocateDirect(WIRE_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    private final UnsafeBuffer syn = new UnsafeBuffer(ByteBuffer.allocateDirect(SynWriter.MAX_LENGTH));
    private final SynWriter syns;
    private final InProcessClients clients;
    private final TcpAgent listener;
    private final TcpAgent client;
    private long cpuNs;
    private long allocated;

    InProcessTrial(final SynCookieMode mode, final Plan plan, final long seed, final Watch watch)
    {
        this.plan = plan;
        this.watch = watch;
        syns = new SynWriter(plan.from(), Addresses.victim(plan.from().isIpv4()), Plan.PORT, seed);
        clients = new InProcessClients(plan, START_NS + LEAD_NS);
        listener = new TcpAgent(server, EngineVictim.config(mode, plan), EngineVictim.server(plan), START_NS);
        final InetAddress address = Addresses.outside(plan.from().isIpv4());
        client = new TcpAgent(
            outside, new TcpConfig(seed, ~seed).address(Endpoint.high(address), Endpoint.low(address))
                .connections(CLIENTS).buffers(CLIENT_BUFFERS).bufferLength(CLIENT_BUFFER_LENGTH).windowScale(0),
            clients, START_NS);
    }

    Measurement run(final String name, final Rate rate)
    {
        final Measurement.Memory before = Measurement.Memory.now();
        long offered = 0;
        long nowNs = START_NS;
        long nextGlanceNs = System.nanoTime();
        while (!clients.isDone() && !watch.wantsToStop())
        {
            nowNs += STEP_NS;
            final long due = (nowNs - START_NS) * rate.perSecond() / SECOND_NS;
            for (; offered < due; offered++)
            {
                flood.write(Link.PACKET, syn, 0, syns.write(syn, 0));
            }
            outside.flush(flood, nowNs, MOST_AT_ONCE);
            serve(nowNs);
            while (client.doWork(nowNs) > 0)
            {
                Thread.onSpinWait();
            }
            if (System.nanoTime() - nextGlanceNs >= 0)
            {
                nextGlanceNs = System.nanoTime() + GLANCE_NS;
                watch.tell(Math.min(1, (nowNs - START_NS) / (double)(plan.lengthNs() + LEAD_NS)), String.format(
                    Locale.ROOT, "%s %s: %.1f s of virtual time, clients %d of %d ok", name, rate,
                    (nowNs - START_NS) / (double)SECOND_NS, clients.outcomes().ok(), clients.outcomes().begun()));
            }
        }
        return new Measurement(
            name, true, rate, (nowNs - START_NS) / (double)SECOND_NS, offered, offered,
            client.core().counters().get(TcpCounter.IP_IN_DISCARDS), cpuNs, clients.outcomes(),
            client.core().counters().get(TcpCounter.SYN_RETRANS), before.until(), allocated,
            EngineVictim.counters(listener.core()));
    }

    /** By the clock: a thread's CPU time is told more slowly than a step takes. */
    private void serve(final long nowNs)
    {
        final Thread self = Thread.currentThread();
        final long allocatedBefore = Proc.allocatedBytes(self);
        final long beforeNs = System.nanoTime();
        while (listener.doWork(nowNs) > 0)
        {
            Thread.onSpinWait();
        }
        cpuNs += System.nanoTime() - beforeNs;
        allocated += Proc.allocatedBytes(self) - allocatedBefore;
    }
}
