// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.support.ScarceDescriptors;
import dev.trishake.transport.Acceptor;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An engine that runs out of descriptors and gets them back: a scenario for {@link ScarceDescriptors}. */
final class EngineDescriptorLimit
{
    private static final int LIMIT = 160;
    private static final int ESTABLISHED = 3;
    private static final int WAITING = 8;
    private static final byte[] LINE = "still here".getBytes(StandardCharsets.US_ASCII);
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final Echo echo = new Echo();
    private final Engine engine;
    private final List<SocketChannel> clients = new ArrayList<>();
    private final List<FileChannel> hoard = new ArrayList<>();

    /** Says what came of connecting. */
    private static final class Echo implements SessionHandler
    {
        final AtomicLong connected = new AtomicLong();

        @Override
        public void onConnecting(final long correlationId, final long result)
        {
            connected.set(result);
        }

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            return session.send(buffer, offset, length);
        }
    }

    private EngineDescriptorLimit(final String link)
    {
        engine = Engine.launch(new EngineConfig().link("epoll".equals(link) ? Links.epoll(64) : Links.nio(64))
            .listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)), echo);
    }

    static void run(final String link) throws Exception
    {
        ScarceDescriptors.run(LIMIT, EngineDescriptorLimit.class, link);
    }

    public static void main(final String[] args) throws Exception
    {
        scenario(args[0], false); // loads the classes while there are descriptors to do it with
        final int before = ScarceDescriptors.count();
        scenario(args[0], true);
        assertEquals(before, ScarceDescriptors.count(), "descriptors leaked");
        ScarceDescriptors.passed();
    }

    private static void scenario(final String link, final boolean isScarce) throws IOException
    {
        final EngineDescriptorLimit scenario = new EngineDescriptorLimit(link);
        try
        {
            scenario.run(isScarce);
        }
        finally
        {
            scenario.free();
            scenario.engine.close();
        }
    }

    private void run(final boolean isScarce) throws IOException
    {
        for (int i = 0; i < ESTABLISHED; i++)
        {
            clients.add(client());
            connect(clients.get(i));
            assertEcho(clients.get(i));
        }
        for (int i = 0; i < WAITING; i++)
        {
            clients.add(client());
        }
        final long startNs = System.nanoTime();
        if (isScarce)
        {
            takeAll();
        }
        for (final SocketChannel late : clients.subList(ESTABLISHED, clients.size()))
        {
            connect(late); // the kernel has established it, nobody has accepted it
        }
        if (isScarce)
        {
            shouldPauseAndServeWhoIsThere(startNs);
            shouldConnectNobody();
            shouldAcceptWhatOneCloseMakesRoomFor();
        }
        else
        {
            until("established", () -> count("SessionsEstablished") == ESTABLISHED + WAITING);
            assertEquals(StreamResult.OK, engine.connect(0, 0, Protocol.TCP, nobody(), 1));
            until("connecting", () -> echo.connected.get() != 0);
        }
        free();
        until("accepted", () -> count("SessionsEstablished") == ESTABLISHED + WAITING);
        for (final SocketChannel client : clients)
        {
            assertEcho(client);
            client.close();
        }
        until("gone", () -> count("SessionsActive") == 0 && count("LinkConnections") == 0);
        assertEquals(0, count("Errors"));
    }

    private void takeAll()
    {
        try
        {
            while (true)
            {
                hoard.add(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ));
            }
        }
        catch (final IOException ex)
        {
            assertTrue(ex.getMessage().contains("Too many open files"), ex.getMessage());
        }
    }

    private void free() throws IOException
    {
        for (final FileChannel one : hoard)
        {
            one.close();
        }
    }

    private void shouldPauseAndServeWhoIsThere(final long startNs) throws IOException
    {
        until("two pauses", () -> count("LinkAcceptPauses") >= 2);
        assertEquals(ESTABLISHED, count("SessionsAccepted"));
        for (final SocketChannel client : clients.subList(0, ESTABLISHED))
        {
            assertEcho(client);
        }
        // an attempt for each connection and each pause, and one that found the queue empty after each connection
        final long pauses = count("LinkAcceptPauses");
        assertTrue(count("LinkAcceptAttempts") <= 2 * ESTABLISHED + pauses, "spins");
        assertTrue(pauses <= 1 + (System.nanoTime() - startNs) / Acceptor.RETRY_DELAY_NS, pauses + " pauses");
    }

    private void shouldConnectNobody()
    {
        assertEquals(StreamResult.OK, engine.connect(0, 0, Protocol.TCP, nobody(), 1));
        until("the answer", () -> echo.connected.get() != 0);
        assertEquals(StreamResult.NO_CAPACITY, echo.connected.get());
    }

    private void shouldAcceptWhatOneCloseMakesRoomFor() throws IOException
    {
        clients.removeFirst().close(); // two descriptors: its own and that of the engine's side
        until("two more", () -> count("SessionsAccepted") == ESTABLISHED + 2);
    }

    private static FourTuple nobody()
    {
        return new FourTuple().remoteIpv4(0x7f00_0001, 9);
    }

    private static SocketChannel client() throws IOException
    {
        return SocketChannel.open().setOption(StandardSocketOptions.SO_LINGER, 0);
    }

    private void connect(final SocketChannel client) throws IOException
    {
        client.connect(engine.localAddress(0));
    }

    private static void assertEcho(final SocketChannel client) throws IOException
    {
        client.write(ByteBuffer.wrap(LINE));
        final ByteBuffer answer = ByteBuffer.allocate(LINE.length);
        while (answer.hasRemaining() && client.read(answer) >= 0)
        {
            Thread.onSpinWait(); // more of it comes
        }
        assertArrayEquals(LINE, Arrays.copyOf(answer.array(), answer.position()));
    }

    private long count(final String label)
    {
        return engine.counters().get(label);
    }

    private static void until(final String what, final BooleanSupplier isSo)
    {
        final long startNs = System.nanoTime();
        while (!isSo.getAsBoolean())
        {
            LockSupport.parkNanos(1_000_000);
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "in vain: " + what);
        }
    }
}
