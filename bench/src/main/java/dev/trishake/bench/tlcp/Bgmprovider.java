// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import dev.trishake.bench.UnavailableException;
import dev.trishake.launch.JdkFinder;
import dev.trishake.wire.tlcp.CipherSuite;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * org.openeuler:bgmprovider, a fork of the JDK's own JSSE, in a JVM of its own: it does not start on a JDK newer than
 * 17. The program there is {@code BgmproviderPeer.java}, and does each turn when it is asked to; the question through
 * one pipe and the answer through another are some 50 us a turn, one or two a handshake.
 */
final class Bgmprovider implements ForeignStack
{
    private static final String SOURCE = "BgmproviderPeer.java";
    private static final int FEATURE = 17;
    /** What it reaches for in the JDK. */
    private static final List<String> OPENED =
        List.of("util", "x509", "provider.certpath", "action", "pkcs", "pkcs12");

    private final Path folder;
    private final Process process;
    private final DataInputStream answers;

    /**
     * Starts its JVM.
     *
     * @param pki             a folder as {@code TestPki} writes it
     * @param suite           its code
     * @param count           handshakes side by side
     * @param isAuthenticated whether clients are
     * @param isResumed       whether all handshakes go on from one session
     */
    Bgmprovider(
        final Path pki, final int suite, final int count, final boolean isAuthenticated, final boolean isResumed)
    {
        final File java = JdkFinder.program(FEATURE);
        if (java == null)
        {
            throw new UnavailableException("no JDK 17 is installed, or JAVA17_HOME does not say where");
        }
        try
        {
            folder = Files.createTempDirectory("trishake-bgmprovider");
            final Path source = folder.resolve(SOURCE);
            try (InputStream in = Bgmprovider.class.getResourceAsStream(SOURCE))
            {
                Files.copy(in, source);
            }
            final List<String> command = new ArrayList<>(List.of(java.toString(), "-XX:+UseSerialGC"));
            OPENED.forEach(name -> command.add("--add-opens=java.base/sun.security." + name + "=ALL-UNNAMED"));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), source.toString(), pki.toString(),
                CipherSuite.name(suite), String.valueOf(count), String.valueOf(isAuthenticated),
                String.valueOf(isResumed)));
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            answers = new DataInputStream(process.getInputStream());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public int clientTurn()
    {
        return turn('c');
    }

    @Override
    public int serverTurn()
    {
        return turn('s');
    }

    private int turn(final int side)
    {
        try
        {
            process.getOutputStream().write(side);
            process.getOutputStream().flush();
            return answers.readInt();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("bgmprovider's JVM has ended", ex);
        }
    }

    @Override
    public void close()
    {
        process.destroyForcibly();
        try
        {
            process.waitFor();
            Files.delete(folder.resolve(SOURCE));
            Files.delete(folder);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
