// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outbox;
import dev.trishake.session.FourTuple;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpCounter;
import dev.trishake.tcp.TcpResult;
import dev.trishake.tcp.TcpState;
import dev.trishake.transport.Link;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.TunLink;
import dev.trishake.transport.sim.Faults;
import dev.trishake.transport.sim.FaultyLink;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the kernel's TCP does to ours when the wire is bad, the reader slow or the user rude. */
class TcpKernelTest
{
    private static final String TUN = "tsk1";
    private static final InetAddress KERNEL = InetAddress.ofLiteral("10.9.0.1");
    private static final InetAddress ENGINE = InetAddress.ofLiteral("10.9.0.2");
    private static final int PORT = 80;
    private static final int PATIENCE_MS = 20_000;
    private static final int SEED = 7;
    private static final long MS = 1_000_000;

    /** An agent at work behind a TUN device, maybe with a bad wire in between. */
    private static final class Lab implements AutoCloseable
    {
        final TunLink tun = TunLink.open(TUN);
        final TcpAgent agent;
        private final Thread thread = new Thread(this::work, "agent");
        private volatile boolean stopped;

        Lab(final UnaryOperator<Link> wire, final TcpAgent.Application application)
        {
            final NetDevice device = new NetDevice(TUN);
            device.address(KERNEL, 24);
            device.up();
            agent = new TcpAgent(wire.apply(tun), new TcpConfig(1, 2)
                .address(Endpoint.high(ENGINE), Endpoint.low(ENGINE)).connections(256).buffers(256).timeWait(256)
                .timeWaitNs(100 * MS), application);
            thread.start();
        }

        private void work()
        {
            while (!stopped)
            {
                if (agent.doWork() == 0)
                {
                    agent.idle(tun::await, MS); // a bad wire may hold packets back
                }
            }
        }

        long count(final TcpCounter counter)
        {
            return agent.core().counters().get(counter);
        }

        void await(final BooleanSupplier condition) throws InterruptedException
        {
            final long endNs = System.nanoTime() + PATIENCE_MS * MS;
            while (!condition.getAsBoolean() && System.nanoTime() - endNs < 0)
            {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertTrue(condition.getAsBoolean(), agent.core().counters().toString());
        }

        @Override
        public void close()
        {
            stopped = true;
            try
            {
                thread.join();
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }
            tun.close();
            assertEquals(0, agent.core().connections() + agent.core().buffersInUse(), "something is left");
        }
    }

    private static StreamServer echo()
    {
        return new StreamServer(List.of(new Endpoint(ENGINE, PORT)), 128, true);
    }

