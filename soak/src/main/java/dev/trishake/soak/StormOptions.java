// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.runtime.CountersFile;
import dev.trishake.soak.report.Progress;
import dev.trishake.soak.storm.Load;
import dev.trishake.soak.storm.Server;
import dev.trishake.soak.storm.Storm;
import dev.trishake.soak.storm.StormFolder;
import dev.trishake.soak.storm.StormMeasurement;
import dev.trishake.soak.storm.StormPage;
import dev.trishake.soak.storm.StormTable;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.ListenException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What storms of all protocols have: a server, loads that come over it one after the other, and what they leave. */
final class StormOptions
{
    private static final int NOT_ALL = 1;
    private static final double LEAST_SECONDS = 0.1;
    private static final int MOST_SECONDS = 60;
    private static final double NS_PER_SECOND = 1e9;
    private static final int WARM_UP_CONCURRENCY = 32;

    @Parameters(arity = "0..1", paramLabel = "HOST:PORT", converter = Endpoint.Converter.class,
        description = "the server (default: one of its own)")
    private Endpoint server;

    @Option(names = "--ca", paramLabel = "FILE", description = "authorities of HOST:PORT")
    private Path ca;

    @Option(names = "--pid", paramLabel = "PID",
        description = "the process of HOST:PORT where that is a 'serve' on this machine, for its CPU and counters")
    private Long pid;

    @Option(names = "--concurrency", split = ",", paramLabel = "N", defaultValue = "1,8,32,128",
        description = "how many handshakes at once, a load each (default: ${DEFAULT-VALUE})")
    private List<Integer> concurrencies;

    @Option(names = "--rates", split = ",", paramLabel = "N|N%", defaultValue = "25%,50%,75%,90%,110%",
        description = "how many a second by the clock, or shares of the most before (default: ${DEFAULT-VALUE})")
    private List<String> rates;

    @Option(names = "--seconds", paramLabel = "SECONDS", defaultValue = "2",
        description = "length of each load, " + LEAST_SECONDS + " to " + MOST_SECONDS + " (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1",
        description = "agents of the clients (default: ${DEFAULT-VALUE})")
    private int threads;

    @Option(names = "--server-threads", paramLabel = "N", defaultValue = "1",
        description = "agents of the own server (default: ${DEFAULT-VALUE})")
    private int serverThreads;

    @Option(names = "--out", paramLabel = "DIR",
        description = "leave table, raw data, counters, environment and a picture there")
    private Path out;

    private final List<StormMeasurement> measurements = new ArrayList<>();

    /** Brings up what a protocol needs, and runs the loads. */
    @FunctionalInterface
    interface Site
    {
        /** Returns once all is over. */
        void storm(Progress progress) throws IOException;
    }

    /** {@return what is wrong with the options, or null, where an agent has so many handshakes under way at most} */
    String mistake(final int mostUnderWay)
    {
        if (server == null ? ca != null || pid != null : ca == null)
        {
            return server != null ? "HOST:PORT needs --ca" :
                "--ca and --pid are for another server: give HOST:PORT";
        }
        if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) || threads < 1 || serverThreads < 1)
        {
            return "--seconds takes " + LEAST_SECONDS + " to " + MOST_SECONDS +
                ", --threads and --server-threads from 1 on";
        }
        if (concurrencies.stream().anyMatch(value -> value < 1 || value > mostUnderWay * threads))
        {
            return "--concurrency takes 1 to " + mostUnderWay * threads;
        }
        return rates.stream().allMatch(rate -> rate.matches("[1-9][0-9]{0,6}|[1-9][0-9]{0,2}%")) ? null :
            "--rates takes numbers like 5000, or shares like 90%";
    }

    /** {@return the server that was named, or null} */
    Endpoint server()
    {
        return server;
    }

    /** {@return its authorities} */
    Path authorities()
    {
        return ca;
    }

    /** {@return where the server that was named can be looked at; null where nobody knows} */
    Server seen()
    {
        return pid == null ? null : new Server(pid, CountersFile.defaultPath(pid));
    }

    int threads()
    {
        return threads;
    }

    /** {@return options of a server of our own} */
    List<String> serverOptions()
    {
        return List.of("--threads", Integer.toString(serverThreads));
    }

    /** {@return the exit code, once a storm is over and its table is printed} */
    int run(final CommandSpec spec, final String mistake, final StormPage page, final Site site)
    {
        final PrintWriter err = spec.commandLine().getErr();
        if (mistake != null)
        {
            err.println(mistake);
            return CommandLine.ExitCode.USAGE;
        }
        try (StopSignal stop = new StopSignal())
        {
            final StormFolder folder = out == null ? null : new StormFolder(out, command(spec));
            final int loads = 1 + concurrencies.size() + rates.size();
            try (Progress progress = new Progress("storm", loads, err, stop::requested))
            {
                site.storm(progress);
            }
            final int exitCode = print(spec.commandLine().getOut(), page, folder) && !stop.requested() ?
                CommandLine.ExitCode.OK : NOT_ALL;
            stop.exitCode(exitCode);
            return exitCode;
        }
        catch (final DeviceException | ListenException | IOException | IllegalStateException |
            IllegalArgumentException ex)
        {
            err.println(ex instanceof final IOException io ? Soak.sentence(io) : ex.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    private static String command(final CommandSpec spec)
    {
        final CommandLine storms = spec.commandLine().getParent();
        return "java -jar soak.jar " + (storms == null || storms.getParent() == null ? "storm " + spec.name() :
            String.join(" ", storms.getParent().getParseResult().originalArgs()));
    }

    /** Has the clients do all loads, the first of which counts for nothing. */
    void runLoads(final Storm storm, final Server seen, final Progress progress)
    {
        final long lengthNs = (long)(seconds * NS_PER_SECOND);
        storm.run(Load.closed(WARM_UP_CONCURRENCY), lengthNs, seen);
        progress.next();
        for (final int concurrency : concurrencies)
        {
            storm.run(Load.closed(concurrency), lengthNs, seen).ifPresent(measurements::add);
            progress.next();
        }
        final double most = measurements.stream().mapToDouble(StormMeasurement::donePerSecond).max().orElse(0);
        for (final String rate : rates)
        {
            final double perSecond = rate.endsWith("%") ?
                most * Integer.parseInt(rate.substring(0, rate.length() - 1)) / 100 : Integer.parseInt(rate);
            if (perSecond > 0)
            {
                storm.run(Load.open(perSecond), lengthNs, seen).ifPresent(measurements::add);
            }
            progress.next();
        }
    }

    /** {@return whether all handshakes were done} */
    private boolean print(final PrintWriter text, final StormPage page, final StormFolder folder) throws IOException
    {
        final StormTable table = new StormTable(measurements);
        text.print(table.text());
        text.print(table.failures());
        if (folder != null && !measurements.isEmpty())
        {
            folder.write(page, measurements).ifPresent(text::println);
            text.println("Written to " + out + ".");
        }
        text.flush();
        return !measurements.isEmpty() && measurements.stream().allMatch(StormMeasurement::isPerfect);
    }
}
