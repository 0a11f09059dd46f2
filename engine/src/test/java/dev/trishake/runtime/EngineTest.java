// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.ListenException;
import dev.trishake.transport.StreamResult;
import dev.trishake.transport.linux.Libc;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Engines with threads, over the kernel's sockets on loopback. */
@Timeout(30)
class EngineTest
{
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final SessionHandler ECHO = new SessionHandler()
    {
        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            return session.send(buffer, offset, length);
        }
    };

    private final List<AutoCloseable> opened = new ArrayList<>();
    private long descriptorsBefore;

    @BeforeEach
    void countBefore() throws IOException
    {
        Engine.launch(config("nio"), ECHO).close(); // what a first engine leaves for good: the JDK's own
        descriptorsBefore = descriptors();
    }

    @AfterEach
    void leaveNothing() throws Exception
    {
        for (final AutoCloseable one : opened)
        {
            one.close();
        }
        assertEquals(List.of(), Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .filter(name -> name.startsWith("trishake-agent")).toList());
        assertEquals(descriptorsBefore, descriptors());
        assertFalse(Files.exists(CountersFile.defaultPath(ProcessHandle.current().pid())));
    }

    private static EngineConfig config(final String link)
    {
        if (link.equals("epoll"))
        {
            assumeTrue(Libc.SUPPORTED, "Linux is needed");
        }
        return new EngineConfig().link(link.equals("epoll") ? Links.epoll(256) : Links.nio(256))
            .listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)).drainTimeoutNs(200_000_000)
            .inputBuffers(256).ringLength(1 << 18);
    }

    private Engine launch(final EngineConfig config, final SessionHandler handler)
    {
        final Engine engine = Engine.launch(config, handler);
        opened.add(0, engine);
        return engine;
    }

    private Socket connect(final InetSocketAddress address) throws IOException
    {
        final Socket client = new Socket();
        client.setSoLinger(true, 0);
        client.connect(address, 5000);
        client.setSoTimeout(10_000);
        opened.add(0, client);
        return client;
    }

    private static void until(final String what, final BooleanSupplier isSo)
    {
        final long patienceNs = System.nanoTime() + 10_000_000_000L;
        while (!isSo.getAsBoolean())
        {
            LockSupport.parkNanos(200_000);
            assertTrue(System.nanoTime() - patienceNs < 0, "in vain: " + what);
        }
    }

    @ParameterizedTest
    @CsvSource({"nio, 1, 127.0.0.1", "nio, 2, 127.0.0.1", "epoll, 1, 127.0.0.1", "epoll, 2, 127.0.0.1", "epoll, 1, ::1",
        "nio, 1, ::1"})
    void shouldEchoOverTheKernel(final String link, final int agents, final String host) throws Exception
    {
        final EngineConfig config = config(link).agents(agents)
            .listen(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
        final Engine engine = launch(config, ECHO);
        final byte[] much = bytes(300_000);
        for (int i = 0; i < 20; i++)
        {
            final Socket client = connect(engine.localAddress(1));
            final int length = i == 0 ? much.length : HELLO.length;
            final byte[] sent = i == 0 ? much : HELLO;
            final Thread writer = new Thread(() ->
            {
                try
                {
                    client.getOutputStream().write(sent);
                    client.shutdownOutput();
                }
                catch (final IOException ex)
                {
                    throw new java.io.UncheckedIOException(ex);
                }
            });
            writer.start();
            assertArrayEquals(sent, client.getInputStream().readAllBytes());
            writer.join();
            assertEquals(length, sent.length);
        }
    }

    @Test
    void shouldDrainWhenClosed() throws Exception
    {
        final Engine engine = launch(config("nio").drainTimeoutNs(20_000_000_000L), ECHO);
        final Socket client = connect(engine.localAddress(0));
        client.getOutputStream().write(HELLO);
        final InputStream in = client.getInputStream();
        assertArrayEquals(HELLO, in.readNBytes(HELLO.length));
        final Thread closer = new Thread(engine::close);
        closer.start();
        assertEquals(-1, in.read(), "our side ends");
        closer.join(50);
        assertTrue(closer.isAlive(), "it waits for the peer");
        assertThrows(IOException.class, () -> connect(engine.localAddress(0)));
        client.shutdownOutput();
        closer.join(10_000);
        assertFalse(closer.isAlive());
    }

    @Test
    void shouldResetWhatDoesNotEndInTime() throws Exception
    {
        final AtomicInteger reason = new AtomicInteger();
        final Engine engine = launch(config("nio").drainTimeoutNs(50_000_000), new SessionHandler()
        {
            @Override
            public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
            {
                return length;
            }

            @Override
            public void onFailed(final Session session, final int why)
            {
                reason.set(why);
            }
        });
        final Socket client = connect(engine.localAddress(0));
        client.getOutputStream().write(HELLO);
        until("the session", () -> count(engine, "SessionsEstablished") == 1);
        engine.close();
        engine.close();
        assertEquals("ENGINE_CLOSED", Failure.describe(reason.get()));
        assertThrows(IOException.class, () ->
        {
            while (client.getInputStream().read() >= 0)
            {
                client.getOutputStream().write(HELLO);
            }
            client.getOutputStream().write(HELLO);
            client.getOutputStream().write(HELLO);
            client.getInputStream().readAllBytes();
        });
    }

    @Test
    void shouldSayWhatKeepsItFromLaunchingAndLeaveNothing() throws Exception
    {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1")))
        {
            final EngineConfig config = config("nio").listen((InetSocketAddress)taken.getLocalSocketAddress());
            final ListenException ex = assertThrows(ListenException.class, () -> Engine.launch(config, ECHO));
            assertTrue(ex.getMessage().contains("the port is in use"), ex.getMessage());
        }
    }

    @Test
    void shouldLogAnErrorOnceWithACount() throws Exception
    {
        final AtomicInteger told = new AtomicInteger();
        final Engine engine = launch(config("nio").errorHandler(ex -> told.incrementAndGet()), new SessionHandler()
        {
            @Override
            public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
            {
                throw new IllegalStateException("planted");
            }
        });
        for (int i = 1; i <= 3; i++)
        {
            final int times = i;
            connect(engine.localAddress(0)).getOutputStream().write(HELLO);
            until("error " + i, () -> told.get() == times);
        }
        try (CountersFile file = CountersFile.open(engine.countersPath()))
        {
            final Map<String, Integer> errors = new ConcurrentHashMap<>();
            file.errors((count, first, last, text) -> errors.put(text.lines().findFirst().orElse(""), count));
            assertEquals(Map.of("java.lang.IllegalStateException: planted", 3), errors);
            assertEquals(ProcessHandle.current().pid(), file.pid());
        }
        assertEquals(3, count(engine, "HandlerErrors"));
        assertEquals(3, count(engine, "Errors"));
    }

    private static long count(final Engine engine, final String label)
    {
        try (CountersFile file = CountersFile.open(engine.countersPath()))
        {
            final CountersReader counters = file.counters();
            final AtomicLong sum = new AtomicLong(-1);
            counters.forEach((value, id, text) ->
            {
                if (text.equals(label))
                {
                    sum.set(value);
                }
            });
            return sum.get();
        }
    }

    @Test
    void shouldShowItsCountersWhileItRuns() throws Exception
    {
        final Engine engine = launch(config("nio"), ECHO);
        final Socket client = connect(engine.localAddress(0));
        client.getOutputStream().write(HELLO);
        client.getInputStream().readNBytes(HELLO.length);
        until("the counters", () -> count(engine, "BytesOut") == HELLO.length && count(engine, "LinkConnections") == 1);
        assertEquals(1, count(engine, "SessionsAccepted"));
        assertEquals(1, count(engine, "SessionsActive"));
    }

    /** An application on a thread of its own: echoes by commands, in its own time. */
    private static final class Application implements Runnable, SessionEvents.Reader
    {
        final SessionEvents events;
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[1 << 20]);
        final AtomicInteger established = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();
        final AtomicLong connected = new AtomicLong();
        final AtomicLong refusals = new AtomicLong();
        volatile Engine engine;
        volatile boolean isStopped;
        volatile int pauseNs;

        Application(final int sessions, final int ringLength)
        {
            events = new SessionEvents(sessions, ringLength);
        }

        @Override
        public void run()
        {
            while (!isStopped)
            {
                if (events.poll(this, 10) == 0 || pauseNs > 0)
                {
                    LockSupport.parkNanos(Math.max(10_000, pauseNs));
                }
            }
        }

        @Override
        public void onConnecting(final long correlationId, final long result)
        {
            connected.set(correlationId + (result > 0 ? 1000 : 0));
        }

        @Override
        public void onEstablished(final long session, final long parameters)
        {
            established.incrementAndGet();
        }

        @Override
        public void onData(final long session, final DirectBuffer buffer, final int offset, final int length)
        {
            copy.putBytes(0, buffer, offset, length);
            int sent = 0;
            while (sent < length && !isStopped)
            {
                final int piece = Math.min(length - sent, engine.sendWindow());
                final int result = engine.send(session, copy, sent, piece);
                if (result == StreamResult.CLOSED)
                {
                    return;
                }
                if (result == StreamResult.OK)
                {
                    sent += piece;
                }
                else
                {
                    refusals.incrementAndGet();
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void onEnd(final long session)
        {
            while (engine.close(session) == StreamResult.BACK_PRESSURED)
            {
                Thread.onSpinWait();
            }
        }

        @Override
        public void onClosed(final long session)
        {
            ended.incrementAndGet();
        }

        @Override
        public void onFailed(final long session, final int reason)
        {
            ended.incrementAndGet();
        }
    }

    @ParameterizedTest
    @CsvSource({"nio, 0", "epoll, 0", "epoll, 1000000"})
    void shouldLoseNothingToAnApplicationOnAnotherThread(final String link, final int pauseNs) throws Exception
    {
        final Application application = new Application(8, 1 << 14);
        application.pauseNs = pauseNs;
        final EngineConfig config = config(link).inputBufferLength(4096).commandsLength(1 << 16);
        final Engine engine = launch(config, application.events.handler());
        application.engine = engine;
        final Thread thread = new Thread(application);
        thread.start();
        final List<Thread> clients = new ArrayList<>();
        final AtomicInteger right = new AtomicInteger();
        for (int i = 0; i < 12; i++) // more than the application has room for: some wait in the accept queue
        {
            final Socket client = connect(engine.localAddress(0));
            final byte[] sent = bytes(pauseNs == 0 ? 200_000 + i : 10_000 + i);
            clients.add(new Thread(() -> right.addAndGet(echo(client, sent) ? 1 : 0)));
            clients.getLast().start();
        }
        for (final Thread client : clients)
        {
            client.join(20_000);
        }
        assertEquals(12, right.get());
        until("all ended", () -> application.ended.get() == 12);
        application.isStopped = true;
        thread.join();
        assertEquals(12, application.established.get());
    }

    private static boolean echo(final Socket client, final byte[] sent)
    {
        final Thread writer = new Thread(() ->
        {
            try
            {
                client.getOutputStream().write(sent);
                client.shutdownOutput();
            }
            catch (final IOException ex)
            {
                throw new java.io.UncheckedIOException(ex);
            }
        });
        writer.start();
        try
        {
            final byte[] received = client.getInputStream().readAllBytes();
            writer.join();
            return Arrays.equals(sent, received);
        }
        catch (final IOException | InterruptedException ex)
        {
            return false;
        }
    }

    @Test
    void shouldConnectForAnotherThread() throws Exception
    {
        final Application application = new Application(8, 1 << 14);
        final Engine engine = launch(config("nio"), application.events.handler());
        application.engine = engine;
        final Thread thread = new Thread(application);
        thread.start();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1")))
        {
            final FourTuple tuple = new FourTuple().remoteIpv4(0x7f00_0001, server.getLocalPort());
            assertEquals(StreamResult.OK, engine.connect(0, 0, Protocol.TCP, tuple, 7));
            try (Socket accepted = server.accept())
            {
                until("told", () -> application.connected.get() == 1007);
                until("established", () -> application.established.get() == 1);
                accepted.getOutputStream().write(HELLO);
                assertArrayEquals(HELLO, accepted.getInputStream().readNBytes(HELLO.length));
            }
            until("its end", () -> application.ended.get() == 1);
            assertEquals(StreamResult.OK, engine.connect(0, 9, Protocol.TCP, tuple, 8));
            until("told", () -> application.connected.get() == 8);
        }
        application.isStopped = true;
        thread.join();
    }

    @Test
    void shouldKnowHandlesThatAreNotGood()
    {
        final Engine engine = launch(config("nio"), ECHO);
        final UnsafeBuffer buffer = new UnsafeBuffer(HELLO);
        for (final long handle : new long[] {0, -1, 1, 1L << 32, 1L << 32 | 5 << 24, Long.MAX_VALUE, 3L << 32 | 0xffff})
        {
            assertEquals(StreamResult.CLOSED, engine.send(handle, buffer, 0, HELLO.length));
        }
        assertEquals(StreamResult.CLOSED, engine.close(-5));
        assertEquals(StreamResult.CLOSED, engine.close(1L << 32 | 1 << 24), "no such agent");
        assertEquals(StreamResult.OK, engine.close(1L << 32));
        until("it was counted", () -> count(engine, "CommandsStale") == 1);
    }

    private static byte[] bytes(final int length)
    {
        final byte[] octets = new byte[length];
        new SplittableRandom(length).nextBytes(octets);
        return octets;
    }

    private static long descriptors() throws IOException
    {
        if (!Files.isDirectory(DESCRIPTORS))
        {
            return 0;
        }
        try (Stream<Path> links = Files.list(DESCRIPTORS))
        {
            return links.count();
        }
    }
}
