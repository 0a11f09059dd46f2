// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Runs a scenario, a class's {@code main}, in a JVM of its own under {@code ulimit -n}: the build's JVM needs its
 * descriptors to load classes.
 */
public final class ScarceDescriptors
{
    private static final String PASSED = "passed\n";
    private static final long PATIENCE_S = 20;
    private static final List<String> FLAGS = List.of("-ea", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow", "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED");

    private ScarceDescriptors()
    {
    }

    /**
     * Runs it; fails unless it says that it {@linkplain #passed passed}, and nothing else.
     *
     * @param limit     most descriptors
     * @param scenario  its main class
     * @param arguments its
     * @throws Exception when it can't be run
     */
    public static void run(final int limit, final Class<?> scenario, final String... arguments) throws Exception
    {
        final List<String> command = new ArrayList<>(
            List.of("/bin/sh", "-c", "ulimit -n " + limit + " && exec \"$@\"", "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), scenario.getName()));
        command.addAll(List.of(arguments));
        // not Files.createTempFile: its random numbers leave descriptors open, and callers count theirs
        final Path output = Path.of(System.getProperty("java.io.tmpdir"),
            "scenario-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".txt");
        final Process process = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(output.toFile()).start();
        try
        {
            final boolean isOver = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
            assertEquals(PASSED, Files.readString(output));
            assertTrue(isOver, "did not end");
        }
        finally
        {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    /** The scenario's last word. */
    public static void passed()
    {
        System.out.print(PASSED);
    }

    /**
     * {@return how many descriptors this JVM has open}
     *
     * @throws IOException when nobody knows
     */
    public static int count() throws IOException
    {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd")))
        {
            return Math.toIntExact(links.count());
        }
    }
}
