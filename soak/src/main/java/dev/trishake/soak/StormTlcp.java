// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.identity.IdentityException;
import dev.trishake.identity.PeerName;
import dev.trishake.identity.TestPki;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.runtime.CountersFile;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.session.FourTuple;
import dev.trishake.soak.flood.Namespace;
import dev.trishake.soak.report.Progress;
import dev.trishake.soak.storm.Load;
import dev.trishake.soak.storm.Server;
import dev.trishake.soak.storm.Storm;
import dev.trishake.soak.storm.StormFolder;
import dev.trishake.soak.storm.StormMeasurement;
import dev.trishake.soak.storm.StormTable;
import dev.trishake.transport.DeviceException;
import dev.trishake.wire.tlcp.CipherSuite;
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
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Storms a TLCP server, its own or another, with one load after the other. */
@Command(
    name = "tlcp",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    sortOptions = false,
    description = {
        "Shakes hands with a TLCP server: first so many at once, each beginning when another ends, then so many a" +
        " second by the clock, at shares of the most that was done before. Tells handshakes a second, the time from" +
        " SYN to Finished, the server's CPU per handshake and how many lanes of its kernels were filled.",
        "Without HOST:PORT the server is a 'serve' of its own with certificates of its own, another process on this" +
        " machine, over the kernel's TCP or with --tun over Trishake's. Clients cost more than the server: where they" +
        " are always busy and it is not, the storm has measured them."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:every handshake that the clients had room for was done",
        "1:some failed, or the run was stopped",
        "2:wrong arguments, no privilege, or no server"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar storm tlcp",
        "  java -jar soak.jar storm tlcp --suite e051 --out storm",
        "  java -jar soak.jar storm tlcp --resume --concurrency 64 --rates 5000,10000,20000 --seconds 5",
        "  java -jar soak.jar storm tlcp --tun storm0",
        "  java -jar soak.jar storm tlcp 192.0.2.1:4433 --ca ca.crt"})
