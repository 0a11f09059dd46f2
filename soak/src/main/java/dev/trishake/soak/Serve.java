// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.identity.IdentityException;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.soak.forward.Forwarder;
import dev.trishake.tcp.SynCookieMode;
import dev.trishake.tcp.TcpCounter;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.ListenException;
import org.agrona.DirectBuffer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server of TCP, TLCP and gQUIC: an engine over the kernel's sockets, or with our own TCP on packets. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    sortOptions = false,
    description = {
        "Serves TCP, TLCP over it, and gQUIC over UDP: over the kernel's sockets, or TCP with Trishake's own core" +
        " behind a TUN device, which it makes, or on a network interface. Clients use the kernel's TCP.",
        "Prints a line 'ready tcp ADDRESS:PORT' (or 'ready tlcp ...') once a client may connect, then what it does" +
        " every few seconds. On Ctrl-C or SIGTERM it lets its connections end, prints its counters, under Linux's" +
        " names, and ends.",
        "--tun needs CAP_NET_ADMIN, --packet CAP_NET_RAW. To leave this machine's network alone, put 'unshare -n'" +
        " before both programs' shell."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:it has served until it was asked to end",
        "1:the device was deleted meanwhile",
        "2:wrong arguments, no privilege, or the port is taken"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  java -jar soak.jar serve --tcp 7777 --echo --threads 2",
        "  java -jar soak.jar serve --tlcp 4433 --echo --sign-cert pki/server_sign.crt --sign-key pki/server_sign.key" +
        " --enc-cert pki/server_enc.crt --enc-key pki/server_enc.key --chain pki/subca.crt",
        "  java -jar soak.jar serve --tlcp 0.0.0.0:443 --forward 127.0.0.1:8080 --sign-cert pki/server_sign.crt" +
        " --sign-key pki/server_sign.key --enc-cert pki/server_enc.crt --enc-key pki/server_enc.key" +
        " --chain pki/subca.crt",
        "  java -jar soak.jar serve --gquic 4433 --echo --cert pki/gquic_ecdsa_chain.crt --key pki/gquic_ecdsa.key",
        "  java -jar soak.jar serve --tun tun0 --address 10.9.0.1/24 --engine-address 10.9.0.2 --tcp 80 --echo",
        "  nc 10.9.0.2 80                                            # in another terminal",
        "  java -jar soak.jar serve --tun tun0 --address fd09::1/64 --engine-address fd09::2 --tcp 80" +
        " --syn-cookies always"})
final class Serve implements Callable<Integer>
{
    private static final int DEVICE_GONE = 1;
    private static final int CONNECTIONS = 1 << 16;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @Spec
    private CommandSpec spec;

    @Mixin
    private TransportOptions transport;

    @Option(
        names = "--tcp",
        paramLabel = "[HOST:]PORT",
        converter = ListenAt.Converter.class,
        description = "where to listen; again for more")
    private List<ListenAt> listens = new ArrayList<>();

    @Mixin
    private TlcpServerOptions tlcp;

    @Mixin
    private GquicServerOptions gquic;

    @Mixin
    private KeyLogOptions keyLogs;

