// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.flood.Addresses;
import dev.trishake.soak.flood.FloodFolder;
import dev.trishake.soak.flood.FloodKind;
import dev.trishake.soak.flood.FloodTable;
import dev.trishake.soak.flood.KernelVictim;
import dev.trishake.soak.flood.Measurement;
import dev.trishake.soak.flood.Plan;
import dev.trishake.soak.flood.SourceNetwork;
import dev.trishake.soak.flood.Trial;
import dev.trishake.soak.flood.Victim;
import dev.trishake.soak.report.Progress;
import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.Watch;
import dev.trishake.tcp.SynCookieMode;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Libc;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Floods our listener, and the kernel's beside it, and looks what honest clients get. */
@Command(
    name = "syn-flood",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    sortOptions = false,
    description = {
        "Floods a listener with spoofed SYNs while honest clients connect, send a line, read it back and close.",
        "All of it happens in network namespaces that the tool makes: Trishake's TCP behind a TUN device (or" +
        " AF_PACKET: --packet), clients with the kernel's TCP, and the flood through a packet socket on their way." +
        " Needs CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN; --in-process needs nothing.",
        "The flood goes on until each client has its echo or has given up after 10 s."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:every honest client of Trishake's listener got its echo within 10 s",
        "1:some did not, or the run was stopped",
        "2:wrong arguments, no privilege, or no device"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar syn-flood",
        "  java -jar soak.jar syn-flood --rates 300k,max --syn-cookies always",
        "  java -jar soak.jar syn-flood --compare-kernel --out flood",
        "  java -jar soak.jar syn-flood --packet --compare-kernel",
        "  java -jar soak.jar syn-flood --source-network 2001:db8::/32",
        "  java -jar soak.jar syn-flood --in-process --rates 1M"})
final class SynFlood implements Callable<Integer>
{
    private static final int NOT_ALL = 1;
    private static final int MOST_SECONDS = 60;
    private static final int MOST_CLIENTS_PER_SECOND = 1000;
    private static final int MOST_BACKLOG = 1 << 16;
    private static final int WARM_UP_SECONDS = 2;
    private static final int WARM_UP_RATE = 50_000;
    private static final int WARM_UP_ROUNDS = 5;
    private static final int WARM_ALLOCATED = 4096; // bytes of a round
    private static final int[] KERNEL_MODES = {0, 1, 2};
    private static final long SEED = 1;
    private static final String NAME = "Trishake";
    private static final String NAME_PACKET = "Trishake on AF_PACKET";
    private static final String NOTE = """
        A listener's CPU per SYN: of Trishake's, its agent's thread (read from the TUN device, the core, write to it and
        what the kernel does with the answer there). Of Linux's, and of Trishake's on AF_PACKET, what soft interrupts
        and the server's thread took more than for SYNs to an address that nobody has. In virtual time: the listener's
        part alone, by the clock.
        """;

    @Spec
    private CommandSpec spec;

    @Option(
        names = {"--rates", "--rate"},
        defaultValue = "10k,50k,100k,200k",
        split = ",",
        paramLabel = "N",
        converter = RateConverter.class,
        description = "SYNs a second, one trial each: 2500, 100k, 1M, or max (default: ${DEFAULT-VALUE})")
    private List<Rate> rates;

    @Option(
        names = "--seconds",
        defaultValue = "5",
        paramLabel = "SECONDS",
        description = "how long clients begin in each trial, 1 to " + MOST_SECONDS + " (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
        names = "--source-network",
        defaultValue = "198.18.0.0/15",
        paramLabel = "ADDRESS/N",
        converter = Subnet.Converter.class,
        description = "what spoofed SYNs claim to come from; IPv6 makes it a flood of IPv6 (default: ${DEFAULT-VALUE})")
    private Subnet sources;

    @Option(
        names = "--clients-per-second",
        defaultValue = "100",
        paramLabel = "N",
        description = "how many honest clients begin in a second (default: ${DEFAULT-VALUE})")
    private int clientsPerSecond;

