// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.soak.report.RunFolder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folder that a run leaves: {@code table.md}, {@code flood.csv} (raw), {@code counters.txt}, {@code picture.png},
 * {@code env.txt}.
 */
public final class FloodFolder
{
    private final FloodKind kind;
    private final RunFolder folder;

    /**
     * Makes the folder.
     *
     * @param kind    of the flood
     * @param path    where
     * @param command what was run
     * @throws IOException when it can't be made
     */
    public FloodFolder(final FloodKind kind, final Path path, final String command) throws IOException
    {
        this.kind = kind;
        folder = new RunFolder(path, command);
    }

    /**
     * Writes all of it.
     *
     * @param measurements of the run
     * @param note         what has to be said about the figures
     * @return why there is no picture, or nothing
     * @throws IOException when something can't be written
     */
    public Optional<String> write(final List<Measurement> measurements, final String note) throws IOException
    {
        final FloodTable table = new FloodTable(kind, measurements);
        folder.write("flood.csv", table.csv());
        folder.write("counters.txt", table.counters());
        final Optional<String> noPicture =
            folder.draw(file -> new FloodPicture(kind, measurements).write(file, folder.command()));
        folder.write("table.md", "# " + kind.packet() + " flood\n\n" +
            "Command: `" + folder.command() + "`. More in [env.txt](env.txt), raw data in [flood.csv](flood.csv), the" +
            " listeners' counters in [counters.txt](counters.txt).\n\n" +
            noPicture.orElse("![picture](picture.png)") + "\n\n" + table.text() + "\n" + note + "\n" +
            (table.failures().isEmpty() ? "" : "\nClients that failed:\n```\n" + table.failures() + "```\n"));
        return noPicture;
    }
}
