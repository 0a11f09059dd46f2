// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Honest clients with the kernel's TCP: each connects, sends a line, reads it back and closes. They begin by the clock,
 * whatever became of those before them, so that waiting hides nothing.
 */
final class LegitClients implements Runnable
{
    private static final byte[] LINE = "is this seat free?\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_UNDER_WAY = 20_000;
    private static final long NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final InetSocketAddress server;
    private final Plan plan;
    private final Outcomes outcomes;
    private final ByteBuffer line = ByteBuffer.allocateDirect(LINE.length).put(LINE);
    private final ByteBuffer echo = ByteBuffer.allocateDirect(LINE.length);
    private final Deque<Client> underWay = new ArrayDeque<>();
    private volatile boolean stopped;
    private volatile boolean done;

    /** One of them. */
    private static final class Client
    {
        final SocketChannel channel;
        final long startNs;
        long connectNs;
        long firstByteNs;
        int received;
        boolean over;

        Client(final SocketChannel channel, final long startNs)
        {
            this.channel = channel;
            this.startNs = startNs;
        }
    }

    LegitClients(final InetSocketAddress server, final Plan plan, final Outcomes outcomes)
    {
        this.server = server;
        this.plan = plan;
        this.outcomes = outcomes;
    }

    /** Ends early: who is under way gives up. */
    void stop()
    {
        stopped = true;
    }

    boolean isDone()
    {
        return done;
    }

    @Override
    public void run()
    {
        try (Selector selector = Selector.open())
        {
            final long startNs = System.nanoTime();
            long begun = 0;
            final long wanted = plan.lengthNs() / plan.clientIntervalNs();
            while (!stopped && (begun < wanted || !underWay.isEmpty()))
            {
                while (begun < wanted && System.nanoTime() - startNs >= begun * plan.clientIntervalNs())
                {
                    begun++;
                    begin(selector);
                }
                final long nextNs = begun < wanted ?
                    begun * plan.clientIntervalNs() - (System.nanoTime() - startNs) : NS_PER_MS;
                selector.select(Math.max(1, nextNs / NS_PER_MS));
                for (final SelectionKey key : selector.selectedKeys())
                {
                    advance(key);
                }
                selector.selectedKeys().clear();
                giveUp(System.nanoTime());
            }
            underWay.stream().filter(client -> !client.over).forEach(client -> fail(client, "STOPPED"));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        finally
        {
            done = true;
        }
    }

    private void begin(final Selector selector)
    {
        outcomes.begin();
        if (underWay.size() >= MOST_UNDER_WAY)
        {
            outcomes.fail("TOO_MANY_UNDER_WAY");
            return;
        }
        final SocketChannel channel;
        try
        {
            channel = SocketChannel.open();
        }
        catch (final IOException ex)
        {
            outcomes.fail("NO_SOCKET"); // of descriptors there are only so many
            return;
        }
        final Client client = new Client(channel, System.nanoTime());
        underWay.add(client);
        try
        {
            channel.configureBlocking(false);
            channel.connect(server);
            channel.register(selector, SelectionKey.OP_CONNECT, client);
        }
        catch (final IOException ex)
        {
            fail(client, reason(ex));
        }
    }

    private void advance(final SelectionKey key)
    {
        final Client client = (Client)key.attachment();
        try
        {
            if (key.isConnectable() && client.channel.finishConnect())
            {
                client.connectNs = System.nanoTime() - client.startNs;
                client.channel.write(line.clear()); // a new socket's buffer has room for a line
                key.interestOps(SelectionKey.OP_READ);
            }
            else if (key.isReadable())
            {
                read(client);
            }
        }
        catch (final IOException ex)
        {
            fail(client, reason(ex));
        }
    }

    private void read(final Client client) throws IOException
    {
        final int count = client.channel.read(echo.clear());
        if (count < 0)
        {
            fail(client, "CLOSED_BY_SERVER");
            return;
        }
        if (client.received == 0)
        {
            client.firstByteNs = System.nanoTime() - client.startNs;
        }
        for (int i = 0; i < count; i++)
        {
            if (client.received + i >= LINE.length || echo.get(i) != LINE[client.received + i])
            {
                fail(client, "WRONG_ECHO");
                return;
            }
        }
        client.received += count;
        if (client.received == LINE.length)
        {
            if (end(client) <= Plan.PATIENCE_NS)
            {
                outcomes.succeed(client.connectNs, client.firstByteNs);
            }
            else
            {
                outcomes.fail("TOO_LATE");
            }
        }
    }

    private void giveUp(final long nowNs)
    {
        while (!underWay.isEmpty() &&
            (underWay.peek().over || nowNs - underWay.peek().startNs > Plan.PATIENCE_NS))
        {
            final Client client = underWay.poll();
            if (!client.over)
            {
                fail(client, client.connectNs == 0 ? "NO_ANSWER" : "NO_ECHO");
            }
        }
    }

    private void fail(final Client client, final String why)
    {
        end(client);
        outcomes.fail(why);
    }

    /** {@return how long it took} */
    private static long end(final Client client)
    {
        client.over = true;
        final long tookNs = System.nanoTime() - client.startNs;
        try
        {
            client.channel.close();
        }
        catch (final IOException ex)
        {
            // it is gone either way
        }
        return tookNs;
    }

    private static String reason(final IOException ex)
    {
        final String message = String.valueOf(ex.getMessage());
        return message.contains("refused") ? "REFUSED" : message.contains("reset") ? "RESET" :
            message.contains("timed out") ? "TIMED_OUT" : ex.getClass().getSimpleName();
    }
}
