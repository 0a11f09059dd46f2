// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.gquic.GquicCore;
import dev.trishake.runtime.ConnectionEvents;
import dev.trishake.runtime.Connections;
import dev.trishake.runtime.DatagramProtocol;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.runtime.PrefixLimit;
import dev.trishake.session.FourTuple;
import dev.trishake.soak.flood.Addresses;
import dev.trishake.soak.flood.ChloWriter;
import dev.trishake.soak.flood.Measurement;
import dev.trishake.soak.flood.Plan;
import dev.trishake.soak.flood.Proc;
import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.Watch;
import dev.trishake.transport.DatagramRecord;
import dev.trishake.transport.sim.LoopbackDatagramLink;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One server under one flood of CHLOs, ring to ring in virtual time: needs no privilege. A datagram takes a step each
 * way; the server is as fast as it must be, and how fast it is, is measured.
 *
 * <pre>
 *  ChloWriter ──────────┐
 *                       ├─► wire ─► GquicAgent, echo
 *  ChloInProcessClients ┘      ◄─
 * </pre>
 */
final class ChloInProcessTrial
{
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final InetAddress REPLAYER = InetAddress.ofLiteral("203.0.113.1");
    private static final long STEP_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int WIRE_LENGTH = 1 << 23;
    private static final int MAX_LENGTH = 1500;
    private static final int MOST_AT_ONCE = 1 << 14;
    private static final int CLIENT_SOCKETS = 128;
    private static final int FLOOD_SOCKET = 0;
    private static final int NOT_COUNTED = -1;

