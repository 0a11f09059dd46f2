// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.KernelSet;
import dev.trishake.crypto.Kernels;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.IdentityLoader;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.wire.tlcp.CipherSuite;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What both sides of TLCP have: certificates and keys, whom they trust, suites. */
final class TlcpOptions
{
    private static final Map<String, Integer> SUITES = Map.of(
        "ECC_SM4_GCM_SM3", CipherSuite.ECC_SM4_GCM_SM3, "ECC_SM4_CBC_SM3", CipherSuite.ECC_SM4_CBC_SM3,
        "ECDHE_SM4_GCM_SM3", CipherSuite.ECDHE_SM4_GCM_SM3, "ECDHE_SM4_CBC_SM3", CipherSuite.ECDHE_SM4_CBC_SM3);
    private static final int IDENTITY_FILES = 4;
    private static final long RESUMPTION_NS = 3_600_000_000_000L;

    @Option(names = "--sign-cert", paramLabel = "FILE", description = "our signing certificate, PEM or DER")
    private Path signCert;

    @Option(names = "--sign-key", paramLabel = "FILE", description = "its key: PKCS #8, SEC 1 or PKCS #12")
    private Path signKey;

    @Option(names = "--enc-cert", paramLabel = "FILE", description = "our encryption certificate")
    private Path encCert;

    @Option(names = "--enc-key", paramLabel = "FILE", description = "its key")
    private Path encKey;

    @Option(names = "--chain", paramLabel = "FILE", description = "the certificates between ours and the root")
    private Path chain;

    @Option(names = "--password", paramLabel = "TEXT", description = "of encrypted keys")
    private String password;

    @Option(
        names = {"--suites", "--suite"},
        split = ",",
        paramLabel = "SUITE",
        converter = SuiteConverter.class,
        description = "the best first: ECC_SM4_GCM_SM3, ECC_SM4_CBC_SM3, ECDHE_SM4_GCM_SM3, ECDHE_SM4_CBC_SM3, or" +
            " their numbers, like e053 (default: all, in this order)")
    private List<Integer> suites = new ArrayList<>();

    @Option(names = "--resumption", paramLabel = "N", defaultValue = "0",
        description = "sessions to remember so that they can be resumed, a power of 2 (default: ${DEFAULT-VALUE})")
    private int resumption;

    @Option(names = "--alpn", split = ",", paramLabel = "NAME",
        description = "application protocols, the best first, like h2,http/1.1 (default: none)")
    private List<String> protocols = new ArrayList<>();

    @Option(names = "--raw-certificate-verify",
        description = "sign CertificateVerify over the messages themselves, as GmSSL does, and take that too")
    private boolean rawCertificateVerify;

    @Mixin
    private KernelOptions kernelOptions;

    /** The standard's names, or numbers. */
    static final class SuiteConverter implements CommandLine.ITypeConverter<Integer>
    {
        @Override
        public Integer convert(final String text)
        {
            final Integer named = SUITES.get(text.toUpperCase(Locale.ROOT));
            if (named != null)
            {
                return named;
            }
            try
            {
                final int suite = Integer.parseInt(text.toLowerCase(Locale.ROOT).replaceFirst("^0x", ""), 16);
                if (CipherSuite.isImplemented(suite))
                {
                    return suite;
                }
            }
            catch (final NumberFormatException ex)
            {
                // said below
            }
            throw new CommandLine.TypeConversionException("'" + text + "' is none of " + SUITES.keySet());
        }
    }

    /** {@return whether any of our certificates and keys was named} */
    boolean hasIdentity()
    {
        return signCert != null || signKey != null || encCert != null || encKey != null;
    }

    /** {@return what is wrong with the options, or null} */
    String mistake()
    {
        return hasIdentity() && (signCert == null || signKey == null || encCert == null || encKey == null) ?
            "TLCP has two certificates and two keys: give --sign-cert, --sign-key, --enc-cert and --enc-key" : null;
    }

    /** {@return what we show, or null} */
    TlcpIdentity identity() throws IdentityException
    {
        if (!hasIdentity())
        {
            return null;
        }
        final List<Path> files = new ArrayList<>(List.of(signCert, signKey, encCert, encKey));
        if (chain != null)
        {
            files.add(chain);
        }
        return identity(files);
    }

    /** {@return what is in four files, or five with a chain; keys may have the password} */
    TlcpIdentity identity(final List<Path> files) throws IdentityException
    {
        final IdentityLoader loader =
            new IdentityLoader().signing(files.get(0), files.get(1)).encryption(files.get(2), files.get(3));
        if (files.size() > IDENTITY_FILES)
        {
            loader.chain(files.get(IDENTITY_FILES));
        }
        if (password != null)
        {
            loader.password(password.toCharArray());
        }
        return loader.load(Instant.now());
    }

    boolean isScalar()
    {
        return kernelOptions.isScalar();
    }

    List<Integer> suites()
    {
        return suites;
    }

    List<String> protocols()
    {
        return protocols;
    }

    /** {@return a configuration for one agent, which remembers at least so many sessions; the key log may be null} */
    TlcpConfig config(final int sessions, final int leastResumable, final KeyLogFile keyLogFile)
    {
        final TlcpConfig config = new TlcpConfig().sessions(sessions).handshakes(sessions)
            .resumption(Math.max(resumption, leastResumable), RESUMPTION_NS)
            .rawCertificateVerify(rawCertificateVerify);
        if (!suites.isEmpty())
        {
            config.suites(suites.stream().mapToInt(Integer::intValue).toArray());
        }
        if (!protocols.isEmpty())
        {
            config.protocols(protocols.toArray(String[]::new));
        }
        return config.keyLog(keyLogFile);
    }

    /** {@return who trusts these authorities, or null where there are none} */
    static TlcpTrust trust(final Path authorities) throws IdentityException
    {
        return authorities == null ? null : TlcpTrust.load(TlcpTrust.Order.ANY, authorities);
    }

    Kernels kernels(final boolean many)
    {
        return kernels(many, KernelSet.TLCP);
    }

    /** {@return the same for another protocol that is served beside it} */
    Kernels kernels(final boolean many, final KernelSet needed)
    {
        return kernelOptions.kernels(many, needed);
    }
}
