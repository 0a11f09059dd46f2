// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.transport.DeviceException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A TCP client: an engine over the kernel's sockets, or with our own TCP on packets. */
@Command(
    name = "tcp",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    sortOptions = false,
    description = {
        "Opens TCP connections, over the kernel's sockets, or with Trishake's own core behind a TUN device, which it" +
        " makes, or on a network interface, and closes each once it is open.",
        "Prints 'ok=N fail=N', the time from SYN to SYN-ACK, and why connections failed. --tun needs CAP_NET_ADMIN," +
        " --packet CAP_NET_RAW."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:every connection opened",
        "1:some did not",
        "2:wrong arguments, or no privilege"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar dial tcp 127.0.0.1:7777 -n 10000 --at-once 8",
        "  java -jar soak.jar dial tcp 10.9.0.1:8080 --tun tun0 --address 10.9.0.1/24 --engine-address 10.9.0.2 -n 9",
        "  java -jar soak.jar dial tcp [fd09::1]:22 --tun tun0 --address fd09::1/64 --engine-address fd09::2 -n 1"})
final class DialTcp implements Callable<Integer>
{
    private static final int NOT_ALL = 1;
    private static final int MAX_CONCURRENCY = 1024;
    private static final int CONNECTIONS = 4096;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Of a link where nothing is delayed: ports come back soon. */
    private static final long TIME_WAIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_CLOSES_NS = TimeUnit.SECONDS.toNanos(1);

    @Spec
    private CommandSpec spec;

    @Parameters(
        paramLabel = "HOST:PORT", converter = Endpoint.Converter.class, description = "the server, as a number")
    private Endpoint server;

    @Mixin
    private TransportOptions transport;

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

    private volatile boolean isDeviceGone;

    @Override
    public Integer call()
    {
        final PrintWriter err = spec.commandLine().getErr();
        final String mistake = transport.mistakeOfClient(server);
        if (mistake != null)
        {
            err.println(mistake);
            return CommandLine.ExitCode.USAGE;
        }
        if (count < 1 || concurrency < 1 || concurrency > MAX_CONCURRENCY || timeoutSeconds < 1)
        {
            err.println("-n and --timeout take numbers from 1 on, --at-once from 1 to " + MAX_CONCURRENCY);
            return CommandLine.ExitCode.USAGE;
        }
        try (StopSignal stop = new StopSignal())
        {
            final int exitCode = print(dial(stop), spec.commandLine().getOut());
            stop.exitCode(exitCode);
            return exitCode;
        }
        catch (final DeviceException | IllegalStateException | IllegalArgumentException ex)
        {
            err.println(ex.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    private Dialer dial(final StopSignal stop)
    {
        final EngineConfig config = transport.engine(
            CONNECTIONS, tcp -> tcp.timeWaitNs(TIME_WAIT_NS).finTimeoutNs(TIME_WAIT_NS));
        config.handshakeTimeoutNs(TimeUnit.SECONDS.toNanos(timeoutSeconds)).drainTimeoutNs(LAST_CLOSES_NS)
            .errorHandler(this::onError);
        final Dialer dialer = new Dialer(server, count, concurrency);
        final Engine engine = Engine.launch(config, dialer);
        try (engine)
        {
            while (!dialer.isDone() && !stop.requested() && !isDeviceGone)
            {
                LockSupport.parkNanos(POLL_NS);
            }
        }
        return dialer;
    }

    private void onError(final Throwable ex)
    {
        isDeviceGone |= ex instanceof DeviceException;
        spec.commandLine().getErr().println(ex.getMessage());
    }

    private int print(final Dialer dialer, final PrintWriter out)
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
