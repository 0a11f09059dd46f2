// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.KernelSet;
import dev.trishake.soak.flood.Addresses;
import dev.trishake.soak.flood.FloodFolder;
import dev.trishake.soak.flood.FloodKind;
import dev.trishake.soak.flood.FloodTable;
import dev.trishake.soak.flood.Measurement;
import dev.trishake.soak.flood.Plan;
import dev.trishake.soak.flood.SourceNetwork;
import dev.trishake.soak.report.Progress;
import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.Watch;
import dev.trishake.transport.linux.Libc;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Floods a server of gQUIC, and looks what honest clients get. */
@Command(
    name = "chlo-flood",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    sortOptions = false,
    description = {
        "Floods a server of gQUIC with CHLOs while honest clients connect, send a line, read it back and close." +
        " Each honest handshake is a fresh one of three CHLOs.",
        "Inchoate CHLOs come from addresses that nobody has: the server answers each with a REJ and remembers" +
        " nothing. Replayed ones are full, from the address that their token is for, under new connection IDs.",
        "It happens over loopback, where all of 127.0.0.0/8 may be anybody's, or with --in-process in virtual time." +
        " The flood goes on until each client has its echo or has given up after 10 s."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:every honest client got its echo within 10 s",
        "1:some did not, or the run was stopped",
        "2:wrong arguments, or a folder that can't be written to"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar chlo-flood",
        "  java -jar soak.jar chlo-flood --rates 50k,max --kinds inchoate --out flood",
        "  java -jar soak.jar chlo-flood --in-process --rates 400k"})
final class ChloFlood implements Callable<Integer>
{
    private static final int NOT_ALL = 1;
    private static final int MOST_SECONDS = 60;
    private static final int MOST_CLIENTS_PER_SECOND = 100;
    private static final int BACKLOG = 1; // a server of gQUIC has none
    private static final int WARM_UP_ROUNDS = 5;
    private static final int WARM_UP_RATE = 50_000;
    private static final int WARM_ALLOCATED = 4096; // bytes of a round
    private static final long SEED = 1;
    private static final String NOTE = """
        The server's CPU per CHLO: over loopback, its agent's thread (recvmmsg, the core, sendmmsg and what the kernel
        does with the answer there), divided by the flood's CHLOs that reached it; in virtual time the server's part
        alone. Handshakes of honest clients are in it.
        """;

    @Spec
    private CommandSpec spec;

    @Option(
        names = {"--rates", "--rate"},
        defaultValue = "10k,50k,100k",
        split = ",",
        paramLabel = "N",
        converter = SynFlood.RateConverter.class,
        description = "CHLOs a second, one trial each: 2500, 100k, 1M, or max (default: ${DEFAULT-VALUE})")
    private List<Rate> rates;

    @Option(
        names = "--kinds",
        defaultValue = "inchoate,replayed",
        split = ",",
        paramLabel = "KIND",
        converter = KindConverter.class,
        description = "what to flood with, one trial each: inchoate; replayed, full ones of one address; stolen, full" +
            " ones from addresses that their token is not for (default: ${DEFAULT-VALUE})")
    private List<ChloKind> kinds;

    @Option(
        names = "--seconds",
        defaultValue = "5",
        paramLabel = "SECONDS",
        description = "how long clients begin in each trial, 1 to " + MOST_SECONDS + " (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
        names = "--source-network",
        paramLabel = "ADDRESS/N",
        converter = Subnet.Converter.class,
        description = "what spoofed CHLOs claim to come from (default: 127.128.0.0/9; with --in-process any, by" +
            " default 198.18.0.0/15)")
    private Subnet sources;

    @Option(
        names = "--clients-per-second",
        defaultValue = "50",
        paramLabel = "N",
        description = "how many honest clients begin in a second, 1 to " + MOST_CLIENTS_PER_SECOND +
            " (default: ${DEFAULT-VALUE})")
    private int clientsPerSecond;

    @Option(names = "--in-process", description = "ring to ring in virtual time, without sockets")
    private boolean inProcess;

