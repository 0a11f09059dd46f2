// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.timing.TimingSubject;
import dev.trishake.soak.timing.TimingSubjects;
import dev.trishake.soak.timing.TimingTrial;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Measures whether the kernels take the same time for every secret. */
@Command(
    name = "timing",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    description = {
        "Measures whether the kernels take the same time for every secret: the thread's CPU time with an all-zero",
        "secret against random ones, told apart by Welch's t (the method of dudect).",
        "|t| under 4.5 is no evidence of a leak, from 10 on a leak is certain, between them measure for longer."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:no kernel leaks",
        "1:at least one leaks",
        "2:wrong arguments, or a folder that can't be written to"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar timing",
        "  java -jar soak.jar timing --seconds 60 SM4/vector SM4/scalar",
        "  java -jar soak.jar timing --list"})
final class Timing implements Callable<Integer>
{
    private static final int LEAKS = 1;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long WARM_UP_NS = 700_000_000L;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "KERNEL", arity = "0..*", description = "which kernels (default: all)")
    private List<String> names = List.of();

    @Option(names = "--list", description = "print the kernels' names and do nothing")
    private boolean list;

    @Option(
        names = "--seconds",
        defaultValue = "10",
        description = "how long each kernel is measured (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
        names = "--seed",
        defaultValue = "1",
        description = "of the secrets and of their order (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--out", paramLabel = "DIR", description = "write the table to DIR/timing.txt too")
    private Path out;

    /** What is measured: tests put their own in, which leak. */
    private List<TimingSubject> subjects = TimingSubjects.all();

    @Override
    public Integer call()
    {
        final PrintWriter err = spec.commandLine().getErr();
        if (list)
        {
            subjects.forEach(subject -> spec.commandLine().getOut().println(subject.name()));
            return CommandLine.ExitCode.OK;
        }
        final List<TimingSubject> chosen = new ArrayList<>(subjects);
        chosen.removeIf(subject -> !names.isEmpty() && !names.contains(subject.name()));
        for (final String name : names)
        {
            if (chosen.stream().noneMatch(subject -> subject.name().equals(name)))
            {
                err.println(name + ": there is no such kernel; see timing --list");
                return CommandLine.ExitCode.USAGE;
            }
        }

        final List<String> table = new ArrayList<>();
        table.add(String.format(Locale.ROOT, "%-26s %12s %9s %14s %8s  %s",
            "kernel", "measurements", "each of", "mean ns CPU", "max |t|", "verdict"));
        boolean leaks = false;
        for (int i = 0; i < chosen.size(); i++)
        {
            err.printf(Locale.ROOT, "%d of %d, %s: about %d s%n", i + 1, chosen.size(), chosen.get(i).name(), seconds);
            err.flush();
            final TimingTrial trial = new TimingTrial(chosen.get(i), seed);
            trial.run(WARM_UP_NS, seconds * NS_PER_SECOND);
            table.add(String.format(Locale.ROOT, "%-26s %,12d %9d %,14.1f %8.2f  %s", chosen.get(i).name(),
                trial.measurements(), trial.repeats(), trial.meanNs(), trial.t(), trial.verdict()));
            leaks |= trial.t() >= TimingTrial.LEAK;
        }
        table.forEach(spec.commandLine().getOut()::println);
        return save(table, err) ? (leaks ? LEAKS : CommandLine.ExitCode.OK) : CommandLine.ExitCode.USAGE;
    }

    /** {@return this tool, measuring other subjects: those that leak, in tests} */
    Timing measuring(final List<TimingSubject> others)
    {
        subjects = others;
        return this;
    }

    private boolean save(final List<String> table, final PrintWriter err)
    {
        if (out == null)
        {
            return true;
        }
        try
        {
            Files.createDirectories(out);
            Files.write(out.resolve("timing.txt"), table);
            return true;
        }
        catch (final IOException ex)
        {
            err.println(Soak.sentence(ex));
            return false;
        }
    }
}
