// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertFalse;

/**
 * The tool 'serve' on a thread of this process, in the network namespace of who starts it: a process of its own would
 * take a second to begin. What it prints, and where it complains, comes line by line.
 */
final class ServeHere implements AutoCloseable
{
    private static final int PATIENCE_S = 10;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Path counters;
    private final Thread thread;
    private volatile int exitCode = -1;

    private ServeHere(final String options) throws IOException
    {
        counters = Files.createTempFile("serve", ".counters"); // beside those of this process
        final List<String> arguments = new ArrayList<>(List.of("serve", "--counters", counters.toString()));
        arguments.addAll(Arrays.asList(options.split(" ")));
        thread = new Thread(() ->
        {
            final PrintWriter out = new PrintWriter(new Lines(), true);
            exitCode = Soak.commandLine().setOut(out).setErr(out).execute(arguments.toArray(String[]::new));
        }, "serve");
        thread.setDaemon(true);
    }

    static ServeHere start(final String options) throws IOException
    {
        final ServeHere serve = new ServeHere(options);
        serve.thread.start();
        return serve;
    }

    /** {@return the next line; null where none comes} */
    String readLine() throws InterruptedException
    {
        return lines.poll(PATIENCE_S, TimeUnit.SECONDS);
    }

    /** {@return the lines that it prints until it ends by itself} */
    List<String> await() throws InterruptedException
    {
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        assertFalse(thread.isAlive(), "it does not end");
        final List<String> rest = new ArrayList<>();
        lines.drainTo(rest);
        return rest;
    }

    /** {@return the lines that it prints until it ends, because it is asked to} */
    List<String> stop() throws InterruptedException
    {
        thread.interrupt();
        return await();
    }

    /** {@return what its process would have ended with} */
    int exitCode()
    {
        return exitCode;
    }

    @Override
    public void close() throws IOException
    {
        try
        {
            stop();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(counters);
    }

    /** Cuts what is printed into lines. */
    private final class Lines extends Writer
    {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void write(final char[] text, final int offset, final int length)
        {
            for (int i = offset; i < offset + length; i++)
            {
                if (text[i] == '\n')
                {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                else
                {
                    line.append(text[i]);
                }
            }
        }

        @Override
        public void flush()
        {
            // lines are there once they end
        }

        @Override
        public void close()
        {
            // nothing is held
        }
    }
}
