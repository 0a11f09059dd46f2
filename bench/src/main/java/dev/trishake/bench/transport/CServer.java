// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.bench.ServerThreads;
import dev.trishake.bench.UnavailableException;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The C loop in {@code accept_loop.c}: compiled here, run as a child process, ended and reaped at close. */
final class CServer implements AcceptServer
{
    private static final String SOURCE = "accept_loop.c";
    private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");
    private static final long COMPILER_PATIENCE_S = 60;

    private final Path folder;
    private final Process process;
    private final InetSocketAddress address;
    private final ByteBuffer request = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
    private volatile long cpuNs;

    private CServer(final Path folder, final Process process) throws IOException
    {
        this.folder = folder;
        this.process = process;
        final StringBuilder port = new StringBuilder();
        for (int c = process.getInputStream().read(); c != '\n'; c = process.getInputStream().read())
        {
            if (c < 0)
            {
                throw new EOFException("the C loop ended at once");
            }
            port.append((char)c);
        }
        address = new InetSocketAddress(TcpAcceptBenchmark.LOOPBACK.getAddress(), Integer.parseInt(port.toString()));
    }

    static CServer start(final int cpu) throws IOException, InterruptedException
    {
        final Path folder = Files.createTempDirectory("trishake-accept");
        Process process = null;
        try
        {
            final Path program = compile(folder);
            process = new ProcessBuilder(program.toString(), String.valueOf(BACKLOG), String.valueOf(cpu))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
            return new CServer(folder, process);
        }
        catch (final IOException | InterruptedException | UnavailableException ex)
        {
            end(process);
            delete(folder);
            throw ex;
        }
    }

    @Override
    public InetSocketAddress address()
    {
        return address;
    }

    @Override
    public void serve(final int connections) throws IOException
    {
        process.getOutputStream().write(request.putInt(0, connections).array());
        process.getOutputStream().flush();
        final byte[] reply = process.getInputStream().readNBytes(Long.BYTES);
        if (reply.length < Long.BYTES)
        {
            throw new EOFException("the C loop has ended");
        }
        cpuNs = ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder()).getLong();
    }

    @Override
    public ServerThreads.Registration register()
    {
        return ServerThreads.register(() -> cpuNs, () -> 0);
    }

    @Override
    public void close()
    {
        end(process);
        delete(folder);
    }

    private static Path compile(final Path folder) throws IOException, InterruptedException
    {
        final Path source = folder.resolve(SOURCE);
        try (InputStream in = CServer.class.getResourceAsStream(SOURCE))
        {
            Files.copy(in, source);
        }
        final Path program = folder.resolve("accept_loop");
        for (final String compiler : COMPILERS)
        {
            final Process compilation;
            try
            {
                compilation = new ProcessBuilder(compiler, "-O2", "-o", program.toString(), source.toString())
                    .inheritIO()
                    .start();
            }
            catch (final IOException ex)
            {
                continue; // this one is not installed
            }
            if (!compilation.waitFor(COMPILER_PATIENCE_S, TimeUnit.SECONDS) || compilation.exitValue() != 0)
            {
                end(compilation);
                throw new UnavailableException(compiler + " does not compile " + SOURCE);
            }
            return program;
        }
        throw new UnavailableException("no C compiler (cc) is installed");
    }

    private static void end(final Process process)
    {
        if (process == null)
        {
            return;
        }
        process.destroyForcibly();
        try
        {
            process.waitFor();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(final Path folder)
    {
        try (var files = Files.list(folder))
        {
            for (final Path file : files.toList())
            {
                Files.delete(file);
            }
            Files.delete(folder);
        }
        catch (final IOException ex)
        {
            System.err.println("cannot delete " + folder + ": " + ex.getMessage());
        }
    }
}
