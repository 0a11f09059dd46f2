// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.storm;

import dev.trishake.soak.report.PanelPicture;
import dev.trishake.soak.report.RunFolder;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The folder that a storm leaves: {@code table.md}, {@code storm.csv} (raw), {@code counters.txt}, {@code picture.png},
 * {@code env.txt}.
 */
public final class StormFolder
{
    private static final String ACROSS = "1000 handshakes begun a second";
    private static final double THOUSAND = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double P50 = 50;
    private static final double P99 = 99;

    private final RunFolder folder;

    /**
     * Makes the folder.
     *
     * @param path    where
     * @param command what is run
     * @throws IOException when it can't be made
     */
    public StormFolder(final Path path, final String command) throws IOException
    {
        folder = new RunFolder(path, command);
    }

    /**
     * Writes all of it.
     *
     * @param page         what is said around them
     * @param measurements of the storm
     * @return why there is no picture, or nothing
     * @throws IOException when something can't be written
     */
    public Optional<String> write(final StormPage page, final List<StormMeasurement> measurements) throws IOException
    {
        final StormTable table = new StormTable(measurements);
        folder.write("storm.csv", table.csv());
        folder.write("counters.txt", table.counters());
        final Optional<String> noPicture =
            folder.draw(file -> picture(page, measurements).write(file, folder.command()));
        folder.write("table.md", "# " + page.title() + "\n\nCommand: `" + folder.command() +
            "`. More in [env.txt](env.txt), raw data in [storm.csv](storm.csv), the server's counters in" +
            " [counters.txt](counters.txt).\n\n" + noPicture.orElse("![picture](picture.png)") + "\n\n" +
            table.text() + "\n" + page.note() +
            (table.failures().isEmpty() ? "" : "\nHandshakes that failed:\n```\n" + table.failures() + "```\n"));
        return noPicture;
    }

    private static PanelPicture picture(final StormPage page, final List<StormMeasurement> all)
    {
        final PanelPicture picture = new PanelPicture();
        picture.panel("1000 handshakes done a second", ACROSS, false);
        lines(picture, all, each -> each.donePerSecond() / THOUSAND, "");
        picture.panel(page.span() + ", ms", ACROSS, true);
        lines(picture, all, each -> ms(each.latency(), P50), ", median");
        lines(picture, all, each -> ms(each.latency(), P99), ", 99 of 100");
        picture.panel("mean lanes filled", ACROSS, false);
        lines(picture, all, StormMeasurement::publicKeyLanes, ", keys (of 8)");
        lines(picture, all, StormMeasurement::allLanes, ", all kinds (of 16)");
        picture.panel("server's CPU per handshake, us", ACROSS, false);
        lines(picture, all, StormMeasurement::serverUs, "");
        lines(picture, all, StormMeasurement::kernelUs, ", in the kernel");
        return picture;
    }

    private static void lines(
        final PanelPicture picture, final List<StormMeasurement> all, final ToDoubleFunction<StormMeasurement> figure,
        final String what)
    {
        for (final boolean isOpen : new boolean[] {true, false})
        {
            final List<StormMeasurement> own = all.stream()
                .filter(each -> each.load().isOpen() == isOpen && each.latency().getTotalCount() > 0).toList();
            picture.line((isOpen ? "by the clock" : "one after the other") + what, isOpen,
                own.stream().mapToDouble(each -> each.offeredPerSecond() / THOUSAND).toArray(),
                own.stream().mapToDouble(figure).toArray());
        }
    }

    private static double ms(final Histogram times, final double percentile)
    {
        return times.getValueAtPercentile(percentile) / NS_PER_MS;
    }
}
