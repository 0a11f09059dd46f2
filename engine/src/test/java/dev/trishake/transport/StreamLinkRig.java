// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.session.FourTuple;
import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two stream links, a client's and a server's, in the hands of one thread. */
public abstract class StreamLinkRig
{
    /** Slots of each link. */
    protected static final int CAPACITY = 64;

    /** Largest output credit of each link. */
    protected static final int BUFFER_LENGTH = 1 << 14;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    /** More than sockets and buffers of both ends hold. */
    static final int MUCH = 1 << 24;

    private final FourTuple target = new FourTuple();
    private final long[] window = new long[16];
    StreamHost server;
    StreamHost client;
    int listener;
    long nowNs = 1;

    /**
     * {@return the accepting link: {@link #CAPACITY} slots, output buffers of {@link #BUFFER_LENGTH}}
     *
     * @param credits of its user
     */
    protected abstract StreamLink server(StreamCredits credits);

    /**
     * {@return the connecting link, like the other; made after it}
     *
     * @param credits of its user
     */
    protected abstract StreamLink client(StreamCredits credits);

    /**
     * {@return where to listen}
     */
    protected InetSocketAddress listenAddress()
    {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    /**
     * {@return how many connections are opened, echoed and closed}
     */
    protected int manyConnections()
    {
        return 2_000;
    }

    /**
     * {@return whether the link allocates nothing once warm}
     */
    protected boolean allocatesNothing()
    {
        return true;
    }

    /**
     * {@return whether a paused connection is told of a reset before it is resumed}
     */
    protected boolean tellsPausedOfReset()
    {
        return true;
    }

    /**
     * Called before each turn of both ends, with the time, which goes on by itself; what is between them may move.
     *
     * @param nowNs the time
     */
    protected void onTurn(final long nowNs)
    {
    }

    @AfterEach
    void closeLinks()
    {
        for (final StreamHost host : new StreamHost[] {client, server})
        {
            if (host != null)
            {
                host.link.close();
                host.link.close();
                assertEquals(0, host.link.active(), "slots in use");
                assertEquals(0, host.doWork(nowNs));
            }
        }
    }

    void begin()
    {
        begin(1 << 20);
    }

    void begin(final int serverRing)
    {
        server = new StreamHost(this::server, serverRing);
        client = new StreamHost(this::client);
        listener = server.link.listen(listenAddress(), CAPACITY);
    }

    void turn()
    {
        nowNs += 100_000;
        onTurn(nowNs);
        client.doWork(nowNs);
        server.doWork(nowNs);
    }

    /** Lets both ends work until it is so. */
    void until(final String what, final BooleanSupplier isSo)
    {
        final long patienceNs = System.nanoTime() + 10_000_000_000L;
        while (!isSo.getAsBoolean())
        {
            turn();
            assertTrue(System.nanoTime() - patienceNs < 0, () -> "in vain: " + what + "; client " + client.events +
                " server " + server.events);
        }
    }

    /** Lets both ends work for a while: what must not happen would have happened. */
    void aWhile()
    {
        for (int i = 0; i < 50; i++)
        {
            turn();
            Thread.onSpinWait();
        }
    }

    long connect()
    {
        return connect(server.link.localAddress(listener));
    }

    long connect(final InetSocketAddress address)
    {
        final FourTuple tuple = new FourTuple();
        remote(tuple, address);
        return client.link.connect(tuple, nowNs);
    }

    private static void remote(final FourTuple tuple, final InetSocketAddress address)
    {
        final ByteBuffer octets = ByteBuffer.wrap(address.getAddress().getAddress());
        if (address.getAddress() instanceof Inet4Address)
        {
            tuple.local(0, 0, 0).remoteIpv4(octets.getInt(), address.getPort());
        }
        else
        {
            tuple.local(0, 0, 0).remote(octets.getLong(), octets.getLong(), address.getPort());
        }
    }

    /** A connection open at both ends; the server's handle is its last. */
    long open()
    {
        final int before = server.opened;
        final int clientBefore = client.opened;
        final long handle = connect();
        assertTrue(handle > 0, () -> StreamResult.describe((int)handle));
        until("open", () -> server.opened > before && client.opened > clientBefore);
        return handle;
    }

    static byte[] pattern(final int length, final int seed)
    {
        final byte[] octets = new byte[length];
        new SplittableRandom(seed).nextBytes(octets);
        return octets;
    }

    /** Sends a piece; behind the last comes SHUTDOWN, once: what was sent is then longer than the stream. */
    static int piece(
        final StreamHost host, final long handle, final byte[] stream, final int sent, final SplittableRandom random)
    {
        if (sent > stream.length)
        {
            return sent;
        }
        if (sent == stream.length)
        {
            host.tell(StreamRecord.SHUTDOWN, handle);
            return sent + 1;
        }
        final int length = Math.min(
            Math.min(random.nextInt(8000), stream.length - sent), host.link.outputCredit(handle));
        if (length > 0)
        {
            host.send(handle, stream, sent, length);
        }
        return sent + length;
    }

    void warm()
    {
        server.isEcho = true;
        server.closesAfterEnd = true;
        client.isQuiet = true;
        connections(10);
    }

    /** Opens connections, 16 at a time; each is sent a few bytes, gets them back and is closed, half of them by RST. */
    int connections(final int count)
    {
        if (target.remotePort() == 0)
        {
            remote(target, server.link.localAddress(listener));
        }
        int done = 0;
        while (done < count)
        {
            final int atOnce = Math.min(window.length, count - done);
            final int openedBefore = client.opened;
            final long bytesBefore = client.bytes;
            for (int i = 0; i < atOnce; i++)
            {
                target.local(0, 0, 0);
                window[i] = client.link.connect(target, nowNs);
                if (window[i] < 0)
                {
                    throw new IllegalStateException("not connected");
                }
            }
            turnUntil(client, openedBefore + atOnce, Long.MIN_VALUE, false);
            for (int i = 0; i < atOnce; i++)
            {
                client.send(window[i], HELLO);
            }
            turnUntil(client, 0, bytesBefore + (long)atOnce * HELLO.length, false);
            for (int i = 0; i < atOnce; i++)
            {
                client.tell((i & 1) == 0 ? StreamRecord.ABORT : StreamRecord.CLOSE, window[i]);
            }
            turnUntil(client, 0, Long.MIN_VALUE, true);
            done += atOnce;
        }
        return done;
    }

    private void turnUntil(final StreamHost host, final int opened, final long bytes, final boolean isGone)
    {
        int turns = 0;
        while (host.opened < opened || host.bytes < bytes ||
            (isGone && client.link.active() + server.link.active() > 0))
        {
            turn();
            if (++turns > 10_000_000)
            {
                throw new IllegalStateException("stuck");
            }
        }
    }

    static long descriptors() throws IOException
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