    @Option(
        names = "--backlog",
        defaultValue = "1024",
        paramLabel = "N",
        description = "of the listeners (default: ${DEFAULT-VALUE})")
    private int backlog;

    @Option(
        names = "--syn-cookies",
        defaultValue = "on-overflow",
        split = ",",
        paramLabel = "MODE",
        converter = Serve.CookieModeConverter.class,
        description = "of Trishake's listener: on-overflow, always, off; several for a comparison" +
            " (default: ${DEFAULT-VALUE})")
    private List<SynCookieMode> modes;

    @Option(
        names = "--compare-kernel",
        description = "the same for Linux's own listener with tcp_syncookies 0, 1 and 2")
    private boolean comparesKernel;

    @Option(
        names = "--packet",
        description = "Trishake's listener behind AF_PACKET on a veth pair, as Linux's is, instead of a TUN device")
    private boolean isPacket;

    @Option(names = "--in-process", description = "ring to ring in virtual time, without devices")
    private boolean inProcess;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description = "leave table, raw data, counters, environment and a picture there")
    private Path out;

    private final List<Measurement> measurements = new ArrayList<>();

    /** Rates as people write them. */
    static final class RateConverter implements CommandLine.ITypeConverter<Rate>
    {
        @Override
        public Rate convert(final String text)
        {
            try
            {
                return Rate.of(text);
            }
            catch (final IllegalArgumentException ex)
            {
                throw new CommandLine.TypeConversionException(ex.getMessage());
            }
        }
    }

    @Override
    public Integer call()
    {
        final PrintWriter err = spec.commandLine().getErr();
        final SourceNetwork network = SourceNetwork.of(sources.address(), sources.prefixLength());
        final String mistake = mistake(network);
        if (mistake != null)
        {
            err.println(mistake);
            return CommandLine.ExitCode.USAGE;
        }
        final Plan plan = new Plan(network, seconds, clientsPerSecond, backlog);
        try (StopSignal stop = new StopSignal())
        {
            final FloodFolder folder = out == null ? null : new FloodFolder(FloodKind.SYN, out, command());
            final int trials = rates.size() * (modes.size() + (comparesKernel ? KERNEL_MODES.length : 0));
            try (Progress progress = new Progress("syn-flood", trials, err, stop::requested))
            {
                warmUp(plan, progress);
                floodOurs(plan, progress);
                floodKernel(plan, progress);
            }
            final int exitCode = print(folder) && !stop.requested() ? CommandLine.ExitCode.OK : NOT_ALL;
            stop.exitCode(exitCode);
            return exitCode;
        }
        catch (final DeviceException ex)
        {
            err.println(ex.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        catch (final IOException ex)
        {
            err.println("cannot write to " + out + ": " + Soak.sentence(ex));
            return CommandLine.ExitCode.USAGE;
        }
    }

    private String mistake(final SourceNetwork network)
    {
        final String ofNetwork = Addresses.mistake(network);
        if (ofNetwork != null)
        {
            return "--source-network " + Endpoint.text(sources.address()) + "/" + sources.prefixLength() + " " +
                ofNetwork + ": choose another one, like 198.18.0.0/15";
        }
        if (seconds < 1 || seconds > MOST_SECONDS || backlog < 1 || backlog > MOST_BACKLOG ||
            clientsPerSecond < 1 || clientsPerSecond > MOST_CLIENTS_PER_SECOND)
        {
            return "--seconds takes 1 to " + MOST_SECONDS + ", --clients-per-second 1 to " +
                MOST_CLIENTS_PER_SECOND + ", --backlog 1 to " + MOST_BACKLOG;
        }
        if (inProcess)
        {
            return comparesKernel || isPacket ?
                (isPacket ? "--packet" : "--compare-kernel") + " needs devices: leave --in-process out" :
                rates.stream().anyMatch(Rate::isUnlimited) ?
                "virtual time of --in-process has no max: give a rate" : null;
        }
        return Libc.SUPPORTED ? null : "devices need Linux on a 64-bit machine: use --in-process";
    }

    private String command()
    {
        return "java -jar soak.jar " + String.join(" ", spec.commandLine().getParent() == null ?
            List.of("syn-flood") : spec.commandLine().getParent().getParseResult().originalArgs());
    }

    /** Until the JIT compiler has seen it all, system calls allocate and everything is slow: this is not measured. */
    private void warmUp(final Plan plan, final Watch progress)
    {
        final Plan brief =
            new Plan(plan.from(), Math.min(WARM_UP_SECONDS, seconds), plan.clientsPerSecond(), plan.backlog());
        final Rate rate = new Rate(WARM_UP_RATE);
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
        // who wants a brief run waits no longer for it; virtual time is short anyway
        final int rounds = inProcess ? WARM_UP_ROUNDS : Math.min(WARM_UP_ROUNDS, seconds);
        long allocated = Long.MAX_VALUE;
        for (int i = 0; i < rounds && allocated > WARM_ALLOCATED && !progress.wantsToStop(); i++)
        {
            clear();
            final Measurement warm = inProcess ?
                new InProcessTrial(SynCookieMode.ON_OVERFLOW, brief, SEED, quiet).run(NAME, rate) :
                flood(NAME, true, brief, rate, quiet, all -> ours(SynCookieMode.ON_OVERFLOW, all));
            allocated = warm.allocated();
        }
    }

    /** What the trial before had is no part of the next one's memory. */
    private static void clear()
    {
        System.gc();
    }

    private void floodOurs(final Plan plan, final Progress progress)
    {
        for (final SynCookieMode mode : modes)
        {
            final String name = (isPacket ? NAME_PACKET : NAME) +
                ", cookies " + mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
            for (final Rate rate : rates)
            {
                if (!progress.wantsToStop())
                {
                    clear();
                    measurements.add(inProcess ? new InProcessTrial(mode, plan, SEED, progress).run(name, rate) :
                        flood(name, true, plan, rate, progress, all -> ours(mode, all)));
                    progress.next();
                }
            }
        }
    }

    private Victim ours(final SynCookieMode mode, final Plan plan)
    {
        final boolean isIpv4 = plan.from().isIpv4();
        return new EngineVictim(isPacket ? new PacketSite(isIpv4) : new TunSite(isIpv4), mode, plan);
    }

    private void floodKernel(final Plan plan, final Progress progress)
    {
        for (int i = 0; comparesKernel && i < KERNEL_MODES.length; i++)
        {
            final int mode = KERNEL_MODES[i];
            for (final Rate rate : rates)
            {
                if (!progress.wantsToStop())
                {
                    clear();
                    measurements.add(flood("Linux, tcp_syncookies " + mode, false, plan, rate, progress,
                        all -> new KernelVictim(mode, all)));
                    progress.next();
                }
            }
        }
    }

    private static Measurement flood(
        final String name, final boolean isOurs, final Plan plan, final Rate rate, final Watch watch,
        final Function<Plan, Victim> maker)
    {
        try (Victim victim = maker.apply(plan))
        {
            return new Trial(plan, SEED, watch).run(name, isOurs, victim, rate);
        }
    }

    /** {@return whether every honest client of ours got its echo} */
    private boolean print(final FloodFolder folder) throws IOException
    {
        final PrintWriter text = spec.commandLine().getOut();
        new FloodTable(FloodKind.SYN, measurements).print(text);
        if (folder != null && !measurements.isEmpty())
        {
            folder.write(measurements, NOTE).ifPresent(text::println);
            text.println("Written to " + out + ".");
        }
        text.flush();
        return measurements.stream().filter(Measurement::isOurs).allMatch(Measurement::isPerfect);
    }
}
