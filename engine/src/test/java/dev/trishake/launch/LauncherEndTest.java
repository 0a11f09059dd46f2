// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import dev.trishake.launch.LauncherJar.Jvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is left when the launcher is asked to end, or killed. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "signals")
class LauncherEndTest
{
    private static final long GONE_WITHIN_MS = 2_000;

    @TempDir
    private static Path folder;
    private static LauncherJar jar;

    private Process process;
    private final List<Long> pids = new ArrayList<>();

    @BeforeAll
    static void makeJar()
    {
        jar = new LauncherJar(folder);
    }

    @AfterEach
    void endWhatIsLeft()
    {
        if (process != null)
        {
            process.destroyForcibly();
        }
        pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetTheChildFinishItsTableOnSigterm(final Jvm jvm) throws IOException
    {
        final BufferedReader out = startUntilReady(jar.command(jvm, List.of(), "table"));
        sigterm();
        assertEquals("final table", out.readLine());
        assertEquals(Probe.TABLE_EXIT_CODE, LauncherJar.exitCode(process));
    }

    @Test
    void shouldNotHurryTheChildOnASecondSigterm() throws Exception
    {
        final BufferedReader out = startUntilReady(jar.command(Jvm.CURRENT, List.of(), "table"));
        sigterm();
        Thread.sleep(50);
        sigterm();
        assertEquals("final table", out.readLine());
        assertEquals(Probe.TABLE_EXIT_CODE, LauncherJar.exitCode(process));
    }

    @Test
    void shouldLetTheChildFinishItsTableOnControlC() throws Exception
    {
        final Path setsid = Path.of("/usr/bin/setsid");
        Assumptions.assumeTrue(Files.isExecutable(setsid), "no setsid: the terminal's process group can't be imitated");
        final ProcessBuilder command = jar.command(Jvm.CURRENT, List.of(), "table");
        command.command().add(0, setsid.toString());
        final BufferedReader out = startUntilReady(command);
        // a terminal sends SIGINT to launcher and child alike
        new ProcessBuilder("kill", "-INT", "--", "-" + process.pid()).start().waitFor();
        assertEquals("final table", out.readLine());
        assertEquals(Probe.TABLE_EXIT_CODE, LauncherJar.exitCode(process));
    }

    @Test
    void shouldEndWithTheSignalOfTheChild() throws Exception
    {
        startUntilReady(jar.command(Jvm.CURRENT, List.of(), "table"));
        ProcessHandle.of(pids.get(0)).orElseThrow().destroyForcibly();
        assertEquals(128 + 9, LauncherJar.exitCode(process));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNoChildWhenKilled(final Jvm jvm) throws Exception
    {
        startUntilReady(jar.command(jvm, List.of(), "fork", "sleep", "60"));
        assertEquals(2, pids.size());
        process.destroyForcibly();
        assertAllGone();
    }

    @Test
    void shouldLeaveNoChildWhenKilledAndNotReaped() throws Exception
    {
        // a parent that waits for nothing, as in a container without an init: the dead launcher stays a zombie
        final ProcessBuilder command = jar.command(Jvm.CURRENT, List.of(), "fork", "sleep", "60");
        command.command().addAll(0, List.of("/bin/sh", "-c", "\"$@\" & echo $!; exec sleep 60", "sh"));
        startUntilReady(command);
        final long launcher = pids.remove(0);
        assertEquals(2, pids.size());
        ProcessHandle.of(launcher).orElseThrow().destroyForcibly();
        assertAllGone();
    }

    @Test
    void shouldLeaveNoChildWhenKilledBeforeItsFirstLook() throws Exception
    {
        // process ID 1 is nobody's launcher: as if the launcher had died and init had taken the child
        final String path = Path.of(jar.command(Jvm.CURRENT, List.of()).command().getLast()).toString();
        process = new ProcessBuilder(Jvm.CURRENT.home().resolve("bin/java").toString(), "-cp", path,
            Child.class.getName(), "1", "table").start();
        assertTrue(process.waitFor(LauncherJar.TIMEOUT_S, TimeUnit.SECONDS));
        assertEquals(128 + 9, process.exitValue());
    }

    /** Collects the process IDs that are printed before the word. */
    private BufferedReader startUntilReady(final ProcessBuilder command) throws IOException
    {
        process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        final BufferedReader out = process.inputReader();
        for (String line = out.readLine(); !"ready".equals(line); line = out.readLine())
        {
            pids.add(Long.parseLong(line));
        }
        return out;
    }

    /** By the handle, because {@code Process.destroy} closes the streams. */
    private void sigterm()
    {
        assertTrue(process.toHandle().destroy());
    }

    private void assertAllGone() throws Exception
    {
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GONE_WITHIN_MS);
        while (pids.stream().anyMatch(LauncherEndTest::isRunning))
        {
            assertTrue(System.nanoTime() < deadline, "still there: " + pids);
            Thread.sleep(20);
        }
    }

    /** A zombie has ended, whether or not anybody asks for its exit code. */
    private static boolean isRunning(final long pid)
    {
        final Path stat = Path.of("/proc/" + pid + "/stat");
        try
        {
            return ProcessHandle.of(pid).isPresent() &&
                (!Files.exists(stat) || !Arrays.asList(Files.readString(stat).split(" ")).contains("Z"));
        }
        catch (final IOException ex)
        {
            return false;
        }
    }
}
