// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.tcp.SynCookieMode;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpCounter;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.packet.TunLink;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A TCP server of ours behind a TUN device, for clients that use the kernel's TCP. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    sortOptions = false,
    description = {
        "Serves TCP with Trishake's own core behind a TUN device, which it makes. Clients use the kernel's TCP.",
        "Prints a line 'ready tcp ADDRESS:PORT' once a client may connect, then what it does every few seconds. On" +
        " Ctrl-C or SIGTERM it prints its counters, under Linux's names, and ends.",
        "Needs CAP_NET_ADMIN. To leave this machine's network alone, put 'unshare -n' before both programs' shell."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:it has served until it was asked to end",
        "1:the device was deleted meanwhile",
        "2:wrong arguments, or no privilege"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar serve --tun tun0 --address 10.9.0.1/24 --engine-address 10.9.0.2 --tcp 80 --echo",
        "  nc 10.9.0.2 80                                            # in another terminal",
        "  java -jar soak.jar serve --tun tun0 --address fd09::1/64 --engine-address fd09::2 --tcp 80" +
        " --syn-cookies always"})
final class Serve implements Callable<Integer>
{
    private static final int DEVICE_GONE = 1;
    private static final int CONNECTIONS = 1 << 16;
    private static final int MAX_PORT = 65_535;
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    @Spec
    private CommandSpec spec;

    @Mixin
    private TunOptions tun;

    @Option(names = "--tcp", required = true, paramLabel = "PORT", description = "where to listen; again for more")
    private List<Integer> ports;

    @Option(names = "--echo", description = "send back what comes, instead of throwing it away")
    private boolean echo;

    @Option(
        names = "--syn-cookies",
        defaultValue = "on-overflow",
        paramLabel = "MODE",
        description = "SYN cookies: on-overflow, always, off (default: ${DEFAULT-VALUE})",
        converter = CookieModeConverter.class)
    private SynCookieMode synCookies;

    @Option(
        names = "--backlog",
        defaultValue = "1024",
        paramLabel = "N",
        description = "how many connections may wait to be accepted, and as many half-open (default: ${DEFAULT-VALUE})")
    private int backlog;

    @Option(
        names = "--status",
        defaultValue = "5",
        paramLabel = "SECONDS",
        description = "how often to say what happens (default: ${DEFAULT-VALUE})")
    private int statusSeconds;

    @Option(
        names = "--seconds",
        defaultValue = "0",
        paramLabel = "SECONDS",
        description = "end after this time; 0: when asked to (default: ${DEFAULT-VALUE})")
    private int seconds;

    /** The names of the modes, as this project's texts write them. */
    static final class CookieModeConverter implements CommandLine.ITypeConverter<SynCookieMode>
    {
        @Override
        public SynCookieMode convert(final String text)
        {
            try
            {
                return SynCookieMode.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
            }
            catch (final IllegalArgumentException ex)
            {
                throw new CommandLine.TypeConversionException("'" + text + "' is none of on-overflow, always, off");
            }
        }
    }

    @Override
    public Integer call()
    {
        final String mistake = mistake();
        if (mistake != null)
        {
            spec.commandLine().getErr().println(mistake);
            return CommandLine.ExitCode.USAGE;
        }
        try (StopSignal stop = new StopSignal(); TunLink link = tun.open())
        {
            final int exitCode = serve(link, stop, spec.commandLine().getOut());
            stop.exitCode(exitCode);
            return exitCode;
        }
        catch (final DeviceException ex)
        {
            spec.commandLine().getErr().println(ex.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    private String mistake()
    {
        if (ports.stream().anyMatch(port -> port < 1 || port > MAX_PORT) ||
            ports.stream().distinct().count() < ports.size())
        {
            return "--tcp takes a port from 1 to " + MAX_PORT + ", each once";
        }
        if (backlog < 1 || backlog > CONNECTIONS)
        {
            return "--backlog must be 1 to " + CONNECTIONS;
        }
        return statusSeconds < 1 || seconds < 0 ? "--status takes seconds from 1 on, --seconds from 0 on" : null;
    }

    private int serve(final TunLink link, final StopSignal stop, final PrintWriter out)
    {
        final List<Endpoint> endpoints = new ArrayList<>();
        tun.engineAddresses().forEach(address -> ports.forEach(port -> endpoints.add(new Endpoint(address, port))));
        final TcpConfig config = tun.config().connections(CONNECTIONS).synCookies(synCookies)
            .halfOpen(Math.max(2048, ports.size() * (backlog + 1))).somaxconn(Math.max(4096, backlog));
        final StreamServer server = new StreamServer(endpoints, backlog, echo);
        final TcpAgent agent = new TcpAgent(link, config, server);
        endpoints.forEach(endpoint -> out.println("ready tcp " + endpoint));
        out.flush();

        final long startNs = System.nanoTime();
        final long statusNs = TimeUnit.SECONDS.toNanos(statusSeconds);
        long nextStatusNs = startNs + statusNs;
        long acceptedBefore = 0;
        while (!stop.requested() && !link.isGone() &&
            (seconds == 0 || System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(seconds)))
        {
            if (agent.doWork() == 0)
            {
                agent.idle(link, IDLE_NS);
            }
            if (System.nanoTime() - nextStatusNs >= 0)
            {
                nextStatusNs += statusNs;
                out.println(status(agent.core(), server, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs),
                    (server.accepted() - acceptedBefore) / statusSeconds));
                out.flush();
                acceptedBefore = server.accepted();
            }
        }
        Tables.counters(out, agent.core(), link);
        out.flush();
        if (link.isGone())
        {
            spec.commandLine().getErr().println("somebody has deleted " + link.name());
            return DEVICE_GONE;
        }
        return CommandLine.ExitCode.OK;
    }

    private static String status(
        final TcpCore core, final StreamServer server, final long seconds, final long acceptedPerSecond)
    {
        return String.format(Locale.ROOT,
            "%,d s: accepted %,d (%,d/s), received %,d bytes, open %,d, half-open %,d, TIME-WAIT %,d, cookies sent %,d",
            seconds, server.accepted(), acceptedPerSecond, server.received(), core.connections(), core.halfOpen(),
            core.timeWaits(), core.counters().get(TcpCounter.SYNCOOKIES_SENT));
    }
}
