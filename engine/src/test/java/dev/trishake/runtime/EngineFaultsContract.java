// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.packet.OwnNamespace;
import dev.trishake.transport.packet.Veth;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What goes wrong around an engine, over any link: one session bears it, the engine and all others live. */
@Timeout(60)
abstract class EngineFaultsContract
{
    static final int PLAIN = 0;
    static final int HANDSHAKING = 1;
    static final int PORT = 80;
    private static final int SESSIONS = 64;
    /** With 256 octets of each a ring is full twice over. */
    private static final int TOGETHER = 32;
    private static final int AT_ONCE = 1024;
    private static final int RING_LENGTH = 1 << 12;
    private static final long HANDSHAKE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(100);
    private static final long IDLE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1000);
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    /** Whoever says so makes the handler throw. */
    private static final byte[] THROW = "throw".getBytes(StandardCharsets.US_ASCII);
    /** Whoever says so hears it, and then the end of our side. */
    private static final byte[] SHUT = "shut".getBytes(StandardCharsets.US_ASCII);

    final JumpingClock clock = new JumpingClock();
    private final Application application = new Application();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    Engine engine;

    /** {@return what carries the engine's sessions} */
    abstract StreamLinkFactory link();

    /** {@return the engine's address there} */
    abstract InetAddress host();

    /** {@return the device without which that address can't be reached, made in this thread's network namespace} */
    abstract String removableDevice() throws Exception;

    /** {@return the engine's address on that device} */
    InetAddress removableHost()
    {
        return host();
    }

    /** Time that can be moved on, or back. */
    static final class JumpingClock implements NanoClock
    {
        private volatile long jumpedNs;

        @Override
        public long nanoTime()
        {
            return System.nanoTime() + jumpedNs;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // the test's thread alone
        void jump(final long ns)
        {
            jumpedNs += ns;
        }
    }

    /** Echoes, and does what it is told. */
    private static final class Application implements SessionHandler
    {
        final Queue<String> failures = new ConcurrentLinkedQueue<>();
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger afterShutdown = new AtomicInteger();
        final AtomicInteger mostInACycle = new AtomicInteger();
        /** The agent's thread stands still. */
        volatile boolean isHeld;
        private int inThisCycle;

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            inThisCycle += length;
            if (session.attachment() != 0)
            {
                afterShutdown.addAndGet(length);
                return length;
            }
            if (says(THROW, buffer, offset, length))
            {
                throw new IllegalStateException("planted");
            }
            final int taken = session.send(buffer, offset, length);
            if (says(SHUT, buffer, offset, length))
            {
                session.attachment(1);
                session.shutdown();
            }
            return taken;
        }

        private static boolean says(
            final byte[] word, final DirectBuffer buffer, final int offset, final int length)
        {
            final byte[] octets = new byte[Math.min(length, word.length)];
            buffer.getBytes(offset, octets);
            return Arrays.equals(word, octets);
        }

        @Override
        public int doWork(final long nowNs)
        {
            mostInACycle.accumulateAndGet(inThisCycle, Math::max);
            inThisCycle = 0;
            while (isHeld)
            {
                LockSupport.parkNanos(100_000);
            }
            return 0;
        }

        @Override
        public void onClosed(final Session session)
        {
            closed.incrementAndGet();
        }

        @Override
        public void onFailed(final Session session, final int reason)
        {
            failures.add(Failure.describe(reason));
        }
    }

    private EngineConfig config(final InetAddress host)
    {
        final boolean isAnyPort = host.isLoopbackAddress(); // who has the network alone needs none
        return new EngineConfig().link(link())
            .listen(new InetSocketAddress(host, isAnyPort ? 0 : PORT))
            .protocol(Protocol.TLCP, (agent, agents, nowNs) -> new TestCore(SESSIONS, 8, 8).parts())
            .listen(new InetSocketAddress(host, isAnyPort ? 0 : PORT + 1), Protocol.TLCP, SESSIONS)
            .clock(clock).handshakeTimeoutNs(HANDSHAKE_TIMEOUT_NS).idleTimeoutNs(IDLE_TIMEOUT_NS)
            .drainTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100)).inputBuffers(SESSIONS).errorHandler(errors::add);
    }

    private void launch(final EngineConfig config)
    {
        engine = Engine.launch(config, application);
        opened.add(engine);
    }

    final void launch()
    {
        launch(config(host()));
    }

    @AfterEach
    void leaveNothing() throws Exception
    {
        for (final AutoCloseable one : opened.reversed())
        {
            one.close();
        }
        assertEquals(List.of(), Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .filter(name -> name.startsWith("trishake-agent")).toList());
    }

    final Socket connect(final int listener) throws IOException
    {
        final Socket client = new Socket();
        opened.add(client);
        client.setSoLinger(true, 0);
        client.connect(engine.localAddress(listener), 5000);
        client.setSoTimeout(10_000);
        return client;
    }

    static void assertEcho(final Socket client, final byte[] word) throws IOException
    {
        client.getOutputStream().write(word);
        assertArrayEquals(word, client.getInputStream().readNBytes(word.length));
    }

    static void assertEcho(final Socket client) throws IOException
    {
        assertEcho(client, HELLO);
    }

    /** Reset, or at its end where the reset came behind it. */
    private static void assertGone(final Socket client)
    {
        assertThrows(IOException.class, () ->
        {
            while (client.getInputStream().read() >= 0)
            {
                Thread.onSpinWait(); // what was on its way before
            }
            client.getOutputStream().write(HELLO);
            LockSupport.parkNanos(1_000_000);
            client.getOutputStream().write(HELLO);
            throw new IOException("ended");
        });
    }

    final long count(final String label)
    {
        return engine.counters().get(label);
    }

    static void until(final String what, final BooleanSupplier isSo)
    {
        final long startNs = System.nanoTime();
        while (!isSo.getAsBoolean())
        {
            LockSupport.parkNanos(500_000);
            assertTrue(System.nanoTime() - startNs < 10_000_000_000L, "in vain: " + what);
        }
    }

    private static byte[] words(final long... words)
    {
        final ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * words.length).order(ByteOrder.nativeOrder());
        for (final long word : words)
        {
            buffer.putLong(word);
        }
        return buffer.array();
    }

    @Test
    void shouldGiveUpHandshakesWhosePeersVanish() throws Exception
    {
        launch();
        final Socket steady = connect(PLAIN);
        assertEcho(steady);
        final Socket silent = connect(HANDSHAKING);
        final Socket midway = connect(HANDSHAKING);
        midway.getOutputStream().write(words(5));
        assertArrayEquals(words(15), midway.getInputStream().readNBytes(Long.BYTES));
        midway.getOutputStream().write(words(16), 0, 3); // and no more: half of the next message
        until("three sessions", () -> count("SessionsActive") == 3);
        clock.jump(HANDSHAKE_TIMEOUT_NS + 1_000_000_000);
        until("both given up", () -> count("HandshakeTimeouts") == 2);
        assertGone(silent);
        assertGone(midway);
        assertEquals(List.of("HANDSHAKE_TIMEOUT", "HANDSHAKE_TIMEOUT"), List.copyOf(application.failures));
        assertEcho(steady);
        final Socket next = connect(HANDSHAKING);
        next.getOutputStream().write(words(5, 16));
        assertArrayEquals(words(15), next.getInputStream().readNBytes(Long.BYTES));
        until("established", () -> count("SessionsEstablished") == 2);
        assertEquals(0, errors.size(), errors::toString);
    }

    @Test
    void shouldOutliveAStormOfResets() throws Exception
    {
        launch();
        final Socket steady = connect(PLAIN);
        for (int i = 0; i < 400; i++)
        {
            try (Socket client = new Socket())
            {
                client.setSoLinger(true, 0);
                client.connect(engine.localAddress(i % 3 == 0 ? HANDSHAKING : PLAIN), 5000);
                if ((i & 1) == 0)
                {
                    client.getOutputStream().write(words(5));
                }
            }
            if (i % 20 == 0)
            {
                assertEcho(steady);
            }
        }
        until("the steady one alone", () -> count("SessionsActive") == 1 && count("LinkConnections") == 1);
        assertEquals(count("SessionsAccepted"), 1 + count("SessionsClosed") + count("SessionsFailed"));
        assertEcho(steady);
        assertEcho(connect(PLAIN));
        assertEquals(0, errors.size(), errors::toString);
    }

    @Test
    void shouldLetEitherSideEndFirst() throws Exception
    {
        launch();
        final Socket first = connect(PLAIN);
        first.getOutputStream().write(HELLO);
        first.shutdownOutput();
        assertArrayEquals(HELLO, first.getInputStream().readAllBytes());

        final Socket second = connect(PLAIN);
        assertEcho(second, SHUT);
        assertEquals(-1, second.getInputStream().read(), "the engine's side has ended");
        second.getOutputStream().write(new byte[10_000]);
        until("what comes against a half-closed stream", () -> application.afterShutdown.get() == 10_000);
        assertEquals(1, application.closed.get());
        second.shutdownOutput();
        until("both closed", () -> application.closed.get() == 2 && count("SessionsActive") == 0);
        assertEquals(List.of(), List.copyOf(application.failures));
    }

    @Test
    void shouldSurviveAClockThatJumps() throws Exception
    {
        launch();
        final Socket idle = connect(PLAIN);
        assertEcho(idle);
        clock.jump(TimeUnit.DAYS.toNanos(1));
        until("idle for a day", () -> count("IdleTimeouts") == 1);
        assertGone(idle);
        final Socket second = connect(PLAIN);
        assertEcho(second);
        clock.jump(-TimeUnit.HOURS.toNanos(12));
        assertEcho(second);
        final Socket third = connect(HANDSHAKING);
        third.getOutputStream().write(words(5));
        assertArrayEquals(words(15), third.getInputStream().readNBytes(Long.BYTES));
        for (int i = 0; i < 5; i++)
        {
            LockSupport.parkNanos(2_000_000);
            assertEcho(second);
        }
        third.getOutputStream().write(words(16, 77));
        assertArrayEquals(words(15, 77), third.getInputStream().readNBytes(2 * Long.BYTES));
        assertEquals(List.of("IDLE_TIMEOUT"), List.copyOf(application.failures));
        assertEquals(0, errors.size(), errors::toString);
    }

    @Test
    void shouldLoseNothingWhenRingsAreFull() throws Exception
    {
        launch(config(host()).ringLength(RING_LENGTH).inputBufferLength(256));
        final byte[] much = new byte[20_000];
        new SplittableRandom(1).nextBytes(much);
        final AtomicInteger right = new AtomicInteger();
        final List<Thread> threads = new ArrayList<>();
        final List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++)
        {
            clients.add(connect(PLAIN));
            assertEcho(clients.get(i));
        }
        application.isHeld = true;
        for (final Socket client : clients)
        {
            client.getOutputStream().write(much, 0, AT_ONCE);
            threads.add(new Thread(() -> write(client, much, AT_ONCE)));
            threads.add(new Thread(() -> right.addAndGet(reads(client, much) ? 1 : 0)));
        }
        application.isHeld = false;
        threads.forEach(Thread::start);
        for (final Thread thread : threads)
        {
            thread.join();
        }
        assertEquals(TOGETHER, right.get());
        assertEquals((long)TOGETHER * (HELLO.length + much.length), count("BytesOut"));
        final int most = application.mostInACycle.get();
        assertTrue(most >= RING_LENGTH - 1024, "the ring was never full, it had " + most + " octets");
    }

    private static void write(final Socket client, final byte[] octets, final int offset)
    {
        try
        {
            client.getOutputStream().write(octets, offset, octets.length - offset);
            client.shutdownOutput();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static boolean reads(final Socket client, final byte[] expected)
    {
        try
        {
            return Arrays.equals(expected, client.getInputStream().readAllBytes());
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    @Test
    void shouldLoseOnlyTheSessionsWhoseHandlerThrows() throws Exception
    {
        launch();
        final Socket steady = connect(PLAIN);
        assertEcho(steady);
        for (int i = 0; i < 3; i++)
        {
            final Socket bad = connect(PLAIN);
            bad.getOutputStream().write(THROW);
            assertGone(bad);
        }
        until("three errors", () -> errors.size() == 3);
        assertEquals(3, count("HandlerErrors"));
        assertEquals(List.of("HANDLER_ERROR", "HANDLER_ERROR", "HANDLER_ERROR"), List.copyOf(application.failures));
        try (CountersFile file = CountersFile.open(engine.countersPath()))
        {
            final List<Integer> distinct = new ArrayList<>();
            file.errors((count, first, last, text) -> distinct.add(count));
            assertEquals(List.of(3), distinct, "logged once, with a count");
        }
        assertEcho(steady);
        assertEcho(connect(PLAIN));
    }

    @Test
    @ExtendWith(OwnNamespace.class)
    void shouldOutliveTheLossOfItsInterface() throws Exception
    {
        final String device = removableDevice();
        launch(config(removableHost())
            .link(Links.nio(SESSIONS)).listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)));
        final int other = 2;
        final Socket steady = connect(other);
        final Socket lost = connect(PLAIN);
        assertEcho(steady);
        assertEcho(lost);
        Veth.ip("link", "delete", device);
        until("told of the loss", () -> !tellsOfLoss() || !errors.isEmpty());
        assertEcho(steady);
        assertEcho(connect(other));
        clock.jump(IDLE_TIMEOUT_NS / 2);
        assertEcho(steady);
        clock.jump(IDLE_TIMEOUT_NS / 2 + 1_000_000_000);
        until("the lost one was given up", () -> count("SessionsFailed") >= 1 && application.failures.size() >= 1);
        assertTrue(application.failures.contains("IDLE_TIMEOUT") || application.failures.contains("TIMED_OUT"),
            application.failures::toString);
        assertEcho(steady);
        assertEquals(tellsOfLoss() ? 1 : 0, errors.size(), errors::toString);
        if (tellsOfLoss())
        {
            assertInstanceOf(DeviceException.class, errors.peek());
            assertTrue(errors.peek().getMessage().contains("was removed"), errors.peek().getMessage());
        }
    }

    /** Whether the link reads a device itself and so learns that it is gone. */
    boolean tellsOfLoss()
    {
        return false;
    }
}
