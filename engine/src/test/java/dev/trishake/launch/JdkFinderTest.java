// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JdkFinderTest
{
    @TempDir
    private Path machine;
    private final Map<String, String> environment = new HashMap<>();
    private int feature = Jdk.WANTED;

    @Test
    void shouldLookWhereTheUserSaysBeforeTheUsualFolders() throws IOException
    {
        environment.put("JDK_HOME", jdk("jdk-home", "25.0.3"));
        environment.put("JAVA_HOME", jdk("java-home", "25.0.2"));
        environment.put("JAVA25_HOME", jdk("java25-home", "25.0.1"));
        toolchains("<jdkHome>" + jdk("toolchain", "25") + "</jdkHome>");
        jdk("usual/jdk-25.0.8", "25.0.8");
        jdk("usual/jdk-25.0.9", "25.0.9");
        jdk("home/.sdkman/candidates/java/25-tem", "25");
        environment.put("PATH", Path.of(jdk("on-path", "25")).resolve("bin") + File.pathSeparator + "/no/such/folder");
        assertEquals(
            List.of("java25-home", "java-home", "jdk-home", "toolchain", "usual/jdk-25.0.9", "usual/jdk-25.0.8",
                "home/.sdkman/candidates/java/25-tem", "on-path"),
            find());
    }

    @Test
    void shouldPreferTheWantedReleaseToANewerOne() throws IOException
    {
        environment.put("JAVA_HOME", jdk("newer", "26.0.1"));
        jdk("usual/jdk-27", "27-ea");
        jdk("usual/jdk-25", "25.0.3");
        assertEquals(List.of("usual/jdk-25", "newer", "usual/jdk-27"), find());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8.0_412", "11.0.2", "17.0.15", "24.0.2", "", "twenty-five", "0", "x25"})
    void shouldPassOver(final String version)
    {
        environment.put("JAVA_HOME", jdk("old", version));
        jdk("usual/jdk-25", "25");
        assertEquals(List.of("usual/jdk-25"), find());
    }

    @Test
    void shouldPassOverBrokenHomes() throws IOException
    {
        environment.put("JAVA25_HOME", "");
        environment.put("JAVA_HOME", machine.resolve("missing").toString());
        environment.put("JDK_HOME", Files.createDirectories(machine.resolve("empty")).toString());
        final Path noProgram = Path.of(jdk("usual/no-program", "25"));
        Files.delete(noProgram.resolve("bin/java"));
        final Path noRelease = Path.of(jdk("usual/no-release", "25"));
        Files.delete(noRelease.resolve("release"));
        final Path folderForRelease = Path.of(jdk("usual/folder-for-release", "25"));
        Files.delete(folderForRelease.resolve("release"));
        Files.createDirectories(folderForRelease.resolve("release"));
        FakeJdk.withRelease(machine.resolve("usual/unfinished-line"), "JAVA_VERSION=\"25");
        FakeJdk.withRelease(machine.resolve("usual/other-key"), "OLD_JAVA_VERSION=\"25\"");
        Files.writeString(Files.createDirectories(machine.resolve("usual")).resolve("a-file"), "");
        assertEquals(List.of(), find());
        assertNull(Jdk.in(new File("\0")));
    }

    @ParameterizedTest
    @CsvSource({"Contents/Home", "libexec/openjdk.jdk/Contents/Home", "''"})
    void shouldKnowTheLayoutsOfSystems(final String layout)
    {
        jdk("usual/some-25/" + layout, "25");
        assertEquals(List.of(Path.of("usual/some-25", layout).toString()), find());
    }

    @Test
    void shouldReadToolchainsOfAnyShape() throws IOException
    {
        final String first = jdk("first", "25");
        final String second = jdk("second", "25");
        toolchains("<?xml version=\"1.0\"?><toolchains><!-- <jdkHome>" + jdk("commented-out", "25") + "</jdkHome> -->" +
            "<jdkHome>/old</jdkHome>\n<jdkHome>\n  " + first + "\n</jdkHome><jdkHome/><jdkHome></jdkHome>" +
            "<vendor>x</vendor><jdkHome>" + second + "</jdkHome><jdkHome>" + jdk("cut-off", "25"));
        assertEquals(List.of("first", "second"), find());
        toolchains("<jdkHome>" + first + "</jdkHome><!-- never ends <jdkHome>" + second + "</jdkHome>");
        assertEquals(List.of("first"), find());
    }

    @Test
    void shouldLookNowhereElseWhenToldWhere()
    {
        environment.put("JAVA_HOME", jdk("java-home", "25"));
        jdk("usual/jdk-25", "25");
        final String places = jdk("itself", "25") + File.pathSeparator + File.pathSeparator +
            Path.of(jdk("inside/it", "25")).getParent() + File.pathSeparator + machine.resolve("missing");
        assertEquals(List.of("itself", "inside/it"), names(finder(places)));
        assertEquals(List.of(), names(finder("")));
    }

    @Test
    void shouldFindAnOlderRelease()
    {
        feature = 17;
        environment.put("JAVA25_HOME", jdk("java25-home", "17.0.1"));
        environment.put("JAVA_HOME", jdk("java-home", "25"));
        assertNull(finder(null).program());
        jdk("usual/jdk-16", "16.0.2");
        final File program = new File(jdk("usual/jdk-17", "17.0.15"), "bin/java");
        assertEquals(program, finder(null).program());
        environment.put("JAVA17_HOME", jdk("java17-home", "17.0.1"));
        assertEquals(List.of("java17-home", "usual/jdk-17", "java-home"), find());
    }

    @Test
    void shouldFindTheJdkThatRunsTheTests()
    {
        final File home = new File(System.getProperty("java.home"));
        final Jdk jdk = Jdk.in(home);
        assertEquals(Runtime.version().feature(), jdk.feature());
        assertTrue(jdk.hasVectorModule());
        assertEquals(jdk.feature(), Jdk.running().feature());
    }

    private List<String> find()
    {
        return names(finder(null));
    }

    private JdkFinder finder(final String onlyPlaces)
    {
        final String[] usual = {machine.resolve("usual").toString(), machine.resolve("not-on-this-system").toString()};
        return new JdkFinder(environment, machine.resolve("home").toFile(), usual, onlyPlaces, feature);
    }

    private List<String> names(final JdkFinder finder)
    {
        return finder.find().stream().map(jdk -> machine.relativize(jdk.home().toPath()).toString()).toList();
    }

    private String jdk(final String name, final String version)
    {
        return FakeJdk.in(machine.resolve(name), version, "java.base jdk.incubator.vector").toString();
    }

    private void toolchains(final String text) throws IOException
    {
        final Path folder = Files.createDirectories(machine.resolve("home/.m2"));
        Files.write(folder.resolve("toolchains.xml"), Arrays.asList(text.split("\n", -1)));
    }
}