final class StormTlcp implements Callable<Integer>
{
    private static final int NOT_ALL = 1;
    private static final int PORT = 24_433;
    private static final int MOST_UNDER_WAY = 2048;
    private static final int MOST_SECONDS = 60;
    private static final int WARM_UP_CONCURRENCY = 32;
    private static final int RESUMABLE = 4096;
    private static final long DRAIN_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final Path TIME_WAIT_REUSE = Path.of("/proc/sys/net/ipv4/tcp_tw_reuse");
    private static final Path PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final String NOTE = """
        Times are from SYN to the client's Finished being answered, and by the clock from when a handshake should have
        begun. The server's CPU is that of its agents' threads, system calls included, idling too where it is not busy.
        """;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "HOST:PORT", converter = Endpoint.Converter.class,
        description = "the server, as a number (default: one of its own)")
    private Endpoint server;

    @Option(names = "--ca", paramLabel = "FILE", description = "authorities of HOST:PORT")
    private Path ca;

    @Option(names = "--pid", paramLabel = "PID",
        description = "the process of HOST:PORT where that is a 'serve' on this machine, for its CPU and counters")
    private Long pid;

    @CommandLine.Mixin
    private TlcpOptions tlcp;

    @Option(names = "--client-auth", description = "own server: ask for certificates; ECDHE suites always do")
    private boolean clientAuth;

    @Option(names = "--resume", description = "resume sessions where the server lets us")
    private boolean resume;

    @Option(names = "--tun", paramLabel = "NAME",
        description = "own server: Trishake's TCP behind this TUN device, in a network namespace of its own")
    private String tun;

    @Option(names = "--concurrency", split = ",", paramLabel = "N", defaultValue = "1,8,32,128",
        description = "how many handshakes at once, a load each (default: ${DEFAULT-VALUE})")
    private List<Integer> concurrencies;

    @Option(names = "--rates", split = ",", paramLabel = "N|N%", defaultValue = "25%,50%,75%,90%,110%",
        description = "how many a second by the clock, or shares of the most before (default: ${DEFAULT-VALUE})")
    private List<String> rates;

    @Option(names = "--seconds", paramLabel = "SECONDS", defaultValue = "2",
        description = "length of each load, 1 to " + MOST_SECONDS + " (default: ${DEFAULT-VALUE})")
    private int seconds;

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

    @Override
    public Integer call()
    {
        final PrintWriter err = spec.commandLine().getErr();
        final String mistake = mistake();
        if (mistake != null)
        {
            err.println(mistake);
            return CommandLine.ExitCode.USAGE;
        }
        try (StopSignal stop = new StopSignal())
        {
            final StormFolder folder = out == null ? null : new StormFolder(out, command());
            final int loads = 1 + concurrencies.size() + rates.size();
            try (Progress progress = new Progress("storm", loads, err, stop::requested))
            {
                if (tun == null)
                {
                    storm(progress);
                }
                else
                {
                    stormInNamespace(progress);
                }
            }
            final int exitCode = print(folder) && !stop.requested() ? CommandLine.ExitCode.OK : NOT_ALL;
            stop.exitCode(exitCode);
            return exitCode;
        }
        catch (final DeviceException | IOException | IllegalStateException | IllegalArgumentException ex)
        {
            err.println(ex instanceof final IOException io ? Soak.sentence(io) : ex.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    private String mistake()
    {
        if (tlcp.mistake() != null)
        {
            return tlcp.mistake();
        }
        if (server != null ? ca == null || tun != null || clientAuth : ca != null || pid != null || tlcp.hasIdentity())
        {
            return server != null ? "HOST:PORT needs --ca, and --tun and --client-auth are for a server of our own" :
                "--ca, --pid and certificates are for another server: give HOST:PORT";
        }
        if (seconds < 1 || seconds > MOST_SECONDS || threads < 1 || serverThreads < 1)
        {
            return "--seconds takes 1 to " + MOST_SECONDS + ", --threads and --server-threads from 1 on";
        }
        if (concurrencies.stream().anyMatch(value -> value < 1 || value > MOST_UNDER_WAY * threads))
        {
            return "--concurrency takes 1 to " + MOST_UNDER_WAY * threads;
        }
        return rates.stream().allMatch(rate -> rate.matches("[1-9][0-9]{0,6}|[1-9][0-9]{0,2}%")) ? null :
            "--rates takes numbers like 5000, or shares like 90%";
    }

    private String command()
    {
        final CommandLine storms = spec.commandLine().getParent();
        return "java -jar soak.jar " + (storms == null || storms.getParent() == null ? "storm tlcp" :
            String.join(" ", storms.getParent().getParseResult().originalArgs()));
    }

    private void stormInNamespace(final Progress progress)
    {
        try (Namespace namespace = Namespace.make("storm"))
        {
            namespace.call(() ->
            {
                Files.writeString(TIME_WAIT_REUSE, "1"); // clients end first, and ports are few
                Files.writeString(PORTS, "1024 65535");
                storm(progress);
                return null;
            });
        }
    }

    private void storm(final Progress progress) throws IOException
    {
        if (server != null)
        {
            try (Server seen = pid == null ? null : new Server(pid, CountersFile.defaultPath(pid)))
            {
                storm(server, ca, tlcp.identity(), seen, progress);
            }
            return;
        }
        final Path pki = Files.createTempDirectory("trishake-storm");
        try
        {
            new TestPki(new TestPki.Contents("Storm", List.of("localhost"), "client", Instant.now().minusSeconds(60),
                Duration.ofDays(1), "123456"), new SecureRandom()).write(pki);
            final Endpoint at = new Endpoint(Subnet.literal(tun == null ? "127.0.0.1" : "10.9.0.2"), PORT);
            try (OwnServer own = new OwnServer(pki.resolve("counters"), options(pki, at)); Server seen = own.look())
            {
                storm(at, pki.resolve("ca.crt"), asksForCertificates() ? identity(pki) : null, seen, progress);
            }
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("keys and certificates can't be made", ex);
        }
        finally
        {
            delete(pki);
        }
    }

    private boolean asksForCertificates()
    {
        return clientAuth || tlcp.suites().stream().anyMatch(CipherSuite::isEcdhe);
    }

    private TlcpIdentity identity(final Path pki) throws IdentityException
    {
        return tlcp.identity(Stream.of("client_sign.crt", "client_sign.key", "client_enc.crt", "client_enc.key",
            "subca.crt").map(pki::resolve).toList());
    }

    private List<String> options(final Path pki, final Endpoint at)
    {
        final List<String> options = new ArrayList<>(List.of("--tlcp", at.toString(),
            "--sign-cert", pki.resolve("server_sign.crt").toString(),
            "--sign-key", pki.resolve("server_sign.key").toString(),
            "--enc-cert", pki.resolve("server_enc.crt").toString(),
            "--enc-key", pki.resolve("server_enc.key").toString(),
            "--chain", pki.resolve("subca.crt").toString(), "--backlog", "4096",
            "--threads", Integer.toString(serverThreads)));
        if (asksForCertificates())
        {
            options.addAll(List.of("--client-ca", pki.resolve("ca.crt").toString(), "--client-auth", "need"));
        }
        if (tlcp.isScalar())
        {
            options.add("--scalar");
        }
        if (resume)
        {
            options.addAll(List.of("--resumption", Integer.toString(RESUMABLE)));
        }
        if (tun != null)
        {
            options.addAll(List.of("--tun", tun, "--address", "10.9.0.1/24", "--engine-address", "10.9.0.2"));
        }
        return options;
    }

    private static void delete(final Path folder) throws IOException
    {
        try (Stream<Path> files = Files.walk(folder))
        {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList())
            {
                Files.deleteIfExists(file);
            }
        }
    }

    private void storm(
        final Endpoint to, final Path authorities, final TlcpIdentity identity, final Server seen,
        final Progress progress) throws IdentityException
    {
        final FourTuple tuple = new FourTuple().local(0, 0, 0)
            .remote(Endpoint.high(to.address()), Endpoint.low(to.address()), to.port());
        final TlcpTrust trust = TlcpOptions.trust(authorities);
        final Storm storm = new Storm(Protocol.TLCP, tuple, threads, MOST_UNDER_WAY, TlcpReport::reason, progress);
        try (TlcpProtocol protocol = TlcpProtocol.client(tlcp.kernels(true),
            () -> tlcp.config(MOST_UNDER_WAY, resume ? RESUMABLE : 0, null), identity, trust, PeerName.ANY))
        {
            final Engine engine = Engine.launch(new EngineConfig().agents(threads)
                .link(Links.kernel(2 * MOST_UNDER_WAY)).protocol(Protocol.TLCP, protocol).drainTimeoutNs(DRAIN_NS)
                .errorHandler(ex -> spec.commandLine().getErr().println(ex.getMessage())), storm::handler);
            try (engine)
            {
                runLoads(storm, seen, progress);
            }
        }
    }

    private void runLoads(final Storm storm, final Server seen, final Progress progress)
    {
        final long lengthNs = TimeUnit.SECONDS.toNanos(seconds);
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

    private boolean print(final StormFolder folder) throws IOException
    {
        final PrintWriter text = spec.commandLine().getOut();
        final StormTable table = new StormTable(measurements);
        text.print(table.text());
        text.print(table.failures());
        if (folder != null && !measurements.isEmpty())
        {
            final Optional<String> noPicture = folder.write(title(), measurements, NOTE);
            noPicture.ifPresent(text::println);
            text.println("Written to " + out + ".");
        }
        text.flush();
        return !measurements.isEmpty() && measurements.stream().allMatch(StormMeasurement::isPerfect);
    }

    private String title()
    {
        return "Storm of TLCP handshakes" + (tun == null ? " over the kernel's TCP" : " over Trishake's TCP on TUN") +
            (resume ? ", resumed" : "");
    }
}
