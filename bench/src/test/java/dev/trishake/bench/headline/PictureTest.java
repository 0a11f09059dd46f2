// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PictureTest
{
    private static final int OUR_BLUE = 0xff1f5fa8;
    private static final int PEERS_ORANGE = 0xffe07b39;

    @TempDir
    private Path temp;

    private static Report report()
    {
        return new Report(Stream.of(
            ReportTest.measured(ReportTest.ACCEPT, 8000, 10_000, 8200, 12_500),
            ReportTest.measured(ReportTest.CHECKSUM, 4, 3, 20, 60, 50, 1200)).flatMap(List::stream).toList());
    }

    private static long count(final BufferedImage image, final int colour)
    {
        return Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0,
            image.getWidth())).filter(pixel -> pixel == colour).count();
    }

    @Test
    void shouldDrawBarsOfOursAndOfPeers() throws IOException
    {
        assertEquals(Optional.empty(), ResultsFolder.draw(temp, report()));

        final BufferedImage image = ImageIO.read(temp.resolve(ResultsFolder.PICTURE).toFile());
        assertTrue(image.getWidth() > 1000, "two panels side by side");
        assertTrue(count(image, OUR_BLUE) > 5000, "bars in blue: " + count(image, OUR_BLUE));
        assertTrue(count(image, PEERS_ORANGE) > 5000, "bars in orange: " + count(image, PEERS_ORANGE));
    }

    @Test
    void shouldSayThatNothingWasMeasured()
    {
        final Report nothing = new Report(ReportTest.ACCEPT.trials().stream()
            .map(TrialResult::notRun).toList());

        assertEquals(Optional.of("There is no picture: nothing was measured."), ResultsFolder.draw(temp, nothing));
        assertFalse(Files.exists(temp.resolve(ResultsFolder.PICTURE)));
    }

    @Test
    void shouldSayInOneSentenceThatTheJvmCannotDraw() throws Exception
    {
        final Process withoutAwt = new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--limit-modules", "java.base,java.logging,java.management,jdk.management,jdk.unsupported",
            "-cp", System.getProperty("java.class.path"), WithoutAwt.class.getName(), temp.toString())
            .redirectErrorStream(true).start();
        final String said = new String(withoutAwt.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, withoutAwt.waitFor(), said);
        assertTrue(said.startsWith("There is no picture: this JVM cannot draw (java.lang.NoClassDefFoundError"), said);
        assertEquals(1, said.lines().count(), said);
    }

    /** Draws in a JVM of its own. */
    static final class WithoutAwt
    {
        private WithoutAwt()
        {
        }

        public static void main(final String[] args)
        {
            System.out.println(ResultsFolder.draw(Path.of(args[0]), report()).orElseThrow());
        }
    }
}
