// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import dev.trishake.launch.LauncherJar.Jvm;
import dev.trishake.launch.LauncherJar.Result;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

import static dev.trishake.launch.LauncherJar.Jvm.CURRENT;
import static dev.trishake.launch.LauncherJar.Jvm.OLDER;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LauncherTest
{
    private static final String INCUBATOR_WARNING = "WARNING: Using incubator modules: jdk.incubator.vector\n";

    @TempDir
    private static Path folder;
    private static LauncherJar jar;

    @BeforeAll
    static void makeJar()
    {
        jar = new LauncherJar(folder);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunUnderJdk25WithItsFlags(final Jvm jvm)
    {
        final Result result = jar.run(jvm, List.of(), "facts");
        assertAll(
            () -> assertEquals(0, result.exitCode(), result::toString),
            () -> assertEquals(CURRENT.home().toString(), result.fact("home")),
            () -> assertEquals("true", result.fact("vector")),
            () -> assertEquals("allow", result.fact("unsafe")),
            () -> assertEquals("true", result.fact("native")),
            () -> assertEquals("true", result.fact("open")),
            () -> assertEquals("main", result.fact("thread")),
            // the JVM prints this one itself and can't be asked not to
            () -> assertEquals(INCUBATOR_WARNING, result.err()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheUsersFlagsToTheChild(final Jvm jvm)
    {
        final List<String> flags = List.of("-Xmx77m", "-Dtest.property=a  b;$c", "-XX:+UseParallelGC", "-ea",
            "-XX:-UseSerialGC");
        final Result result = jar.run(jvm, flags, "facts");
        assertAll(
            () -> assertEquals("a  b;$c", result.fact("property")),
            () -> assertTrue(result.flags().containsAll(flags), result::toString),
            () -> assertTrue(Long.parseLong(result.fact("maxMemory")) <= 77 << 20, result::toString));
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveFlagsOfTheEnvironmentToTheChildOnce(final Jvm jvm)
    {
        final ProcessBuilder builder = jar.command(jvm, List.of("-Dtest.property=of the command line"), "facts");
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Dtool=1 -Dtest.property=overruled");
        builder.environment().put("JDK_JAVA_OPTIONS", "-Dspaces='1 2'");
        builder.environment().put("_JAVA_OPTIONS", "-Dlast=1");
        final Result result = jar.run(builder, "");
        assertAll(
            () -> assertEquals("of the command line", result.fact("property")),
            () -> assertEquals(1, Collections.frequency(result.flags(), "-Dtool=1"), result::toString),
            () -> assertEquals(1, Collections.frequency(result.flags(), "-Dspaces=1 2"), result::toString),
            () -> assertEquals(1, Collections.frequency(result.flags(), "-Dlast=1"), result::toString));
    }

    @Test
    void shouldLetTheUsersFlagWin()
    {
        final Result result = jar.run(CURRENT,
            List.of("--sun-misc-unsafe-memory-access=deny", "--enable-native-access=ALL-UNNAMED"), "facts");
        assertEquals("deny", result.fact("unsafe"));
        assertEquals(1, Collections.frequency(result.flags(), "--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void shouldStayInTheSameProcessWhenNothingIsMissing()
    {
        final List<String> flags =
            List.of("--add-modules=jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow");
        final Result result = jar.run(CURRENT, flags, "facts");
        // the other two flags are in the manifest
        assertEquals(ProcessHandle.current().pid(), Long.parseLong(result.fact("parent")));
        assertEquals("true", result.fact("native"));
        assertEquals("true", result.fact("open"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLaunchOnlyOnce(final Jvm jvm)
    {
        final Result result = jar.run(jvm, List.of("-Xmx77m"), "facts");
        assertEquals(ProcessHandle.current().pid(), Long.parseLong(result.fact("grandparent")));
        // JMH gives its forks all flags of the child: the launcher leaves no trace among them
        final List<String> user = new ArrayList<>(LauncherJar.QUICK);
        user.add("-Xmx77m");
        assertEquals(Flags.merge(Jdk.running(), user), result.flags());
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveArgumentsUnchanged(final Jvm jvm)
    {
        // printf writes the bytes: the test's JVM may run in a locale that can't say them
        final ProcessBuilder command = jar.command(jvm, List.of(), "args", "", "two words", "\"quoted\"\\", "$HOME *",
            "@file", "-Xmx1m", "--", "");
        final ProcessBuilder shell = new ProcessBuilder(
            shell("exec \"$@\" \"$(printf '\\346\\217\\241\\346\\211\\213')\"", command));
        shell.environment().put("LC_ALL", "C.UTF-8");
        final List<String> expected = new ArrayList<>(List.of("", "two words", "\"quoted\"\\", "$HOME *", "@file",
            "-Xmx1m", "--", "", "\u63e1\u624b"));
        expected.replaceAll(arg -> HexFormat.of().formatHex(arg.getBytes(StandardCharsets.UTF_8)) + ".");
        final Result result = jar.run(shell, "");
        assertEquals(expected, result.out().lines().toList(), result::toString);
    }

    @ParameterizedTest
    @EnumSource
    void shouldPassStreamsThrough(final Jvm jvm)
    {
        final Result result = jar.run(jar.command(jvm, List.of(), "echo"), "first line\nno line end");
        assertEquals("first line\nno line end", result.out());
        assertEquals(INCUBATOR_WARNING + "to standard error\n", result.err());
    }

    @ParameterizedTest
    @EnumSource
    void shouldReturnTheExitCode(final Jvm jvm)
    {
        assertEquals(7, jar.run(jvm, List.of(), "exit", "7").exitCode());
        assertEquals(255, jar.run(jvm, List.of(), "exit", "255").exitCode());
    }

    @Test
    void shouldEndAsJavaDoesWhenTheMainThrows()
    {
        final Result result = jar.run(CURRENT, List.of(), "throw");
        assertEquals(1, result.exitCode());
        assertTrue(result.err().contains(
            "Exception in thread \"main\" java.lang.IllegalStateException: thrown by the real main"), result::toString);
    }

    @Test
    void shouldSayWhatToInstallWhenThereIsNoJdk25()
    {
        final Result result = jar.run(OLDER, List.of("-Dtrishake.jdks=" + folder.resolve("nothing")), "exit", "0");
        assertEquals(Launcher.CANNOT_START, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("Trishake needs JDK 25 and found none (this is Java "), result::toString);
        assertTrue(result.err().contains("install one, for example Temurin 25"), result::toString);
        assertEquals(1, result.err().lines().count());
    }

    @Test
    void shouldTryTheNextJdkWhenOneCannotBeStarted() throws IOException
    {
        final File broken = FakeJdk.in(folder.resolve("broken"), "25.0.1", "java.base");
        Files.writeString(broken.toPath().resolve("bin/java"), "#!/no/such/interpreter\n");
        final String flag = "-Dtrishake.jdks=" + broken;
        final Result alone = jar.run(OLDER, List.of(flag), "exit", "7");
        assertEquals(Launcher.CANNOT_START, alone.exitCode());
        assertTrue(alone.err().startsWith("Trishake needs JDK 25 and could not start " + broken), alone::toString);
        final String both = flag + File.pathSeparator + CURRENT.home();
        assertEquals(7, jar.run(OLDER, List.of(both), "exit", "7").exitCode());
    }

    @Test
    void shouldSayThatItIsNothingWithoutItsJar()
    {
        final String classes = LauncherJar.folderOf(Launcher.class).toString();
        final Result result = jar.run(new ProcessBuilder(CURRENT.home().resolve("bin/java").toString(),
            "-cp", classes, Launcher.class.getName()), "");
        assertEquals(Launcher.CANNOT_START, result.exitCode());
        assertTrue(result.err().contains("Trishake's launcher has nothing to start: "), result::toString);
    }

    @Test
    void shouldLoadOnJava8() throws IOException
    {
        final List<Path> files = LauncherJar.classFiles(Launcher.class);
        assertTrue(files.size() >= 6, files::toString);
        for (final Path file : files)
        {
            final byte[] bytes = Files.readAllBytes(file);
            assertEquals(52, bytes[6] << 8 | bytes[7], file::toString);
        }
    }

    private static List<String> shell(final String script, final ProcessBuilder command)
    {
        final List<String> shell = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        shell.addAll(command.command());
        return shell;
    }
}
