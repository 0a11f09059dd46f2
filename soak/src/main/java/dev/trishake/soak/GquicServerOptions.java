// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.identity.GquicIdentity;
import dev.trishake.identity.IdentityException;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.wire.gquic.GquicVersion;
import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What a server of gQUIC has: where it listens, what it shows, which versions it speaks. */
final class GquicServerOptions
{
    /** Of each agent at once. */
    private static final int SESSIONS = 4096;
    private static final int HANDSHAKES = 1024;
    private static final int STREAMS = 2048;

    @Option(
        names = "--gquic",
        paramLabel = "[HOST:]PORT",
        converter = ListenAt.Converter.class,
        description = "where to listen for gQUIC, over the kernel's UDP; again for more")
    private List<ListenAt> listens = new ArrayList<>();

    @Option(names = "--cert", paramLabel = "FILE",
        description = "gQUIC: our certificate, P-256 or RSA, and the authorities behind it, PEM or DER")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "gQUIC: its key: PKCS #8, SEC 1, PKCS #1 or PKCS #12")
    private Path key;

    @Option(
        names = "--versions",
        split = ",",
        paramLabel = "VERSION",
        defaultValue = "Q044,Q043,Q039",
        converter = VersionConverter.class,
        description = "gQUIC: what we speak, the best first (default: ${DEFAULT-VALUE})")
    private List<Integer> versions;

    @Option(names = "--trace", description = "gQUIC: say each packet and message, in the lines of quic-go's log")
    private boolean trace;

    /** The labels of versions. */
    static final class VersionConverter implements CommandLine.ITypeConverter<Integer>
    {
        @Override
        public Integer convert(final String text)
        {
            return switch (text.toUpperCase(Locale.ROOT))
            {
                case "Q044", "44" -> GquicVersion.Q044;
                case "Q043", "43" -> GquicVersion.Q043;
                case "Q039", "39" -> GquicVersion.Q039;
                default -> throw new CommandLine.TypeConversionException(
                    "'" + text + "' is none of Q044, Q043, Q039");
            };
        }
    }

    List<ListenAt> listens()
    {
        return listens;
    }

    /** {@return what is wrong with the options, or null} */
    String mistake(final boolean isKernels)
    {
        if (listens.isEmpty())
        {
            return certificate != null || key != null || trace ? "--cert, --key and --trace are for --gquic" : null;
        }
        if (certificate == null || key == null)
        {
            return "--gquic needs --cert and --key; 'pki' makes some for tests";
        }
        if (versions.stream().distinct().count() < versions.size())
        {
            return "--versions takes each version once";
        }
        return isKernels ? null : "--gquic needs the kernel's UDP: leave --tun, --packet and --transport out";
    }

    /** {@return gQUIC as it was asked for, or null where nobody listens for it} */
    GquicProtocol protocol(final Supplier<Kernels> kernels, final KeyLogFile keyLog, final PrintWriter out)
        throws IdentityException
    {
        if (listens.isEmpty())
        {
            return null;
        }
        // what a user may have mistaken comes before what takes seconds
        final GquicIdentity identity = GquicIdentity.load(certificate, key, null, Instant.now());
        return GquicProtocol.server(kernels.get(), () -> config(keyLog, out), identity);
    }

    private GquicConfig config(final KeyLogFile keyLog, final PrintWriter out)
    {
        return new GquicConfig().sessions(SESSIONS).handshakes(HANDSHAKES).streams(STREAMS, 16)
            .versions(versions.stream().mapToInt(Integer::intValue).toArray())
            .tap(trace ? new GquicTrace(out, true) : null).keyLog(keyLog);
    }
}
