// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.storm.Server;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code serve} as a process of its own, with this JVM's flags: what a storm comes over when no other is named. */
final class OwnServer implements AutoCloseable
{
    private static final int PATIENCE_S = 10;

    private final Process process;
    private final BufferedReader lines;
    private final Path counters;

    /**
     * Starts it, in the network namespace of the calling thread, and waits until it is ready.
     *
     * @throws IOException with what it said instead
     */
    OwnServer(final Path counters, final List<String> options) throws IOException
    {
        this.counters = counters;
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Soak.class.getName(), "serve",
            "--counters", counters.toString(), "--status", Integer.toString(Integer.MAX_VALUE)));
        command.addAll(options);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        lines = process.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        final StringBuilder said = new StringBuilder();
        while (line != null && !line.startsWith("ready "))
        {
            said.append(said.isEmpty() ? "" : "; ").append(line);
            line = lines.readLine();
        }
        if (line == null)
        {
            close();
            throw new IOException("the server did not start: " + said);
        }
        Thread.ofPlatform().daemon().name("server-output").start(this::drain);
    }

    /** Its last words must not fill a pipe that nobody reads. */
    private void drain()
    {
        try
        {
            while (lines.readLine() != null)
            {
                assert process != null;
            }
        }
        catch (final IOException ex)
        {
            // it has ended
        }
    }

    /** {@return what its agents take and count} */
    Server look()
    {
        return new Server(process.pid(), counters);
    }

    @Override
    public void close()
    {
        process.destroy();
        try
        {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
            }
        }
        catch (final InterruptedException ex)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
