// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.tcp.TcpConfig;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.packet.TunLink;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A TCP client of ours behind a TUN device, for servers that use the kernel's TCP. */
@Command(
    name = "tcp",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    sortOptions = false,
    description = {
        "Opens TCP connections with Trishake's own core behind a TUN device, which it makes, to a server that uses" +
        " the kernel's TCP, and closes each once it is open.",
        "Prints 'ok=N fail=N', the time from SYN to SYN-ACK, and why connections failed. Needs CAP_NET_ADMIN."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:every connection opened",
        "1:some did not",
        "2:wrong arguments, or no privilege"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar dial tcp 10.9.0.1:8080 --tun tun0 --address 10.9.0.1/24 --engine-address 10.9.0.2 -n 9",
        "  java -jar soak.jar dial tcp [fd09::1]:22 --tun tun0 --address fd09::1/64 --engine-address fd09::2 -n 1"})
final class DialTcp implements Callable<Integer>
{
    private static final int NOT_ALL = 1;
    private static final int MAX_CONCURRENCY = 1024;
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Of a link where nothing is delayed: ports come back soon. */
    private static final long TIME_WAIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_CLOSES_NS = TimeUnit.SECONDS.toNanos(1);

    @Spec
    private CommandSpec spec;

    @Parameters(
        paramLabel = "HOST:PORT", converter = Endpoint.Converter.class, description = "the server, as a number")
    private Endpoint server;

    @Mixin
    private TunOptions tun;

    @Option(
        names = "-n",
        defaultValue = "1000",
        paramLabel = "N",
        description = "how many connections (default: ${DEFAULT-VALUE})")
    private int count;

    @Option(
        names = "--at-once",
        defaultValue = "1",
        paramLabel = "N",
        description = "how many may be opening at once, up to " + MAX_CONCURRENCY + " (default: ${DEFAULT-VALUE})")
    private int concurrency;

    @Option(
        names = "--timeout",
        defaultValue = "10",
        paramLabel = "SECONDS",
        description = "how long to wait for a connection to open (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Override
    public Integer call()
    {
        final PrintWriter err = spec.commandLine().getErr();
        final InetAddress from = tun.engineAddresses().stream()
            .filter(address -> address.getClass() == server.address().getClass()).findFirst().orElse(null);
        if (from == null)
        {
            err.println("no --engine-address is of the address family of " + server + ": give one");
            return CommandLine.ExitCode.USAGE;
        }
        if (count < 1 || concurrency < 1 || concurrency > MAX_CONCURRENCY || timeoutSeconds < 1)
        {
            err.println("-n and --timeout take numbers from 1 on, --at-once from 1 to " + MAX_CONCURRENCY);
            return CommandLine.ExitCode.USAGE;
        }
        try (StopSignal stop = new StopSignal(); TunLink link = tun.open())
        {
            final TcpDialer dialer = new TcpDialer(
                from, server, count, concurrency, TimeUnit.SECONDS.toNanos(timeoutSeconds));
            dial(new TcpAgent(link, config(), dialer), dialer, link, stop);
            final int exitCode = print(dialer, spec.commandLine().getOut());
            stop.exitCode(exitCode);
            return exitCode;
        }
        catch (final DeviceException ex)
        {
            err.println(ex.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    private TcpConfig config()
    {
        return tun.config().timeWaitNs(TIME_WAIT_NS).finTimeoutNs(TIME_WAIT_NS);
    }

    private static void dial(
        final TcpAgent agent, final TcpDialer dialer, final TunLink link, final StopSignal stop)
    {
        while (!dialer.isDone() && !stop.requested() && !link.isGone())
        {
            if (agent.doWork() == 0)
            {
                agent.idle(link, IDLE_NS);
            }
        }
        final long endNs = System.nanoTime() + LAST_CLOSES_NS;
        while (agent.core().connections() > 0 && System.nanoTime() - endNs < 0 && !link.isGone())
        {
            if (agent.doWork() == 0)
            {
                agent.idle(link, IDLE_NS);
            }
        }
    }

    private int print(final TcpDialer dialer, final PrintWriter out)
    {
        final long failed = count - dialer.ok();
        out.println("ok=" + dialer.ok() + " fail=" + failed);
        if (dialer.ok() > 0)
        {
            Tables.percentiles(out, "SYN to SYN-ACK", dialer.latency());
        }
        dialer.failures().forEach((why, times) -> out.println(why + " " + times));
        if (failed > dialer.failed())
        {
            out.println("STOPPED " + (failed - dialer.failed()));
        }
        out.flush();
        return failed == 0 ? CommandLine.ExitCode.OK : NOT_ALL;
    }
}