    @Option(
        names = "--host",
        defaultValue = "0.0.0.0",
        paramLabel = "ADDRESS",
        converter = Subnet.AddressConverter.class,
        description = "with the kernel's TCP: the address to listen at, :: for IPv4 and IPv6" +
            " (default: ${DEFAULT-VALUE})")
    private InetAddress host;

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
        names = "--handshakes-per-prefix",
        defaultValue = "0",
        paramLabel = "N",
        description = "TLCP, gQUIC: at most so many handshakes at once of one source, an IPv4 /24 or IPv6 /56; 0: any" +
            " number (default: ${DEFAULT-VALUE})")
    private int handshakesPerPrefix;

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

    private volatile boolean isDeviceGone;

    @Override
    public Integer call()
    {
        final String mistake = mistake();
        final PrintWriter err = spec.commandLine().getErr();
        if (mistake != null)
        {
            err.println(mistake);
            return CommandLine.ExitCode.USAGE;
        }
        try (StopSignal stop = new StopSignal())
        {
            final int exitCode = serve(stop, spec.commandLine().getOut());
            stop.exitCode(exitCode);
            return exitCode;
        }
        catch (final DeviceException | ListenException | IdentityException | IllegalStateException |
            IllegalArgumentException ex)
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
        if (transport.mistake() != null)
        {
            return transport.mistake();
        }
        if (listens.isEmpty() && tlcp.listens().isEmpty() && gquic.listens().isEmpty())
        {
            return "Missing required option: '--tcp=[HOST:]PORT', '--tlcp=[HOST:]PORT' or '--gquic=[HOST:]PORT'";
        }
        if (tlcp.mistake() != null || gquic.mistake(transport.isKernels()) != null)
        {
            return tlcp.mistake() != null ? tlcp.mistake() : gquic.mistake(transport.isKernels());
        }
        if (tlcp.backEnd() != null && echo)
        {
            return "--forward and --echo: a proxy's echo comes from its back end";
        }
        final List<Listening> all = listening();
        if (all.stream().distinct().count() < all.size() ||
            all.stream().filter(one -> one.protocol() != Protocol.GQUIC).map(Listening::at).distinct().count() <
            all.stream().filter(one -> one.protocol() != Protocol.GQUIC).count())
        {
            return "--tcp and --tlcp take each port once, and so does --gquic";
        }
        if (backlog < 1 || backlog > CONNECTIONS)
        {
            return "--backlog must be 1 to " + CONNECTIONS;
        }
        return statusSeconds < 1 || seconds < 0 ? "--status takes seconds from 1 on, --seconds from 0 on" : null;
    }

    /** Where to listen for what. */
    private record Listening(InetSocketAddress at, Protocol protocol)
    {
    }

    private List<Listening> listening()
    {
        final List<Listening> all = new ArrayList<>();
        listens.forEach(listen -> add(all, listen, Protocol.TCP));
        tlcp.listens().forEach(listen -> add(all, listen, Protocol.TLCP));
        gquic.listens().forEach(listen -> add(all, listen, Protocol.GQUIC));
        return all;
    }

    private void add(final List<Listening> all, final ListenAt listen, final Protocol protocol)
    {
        final List<InetAddress> hosts = listen.address() != null ? List.of(listen.address()) :
            transport.isKernels() ? List.of(host) : transport.engineAddresses();
        hosts.forEach(address -> all.add(new Listening(new InetSocketAddress(address, listen.port()), protocol)));
    }

    private EngineConfig config()
    {
        final List<Listening> all = listening();
        final EngineConfig config = transport.engine(CONNECTIONS, tcp -> tcp.synCookies(synCookies)
            .halfOpen(Math.max(2048, all.size() * (backlog + 1))).somaxconn(Math.max(4096, backlog)));
        all.stream().filter(listening -> listening.protocol() != Protocol.GQUIC).forEach(
            listening -> config.listen(listening.at(), listening.protocol(), backlog));
        if (tlcp.backEnd() != null && !transport.isKernels())
        {
            config.link(Links.kernel(CONNECTIONS)); // back ends are the kernel's business
        }
        return config.handshakesPerPrefix(handshakesPerPrefix).errorHandler(this::onError);
    }

    /** {@return what is done with sessions, for one agent} */
    private SessionHandler handler(final int agent)
    {
        return tlcp.backEnd() == null ? new Stream() : new Forwarder(transport.isKernels() ? 0 : 1,
            tlcp.backEnd().address(), tlcp.backEnd().port(), Math.min(TlcpServerOptions.SESSIONS, CONNECTIONS / 2));
    }

    private void onError(final Throwable ex)
    {
        isDeviceGone |= ex instanceof DeviceException;
        spec.commandLine().getErr().println(ex);
    }

    private int serve(final StopSignal stop, final PrintWriter out) throws IdentityException, IOException
    {
        final EngineConfig config = config();
        try (KeyLogFile keyLog = keyLogs.open(spec.commandLine().getErr());
            TlcpProtocol protocol = tlcp.protocol(keyLog);
            GquicProtocol overUdp = gquic.protocol(tlcp::gquicKernels, keyLog, out))
        {
            if (protocol != null)
            {
                config.protocol(Protocol.TLCP, protocol);
            }
            if (overUdp != null)
            {
                config.datagrams(transport.datagrams(), listening().stream()
                    .filter(one -> one.protocol() == Protocol.GQUIC).map(Listening::at).toList(), overUdp);
            }
            final Engine engine = Engine.launch(config, this::handler);
            try (engine)
            {
                final List<Listening> all = listening();
                for (int i = 0; i < engine.listeners(); i++)
                {
                    final InetSocketAddress at = engine.localAddress(i);
                    out.println("ready " + all.get(i).protocol().name().toLowerCase(Locale.ROOT) + " " +
                        new Endpoint(at.getAddress(), at.getPort()));
                }
                out.flush();
                watch(engine, stop, out);
            }
            Tables.counters(out, engine.counters());
            out.flush();
        }
        if (isDeviceGone)
        {
            spec.commandLine().getErr().println("somebody has deleted " + transport.device());
            return DEVICE_GONE;
        }
        return CommandLine.ExitCode.OK;
    }

    private void watch(final Engine engine, final StopSignal stop, final PrintWriter out)
    {
        final long startNs = System.nanoTime();
        final long statusNs = TimeUnit.SECONDS.toNanos(statusSeconds);
        long nextStatusNs = startNs + statusNs;
        long acceptedBefore = 0;
        while (!stop.requested() && !isDeviceGone &&
            (seconds == 0 || System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(seconds)))
        {
            LockSupport.parkNanos(POLL_NS);
            if (System.nanoTime() - nextStatusNs >= 0)
            {
                nextStatusNs += statusNs;
                final Map<String, Long> counters = engine.counters();
                final long accepted = counters.get("SessionsAccepted");
                out.println(status(counters, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs),
                    (accepted - acceptedBefore) / statusSeconds));
                out.flush();
                acceptedBefore = accepted;
            }
        }
    }

    private static String status(
        final Map<String, Long> counters, final long seconds, final long acceptedPerSecond)
    {
        return String.format(Locale.ROOT,
            "%,d s: accepted %,d (%,d/s), received %,d bytes, open %,d, half-open %,d, TIME-WAIT %,d, cookies sent %,d",
            seconds, counters.get("SessionsAccepted"), acceptedPerSecond, counters.get("BytesIn"),
            counters.get("SessionsActive"), counters.getOrDefault("TCPHalfOpen", 0L),
            counters.getOrDefault("TCPTimeWait", 0L),
            counters.getOrDefault(TcpCounter.SYNCOOKIES_SENT.label(), 0L));
    }

    /** Echoes what comes or throws it away; ends when the peer does. */
    private final class Stream implements SessionHandler
    {
        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            return echo ? session.send(buffer, offset, length) : length;
        }
    }
}
