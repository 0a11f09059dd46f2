// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The folder that a run leaves: {@code table.md}, {@code flood.csv} (raw), {@code counters.txt}, {@code picture.png},
 * {@code env.txt}.
 */
public final class FloodFolder
{
    private static final String UNKNOWN = "unknown";
    private static final int GIT_PATIENCE_S = 5;

    private final Path path;
    private final String command;

    /**
     * Makes the folder.
     *
     * @param path    where
     * @param command what was run
     * @throws IOException when it can't be made
     */
    public FloodFolder(final Path path, final String command) throws IOException
    {
        this.path = Files.createDirectories(path);
        this.command = command;
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
        final FloodTable table = new FloodTable(measurements);
        Files.writeString(path.resolve("flood.csv"), table.csv());
        Files.writeString(path.resolve("counters.txt"), table.counters());
        Files.writeString(path.resolve("env.txt"), environment());
        final Optional<String> noPicture = draw(measurements);
        Files.writeString(path.resolve("table.md"), "# SYN flood\n\n" +
            "Command: `" + command + "`. More in [env.txt](env.txt), raw data in [flood.csv](flood.csv), the" +
            " listeners' counters in [counters.txt](counters.txt).\n\n" +
            noPicture.orElse("![picture](picture.png)") + "\n\n" + table.text() + "\n" + note + "\n" +
            (table.failures().isEmpty() ? "" : "\nClients that failed:\n```\n" + table.failures() + "```\n"));
        return noPicture;
    }

    private Optional<String> draw(final List<Measurement> measurements)
    {
        try
        {
            new FloodPicture(measurements).write(path.resolve("picture.png"), command);
            return Optional.empty();
        }
        catch (final IOException | RuntimeException | Error ex)
        {
            // a JVM without AWT or without fonts says so in many ways, errors among them: no reason to lose a run
            return Optional.of("There is no picture: this JVM cannot draw (" + ex + ").");
        }
    }

    private String environment()
    {
        return fact("date", ZonedDateTime.now(ZoneOffset.UTC)
            .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT))) +
            fact("commit", commit()) +
            fact("command", command) +
            fact("cpu", cpuModel()) +
            fact("cores", Integer.toString(Runtime.getRuntime().availableProcessors())) +
            fact("load", String.format(
                Locale.ROOT, "%.2f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage())) +
            fact("system", String.join(" ", System.getProperty("os.name"), System.getProperty("os.version"),
                System.getProperty("os.arch"))) +
            fact("jvm", String.join(" ", System.getProperty("java.vm.name"), System.getProperty("java.vm.version"),
                System.getProperty("java.vendor"))) +
            fact("flags", String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
    }

    private static String fact(final String name, final String value)
    {
        return String.format(Locale.ROOT, "%-9s%s%n", name + ":", value);
    }

    private static String cpuModel()
    {
        try
        {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .findFirst().map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(UNKNOWN);
        }
        catch (final IOException ex)
        {
            return UNKNOWN;
        }
    }

    private static String commit()
    {
        try
        {
            final Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=10")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            final String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(GIT_PATIENCE_S, TimeUnit.SECONDS) && git.exitValue() == 0 ? answer : UNKNOWN;
        }
        catch (final IOException ex)
        {
            return UNKNOWN;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
