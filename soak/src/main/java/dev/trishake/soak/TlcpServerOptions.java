// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.KernelSet;
import dev.trishake.crypto.Kernels;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.tlcp.TlcpConfig;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a server of TLCP has beside what both sides have: where it listens, whom it asks, and whom it passes on to. */
final class TlcpServerOptions
{
    /** How many an identity is made of: without and with a chain. */
    private static final Set<Integer> FILES = Set.of(4, 5);

    /** Of each agent at once. */
    static final int SESSIONS = 4096;

    @Option(
        names = "--tlcp",
        paramLabel = "[HOST:]PORT",
        converter = ListenAt.Converter.class,
        description = "where to listen for TLCP; again for more")
    private List<ListenAt> listens = new ArrayList<>();

    @Mixin
    private TlcpOptions tlcp;

    @Option(
        names = "--client-ca",
        paramLabel = "FILE",
        description = "TLCP: authorities of clients' certificates; needed for ECDHE suites")
    private Path clientCa;

    @Option(
        names = "--client-auth",
        defaultValue = "none",
        paramLabel = "none|want|need",
        description = "TLCP: whether clients are asked for certificates (default: ${DEFAULT-VALUE})",
        converter = ClientAuthenticationConverter.class)
    private ClientAuthentication clientAuthentication;

    @Option(
        names = "--sni",
        paramLabel = "NAME=FILES",
        description = "what to show to clients that ask for this host name, or one like *.example.com: signing" +
            " certificate, its key, encryption certificate, its key, and the chain, with commas; again for more names")
    private Map<String, String> identities = new LinkedHashMap<>();

    @Option(
        names = "--tickets",
        paramLabel = "SECONDS",
        defaultValue = "0",
        description = "TLCP: give clients tickets to resume with, good for so long; 0: none (default:" +
            " ${DEFAULT-VALUE})")
    private int ticketSeconds;

    @Option(
        names = "--forward",
        paramLabel = "HOST:PORT",
        converter = Endpoint.Converter.class,
        description = "be a proxy: for each session open a plain TCP connection to there, and pass on bytes both ways")
    private Endpoint backEnd;

    /** none, want, need. */
    static final class ClientAuthenticationConverter implements CommandLine.ITypeConverter<ClientAuthentication>
    {
        @Override
        public ClientAuthentication convert(final String text)
        {
            try
            {
                return ClientAuthentication.valueOf(text.toUpperCase(Locale.ROOT));
            }
            catch (final IllegalArgumentException ex)
            {
                throw new CommandLine.TypeConversionException("'" + text + "' is none of none, want, need");
            }
        }
    }

    /** {@return what gQUIC computes with, where it is served beside} */
    Kernels gquicKernels()
    {
        return tlcp.kernels(true, KernelSet.GQUIC);
    }

    List<ListenAt> listens()
    {
        return listens;
    }

    /** {@return where sessions are passed on to, or null} */
    Endpoint backEnd()
    {
        return backEnd;
    }

    /** {@return what is wrong with the options, or null} */
    String mistake()
    {
        if (tlcp.mistake() != null)
        {
            return tlcp.mistake();
        }
        if (!listens.isEmpty() && !tlcp.hasIdentity())
        {
            return "--tlcp needs --sign-cert, --sign-key, --enc-cert and --enc-key; 'pki' makes some for tests";
        }
        if (identities.values().stream().anyMatch(files -> !FILES.contains(files.split(",").length)))
        {
            return "--sni takes NAME=SIGN_CERT,SIGN_KEY,ENC_CERT,ENC_KEY[,CHAIN]";
        }
        if (ticketSeconds < 0)
        {
            return "--tickets takes seconds from 0 on";
        }
        return clientAuthentication != ClientAuthentication.NONE && clientCa == null ?
            "--client-auth needs --client-ca: whose certificates are good" : null;
    }

    /** {@return TLCP as it was asked for, or null where nobody listens for it; the key log may be null} */
    TlcpProtocol protocol(final KeyLogFile keyLog) throws IdentityException
    {
        if (listens.isEmpty())
        {
            return null;
        }
        final TlcpIdentity identity = tlcp.identity(); // what a user may have mistaken comes before what takes seconds
        final TlcpTrust trust = TlcpOptions.trust(clientCa);
        final TlcpProtocol protocol =
            TlcpProtocol.server(tlcp.kernels(true), () -> config(keyLog), identity, trust);
        for (final Map.Entry<String, String> each : identities.entrySet())
        {
            final List<Path> files = Stream.of(each.getValue().split(",")).map(Path::of).toList();
            protocol.identity(each.getKey(), tlcp.identity(files));
        }
        return protocol;
    }

    private TlcpConfig config(final KeyLogFile keyLog)
    {
        final TlcpConfig config = tlcp.config(SESSIONS, 0, keyLog).clientAuthentication(clientAuthentication);
        return ticketSeconds == 0 ? config : config.tickets(TimeUnit.SECONDS.toNanos(ticketSeconds));
    }
}
