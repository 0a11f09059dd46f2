// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The folder that a run leaves: files of its own, {@code picture.png}, and {@code env.txt}: where it ran. */
public final class RunFolder
{
    private static final String UNKNOWN = "unknown";
    private static final String PICTURE = "picture.png";
    private static final int GIT_PATIENCE_S = 5;

    private final Path path;
    private final String command;

    /** Draws into a file. */
    @FunctionalInterface
    public interface Drawing
    {
        /**
         * Draws.
         *
         * @param file where
         * @throws IOException when it can't be written
         */
        void write(Path file) throws IOException;
    }

    /**
     * Makes the folder and writes {@code env.txt}.
     *
     * @param path    where
     * @param command what is run
     * @throws IOException when it can't be made
     */
    public RunFolder(final Path path, final String command) throws IOException
    {
        this.path = Files.createDirectories(path);
        this.command = command;
        write("env.txt", environment());
    }

    /**
     * {@return what was run}
     */
    public String command()
    {
        return command;
    }

    /**
     * Writes a file.
     *
     * @param name of it
     * @param text what is in it
     * @throws IOException when it can't be written
     */
    public void write(final String name, final String text) throws IOException
    {
        Files.writeString(path.resolve(name), text);
    }

    /**
     * Draws the picture.
     *
     * @param drawing of it
     * @return why there is no picture, or nothing
     */
    public Optional<String> draw(final Drawing drawing)
    {
        try
        {
            drawing.write(path.resolve(PICTURE));
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
