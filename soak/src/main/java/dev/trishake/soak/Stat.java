// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.runtime.CountersFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Reads an engine's counters while it runs. */
@Command(
    name = "stat",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    sortOptions = false,
    description = {
        "Prints the counters and errors of an engine that runs on this machine, one line each, those of several" +
        " threads added up. With --every, again and again, and by how much each has grown in a second."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:they are printed",
        "2:there is no such engine"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar stat 4711                              # a process ID",
        "  java -jar soak.jar stat /tmp/my.counters --every 1 --times 10"})
final class Stat implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PID|FILE", description = "the process of the engine, or its counters file")
    private String engine;

    @Option(
        names = "--every",
        defaultValue = "0",
        paramLabel = "SECONDS",
        description = "print again after so many seconds; 0: once (default: ${DEFAULT-VALUE})")
    private int everySeconds;

    @Option(
        names = "--times",
        defaultValue = "0",
        paramLabel = "N",
        description = "with --every: so many times; 0: until the engine is gone (default: ${DEFAULT-VALUE})")
    private int times;

    @Override
    public Integer call()
    {
        final PrintWriter err = spec.commandLine().getErr();
        final Path path = engine.matches("[0-9]{1,18}") ?
            CountersFile.defaultPath(Long.parseLong(engine)) : Path.of(engine);
        if (everySeconds < 0 || times < 0)
        {
            err.println("--every and --times take numbers from 0 on");
            return CommandLine.ExitCode.USAGE;
        }
        if (!Files.isReadable(path))
        {
            err.println(path + " can't be read: no engine runs there, or another user's");
            return CommandLine.ExitCode.USAGE;
        }
        try (CountersFile file = CountersFile.open(path); StopSignal stop = new StopSignal())
        {
            print(file, path, stop);
            return CommandLine.ExitCode.OK;
        }
        catch (final IllegalStateException ex)
        {
            err.println(ex.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return CommandLine.ExitCode.OK;
        }
    }

    private void print(final CountersFile file, final Path path, final StopSignal stop) throws InterruptedException
    {
        final PrintWriter out = spec.commandLine().getOut();
        Map<String, Long> before = file.sums();
        Tables.counters(out, before);
        file.errors((count, firstMs, lastMs, text) ->
            out.println(count + " x " + text.lines().findFirst().orElse("")));
        out.flush();
        for (int i = 1; everySeconds > 0 && (times == 0 || i < times) && !stop.requested() && Files.exists(path); i++)
        {
            Thread.sleep(TimeUnit.SECONDS.toMillis(everySeconds));
            final Map<String, Long> now = file.sums();
            for (final Map.Entry<String, Long> entry : now.entrySet())
            {
                final long grown = entry.getValue() - before.getOrDefault(entry.getKey(), 0L);
                if (grown != 0)
                {
                    out.printf(Locale.ROOT, "%-24s %,15d %+,15d/s%n",
                        entry.getKey(), entry.getValue(), grown / everySeconds);
                }
            }
            out.println();
            out.flush();
            before = now;
        }
    }
}
