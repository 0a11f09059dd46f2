// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.runtime.AgentContext;
import dev.trishake.runtime.DatagramLinks;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.session.FourTuple;
import dev.trishake.soak.flood.ChloWriter;
import dev.trishake.soak.flood.Flooder;
import dev.trishake.soak.flood.Measurement;
import dev.trishake.soak.flood.Plan;
import dev.trishake.soak.flood.Proc;
import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.Watch;
import dev.trishake.transport.DatagramRecord;
import dev.trishake.transport.epoll.EpollDatagramLink;
import dev.trishake.transport.socket.SocketConfig;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An engine's server under one flood of CHLOs, over loopback in real time: all of 127.0.0.0/8 is this machine's, so
 * anybody may send from any address of it, and answers to them go nowhere else.
 *
 * <pre>
 *  flooder, from 127.128.0.0/9 ─┐
 *                               ├─► UDP ─► engine, 127.0.0.1
 *  engine of honest clients ────┘      ◄─
 * </pre>
 */
final class ChloLoopbackTrial
{
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress REPLAYER = InetAddress.ofLiteral("127.64.0.1");
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RECORDING_NS = TimeUnit.SECONDS.toNanos(10);
    private static final double NS_PER_SECOND = 1e9;
    private static final long JOIN_MS = 5_000;
    private static final int RING_LENGTH = 1 << 20;
    private static final int SEND_BUFFER_LENGTH = 1 << 12; // of answers to the flood nobody wants to keep many
    private static final int MOST_AT_ONCE = 1 << 10;
    private static final String RECEIVED = "GquicPacketsReceived";
    private static final String SENT = "GquicPacketsSent";

    private final ChloSite site;
    private final Plan plan;
    private final SplittableRandom random;
    private final Watch watch;

    ChloLoopbackTrial(final ChloSite site, final Plan plan, final long seed, final Watch watch)
    {
        this.site = site;
        this.plan = plan;
        this.watch = watch;
        random = new SplittableRandom(seed);
    }

    /** Echoes, on a thread that is known. */
    private static final class Echo implements SessionHandler
    {
        private volatile Thread thread;

