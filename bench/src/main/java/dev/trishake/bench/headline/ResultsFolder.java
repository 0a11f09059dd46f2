// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One folder {@code results/<date>-<machine>-<commit>/}: {@value #JSON} (JMH's raw data), {@value #ENVIRONMENT},
 * {@value #TABLE}, {@value #PICTURE} and {@value #LOG} (what JMH said).
 */
final class ResultsFolder
{
    static final String JSON = "bench.json";
    static final String ENVIRONMENT = "env.txt";
    static final String TABLE = "table.md";
    static final String PICTURE = "picture.png";
    static final String LOG = "jmh.log";

    private static final int MAX_MACHINE_LENGTH = 40;

    private final Path path;
    private final Map<String, String> facts;

    private ResultsFolder(final Path path, final Map<String, String> facts)
    {
        this.path = path;
        this.facts = facts;
    }

    /** {@return {@code results} of the checkout that we run in or from, else of the current directory} */
    static Path defaultParent()
    {
        return checkout().map(Checkout::root).orElse(Path.of("")).resolve("results").toAbsolutePath();
    }

    /**
     * {@return a new folder; a name that is taken gets {@code -2}, {@code -3} ...}
     *
     * @param parent made when missing
     * @throws IOException when it cannot be made
     */
    static ResultsFolder create(final Path parent) throws IOException
    {
        final ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        final String commit = checkout().map(Checkout::commit).orElse(Checkout.NO_COMMIT);
        final String machine = machine(Environment.cpuModel(), Environment.cores());

        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", now.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)) + " UTC");
        facts.put("commit", commit);
        facts.put("command", code().map(Environment::commandLine).orElse(Environment.UNKNOWN));
        facts.put("code", code().map(ResultsFolder::digest).orElse(Environment.UNKNOWN));
        facts.put("machine", machine);
        facts.putAll(Environment.collect());
        facts.put("load before", Environment.loadAverage());
        final String name = now.format(DateTimeFormatter.ISO_LOCAL_DATE) + "-" + machine + "-" + commit;
        return new ResultsFolder(newFolder(parent, name), facts);
    }

    Path path()
    {
        return path;
    }

    Path log()
    {
        return path.resolve(LOG);
    }

    /**
     * Writes everything but the log.
     *
     * @param report   what was measured
     * @param measured its raw results
     * @return why there is no picture, one sentence; empty when there is one
     * @throws IOException when a file cannot be written
     */
    Optional<String> write(final Report report, final List<TrialResult> measured) throws IOException
    {
        try (PrintStream json = new PrintStream(path.resolve(JSON).toFile(), StandardCharsets.UTF_8))
        {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, json)
                .writeOut(measured.stream().filter(TrialResult::isMeasured).map(TrialResult::run).toList());
        }
        facts.put("load after", Environment.loadAverage());
        measured.stream().filter(TrialResult::isMeasured).findFirst().ifPresent(result ->
            facts.put("fork flags", String.join(" ", result.run().getParams().getJvmArgs())));
        Files.writeString(path.resolve(ENVIRONMENT), Environment.text(facts));
        for (final String file : List.of(JSON, LOG, ENVIRONMENT))
        {
            // JMH names the JVM by its path: whose home that is concerns nobody
            final Path named = path.resolve(file);
            Files.writeString(named, Environment.withoutHome(Files.readString(named)));
        }

        final Optional<String> noPicture = draw(path, report);
        Files.writeString(path.resolve(TABLE), "# " + path.getFileName() + "\n\n" +
            facts.get("cpu") + ", " + facts.get("cores") + "; " + facts.get("jvm") + "; load " +
            facts.get("load before") + " before, " + facts.get("load after") + " after. Command: `" +
            facts.get("command") + "`. More in [" + ENVIRONMENT + "](" + ENVIRONMENT + "), raw data in [" + JSON +
            "](" + JSON + ").\n\n" + noPicture.orElse("![picture](" + PICTURE + ")") + "\n\n" + report.markdown());
        return noPicture;
    }

    /**
     * Draws the picture where this JVM can.
     *
     * @param folder where to
     * @param report what was measured
     * @return why there is no picture, one sentence; empty when there is one
     */
    static Optional<String> draw(final Path folder, final Report report)
    {
        if (!report.isAnythingMeasured())
        {
            return Optional.of("There is no picture: nothing was measured.");
        }
        try
        {
            Picture.write(folder.resolve(PICTURE), folder.getFileName().toString(), report);
            return Optional.empty();
        }
        catch (final IOException | RuntimeException | Error ex)
        {
            // a JVM without AWT or without fonts says so in many ways, errors among them: no reason to lose a run
            return Optional.of("There is no picture: this JVM cannot draw (" + ex + ").");
        }
    }

    /** Takes the folder away again; for a run that never began. */
    void discard() throws IOException
    {
        Files.deleteIfExists(log());
        Files.delete(path);
    }

    static Path newFolder(final Path parent, final String name) throws IOException
    {
        Files.createDirectories(parent);
        for (int i = 1; ; i++)
        {
            try
            {
                return Files.createDirectory(parent.resolve(i == 1 ? name : name + "-" + i));
            }
            catch (final FileAlreadyExistsException ex)
            {
                // someone measured here before: the next number
            }
        }
    }

    /**
     * {@return a short name of the kind of machine, like {@code epyc-9r14-2c}; never the host's, which may be private}
     *
     * @param cpuModel as the system names it
     * @param cores    that the JVM may use
     */
    static String machine(final String cpuModel, final int cores)
    {
        final String words = cpuModel.toLowerCase(Locale.ROOT)
            .replaceAll("\\((r|tm)\\)|@.*|\\bwith .*", " ")
            .replaceAll("\\b(amd|intel|cpu|processor|genuine|[a-z0-9]+-core)\\b", " ")
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
        final String name = words.isEmpty() ? "cpu" : words;
        return name.substring(0, Math.min(name.length(), MAX_MACHINE_LENGTH)).replaceAll("-$", "") + "-" + cores + "c";
    }

    private static Optional<Checkout> checkout()
    {
        final Path here = Path.of("");
        return Checkout.find(code().map(code -> List.of(here, code)).orElse(List.of(here)));
    }

    /** {@return the jar or folder that this class was loaded from} */
    private static Optional<Path> code()
    {
        try
        {
            return Optional.of(
                Path.of(ResultsFolder.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
        catch (final URISyntaxException | RuntimeException ex)
        {
            return Optional.empty();
        }
    }

    /** {@return name and SHA-256 of the jar: jars are reproducible, so this says which code ran} */
    private static String digest(final Path code)
    {
        try
        {
            return Files.isDirectory(code) ? "not from a jar" : code.getFileName() + ", SHA-256 " +
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(code)));
        }
        catch (final IOException | NoSuchAlgorithmException ex)
        {
            return Environment.UNKNOWN;
        }
    }
}
