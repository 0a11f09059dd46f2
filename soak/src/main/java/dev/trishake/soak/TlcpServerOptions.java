// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.identity.IdentityException;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.tlcp.ClientAuthentication;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a server of TLCP has beside what both sides have: where it listens, whom it asks, and whom it passes on to. */
final class TlcpServerOptions
{
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
        return clientAuthentication != ClientAuthentication.NONE && clientCa == null ?
            "--client-auth needs --client-ca: whose certificates are good" : null;
    }

    /** {@return TLCP as it was asked for, or null where nobody listens for it} */
    TlcpProtocol protocol() throws IdentityException
    {
        return listens.isEmpty() ? null : TlcpProtocol.server(TlcpOptions.kernels(true),
            () -> tlcp.config(SESSIONS, 0).clientAuthentication(clientAuthentication), tlcp.identity(),
            TlcpOptions.trust(clientCa));
    }
}