    private static byte[] bytes(final int length)
    {
        final byte[] bytes = new byte[length];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    private static Thread write(final Socket socket, final byte[] bytes)
    {
        final Thread writer = new Thread(() ->
        {
            try
            {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }, "writer");
        writer.start();
        return writer;
    }

    @Test
    void shouldEchoOverAWireThatLosesDoublesReordersAndCorrupts() throws Throwable
    {
        InNamespace.run(() ->
        {
            final Faults faults = new Faults(20_000, 10_000, 20_000, 10_000, MS, MS, 3 * MS);
            try (Lab lab = new Lab(link -> new FaultyLink(link, faults, faults, SEED, 1 << 12, 1 << 16), echo()))
            {
                final byte[] bytes = bytes(300_000);
                try (Socket socket = new Socket(ENGINE, PORT))
                {
                    socket.setSoTimeout(PATIENCE_MS);
                    write(socket, bytes);
                    assertArrayEquals(bytes, socket.getInputStream().readAllBytes());
                }
                assertTrue(lab.count(TcpCounter.RETRANS_SEGS) > 0, "some of ours were lost");
                assertTrue(lab.count(TcpCounter.OFO_QUEUE) > 0, "some of the kernel's were late");
                assertTrue(lab.count(TcpCounter.IN_CSUM_ERRORS) > 0, "some were damaged");
                lab.await(() -> lab.agent.core().connections() == 0);
            }
        });
    }

    @Test
    void shouldTradeMegabytesWithTheKernelsServer() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("0.0.0.0")))
            {
                final byte[] bytes = bytes(4 << 20);
                final Uploader uploader = new Uploader(server.getLocalPort(), bytes);
                try (Lab lab = new Lab(link -> link, uploader); Socket socket = server.accept())
                {
                    socket.setSoTimeout(PATIENCE_MS);
                    final byte[] received = socket.getInputStream().readAllBytes();
                    assertArrayEquals(bytes, received);
                    assertEquals(0, uploader.received, "half of it is closed, the other half goes on");
                    write(socket, received).join();
                    lab.await(() -> uploader.closed);
                    assertEquals(bytes.length, uploader.received);
                    assertTrue(uploader.intact);
                    lab.await(() -> lab.agent.core().timeWaits() == 0);
                }
            }
        });
    }

    @Test
    void shouldWaitForAReaderWhoseWindowIsClosed() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (Lab lab = new Lab(link -> link, echo()); Socket socket = new Socket())
            {
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress(ENGINE, PORT));
                socket.setSoTimeout(PATIENCE_MS);
                final byte[] bytes = bytes(200_000);
                final Thread writer = write(socket, bytes);
                lab.await(() -> lab.count(TcpCounter.WIN_PROBE) >= 2);
                assertArrayEquals(bytes, socket.getInputStream().readAllBytes());
                writer.join();
                lab.await(() -> lab.agent.core().connections() == 0);
            }
        });
    }

    @Test
    void shouldBearAStormOfResets() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (Lab lab = new Lab(link -> link, echo()))
            {
                for (int i = 0; i < 200; i++)
                {
                    final Socket socket = new Socket(ENGINE, PORT);
                    socket.setSoLinger(true, 0);
                    socket.getOutputStream().write(bytes(i * 10));
                    socket.close();
                }
                lab.await(() -> lab.count(TcpCounter.PASSIVE_OPENS) == 200 && lab.agent.core().connections() == 0);
                assertTrue(lab.count(TcpCounter.ESTAB_RESETS) > 0);
            }
        });
    }

    @Test
    void shouldCloseAtTheSameTimeAsTheKernel() throws Throwable
    {
        InNamespace.run(() ->
        {
            final Faults slow = new Faults(0, 0, 0, 0, 30 * MS, 0, 0);
            final Closer closer = new Closer();
            try (Lab lab = new Lab(link -> new FaultyLink(link, slow, slow, SEED, 1 << 12, 1 << 16), closer))
            {
                new Socket(ENGINE, PORT).close(); // both FINs are under way for 30 ms
                lab.await(() -> lab.count(TcpCounter.TIME_WAITED) == 1);
                assertTrue(closer.hasSeenClosing, lab.agent.core().counters().toString());
            }
        });
    }

    /** Sends all it has, ends its side, and reads back the same. */
    private static final class Uploader implements TcpAgent.Application
    {
        private final FourTuple tuple = new FourTuple();
        private final UnsafeBuffer chunk = new UnsafeBuffer(new byte[1 << 14]);
        private final UnsafeBuffer source;
        private final byte[] bytes;
        private final int port;
        private TcpCore core;
        private Outbox outbox;
        private long handle;
        private int sent;
        private boolean shutDown;
        volatile int received;
        volatile boolean intact = true;
        volatile boolean closed;

        Uploader(final int port, final byte[] bytes)
        {
            this.port = port;
            this.bytes = bytes;
            source = new UnsafeBuffer(bytes);
        }

        @Override
        public void begin(final TcpCore core, final Outbox outbox, final long nowNs)
        {
            this.core = core;
            this.outbox = outbox;
            tuple.local(Endpoint.high(ENGINE), Endpoint.low(ENGINE), 0)
                .remote(Endpoint.high(KERNEL), Endpoint.low(KERNEL), port);
            handle = core.connect(tuple, nowNs, outbox);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, another looks
        public int doWork(final long nowNs)
        {
            if (closed)
            {
                return 0;
            }
            if (sent < bytes.length)
            {
                sent += core.send(handle, source, sent, bytes.length - sent, nowNs, outbox);
            }
            else if (!shutDown)
            {
                shutDown = core.shutdown(handle, nowNs, outbox) == TcpResult.OK;
            }
            int count = core.receive(handle, chunk, 0, chunk.capacity(), nowNs, outbox);
            while (count > 0)
            {
                for (int i = 0; i < count; i++)
                {
                    intact &= bytes[received + i] == chunk.getByte(i);
                }
                received += count;
                count = core.receive(handle, chunk, 0, chunk.capacity(), nowNs, outbox);
            }
            if (count == TcpResult.END_OF_STREAM)
            {
                core.close(handle, nowNs, outbox);
                closed = true;
            }
            return 0;
        }
    }

    /** Closes what it accepts at once, and watches. */
    private static final class Closer implements TcpAgent.Application
    {
        private final FourTuple tuple = new FourTuple();
        private TcpCore core;
        private Outbox outbox;
        volatile boolean hasSeenClosing;

        @Override
        public void begin(final TcpCore core, final Outbox outbox, final long nowNs)
        {
            this.core = core;
            this.outbox = outbox;
            core.listen(0, 0, PORT, 16);
        }

        @Override
        public void onAcceptable(final int listener, final long nowNs)
        {
            final long handle = core.accept(listener);
            core.tuple(handle, tuple);
            core.close(handle, nowNs, outbox);
        }

        @Override
        public int doWork(final long nowNs)
        {
            if (core.state(tuple) == TcpState.CLOSING)
            {
                hasSeenClosing = true;
            }
            return 0;
        }
    }
}