        @Override
        public void onStart(final AgentContext context)
        {
            thread = Thread.currentThread();
        }

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            return session.send(buffer, offset, length);
        }
    }

    /** Sends CHLOs, many a system call. */
    private final class Gun implements Flooder.Gun, AutoCloseable
    {
        private final EpollDatagramLink link =
            new EpollDatagramLink(new SocketConfig().receiveBufferLength(SEND_BUFFER_LENGTH));
        private final int socket = link.bind(new InetSocketAddress(ANY, 0));
        private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
        private final FourTuple tuple = new FourTuple();
        private final ChloWriter writer;
        private final boolean isSpoofed;

        Gun(final ChloWriter writer, final boolean isSpoofed, final InetSocketAddress server)
        {
            this.writer = writer;
            this.isSpoofed = isSpoofed;
            tuple.local(Endpoint.high(REPLAYER), Endpoint.low(REPLAYER), 0).remote(
                Endpoint.high(server.getAddress()), Endpoint.low(server.getAddress()), server.getPort());
        }

        @Override
        public boolean fire()
        {
            final int index =
                ring.tryClaim(DatagramRecord.DATAGRAM, DatagramRecord.PAYLOAD_OFFSET + writer.length());
            if (index <= 0)
            {
                return false;
            }
            if (isSpoofed)
            {
                tuple.local(plan.from().high(random.nextLong()), plan.from().low(random.nextLong()), 0);
            }
            DatagramRecord.putSocket(ring.buffer(), index, socket);
            DatagramRecord.putTuple(ring.buffer(), index, tuple);
            writer.write(ring.buffer(), index + DatagramRecord.PAYLOAD_OFFSET, random.nextLong());
            ring.commit(index);
            return true;
        }

        @Override
        public void flush()
        {
            link.flush(ring, 0, MOST_AT_ONCE);
        }

        @Override
        public void close()
        {
            link.close();
        }
    }

    Measurement run(final String name, final ChloKind kind, final Rate rate)
    {
        final Echo echo = new Echo();
        try (GquicProtocol serverProtocol = site.server();
            Engine server = Engine.launch(new EngineConfig().drainTimeoutNs(0)
                .handshakesPerPrefix(ChloSite.HANDSHAKES_PER_PREFIX).datagrams(
                DatagramLinks.epoll(), List.of(new InetSocketAddress(HERE, 0)), serverProtocol), echo))
        {
            final InetSocketAddress at = server.localAddress(0);
            final ChloWriter writer = kind == ChloKind.INCHOATE ? ChloWriter.inchoate(ChloSite.HOST) : record(at);
            final ChloClients clients = new ChloClients(new Endpoint(at.getAddress(), at.getPort()),
                plan.clientIntervalNs(), plan.lengthNs() / plan.clientIntervalNs());
            try (Gun gun = new Gun(writer, kind.isSpoofed(), at);
                GquicProtocol clientProtocol = site.client(false, null);
                Engine clientEngine =
                    client(clientProtocol, clients, DatagramLinks.clientSockets(at, ChloSite.CLIENT_SESSIONS)))
            {
                return flood(name, rate, server, echo, clientEngine, clients, gun);
            }
        }
    }

    private static Engine client(
        final GquicProtocol protocol, final SessionHandler handler, final List<InetSocketAddress> sockets)
    {
        return Engine.launch(
            new EngineConfig().drainTimeoutNs(0).datagrams(DatagramLinks.epoll(), sockets, protocol), handler);
    }

    /** {@return who replays what a client sends that has been here before} */
    private ChloWriter record(final InetSocketAddress server)
    {
        final ChloRecorder recorder = new ChloRecorder();
        final ChloClients two =
            new ChloClients(new Endpoint(server.getAddress(), server.getPort()), 0, 2).oneByOne();
        two.begin();
        try (GquicProtocol protocol = site.client(true, recorder); Engine engine =
            client(protocol, two, Collections.nCopies(2, new InetSocketAddress(REPLAYER, 0))))
        {
            final long startNs = System.nanoTime();
            while (!two.isDone() && System.nanoTime() - startNs < RECORDING_NS && engine.agents() > 0)
            {
                LockSupport.parkNanos(GLANCE_NS);
            }
        }
        return recorder.writer();
    }

    private Measurement flood(
        final String name, final Rate rate, final Engine server, final Echo echo, final Engine clientEngine,
        final ChloClients clients, final Gun gun)
    {
        final Flooder flooder = new Flooder(gun, rate);
        final Measurement.Memory before = Measurement.Memory.now();
        final Map<String, Long> countersBefore = server.counters();
        final long cpuBefore = Proc.cpuNs(echo.thread);
        final long allocatedBefore = Proc.allocatedBytes(echo.thread);
        final long startNs = System.nanoTime();
        final Thread flooding = Thread.ofPlatform().daemon().name("flooder").start(flooder);
        LockSupport.parkNanos(LEAD_NS);
        clients.begin();
        watch(name + " " + rate, flooder, clients);
        final long cpuNs = Proc.cpuNs(echo.thread) - cpuBefore;
        final long allocated = Proc.allocatedBytes(echo.thread) - allocatedBefore;
        final double seconds = (System.nanoTime() - startNs) / NS_PER_SECOND;
        flooder.stop();
        join(flooding);
        LockSupport.parkNanos(2 * GLANCE_NS); // a link's counters are a tenth of a second old
        final Map<String, Long> counters = new TreeMap<>(server.counters());
        counters.replaceAll((label, value) -> value - countersBefore.getOrDefault(label, 0L));
        counters.values().removeIf(value -> value == 0);
        final long carried =
            Math.max(0, counters.getOrDefault(RECEIVED, 0L) - clientEngine.counters().getOrDefault(SENT, 0L));
        return new Measurement(name, true, rate, seconds, flooder.offered(), carried,
            counters.getOrDefault("GquicRejectsStateless", 0L), cpuNs, clients.outcomes(),
            clientEngine.counters().getOrDefault("GquicTimeouts", 0L), before.until(), allocated, counters);
    }

    private static void join(final Thread thread)
    {
        try
        {
            thread.join(JOIN_MS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(final String what, final Flooder flooder, final ChloClients clients)
    {
        final long startNs = System.nanoTime();
        long offeredBefore = flooder.offered();
        long beforeNs = startNs;
        while (!clients.isDone())
        {
            LockSupport.parkNanos(GLANCE_NS);
            final long nowNs = System.nanoTime();
            final long offered = flooder.offered();
            watch.tell(Math.min(1, (nowNs - startNs) / (double)plan.lengthNs()), String.format(
                Locale.ROOT, "%s: %s CHLO/s, clients %d of %d ok", what,
                Rate.text((offered - offeredBefore) * NS_PER_SECOND / (nowNs - beforeNs)),
                clients.outcomes().ok(), clients.outcomes().begun()));
            offeredBefore = offered;
            beforeNs = nowNs;
            if (watch.wantsToStop())
            {
                clients.stop();
            }
        }
    }
}
