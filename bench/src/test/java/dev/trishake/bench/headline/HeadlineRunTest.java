// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class HeadlineRunTest
{
    private static final Pace TINY = new Pace(1, 1, 2, 20, 500);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path temp;

    private static Family sample()
    {
        return Family.of(SampleBenchmark.class, "Does it run?").pace(TINY).param("size", "1");
    }

    private int run(final Path results, final Family... families)
    {
        return new HeadlineRun(List.of(families), results,
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8))
            .execute();
    }

    private String printed()
    {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String line(final String table, final String word)
    {
        return table.lines().filter(line -> line.contains(word)).findFirst().orElseThrow();
    }

    private String said()
    {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path folder() throws IOException
    {
        try (Stream<Path> folders = Files.list(temp))
        {
            return folders.findFirst().orElseThrow();
        }
    }

    @Test
    void shouldMeasureAndWriteEverything() throws IOException
    {
        final int exitCode = run(temp,
            sample().ours("quick").oursUnchecked("quick").peer("allocating").peer("missing")
                .goal(Goal.bytes("quick", 0)).goal(Goal.bytes("allocating", 1000)),
            sample().named("served").onServerThread().ours("served"),
            sample().named("throughput").ours("inThroughputMode").peer("sixteenBytes")
                .goal(Goal.bytes("inThroughputMode", 0)).goal(Goal.bytes("sixteenBytes", 0)));

        final String table = printed();
        assertEquals(0, exitCode, table + said());
        assertTrue(table.contains("at most 0 B: met"), table);
        assertTrue(table.contains("at most 1000 B: MISSED"), table);
        assertTrue(line(table, "ours  inThroughputMode").contains("at most 0 B: met"), table);
        assertTrue(line(table, "peer  sixteenBytes").contains("at most 0 B: MISSED"), table);
        assertTrue(table.contains("Sample.missing size=1: no such library is installed."), table);
        assertTrue(table.contains("6 measured, 0 failed, 1 unavailable, 0 not run; goals: 2 met, 2 missed"), table);

        final String json = Files.readString(folder().resolve(ResultsFolder.JSON));
        assertEquals(6, json.split("\"benchmark\" : ", -1).length - 1, json);
        assertTrue(json.contains("gc.alloc.rate.norm") && json.contains("server.cpu.norm"), json);
        assertTrue(Files.readString(folder().resolve(ResultsFolder.TABLE)).contains("| ours | quick, unchecked |"));
        assertTrue(Files.readString(folder().resolve(ResultsFolder.ENVIRONMENT)).contains("load after:"));
        final String log = Files.readString(folder().resolve(ResultsFolder.LOG));
        assertEquals(7, log.split("# Fork: 1 of 1", -1).length - 1, "a fork for each trial: " + log);
        final BufferedImage picture = ImageIO.read(folder().resolve(ResultsFolder.PICTURE).toFile());
        assertTrue(picture.getWidth() > 100 && picture.getHeight() > 100);
    }

    @Test
    void shouldGoOnAfterAFailureAndSaySo() throws IOException
    {
        final int exitCode = run(temp, sample().ours("broken").peer("quick"));

        final String table = printed();
        assertEquals(1, exitCode, table);
        assertTrue(table.contains("broken on purpose"), table);
        assertTrue(table.contains("1 measured, 1 failed"), table);
        assertTrue(said().contains("[1/2] Sample.broken size=1: failed"), said());
        assertTrue(said().contains("[2/2] Sample.quick size=1: "), said());
        assertTrue(Files.exists(folder().resolve(ResultsFolder.TABLE)));
    }

    @Test
    void shouldRefuseInOneSentenceWhenNothingCanBeWritten() throws IOException
    {
        final int exitCode = run(Files.createFile(temp.resolve("results")), sample().ours("quick"));

        assertEquals(2, exitCode);
        final String said = said();
        assertTrue(said.startsWith("Cannot write results: ") && said.lines().count() == 1, said);
    }

    @Test
    void shouldLeaveNoFolderWhenJmhRefusesToBegin() throws IOException
    {
        final int exitCode = run(temp, sample().ours("misspelled"));

        assertEquals(2, exitCode, said());
        try (Stream<Path> left = Files.list(temp))
        {
            assertEquals(0, left.count());
        }
        assertFalse(printed().contains("measured"));
    }
}