    @Mixin
    private KernelOptions kernels;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description = "leave table, raw data, counters, environment and a picture there")
    private Path out;

    private final List<Measurement> measurements = new ArrayList<>();

    /** inchoate, replayed. */
    static final class KindConverter implements CommandLine.ITypeConverter<ChloKind>
    {
        @Override
        public ChloKind convert(final String text)
        {
            try
            {
                return ChloKind.valueOf(text.toUpperCase(Locale.ROOT));
            }
            catch (final IllegalArgumentException ex)
            {
                throw new CommandLine.TypeConversionException("'" + text + "' is none of inchoate, replayed, stolen");
            }
        }
    }

    @Override
    public Integer call()
    {
        final PrintWriter err = spec.commandLine().getErr();
        final SourceNetwork network = sources != null ?
            SourceNetwork.of(sources.address(), sources.prefixLength()) : inProcess ?
            SourceNetwork.of(InetAddress.ofLiteral("198.18.0.0"), 15) :
            SourceNetwork.of(InetAddress.ofLiteral("127.128.0.0"), 9);
        final String mistake = mistake(network);
        if (mistake != null)
        {
            err.println(mistake);
            return CommandLine.ExitCode.USAGE;
        }
        final Plan plan = new Plan(network, seconds, clientsPerSecond, BACKLOG);
        try (StopSignal stop = new StopSignal())
        {
            final FloodFolder folder = out == null ? null : new FloodFolder(FloodKind.CHLO, out, command());
            try (Progress progress =
                new Progress("chlo-flood", rates.size() * kinds.size(), err, stop::requested))
            {
                flood(ChloSite.make(kernels.kernels(true, KernelSet.GQUIC)), plan, progress);
            }
            final int exitCode = print(folder) && !stop.requested() ? CommandLine.ExitCode.OK : NOT_ALL;
            stop.exitCode(exitCode);
            return exitCode;
        }
        catch (final IOException ex)
        {
            err.println("cannot write to " + out + ": " + Soak.sentence(ex));
            return CommandLine.ExitCode.USAGE;
        }
    }

    private String mistake(final SourceNetwork network)
    {
        if (inProcess && Addresses.mistake(network) != null)
        {
            return "--source-network " + Endpoint.text(sources.address()) + "/" + sources.prefixLength() + " " +
                Addresses.mistake(network) + ": choose another one, like 198.18.0.0/15";
        }
        if (!inProcess && !network.isLoopback())
        {
            return "--source-network must be a part of 127.0.0.0/8: over loopback nobody has others";
        }
        if (seconds < 1 || seconds > MOST_SECONDS || clientsPerSecond < 1 ||
            clientsPerSecond > MOST_CLIENTS_PER_SECOND)
        {
            return "--seconds takes 1 to " + MOST_SECONDS + ", --clients-per-second 1 to " + MOST_CLIENTS_PER_SECOND;
        }
        if (inProcess)
        {
            return rates.stream().anyMatch(Rate::isUnlimited) ?
                "virtual time of --in-process has no max: give a rate" : null;
        }
        return Libc.SUPPORTED ? null : "sockets that send from any address need Linux: use --in-process";
    }

    private String command()
    {
        return "java -jar soak.jar " + String.join(" ", spec.commandLine().getParent() == null ?
            List.of("chlo-flood") : spec.commandLine().getParent().getParseResult().originalArgs());
    }

    private void flood(final ChloSite site, final Plan plan, final Progress progress)
    {
        warmUp(site, plan, progress);
        for (final ChloKind kind : kinds)
        {
            for (final Rate rate : rates)
            {
                if (!progress.wantsToStop())
                {
                    measurements.add(trial(site, plan, kind, rate, progress));
                    progress.next();
                }
            }
        }
    }

    private Measurement trial(
        final ChloSite site, final Plan plan, final ChloKind kind, final Rate rate, final Watch watch)
    {
        System.gc(); // what the trial before had is no part of this one's memory
        final String name = "Trishake, " + kind;
        return inProcess ? new ChloInProcessTrial(site, plan, SEED, watch).run(name, kind, rate) :
            new ChloLoopbackTrial(site, plan, SEED, watch).run(name, kind, rate);
    }

    /** Until the JIT compiler has seen it all, system calls allocate and everything is slow: this is not measured. */
    private void warmUp(final ChloSite site, final Plan plan, final Progress progress)
    {
        final Watch quiet = new Watch()
        {
            @Override
            public void tell(final double fraction, final String what)
            {
                progress.tell(0, "warming up, " + what);
            }

            @Override
            public boolean wantsToStop()
            {
                return progress.wantsToStop();
            }
        };
        final Plan brief = new Plan(plan.from(), 1, plan.clientsPerSecond(), plan.backlog());
        final Rate rate = rates.stream().filter(one -> !one.isUnlimited() && one.perSecond() < WARM_UP_RATE)
            .findFirst().orElse(new Rate(WARM_UP_RATE));
        // who wants a brief run waits no longer for it
        final int rounds = Math.min(WARM_UP_ROUNDS, seconds - 1);
        long allocated = Long.MAX_VALUE;
        for (int i = 0; i < rounds && allocated > WARM_ALLOCATED && !progress.wantsToStop(); i++)
        {
            allocated = trial(site, brief, kinds.get(i % kinds.size()), rate, quiet).allocated();
        }
    }

    /** {@return whether every honest client got its echo} */
    private boolean print(final FloodFolder folder) throws IOException
    {
        final PrintWriter text = spec.commandLine().getOut();
        new FloodTable(FloodKind.CHLO, measurements).print(text);
        if (folder != null && !measurements.isEmpty())
        {
            folder.write(measurements, NOTE).ifPresent(text::println);
            text.println("Written to " + out + ".");
        }
        text.flush();
        return !measurements.isEmpty() && measurements.stream().allMatch(Measurement::isPerfect);
    }
}