    private final Plan plan;
    private final Watch watch;
    private final ChloSite site;
    private final SplittableRandom random;
    private final LoopbackDatagramLink serverLink = LoopbackDatagramLink.pair(WIRE_LENGTH, MAX_LENGTH);
    private final LoopbackDatagramLink outside = serverLink.peer();
    private final OneToOneRingBuffer flood = new OneToOneRingBuffer(new UnsafeBuffer(
        ByteBuffer.allocateDirect(WIRE_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    private final FourTuple spoofed = new FourTuple();
    private final FourTuple[] locals = new FourTuple[CLIENT_SOCKETS];
    private final FourTuple[] replayers = new FourTuple[CLIENT_SOCKETS];
    private final FourTuple to = new FourTuple();
    private final GquicProtocol serverProtocol;
    private final GquicAgent server;
    private final GquicCore serverCore;
    private final Echo echo;
    private long nowNs = SECOND_NS * 1_000;
    private long cpuNs;
    private long allocated;

    ChloInProcessTrial(final ChloSite site, final Plan plan, final long seed, final Watch watch)
    {
        this.site = site;
        this.plan = plan;
        this.watch = watch;
        random = new SplittableRandom(seed);
        final InetAddress address = Addresses.victim(plan.from().isIpv4());
        serverLink.bind(new InetSocketAddress(address, Plan.PORT));
        to.remote(Endpoint.high(address), Endpoint.low(address), Plan.PORT);
        spoofed.remote(to.remoteHigh(), to.remoteLow(), Plan.PORT);
        final InetAddress here = Addresses.outside(plan.from().isIpv4());
        outside.bind(new InetSocketAddress(REPLAYER, 0));
        for (int i = 0; i < CLIENT_SOCKETS; i++)
        {
            final int socket = outside.bind(new InetSocketAddress(here, 0));
            final int port = outside.localAddress(socket).getPort();
            locals[i] = new FourTuple().local(Endpoint.high(here), Endpoint.low(here), port);
            replayers[i] = new FourTuple().local(Endpoint.high(REPLAYER), Endpoint.low(REPLAYER), port);
        }
        serverProtocol = site.server();
        final DatagramProtocol parts = serverProtocol.create(0, 1, nowNs);
        serverCore = (GquicCore)parts.core();
        server = new GquicAgent(parts, serverLink);
        echo = new Echo(parts.connections());
        parts.connections().events(echo);
    }

    /** Sends back what comes; limits the handshakes of a source as an engine does. */
    private static final class Echo implements ConnectionEvents
    {
        private final Connections connections;
        private final FourTuple who = new FourTuple();
        private final PrefixLimit prefixes = new PrefixLimit(ChloSite.HANDSHAKES_PER_PREFIX, 1, 2);
        /** By slot: by what its client is counted while its handshake is under way, else -1. */
        private final int[] counted;
        private long refused;

        Echo(final Connections connections)
        {
            this.connections = connections;
            counted = new int[connections.capacity()];
        }

        @Override
        public boolean mayAccept(final FourTuple tuple)
        {
            final boolean mayEnter = prefixes.mayEnter(prefixes.index(tuple));
            refused += mayEnter ? 0 : 1;
            return mayEnter;
        }

        @Override
        public void onAccepted(final int slot)
        {
            connections.tuple(slot, who);
            counted[slot] = prefixes.index(who);
            prefixes.enter(counted[slot]);
        }

        private void leave(final int slot)
        {
            if (counted[slot] >= 0)
            {
                prefixes.leave(counted[slot]);
                counted[slot] = NOT_COUNTED;
            }
        }

        @Override
        public void onWaiting(final int slot)
        {
            throw new IllegalStateException("a server asks for no certificates");
        }

        @Override
        public void onEstablished(final int slot)
        {
            leave(slot);
        }

        @Override
        public int onStreamData(
            final int slot, final int stream, final DirectBuffer buffer, final int offset, final int length)
        {
            return connections.send(slot, stream, buffer, offset, length);
        }

        @Override
        public void onStreamEnd(final int slot, final int stream)
        {
            connections.shutdown(slot, stream);
        }

        @Override
        public void onStreamReset(final int slot, final int stream, final int error)
        {
            connections.shutdown(slot, stream);
        }

        @Override
        public void onWritable(final int slot, final int stream)
        {
            connections.resumeStream(slot, stream);
        }

        @Override
        public void onClosed(final int slot, final int reason)
        {
            leave(slot);
        }
    }

    Measurement run(final String name, final ChloKind kind, final Rate rate)
    {
        try (GquicProtocol clientProtocol = site.client(false, null))
        {
            final ChloWriter writer = kind == ChloKind.INCHOATE ? ChloWriter.inchoate(ChloSite.HOST) : record();
            final ChloInProcessClients clients = clients(clientProtocol, locals, nowNs + LEAD_NS,
                plan.clientIntervalNs(), plan.lengthNs() / plan.clientIntervalNs());
            return flood(name, kind, rate, writer, clients);
        }
        finally
        {
            serverProtocol.close();
        }
    }

    private ChloInProcessClients clients(
        final GquicProtocol protocol, final FourTuple[] addresses, final long startNs, final long intervalNs,
        final long wanted)
    {
        final ChloInProcessClients clients =
            new ChloInProcessClients(to, FLOOD_SOCKET + 1, addresses, startNs, intervalNs, wanted);
        clients.agent(new GquicAgent(protocol.create(0, 1, nowNs), outside));
        return clients;
    }

    /** {@return who replays what a client sends that has been here before} */
    private ChloWriter record()
    {
        final ChloRecorder recorder = new ChloRecorder();
        try (GquicProtocol protocol = site.client(true, recorder))
        {
            final ChloInProcessClients two = clients(protocol, replayers, nowNs, 0, 2).oneByOne();
            while (!two.isDone())
            {
                nowNs += STEP_NS;
                serve();
                two.doWork(nowNs);
            }
        }
        return recorder.writer();
    }

    private Measurement flood(
        final String name, final ChloKind kind, final Rate rate, final ChloWriter writer,
        final ChloInProcessClients clients)
    {
        final Measurement.Memory before = Measurement.Memory.now();
        final Map<String, Long> countersBefore = counters();
        cpuNs = 0;
        allocated = 0;
        final long startNs = nowNs;
        long offered = 0;
        long nextGlanceNs = System.nanoTime();
        while (!clients.isDone() && !watch.wantsToStop())
        {
            nowNs += STEP_NS;
            final long due = (nowNs - startNs) * rate.perSecond() / SECOND_NS;
            for (; offered < due; offered++)
            {
                put(writer, kind);
            }
            outside.flush(flood, nowNs, MOST_AT_ONCE);
            serve();
            while (clients.doWork(nowNs) > 0)
            {
                Thread.onSpinWait();
            }
            if (System.nanoTime() - nextGlanceNs >= 0)
            {
                nextGlanceNs = System.nanoTime() + GLANCE_NS;
                watch.tell(Math.min(1, (nowNs - startNs) / (double)(plan.lengthNs() + LEAD_NS)), String.format(
                    Locale.ROOT, "%s %s: %.1f s of virtual time, clients %d of %d ok", name, rate,
                    (nowNs - startNs) / (double)SECOND_NS, clients.outcomes().ok(), clients.outcomes().begun()));
            }
        }
        final Map<String, Long> counters = counters();
        counters.replaceAll((label, value) -> value - countersBefore.get(label));
        return new Measurement(name, true, rate, (nowNs - startNs) / (double)SECOND_NS, offered, offered,
            counters.get("GquicRejectsStateless"), cpuNs, clients.outcomes(), clients.outcomes().retransmitted(),
            before.until(), allocated, counters);
    }

    private void put(final ChloWriter writer, final ChloKind kind)
    {
        final int index =
            flood.tryClaim(DatagramRecord.DATAGRAM, DatagramRecord.PAYLOAD_OFFSET + writer.length());
        if (index <= 0)
        {
            throw new IllegalStateException("a step's packets have no room in the ring: ask for fewer a second");
        }
        if (kind.isSpoofed())
        {
            spoofed.local(plan.from().high(random.nextLong()), plan.from().low(random.nextLong()), 0);
        }
        else
        {
            spoofed.local(replayers[0].localHigh(), replayers[0].localLow(), 0); // its token is for this address
        }
        DatagramRecord.putSocket(flood.buffer(), index, FLOOD_SOCKET);
        DatagramRecord.putTuple(flood.buffer(), index, spoofed);
        writer.write(flood.buffer(), index + DatagramRecord.PAYLOAD_OFFSET, random.nextLong());
        flood.commit(index);
    }

    private void serve()
    {
        final Thread self = Thread.currentThread();
        final long allocatedBefore = Proc.allocatedBytes(self);
        final long beforeNs = THREADS.getCurrentThreadCpuTime();
        while (server.doWork(nowNs) > 0)
        {
            Thread.onSpinWait();
        }
        cpuNs += THREADS.getCurrentThreadCpuTime() - beforeNs;
        allocated += Proc.allocatedBytes(self) - allocatedBefore;
    }

    private Map<String, Long> counters()
    {
        final Map<String, Long> counters = new TreeMap<>();
        server.connections().visitCounters(counters::put);
        counters.put("GquicConnectionsNow", (long)serverCore.active());
        counters.put("PrefixLimited", echo.refused);
        return counters;
    }
}
