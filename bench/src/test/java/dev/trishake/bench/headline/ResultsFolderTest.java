// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ResultsFolderTest
{
    @TempDir
    private Path temp;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "AMD EPYC|epyc-2c",
        "AMD EPYC 9R14 96-Core Processor|epyc-9r14-2c",
        "AMD Ryzen 9 7950X 16-Core Processor|ryzen-9-7950x-2c",
        "AMD Ryzen Threadripper PRO 5995WX 64-Cores|ryzen-threadripper-pro-5995wx-64-cores-2c",
        "Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz|xeon-platinum-8375c-2c",
        "Intel(R) Core(TM) i7-10510U CPU @ 1.80GHz|core-i7-10510u-2c",
        "AMD Ryzen 7 PRO 4750U with Radeon Graphics|ryzen-7-pro-4750u-2c",
        "Raspberry Pi 4 Model B Rev 1.4|raspberry-pi-4-model-b-rev-1-4-2c",
        "../../etc|etc-2c",
        "''|cpu-2c",
        "aarch64|aarch64-2c"})
    void shouldNameTheMachineAfterItsProcessor(final String cpuModel, final String expected)
    {
        assertEquals(expected, ResultsFolder.machine(cpuModel, 2));
    }

    @Test
    void shouldCutLongNames()
    {
        assertEquals("x".repeat(39) + "-64c", ResultsFolder.machine("x".repeat(39) + " yyy", 64));
    }

    @Test
    void shouldNumberFoldersOfTheSameName() throws IOException
    {
        final Path parent = temp.resolve("deep/results");

        assertEquals(parent.resolve("a"), ResultsFolder.newFolder(parent, "a"));
        assertEquals(parent.resolve("a-2"), ResultsFolder.newFolder(parent, "a"));
        assertEquals(parent.resolve("a-3"), ResultsFolder.newFolder(parent, "a"));
        assertTrue(Files.isDirectory(parent.resolve("a-3")));
    }

    @Test
    void shouldNameDateMachineAndCommit() throws IOException
    {
        final ResultsFolder folder = ResultsFolder.create(temp);

        final String name = folder.path().getFileName().toString();
        assertTrue(name.matches("\\d{4}-\\d\\d-\\d\\d-[a-z0-9-]+-\\d+c-(nocommit|[0-9a-f]{10,}(-dirty)?)"), name);

        folder.discard();
        assertFalse(Files.exists(folder.path()));
    }

    @Test
    void shouldFailWhenTheParentIsAFile() throws IOException
    {
        final Path file = Files.createFile(temp.resolve("results"));

        assertThrows(IOException.class, () -> ResultsFolder.create(file));
    }

    @Test
    void shouldFindTheCheckoutAboveTheFirstPlaceThatHasOne() throws IOException
    {
        final Path root = temp.resolve("project");
        for (final String file : List.of("pom.xml", "engine/pom.xml", "bench/pom.xml", "bench/target/bench.jar"))
        {
            Files.createDirectories(root.resolve(file).getParent());
            Files.createFile(root.resolve(file));
        }

        assertEquals(Optional.of(new Checkout(root)),
            Checkout.find(List.of(temp.resolve("elsewhere"), root.resolve("bench/target/bench.jar"))));
        assertEquals(Optional.empty(), Checkout.find(List.of(temp)));
    }

    @Test
    void shouldDoWithoutGit()
    {
        assertEquals("nocommit", new Checkout(temp).commit());
        assertEquals("nocommit", new Checkout(temp.resolve("missing")).commit());
    }

    @Test
    void shouldCallAChangedCheckoutDirtyButNotForNewResults() throws Exception
    {
        git("init", "-q");
        Files.writeString(temp.resolve("file"), "one");
        git("add", "file");
        git("-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false", "commit", "-qm", "test");
        Files.createDirectories(temp.resolve("results/today"));
        Files.writeString(temp.resolve("results/today/env.txt"), "new");
        final String commit = new Checkout(temp).commit();
        assertTrue(commit.matches("[0-9a-f]{10,}"), commit);

        Files.writeString(temp.resolve("file"), "two");
        assertEquals(commit + "-dirty", new Checkout(temp).commit());
    }

    private void git(final String... arguments) throws IOException, InterruptedException
    {
        final ProcessBuilder git = new ProcessBuilder("git");
        git.command().addAll(List.of(arguments));
        final int exitCode = git.directory(temp.toFile()).inheritIO().start().waitFor();
        assertEquals(0, exitCode);
    }
}
