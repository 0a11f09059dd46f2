// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.identity.GquicTestPki;
import dev.trishake.identity.TestPki;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/** Makes the certificates and keys that TLCP and gQUIC need, for tests. */
@Command(
    name = "pki",
    mixinStandardHelpOptions = true,
    versionProvider = Soak.Version.class,
    description = {
        "Makes a throw-away PKI for TLCP: a root and a sub-authority, and for a server and a client a signing and an " +
            "encryption pair each, with SM2 keys and SM2-with-SM3 signatures. And one for gQUIC: an authority and " +
            "two pairs for a server, on P-256 and of RSA-2048.",
        "The keys have no password, so nothing but tests may rest on them."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:all files were written",
        "2:wrong arguments, or a folder that can't be written to"},
    footerHeading = "%nFiles:%n",
    footer = {
        "  ca, subca                     .crt (PEM)  .key (PEM, PKCS #8)  .p8.der",
        "  server_sign, server_enc,      the same, and .p12 with the chain",
        "  client_sign, client_enc",
        "  server_double, client_double  .crt: both leaves and the sub-authority",
        "  server_sign_chain, client_... .crt: signing leaf and sub-authority",
        "  chain                         .crt: sub-authority and root",
        "  gquic_ca                      of gQUIC: .crt (PEM)  .key (PEM, PKCS #8)  .p8.der",
        "  gquic_ecdsa, gquic_rsa        the same",
        "  gquic_ecdsa_chain, ...        .crt: leaf and authority",
        "",
        "Examples:",
        "  java -jar soak.jar pki /tmp/pki",
        "  java -jar soak.jar pki --host gateway.test --host 192.0.2.1 --client alice --days 30 /tmp/pki",
        "  java -jar soak.jar pki --from 2020-01-01T00:00:00Z --days 1 /tmp/expired"})
final class Pki implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "where the files go; files of the same names are replaced")
    private Path folder;

    @Option(
        names = "--host",
        paramLabel = "NAME",
        defaultValue = "localhost,tlcp.test,127.0.0.1",
        split = ",",
        description = "names and addresses of the server, the first is its common name (default: ${DEFAULT-VALUE})")
    private List<String> hosts;

    @Option(
        names = "--client",
        paramLabel = "NAME",
        defaultValue = "TLCP Client",
        description = "the client's common name (default: ${DEFAULT-VALUE})")
    private String client;

    @Option(
        names = "--organization",
        paramLabel = "NAME",
        defaultValue = "TLCP Test",
        description = "in all subjects (default: ${DEFAULT-VALUE})")
    private String organization;

    @Option(
        names = "--from",
        paramLabel = "TIME",
        description = "when all begins to be valid, like 2027-01-01T00:00:00Z (default: an hour ago)")
    private Instant from;

    @Option(
        names = "--days",
        defaultValue = "3650",
        description = "how long all is valid, 1 to 3653, because GmSSL takes no more (default: ${DEFAULT-VALUE})")
    private int days;

    @Option(
        names = "--password",
        defaultValue = "123456",
        description = "of the .p12 files (default: ${DEFAULT-VALUE})")
    private String password;

    @Override
    public Integer call()
    {
        final TestPki pki;
        final GquicTestPki gquicPki;
        try
        {
            final Instant begin = from == null ? Instant.now().minus(Duration.ofHours(1)) : from;
            pki = new TestPki(
                new TestPki.Contents(organization, hosts, client, begin, Duration.ofDays(days), password),
                new SecureRandom());
            gquicPki = new GquicTestPki(organization, hosts, begin, Duration.ofDays(days), new SecureRandom());
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CommandLine.ParameterException(spec.commandLine(), ex.getMessage(), ex);
        }
        try
        {
            pki.write(folder).forEach(spec.commandLine().getOut()::println);
            gquicPki.write(folder).forEach(spec.commandLine().getOut()::println);
            return CommandLine.ExitCode.OK;
        }
        catch (final IOException ex)
        {
            spec.commandLine().getErr().println("the files can't be written: " + Soak.sentence(ex));
            return CommandLine.ExitCode.USAGE;
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("keys and certificates can't be made", ex);
        }
    }
}
