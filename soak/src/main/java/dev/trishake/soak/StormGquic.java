// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.identity.GquicTestPki;
import dev.trishake.identity.GquicTrust;
import dev.trishake.identity.PeerName;
import dev.trishake.runtime.DatagramLinks;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.runtime.Protocol;
import dev.trishake.session.FourTuple;
import dev.trishake.soak.report.Progress;
import dev.trishake.soak.storm.Server;
import dev.trishake.soak.storm.Storm;
import dev.trishake.soak.storm.StormPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Storms a gQUIC server, its own or another, with one load after the other. */
@Command(
    name = "gquic",
    sortOptions = false,
    description = {
        "Shakes hands with a gQUIC server: first so many at once, each beginning when another ends, then so many a" +
        " second by the clock, at shares of the most that was done before. Tells handshakes a second, the time from" +
        " the first CHLO to SHLO, the server's CPU per handshake and how many lanes of its kernels were filled.",
        "A handshake is fresh, three CHLOs, or with --resume one. Without HOST:PORT the server is a 'serve' of its" +
        " own with a certificate of its own, another process on this machine. Clients cost more than the server:" +
        " where they are always busy and it is not, the storm has measured them."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:every handshake that the clients had room for was done",
        "1:some failed, or the run was stopped",
        "2:wrong arguments, or no server"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar storm gquic",
        "  java -jar soak.jar storm gquic --resume --out storm",
        "  java -jar soak.jar storm gquic --version Q043 --aead CC20 --concurrency 128 --rates 1000 --seconds 5",
        "  java -jar soak.jar storm gquic 192.0.2.1:4433 --ca ca.crt"})
final class StormGquic implements Callable<Integer>
{
    private static final int PORT = 24_434;
    private static final int MOST_UNDER_WAY = 1024;
    private static final long DRAIN_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String HOST = "localhost";
    private static final String NOTE = """
        Times are from a client's first CHLO to its SHLO, and by the clock from when a handshake should have begun. The
        server's CPU is that of its agents' threads, system calls included, idling too where it is not busy.
        """;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli looks at it; the usual --version would be in the way of ours
    private boolean help;

    @Mixin
    private StormOptions loads;

    @Mixin
    private GquicClientOptions gquic;

    @Option(names = "--proof", paramLabel = "ECDSA|RSA", defaultValue = "ECDSA",
        description = "own server: what its certificate's key is of (default: ${DEFAULT-VALUE})")
    private Proof proof;

    /** What keys of certificates are of. */
    private enum Proof
    {
        ECDSA, RSA
    }

    @Override
    public Integer call()
    {
        return loads.run(spec, loads.mistake(MOST_UNDER_WAY), new StormPage("Storm of gQUIC handshakes over the" +
            " kernel's UDP" + (gquic.resumes() ? ", one CHLO" : ", three CHLOs"), "CHLO to SHLO", NOTE), this::storm);
    }

    private void storm(final Progress progress) throws IOException
    {
        if (loads.server() != null)
        {
            try (Server seen = loads.seen())
            {
                storm(loads.server(), loads.authorities(), PeerName.ANY, seen, progress);
            }
            return;
        }
        try (TemporaryFolder folder = new TemporaryFolder("trishake-storm"))
        {
            final Path pki = folder.path();
            new GquicTestPki("Storm", List.of(HOST), Instant.now().minusSeconds(60), Duration.ofDays(1),
                new SecureRandom()).write(pki);
            final Endpoint at = new Endpoint(Subnet.literal("127.0.0.1"), PORT);
            try (OwnServer own = new OwnServer(pki.resolve("counters"), options(pki, at)); Server seen = own.look())
            {
                storm(at, pki.resolve("gquic_ca.crt"), PeerName.of(HOST), seen, progress);
            }
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("keys and certificates can't be made", ex);
        }
    }

    private List<String> options(final Path pki, final Endpoint at)
    {
        final String files = "gquic_" + proof.name().toLowerCase(Locale.ROOT);
        final List<String> options = new ArrayList<>(List.of("--gquic", at.toString(),
            "--cert", pki.resolve(files + "_chain.crt").toString(), "--key", pki.resolve(files + ".key").toString()));
        options.addAll(loads.serverOptions());
        if (gquic.isScalar())
        {
            options.add("--scalar");
        }
        return options;
    }

    private void storm(
        final Endpoint to, final Path authorities, final PeerName name, final Server seen, final Progress progress)
        throws IOException
    {
        final FourTuple tuple = new FourTuple().local(0, 0, 0)
            .remote(Endpoint.high(to.address()), Endpoint.low(to.address()), to.port());
        final GquicTrust trust = GquicTrust.load(authorities);
        final Storm storm =
            new Storm(Protocol.GQUIC, tuple, loads.threads(), MOST_UNDER_WAY, GquicReport::reason, progress);
        try (GquicProtocol protocol = GquicProtocol.client(
            gquic.kernels(true), () -> gquic.config(MOST_UNDER_WAY), trust, HOST, name))
        {
            protocol.clientSettings(settings -> gquic.settings(settings, gquic.resumes()));
            final Engine engine = Engine.launch(new EngineConfig().agents(loads.threads()).drainTimeoutNs(DRAIN_NS)
                .datagrams(DatagramLinks.kernel(), DatagramLinks.clientSockets(
                    new InetSocketAddress(to.address(), to.port()), MOST_UNDER_WAY), protocol)
                .errorHandler(ex -> spec.commandLine().getErr().println(ex.getMessage())), storm::handler);
            try (engine)
            {
                loads.runLoads(storm, seen, progress);
            }
        }
    }
}
