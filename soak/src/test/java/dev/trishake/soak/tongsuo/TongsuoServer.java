// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.tongsuo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server of Tongsuo's on loopback, one connection after the other, which does with each what it is told. */
public final class TongsuoServer implements AutoCloseable
{
    private static final int PATIENCE_S = 10;

    private final TongsuoContext context;
    private final Conversation conversation;
    private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::serve, "tongsuo-server");

    /** What a server does once it has shaken hands. */
    @FunctionalInterface
    public interface Conversation
    {
        /** Sends back what comes, until close_notify, and then sends its own. */
        Conversation ECHO = connection ->
        {
            for (byte[] data = connection.read(); data.length > 0; data = connection.read())
            {
                connection.write(data);
            }
            connection.shutdown();
        };

        /** Talks. */
        void with(TongsuoConnection connection) throws IOException;
    }

    /** Listens at once. */
    public TongsuoServer(final TongsuoContext context, final Conversation conversation) throws IOException
    {
        this.context = context;
        this.conversation = conversation;
        thread.start();
    }

    private void serve()
    {
        while (true)
        {
            try (TongsuoConnection connection = context.connection(listener.accept()))
            {
                ends.add(serve(connection));
            }
            catch (final IOException ex)
            {
                return; // closed
            }
        }
    }

    private String serve(final TongsuoConnection connection)
    {
        try
        {
            final String agreed = connection.handshake().agreed();
            conversation.with(connection);
            return agreed;
        }
        catch (final IOException ex)
        {
            return ex.getMessage();
        }
    }

    /** {@return where it listens} */
    public int port()
    {
        return listener.getLocalPort();
    }

    /** {@return what its next connection has agreed on, once it is over, or why it failed} */
    public String next() throws InterruptedException
    {
        final String end = ends.poll(PATIENCE_S, TimeUnit.SECONDS);
        return end == null ? "nothing in " + PATIENCE_S + " s" : end;
    }

    @Override
    public void close() throws IOException
    {
        listener.close();
        try
        {
            thread.join(2 * TimeUnit.SECONDS.toMillis(PATIENCE_S)); // a read gives up after half of it
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive())
        {
            throw new IllegalStateException("it hangs, and what it uses can't be freed");
        }
        context.close();
    }
}
