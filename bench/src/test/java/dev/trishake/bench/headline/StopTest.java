// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a signal leaves behind: a table, a folder, no processes. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class StopTest
{
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    @TempDir
    private Path temp;

    /** The run that is stopped, in a JVM of its own: one quick trial, one that would take a minute, one more. */
    static final class LongRun
    {
        private LongRun()
        {
        }

        public static void main(final String[] args)
        {
            final Family quick = Family.of(SampleBenchmark.class, "Is this kept?").named("kept")
                .pace(new Pace(1, 0, 1, 20, 500)).param("size", "1").ours("quick");
            final Family slow = Family.of(SampleBenchmark.class, "Does this end?").named("stopped")
                .pace(new Pace(1, 0, 60, 1000, 500)).param("size", "1").ours("quick").peer("allocating");
            System.exit(new HeadlineRun(List.of(quick, slow), Path.of(args[0]), System.out, System.err).execute());
        }
    }

    @Test
    void shouldReportWhatWasMeasuredOnSigterm() throws Exception
    {
        shouldReportWhatWasMeasured(SIGTERM);
    }

    @Test
    void shouldReportWhatWasMeasuredOnCtrlC() throws Exception
    {
        shouldReportWhatWasMeasured(SIGINT);
    }

    private void shouldReportWhatWasMeasured(final int signal) throws Exception
    {
        final Path table = temp.resolve("stdout");
        final Process run = start(table);
        final List<ProcessHandle> forks = new ArrayList<>();
        final StringBuilder said = new StringBuilder();
        try (BufferedReader progress = run.errorReader(StandardCharsets.UTF_8))
        {
            for (String line = ""; line != null && !line.startsWith("[1/3]"); line = progress.readLine())
            {
                said.append(line).append('\n');
            }
            while (forks.isEmpty() && run.isAlive())
            {
                TimeUnit.MILLISECONDS.sleep(20);
                run.descendants().forEach(forks::add);
            }
            assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(run.pid())).start().waitFor());
            progress.lines().forEach(line -> said.append(line).append('\n'));
        }

        final String printed = Files.readString(table);
        assertEquals(128 + signal, run.waitFor(), said + printed);
        assertTrue(printed.contains("1 measured, 0 failed, 0 unavailable, 2 not run"), said + printed);
        assertTrue(!printed.contains("stopped:"), "nothing of the family that was stopped: " + printed);
        try (Stream<Path> folders = Files.list(temp.resolve("results")))
        {
            final Path folder = folders.findFirst().orElseThrow();
            assertTrue(Files.readString(folder.resolve(ResultsFolder.TABLE)).contains("## kept"), printed);
            assertTrue(Files.size(folder.resolve(ResultsFolder.JSON)) > 100);
            assertTrue(Files.exists(folder.resolve(ResultsFolder.PICTURE)));
        }
        assertFalse(forks.isEmpty());
        for (final ProcessHandle fork : forks)
        {
            fork.onExit().get(5, TimeUnit.SECONDS);
        }
    }

    private Process start(final Path stdout) throws IOException
    {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("--")).collect(Collectors.toList()));
        command.addAll(List.of("-Djmh.ignoreLock=true", "-XX:TieredStopAtLevel=1", "-cp",
            System.getProperty("java.class.path"), LongRun.class.getName(), temp.resolve("results").toString()));
        return new ProcessBuilder(command).redirectOutput(stdout.toFile()).start();
    }
}
