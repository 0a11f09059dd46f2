// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a server of gQUIC needs for tests: an authority, and two leaves for the same names, on P-256 and of RSA-2048.
 *
 * <pre>
 * gquic_ca                    .crt (PEM)  .key (PEM, PKCS #8)  .p8.der
 * gquic_ecdsa, gquic_rsa      the same
 * gquic_ecdsa_chain.crt, ...  leaf and authority
 * </pre>
 */
public final class GquicTestPki
{
    private static final TestKeys[] KINDS = {TestKeys.P256, TestKeys.RSA_2048};
    private static final String[] NAMES = {"gquic_ecdsa", "gquic_rsa"};

    private final String organization;
    private final List<String> hosts;
    private final Instant from;
    private final Duration lifetime;
    private final SecureRandom random;

    /**
     * Prepares one.
     *
     * @param organization in all subjects
     * @param hosts        names and addresses of the server, the first of which is its common name; one or more
     * @param from         when all begins to be valid
     * @param lifetime     how long
     * @param random       where keys and serial numbers come from
     */
    public GquicTestPki(
        final String organization,
        final List<String> hosts,
        final Instant from,
        final Duration lifetime,
        final SecureRandom random)
    {
        this.organization = organization;
        this.hosts = List.copyOf(hosts);
        this.from = from;
        this.lifetime = lifetime;
        this.random = random;
        hosts.forEach(PeerName::of);
    }

    /**
     * Makes all keys and certificates and writes the files; those of the same names are replaced.
     *
     * @param folder where to; is made when it is not there
     * @return the files, in the order in which they were written
     * @throws IOException              when a file can't be written
     * @throws GeneralSecurityException when Bouncy Castle can't make a key or certificate
     */
    public List<Path> write(final Path folder) throws IOException, GeneralSecurityException
    {
        final PkiFiles files = new PkiFiles(folder);
        final TestAuthority authority = TestAuthority.root(TestKeys.P256, new TestAuthority.Contents(
            subject(organization + " gQUIC CA"), null, KeyUsage.keyCertSign | KeyUsage.cRLSign, null, 0, from,
            lifetime), random);
        files.writePair("gquic_ca", authority.certificate(), authority.keys());
        for (int i = 0; i < KINDS.length; i++)
        {
            final KeyPair keys = KINDS[i].generate(random);
            final X509CertificateHolder leaf = authority.issue(new TestAuthority.Contents(
                subject(hosts.getFirst()), PeerName.alternatives(hosts), KeyUsage.digitalSignature,
                KeyPurposeId.id_kp_serverAuth, -1, from, lifetime), keys);
            files.writePair(NAMES[i], leaf, keys);
            files.writeCertificates(NAMES[i] + "_chain.crt", leaf, authority.certificate());
        }
        return files.written();
    }

    private X500Name subject(final String commonName)
    {
        return new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, organization)
            .addRDN(BCStyle.CN, commonName)
            .build();
    }
}
