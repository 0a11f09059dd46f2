// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.launch.JdkFinder;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * org.openeuler:bgmprovider in a JVM of its own, which {@code peers/BgmproviderPeer.java} describes: it reaches into
 * classes of the JDK that later ones do not have, and registers itself before all other providers. Maven has put its
 * jars beside the classes. Where they or a JDK 17 are missing, tests that ask it for something are skipped.
 */
final class Bgmprovider implements AutoCloseable
{
    private static final int FEATURE = 17;
    private static final int PATIENCE_S = 30;
    private static final Path JARS = Path.of("target/peers/bgmprovider");
    private static final Path SOURCE = Path.of("src/test/resources/peers/BgmproviderPeer.java");

    /** What it reaches for in the JDK. */
    private static final List<String> OPENED = List.of(
        "sun.security.util", "sun.security.x509", "sun.security.provider.certpath", "sun.security.action",
        "sun.security.pkcs", "sun.security.pkcs12", "sun.net.util", "jdk.internal.access");

    private final Process process;
    private final BufferedReader reader;
    private final BufferedWriter writer;
    private boolean isReady;

    /** Starts its JVM, and does not wait until it is there. */
    Bgmprovider() throws IOException
    {
        final File java = JdkFinder.program(FEATURE);
        if (java == null || !Files.isDirectory(JARS))
        {
            process = null;
            reader = null;
            writer = null;
            return;
        }
        final List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(List.of("-cp", JARS + "/*", SOURCE.toString()));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = process.inputReader(StandardCharsets.UTF_8);
        writer = process.outputWriter(StandardCharsets.UTF_8);
    }

    private void ask(final String line) throws IOException
    {
        assumeTrue(process != null, "no JDK 17 was found (JAVA17_HOME says where), or no jars in " + JARS);
        if (!isReady)
        {
            assertEquals("ready", reader.readLine());
            isReady = true;
        }
        writer.write(line + "\n");
        writer.flush();
    }

    /** {@return the port where it serves from now on, with these options} */
    int serve(final String options) throws IOException
    {
        ask("serve " + options);
        final String line = next();
        assertTrue(line.startsWith("port "), line);
        return Integer.parseInt(line.substring("port ".length()));
    }

    /** Lets it be a client, with these options. */
    void dial(final int port, final String options) throws IOException
    {
        ask("dial port=" + port + " " + options);
    }

    /** {@return what it says of its next connection} */
    String next() throws IOException
    {
        return reader.readLine();
    }

    @Override
    public void close() throws IOException
    {
        if (process == null)
        {
            return;
        }
        try (reader; writer)
        {
            writer.close();
            assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS));
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        finally
        {
            process.destroyForcibly();
        }
    }
}
