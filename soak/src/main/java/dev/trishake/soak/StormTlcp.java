// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.identity.IdentityException;
import dev.trishake.identity.PeerName;
import dev.trishake.identity.TestPki;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.session.FourTuple;
import dev.trishake.soak.flood.Namespace;
import dev.trishake.soak.report.Progress;
import dev.trishake.soak.storm.Server;
import dev.trishake.soak.storm.Storm;
import dev.trishake.soak.storm.StormPage;
import dev.trishake.wire.tlcp.CipherSuite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private static final int PORT = 24_433;
    private static final int MOST_UNDER_WAY = 2048;
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

    @Mixin
    private StormOptions loads;

    @Mixin
    private TlcpOptions tlcp;

    @Option(names = "--client-auth", description = "own server: ask for certificates; ECDHE suites always do")
    private boolean clientAuth;

    @Option(names = "--resume", description = "resume sessions where the server lets us")
    private boolean resume;

    @Option(names = "--tun", paramLabel = "NAME",
        description = "own server: Trishake's TCP behind this TUN device, in a network namespace of its own")
    private String tun;

    @Override
    public Integer call()
    {
        return loads.run(spec, mistake(), new StormPage("Storm of TLCP handshakes" +
            (tun == null ? " over the kernel's TCP" : " over Trishake's TCP on TUN") + (resume ? ", resumed" : ""),
            "SYN to Finished", NOTE), tun == null ? this::storm : this::stormInNamespace);
    }

    private String mistake()
    {
        if (tlcp.mistake() != null || loads.mistake(MOST_UNDER_WAY) != null)
        {
            return tlcp.mistake() != null ? tlcp.mistake() : loads.mistake(MOST_UNDER_WAY);
        }
        if (loads.server() == null)
        {
            return tlcp.hasIdentity() ? "certificates are for another server: give HOST:PORT" : null;
        }
        return tun != null || clientAuth ? "--tun and --client-auth are for a server of our own" : null;
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
        if (loads.server() != null)
        {
            try (Server seen = loads.seen())
            {
                storm(loads.server(), loads.authorities(), tlcp.identity(), seen, progress);
            }
            return;
        }
        try (TemporaryFolder folder = new TemporaryFolder("trishake-storm"))
        {
            final Path pki = folder.path();
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
            "--chain", pki.resolve("subca.crt").toString(), "--backlog", "4096"));
        options.addAll(loads.serverOptions());
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

    private void storm(
        final Endpoint to, final Path authorities, final TlcpIdentity identity, final Server seen,
        final Progress progress) throws IdentityException
    {
        final FourTuple tuple = new FourTuple().local(0, 0, 0)
            .remote(Endpoint.high(to.address()), Endpoint.low(to.address()), to.port());
        final TlcpTrust trust = TlcpOptions.trust(authorities);
        final Storm storm =
            new Storm(Protocol.TLCP, tuple, loads.threads(), MOST_UNDER_WAY, TlcpReport::reason, progress);
        try (TlcpProtocol protocol = TlcpProtocol.client(tlcp.kernels(true),
            () -> tlcp.config(MOST_UNDER_WAY, resume ? RESUMABLE : 0, null), identity, trust, PeerName.ANY))
        {
            final Engine engine = Engine.launch(new EngineConfig().agents(loads.threads())
                .link(Links.kernel(2 * MOST_UNDER_WAY)).protocol(Protocol.TLCP, protocol).drainTimeoutNs(DRAIN_NS)
                .errorHandler(ex -> spec.commandLine().getErr().println(ex.getMessage())), storm::handler);
            try (engine)
            {
                loads.runLoads(storm, seen, progress);
            }
        }
    }
}
