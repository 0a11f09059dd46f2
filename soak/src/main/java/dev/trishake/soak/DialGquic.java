// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.gquic.GquicConfig;
import dev.trishake.identity.GquicTrust;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.PeerName;
import dev.trishake.runtime.DatagramLinks;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.transport.ListenException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A gQUIC client: an engine over the kernel's UDP, a socket for each connection at once. */
@Command(
    name = "gquic",
    sortOptions = false,
    description = {
        "Shakes hands by gQUIC, again and again, and closes each connection, once a text has come back where one is" +
        " sent.",
        "Prints version, AEAD, key exchange and how many CHLOs it took, 'ok=N fail=N', handshakes a second, the time" +
        " from the first CHLO to SHLO, and why handshakes failed."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:all succeeded",
        "1:some did not",
        "2:wrong arguments, a wrong file, or no way to the server"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar dial gquic 127.0.0.1:4433 --ca pki/gquic_ca.crt --sni localhost -n 1 --echo hello",
        "  java -jar soak.jar dial gquic 127.0.0.1:4433 --insecure --version Q043 -n 10000 --concurrency 64",
        "  java -jar soak.jar dial gquic 127.0.0.1:4433 --ca pki/gquic_ca.crt -n 1000 --zero-rtt --echo hello",
        "  java -jar soak.jar dial gquic 127.0.0.1:4433 --insecure -n 1 --keylog keys.txt    # decode --gquic-keys"})
final class DialGquic implements Callable<Integer>
{
    private static final int NOT_ALL = 1;
    private static final int SPARE_SOCKETS = 16; // of connections that end
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LAST_CLOSES_NS = TimeUnit.SECONDS.toNanos(1);

    @Spec
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli looks at it; the usual --version would be in the way of ours
    private boolean help;

    @Parameters(
        paramLabel = "HOST:PORT", converter = Endpoint.Converter.class, description = "the server")
    private Endpoint server;

    @Mixin
    private TransportOptions transport;

    @Mixin
    private DialOptions dial;

    @Option(names = "--ca", paramLabel = "FILE", description = "authorities of the server, or its own certificate")
    private Path ca;

    @Option(names = "--insecure", description = "trust whoever answers")
    private boolean insecure;

    @Option(names = "--sni", paramLabel = "NAME",
        description = "the server's name, which it is told and must prove (default: localhost is told, any is good)")
    private String name;

    @Mixin
    private GquicClientOptions gquic;

    @Mixin
    private KeyLogOptions keyLogs;

    @Option(names = "--zero-rtt", description = "--resume, and send the text with the first CHLO")
    private boolean zeroRtt;

    @Option(names = "--trace", description = "say each packet and message, in the lines of quic-go's log")
    private boolean trace;

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
            final int exitCode = dial(stop, spec.commandLine().getOut());
            stop.exitCode(exitCode);
            return exitCode;
        }
        catch (final ListenException | IdentityException | IllegalStateException | IllegalArgumentException ex)
        {
            err.println(ex.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        catch (final IOException ex)
        {
            err.println("the key log can't be written: " + Soak.sentence(ex));
            return CommandLine.ExitCode.USAGE;
        }
    }

    private String mistake()
    {
        if (transport.mistake() != null || !transport.isKernels() || transport.threads() != 1)
        {
            return transport.mistake() != null ? transport.mistake() : transport.threads() != 1 ?
                "a dialer has one thread" : "gQUIC needs the kernel's UDP: leave --tun, --packet and --transport out";
        }
        if ((ca == null) == !insecure)
        {
            return "give --ca, or --insecure to trust whoever answers";
        }
        if (zeroRtt && !dial.wantsEcho())
        {
            return "--zero-rtt needs --echo: what to send";
        }
        return dial.mistake();
    }

    private int dial(final StopSignal stop, final PrintWriter out) throws IOException
    {
        final GquicTrust trust = insecure ? GquicTrust.insecure() : GquicTrust.load(ca);
        final InetSocketAddress to = new InetSocketAddress(server.address(), server.port());
        final GquicReport report = new GquicReport();
        try (KeyLogFile keyLog = keyLogs.open(spec.commandLine().getErr());
            GquicProtocol protocol = GquicProtocol.client(gquic.kernels(!dial.areFew()), () -> config(keyLog, out),
            trust, name == null ? "localhost" : name, name == null ? PeerName.ANY : PeerName.of(name)))
        {
            protocol.verdicts(report::add)
                .clientSettings(settings -> gquic.settings(settings, gquic.resumes() || zeroRtt));
            final EngineConfig config = transport.engine().drainTimeoutNs(LAST_CLOSES_NS)
                .errorHandler(ex -> spec.commandLine().getErr().println(ex.getMessage()))
                .datagrams(transport.datagrams(), DatagramLinks.clientSockets(to, dial.concurrency() + SPARE_SOCKETS),
                protocol);
            final Dialer dialer = Dialer.gquic(
                server, dial.count(), dial.concurrency(), dial.echo(), zeroRtt);
            try (Engine engine = Engine.launch(config, dialer))
            {
                while (!dialer.isDone() && !stop.requested() && engine.agents() > 0)
                {
                    LockSupport.parkNanos(POLL_NS);
                }
            }
            final long good = dial.wantsEcho() ? dialer.echoed() : dialer.ok();
            report.print(out, dialer, good, dial.count() - good);
            return good == dial.count() ? CommandLine.ExitCode.OK : NOT_ALL;
        }
    }

    private GquicConfig config(final KeyLogFile keyLog, final PrintWriter out)
    {
        final int sessions = dial.concurrency() + SPARE_SOCKETS;
        return gquic.config(sessions).handshakeTimeoutNs(dial.timeoutNs()).zeroRtt(zeroRtt)
            .tap(trace ? new GquicTrace(out, false) : null).keyLog(keyLog);
    }
}
