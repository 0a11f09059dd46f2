// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.identity.IdentityException;
import dev.trishake.identity.PeerName;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.transport.DeviceException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A TLCP client: an engine over the kernel's sockets, or with our own TCP on packets. */
@Command(
    name = "tlcp",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    sortOptions = false,
    description = {
        "Shakes hands by TLCP, again and again, and closes each session, once a text has come back where one is sent.",
        "Prints the suite, the peer's subject, 'ok=N fail=N', handshakes a second, the time of each flight and of it" +
        " all, and why handshakes failed."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:all succeeded",
        "1:some did not",
        "2:wrong arguments, a wrong file, or no privilege"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar dial tlcp 127.0.0.1:4433 --ca pki/ca.crt --name localhost -n 1 --echo hello",
        "  java -jar soak.jar dial tlcp 127.0.0.1:4433 --ca pki/ca.crt --suites e051 --sign-cert pki/client_sign.crt" +
        " --sign-key pki/client_sign.key --enc-cert pki/client_enc.crt --enc-key pki/client_enc.key --chain" +
        " pki/subca.crt -n 10000 --concurrency 64",
        "  java -jar soak.jar dial tlcp 127.0.0.1:4433 --ca pki/ca.crt -n 1000 --resume"})
final class DialTlcp implements Callable<Integer>
{
    private static final int NOT_ALL = 1;
    private static final int CONNECTIONS = 4096;
    private static final int RESUMABLE = 64;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LAST_CLOSES_NS = TimeUnit.SECONDS.toNanos(1);

    @Spec
    private CommandSpec spec;

    @Parameters(
        paramLabel = "HOST:PORT", converter = Endpoint.Converter.class, description = "the server")
    private Endpoint server;

    @Mixin
    private TransportOptions transport;

    @Mixin
    private DialOptions dial;

    @Mixin
    private TlcpOptions tlcp;

    @Mixin
    private KeyLogOptions keyLogs;

    @Option(names = "--ca", paramLabel = "FILE",
        description = "authorities of the server (default: whoever answers is trusted, and the report says so)")
    private Path ca;

    @Option(names = "--name", paramLabel = "NAME", description = "the server's name (default: any)")
    private String name;

    @Option(names = "--sni", paramLabel = "NAME", description = "which server to ask for, of those behind one address")
    private String serverName;

    @Option(names = "--resume", description = "resume sessions where the server lets us")
    private boolean resume;

    @Override
    public Integer call()
    {
        final PrintWriter err = spec.commandLine().getErr();
        final String mistake = Stream.of(transport.mistakeOfClient(server), tlcp.mistake(), dial.mistake())
            .filter(Objects::nonNull).findFirst().orElse(null);
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
        catch (final DeviceException | IdentityException | IllegalStateException | IllegalArgumentException ex)
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

    private int dial(final StopSignal stop, final PrintWriter out) throws IdentityException, IOException
    {
        final EngineConfig config = transport.engine(CONNECTIONS, tcp -> tcp);
        config.handshakeTimeoutNs(dial.timeoutNs()).drainTimeoutNs(LAST_CLOSES_NS)
            .errorHandler(ex -> spec.commandLine().getErr().println(ex.getMessage()));
        final TlcpIdentity identity = tlcp.identity(); // what a user may have mistaken comes before what takes seconds
        final TlcpTrust trust = ca == null ? TlcpTrust.insecure(TlcpTrust.Order.ANY) : TlcpOptions.trust(ca);
        try (KeyLogFile keyLog = keyLogs.open(spec.commandLine().getErr());
            TlcpProtocol protocol = TlcpProtocol.client(tlcp.kernels(!dial.areFew()), () -> config(keyLog),
                identity, trust, name == null ? PeerName.ANY : PeerName.of(name)))
        {
            final FlightClock clock = new FlightClock(protocol);
            final TlcpReport report = new TlcpReport(tlcp.protocols(), clock);
            protocol.verdicts(report::add);
            final Dialer dialer =
                Dialer.tlcp(server, dial.count(), dial.concurrency(), dial.echo(), clock);
            final Engine engine = Engine.launch(config.protocol(Protocol.TLCP, clock), dialer);
            try (engine)
            {
                while (!dialer.isDone() && !stop.requested())
                {
                    LockSupport.parkNanos(POLL_NS);
                }
            }
            final long good = dial.wantsEcho() ? dialer.echoed() : dialer.ok();
            report.print(out, dialer, good, dial.count() - good);
            return good == dial.count() ? CommandLine.ExitCode.OK : NOT_ALL;
        }
    }

    private TlcpConfig config(final KeyLogFile keyLog)
    {
        final TlcpConfig config = tlcp.config(Math.max(2 * dial.concurrency(), 64), resume ? RESUMABLE : 0, keyLog);
        return serverName == null ? config : config.serverName(serverName);
    }
}
